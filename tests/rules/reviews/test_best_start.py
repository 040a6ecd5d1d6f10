"""The start that is named where one is proposed that does not suit: free for all, else the least bad."""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.domain.record.review import Recorded, Window
from scheduler.rules.reviews.double_booking import Sitting
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.rescheduling import Candidate, best_start, weighed
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import ACME, GLOBEX, a_partnership, a_recorded, at, playbooks
from tests.rules.reviews.test_planner import only

NOW = at("2026-11-02 09:00")
WEDNESDAY = at("2026-12-16 15:00")
BOTH = frozenset({"ines.falk@acme.example", "dev.patel@globex.example"})
MONTHLY = {"every": "month", "on": "second tuesday", "length": "60 minutes", "attendees": ["ines", "dev"]}


def known(acme: str, globex: str) -> tuple[Recorded, Scope]:
    """The operating review of December, and its scope, where the sides have these hours."""
    partnership = a_partnership(
        organisations={"acme": {**ACME, "hours": acme}, "globex": {**GLOBEX, "hours": globex}},
        reviews=only(operating=MONTHLY),
        triggers=[],
    )
    plan = plan_reviews(partnership, playbooks(), Window.rolling(NOW))
    december = next(each for each in plan.reviews if each.id == "acme-globex/operating/2026-12")
    return a_recorded(replace(december, clocks=())), scopes(partnership, playbooks())[0]


def elsewhere(start: datetime, hours: int, days: int = 100) -> list[Sitting]:
    """Reviews of another partnership at the same hours of many days in a row."""
    begins = [start + n * timedelta(days=1) for n in range(days)]
    return [Sitting(f"x/operating/{each:%Y-%m-%d}", each, each + timedelta(hours=hours), BOTH) for each in begins]


def test_another_hour_of_the_day_comes_before_another_day() -> None:
    record, scope = known("09:00-18:00", "08:00-17:00")
    busy = elsewhere(WEDNESDAY, hours=1, days=1)
    assert best_start(record, scope, WEDNESDAY, {}, NOW, busy) == Candidate(at("2026-12-16 16:00"), ())
    assert weighed(record, scope, at("2026-12-16 16:00"), {}, NOW, busy) == ((), None)


def test_where_the_day_is_taken_it_is_the_next_one() -> None:
    record, scope = known("09:00-18:00", "08:00-17:00")
    busy = elsewhere(at("2026-12-16 00:00"), hours=24, days=1)
    assert best_start(record, scope, WEDNESDAY, {}, NOW, busy) == Candidate(at("2026-12-17 15:00"), ())


def test_where_none_suits_all_the_least_bad_is_named_with_what_speaks_against_it() -> None:
    """Without a common hour: half an hour beyond one side's, once that side alone has changed its clocks."""
    record, scope = known("09:00-16:00", "10:30-17:00")
    assert best_start(record, scope, WEDNESDAY, {}, NOW) == Candidate(
        at("2027-03-15 15:00"),
        ("for Dev Patel it is Mon 2027-03-15 10:00 - 11:00, outside the working hours 10:30-17:00",),
    )


def test_minutes_beyond_the_hours_weigh_more_than_how_much_else_speaks_against_it() -> None:
    """At 15:00, within the hours of both, people are expected elsewhere every day: at night they are not."""
    record, scope = known("09:00-16:00", "09:00-10:00")
    busy = elsewhere(at("2026-12-16 14:00"), hours=3)
    found = best_start(record, scope, WEDNESDAY, {}, NOW, busy)
    assert found is not None
    assert found.start == WEDNESDAY
    assert found.against == (
        f"{record.id} overlaps with x/operating/2026-12-16: Dev Patel, Inès Falk cannot be at both",
    )
