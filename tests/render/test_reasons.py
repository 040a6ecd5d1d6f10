"""Why a review is not where it was, on the clock of whoever reads it."""

import importlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.manner import Manner
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.event import review_event
from scheduler.render.ics.model import Meeting
from scheduler.render.languages import speaking
from scheduler.render.reasons import moved_words, off_words, remark_words
from scheduler.rules.reviews.transitions import moved
from tests.builders import a_partnership, a_recorded, a_review, at
from tests.render.calendars import GIST
from tests.render.invited import shifted

TORONTO, KOLKATA, BERLIN = "America/Toronto", "Asia/Kolkata", "Europe/Berlin"
NOW = at("2026-11-30 09:00")


def in_kolkata() -> Recorded:
    """Tuesday 8 December, 18:30 in Kolkata: 08:00 in Toronto."""
    start = at("2026-12-08 18:30", KOLKATA)
    review = a_review(zone=KOLKATA, start=start, end=start.replace(hour=19, minute=0))
    return moved(a_recorded(review), at("2026-12-09 18:30", KOLKATA), (), "Dev is ill", NOW)


def test_an_hour_is_told_on_the_readers_clock_and_with_its_zone() -> None:
    assert moved_words(in_kolkata(), TORONTO) == "moved from Tue 8 Dec 2026, 08:00 (America/Toronto): Dev is ill"
    assert moved_words(in_kolkata(), KOLKATA) == "moved from Tue 8 Dec 2026, 18:30 (Asia/Kolkata): Dev is ill"


def test_after_a_second_move_it_is_where_it_was_last_and_a_day_off_is_named_no_more() -> None:
    first = shifted(a_recorded(a_review()), at("2026-12-09 15:00"), "closed (Acme Motors SE)")
    twice = moved(first, at("2026-12-10 15:00"), (), "the train", NOW)
    said = moved_words(twice, BERLIN)
    assert said == "moved from Wed 9 Dec 2026, 15:00 (Europe/Berlin): the train"
    entry = review_event(Meeting(twice, a_partnership(), GIST), alarm=False)
    assert str(entry.properties["DESCRIPTION"].value).lower().count("moved") == 2, "the reason, and 'what moved'"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (BERLIN, "moved from Tue 8 Dec 2026: closed (Acme Motors SE)"),
        (TORONTO, "moved from Tue 8 Dec 2026: closed (Acme Motors SE)"),
        ("Pacific/Auckland", "moved from Wed 9 Dec 2026 (Pacific/Auckland): closed (Acme Motors SE)"),
    ],
)
def test_a_day_off_is_a_date_and_the_readers_own_where_theirs_is_another(zone: str, said: str) -> None:
    """15:00 in Berlin is 03:00 of the next day in Auckland."""
    assert moved_words(shifted(a_recorded(), at("2026-12-09 15:00"), "closed (Acme Motors SE)"), zone) == said


def test_what_stands_where_it_was_planned_needs_no_reason() -> None:
    assert moved_words(a_recorded(), BERLIN) == ""


def test_nobody_is_told_what_the_definition_has() -> None:
    gone = a_recorded(status=Status.CANCELLED, because="the definition no longer has it")
    assert off_words(gone) == "it is no longer planned"
    assert off_words(replace(gone, because="the agreement ran out")) == "the agreement ran out"


@pytest.mark.parametrize("because", ["nothing is owed", "no party may be against it"])
def test_a_persons_reason_is_said_as_they_wrote_it_though_a_program_might_have(because: str) -> None:
    """In German the program says of itself what its English words mean."""
    with speaking(Manner("de")):
        skipped, cancelled = (a_recorded(status=each, because=because) for each in (Status.SKIPPED, Status.CANCELLED))
        assert off_words(skipped) == remark_words(skipped, BERLIN) == because
        assert because not in (off_words(cancelled), "")


def test_a_reason_of_an_earlier_program_stays_readable() -> None:
    """Its sentence is read into a moment at the upgrade; what cannot be read is told as it stands."""
    step = importlib.import_module("scheduler.store.migrations.versions.0017_where_reviews_were_moved_from")
    said = "moved from Tue 8 Dec 2026, 18:30: Dev is ill"
    assert step._start(said, KOLKATA) == datetime(2026, 12, 8, 13, 0, tzinfo=UTC)
    for other in ("", "moved from Fri 1 Jan 2027: New Year's Day (DE)", "moved from Tue 8 Dez 2026, 18:30: x"):
        assert step._start(other, KOLKATA) is None
    old = replace(in_kolkata(), moved_from=None)
    assert moved_words(old, TORONTO) == "moved from Tue 8 Dec 2026, 18:30: Dev is ill"
    assert old.review.nominal_date == date(2026, 12, 8)
