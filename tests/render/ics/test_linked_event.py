"""A review's event with a reader's own link is the event that is made of the meeting with that link."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.render.ics.event import review_event
from scheduler.render.ics.model import Meeting
from scheduler.render.ics.serializer import to_ical
from tests.render.calendars import a_meeting, an_entry

LINK = "https://alliances.example/agenda/acme-globex/pipeline/2027-W02/dev.c2VhbA/" + "s" * 43


def both_ways(meeting: Meeting, alarm: bool, link: str | None) -> tuple[bytes, bytes]:
    return an_entry(meeting).event(alarm, link).render().ics, to_ical(
        review_event(replace(meeting, link=link), alarm=alarm)
    )


@given(st.text(), st.booleans(), st.sampled_from((None, LINK)))
def test_the_link_is_added_to_an_event_as_if_it_had_been_made_with_it(gist: str, alarm: bool, link: str | None) -> None:
    shared, own = both_ways(a_meeting(gist=gist, place="Halden; room 4"), alarm, link)
    assert shared == own


@pytest.mark.parametrize("gist", ["", "Agenda: none yet\nDESCRIPTION:no line of ours\nURL:nor this", "word " * 2000])
def test_the_link_is_never_cut_off_and_takes_no_words_for_a_line_of_its_own(gist: str) -> None:
    shared, own = both_ways(a_meeting(gist=gist), True, LINK)
    assert shared == own
    assert shared.replace(b"\r\n ", b"").count(LINK.encode()) == 2


def test_who_reads_after_somebody_else_gets_nothing_of_their_link() -> None:
    entry = an_entry(a_meeting())
    plain, theirs = entry.event(False).render().ics, entry.event(False, LINK).render().ics
    assert LINK.encode() in theirs.replace(b"\r\n ", b"")
    assert entry.event(False).render().ics == plain
    assert b"URL" not in plain
