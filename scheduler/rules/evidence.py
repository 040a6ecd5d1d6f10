"""What of the record answers a stage of a standard, and what is missing there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.definition.standard import EvidenceKind, EvidenceNeed, Standard


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """Something on record. `sort` tells it from others of its kind (a kind of review, a role, a clause); `on` is its
    day, None for what holds without one; `rows` are the ids of what it rests on, ``table/id``; `lacks` says what is
    open about it. What is only `ahead` counts for nothing yet."""

    kind: EvidenceKind
    sort: str
    on: date | None
    title: str
    says: str = ""
    rows: tuple[str, ...] = ()
    lacks: str | None = None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing at a stage, by its number from 1 on: `what` there is none of, or, with what it `lacks`, something
    that is left open. Of what has to be there again and again, for how many whole `months` there was none, and `since`
    which civil date; None where there never was one."""

    stage: int
    what: str
    lacks: str | None = None
    months: int | None = None
    since: date | None = None


Entries = Mapping[EvidenceKind, Sequence[EvidenceEntry]]


def gaps(
    standard: Standard, entries: Entries, first: date, until: date, effective: date | None = None
) -> Iterator[Gap]:
    """What is missing by a standard on the civil date `until`, of a partnership that is governed since `first`, and
    whose agreement is `effective` since then, or from that day on."""
    lasted = (until - (effective or first)).days
    for number, stage in enumerate(standard.stages, 1):
        for need in (each for each in stage.needs if lasted >= each.after_days):
            yield from _missing(number, need, entries.get(need.of, ()), first, until)


def _missing(
    stage: int, need: EvidenceNeed, entries: Sequence[EvidenceEntry], first: date, until: date
) -> Iterator[Gap]:
    if need.open:
        yield from (Gap(stage, each.title, each.lacks) for each in entries if each.lacks)
        return
    there = [each for each in entries if not each.ahead and (not need.only or each.sort in need.only)]
    if need.months is None:
        if not there:
            yield Gap(stage, need.says)
        return
    last = _last(there, until)
    months = months_between(last or first, until)
    if months >= need.months:
        yield Gap(stage, need.says, None, months, last)


def _last(entries: Iterable[EvidenceEntry], until: date) -> date | None:
    return max((each.on for each in entries if each.on and each.on <= until), default=None)


def months_between(first: date, last: date) -> int:
    """The whole months from one day to another."""
    return max((last.year - first.year) * 12 + last.month - first.month - (last.day < first.day), 0)
