"""Small partnerships to test with: Acme Motors (Germany) and Globex Cells (Michigan), and the people who act for them.

Everything is written as a definition file writes it, so `a_partnership(model="consortium", layers={})`
reads like one. A builder's keyword arguments replace the keys of the same name.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.definitions.yaml_text.reading import read_file
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.definition.playbook import Clocks, Playbook
from scheduler.domain.definition.vocabulary import DayOff, Kind, Model
from scheduler.domain.phrases import At, Every, On
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.review import Recorded, Review, Series

Written = dict[str, Any]
SHIPPED = Path(__file__).parents[1] / "config" / "playbooks"

ACME: Written = {
    "name": "Acme Motors SE",
    "country": "DE",
    "region": "BY",
    "timezone": "Europe/Berlin",
    "hours": "08:30-17:30",
}
GLOBEX: Written = {"name": "Globex Cells Inc", "country": "US", "region": "MI", "timezone": "America/Detroit"}
INITECH: Written = {"name": "Initech KK", "country": "JP", "timezone": "Asia/Tokyo", "fiscal_year_starts": "april"}

INES: Written = {"name": "Inès Falk", "email": "ines.falk@acme.example", "of": "acme", "role": "alliance_manager"}
MARTA: Written = {"name": "Marta Bauer", "email": "marta.bauer@acme.example", "of": "acme", "role": "sponsor"}
UWE: Written = {"name": "Uwe Brandt", "email": "uwe.brandt@acme.example", "of": "acme"}
DEV: Written = {"name": "Dev Patel", "email": "dev.patel@globex.example", "of": "globex", "role": "alliance_manager"}
JUNE: Written = {"name": "June Okafor", "email": "june.okafor@globex.example", "of": "globex", "role": "sponsor"}
TOM: Written = {"name": "Tom Reyes", "email": "tom.reyes@globex.example", "of": "globex"}

CELLS_DELIVERED: Written = {
    "name": "Cells delivered",
    "owner": "tom",
    "deputy": "dev",
    "unit": "GWh",
    "target": ">= 0.3",
    "every": "month",
    "due": "8 working days",
    "decides": "ines",
}
LANDED_COST: Written = {
    "name": "Landed cost per kWh",
    "level": "actor",
    "of": "acme",
    "owner": "uwe",
    "deputy": "ines",
    "unit": "EUR",
    "target": "<= 92",
    "every": "month",
    "decides": "marta",
}


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    """The moment that a clock in `zone` shows as `text`: ``at("2026-10-01 09:00", "America/Detroit")``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def an_organisation(**changes: Any) -> Organisation:
    """Acme Motors SE of Bavaria."""
    return Organisation.model_validate({**ACME, **changes})


def a_person(**changes: Any) -> Person:
    """Inès Falk, alliance manager of Acme."""
    return Person.model_validate({**INES, **changes})


def a_kpi(**changes: Any) -> Kpi:
    """Cells delivered: monthly, owned by Tom of Globex, due 8 working days after the month."""
    return Kpi.model_validate({**CELLS_DELIVERED, **changes})


def written(effective: date | str = "2026-10-01", agreement: Written | None = None, **changes: Any) -> Written:
    """What a definition file says, as a mapping: a contractual alliance of Acme and Globex."""
    return {
        "partnership": "acme-globex",
        "name": "Acme × Globex battery cells",
        "model": "contractual_alliance",
        "function": "supply",
        "goal": "4 GWh of cells a year for the Halden line from 2027.",
        "timezone": "Europe/Berlin",
        "organisations": {"acme": ACME, "globex": GLOBEX},
        "people": {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM},
        "agreement": {"signed": "2026-09-01", "effective": effective, **(agreement or {})},
        "success_at_90_days": {
            "agenda_owner": "ines",
            "criteria": [
                {
                    "id": "cells",
                    "says": "Cells arrive at the rate agreed",
                    "kpi": "cells-delivered",
                    "target": ">= 0.3",
                },
                {"id": "dashboards", "says": "Both sides report from one KPI dashboard", "owner": "dev"},
            ],
        },
        "kpis": {"cells-delivered": CELLS_DELIVERED, "landed-cost": LANDED_COST},
        "triggers": [{"when": "missed", "kpi": "any", "times": 3}, {"when": "vacant", "role": "sponsor"}],
        **changes,
    }


def a_partnership(
    effective: date | str = "2026-10-01", agreement: Written | None = None, **changes: Any
) -> Partnership:
    """A contractual alliance of Acme and Globex from 1 October 2026; `agreement` adds to its agreement."""
    return Partnership.model_validate(written(effective, agreement, **changes))


def a_clocks(notice: str = "", agenda: str = "", items: str = "", minutes: str = "", objections: str = "") -> Written:
    said = {"notice": notice, "agenda": agenda, "items": items, "minutes": minutes, "objections": objections}
    return {name: span for name, span in said.items() if span}


_CLOCKS = {
    "week": a_clocks(agenda="1 working day", items="0 days", minutes="1 working day"),
    "month": a_clocks("10 days", "5 days", "2 working days", "5 working days", "5 working days"),
    "quarter": a_clocks("45 days", "10 days", "5 days", "5 working days", "10 working days"),
    "year": a_clocks("45 days", "21 days", "14 days", "10 days", "15 days"),
    "board": a_clocks("21 days", "10 days", "5 days", "10 days", "15 days"),
}
_ROLES = {
    "managers": ["alliance_manager"],
    "sponsors": ["sponsor"],
    "steering": ["sponsor", "alliance_manager"],
    "board": ["director", "observer", "sponsor"],
    "members": ["member", "coordinator", "alliance_manager"],
    "finance": ["finance_owner", "alliance_manager"],
}
_ROTATES = {"pipeline": "monthly", "operating": "each", "health-audit": "yearly", "strategy": "each"}

# key | title | kind | every | on | minutes | clocks | who attends
_SERIES = {
    Model.CONTRACTUAL_ALLIANCE: """
    pipeline | Pipeline review | pipeline | week | tuesday | 30 | week | managers
    operating | Operating review | operating | month | working day 14 | 60 | month | managers
    health-audit | Strategic health audit | health-audit | quarter | third tuesday of month 2 | 90 | quarter | steering
    sponsors | Executive sponsors | strategy | half-year | second thursday of month 3 | 45 | month | sponsors
    strategy | Annual strategy review | strategy | year | first tuesday of june | 180 | year | steering
    """,
    Model.JOINT_VENTURE: """
    pipeline | Management committee | pipeline | 2 weeks | tuesday | 60 | week | managers
    operating | Operating committee | operating | month | working day 14 | 120 | month | managers
    health-audit | Board | health-audit | quarter | third tuesday of month 2 | 240 | board | board
    strategy | Owners' strategy | strategy | year | first tuesday of june | 480 | year | steering
    """,
    Model.CONSORTIUM: """
    operating | Work-package leads | operating | month | working day 14 | 60 | month | members
    health-audit | Executive board | health-audit | quarter | third tuesday of month 2 | 120 | board | steering
    strategy | General assembly | strategy | year | first tuesday of june | 240 | year | steering
    """,
    Model.EQUITY_ALLIANCE: """
    pipeline | Commercial pipeline | pipeline | 2 weeks | tuesday | 30 | week | managers
    health-audit | Commercial steering | health-audit | quarter | third tuesday of month 2 | 90 | quarter | steering
    board | Board or observer seat | health-audit | quarter | second thursday of month 1 | 180 | board | board
    strategy | Investment thesis review | strategy | year | first tuesday of june | 120 | year | steering
    """,
    Model.REVENUE_SHARING: """
    pipeline | Pipeline review | pipeline | week | tuesday | 30 | week | managers
    operating | Settlement review | operating | month | working day 14 | 45 | month | finance
    health-audit | Business review | health-audit | quarter | third tuesday of month 2 | 75 | quarter | steering
    strategy | Audit window | strategy | year | first tuesday of june | 120 | year | steering
    """,
}


def _standards(model: Model) -> Written:
    rows = [[cell.strip() for cell in line.split("|")] for line in _SERIES[model].strip().splitlines()]
    return {row[0]: _standard(*row[1:]) for row in rows}


def _standard(title: str, kind: str, every: str, on: str, minutes: str, clocks: str, attend: str) -> Written:
    return {
        "title": title,
        "kind": kind,
        "every": every,
        "on": on,
        "at": "15:00" if kind in ("pipeline", "operating") else "14:00",
        "length": f"{minutes} minutes",
        "attendees": _ROLES[attend],
        "chair": {"roles": _ROLES[attend], "rotates": _ROTATES[kind]},
        "quorum": "1 per side",
        "clocks": _CLOCKS[clocks],
        "fiscal": "investee" if title == "Board or observer seat" else None,
    }


def _with_reconvening(model: Model, series: Written) -> Written:
    """A board of a consortium that had no quorum is convened again."""
    if model is Model.CONSORTIUM:
        series["health-audit"]["reconvene"] = {
            "within": "15 days",
            "notice": "7 days",
            "quorum": "any number of members",
        }
    return series


def a_playbook(model: Model | str = Model.CONTRACTUAL_ALLIANCE, **changes: Any) -> Playbook:
    """The playbook of a structural model, with the numbers of alliance practice."""
    special = {"at": "14:00", "attendees": _ROLES["steering"], "chair": {"roles": ["sponsor"]}, "quorum": "1 per side"}
    return Playbook.model_validate(
        {
            "model": model,
            "series": _with_reconvening(Model(model), _standards(Model(model))),
            "on": {
                "week": "tuesday",
                "month": "working day 14",
                "quarter": "third tuesday of month 2",
                "half-year": "second thursday of month 3",
                "year": "first tuesday of june",
            },
            "checkpoint": {
                **special,
                "title": "90-day success checkpoint",
                "length": "90 minutes",
                "clocks": a_clocks("14 days", "7 days", "3 days", "5 working days"),
            },
            "checkpoint_after": "90 days",
            "launch_track": [
                {"key": "kick-off", "day": 0, "says": "Kick-off"},
                {"key": "owners-confirmed", "day": 14, "says": "Every KPI owner is confirmed"},
                {"key": "first-steering", "day": 30, "says": "First steering meeting"},
                {"key": "midpoint", "day": 45, "says": "Midpoint"},
                {"key": "evidence-call", "day": 76, "says": "Evidence is asked for"},
                {"key": "pre-read", "day": 83, "says": "The pre-read is out"},
            ],
            "formal_review": {
                **special,
                "title": "Formal governance review",
                "length": "120 minutes",
                "clocks": a_clocks("10 working days", "10 days", "5 days", "5 working days"),
            },
            "kpis": {
                "due": {
                    "week": "2 working days",
                    "month": "8 working days",
                    "quarter": "10 working days",
                    "half-year": "15 working days",
                    "year": "20 working days",
                },
                "ladder": [
                    {"name": "T-5", "at": -5, "tell": ["owner"]},
                    {"name": "T-1", "at": -1, "tell": ["owner"]},
                    {"name": "T", "at": 0, "tell": ["owner"]},
                    {"name": "T+1", "at": 1, "tell": ["owner"]},
                    {"name": "T+3", "at": 3, "tell": ["owner", "deputy", "alliance_manager"]},
                    {"name": "T+6", "at": 6, "tell": ["sponsor"]},
                    {"name": "T+10", "at": 10, "tell": ["owner"], "agenda": "health-audit", "repeat": 5},
                ],
            },
            "closing": [
                {"name": "asked", "at": 1, "tell": ["owner"]},
                {"name": "flagged", "at": 3, "tell": ["owner", "deputy", "alliance_manager"]},
            ],
            "actions": [
                {"name": "reminder", "at": -1, "tell": ["owner"]},
                {"name": "overdue", "at": 1, "tell": ["owner"]},
                {"name": "manager", "at": 3, "tell": ["owner", "alliance_manager"]},
            ],
            "cure": "10 working days",
            "exit": {
                "ends": "90 days",
                "stops": ["pipeline", "strategy"],
                "tasks": [
                    {"says": "Give notice", "owner": "alliance_manager", "by": "5 working days"},
                    {"says": "Return papers", "owner": "alliance_manager", "each_side": True, "before": "14 days"},
                ],
                "review": {
                    **special,
                    "title": "Exit review",
                    "length": "60 minutes",
                    "clocks": a_clocks("10 working days", "10 days", "5 days", "5 working days"),
                },
                "reviews": [{"by": "30 days"}, {"before": "14 days"}],
            },
            "agreement": {
                "decide": "30 days",
                "before_decision": [60, 7, 0],
                "before_cancelling": [14, 0],
                "before_expiry": [30, 0],
            },
            **_asked_by(Model(model)),
            **changes,
        }
    )


@cache
def _asked_by(model: Model) -> Written:
    """What the shipped playbook asks in each kind of review and in a health check, how it decides, by what a standing
    is judged, and the traits of its model."""
    tree = read_file(SHIPPED / f"{model}.yaml").tree
    return {key: tree[key] for key in ("agendas", "decisions", "standing", "health_check", "competition_law", "traits")}


def playbooks() -> dict[Model, Playbook]:
    """The playbooks of all five structural models."""
    return {model: a_playbook(model) for model in Model}


def a_series(
    every: str = "week", on: str = "tuesday", anchor: date = date(2026, 10, 1), at: str = "15:00", **changes: Any
) -> Series:
    """A series of Acme × Globex in Berlin, weekly on tuesdays at 15:00, from 1 October 2026."""
    series = Series(
        partnership="acme-globex",
        layer=None,
        key="pipeline",
        model=Model.CONTRACTUAL_ALLIANCE,
        kind=Kind.PIPELINE,
        title="Pipeline review",
        every=Every.read(every),
        on=On.read(on),
        rule=None,
        at=At.read(at),
        length=timedelta(minutes=30),
        timezone="Europe/Berlin",
        anchor=anchor,
        starts=anchor,
        ends=None,
        day_off=DayOff.NEXT,
        fiscal_start=None,
        agenda_owner="dev",
        deputy=None,
        chairs=("ines", "dev"),
        rotates="each",
        attendees=("ines", "dev"),
        quorum="1 per side",
        place=None,
        clocks=Clocks(),
    )
    return replace(series, **changes)


def a_review(day: date = date(2026, 12, 8), zone: str = "Europe/Berlin", **changes: Any) -> Review:
    """The pipeline review of ISO week 50 of 2026: Tuesday 8 December, 15:00 to 15:30 in Berlin."""
    start = datetime.combine(day, time(15), ZoneInfo(zone))
    year, week, _ = day.isocalendar()
    period = changes.pop("period", f"{year}-W{week:02d}")
    series = changes.pop("series", "pipeline")
    review = Review(
        id=f"acme-globex/{series}/{period}",
        partnership="acme-globex",
        layer=None,
        series=series,
        model=Model.CONTRACTUAL_ALLIANCE,
        kind=Kind.PIPELINE,
        title="Pipeline review",
        period=period,
        nominal_date=day,
        start=start,
        end=start + timedelta(minutes=30),
        timezone=zone,
        moved_because=None,
        agenda_owner="dev",
        deputy=None,
        chair="ines",
        attendees=("ines", "dev"),
        quorum="1 per side",
        place=None,
        clocks=(("agenda_by", day - timedelta(days=1)),),
    )
    return replace(review, **changes)


def a_recorded(review: Review | None = None, **changes: Any) -> Recorded:
    """That review as it is remembered: planned, never changed."""
    return replace(Recorded(review or a_review()), **changes)


def a_reading(value: str = "0.31", period: str = "2026-11", **changes: Any) -> Reading:
    """What Tom reported for November 2026, on 8 December at noon UTC."""
    reading = Reading(
        kpi="acme-globex/cells-delivered",
        period=period,
        value=Decimal(value),
        met=Decimal(value) >= Decimal("0.3"),
        reported_at=datetime(2026, 12, 8, 12, tzinfo=UTC),
        by="tom",
    )
    return replace(reading, **changes)
