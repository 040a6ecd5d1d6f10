"""The success written before signing, held against the evidence: one verdict for each criterion.

A criterion with a KPI is judged from its readings against the criterion's own target, else the KPI's: *met* where the
latest reading reaches it, *partly* where an earlier one did and the latest does not, *missed* where none did, *not
measured* without a reading. A criterion with an owner alone is for that person to judge at the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scheduler.domain.kpi import Criterion, Kpi
from scheduler.domain.measure import Reading
from scheduler.domain.people import Organisation
from scheduler.domain.target import Target

from .audience import Audience, may_see
from .figures import Names, latest_by_period, target_words, value_words
from .wording import listed

Verdict = Literal["met", "partly", "missed", "not measured", "to be judged"]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion on the checkpoint's agenda. `judge` is whoever judges it where no figure does."""

    says: str
    target: str | None
    verdict: Verdict
    judge: str | None
    evidence: str


def criterion_line(
    criterion: Criterion,
    kpis: Mapping[str, Kpi],
    readings: Sequence[Reading],
    organisations: Mapping[str, Organisation],
    audience: Audience,
    name: Names,
) -> CriterionLine:
    """One criterion with its verdict, as this audience may see it.

    Where its KPI is internal to an organisation that is not reading, the sentence stands (it is in the signed
    success) without target, figures or verdict: that organisation is asked to answer.
    """
    kpi = kpis.get(criterion.kpi or "")
    if kpi is not None and not may_see(kpi, audience):
        whose = organisations.get(kpi.of or "")
        side = whose.name if whose else "the side that measures it"
        judge = name(criterion.owner) if criterion.owner else side
        return CriterionLine(criterion.says, None, "to be judged", judge, "")
    owner = name(criterion.owner) if criterion.owner else None
    if kpi is None:
        return CriterionLine(criterion.says, None, "to be judged", owner, "")
    measured = kpi.model_copy(update={"target": criterion.target or kpi.target})
    known = latest_by_period(readings)
    figures = listed([f"{value_words(measured, reading)} in {reading.period}" for reading in known[-3:]])
    return CriterionLine(
        says=criterion.says,
        target=f"{kpi.name} {target_words(measured)}",
        verdict=verdict(measured.target, known),
        judge=owner,
        evidence=figures or f"no reading yet: {name(kpi.owner)} owes one",
    )


def verdict(target: Target, readings: Sequence[Reading]) -> Verdict:
    """The verdict that readings, oldest first, give on a target."""
    if not readings:
        return "not measured"
    if target.met(readings[-1].value):
        return "met"
    return "partly" if any(target.met(reading.value) for reading in readings) else "missed"
