"""Whether a record still is as it was sealed: the chain by itself, and each row against its digest."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from scheduler.domain.record.seal import Seal, SealableRow, SealEntry, broken_at, latest_entries
from scheduler.store import seals

Fault = Literal["broken", "altered", "gone"]
Known = Mapping[str, tuple[SealEntry, Seal]]
"""The last entry of each row, with its seal."""


@dataclass(frozen=True, slots=True)
class SealFault:
    """What is not as it was sealed. `broken`: the chain itself, from the seal of that `number` on; else a `row` says
    something else than it did then, or is gone. `on` is the day of the row, `sealed_at` when it was sealed last."""

    fault: Fault
    partnership: str
    number: int
    sealed_at: datetime
    row: str | None = None
    on: str | None = None

    @property
    def says(self) -> str:
        """In words, for an operator."""
        when = f"{self.sealed_at:%Y-%m-%d}"
        if self.fault == "broken":
            return f"{self.partnership}: the seal of {when} (number {self.number}) does not follow from the one before"
        if self.fault == "gone":
            return f"{self.partnership}: {self.row}, of {self.on}, is gone; it was sealed on {when}"
        return f"{self.partnership}: {self.row}, of {self.on}, does not say what was sealed on {when}"


@dataclass(frozen=True, slots=True)
class SinceSealed:
    """What the program did since the last seal: the reviews whose history went on, by their ids, and whether nothing of
    the partnership was changed (`is_untouched`, as the store says it)."""

    last: Seal | None
    revised: frozenset[str]
    is_untouched: bool

    @classmethod
    def of(
        cls, rows: Iterable[SealableRow], known: Collection[str], chain: Sequence[Seal], is_untouched: bool
    ) -> "SinceSealed":
        """By the rows of a record, of which those that are `known` were sealed."""
        lines = (each for each in rows if each.table == "revision" and each.row not in known)
        return cls(chain[-1] if chain else None, frozenset(each.says["review"] for each in lines), is_untouched)

    def may_say_so(self, row: SealableRow) -> bool:
        """Whether it is a row that may change, and the program changed something: it is sealed again with the next
        seal, which says so. The program changes no review, nor its minutes, without a line of its history, which is
        only added to. What becomes of a letter changes nothing of its partnership."""
        if row.table == "review":
            return row.id in self.revised
        if row.table == "letter":
            settled_at, last = row.says["settled_at"], self.last
            return settled_at is None or last is None or datetime.fromisoformat(settled_at) > last.sealed_at
        return row.may_change and not self.is_untouched


@dataclass(frozen=True, slots=True)
class SealStanding:
    """How the record of a partnership stands to its seals: how many there are, the last one's `head` and when it was
    made (None: none yet), since when, how many rows are `sealed`, and how many are not yet or again to be; what is not
    as it was sealed."""

    partnership: str
    seals: int
    head: str | None
    since: datetime | None
    sealed_at: datetime | None
    sealed: int
    unsealed: int
    faults: tuple[SealFault, ...]


def standing(db: Connection, id: str, but: Collection[str] = ()) -> SealStanding:
    """The record of a partnership held against its chain, all tables `but` some."""
    chain = seals.chain(db, id)
    rows = [*seals.rows(db, id, latest_entries(chain), but=but)]
    return against(id, chain, rows, is_untouched=seals.is_untouched(db, id), but=but)


def against(
    id: str, chain: list[Seal], rows: list[SealableRow], *, is_untouched: bool, but: Collection[str] = ()
) -> SealStanding:
    """The same of rows that have been read; `is_untouched` as the store says it of the partnership."""
    known = {row: found for row, found in latest_entries(chain).items() if row.partition("/")[0] not in but}
    since = SinceSealed.of(rows, known, chain, is_untouched)
    of_rows = [*_faults_of_rows(id, known, rows, since)]
    differing = sum(each.row not in known or known[each.row][0]["digest"] != each.digest for each in rows)
    last = chain[-1] if chain else None
    return SealStanding(
        partnership=id,
        seals=len(chain),
        head=last.head if last else None,
        since=chain[0].sealed_at if chain else None,
        sealed_at=last.sealed_at if last else None,
        sealed=len(known),
        unsealed=differing - sum(each.fault == "altered" for each in of_rows),
        faults=(*_faults_of_chain(chain), *of_rows),
    )


def _faults_of_chain(chain: list[Seal]) -> Iterator[SealFault]:
    broken = broken_at(chain)
    if broken:
        yield SealFault("broken", broken.partnership, broken.number, broken.sealed_at)


def _faults_of_rows(id: str, known: Known, rows: list[SealableRow], since: SinceSealed) -> Iterator[SealFault]:
    there = {each.row: each for each in rows}
    for name, (entry, seal) in known.items():
        row = there.get(name)
        if row is None:
            yield SealFault("gone", id, seal.number, seal.sealed_at, name, entry["on"])
        elif row.digest != entry["digest"] and not since.may_say_so(row):
            yield SealFault("altered", id, seal.number, seal.sealed_at, name, entry["on"])
