"""Somebody who is expected at two reviews at once is told of, whichever partnerships these belong to."""

from datetime import date, timedelta

from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.double_booking import Sitting, double_bookings, sitting
from tests.builders import a_partnership, a_review, at

NAMES = {"ines.falk@acme.example": "Inès Falk", "dev.patel@globex.example": "Dev Patel"}
INES_DEV = frozenset(NAMES)
HOUR = timedelta(hours=1)
OURS = Sitting("acme-globex/pipeline/2026-W50", at("2026-12-08 15:00"), at("2026-12-08 15:30"), INES_DEV)


def theirs(starts: str, ends: str, *people: str, id: str = "initech-globex/operating/2026-12") -> Sitting:
    """A review of Initech × Globex, on the clocks of Detroit."""
    return Sitting(id, at(starts, "America/Detroit"), at(ends, "America/Detroit"), frozenset(people))


def noted(*others: Sitting) -> list[Note]:
    return list(double_bookings([OURS], others, NAMES))


def test_nine_in_detroit_is_three_in_berlin_and_dev_cannot_be_at_both() -> None:
    assert noted(theirs("2026-12-08 09:00", "2026-12-08 10:00", "dev.patel@globex.example")) == [
        Note(OURS.review, "overlaps with initech-globex/operating/2026-12: Dev Patel cannot be at both")
    ]


def test_one_minute_in_common_is_enough_and_touching_is_not() -> None:
    dev = "dev.patel@globex.example"
    assert noted(theirs("2026-12-08 08:00", "2026-12-08 09:01", dev))
    assert not noted(theirs("2026-12-08 08:00", "2026-12-08 09:00", dev))
    assert noted(theirs("2026-12-08 09:29", "2026-12-08 10:00", dev))
    assert not noted(theirs("2026-12-08 09:30", "2026-12-08 10:00", dev))


def test_two_meetings_with_nobody_in_common_are_no_matter() -> None:
    assert not noted(theirs("2026-12-08 09:00", "2026-12-08 10:00", "nora.kimura@initech.example"))


def test_a_long_meeting_meets_every_short_one_in_it_but_none_after_it() -> None:
    long = theirs("2026-12-08 08:00", "2026-12-08 12:00", *INES_DEV, id="initech-globex/strategy/2026")
    day = [
        OURS._replace(review=f"ours/{hour}", start=OURS.start + hour * HOUR, end=OURS.end + hour * HOUR)
        for hour in range(-2, 5)
    ]
    told = [note.review_id for note in double_bookings(reversed(day), [long], NAMES)]
    assert told == ["ours/-1", "ours/0", "ours/1", "ours/2"]


def test_a_person_is_known_by_address_however_it_is_spelled_and_whoever_left_is_expected_nowhere() -> None:
    people = a_partnership().people
    dev = people["dev"].model_copy(update={"email": "Dev.Patel@Globex.example"})
    review = a_review(date(2026, 12, 8), attendees=("ines", "dev", "gone"))
    assert sitting(review, {**people, "dev": dev}).people == INES_DEV
