"""What minutes say: Markdown in; decisions, actions and unfinished items out, and onto the record.

reading  the headings and lists of a page of minutes
tables   the rows of a table of actions
dates    by when, and why a date is none
items    one line of it: what, who, by when
parking  items left unfinished, until somebody closes them
filing   the actions of minutes × those on record → what changes
"""
