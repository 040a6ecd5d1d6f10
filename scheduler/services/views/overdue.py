"""KPIs that are overdue, as they stand now: worked out from the definitions in force and what was reported, at the
moment of the call. Only partnerships in which something may be owed are read for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from scheduler.domain.record.measurement import Flag, Measurement
    from scheduler.domain.record.notification import Notified, NotifiedOf
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scope import Scope
    from scheduler.services.app import App
    from scheduler.store.partnerships import InForce
    from scheduler.store.tables import PartnershipRow

_FARTHEST_EAST = timedelta(hours=14)
"""No zone's civil date is further ahead than this."""
_AT_ONCE = 100
"""Partnerships that are read together: a statement for each is dear, all at once much memory."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Overdue:
    """A period of a KPI on its ladder, and everybody who was to be told of it, in the order of the steps: `of_matter`
    has those as well who were to be told of the lateness of the earlier periods that it goes on from. `zone` is that of
    its partnership or layer."""

    flag: "Flag"
    notified: "tuple[Notified, ...]"
    of_matter: "tuple[Notified, ...]"
    zone: str = "UTC"


def overdue(app: "App", partnership: str | None, now: "datetime", audience: "Audience") -> tuple[Overdue, ...]:
    """What is overdue in that partnership, or in all of the audience's, the longest first. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.store import notified

    with app.store.read() as db:
        rows: Iterable[PartnershipRow | InForce] = (
            partnerships_owing(db, now)
            if partnership is None and audience.sees_all
            else lookup.partnerships_of(app, db, partnership, audience.organisation)
        )
        late = [*_flags(app, db, rows, now, audience)]
        people = notified.of_subjects(db, (flag.measurement.id for flag, _ in late))
    late.sort(key=lambda found: (found[0].measurement.overdue_since, *_key(found[0])))
    return tuple(_of_flag(flag, people, zone) for flag, zone in late)


def _of_flag(flag: "Flag", people: "NotifiedOf", zone: str) -> Overdue:
    own = tuple(people.get(_key(flag), ()))
    before = (
        each
        for owed in flag.measurement.goes_on_from
        for each in people.get((owed.id, owed.period.label), ())
        if each.on > owed.due
    )
    return Overdue(flag, own, (*before, *own), zone)


def of_partnership(
    app: "App", db: "Connection", row: "PartnershipRow", now: "datetime", audience: "Audience"
) -> tuple[Overdue, ...]:
    """The overdue KPIs of a partnership that this audience may see, oldest first for each KPI. One that was ended owes
    nothing more."""
    from scheduler.store import notified

    late = [*_flags(app, db, [row], now, audience)]
    people = notified.of_subjects(db, (flag.measurement.id for flag, _ in late))
    return tuple(_of_flag(flag, people, zone) for flag, zone in late)


def partnerships_owing(db: "Connection", now: "datetime") -> "Iterator[InForce]":
    """The partnerships in which a KPI may be overdue at `now`; only they need be looked at."""
    from scheduler.store import measurements, partnerships

    for ids in _parts(measurements.owing(db, _latest_date(now))):
        yield from partnerships.in_force(db, ids)


def _flags(
    app: "App", db: "Connection", rows: "Iterable[PartnershipRow | InForce]", now: "datetime", audience: "Audience"
) -> "Iterator[tuple[Flag, str]]":
    """Each with the zone of its scope."""
    from scheduler.rules.access import visible
    from scheduler.rules.kpis.ladder import flag

    for some in _parts(row for row in rows if row.ended_at is None):
        for scope, owed in _owed(app, db, some, now):
            late = (each for each in visible(owed, audience) if each.status == "overdue")
            yield from ((flag(each, scope, now), scope.timezone) for each in late)


def _owed(
    app: "App", db: "Connection", rows: "Sequence[PartnershipRow | InForce]", now: "datetime"
) -> "Iterator[tuple[Scope, tuple[Measurement, ...]]]":
    """Each scope of these partnerships with what it owes until now: what KPIs rest on is read for all of them at once,
    and none of their reviews."""
    from scheduler.rules.kpis.definition_in_force import timelines
    from scheduler.rules.kpis.measurements import measurements
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services import definition_versions
    from scheduler.store import faults, readings, versions

    ids = [row.id for row in rows]
    reported, excused = readings.current_of(db, ids), readings.excuses_of(db, ids)
    known, until, unreached = versions.listings(db, ids), _latest_date(now), faults.unreached(db)
    for row in rows:
        theirs = definition_versions.of_listing(app, db, row, known[row.id])
        parts = scopes(app.in_force(row).as_of(now), app.playbooks)
        kept = definition_versions.kept_dues(db, row.id, theirs)
        past = timelines(theirs, parts, app.playbooks, now, kept)
        for scope in parts:
            yield scope, measurements(scope, reported[row.id], excused[row.id], now, until, past, unreached)


def _latest_date(now: "datetime") -> "date":
    """The civil date where it is latest: what is overdue anywhere fell due before it."""
    return (now.astimezone(UTC) + _FARTHEST_EAST).date()


def _parts(values: "Iterable[T]") -> "Iterator[list[T]]":
    left = iter(values)
    while some := [*islice(left, _AT_ONCE)]:
        yield some


def as_json(late: Overdue) -> dict[str, Any]:
    """An overdue period as `overdue --json` and `show --json` list it; `told` are those who were told, `untold` those
    whose letter still waits or could not be delivered."""
    flag, owed = late.flag, late.flag.measurement
    return {
        "id": owed.id,
        "kpi": owed.key,
        "name": owed.kpi.name,
        "partnership": owed.partnership,
        "layer": owed.layer,
        "level": owed.kpi.level,
        "organisation": owed.kpi.of,
        "owner": owed.kpi.owner,
        "deputy": owed.kpi.deputy,
        "asked": owed.asked,
        "asked_because": owed.asked_because,
        "period": owed.period.label,
        "period_start": owed.period.first,
        "period_end": owed.period.last,
        "due": owed.due,
        "overdue_since": owed.overdue_since,
        "working_days_overdue": flag.working_days_overdue,
        "rung": flag.rung,
        "told": told(late.notified),
        "untold": untold(late.notified),
        "agenda": next((step.agenda for step in reversed(flag.reached) if step.agenda), None),
        "held_until": owed.held_until,
        "held_because": owed.excuse.because if owed.excuse and owed.held_until else None,
        "next_rung": flag.next.rung if flag.next else None,
        "next_on": flag.next.on if flag.next else None,
        "next_tells": flag.next.tell if flag.next else (),
    }


def told(notified: "Sequence[Notified]") -> list[dict[str, Any]]:
    told = (each for each in notified if each.delivered == "told")
    return [{"person": each.person, "rung": each.rung, "on": each.on, "told_at": each.at} for each in told]


def untold(notified: "Sequence[Notified]") -> list[dict[str, Any]]:
    return [
        {"person": each.person, "rung": each.rung, "on": each.on, "state": each.delivered, "because": each.because}
        for each in notified
        if each.delivered != "told"
    ]


def _key(flag: "Flag") -> tuple[str, str]:
    return flag.measurement.id, flag.measurement.period.label
