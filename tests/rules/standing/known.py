"""Acme × Globex at a moment, as whoever reads it may know it: readings of Tom's *Cells delivered* and Uwe's internal
*Landed cost*, past reviews, and the rest as a definition says it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.proposal import Deadlock
from scheduler.domain.record.review import Moves, Recorded
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.access import OPERATOR, Audience, visible
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.standing.adherence import PastOccurrence, occurrences
from scheduler.rules.standing.known import Known
from tests.builders import a_partnership, a_recorded, a_review, at, playbooks

MARCH = at("2027-03-10 09:00")


def known(
    *,
    readings: Iterable[Reading] = (),
    recorded: Iterable[Recorded] = (),
    decisions: Iterable[CourseDecision] = (),
    deadlocks: Sequence[Deadlock] = (),
    audience: Audience = OPERATOR,
    moves: Moves | None = None,
    layer: int | None = None,
    now: datetime = MARCH,
    **written: Any,
) -> Known:
    """The umbrella with its layers, or its n-th layer alone; `written` replaces keys of the definition."""
    partnership = a_partnership(**written)
    found = list(scopes(partnership.as_of(now), playbooks()))
    parts = found if layer is None else [found[layer]]
    values = {(each.kpi, each.period): each for each in readings}
    until = (now + timedelta(days=400)).date()
    records = {each.id: each for each in recorded}
    return Known(
        partnership=partnership.as_of(now),
        parts=parts,
        owed={part.id: visible(measurements(part, values, {}, now, until), audience) for part in parts},
        recorded=records,
        past=occurrences(parts, records, {}, moves or {}, now),
        decisions={each.review: each for each in decisions},
        deadlocks=deadlocks,
        now=now,
    )


def weekly(*statuses: Status, first: date = date(2026, 12, 8), **changes: Any) -> list[Recorded]:
    """Pipeline reviews on tuesdays from 8 December 2026 on."""
    return [
        a_recorded(a_review(first + timedelta(weeks=n)), status=status, **changes) for n, status in enumerate(statuses)
    ]


def past(*recorded: Recorded, now: datetime = MARCH, moves: Moves | None = None) -> tuple[PastOccurrence, ...]:
    return tuple(known(recorded=recorded, now=now, moves=moves).past)
