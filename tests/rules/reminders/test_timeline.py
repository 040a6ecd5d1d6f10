"""When the next step comes to be told: at the midnight of the clock that its day is counted by, and at no other.

People live in Berlin, Detroit, Kolkata and Auckland; nothing is reported, closed or judged. Looking every half hour
finds the same moments.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import Window
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reminders.timeline import Facts, next_notice, notices
from scheduler.rules.reviews.planner import plan_scopes
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, a_recorded, at, playbooks, written

HALF_AN_HOUR, LONG = timedelta(minutes=30), timedelta(days=40)
ZONES = {"ines": "Asia/Kolkata", "uwe": "Europe/Berlin", "dev": "America/Detroit", "tom": "Pacific/Auckland"}


def facts(now: datetime) -> Facts:
    people = written()["people"]
    for key, zone in ZONES.items():
        people[key] = {**people[key], "timezone": zone}
    success = {"agenda_owner": "ines", "criteria": [{"id": "line", "says": "The line runs", "owner": "tom"}]}
    partnership = a_partnership(people=people, success_at_90_days=success)
    parts = scopes(partnership, playbooks())
    planned = plan_scopes(parts, partnership.people, Window(at("2026-10-01 00:00"), (now + LONG).date()))
    owed: dict[str, tuple[Measurement, ...]] = {
        scope.id: measurements(scope, {}, {}, now, (now + 2 * LONG).date()) for scope in parts
    }
    recorded = {each.id: replace(a_recorded(), review=each) for each in planned.reviews}
    return Facts(partnership, parts, owed, recorded, {}, {}, (), (), now)


@pytest.mark.parametrize("start", ["2026-10-30 12:00", "2026-12-14 09:20", "2027-01-04 23:59"])
def test_the_next_notice_comes_when_looking_every_half_hour_would_find_it(start: str) -> None:
    now = at(start).astimezone(UTC).replace(minute=0)
    found = 0
    while found < 6:
        known = facts(now)
        following = next_notice(known, now + LONG)
        before, looked_at = len([*notices(known)]), now
        while len([*notices(known, looked_at - now)]) == before:
            looked_at += HALF_AN_HOUR
        assert following == looked_at
        now, found = looked_at, found + 1


def test_nothing_is_to_come_where_nothing_is_told_before_that_moment() -> None:
    known = facts(at("2026-12-14 09:20"))
    following = next_notice(known, known.now + LONG)
    assert following is not None
    assert next_notice(known, following - timedelta(seconds=1)) is None
