"""How a partnership stands, from its state: for each who reads, and put on record when it is governed.

An actor-level KPI colours what its own organisation sees, and nobody else's picture: so a standing is one reader's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.standing import Standing, State
from scheduler.rules import access
from scheduler.rules.access import JOINT, OPERATOR, Audience
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.standing import adherence, health
from scheduler.rules.standing.known import Known
from scheduler.services.state import PartnershipState
from scheduler.store import standings
from scheduler.store.standings import KeptStanding, Key

_RANK = 100_000
"""So much the state outweighs the number of what is overdue."""
_LONGEST = 160
"""So many characters of a name stand in a portfolio: an index of PostgreSQL takes 2,704 bytes, four a character."""
_DAY = timedelta(days=1)


def reader_of(audience: Audience) -> str:
    """Whose row of the record an audience reads."""
    return standings.OPERATOR if audience.sees_all else audience.organisation or standings.NETWORK


def known_to(audience: Audience, state: PartnershipState, of: Scope) -> Known:
    """What an audience may know of a partnership, `of` its umbrella, or of a layer."""
    parts = [of] if of.layer else [*state.scopes.values()]
    ids = {part.id for part in parts}
    return Known(
        partnership=state.partnership,
        parts=parts,
        owed={part.id: access.visible(state.owed[part.id], audience) for part in parts},
        recorded=state.recorded,
        past=sorted(
            (
                *(each for each in state.past_reviews if state.recorded[each.review].review.scope_id in ids),
                *(state.past_rounds if of.layer is None else ()),
            ),
            key=lambda each: (each.day, each.review),
        ),
        decisions=state.decisions,
        deadlocks=state.deadlocks,
        health_rounds=state.health_rounds if of.layer is None else (),
        now=state.now,
    )


def standings_of(state: PartnershipState, audience: Audience) -> tuple[Standing, ...]:
    """How a partnership stands for an audience, and then each of its layers."""
    return tuple(health.standing(known_to(audience, state, each)) for each in state.scopes.values())


def put_on_record(db: Connection, state: PartnershipState) -> datetime | None:
    """Keep how a partnership stands, for each reader; return the moment, in UTC, at which time alone may change it,
    None where none is known."""
    partnership = state.partnership
    today = state.now.astimezone(zone(partnership.zone)).date()
    there = standings.of(db, partnership.partnership)
    before = _last_quarter(db, partnership.partnership, there, today)
    rows, turns = [], set[date]()
    for audience, found in _by_audience(state):
        turns |= {each.changes_on for each in found if each.changes_on}
        for standing, scope in zip(found, state.scopes.values(), strict=True):
            key = scope.id, reader_of(audience)
            row = _row(standing, scope, audience, state, today)
            rows.append(_dated(row, there.get(key), before.get(key), today))
    standings.keep(db, rows, there, today)
    return moment(min(turns), time(), partnership.zone).astimezone(UTC) if turns else None


def _last_quarter(
    db: Connection, partnership: str, there: Mapping[Key, KeptStanding], today: date
) -> Mapping[Key, State | None]:
    """How it stood at the end of the last quarter: read once a quarter, and kept beside how it stands."""
    quarter = adherence.quarter(today)
    if there and all(adherence.quarter(each.noted_on) == quarter for each in there.values()):
        return {key: each.before for key, each in there.items()}
    return standings.stood(db, partnership, _first_of_quarter(today) - _DAY)


def _first_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _by_audience(state: PartnershipState) -> Iterator[tuple[Audience, tuple[Standing, ...]]]:
    """Each who reads, and what they see. Who may see the same KPIs sees the same."""
    known: dict[frozenset[str], tuple[Standing, ...]] = {}
    kpis = {each.id: each.kpi for owed in state.owed.values() for each in owed}
    for audience in (OPERATOR, JOINT, *map(Audience, state.partnership.organisations)):
        seen = frozenset(id for id, kpi in kpis.items() if access.may_see(kpi, audience))
        if seen not in known:
            known[seen] = standings_of(state, audience)
        yield audience, known[seen]


def _row(standing: Standing, scope: Scope, audience: Audience, state: PartnershipState, today: date) -> KeptStanding:
    """A row as it is where nothing was kept before."""
    following = None if state.is_paused else _next_review(state, scope)
    return KeptStanding(
        scope=scope.id,
        reader=reader_of(audience),
        partnership=scope.partnership,
        layer=scope.layer or "",
        name=_cut(scope.name),
        model=scope.model_on(today).value,
        sponsor=_cut(_sponsors(scope, audience)),
        state=standing.state,
        weight=standing.state.rank * _RANK - min(standing.overdue, _RANK - 1),
        since=today,
        before=None,
        noted_on=today,
        overdue=standing.overdue,
        kept=standing.kept,
        counted=standing.counted,
        adherence=standing.adherence,
        next_review=following.id if following else None,
        next_start=following.review.start.astimezone(UTC) if following else None,
        next_date=standing.next_date,
        next_date_is=standing.next_date_is,
        cause=standing.cause,
    )


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _dated(row: KeptStanding, there: KeptStanding | None, before: State | None, today: date) -> KeptStanding:
    """A row with how it stood before, and since when it stands so. What it says of a history is noted when it is
    another one, and in each month."""
    if there is None:
        return replace(row, before=before)
    since = there.since if there.state is row.state else today
    same_month = (there.noted_on.year, there.noted_on.month) == (today.year, today.month)
    noted_on = there.noted_on if same_month and _history(there) == _history(row) else today
    return replace(row, before=before, since=since, noted_on=noted_on)


def _history(row: KeptStanding) -> tuple[object, ...]:
    """What a history is of: not how many days are left of a cause, which changes each day."""
    cause = (row.cause.kind, row.cause.cause, row.cause.about) if row.cause else None
    return row.state, cause, row.overdue, row.kept, row.counted


def _next_review(state: PartnershipState, scope: Scope) -> Recorded | None:
    """The next review of a partnership, or of a layer alone."""
    coming = (
        each
        for each in state.recorded.values()
        if each.status is Status.PLANNED
        and each.review.start >= state.now
        and (scope.layer is None or each.review.scope_id == scope.id)
    )
    return min(coming, key=lambda each: each.review.start, default=None)


def _sponsors(scope: Scope, audience: Audience) -> str:
    """The names of the sponsors: of an organisation its own, for everybody else all of them."""
    mine = audience.organisation
    theirs = (scope.people[key] for key in scope.with_roles((Role.SPONSOR,)))
    return standings.SPONSORS.join(each.name for each in theirs if mine is None or each.of == mine)
