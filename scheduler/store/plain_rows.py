"""The rows of the record in plain values, by which another installation or another program can go on with them: text,
numbers, days and moments as ISO 8601 has them, moments in UTC; bytes as text where they are, else in base64.

A table is told in the order of its keys, so that the same rows are the same lines on every engine.
"""

import base64
import binascii
import hashlib
import inspect
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Float, Integer, LargeBinary, Table, Text, or_, select
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from . import clock
from .column_types import Json, Moment
from .tables import PartnershipRow

TABLES: Mapping[str, Table] = PartnershipRow.metadata.tables

OF_THE_MACHINE: Mapping[str, str] = {
    "claim": "who is at work on what this minute",
    "confirmation": "codes that were sent, good for minutes",
    "daemon": "the processes that run",
    "environment": "what these plan by",
    "session": "who is signed in by which browser: everybody signs in anew",
    "sighting": "what each host sees in its folder",
    "sign_in": "sign-ins that somebody has begun",
}
"""The tables that tell of the machine and the minute, and why they go nowhere."""
KEYS: Mapping[str, str] = {
    "secret": "the keys by which links are signed",
    "letter_question": "what letters asked, by which a reply to one is understood",
    "health_token": "the links to health checks that run, as SHA-256",
    "health_spent": "which of these were used, as SHA-256",
}
"""The tables that only say what opens something here: they go along by a person's word alone."""
_OPENED_BY_HASH = ("api_token", "subscription")
_LEFT_OUT = "left out"
_CLOCK = (clock.CYCLE, clock.PURGED, clock.SEALED, clock.RESTORED)
"""What is kept by the clock and is true on any machine; besides what begins with `LOST`."""
_AT_A_TIME, _LARGE_AT_A_TIME = 500, 20
"""Rows in memory at once; of a table with files or letters, fewer."""

COLUMN_TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "moment": Moment,
    "text": Text,
    "value": Json,
    "day": Date,
    "yes or no": Boolean,
    "whole number": Integer,
    "number": Float,
    "bytes": LargeBinary,
}
"""The kinds of column, by the word of a manifest; whatever is none of them is text as well."""


def tables(*, with_keys: bool) -> list[str]:
    """The tables that go along, by name."""
    gone = {*OF_THE_MACHINE, *(() if with_keys else KEYS)}
    return sorted(name for name in TABLES if name not in gone)


def columns(table: str) -> dict[str, str]:
    """The columns of a table, each with its kind."""
    return {column.name: _kind(column) for column in TABLES[table].columns}


def _kind(column: "Column[Any]") -> str:
    return next((kind for kind, type_ in COLUMN_TYPES.items() if isinstance(column.type, type_)), "text")


def described(table: str) -> str:
    """What a table is, as its class says."""
    row = next(each for each in SQLModel.__subclasses__() if each.__tablename__ == table)
    return " ".join((inspect.getdoc(row) or "").split())


def rows(db: Connection, table: str, *, with_keys: bool, reaches: datetime | None) -> Iterator[dict[str, Any]]:
    """The rows of a table as plain values. Without keys nothing in them opens anything: see `_without_keys`; `reaches`
    is the newest moment of the record."""
    kept, kinds = TABLES[table], columns(table)
    wanted = select(kept).order_by(*kept.primary_key)
    if table == "clock":
        wanted = wanted.where(or_(kept.c.key.in_(_CLOCK), kept.c.key.startswith(clock.LOST, autoescape=True)))
    if table == "file_state":  # what else is known of files is found out by looking at them
        wanted = wanted.where(kept.c.file.in_(select(TABLES["partnership"].c.file)))
    at_a_time = _LARGE_AT_A_TIME if "bytes" in kinds.values() else _AT_A_TIME
    for found in db.execute(wanted.execution_options(yield_per=at_a_time)).mappings():
        row = dict(found) if with_keys else _without_keys(table, dict(found), reaches)
        yield {name: plain(kinds[name], value) for name, value in row.items()}


def _without_keys(table: str, row: dict[str, Any], reaches: datetime | None) -> dict[str, Any]:
    """A row without what opens something: the hash of an address or a token, and the bytes of a letter, in which there
    are links. Of these the digest stays, as where they are let go of. What had not left is written anew by the next
    cycle, with new links, where it is news of a day; any other letter is for a person to see to."""
    if table in _OPENED_BY_HASH:
        row["token_hash"] = f"{_LEFT_OUT} {row['id']}"
    if table == "api_token":
        row["revoked_at"] = row["revoked_at"] or reaches
    if table != "letter" or not row["content"]:
        return row
    row |= {"content": b"", "sha256": hashlib.sha256(row["content"]).hexdigest(), "forgotten_at": reaches}
    if row["state"] in ("due", "claimed"):
        is_news = row["method"] == "NOTICE" and row["transmitting_at"] is None
        row |= {"claimed_by": None, "claimed_until": None, "begun_at": None, "settled_at": reaches}
        row |= {"state": "expired"} if is_news else {"state": "dead", "said": "it had not left an exported record"}
    return row


# Values ------------------------------------------------------------------------------------------------------------


def plain(kind: str, value: Any) -> Any:
    """A value of the record as JSON has it."""
    if value is None:
        return None
    if kind == "moment":
        moment: datetime = value
        return moment.astimezone(UTC).isoformat()
    if kind == "day":
        day: date = value
        return day.isoformat()
    return _readable(value) if kind == "bytes" else value


def _readable(content: bytes) -> dict[str, str]:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def kept(kind: str, value: Any) -> Any:
    """A plain value as the record has it. Raises ValueError for one of another kind."""
    if value is None or kind == "value":
        return value
    if kind == "moment" and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("it names no zone")
        return moment
    if kind == "day" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "bytes" and isinstance(value, dict) and len(value) == 1:
        return _bytes(value)
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    is_one = {"text": str, "yes or no": bool, "whole number": int}.get(kind)
    if is_one is None or not isinstance(value, is_one) or (kind == "whole number" and isinstance(value, bool)):
        raise ValueError(f"it is no {kind}")
    return value


def _bytes(value: Mapping[str, Any]) -> bytes:
    [(form, said)] = value.items()
    if form == "text" and isinstance(said, str):
        return said.encode()
    if form == "base64" and isinstance(said, str):
        try:
            return base64.b64decode(said, validate=True)
        except binascii.Error as error:
            raise ValueError(str(error)) from None
    raise ValueError("it is no bytes")
