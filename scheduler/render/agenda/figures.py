"""The figures of a review for one circle of readers: those that all may see, and those of one organisation alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.vocabulary import Kind
from scheduler.render.wording import period_words
from scheduler.rules.access import JOINT, Audience, may_see
from scheduler.rules.kpis.verdicts import evidence
from scheduler.rules.reviews.scopes import Scope

from .agenda_facts import AgendaFacts
from .checkpoint_lines import CriterionLine, criterion_line
from .health_lines import OwnAnswer, own_answers
from .kpi_lines import KpiLine, OverdueLine, by_id, kpi_line, overdue_lines
from .pre_read_lines import ReadLine, pre_read_lines
from .risks import Risk, kpi_risks, silence


@dataclass(frozen=True, slots=True)
class Figures:
    """KPIs, overdue owners and what they warn of, for one circle of readers."""

    kpis: tuple[KpiLine, ...]
    overdue: tuple[OverdueLine, ...]
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Internal:
    """What one organisation alone sees."""

    organisation: str
    figures: Figures
    criteria: tuple[CriterionLine, ...]
    to_read: tuple[ReadLine, ...]
    health: tuple[OwnAnswer, ...] = ()
    """What its own people wrote in the health check, without their names."""


def joint_figures(facts: AgendaFacts, risks: Iterable[Risk]) -> Figures:
    """What all partners see; `risks` are those that no KPI warns of."""
    kpis = _circle(facts.scope, JOINT)
    return _figures(facts, kpis, chain(facts.disputes(kpis), risks))


def internal(facts: AgendaFacts, audience: Audience) -> Internal | None:
    """What this organisation sees beyond the joint agenda; None for an audience of no organisation of the scope."""
    organisation = facts.scope.organisations.get(audience.organisation or "")
    if organisation is None:
        return None
    joint = _circle(facts.scope, JOINT)
    own = {key: kpi for key, kpi in _circle(facts.scope, audience).items() if key not in joint}
    return Internal(
        organisation=organisation.name,
        figures=_figures(facts, own),
        criteria=criteria(facts, audience, own),
        to_read=pre_read_lines(facts, audience),
        health=own_answers(facts, audience.organisation or ""),
    )


def criteria(
    facts: AgendaFacts, audience: Audience, only: Mapping[str, Kpi] | None = None
) -> tuple[CriterionLine, ...]:
    """The scope's success criteria; with `only`, those that are measured by one of these KPIs."""
    scope, review = facts.scope, facts.review
    written = scope.success.criteria if scope.success and review.kind is Kind.CHECKPOINT else ()
    return tuple(
        criterion_line(
            criterion,
            scope,
            evidence(criterion, review, scope, facts.measurements),
            facts.judgements.get((review.id, criterion.id)),
            audience,
            facts.people.name,
            {each.period.label: period_words(each.period) for each in facts.measurements if each.key == criterion.kpi},
        )
        for criterion in written
        if only is None or criterion.kpi in only
    )


def _circle(scope: Scope, audience: Audience) -> dict[str, Kpi]:
    """The KPIs that an audience may see, by key."""
    return {key: kpi for key, kpi in scope.kpis.items() if may_see(kpi, audience)}


def _figures(facts: AgendaFacts, kpis: Mapping[str, Kpi], risks: Iterable[Risk] = ()) -> Figures:
    """The figures of some KPIs and no others."""
    name = facts.people.name
    ids = {facts.id(key) for key in kpis}
    measured = by_id(facts.measurements)
    flags = [flag for flag in facts.flags if flag.measurement.id in ids]
    history = {key: facts.readings(key) for key in kpis}
    overdue = overdue_lines(flags, facts.review.kind, name, facts.notified, facts.scope.timezone)
    return Figures(
        kpis=tuple(kpi_line(kpi, measured.get(facts.id(key), ()), history[key], name) for key, kpi in kpis.items()),
        overdue=overdue,
        risks=(
            *kpi_risks(kpis, {key: measured.get(facts.id(key), ()) for key in kpis}, facts.people),
            *silence(overdue),
            *risks,
        ),
    )
