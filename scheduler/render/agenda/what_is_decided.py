"""What a review has to decide, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.verdict import CourseDecision
from scheduler.render.wording import span_words
from scheduler.rules.access import JOINT
from scheduler.rules.kpis.verdicts import overall
from scheduler.rules.reviews.checkpoint import following

from .agenda_facts import AgendaFacts
from .checkpoint_lines import CheckpointOutcome, CriterionLine, DecisionInWords, decided
from .deciding_lines import decided_by, deciding
from .decision_lines import DecisionLines
from .figures import criteria
from .trigger_evidence import CauseLine, cause_lines


@dataclass(frozen=True, kw_only=True)
class WhatIsDecided:
    """The decisions of a review, as all partners see them."""

    decides: str | None
    deciding: tuple[str, ...]
    """A line for each body that decides; none where that is said in words."""
    undecided: tuple[str, ...]
    register: DecisionLines
    criteria: tuple[CriterionLine, ...]
    outcome: CheckpointOutcome | None
    ending: DecisionInWords | None
    cure: str
    causes: tuple[CauseLine, ...]


def what_is_decided(facts: AgendaFacts) -> WhatIsDecided:
    partnership, judged = facts.partnership, criteria(facts, JOINT)
    return WhatIsDecided(
        decides=decided_by(partnership),
        deciding=deciding(partnership),
        undecided=tuple(facts.undecided),
        register=facts.register,
        criteria=judged,
        outcome=_outcome(facts, judged),
        ending=_ending(facts),
        cure=span_words(str(facts.scope.playbook.cure)),
        causes=cause_lines(facts.causes, JOINT),
    )


def _outcome(facts: AgendaFacts, judged: Iterable[CriterionLine]) -> CheckpointOutcome | None:
    """What a checkpoint comes to, as all partners see it; None for any other review."""
    if facts.review.kind is not Kind.CHECKPOINT:
        return None
    relaunches = (each for each in facts.decisions.values() if each.decision == "relaunch")
    relaunch = next((each for each in relaunches if following(each.review) == facts.review.id), None)
    return CheckpointOutcome(
        verdict=overall(line.verdict for line in judged),
        decision=_in_words(facts, facts.decisions.get(facts.review.id)),
        relaunch=_in_words(facts, relaunch),
    )


def _ending(facts: AgendaFacts) -> DecisionInWords | None:
    """How a formal review ended; None until that is decided, and for any other review."""
    return _in_words(facts, facts.decisions.get(facts.review.id)) if facts.review.kind is Kind.FORMAL_REVIEW else None


def _in_words(facts: AgendaFacts, taken: CourseDecision | None) -> DecisionInWords | None:
    return decided(taken, facts.scope, facts.people.name) if taken else None
