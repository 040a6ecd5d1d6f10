"""All that a partnership tells its people, as one timeline: the steps of every ladder and track, on their days.

Each source says every step up to a day, whatever the present moment; a cycle takes those whose day has come, a
simulation those of a year. What is settled yields no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.notification_facts import ended
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import Decision
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.kpis import ladder
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.kpis.verdicts import Judgements
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.triggers import notices as telling

from . import actions, agreement, closing, launch_track

Key = tuple[str, str]
"""A subject and, of a KPI, its period."""


@dataclass(frozen=True)
class Facts:
    """What the timeline of a partnership follows from, at `now`. `owed` is by scope, `recorded` by review, `decisions`
    by checkpoint; `assigned` are the actions of the minutes, done ones too, `causes` what fired and has not ended."""

    partnership: Partnership
    scopes: tuple[Scope, ...]
    owed: Mapping[str, Sequence[Measurement]]
    recorded: Mapping[str, Recorded]
    judgements: Judgements
    decisions: Mapping[str, Decision]
    assigned: Sequence[Action]
    causes: Sequence[TriggerEvent]
    now: datetime

    def day_in(self, scope: Scope, ahead: timedelta) -> date:
        """The civil date in a scope's zone, so long after now."""
        return (self.now + ahead).astimezone(zone(scope.timezone)).date()

    def zone_of(self, person: str) -> ZoneInfo:
        """The zone of a person's clock."""
        partnership = self.partnership
        return zone_of(partnership.people[person], partnership.organisations, partnership.zone)

    def day_of(self, person: str, ahead: timedelta) -> date:
        """The civil date where a person lives, so long after now."""
        return (self.now + ahead).astimezone(self.zone_of(person)).date()


def notices(facts: Facts, ahead: timedelta = timedelta()) -> Iterator[Notification]:
    """Every notice whose day has come by `now`, and those of the time `ahead`; the day is that of where its subject's
    owner lives."""
    parts: dict[str, Scope] = {scope.id: scope for scope in facts.scopes}
    for scope in facts.scopes:
        for owed in facts.owed[scope.id]:
            yield from _of_kpi(owed, scope, local_date(scope, owed.kpi, facts.now + ahead))
    for record in facts.recorded.values():
        owner = parts.get(record.review.scope_id)
        if owner is not None:
            yield from _of_review(facts, record, owner, ahead)
    for id, promised in actions.commitments(facts.assigned, facts.scopes, facts.recorded).items():
        for each in promised:
            until = (facts.now + ahead).astimezone(actions.owners_zone(each, parts[id])).date()
            yield from actions.notices(each, parts[id], until)
    umbrella = facts.scopes[0]
    today = facts.day_in(umbrella, timedelta())
    yield from agreement.notices(facts.partnership, facts.scopes, today, facts.day_in(umbrella, ahead))
    for cause in facts.causes:
        scope = parts.get(cause.cause.scope, umbrella)
        called = facts.recorded.get(cause.review or "")
        yield from telling.notices(cause, called.review if called else None, scope, facts.day_in(scope, ahead))


def _of_kpi(owed: Measurement, scope: Scope, until: date) -> Iterator[Notification]:
    if owed.status != "reported" and owed.period.last <= until:  # nobody is told before the period has ended
        yield from ladder.notices(owed, scope, until)


def _of_review(facts: Facts, record: Recorded, scope: Scope, ahead: timedelta) -> Iterator[Notification]:
    yield from closing.notices(record, scope, facts.day_in(scope, ahead))
    if record.review.kind is Kind.CHECKPOINT:
        decision = facts.decisions.get(record.id)
        yield from launch_track.notices(
            record, scope, facts.owed[scope.id], facts.judgements, decision, partial(facts.day_of, ahead=ahead)
        )


def next_notice(facts: Facts, before: datetime) -> datetime | None:
    """The first midnight after now, in UTC, on which something is to be told, if that is before another moment: that
    of the partnership's zone or, further west, of those who are told."""
    today = facts.now.astimezone(UTC)
    midnights = (
        moment(notice.on, time(), zone)
        for notice in notices(facts, before - facts.now)
        for zone in {facts.partnership.zone}
        | {facts.zone_of(each).key for each in notice.people if each in facts.partnership.people}
    )
    return min((each.astimezone(UTC) for each in midnights if each > today), default=None)


def settlements(facts: Facts) -> dict[Key, Ending]:
    """How what was owed came to its end, by subject and period."""
    people = facts.partnership.people
    found = dict(_reported(facts))
    found |= launch_track.settlements(facts.judgements, people, facts.recorded, facts.scopes, facts.owed)
    found |= closing.settlements(facts.recorded.values())
    found |= agreement.settlements(facts.scopes)
    return found | actions.settlements(facts.assigned, people)


def _reported(facts: Facts) -> Iterator[tuple[Key, Ending]]:
    people = facts.partnership.people
    for owed in (each for of_scope in facts.owed.values() for each in of_scope):
        reading = owed.reading
        if reading:
            by = people[reading.by].name if reading.by in people else None
            yield (owed.id, owed.period.label), Ending(ended("reported", by, met=reading.met), reading.by)
        elif owed.held_until == date.max and owed.excuse:
            yield (owed.id, owed.period.label), Ending(ended("excused", because=owed.excuse.because))
