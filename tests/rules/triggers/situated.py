"""Acme × Globex with its triggers, at a moment: what was reported of Tom's *Cells delivered* and Uwe's internal *Landed
cost*, which reviews were held, skipped or are to come."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, TriggerEvent
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.situation import Situation
from tests.builders import (
    DEV,
    INES,
    JUNE,
    MARTA,
    TOM,
    UWE,
    Written,
    a_partnership,
    a_recorded,
    a_review,
    at,
    playbooks,
)

CELLS = "acme-globex/cells-delivered"
COST = "acme-globex/landed-cost"
AUDIT = "acme-globex/health-audit"
MISSED: Written = {"when": "missed", "kpi": "cells-delivered", "times": 3}
PEOPLE: Written = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
JANUARY = at("2027-01-19 09:00")
GOOD, BAD = "0.31", "0.25"


def a_situation(
    *triggers: Written,
    readings: Iterable[Reading] = (),
    excuses: Iterable[Excuse] = (),
    recorded: Iterable[Recorded] = (),
    now: datetime = JANUARY,
    verdicts: Mapping[str, str] | None = None,
    dealt_with: Mapping[str, date] | None = None,
    scope: int = 0,
    **written: Any,
) -> Situation:
    """A scope with these triggers; `written` replaces keys of the definition."""
    partnership = a_partnership(triggers=list(triggers), **written)
    part = scopes(partnership, playbooks())[scope]
    owed = measurements(
        part,
        {(each.kpi, each.period): each for each in readings},
        {(each.kpi, each.period): each for each in excuses},
        now,
        (now + timedelta(days=400)).date(),
    )
    known = {record.id: record for record in recorded}
    return Situation(partnership, part, owed, known, now, verdicts or {}, dealt_with or {})


def reported(*values: str | None, kpi: str = CELLS, first: int = 10) -> list[Reading]:
    """A reading for each month from October 2026, on the 10th of the month after; None: nothing was reported."""
    months = [(2026 + (first - 1 + n) // 12, (first - 1 + n) % 12 + 1) for n in range(len(values))]
    return [
        Reading(
            kpi,
            f"{year}-{month:02}",
            Decimal(value),
            Decimal(value) <= 92 if kpi == COST else Decimal(value) >= Decimal("0.3"),
            at(f"{year + month // 12}-{month % 12 + 1:02}-10 12:00"),
            "tom",
        )
        for (year, month), value in zip(months, values, strict=True)
        if value is not None
    ]


def audits(*statuses: Status) -> list[Recorded]:
    """The health audits of the quarters from the last of 2026 on."""
    days = (date(2026, 11, 17), date(2027, 2, 16), date(2027, 5, 18), date(2027, 8, 17))
    labels = ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3")
    planned = [
        a_review(day, series="health-audit", period=label, kind=Kind.HEALTH_AUDIT, title="Strategic health audit")
        for day, label in zip(days, labels, strict=True)
    ]
    because = "nobody was ready"
    return [
        a_recorded(review, status=status, because=because) for review, status in zip(planned, statuses, strict=False)
    ]


def the_checkpoint(situation: Situation, status: Status = Status.HELD) -> Recorded:
    review = checkpoint(situation.scope)
    assert review is not None
    return Recorded(review, status)


def sole(situation: Situation) -> Cause:
    """The only cause that holds."""
    (cause,) = causes(situation)
    return cause


def keys(situation: Situation) -> list[str]:
    return [cause.key for cause in causes(situation)]


def fired(cause: Cause, review: str | None = "acme-globex/formal-review/2027-01-19", **changes: Any) -> TriggerEvent:
    return replace(TriggerEvent(cause, review, JANUARY), **changes)
