"""Partnerships by a seed: two to a world, of each structural model in turn, between organisations of many zones and
weekends, with KPIs that have ladders, triggers, and something internal to each side.

What is internal to an organisation bears its word (`MARKS`), and stands nowhere else.
"""

from datetime import date
from random import Random

from scheduler.domain.definition.vocabulary import Model
from tests.builders import Written
from tests.confidential.partnership import MARKS

EFFECTIVE = date(2026, 10, 1)
PLACES: tuple[Written, ...] = (
    {"country": "DE", "region": "BY", "timezone": "Europe/Berlin"},
    {"country": "FI", "timezone": "Europe/Helsinki", "hours": "08:00-16:00"},
    {"country": "PT", "timezone": "Europe/Lisbon"},
    {"country": "US", "region": "MI", "timezone": "America/Detroit"},
    {"country": "JP", "timezone": "Asia/Tokyo", "hours": "08:45-20:00", "fiscal_year_starts": "april"},
    {"country": "BR", "timezone": "America/Sao_Paulo"},
    {"country": "IN", "timezone": "Asia/Kolkata"},
    {"country": "AE", "timezone": "Asia/Dubai"},
    {"country": "GB", "timezone": "Europe/London", "closed": ["2027-08-02/2027-08-13"]},
    {"country": "NZ", "timezone": "Pacific/Auckland", "weekend": ["saturday", "sunday"]},
)
NAMES = {
    "acme": ("Ines Falk", "Marta Bauer", "Uwe Brandt"),
    "globex": ("Dev Patel", "June Okafor"),
    "initech": ("Rui Costa", "Ana Lopes"),
}
"""The manager and the sponsor of each; at Acme one more, who owns KPIs."""
_REQUIRED: dict[Model, Written] = {
    Model.EQUITY_ALLIANCE: {"equity": {"holder": "acme", "in": "globex", "percent": 8.5, "board": "observer"}},
    Model.JOINT_VENTURE: {
        "entity": {"name": "Halden Cells", "country": "DE", "shares": {"acme": 50, "globex": 50}},
        "reserved_matters": ["The annual budget"],
    },
    Model.REVENUE_SHARING: {"formula": {"basis": "top_line_revenue", "shares": {"acme": 60, "globex": 40}}},
}
_TRIGGERS: tuple[Written, ...] = (
    {"when": "missed", "kpi": "any", "times": 3},
    {"when": "unreported", "kpi": "any", "for": "10 working days"},
    {"when": "off_target", "kpi": "parts", "by": "40%"},
    {"when": "skipped", "review": "health-audit", "times": 2},
    {"when": "vacant", "role": "sponsor"},
    {"when": "not_closed", "review": "any", "for": "15 working days"},
    {"when": "late_actions", "for": "15 working days", "times": 2},
    {"when": "checkpoint", "verdict": "missed"},
    {"when": "requested", "members": 2},
    {"when": "on", "date": "2027-11-02"},
)


def key_of(name: str) -> str:
    return name.partition(" ")[0].lower()


def manager(of: str) -> str:
    return key_of(NAMES[of][0])


def sponsor(of: str) -> str:
    return key_of(NAMES[of][1])


def owner(of: str) -> str:
    return key_of(NAMES[of][-1])


def definitions(seed: int, count: int) -> list[Written]:
    """So many partnerships; over seeds that follow one another each structural model has its turn."""
    random = Random(f"definitions {seed}")
    models = list(Model)
    return [_definition(random, number, models[(seed + 2 * number) % len(models)]) for number in range(count)]


def _definition(random: Random, number: int, model: Model) -> Written:
    sides = ["acme", "globex", "initech"] if model is Model.CONSORTIUM else ["acme", "globex"]
    places = random.sample(PLACES, len(sides))
    organisations = {of: {"name": of.capitalize(), **place} for of, place in zip(sides, places, strict=True)}
    terms: Written = {"ends": "2028-03-31", "renewal": {"kind": "express", "for": "12 months", "notice": "90 days"}}
    return {
        "partnership": ("river", "harbour", "meadow")[number],
        "name": f"The {('River', 'Harbour', 'Meadow')[number]} alliance",
        "model": str(model),
        "function": "technology",
        "goal": "One charging standard by 2028.",
        "timezone": places[0]["timezone"],
        "organisations": organisations,
        "people": _people(sides, random),
        "agreement": {"signed": "2026-09-01", "effective": str(EFFECTIVE), **terms, **_REQUIRED.get(model, {})},
        "success_at_90_days": {
            "agenda_owner": "ines",
            "criteria": [
                {"id": "parts", "says": "Parts arrive at the rate agreed", "kpi": "parts", "target": ">= 3"},
                {"id": "team", "says": "One team works from one plan", "owner": "dev"},
            ],
        },
        "kpis": _kpis(random, sides),
        "triggers": random.sample(_TRIGGERS, 5),
        "reviews": _reviews(random, model),
    }


def _people(sides: list[str], random: Random) -> Written:
    found: Written = {}
    for of in sides:
        for name, role in zip(NAMES[of], ("alliance_manager", "sponsor", None), strict=False):
            key = key_of(name)
            found[key] = {"name": name, "email": f"{key}@{of}.example", "of": of, **({"role": role} if role else {})}
    found["ines"]["tell"] = random.choice(("daily", "digest", "daily"))
    return {key: {k: v for k, v in each.items() if v != "daily"} for key, each in found.items()}


def _kpis(random: Random, sides: list[str]) -> Written:
    kpis: Written = {
        "parts": {
            "name": "Parts delivered",
            "owner": "dev",
            "deputy": "june",
            "target": ">= 3",
            "every": random.choice(("month", "quarter", "quarter")),
            "decides": "ines",
        }
    }
    for of in sides:
        mark = MARKS[of]
        kpis[f"{mark.word}-margin"] = {
            "name": f"{mark.word.capitalize()} margin",
            "level": "actor",
            "of": of,
            "owner": owner(of),
            "deputy": manager(of),
            "unit": f"{mark.word} EUR",
            "target": f">= {mark.figure}",
            "every": random.choice(("quarter", "half-year")),
            "decides": sponsor(of),
        }
    return kpis


def _reviews(random: Random, model: Model) -> Written:
    """Few of the playbook's series, and one that only this partnership has."""
    off = {"off": True}
    reviews: Written = {}
    if model is not Model.CONSORTIUM:
        reviews["pipeline"] = random.choice((off, off, {"every": "month", "on": "first tuesday"}))
    if model not in (Model.EQUITY_ALLIANCE,):
        reviews["operating"] = random.choice(
            (off, {"every": "month"}, {"every": "quarter", "on": "second thursday of month 1"})
        )
    if random.random() < 0.3:
        reviews["design"] = {
            "title": "Design meeting",
            "every": "quarter",
            "on": "last friday of month 1",
            "at": "11:00",
            "attendees": ["ines", "dev"],
            "agenda_owner": "dev",
        }
    return reviews
