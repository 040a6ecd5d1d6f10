"""What minutes say: a text in; decisions, actions and unfinished items out, and onto the record.

parser        a text → `Minutes`, by way of:
  lines         numbered lines, without code and comments
  blocks        headings, bullets, rows of tables, prose
  headings      which words open which section, in four languages
  sections      what each block stands under
  items         what it says there, and what is not understood
  tables        the rows of a table of actions
action_lines  one line of it: what, who, by when
due_dates     by when, and why a date is none; date_words has the words
filing        the actions of minutes × those on record → what changes
parked        items left unfinished, until somebody closes them
"""
