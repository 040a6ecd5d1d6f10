"""Calendars to subscribe to are in their reader's language: what is due, milestones, reviews, and their names."""

import re

import pytest
from icalendar import Calendar

from tests.render.calendars import GIST
from tests.render.golden_calendars import CASES
from tests.render.languages.brackets import in_brackets, outside

TEXTS = ("SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC")
DATA = (
    *(re.escape(each).replace(r"\ \ ", " +") for each in GIST.splitlines()),
    r"4 GWh of cells a year( for the Halden line from 2027)?", r"G?Wh|EUR", r"[A-Z][a-z]+/[A-Z][a-z]+",
    r"Acme × Globex battery cells|Tokyo venture", r"Acme Motors SE|Globex Cells Inc|Initech KK",
    r"Inès Falk|Dev Patel|June Okafor|Marta Bauer|Uwe Brandt|Tom Reyes|Ken Mori",
    r"Cells delivered|Landed cost per",
    r"the series is every two weeks now", r"nothing moved since last week",
    r"the line stands still", r"Planned for Wed 20 Jan 2027; moved by hand: Dev is in Halden that week",
    r"Every KPI owner is confirmed|First steering meeting|Midpoint|Evidence is asked for|The pre-read is out",
)  # fmt: skip
"""What the builders' partnerships say of themselves, and the gist of an agenda that tests hand in as it is."""


@pytest.mark.parametrize("name", CASES)
def test_no_word_of_a_calendar_stands_outside_of_the_catalogues(
    name: str, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    with in_brackets(monkeypatch, sentences):
        made = Calendar.from_ical(CASES[name]())
    texts = [str(each[key]) for each in made.walk() for key in TEXTS if key in each]
    assert sorted({word for text in texts for word in outside(text, *DATA)}) == []
