"""What called a formal review, as its agenda shows it: what fired, when, and the evidence with its dates."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.render.languages import known
from scheduler.render.wording import day_words
from scheduler.rules.access import Audience, may_learn


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of evidence, and the day that it is of."""

    date: str
    says: str


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause on an agenda. `fired` is the day on which it fired; `ended` whether it holds no longer."""

    says: str
    trigger: str
    fired: str
    ended: bool
    evidence: tuple[EvidenceLine, ...]


def cause_lines(causes: Iterable[TriggerEvent], audience: Audience) -> tuple[CauseLine, ...]:
    """Those of the causes that this audience may learn of, in their order."""
    return tuple(
        CauseLine(
            says=known(each.cause.says),
            trigger=known(each.cause.trigger),
            fired=day_words(each.cause.fired_on),
            ended=not each.is_open and not each.by_hand,
            evidence=tuple(EvidenceLine(day_words(line.on), known(line.says)) for line in each.cause.evidence),
        )
        for each in causes
        if may_learn(each.cause.of, audience)
    )
