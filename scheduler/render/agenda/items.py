"""What a review spends its time on: the topics of its playbook, with minutes that add up to its length, and how they
divide between reporting, strategy and governance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.domain.definition.playbook import About, Topic

ABOUT: tuple[About, ...] = ("reporting", "strategy", "governance")


@dataclass(frozen=True, slots=True)
class AgendaItem:
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


_GRID = 5
"""Minutes are given out in steps of five where the length allows it: people keep to round times."""


def items(topics: Sequence[Topic], start: datetime, length: timedelta) -> tuple[AgendaItem, ...]:
    """The topics in their order from `start` (aware, in the review's zone); their minutes add up to `length` exactly.

    A review too short for a minute each drops its smallest items.
    """
    minutes = int(length.total_seconds() // 60)
    topics = _longest(topics, minutes)
    timed = []
    at = start
    for topic, share in zip(topics, _shared_out(minutes, [topic.share for topic in topics]), strict=True):
        timed.append(AgendaItem(topic.title, share, topic.about, topic.aim, at))
        at = _later(at, share)
    return tuple(timed)


def balance(items: Sequence[AgendaItem]) -> tuple[Weight, ...]:
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


def _longest(topics: Sequence[Topic], count: int) -> tuple[Topic, ...]:
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
