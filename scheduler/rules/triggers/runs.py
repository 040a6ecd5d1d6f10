"""Turns that go wrong one after the other, and how many of them are told."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
_MANY = 4


class Run(NamedTuple, Generic[T]):
    """Turns that went wrong, since the condition first held: the first of them names the occurrence."""

    turns: tuple[T, ...]

    @property
    def first(self) -> T:
        return self.turns[0]


def run(turns: Sequence[T], is_bad: Callable[[T], bool], times: int, of: int | None = None) -> Run[T] | None:
    """The run in which at least `times` of the last `of` turns (None: of as many) went wrong, if it holds at the end.

    It is one run as long as that is true after every turn, so a fourth miss in a row belongs to the run of the third.
    One that ended before anybody looked (figures entered together, the last of them good) has mended itself.
    """
    begun: int | None = None
    for end in range(1, len(turns) + 1):
        start = max(0, end - (of or times))
        bad = [number for number in range(start, end) if is_bad(turns[number])]
        begun = None if len(bad) < times else bad[0] if begun is None else begun
    return None if begun is None else Run(tuple(turn for turn in turns[begun:] if is_bad(turn)))


def in_window(turns: Sequence[T], is_bad: Callable[[T], bool], times: int, of: int | None = None) -> list[T]:
    """The turns gone wrong that the next one counts with: for `times` in a row those at the end without a gap, for
    `times` of the last `of` those of the last `of` - 1."""
    if of is not None and of > times:
        return [turn for turn in turns[-(of - 1) :] if is_bad(turn)]
    streak: list[T] = []
    for turn in reversed(turns):
        if not is_bad(turn):
            break
        streak.insert(0, turn)
    return streak


def listed(labels: list[str]) -> str:
    """``2026-10, 2026-11``; of many, the first and how many more there are."""
    return ", ".join(labels) if len(labels) <= _MANY else f"{labels[0]} and {len(labels) - 1} more"


def running(count: int, times: int, what: str) -> str:
    """``2 of 3 periods missed in a row``; ``4 periods missed in a row, 3 call a review``: no four of three."""
    if count <= times:
        return f"{count} of {times} {what}"
    return f"{count} {what}, {'one calls' if times == 1 else f'{times} call'} a review"


def counted(says: str, wrong: list[str], times: int, holds: bool, next_one: str) -> str:
    """``2 of 3 periods missed in a row: 2026-11, 2026-12; fires with the next miss``."""
    which = f": {listed(wrong)}" if wrong else ""
    lacking = times - len(wrong)
    if holds:
        return says + which
    plural = f"{next_one}es" if next_one.endswith("s") else f"{next_one}s"
    return f"{says}{which}; fires with {f'the next {next_one}' if lacking <= 1 else f'{lacking} more {plural}'}"


def times_running(number: int) -> str:
    """``once``, ``twice running``, ``3 times running``."""
    return {1: "once", 2: "twice running"}.get(number, f"{number} times running")
