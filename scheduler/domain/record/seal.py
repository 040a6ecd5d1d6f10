"""The seal of a partnership's record: a chain of digests, a link for each day on which something came to it.

What a row says is digested; the digests of a day's rows are a part for each audience; the parts of a day, and the head
of the day before, make the head of that day. Whoever keeps one head can tell whether anything of what stood before it
was altered since. A reader is given the parts that are theirs and, of the others, a digest that tells nothing.

``verify.py`` in an evidence pack does the same by itself: what is said here of bytes is said there once more.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

JOINT, OPERATORS = "", "*"
"""The parts that everybody reads, and that the operator alone does; the others bear an organisation's key."""
Because = Literal["renamed", "erased", "restated"]
"""Why a row says something else than when it was first sealed: a name was given another, a mail address was erased, or
what may change of it did (a review that was held, an action that was done)."""


class SealEntry(TypedDict):
    """A row under a seal: `row` is ``table/id``, `on` its civil date in UTC, `digest` of what it says; of one that was
    sealed before, `because` of what it is sealed again."""

    row: str
    on: str
    digest: str
    because: NotRequired[Because]


class SealPart(TypedDict):
    """What of a seal is one audience's. `nonce` keeps anybody else from guessing it by its digest."""

    nonce: str
    entries: list[SealEntry]


@dataclass(frozen=True, slots=True)
class SealableRow:
    """A row as it is sealed: `says` by column, each long text as its digest (``{"sha256": …}``); `texts` are those that
    are still there. What `may_change` is sealed again when it did; of the others nothing changes but names."""

    row: str
    on: str
    says: Mapping[str, Any]
    may_change: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.row.partition("/")[0]

    @property
    def id(self) -> str:
        return self.row.partition("/")[2]

    @property
    def digest(self) -> str:
        return digest_of({"row": self.row, "says": self.says})


@dataclass(frozen=True, slots=True)
class Seal:
    """A link of a partnership's chain. `previous` is the head before it, empty of the first one. `note` says that
    the record was restored since the seal before, where it was. `statement` is what all sides are told of the month
    before, where it is the first seal of one; the head is not of it."""

    partnership: str
    number: int
    sealed_at: datetime
    previous: str
    parts: Mapping[str, SealPart]
    note: Mapping[str, Any] | None
    head: str
    statement: Mapping[str, Any] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """What the head is the digest of."""
        return document_of(self.partnership, self.number, self.sealed_at, self.previous, self.parts, self.note)


class Statement(NamedTuple):
    """What all sides are told of a month (`SealFacts`), and when that was sealed."""

    sealed_at: datetime
    facts: Mapping[str, Any]


def canonical(value: Any) -> bytes:
    """A value as its digest is taken: JSON in ASCII, keys in order, no space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest_of(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def document_of(
    partnership: str,
    number: int,
    sealed_at: datetime,
    previous: str,
    parts: Mapping[str, SealPart],
    note: Mapping[str, Any] | None,
) -> dict[str, Any]:
    told = {
        "partnership": partnership,
        "number": number,
        "sealed_at": sealed_at.isoformat(),
        "previous": previous,
        "parts": {key: digest_of(part) for key, part in parts.items()},
    }
    return {**told, "note": dict(note)} if note else told


def latest_entries(chain: Iterable[Seal]) -> dict[str, tuple[SealEntry, Seal]]:
    """The last entry of each row, with its seal."""
    found: dict[str, tuple[SealEntry, Seal]] = {}
    for seal in chain:
        for part in seal.parts.values():
            for entry in part["entries"]:
                found[entry["row"]] = (entry, seal)
    return found


def broken_at(chain: Sequence[Seal]) -> Seal | None:
    """The first seal that is not what its head says, or does not follow the one before."""
    previous = ""
    for number, seal in enumerate(chain, 1):
        if seal.number != number or seal.previous != previous or digest_of(seal.document) != seal.head:
            return seal
        previous = seal.head
    return None
