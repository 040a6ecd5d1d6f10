"""The worked example that a new set-up starts with: small, invented, and already lively on the day it is written."""

from datetime import date, timedelta

from scheduler.definitions.authoring.writer import Answers
from scheduler.domain.definition.vocabulary import Function, Model

EXAMPLE = "acme-globex"
HEAD = """\
# A worked example, invented from end to end: try cadence on it, then delete this file.
# It starts at the beginning of last month, so that it has reviews behind it, its checkpoint ahead, and an overdue KPI.
"""


def example(today: date) -> Answers:
    """A contractual alliance that took effect at the beginning of the month before `today`.

    Its weekly KPI is first asked for the week before last, which was due on the second working day of last week:
    whatever the day, somebody is overdue.
    """
    effective = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    week_before_last = today - timedelta(days=today.weekday() + 14)
    return Answers(
        id=EXAMPLE,
        name="Acme × Globex pilot",
        model=Model.CONTRACTUAL_ALLIANCE,
        function=Function.MARKETING,
        goal="Acme's pumps in Globex's stores within a year: one has no stores, the other no pumps.",
        effective=effective,
        organisations={
            "acme": {
                "name": "Acme Pumps GmbH",
                "country": "DE",
                "region": "HH",
                "timezone": "Europe/Berlin",
                "hours": "09:00-18:00",  # three hours in common with Detroit, as long as the longest review
            },
            "globex": {"name": "Globex Stores Inc", "country": "US", "region": "MI", "timezone": "America/Detroit"},
        },
        people={
            "ines": _person("Inès Falk", "ines.falk@acme.example", "acme", "alliance_manager"),
            "marta": _person("Marta Bauer", "marta.bauer@acme.example", "acme", "sponsor"),
            "dev": _person("Dev Patel", "dev.patel@globex.example", "globex", "alliance_manager"),
            "june": _person("June Okafor", "june.okafor@globex.example", "globex", "sponsor"),
        },
        criteria=[
            {"id": "first-stores", "says": "Twenty stores sell the pumps", "kpi": "stores", "target": ">= 20"},
            {"id": "dashboard", "says": "Both sides report from one agreed dashboard", "owner": "dev"},
        ],
        kpis={
            "stores": {"name": "Stores that sell the pumps", **_owned("dev", "june", ">= 20", "month")},
            "returns": {"name": "Pumps returned", "unit": "%", **_owned("ines", "marta", "<= 2", "month")},
            "enquiries": {
                "name": "Enquiries a week",
                **_owned("dev", "june", ">= 15", "week"),
                "from": week_before_last,
            },
        },
        triggers=[
            {"when": "missed", "kpi": "any", "times": 3},
            {"when": "unreported", "kpi": "any", "for": "10 working days"},
            {"when": "vacant", "role": "sponsor"},
            {"when": "checkpoint", "verdict": "missed"},
        ],
    )


def _person(name: str, email: str, of: str, role: str) -> dict[str, str]:
    return {"name": name, "email": email, "of": of, "role": role}


def _owned(owner: str, deputy: str, target: str, every: str) -> dict[str, str]:
    return {"owner": owner, "deputy": deputy, "target": target, "every": every, "decides": owner}
