"""The agendas one can open in `golden/agendas/`, each named after what it shows.

After a wanted change of a template, `python -m tests.render.golden_agendas` writes them anew; read the difference.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says
from scheduler.domain.record.trigger_event import Cause, Evidence, TriggerEvent
from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.agenda.markdown import agenda, as_html
from scheduler.rules.access import Audience
from tests.builders import JUNE, TOM, at
from tests.render.agendas import FOLDERS, NOW, a_briefing, a_case

FOLDER = Path(__file__).parent / "golden" / "agendas"
MINUTES = """# Minutes

- [x] Inès: send the forecast
- [ ] **Dev**: name a deputy for *Formats qualified* by Fri 22 Jan
- [ ]
  * [ ] Tom: drawings of the 4680 format

## Parked

- Joint forecast for 2028
"""
ROYALTIES = {
    "name": "Royalties reported",
    "owner": "tom",
    "deputy": "dev",
    "unit": "EUR",
    "target": ">= 150000",
    "every": "month",
    "decides": "ines",
    "leverage": "market",
}
LICENCE = {
    "name": "Cell chemistry licence, Asia-Pacific",
    "model": "contractual_alliance",
    "form": "licensing",
    "effective": "2026-10-01",
    "ends": "2027-06-30",
    "kpis": {"royalties": ROYALTIES},
}
CHECKPOINT = {
    "agenda_owner": "ines",
    "criteria": [
        {"id": "rate", "says": "Cells arrive at the rate agreed", "kpi": "cells-delivered"},
        {"id": "format", "says": "A first format is qualified", "kpi": "formats-qualified", "target": "= 1"},
        {"id": "cost", "says": "Acme's cost falls as planned", "kpi": "landed-cost"},
        {"id": "dashboard", "says": "Both sides report from one dashboard", "owner": "dev"},
    ],
}


def _pipeline_while_the_owner_is_away() -> Briefing:
    people = {
        key: person.model_dump(mode="json", exclude_none=True)
        | ({"away": ["2027-01-18/2027-01-22"]} if key == "ines" else {})
        for key, person in a_case().people.items()
    }
    return a_briefing(
        a_case(people=people), "pipeline", date(2027, 1, 19), minutes=MINUTES, agenda_owner="ines", deputy="dev"
    )


def _operating_after_the_first_answers() -> Briefing:
    """Inès comes and Dev asks for Monday; whoever answered for an earlier time has still to answer."""
    monday = (at("2027-01-25 15:00"), at("2027-01-25 16:00"))
    said = at("2027-01-11 10:00")
    ines = Answer("ines.falk@acme.example", Says.ACCEPTED, 1, said, said)
    dev = Answer("dev.patel@globex.example", Says.TENTATIVE, 1, said, said, "Audit week", monday)
    uwe = Answer("uwe.brandt@acme.example", Says.DECLINED, 0, said, said)
    answers = {each.email: RsvpStanding(each, is_void=each is uwe) for each in (ines, dev, uwe)}
    return a_briefing(attendees=("ines", "dev", "uwe"), answers=answers)


def _fired(says: str, trigger: str, *evidence: Evidence) -> TriggerEvent:
    """A cause that fired on 19 January 2027 and called the review."""
    day = date(2027, 1, 19)
    cause = Cause("acme-globex", "acme-globex", f"missed/{says}", trigger, says, evidence, None, day)
    return TriggerEvent(cause, f"acme-globex/formal-review/{day}", NOW)


def _second_checkpoint_judged_and_decided() -> Briefing:
    """Relaunched on 4 January 2027. Uwe gives Acme's word; what he saw stays with Acme."""
    first, second = "acme-globex/checkpoint", "acme-globex/checkpoint-2"
    call, day = at("2027-03-22 10:00"), at("2027-04-02 15:20")
    return a_briefing(
        a_case(Model.EQUITY_ALLIANCE, success_at_90_days=CHECKPOINT),
        "checkpoint",
        date(2027, 4, 2),
        values={"cells-delivered": ("0.31", "0.27", "0.25", "0.29", "0.33")},
        now=day,
        judgements=(
            Judgement(second, "dashboard", "met", "One board since 1 February", "dev", call),
            Judgement(second, "cost", "partly", "SECRET-EVIDENCE", "uwe", call),
        ),
        decisions=(
            CourseDecision(first, "relaunch", "the line started two months late", "marta", at("2027-01-04 10:00")),
            CourseDecision(second, "adjust", "the rate is right, the format comes later", "june", day),
        ),
        id=second,
        title="Second 90-day success checkpoint",
        nominal_date=date(2027, 4, 4),
    )


CASES: dict[str, Callable[[], Briefing]] = {
    "pipeline-contractual-owner-away": _pipeline_while_the_owner_is_away,
    "pipeline-in-the-weeks-of-one-sided-summer-time": lambda: a_briefing(key="pipeline", day=date(2027, 3, 23)),
    "operating-contractual-licensing": lambda: a_briefing(minutes=MINUTES),
    "operating-contractual-licensing.acme": lambda: a_briefing(minutes=MINUTES, audience=Audience("acme")),
    "operating-after-the-first-answers": _operating_after_the_first_answers,
    "operating-layer-licence": lambda: a_briefing(
        a_case(Model.EQUITY_ALLIANCE, layers={"apac": LICENCE}),
        layer="apac",
        values={"royalties": ("151000", "149000.5")},
    ),
    "operating-joint-venture": lambda: a_briefing(a_case(Model.JOINT_VENTURE)),
    "operating-revenue-sharing": lambda: a_briefing(a_case(Model.REVENUE_SHARING)),
    "operating-consortium": lambda: a_briefing(a_case(Model.CONSORTIUM)),
    "health-audit-equity": lambda: a_briefing(
        a_case(Model.EQUITY_ALLIANCE, leverage=["resource", "market"]), "health-audit", date(2027, 2, 16)
    ),
    "health-audit-joint-venture-board": lambda: a_briefing(
        a_case(Model.JOINT_VENTURE), "health-audit", date(2027, 2, 16)
    ),
    "health-audit-consortium-votes": lambda: a_briefing(
        a_case(Model.CONSORTIUM), "health-audit", date(2027, 2, 16), quorum="two thirds of the members"
    ),
    "exit-joint-venture": lambda: a_briefing(a_case(Model.JOINT_VENTURE), "exit", date(2027, 2, 16), minutes=MINUTES),
    "strategy-contractual-renewal": lambda: a_briefing(
        key="strategy",
        day=date(2027, 5, 4),
        nominal_date=date(2027, 5, 1),
        moved_because="moved from Sat 1 May 2027: weekend (DE, US)",
    ),
    "strategy-revenue-sharing-audit-window": lambda: a_briefing(
        a_case(Model.REVENUE_SHARING), "strategy", date(2027, 6, 1)
    ),
    "checkpoint-equity": lambda: a_briefing(
        a_case(Model.EQUITY_ALLIANCE, success_at_90_days=CHECKPOINT), "checkpoint", date(2026, 12, 30)
    ),
    "checkpoint-second-after-a-relaunch": _second_checkpoint_judged_and_decided,
    "formal-review-joint-venture": lambda: a_briefing(
        a_case(Model.JOINT_VENTURE),
        "formal-review",
        date(2027, 2, 3),
        causes=[
            _fired(
                "Cells delivered missed its target 3 periods in a row, from 2026-10 on",
                "any KPI missed 3 periods in a row",
                Evidence(date(2026, 11, 12), "Cells delivered 2026-10: 0.29 GWh, missed, 3.3% below the target"),
                Evidence(date(2026, 12, 10), "Cells delivered 2026-11: 0.27 GWh, missed, 10% below the target"),
                Evidence(date(2027, 1, 13), "Cells delivered 2026-12: 0.25 GWh, missed, 16.7% below the target"),
            ),
            replace(_fired("Globex Cells Inc has no sponsor", "a side without a sponsor"), ended_at=NOW),
        ],
    ),
    "formal-review-contractual-hostile-names": lambda: a_briefing(
        a_case(
            name="# <script>alert(1)</script> | {{ 7*7 }}",
            goal="a | b\n\n# Heading\n<!-- end figures: when --> [click](javascript:alert(1)) &lt; ![x](http://x.example/y)",
            people={
                "ines": {**JUNE, "name": "**I** `n` _e_ ~~s~~", "of": "acme", "role": "alliance_manager"},
                "dev": {**TOM, "name": "1. - [ ] * + > Dev", "role": "sponsor"},
                "tom": TOM,
                "june": JUNE,
                "uwe": {**TOM, "of": "acme"},
                "marta": {**JUNE, "of": "acme"},
            },
        ),
        "formal-review",
        date(2027, 2, 3),
        causes=[
            _fired("- [ ] <b>bold</b> | pipe", "`code`", Evidence(date(2027, 1, 4), "# <!-- end figures: causes -->"))
        ],
    ),
}
PAGES = ("operating-contractual-licensing", "formal-review-contractual-hostile-names")


def files(name: str) -> dict[str, str]:
    """File name → text for one case: its Markdown, and for some the page."""
    briefing = CASES[name]()
    text = agenda(briefing, FOLDERS).text
    found = {f"{name}.md": text}
    if name in PAGES:
        found[f"{name}.html"] = as_html(text, briefing.title, FOLDERS).text
    return found
