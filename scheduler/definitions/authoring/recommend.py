"""Choosing a structural model by fit instead of by habit.

Four criteria are weighed in this order: integration depth required, speed to launch, capital commitment available,
control to retain. Each counts for more than all that follow it together, so that speed never buys what depth forbids.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scheduler.definitions.checks.models import BENEFIT, FITTING
from scheduler.domain.definition.playbook import Need, Playbook
from scheduler.domain.definition.vocabulary import Function, Model

Integration = Literal["light", "coordinated", "deep"]
Speed = Literal["weeks", "months", "year"]
Capital = Literal["little", "some", "much"]
Control = Literal["full", "influence", "joint"]


@dataclass(frozen=True, slots=True)
class FitCriterion:
    """One of the four criteria that are asked about. `choices` are its answers, each with what it means."""

    key: Need
    asks: str
    choices: dict[str, str]


CRITERIA = (
    FitCriterion(
        "integration",
        "How deep must the integration go?",
        {
            "light": "each side works on its own, under an agreement",
            "coordinated": "joint work with shared plans, results or know-how",
            "deep": "dedicated staff and assets, shared IP, or a market neither can enter alone",
        },
    ),
    FitCriterion(
        "speed",
        "How soon must it start?",
        {"weeks": "within weeks", "months": "within half a year", "year": "it may take a year and more"},
    ),
    FitCriterion(
        "capital",
        "How much capital can you commit?",
        {
            "little": "next to nothing upfront",
            "some": "a stake, or a share of a common cost",
            "much": "a company's worth",
        },
    ),
    FitCriterion(
        "control",
        "How much control must you retain?",
        {
            "full": "all of our own; to leave must stay easy",
            "influence": "our own, and a say on the other side's course",
            "joint": "we decide together, even where that is slower",
        },
    ),
)
"""The four criteria in the order in which they are weighed."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What is asked of a partnership: the four criteria, how many organisations it has, and what it is for."""

    integration: Integration
    speed: Speed
    capital: Capital
    control: Control
    members: int = 2
    function: Function | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A structural model held against the needs. `possible` is False where a rule of the model forbids it."""

    model: Model
    score: int
    possible: bool
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    on_record: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """All models, the best first, and the function's best match: its models and the benefit that it seeks."""

    ranking: tuple[Option, ...]
    function_match: tuple[Model, ...]
    function_benefit: str | None

    @property
    def best(self) -> Option:
        return self.ranking[0]


_ON_RECORD: dict[Model, tuple[str, ...]] = {
    Model.CONTRACTUAL_ALLIANCE: ("scope, territory or exclusivity, and the use of IP",),
    Model.REVENUE_SHARING: ("the formula: what is shared (top-line revenue) and each side's share",),
    Model.EQUITY_ALLIANCE: ("the stake: who holds how much in whom", "the seat or observer on the board", "the exit"),
    Model.CONSORTIUM: ("three members or more", "each member's contribution", "quorum and votes"),
    Model.JOINT_VENTURE: ("the new legal entity", "each owner's share", "the board's reserved matters", "its budget"),
}  # fmt: skip

_WEIGHTS = (27, 9, 3, 1)  # from -1 to 1 times these: each criterion outweighs all that follow it
_UNUSUAL = 3  # as much as capital: a stake among three gives way to a consortium that fits but for the last criteria


def recommend(needs: Needs, playbooks: Mapping[Model, Playbook]) -> Recommendation:
    """Every structural model held against the needs, as its playbook has its traits, the best first; models that a rule
    forbids come last.

    Of equals, the function's match comes first, then the looser model: it is the one that can still be tightened.
    """
    match = FITTING[needs.function] if needs.function else ()
    options = [_option(playbooks[model], needs) for model in Model]
    ranking = sorted(options, key=lambda option: (not option.possible, -option.score, option.model not in match))
    return Recommendation(tuple(ranking), match, BENEFIT[needs.function] if needs.function else None)


def _option(playbook: Playbook, needs: Needs) -> Option:
    model, score = playbook.model, 0
    sides = list(_of_number(model, needs.members))
    for weight, criterion in zip(_WEIGHTS, CRITERIA, strict=True):
        answer, trait = getattr(needs, criterion.key), playbook.traits[criterion.key]
        if answer in trait.fits:
            score += weight
            sides.append((True, trait.for_it))
        elif answer in trait.fails:
            score -= weight
            sides.append((False, trait.against_it or trait.for_it))
    sides += _of_function(model, needs.function)
    score -= _UNUSUAL if model is Model.EQUITY_ALLIANCE and needs.members > 2 else 0
    return Option(
        model,
        score,
        possible=model is not Model.CONSORTIUM or needs.members >= 3,
        reasons=tuple(words for speaks_for, words in sides if speaks_for),
        against=tuple(words for speaks_for, words in sides if not speaks_for),
        on_record=_ON_RECORD[model],
    )


def _of_number(model: Model, members: int) -> Iterator[tuple[bool, str]]:
    if model is Model.CONSORTIUM:
        enough = members >= 3
        yield (
            enough,
            f"it has {members} members" if enough else "a consortium has three members or more, and two are none",
        )
    elif model is Model.EQUITY_ALLIANCE and members > 2:
        yield False, "a stake is usually held between two, not among more"


def _of_function(model: Model, function: Function | None) -> Iterator[tuple[bool, str]]:
    if function is None:
        return
    words, fits = function.value.replace("_", " "), model in FITTING[function]
    other = " or ".join(match.words for match in FITTING[function])
    yield fits, f"the match for {words}: {BENEFIT[function]}" if fits else f"for {words} the usual match is {other}"
