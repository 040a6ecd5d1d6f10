"""Of several daemons on one database all plan that go by the newest environment: nobody plans in turns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from scheduler import __version__
from scheduler.domain.record.daemon_state import WAITS
from scheduler.services import daemons as peers
from scheduler.services.cases import reviews as cases
from scheduler.services.daemons import newest_of
from scheduler.services.processes import new_name
from scheduler.store import partnerships
from scheduler.store.daemons import EnvironmentSeen, KnownDaemon
from tests.builders import at
from tests.services.daemons.conftest import Host
from tests.services.town import DAY_ONE

Start = Callable[..., Host]
NEWER = {"planner": "7"}
MINUTE = timedelta(minutes=1)
T0 = datetime(2026, 10, 1, 7, tzinfo=UTC)


def a_daemon(name: str, program: str = "0.1.0", first_used_at: datetime = T0, **parts: str) -> KnownDaemon:
    brought = {"planner": "6", "holidays": "0.87", "tzdata": "2026.1", **parts}
    seen = EnvironmentSeen(name, **brought, playbooks={}, settings={}, first_used_at=first_used_at)
    return KnownDaemon(
        name, name, name, 1, program, "/etc", "governs", T0, T0, None, None, environment=seen, silent_for=timedelta()
    )


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (a_daemon("x", "0.9.0"), a_daemon("y", "0.10.0")),
        (a_daemon("x", planner="9"), a_daemon("y", planner="10")),
        (a_daemon("x", holidays="0.87"), a_daemon("y", holidays="0.101")),
        (a_daemon("x", tzdata="2026.9"), a_daemon("y", tzdata="2026.10")),
        (a_daemon("x"), a_daemon("y", first_used_at=T0 + MINUTE)),
        (a_daemon("x", first_used_at=T0 + MINUTE), a_daemon("y", "0.2.0")),
        (a_daemon("x", tzdata="2026.2"), a_daemon("y", holidays="0.88")),
    ],
)
def test_the_newest_is_told_by_what_a_program_brings_and_then_by_what_was_in_use_first(
    older: KnownDaemon, newer: KnownDaemon
) -> None:
    for order in permutations([older, newer]):
        assert newest_of(order) == newer


def test_one_with_a_newer_planner_plans_everything_once_and_the_older_one_nothing_any_more(host: Start) -> None:
    old = host("alpha")
    old.define()
    old.cycle()
    new = host("beta", NEWER)
    assert [each.cycle().governed for each in (old, new, old, new, old, new)] == [0, 1, 0, 0, 0, 0]


def test_one_that_was_started_first_takes_part_again_once_it_is_upgraded(host: Start) -> None:
    """Up and down: two hosts, one after the other, to a newer program and back. Each change plans everything once."""
    first, second = host("alpha"), host("beta")
    first.define()
    assert sum(each.cycle().governed for each in (first, second)) == 1
    first.stops()
    upgraded = host("alpha-2", NEWER)
    assert [each.cycle().governed for each in (second, upgraded, second)] == [0, 1, 0]
    second.stops()
    both = host("beta-2", NEWER)
    assert [each.cycle().governed for each in (both, upgraded, both)] == [0, 0, 0]
    upgraded.stops()
    back = host("alpha-3")
    assert [each.cycle().governed for each in (back, both, back)] == [0, 0, 0]
    both.stops()
    assert [each.cycle().governed for each in (back, back)] == [1, 0]


def test_an_old_one_that_ends_and_is_started_again_does_not_take_over(host: Start) -> None:
    old = host("alpha", horizon_days=90)
    old.define()
    old.cycle()
    new = host("beta", horizon_days=120)
    assert new.cycle().governed == 1
    again = old.starts_again()
    assert [each.cycle().governed for each in (again, new, again, new)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("silent_for", "plans"), [({"seconds": 100}, False), ({"seconds": 130}, True)], ids=["lately", "long ago"]
)
def test_where_the_newer_one_is_not_heard_of_for_two_minutes_the_older_one_plans_again(
    host: Start, silent_for: dict[str, float], plans: bool
) -> None:
    old, new = host("alpha"), host("beta", NEWER)
    old.define()
    old.cycle()
    new.cycle()
    new.is_silent_for(**silent_for)
    assert old.cycle().governed == (1 if plans else 0)
    assert (old.cycle().superseded is None) is plans


def test_where_the_newer_one_stops_the_older_one_plans_again(host: Start) -> None:
    old, new = host("alpha"), host("beta", NEWER)
    old.define()
    old.cycle()
    new.cycle()
    new.stops()
    assert [old.cycle().governed, old.cycle().governed] == [1, 0]


def test_one_that_does_not_believe_its_clock_keeps_nobody_from_planning(host: Start) -> None:
    old, new = host("alpha"), host("beta", NEWER)
    old.define()
    peers.show(new.app, WAITS, "the clock is not believed yet")
    assert old.cycle().governed == 1


def test_it_says_in_what_it_differs_and_from_which_daemon(host: Start) -> None:
    old = host("alpha", horizon_days=90)
    host("beta", {**NEWER, "playbooks": {}})
    by_another = old.cycle().superseded
    assert by_another is not None and by_another.by == "beta"
    assert by_another.in_what[0] == "planner 6 here, 7 there"
    assert by_another.in_what[1].startswith("another playbook of consortium, contractual_alliance, ")
    assert by_another.in_what[2:] == ("horizon_days: 90 here, 120 there",)
    assert by_another.says.startswith(f"the daemon beta (cadence {__version__}) plans by what is newer: planner 6 here")


def test_what_somebody_does_at_one_that_does_not_plan_is_on_record_and_another_plans_by_it(host: Start) -> None:
    old, new = host("alpha"), host("beta", NEWER)
    old.define()
    new.cycle()
    [first] = [id for id, each in new.reviews().items() if each.review.start > DAY_ONE][:1]
    before = new.reviews()
    cases.move(old.app, first, at("2026-10-20 10:00"), "the hall is taken", None, DAY_ONE + MINUTE)
    moved = new.reviews()[first]
    assert (moved.review.start, moved.sequence) != (before[first].review.start, before[first].sequence)
    assert moved.moved_by_person
    with old.app.store.read() as db:
        [row] = partnerships.listing(db)
    assert row.fingerprint == new.app.environment, "nothing was planned by what is older"
    assert new.cycle(DAY_ONE + 2 * MINUTE).governed == 1
    assert new.reviews()[first].review.start == moved.review.start


def test_a_command_goes_by_the_daemons_that_run_and_by_itself_where_none_does(host: Start) -> None:
    running, newer = host("alpha"), host("beta", NEWER)
    newer.stops()
    command = replace(newer.app, by=new_name())
    with command.store.read() as db:
        by_another = peers.superseded(command, db)
    assert by_another is not None and by_another.by == "alpha"
    running.stops()
    with command.store.read() as db:
        assert peers.superseded(command, db) is None
