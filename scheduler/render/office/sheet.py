"""A table as a spreadsheet program shows it: columns of a kind each, and rows of values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Amount(NamedTuple):
    """A number with what it counts: ``0.31`` ``GWh``."""

    value: Decimal
    unit: str | None = None


Cell = str | Amount | bool | int | date | datetime | None
"""Words, a number, yes or no, a civil date, an aware moment; None for an empty cell."""


class Column(NamedTuple):
    """A column by the `key` that programs know it by; `words` head it for people, in English, and are said in the
    reader's language. `width` is in characters."""

    key: str
    words: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` stands on its tab, in English; the rows are taken once, from the first to the last."""

    key: str
    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
