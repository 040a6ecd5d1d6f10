"""What minutes say: a text in; decisions, actions and unfinished items out, and onto the record.

parser        a text → `Minutes`, by way of:
  lines         numbered lines, without code and comments
  blocks        headings, bullets, rows of tables, prose
  headings      which section a heading opens; heading_words has the words of four languages
  markdown      the words that a line shows
  sections      what each block stands under
  items         what it says there, and what is not understood
  found         what has been found so far
  tables        the rows of a table of actions
action_lines  one line of it: what, who, by when
due_dates     by when, and why a date is none; date_words has the words
filing        the actions of minutes × those on record → what changes
parked        items left unfinished, until somebody closes them
"""
