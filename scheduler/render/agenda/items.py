"""What a review spends its time on: items by kind and structural model, with minutes that add up to its length.

Half of a board's time commonly goes to routine, and half of all boards spend none on governance; so every item says
what it is about (reporting, strategy or governance), and an agenda shows the balance. Shares are relative: an item of
20 takes twice the time of one of 10, whatever the length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from scheduler.domain.definition.vocabulary import Kind, Model

About = Literal["reporting", "strategy", "governance"]
ABOUT: tuple[About, ...] = ("reporting", "strategy", "governance")


@dataclass(frozen=True, slots=True)
class Topic:
    """An item as its kind of review has it: its share of the time, what it is about, and the aim it ends with."""

    title: str
    share: int
    about: About
    aim: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item on an agenda; `at` is its start in the review's zone."""

    title: str
    minutes: int
    about: About
    aim: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of the review is about one thing; the percentages of a balance add up to 100."""

    about: About
    minutes: int
    percent: int


_TOPICS: dict[Kind, tuple[Topic, ...]] = {
    Kind.PIPELINE: (
        Topic("Actions from last time", 5, "reporting", "done or not, one word each"),
        Topic("Pipeline: what moved, what stalled", 10, "reporting", "one view of the stages"),
        Topic("Blockers: what each side needs of the other", 10, "strategy", "removed, or escalated by name"),
        Topic("Next actions", 5, "governance", "an owner and a date each"),
    ),
    Kind.OPERATING: (
        Topic("Actions carried over", 5, "reporting", "closed or re-dated"),
        Topic("KPIs: only those off target or overdue", 15, "reporting", "a cause and a correction each"),
        Topic("Resources each side promised and gave", 10, "governance", "gaps filled or accepted"),
        Topic("Risks and blockers", 15, "strategy", "decided here or escalated"),
        Topic("Decisions and actions", 5, "governance", "an owner and a date each"),
    ),
    Kind.HEALTH_AUDIT: (
        Topic("Since the last audit, figures as read", 10, "reporting", "exceptions only"),
        Topic("Goals: still aligned?", 20, "strategy", "restated, or changed in writing"),
        Topic("Culture and decision speed", 15, "governance", "one habit to change on each side"),
        Topic("Commitment: even on both sides?", 15, "governance", "seats and resources confirmed"),
        Topic("Value: shared fairly?", 15, "strategy", "gains named, side by side"),
        Topic("Governance and model: do they still fit?", 10, "governance", "kept, or a change proposed"),
        Topic("Decisions and actions", 5, "governance", "an owner and a date each"),
    ),
    Kind.STRATEGY: (
        Topic("The year in figures, as read", 20, "reporting", "agreed as the record"),
        Topic("The goal and what has changed around it", 40, "strategy", "goal confirmed or rewritten"),
        Topic("Renew, change model, renegotiate or exit", 50, "strategy", "one of the four, with its date"),
        Topic("KPIs and targets for the year ahead", 30, "strategy", "each with an owner, a deputy, a decider"),
        Topic("People and decision rights", 25, "governance", "every seat filled, successors named"),
        Topic("Decisions, notices and actions", 15, "governance", "an owner and a date each"),
    ),
    Kind.CHECKPOINT: (
        Topic("The success written before signing, criterion by criterion", 25, "reporting", "a verdict each"),
        Topic("What the evidence says", 15, "strategy", "causes agreed by both sides"),
        Topic("Continue, adjust, relaunch or exit", 20, "strategy", "one of the four"),
        Topic("Owners, KPIs and cadence from here", 10, "governance", "changes written down"),
        Topic("Decisions and actions", 5, "governance", "an owner and a date each"),
    ),
    Kind.FORMAL_REVIEW: (
        Topic("What fired, and the evidence", 20, "reporting", "facts agreed before views"),
        Topic("Causes, as each side sees them", 20, "strategy", "one account, or two on record"),
        Topic("Options", 25, "strategy", "costs and consequences of each"),
        Topic("Decision", 15, "governance", "taken here, or sent up with a date"),
        Topic("Plan and follow-up", 10, "governance", "an owner and a date each"),
    ),
}

_OF_THE_MODEL: dict[tuple[Model, Kind], Topic] = {
    (Model.JOINT_VENTURE, Kind.OPERATING): Topic(
        "Budget, staff and parents' resources", 15, "reporting", "variances explained, requests decided"
    ),
    (Model.JOINT_VENTURE, Kind.HEALTH_AUDIT): Topic(
        "Reserved matters and budget", 20, "governance", "resolutions minuted word for word"
    ),
    (Model.JOINT_VENTURE, Kind.STRATEGY): Topic("Board self-assessment", 25, "governance", "two things to do better"),
    (Model.CONSORTIUM, Kind.OPERATING): Topic(
        "Members' contributions by work package", 10, "reporting", "behind plan: named and dated"
    ),
    (Model.CONSORTIUM, Kind.HEALTH_AUDIT): Topic(
        "Contributions and votes", 15, "governance", "votes counted and recorded"
    ),
    (Model.CONSORTIUM, Kind.STRATEGY): Topic(
        "Accession, exit and votes of the assembly", 25, "governance", "votes counted and recorded"
    ),
    (Model.EQUITY_ALLIANCE, Kind.HEALTH_AUDIT): Topic(
        "Stake, board and information rights", 10, "governance", "rights exercised as agreed"
    ),
    (Model.EQUITY_ALLIANCE, Kind.STRATEGY): Topic(
        "Investment thesis: hold, raise, reduce or exit", 40, "strategy", "one of the four"
    ),
    (Model.CONTRACTUAL_ALLIANCE, Kind.STRATEGY): Topic(
        "Scope, territory and exclusivity", 20, "strategy", "kept, widened or narrowed"
    ),
    (Model.REVENUE_SHARING, Kind.OPERATING): Topic(
        "Revenue statement, split and reconciliation", 15, "reporting", "signed off, or differences listed"
    ),
    (Model.REVENUE_SHARING, Kind.HEALTH_AUDIT): Topic(
        "The formula: does it reward what both want?", 15, "strategy", "kept, or a change proposed"
    ),
    (Model.REVENUE_SHARING, Kind.STRATEGY): Topic(
        "Audit window and rates", 30, "governance", "audit called or waived, rates fixed"
    ),
}
_GRID = 5
"""Minutes are given out in steps of five where the length allows it: people keep to round times."""


def items(kind: Kind, model: Model, start: datetime, length: timedelta) -> tuple[Item, ...]:
    """The agenda's items from `start` (aware, in the review's zone); their minutes add up to `length` exactly.

    A review too short for a minute each drops its smallest items.
    """
    minutes = int(length.total_seconds() // 60)
    topics = _longest(_topics(kind, model), minutes)
    timed = []
    at = start
    for topic, share in zip(topics, _shared_out(minutes, [topic.share for topic in topics]), strict=True):
        timed.append(Item(topic.title, share, topic.about, topic.aim, at))
        at = _later(at, share)
    return tuple(timed)


def balance(items: Sequence[Item]) -> tuple[Weight, ...]:
    """How the minutes divide between reporting, strategy and governance."""
    minutes = [sum(item.minutes for item in items if item.about == about) for about in ABOUT]
    percents = apportioned(100, minutes) if any(minutes) else [0] * len(minutes)
    return tuple(Weight(*weight) for weight in zip(ABOUT, minutes, percents, strict=True))


def apportioned(total: int, shares: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to `shares`, which add up to it: the largest remainders get what is left
    over."""
    whole = sum(shares)
    parts = [total * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda n: total * shares[n] % whole, reverse=True)
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts


def _topics(kind: Kind, model: Model) -> tuple[Topic, ...]:
    """The kind's topics, with the model's own before the last, which gathers what was decided."""
    *before, last = _TOPICS[kind]
    own = _OF_THE_MODEL.get((model, kind))
    return (*before, *((own,) if own else ()), last)


def _longest(topics: tuple[Topic, ...], count: int) -> tuple[Topic, ...]:
    kept = sorted(topics, key=lambda topic: topic.share, reverse=True)[: max(count, 0)]
    return tuple(topic for topic in topics if topic in kept)


def _shared_out(minutes: int, shares: Sequence[int]) -> list[int]:
    """Minutes by share, none less than a step; in steps of five where every item can have one, else of one minute."""
    step = _GRID if minutes % _GRID == 0 and minutes >= _GRID * len(shares) else 1
    spare = minutes // step - len(shares)
    wanted = [max(share * (minutes // step) - sum(shares), 0) for share in shares]
    more = apportioned(spare, wanted if any(wanted) else [1] * len(shares)) if shares else []
    return [step * (1 + part) for part in more]


def _later(at: datetime, minutes: int) -> datetime:
    """So many real minutes later: wall-clock arithmetic would be wrong across a change of clocks."""
    zone = at.tzinfo
    return datetime.fromtimestamp(at.timestamp() + 60 * minutes, zone)
