"""How a partnership stands: six signals, each a state with the facts of the sentence that tells its cause.

There are no sentences here: `cause` names one in `templates/standing/`, and `facts` are what it is made of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

SignalKind = Literal["value", "reporting", "rhythm", "relationship", "dates", "people"]
Fact = str | int | None


class State(StrEnum):
    """How a partnership, or one side of its life, stands. Red is rare, and made by a rule of the playbook."""

    AT_RISK = "at_risk"
    ATTENTION = "attention"
    ON_COURSE = "on_course"
    TOO_EARLY = "too_early"
    PAUSED = "paused"

    @property
    def rank(self) -> int:
        """The worst has the lowest."""
        return _RANKS[self]

    @property
    def words(self) -> str:
        """``at risk``, ``needs attention``, ``on course``, ``too early to say``, ``paused``."""
        return _WORDS.get(self, self.value.replace("_", " "))


_RANKS = {state: rank for rank, state in enumerate(State)}
_WORDS = {State.ATTENTION: "needs attention", State.TOO_EARLY: "too early to say"}


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the six. `about` is the id of what caused it (a KPI, a review, a partnership or a layer); dates among the
    facts are ISO 8601."""

    kind: SignalKind
    state: State
    cause: str
    about: str
    facts: Mapping[str, Fact]


def worst(signals: Iterable[Signal]) -> Signal | None:
    """The signal that says how the whole stands: the worst one, the first of several as bad."""
    return min(signals, key=lambda each: each.state.rank, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a `scope` (an id) stands for one reader. `cause` is the signal that decides it, None where nothing is told of
    it (it is paused). `changes_on` is the civil date, in the partnership's zone, on which time alone may change it;
    None: none is known. `kept` of `counted` past reviews were held in time.
    """

    scope: str
    state: State
    cause: Signal | None
    signals: tuple[Signal, ...]
    overdue: int
    kept: int
    counted: int
    next_date: date | None = None
    next_date_is: str | None = None
    changes_on: date | None = None

    @property
    def adherence(self) -> int | None:
        """The share of past reviews that were held in time, in whole percent; None below the fewest that say
        anything."""
        return round(100 * self.kept / self.counted) if self.counted else None
