"""Briefings to test with: a partnership of each structural model, a review of any kind, what has been reported so far.

Tom Reyes of Globex owns *Cells delivered*, Dev Patel owns *Formats qualified* without a deputy, and Uwe Brandt reports
what nobody outside Acme may see: the *Landed cost*, marked with figures that stand nowhere else.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Special
from scheduler.domain.definition.vocabulary import Kind, Model, Status
from scheduler.domain.record.measurement import Flag, Reading
from scheduler.domain.record.notification import Delivered, Notified
from scheduler.domain.record.review import Recorded, Review, Series
from scheduler.domain.record.rsvp import RsvpStanding
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.render.agenda.agenda_facts import AgendaFacts
from scheduler.render.agenda.briefing import Briefing, briefing
from scheduler.render.agenda.rsvps import NONE
from scheduler.render.agenda.sketch import sketch
from scheduler.rules.access import JOINT, Audience
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.kpis.ladder import flag
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.minutes.filing import filed
from scheduler.rules.minutes.parser import read
from scheduler.rules.reminders.actions import commitments
from scheduler.rules.reviews.clocks import clock_dates, timetable
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import (
    ACME,
    CELLS_DELIVERED,
    GLOBEX,
    INITECH,
    LANDED_COST,
    Written,
    a_partnership,
    at,
    playbooks,
)

SHIPPED = Path(__file__).parents[2] / "templates"
FOLDERS = (SHIPPED,)
KEYS = ("pipeline", "operating", "health-audit", "strategy", "checkpoint", "formal-review", "exit")
REVIEWS = [
    (model, key)
    for model in Model
    for key in KEYS
    if (model, key) not in ((Model.CONSORTIUM, "pipeline"), (Model.EQUITY_ALLIANCE, "operating"))
]
"""Every review of every structural model: a consortium has no pipeline review, an equity alliance no operating one."""
NOW = at("2027-01-19 09:00")
FORMATS: Written = {
    "name": "Formats qualified",
    "owner": "dev",
    "target": ">= 1",
    "every": "month",
    "decides": "dev",
    "leverage": "knowledge",
}
KPIS: Written = {
    "cells-delivered": {**CELLS_DELIVERED, "leverage": "resource"},
    "formats-qualified": FORMATS,
    "landed-cost": {**LANDED_COST, "name": "SECRET-COST per kWh", "target": "<= 92.77"},
}
VALUES: dict[str, tuple[str, ...]] = {
    "cells-delivered": ("0.31", "0.27", "0.25"),
    "formats-qualified": ("1", "1"),
    "landed-cost": ("93.11", "94.22"),
}
"""Readings by KPI, for October 2026 and the months after it."""
AGREEMENT: Written = {
    "signed": "2026-09-01",
    "ends": "2027-09-30",
    "renewal": {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"},
    "decides": "joint steering committee",
    "documents": [{"kind": "nda", "signed": "2026-05-04", "expires": "2027-05-04"}],
    "contributions": {
        "acme": "the Halden line and two process engineers",
        "globex": "cell chemistry, 40 MUSD of tooling",
    },
    "exit": "Either side on 180 days' notice; tooling returns to its owner.",
}
NORA: Written = {"name": "Nora Kimura", "email": "nora.kimura@initech.example", "of": "initech", "role": "sponsor"}
OF_THE_MODEL: dict[Model, Written] = {
    Model.CONTRACTUAL_ALLIANCE: {
        "form": "licensing",
        "agreement": {
            **AGREEMENT,
            "scope": "Prismatic cells for passenger cars",
            "territory": "European Union, Norway",
            "exclusivity": "Globex sells to no other car maker there until 2028",
        },
    },
    Model.REVENUE_SHARING: {
        "agreement": {**AGREEMENT, "formula": {"basis": "top_line_revenue", "shares": {"acme": 60, "globex": 40}}}
    },
    Model.EQUITY_ALLIANCE: {
        "agreement": {
            **AGREEMENT,
            "equity": {"holder": "acme", "in": "globex", "percent": "8.5", "board": "observer"},
        }
    },
    Model.CONSORTIUM: {
        "organisations": {"acme": ACME, "globex": GLOBEX, "initech": INITECH},
        "agreement": AGREEMENT,
    },
    Model.JOINT_VENTURE: {
        "agreement": {
            **AGREEMENT,
            "entity": {"name": "Halden Cells GmbH", "country": "DE", "shares": {"acme": 50, "globex": 50}},
            "reserved_matters": ["budget above 5 MEUR", "new shareholders"],
        }
    },
}


def a_case(model: Model = Model.CONTRACTUAL_ALLIANCE, **changes: Any) -> Partnership:
    """Acme × Globex under a structural model, with what it requires; `changes` replace keys of the definition."""
    written = {"kpis": KPIS, **OF_THE_MODEL[model], **changes}
    partnership = a_partnership(model=model, **written)
    if model is Model.CONSORTIUM and "people" not in changes:
        people = {key: person.model_dump(mode="json") for key, person in partnership.people.items()}
        return a_partnership(model=model, **{**written, "people": {**people, "nora": NORA}})
    return partnership


def a_meeting(scope: Scope, key: str, day: date, model: Model | None = None, **changes: Any) -> Review:
    """The review of a series on a day, as it is planned; `checkpoint`, `formal-review` and `exit` are no series."""
    specials = scope.playbook.checkpoint, scope.playbook.formal_review, scope.playbook.exit.review
    special = dict(zip(("checkpoint", "formal-review", "exit"), specials, strict=True)).get(key)
    terms = _of_special(scope, key, special) if special else _of_series(_series(scope, key))
    start = moment(day, terms.pop("at"), scope.timezone)
    clocks = clock_dates(timetable(terms.pop("clocks")), day, scope.calendar)
    period = f"{day.isocalendar().year}-W{day.isocalendar().week:02}" if key == "pipeline" else f"{day:%Y-%m}"
    length = changes.pop("length", terms.pop("length"))
    planned = {
        "id": f"{scope.id}/{key}/{period}",
        "partnership": scope.partnership,
        "layer": scope.layer,
        "series": key,
        "model": model or scope.model,
        "period": period,
        "nominal_date": day,
        "start": start,
        "end": datetime.fromtimestamp(start.timestamp() + length.total_seconds(), start.tzinfo),
        "timezone": scope.timezone,
        "moved_because": None,
        "clocks": clocks,
        **terms,
    }
    return Review(**{**planned, **changes})


def _series(scope: Scope, key: str) -> Series:
    return next(series for series in scope.series if series.key == key)


def _of_series(series: Series) -> dict[str, Any]:
    return {
        "kind": series.kind,
        "title": series.title,
        "at": series.at.time,
        "length": series.length,
        "agenda_owner": series.agenda_owner,
        "deputy": series.deputy,
        "chair": series.chairs[0] if series.chairs else None,
        "attendees": series.attendees,
        "quorum": series.quorum,
        "place": series.place,
        "clocks": series.clocks,
    }


def _of_special(scope: Scope, key: str, special: Special) -> dict[str, Any]:
    return {
        "kind": Kind(key),
        "title": special.title,
        "at": special.at.time,
        "length": special.length.duration,
        "agenda_owner": "ines",
        "deputy": "dev",
        "chair": scope.with_roles(special.chair.roles)[0],
        "attendees": scope.with_roles(special.attendees),
        "quorum": special.quorum.said(scope.playbook.model),
        "place": None,
        "clocks": special.clocks,
    }


def readings(scope: Scope, values: dict[str, tuple[str, ...]]) -> dict[str, list[Reading]]:
    """Readings by KPI id: one for each month from October 2026, on its 28th."""
    return {
        f"{scope.id}/{key}": [
            Reading(
                f"{scope.id}/{key}",
                period,
                Decimal(value),
                scope.kpis[key].target.met(Decimal(value)),
                datetime.fromisoformat(f"{period}-28T12:00+00:00"),
            )
            for period, value in zip(_months(len(reported)), reported, strict=True)
        ]
        for key, reported in values.items()
        if key in scope.kpis
    }


def _carried(minutes: str | None, scope: Scope, key: str, day: date) -> dict[str, Any]:
    """What the minutes of the review four weeks before leave to this one."""
    before = Recorded(a_meeting(scope, key, day - timedelta(weeks=4)), Status.HELD, minutes=minutes)
    told = read(minutes or "", scope.people, before.review.start.date())
    opened = filed(before.review, told.tasks, (), {before.id: before}, before.review.end)
    standing = commitments(opened, [scope], {before.id: before})
    return {"commitments": standing[scope.id], "unfinished": told.unfinished}


def _months(count: int) -> list[str]:
    return [f"{2026 + (9 + n) // 12}-{(9 + n) % 12 + 1:02}" for n in range(count)]


def notified(flags: Sequence[Flag], **became: Delivered) -> dict[tuple[str, str], list[Notified]]:
    """Everybody whom a ladder has reached, told at noon (UTC) of the step's day; or what `became` of it, by person."""
    return {
        (flag.measurement.id, flag.measurement.period.label): [
            Notified(
                key,
                step.rung,
                str(flag.measurement.due),
                step.on,
                flag.measurement.kpi.of,
                became.get(key, "told"),
                datetime.combine(step.on, time(12), UTC) if became.get(key, "told") == "told" else None,
            )
            for step in flag.reached
            for key in step.tell
        ]
        for flag in flags
    }


def a_briefing(
    partnership: Partnership | None = None,
    key: str = "operating",
    day: date = date(2027, 1, 21),
    *,
    audience: Audience = JOINT,
    values: dict[str, tuple[str, ...]] = VALUES,
    minutes: str | None = None,
    causes: Sequence[TriggerEvent] = (),
    now: datetime = NOW,
    layer: str | None = None,
    recorded: dict[str, Any] | None = None,
    answers: Mapping[str, RsvpStanding] = NONE,
    judgements: Sequence[Judgement] = (),
    decisions: Sequence[CourseDecision] = (),
    became: Mapping[str, Delivered] | None = None,
    **review: Any,
) -> Briefing:
    """The briefing of a review; `review` and `recorded` replace fields of what was planned and what is remembered,
    `became` says of whom no letter was accepted."""
    partnership = partnership or a_case()
    scope = next(scope for scope in scopes(partnership, playbooks()) if scope.layer == layer)
    history = readings(scope, values)
    reported = {(reading.kpi, reading.period): reading for told in history.values() for reading in told}
    measured = measurements(scope, reported, {}, now, now.date() + timedelta(days=40))
    flags = [flag(each, scope, now) for each in measured if each.status == "overdue"]
    facts = AgendaFacts(
        scope=scope,
        partnership=partnership,
        recorded=Recorded(a_meeting(scope, key, day, **review), **(recorded or {})),
        measurements=measured,
        flags=flags,
        notified=notified(flags, **(became or {})),
        history=history,
        now=now,
        **_carried(minutes, scope, key, day),
        causes=causes,
        answers=answers,
        judgements={(each.review, each.criterion): each for each in judgements},
        decisions={each.review: each for each in decisions},
    )
    return briefing(facts, sketch(scope, partnership, facts.recorded), audience)
