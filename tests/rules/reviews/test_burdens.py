"""What each side that attends a review bears: minutes beyond its hours, and a day off on its own date.

The pipeline review is at 15:00 to 15:30 in Berlin, which is 09:00 in Detroit but for the weeks in which only one of
them has changed its clocks.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.reviews.burdens import burdens, newly_known
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import ACME, GLOBEX, a_partnership, a_review, at, playbooks

DAY = date(2026, 12, 8)
REVIEW = a_review(DAY)


def scope(**changes: Any) -> Scope:
    return scopes(a_partnership(**changes), playbooks())[0]


def starting(text: str, review: Review = REVIEW, length: timedelta = timedelta(minutes=30)) -> Review:
    start = at(text)
    return replace(review, start=start, end=start + length)


def test_a_review_within_everybodys_hours_burdens_nobody() -> None:
    assert burdens(scope(), REVIEW) == ()


@pytest.mark.parametrize(
    ("start", "minutes"),
    [("2026-12-08 15:00", 0), ("2026-12-08 14:59", 1), ("2026-12-08 14:30", 30), ("2026-12-08 12:00", 30)],
)
def test_it_burdens_a_side_by_the_minutes_beyond_its_hours(start: str, minutes: int) -> None:
    """Those of a half hour that begins three hours before the office opens are thirty, and how far it is to the hours
    counts as well: the review reaches 180 minutes beyond them."""
    found = burdens(scope(), starting(start))
    reaches = 180 if start.endswith("12:00") else minutes
    assert found == ((Burden("globex", "America/Detroit", "09:00-17:00", reaches),) if reaches else ())


def test_in_the_weeks_in_which_one_side_alone_has_changed_its_clocks_it_is_another_hour_there() -> None:
    """From 14 to 28 March 2027 Detroit is five hours behind, not six; so 14:00 in Berlin is 09:00 there."""
    assert burdens(scope(), starting("2027-03-16 14:00")) == ()
    assert burdens(scope(), starting("2027-03-30 14:00")) == (Burden("globex", "America/Detroit", "09:00-17:00", 60),)


def test_the_day_off_is_that_of_the_sides_own_date() -> None:
    """Monday 08:00 in Berlin is Sunday in Los Angeles."""
    late = {**GLOBEX, "region": "CA", "timezone": "America/Los_Angeles", "hours": "22:00-06:00"}
    found = burdens(scope(organisations={"acme": ACME, "globex": late}), starting("2026-12-07 08:30"))
    assert found == (Burden("globex", "America/Los_Angeles", "22:00-06:00", 0, date(2026, 12, 6), "weekend (US)"),)


def test_a_side_that_does_not_attend_bears_nothing() -> None:
    of_acme = replace(starting("2026-12-08 10:00"), attendees=("ines", "uwe"), agenda_owner="ines", chair="ines")
    assert burdens(scope(), of_acme) == ()
    assert [each.organisation for each in burdens(scope(), replace(of_acme, chair="dev"))] == ["globex"]


# What is on record ---------------------------------------------------------------------------------------------------


def known(record: Recorded, now: datetime, **changes: Any) -> dict[str, tuple[Burden, ...]]:
    part = scope(**changes)
    return dict(newly_known([record], {part.id: part}, now))


EARLY = starting("2026-12-08 10:00")
BEARS = (Burden("globex", "America/Detroit", "09:00-17:00", 300),)


def test_what_was_never_worked_out_is_noted_and_noted_once() -> None:
    assert known(Recorded(EARLY), at("2026-12-01 09:00")) == {EARLY.id: BEARS}
    assert known(Recorded(EARLY, burdens=BEARS), at("2026-12-01 09:00")) == {}
    assert known(Recorded(REVIEW), at("2026-12-01 09:00")) == {REVIEW.id: ()}


@pytest.mark.parametrize("now", ["2026-12-08 10:30", "2026-12-08 10:31"])
def test_what_lies_behind_was_what_it_was_whatever_the_definition_says_since(now: str) -> None:
    early_birds = {"organisations": {"acme": ACME, "globex": {**GLOBEX, "hours": "04:00-12:00"}}}
    is_over = now.endswith("31")
    assert known(Recorded(EARLY, burdens=BEARS), at(now), **early_birds) == ({} if is_over else {EARLY.id: ()})
    assert known(Recorded(EARLY), at(now), **early_birds) == {EARLY.id: ()}


def test_one_that_does_not_take_place_burdens_nobody() -> None:
    cancelled = Recorded(EARLY, Status.CANCELLED, burdens=BEARS)
    assert known(cancelled, at("2026-12-01 09:00")) == {EARLY.id: ()}


def test_of_a_layer_that_is_gone_nothing_is_known() -> None:
    gone = replace(EARLY, layer="apac")
    assert dict(newly_known([Recorded(gone)], {}, at("2026-12-01 09:00"))) == {gone.id: ()}
