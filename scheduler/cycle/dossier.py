"""All that is known of one partnership at a moment, as publishing needs it: agendas and calendars are read off it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.cycle.house import House
from scheduler.domain.measure import Flag, Measurement, Reading
from scheduler.domain.partnership import Partnership
from scheduler.domain.review import Recorded, Review
from scheduler.domain.terms import Level, Status
from scheduler.plan.cadence import Scope, scopes
from scheduler.publish.agenda import gist
from scheduler.publish.audience import JOINT, Audience
from scheduler.publish.briefing import Briefing, briefing
from scheduler.publish.entries import Due, Meeting
from scheduler.store import measures, readings, reviews
from scheduler.store.tables import MeasureRow, PartnershipRow
from scheduler.watch.ladder import flag
from scheduler.watch.measures import measurements

WINDOW_BACK = timedelta(days=90)
"""How far back calendars and exports reach; ahead they reach as far as the horizon."""


@dataclass(frozen=True)
class Dossier:
    """A partnership at `now`. `owed` and `flags` are by scope, of every level: nothing here has met its audience
    yet."""

    partnership: Partnership
    scopes: Mapping[str, Scope]
    recorded: Mapping[str, Recorded]
    owed: Mapping[str, tuple[Measurement, ...]]
    flags: Mapping[str, tuple[Flag, ...]]
    history: Mapping[str, Sequence[Reading]]
    entries: Mapping[tuple[str, str], MeasureRow]
    now: datetime

    def scope_of(self, review: Review) -> Scope | None:
        """The scope that a review belongs to; None for a layer the definition no longer has."""
        return self.scopes.get(f"{review.partnership}/{review.layer}" if review.layer else review.partnership)

    def briefing(self, record: Recorded, audience: Audience = JOINT) -> Briefing | None:
        """What the agenda of a review shows this audience; None where its layer is gone from the definition."""
        scope = self.scope_of(record.review)
        if scope is None:
            return None
        return briefing(
            scope=scope,
            partnership=self.partnership,
            recorded=record,
            audience=audience,
            measurements=self.owed[scope.id],
            flags=self.flags[scope.id],
            history=self.history,
            previous_minutes=self._previous_minutes(record.review),
            now=self.now,
        )

    def audiences(self, review: Review) -> Iterator[Audience]:
        """The joint audience, then each organisation that has KPIs of its own in the review's scope."""
        yield JOINT
        scope = self.scope_of(review)
        owners = {kpi.of for kpi in scope.kpis.values() if kpi.level is Level.ACTOR} if scope else set()
        yield from (Audience(key) for key in self.partnership.organisations if key in owners)

    def meetings(self) -> Iterator[Meeting]:
        """Every review on record as calendars show it."""
        return map(self.meeting, self.recorded.values())

    def meeting(self, record: Recorded) -> Meeting:
        """A review as calendars show it, with the gist of its agenda."""
        brief, scope = self.briefing(record), self.scope_of(record.review)
        track = {step.key: step.says for step in scope.playbook.launch_track} if scope else {}
        return Meeting(record, self.partnership, gist(brief) if brief else "", track)

    def dues(self) -> Iterator[Due]:
        """Every KPI period with the history of its calendar entry."""
        for measurement in (each for owed in self.owed.values() for each in owed):
            entry = self.entries.get((measurement.id, measurement.period.label))
            if entry:
                yield Due(measurement, self.partnership, entry.sequence, entry.created_at, entry.modified_at)

    def _previous_minutes(self, review: Review) -> str | None:
        """The minutes of the last review of the series that was held before this one."""
        held = [
            record
            for record in self.recorded.values()
            if record.status is Status.HELD
            and (record.review.layer, record.review.series) == (review.layer, review.series)
            and record.review.start < review.start
        ]
        return max(held, key=lambda record: record.review.start).minutes if held else None


def dossier(house: House, db: Connection, row: PartnershipRow, now: datetime) -> Dossier:
    """Read everything of one partnership and work out how it stands at `now`."""
    partnership = house.in_force(row)
    parts = {scope.id: scope for scope in scopes(partnership, house.playbooks)}
    current, excuses = readings.current(db, row.id), readings.excuses(db, row.id)
    until = (now + timedelta(days=house.settings.horizon_days)).date()
    owed = {id: measurements(scope, current, excuses, now, until) for id, scope in parts.items()}
    return Dossier(
        partnership=partnership,
        scopes=parts,
        recorded=reviews.recorded(db, row.id),
        owed=owed,
        flags={id: tuple(flag(m, parts[id], now) for m in each if m.status == "overdue") for id, each in owed.items()},
        history=_by_kpi(owed),
        entries=measures.recorded(db, row.id),
        now=now,
    )


def _by_kpi(owed: Mapping[str, Sequence[Measurement]]) -> dict[str, list[Reading]]:
    """The readings that count, by KPI id, in the order of their periods."""
    history: dict[str, list[Reading]] = defaultdict(list)
    for measurement in (each for part in owed.values() for each in part):
        if measurement.reading:
            history[measurement.id].append(measurement.reading)
    return history
