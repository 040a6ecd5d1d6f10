"""All that a partnership tells its people, as one timeline: the steps of every ladder and track, on their days.

Each source says every step up to a day, whatever the present moment; a cycle takes those whose day has come, a
simulation those of a year. What is settled yields no more.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.filing import MinutesRecords
from scheduler.domain.record.launch_tick import LaunchTicks
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.notification_facts import ended
from scheduler.domain.record.proposal import Deadlock, Proposal
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision
from scheduler.domain.record.wind_down import ExitWord
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.kpis import ladder
from scheduler.rules.kpis.measurements import owners_zone
from scheduler.rules.kpis.verdicts import Judgements
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.triggers import notices as telling
from scheduler.rules.triggers import requests

from . import actions, agreement, closing, deciding, exit_notices, launch_track
from .standing_in import with_stand_ins

Key = tuple[str, str]
"""A subject and, of a KPI, its period."""


@dataclass(frozen=True)
class Facts:
    """What the timeline of a partnership follows from, at `now`. `owed` is by scope, `recorded` by review, `decisions`
    by checkpoint; `assigned` are the actions of the minutes, done ones too, `causes` what fired and has not ended.
    `minutes_records` say what became of minutes, by review. `ticks` are the words on steps of launch tracks, which are
    late from the day `launch_from` on; where that is None, none is yet. `proposals` and
    `deadlocks` are all that there ever were, `exit_words` the last on each exit, by scope. `unreached` are the mail
    addresses that take no letters, in lower case."""

    partnership: Partnership
    scopes: tuple[Scope, ...]
    owed: Mapping[str, Sequence[Measurement]]
    recorded: Mapping[str, Recorded]
    judgements: Judgements
    decisions: Mapping[str, CourseDecision]
    assigned: Sequence[Action]
    causes: Sequence[TriggerEvent]
    now: datetime
    ticks: LaunchTicks = field(default_factory=dict)
    minutes_records: MinutesRecords = field(default_factory=dict)
    launch_from: date | None = None
    proposals: Sequence[Proposal] = ()
    deadlocks: Sequence[Deadlock] = ()
    exit_words: Mapping[str, ExitWord] = field(default_factory=dict)
    unreached: Collection[str] = ()

    @property
    def said(self) -> launch_track.TicksOnRecord:
        """What is known of the steps of launch tracks."""
        since = self.launch_from or self.day_in(self.scopes[0], timedelta())
        return launch_track.TicksOnRecord(self.ticks, since, partial(self.day_of, ahead=timedelta()))

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


class Dated(NamedTuple):
    """A notice, the civil date from which on it is told, and the zone in which that date begins."""

    notice: Notification
    on: date
    zone: ZoneInfo


def notices(facts: Facts, ahead: timedelta = timedelta()) -> Iterator[Notification]:
    """Every notice whose day has come by `now`, and those of the time `ahead`; the day is that of where its subject's
    owner lives."""
    return (each.notice for each in dated(facts, ahead))


def dated(facts: Facts, ahead: timedelta) -> Iterator[Dated]:
    """The same, each with the day and the zone that say when it comes."""
    people, today = facts.partnership.people, facts.day_in(facts.scopes[0], timedelta())
    for each in _dated(facts, ahead):
        yield each._replace(notice=with_stand_ins(each.notice, people, facts.unreached, today))


def _dated(facts: Facts, ahead: timedelta) -> Iterator[Dated]:
    parts: dict[str, Scope] = {scope.id: scope for scope in facts.scopes}
    at = facts.now + ahead
    for scope in facts.scopes:
        for owed in facts.owed[scope.id]:
            yield from _of_kpi(owed, scope, at)
    for record in facts.recorded.values():
        owner = parts.get(record.review.scope_id)
        if owner is not None:
            yield from _of_review(facts, record, owner, ahead)
    for id, promised in actions.commitments(facts.assigned, facts.scopes, facts.recorded).items():
        for each in promised:
            there = actions.owners_zone(each, parts[id])
            yield from _on_their_day(actions.notices(each, parts[id], at.astimezone(there).date()), there)
    umbrella = facts.scopes[0]
    today, until = facts.day_in(umbrella, timedelta()), facts.day_in(umbrella, ahead)
    of_agreement = agreement.notices(facts.partnership, facts.scopes, today, until)
    yield from _on_their_day(of_agreement, zone(umbrella.timezone))
    yield from _of_deciding(facts, parts, ahead)
    for id, word in facts.exit_words.items():
        if leaving := parts.get(id):
            said = exit_notices.notices(word, leaving, facts.partnership, facts.day_in(leaving, ahead))
            yield from _on_their_day(said, zone(leaving.timezone))
    of_requests = requests.notices(facts.partnership, umbrella, facts.recorded, until)
    yield from _on_their_day(of_requests, zone(umbrella.timezone))
    for cause in facts.causes:
        scope = parts.get(cause.cause.scope, umbrella)
        called = facts.recorded.get(cause.review or "")
        fired = telling.notices(cause, called.review if called else None, scope, facts.day_in(scope, ahead))
        yield from _on_their_day(fired, zone(scope.timezone))


def _of_deciding(facts: Facts, parts: Mapping[str, Scope], ahead: timedelta) -> Iterator[Dated]:
    """What is asked and told of decisions without a meeting and of deadlocks; nothing of a layer that is there no
    more."""
    for each in facts.proposals:
        if scope := parts.get(each.scope):
            there = zone(each.timezone)
            until = (facts.now + ahead).astimezone(there).date()
            found = deciding.proposal_notices(each, scope, facts.partnership, facts.day_in(scope, timedelta()), until)
            yield from _on_their_day(found, there)
    for deadlock in facts.deadlocks:
        if scope := parts.get(deadlock.scope):
            days = facts.day_in(scope, timedelta()), facts.day_in(scope, ahead)
            found = deciding.deadlock_notices(deadlock, scope, facts.partnership, *days)
            yield from _on_their_day(found, zone(scope.timezone))


def _on_their_day(found: Iterable[Notification], there: ZoneInfo) -> Iterator[Dated]:
    return (Dated(each, each.on, there) for each in found)


def _of_kpi(owed: Measurement, scope: Scope, at: datetime) -> Iterator[Dated]:
    there = owners_zone(scope, owed.kpi)
    until = at.astimezone(there).date()
    if owed.status != "reported" and owed.period.last <= until:  # nobody is told before the period has ended
        for each in ladder.notices(owed, scope, until):
            yield Dated(each, max(each.on, owed.period.last), there)


def _of_review(facts: Facts, record: Recorded, scope: Scope, ahead: timedelta) -> Iterator[Dated]:
    known, there = facts.minutes_records.get(record.id), zone(scope.timezone)
    is_decided = record.id in facts.decisions
    after = closing.notices(record, scope, facts.day_in(scope, ahead), known, is_decided=is_decided)
    yield from _on_their_day(after, there)
    if record.review.kind is Kind.CHECKPOINT:
        decision, until = facts.decisions.get(record.id), partial(facts.day_of, ahead=ahead)
        for each in launch_track.notices(
            record, scope, facts.owed[scope.id], facts.judgements, decision, until, facts.said
        ):
            yield Dated(each, each.on, facts.zone_of(each.people[0]))


def next_notice(facts: Facts, before: datetime) -> datetime | None:
    """The first moment after now, in UTC, at which something comes to be told, if that is before another moment: the
    midnight on which its day begins where that is counted, so that nobody is woken for nothing."""
    days = (moment(each.on, time(), each.zone.key).astimezone(UTC) for each in dated(facts, before - facts.now))
    return min((each for each in days if each > facts.now), default=None)


def settlements(facts: Facts) -> dict[Key, Ending]:
    """How what was owed came to its end, by subject and period."""
    people = facts.partnership.people
    found = dict(_reported(facts))
    found |= launch_track.settlements(facts.judgements, people, facts.recorded, facts.scopes, facts.owed)
    found |= closing.settlements(facts.recorded.values(), facts.decisions, people)
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
