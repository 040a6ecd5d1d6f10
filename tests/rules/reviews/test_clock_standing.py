"""How the clocks of a review stand: on the eve, on the day, the day after; held, skipped, closed by nobody."""

from dataclasses import replace
from datetime import date

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.clock_standing import clock_standings
from tests.builders import a_recorded, at

CLOCKS = (
    ("notice_by", date(2026, 11, 24)),
    ("launch", date(2026, 11, 25)),
    ("agenda_by", date(2026, 12, 1)),
    ("minutes_by", date(2026, 12, 15)),
    ("objections_until", date(2026, 12, 30)),
)


def a_review(status: Status = Status.PLANNED) -> Recorded:
    """It is held on Tuesday 8 December 2026."""
    known = a_recorded()
    start, end = at("2026-12-08 15:00"), at("2026-12-08 16:00")
    return replace(known, status=status, review=replace(known.review, start=start, end=end, clocks=CLOCKS))


def told(record: Recorded, today: str, filed: str | None = None, minutes: object = None) -> dict[str, tuple[str, int]]:
    filed_on = date.fromisoformat(filed) if filed else None
    found = clock_standings(record, filed_on, minutes, date.fromisoformat(today))  # type: ignore[arg-type]
    return {each.name: (each.standing, each.days_late) for each in found}


def test_they_stand_in_the_order_of_their_days_with_the_review_among_them_and_without_steps_of_a_launch_track() -> None:
    assert [*told(a_review(), "2026-11-01")] == ["notice_by", "agenda_by", "review", "minutes_by", "objections_until"]


def test_what_is_due_on_the_day_of_the_review_stands_before_it() -> None:
    record, day = a_review(), date(2026, 12, 8)
    clocks = tuple((name, day) for name in ("items_until", "agenda_by", "minutes_by"))
    record = replace(record, review=replace(record.review, clocks=clocks))
    assert [*told(record, "2026-11-01")] == ["items_until", "agenda_by", "review", "minutes_by"]


def test_a_clock_is_ahead_due_on_its_day_and_past_thereafter() -> None:
    days = ("2026-11-23", "2026-11-24", "2026-11-25")
    assert [told(a_review(), day)["notice_by"][0] for day in days] == ["ahead", "due", "past"]


def test_a_review_that_nobody_closed_is_late_from_the_day_after() -> None:
    days = ("2026-12-07", "2026-12-08", "2026-12-09", "2026-12-11")
    assert [told(a_review(), day)["review"] for day in days] == [("ahead", 0), ("due", 0), ("late", 1), ("late", 3)]


def test_minutes_are_late_until_they_are_filed_and_tell_afterwards_that_they_were() -> None:
    held = a_review(Status.HELD)
    assert told(held, "2026-12-15")["minutes_by"] == ("due", 0)
    assert told(held, "2026-12-17")["minutes_by"] == ("late", 2)
    assert told(held, "2026-12-20", filed="2026-12-18", minutes="open")["minutes_by"] == ("done", 3)
    assert told(held, "2026-12-20", filed="2026-12-14", minutes="open")["minutes_by"] == ("done", 0)


def test_objections_wait_for_the_minutes_and_are_done_with_their_acceptance() -> None:
    held = a_review(Status.HELD)
    assert told(held, "2027-01-10")["objections_until"][0] == "ahead"
    assert told(held, "2026-12-30", "2026-12-10", "open")["objections_until"][0] == "due"
    assert told(held, "2026-12-31", "2026-12-10", "accepted")["objections_until"][0] == "done"
    assert told(held, "2026-12-31", "2026-12-10", "objected")["objections_until"][0] == "past"


def test_of_a_review_that_is_off_nothing_is_late() -> None:
    for status in (Status.SKIPPED, Status.CANCELLED):
        assert {standing for standing, _ in told(a_review(status), "2027-02-01").values()} == {"past"}


def test_a_review_that_was_held_on_another_day_stands_on_that() -> None:
    held = replace(a_review(Status.HELD), held_on=date(2026, 12, 10))
    review = next(each for each in clock_standings(held, None, None, date(2026, 12, 11)) if each.name == "review")
    assert (review.on, review.done_on, review.standing) == (date(2026, 12, 10), date(2026, 12, 10), "done")
