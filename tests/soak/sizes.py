"""How often each thing is done: in the short form, which `.ci/run` runs in a few minutes, and in the whole one of
`make soak`. A test asks for its number: ``often(KILLS)``.
"""

from typing import NamedTuple


class Size(NamedTuple):
    short: int
    whole: int


FUZZED_DEFINITIONS = Size(250, 20_000)
"""Definition files, by mutation and by grammar."""
FUZZED = Size(200, 5_000)
"""The inputs of every other way in: settings, playbooks, minutes, spreadsheets, mails, forms, pages, the API."""
KILLS = Size(12, 200)
"""kill −9 at random moments while letters and events leave."""
WRITING = Size(4, 60)
"""Seconds for which two processes write to one SQLite file at once."""
FULL_DISKS = Size(3, 60)
"""For each thing that is done: how many different amounts of room are tried, between none and what it needs."""
HELD = Size(8, 300)
"""Seconds for which somebody holds the database, and does nothing."""
KILLS_OF_TWO = Size(2, 40)
"""kill −9 of one of two daemons and then of the other, on PostgreSQL."""
BREAKS = Size(1, 10)
"""Each other way in which two daemons or their PostgreSQL are broken."""
LIVES = Size(30, 300)
"""Seeds by which `DAYS_OF_LIVES` days are lived. The short form has none: `.ci/run` lives some by themselves."""
DAYS_OF_LIVES = 40
"""Two years of one seed take some 500 seconds of the processor, forty days eight."""
