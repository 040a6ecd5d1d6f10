"""What a health audit shows of the health check before it: each area with its sides, and what that says; and,
in the brief of one side, what its own people wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.record.health import AreaResult, HealthRound
from scheduler.render.languages import say
from scheduler.render.wording import day_words
from scheduler.rules.health_checks.results import Finding, findings

from .agenda_facts import AgendaFacts

Words = Mapping[str, Mapping[str, tuple[str, ...]]]
"""What was written in words, by side and question."""


@dataclass(frozen=True, slots=True)
class HealthSide:
    """A side's cell: its mean, with how it changed and how far its answers lie apart; "too few" where too few
    answered."""

    name: str
    mean: str
    change: str | None
    spread: str | None


@dataclass(frozen=True, slots=True)
class HealthArea:
    """`light` is red, amber, green or unknown; of a red one the agenda has an item of its own."""

    title: str
    light: str
    gap: str | None
    sides: tuple[HealthSide, ...]
    kind: str
    low: str | None


@dataclass(frozen=True, slots=True)
class HealthLines:
    """The last health check that was closed before a review. `before` is how the areas stood in the round before it."""

    period: str
    closed_on: str
    names: tuple[str, ...]
    areas: tuple[HealthArea, ...]
    red: float
    amber: float
    gap: float
    before: str | None


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A question, and what the reader's side wrote to it."""

    asks: str
    words: tuple[str, ...]


def health_lines(facts: AgendaFacts) -> HealthLines | None:
    """None for a review of another kind, and where none was closed."""
    round = facts.health
    if round is None:
        return None
    names = {key: each.name for key, each in facts.partnership.organisations.items()}
    sides = list(dict.fromkeys(each.side for each in round.results))
    return HealthLines(
        period=round.period,
        closed_on=day_words(round.closes_on),
        names=tuple(names.get(each, each) for each in sides),
        areas=tuple(_area(facts, round, each, sides, names) for each in findings(round)),
        red=float(round.terms.red),
        amber=float(round.terms.amber),
        gap=float(round.terms.gap),
        before=facts.health_before.period if facts.health_before else None,
    )


def own_answers(facts: AgendaFacts, side: str) -> tuple[OwnAnswer, ...]:
    """What a side's own people wrote."""
    said = facts.health_words.get(side, {})
    asked: Sequence[tuple[str, str]] = [(e.key, e.asks) for e in facts.health.terms.in_words] if facts.health else []
    return tuple(OwnAnswer(asks, said[key]) for key, asks in asked if key in said)


def _area(
    facts: AgendaFacts, round: HealthRound, finding: Finding, sides: Sequence[str], names: Mapping[str, str]
) -> HealthArea:
    found = (round.result(finding.area, each) for each in sides)
    return HealthArea(
        title=finding.title,
        light=finding.light.value,
        gap=None if finding.gap is None else str(finding.gap),
        sides=tuple(_side(each, names) for each in found if each),
        kind=finding.kind,
        low=names.get(finding.low.side, finding.low.side) if finding.low else None,
    )


def _side(result: AreaResult, names: Mapping[str, str]) -> HealthSide:
    change = result.change
    return HealthSide(
        name=names.get(result.side, result.side),
        mean=say("too few") if result.mean is None else str(result.mean),
        change=f"{change:+}" if change else None,
        spread=None if result.spread is None else str(result.spread),
    )
