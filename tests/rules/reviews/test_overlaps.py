"""Two reviews at one time with somebody expected at both are noted; a series' own collisions are another note."""

from dataclasses import replace
from datetime import date, timedelta

from scheduler.rules.reviews.conflicts import Note, overlaps
from tests.builders import a_review

DAY = date(2026, 12, 8)
PIPELINE = a_review(DAY)  # 15:00 to 15:30 in Berlin, Inès and Dev
MINUTE = timedelta(minutes=1)


def operating(starts_after: timedelta, *attendees: str) -> list[Note]:
    start = PIPELINE.start + starts_after
    other = a_review(DAY, series="operating", period="2026-12", start=start, end=start + timedelta(hours=1))
    return [*overlaps([replace(other, attendees=attendees), PIPELINE])]


def test_whoever_is_expected_at_both_is_named_at_the_one_that_starts_first() -> None:
    assert operating(29 * MINUTE, "dev", "june") == [
        Note(PIPELINE.id, "overlaps with acme-globex/operating/2026-12: dev cannot be at both")
    ]


def test_one_that_starts_as_the_other_ends_is_none() -> None:
    assert operating(30 * MINUTE, "dev") == []


def test_two_rooms_with_nobody_in_common_are_none() -> None:
    assert operating(timedelta(), "marta", "june") == []


def test_moments_decide_and_not_clocks() -> None:
    """09:00 in Detroit is 15:00 in Berlin."""
    in_detroit = a_review(DAY, "America/Detroit", series="operating", period="2026-12")
    start = in_detroit.start.replace(hour=9)
    assert len([*overlaps([PIPELINE, replace(in_detroit, start=start, end=start + MINUTE)])]) == 1


def test_of_one_series_a_shift_brought_them_together_which_is_said_elsewhere() -> None:
    assert [*overlaps([PIPELINE, a_review(DAY, period="2026-W51")])] == []
