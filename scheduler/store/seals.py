"""The chains of seals, and the rows of a record as they are sealed.

`SEALED` names the columns. They are never others: a column that a table gets later is sealed as a row of its own kind,
else every digest of before would be another.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, select, tuple_, update

from scheduler.domain.record.seal import Seal, SealableRow, Statement

from . import clock, core_tables
from .retention import digest_let_go

_seal, _partnership = core_tables.seal, core_tables.partnership


@dataclass(frozen=True, slots=True)
class _Sealed:
    """How a table is sealed: the columns that make a row's `id`, the moment of its `on`, what it says, its long texts.
    Of a health check no number by which one could tell how many of a side answered, or who.
    What `may_change` is sealed again when it did. A row is sealed once it `is_ready`."""

    id: tuple[str, ...]
    on: str
    says: tuple[str, ...]
    texts: tuple[str, ...] = ()
    may_change: bool = False
    is_ready: Callable[[Mapping[Any, Any]], bool] = lambda row: True


_BY_ID = ("id",)
SEALED: Mapping[str, _Sealed] = {
    "definition_version": _Sealed(
        _BY_ID, "taken_up_at", ("kind", "content_hash", "taken_up_at", "since", "past_days", "person"), ("definition",)
    ),
    "partnership": _Sealed(_BY_ID, "first_seen", ("pauses", "renewals"), may_change=True),
    "review": _Sealed(
        _BY_ID,
        "created_at",
        ("kind", "title", "period", "start_utc", "end_utc", "status", "held_on", "quorate", "because"),
        ("minutes",),
        may_change=True,
    ),
    "revision": _Sealed(
        _BY_ID, "at", ("review", "sequence", "action", "at", "because", "person", "before", "after")
    ),
    "presence": _Sealed(_BY_ID, "said_at", ("review", "person", "was_present", "stand_in", "said_by", "said_at")),
    "agenda_version": _Sealed(
        ("review", "audience", "number"), "at", ("review", "audience", "number", "way", "by", "at"), ("text",)
    ),
    "agenda_item": _Sealed(
        _BY_ID,
        "at",
        ("review", "says", "minutes", "by", "at", "dropped_at", "dropped_by", "dropped_because"),
        may_change=True,
    ),
    "pre_read": _Sealed(
        _BY_ID, "at", ("review", "audience", "name", "size", "by", "at", "withdrawn_at"), ("content",), may_change=True
    ),
    "minutes_filing": _Sealed(
        ("review", "number"),
        "filed_at",
        ("review", "number", "filed_at", "filed_by", "items"),
        is_ready=lambda row: row["sent_at"] is not None,
    ),
    "objection": _Sealed(
        _BY_ID,
        "at",
        ("review", "filing", "item", "item_says", "says", "by", "at", "settled_at", "settled_by", "settled_because"),
        may_change=True,
    ),
    "decision": _Sealed(
        _BY_ID,
        "recorded_at",
        ("review", "scope", "kind", "says", "decided_on", "recorded_at", "decided_by", "taken_by", "course",
         "binding_from", "carried_out_by", "carried_out_at", "carried_out_said_by", "carried_out_because",
         "superseded_by", "superseded_at", "superseded_said_by", "withdrawn_at", "withdrawn_because"),
        may_change=True,
    ),
    "action": _Sealed(
        _BY_ID,
        "opened_at",
        ("series", "review", "says", "owner", "due", "opened_at", "done_at", "done_by", "done_because", "unread",
         "due_given_at", "due_given_by", "handed_at", "handed_by", "handed_because"),
        may_change=True,
    ),
    "parked_item": _Sealed(
        _BY_ID,
        "parked_at",
        ("series", "review", "says", "parked_at", "closed_at", "closed_by", "closed_because"),
        may_change=True,
    ),
    "reading": _Sealed(
        _BY_ID, "reported_at", ("kpi", "period", "value", "met", "reported_at", "person", "note", "way")
    ),
    "excuse": _Sealed(_BY_ID, "at", ("kpi", "period", "kind", "because", "until", "at", "person")),
    "flag": _Sealed(
        _BY_ID,
        "opened_at",
        ("kpi", "period", "owner", "due", "overdue_since", "opened_at", "closed_at", "closed_because", "rung"),
        may_change=True,
    ),
    "dispute": _Sealed(
        _BY_ID,
        "said_at",
        ("about", "subject", "period", "says", "person", "said_at", "settled_at", "settled_by", "how", "because"),
        may_change=True,
    ),
    "cause": _Sealed(
        _BY_ID, "fired_at", ("scope", "key", "trigger", "of", "says", "evidence", "fired_on", "fired_at")
    ),
    "judgement": _Sealed(_BY_ID, "at", ("review", "criterion", "verdict", "person", "at"), ("evidence",)),
    "launch_tick": _Sealed(_BY_ID, "at", ("review", "step", "done_on", "because", "person", "at")),
    "exit_word": _Sealed(_BY_ID, "at", ("scope", "says", "review", "decided_on", "ends", "because", "person", "at")),
    "proposal": _Sealed(
        _BY_ID,
        "proposed_at",
        ("scope", "says", "body", "terms", "proposed_by", "proposed_at", "asked_on", "closes_on", "outcome",
         "settled_at", "withdrawn_at", "withdrawn_by", "withdrawn_because"),
        may_change=True,
    ),
    "vote": _Sealed(_BY_ID, "at", ("proposal", "party", "person", "says", "because", "at")),
    "deadlock": _Sealed(
        _BY_ID,
        "opened_at",
        ("scope", "says", "body", "opened_by", "opened_at", "opened_on", "proposal", "ended_at", "ended_by",
         "ended_because"),
        may_change=True,
    ),
    "health_round": _Sealed(
        _BY_ID,
        "planned_at",
        ("period", "opens_on", "closes_on", "review", "because", "opened_by", "opened_at", "closed_at", "skipped_at",
         "skipped_by", "skipped_because"),
        may_change=True,
    ),
    "health_result": _Sealed(
        ("round", "area", "side"),
        "closed_at",
        ("round", "area", "side", "light", "mean", "change", "gap"),
        is_ready=lambda row: row["closed_at"] is not None,
    ),
    "letter": _Sealed(
        _BY_ID,
        "created_at",
        ("dedup_key", "subject", "method", "channel", "email", "title", "created_at", "settled_at", "state"),
        ("content",),
        may_change=True,
        is_ready=lambda row: row["state"] in ("sent", "dead"),
    ),
}  # fmt: skip
"""By table, in the order in which a pack has them."""
ONLY_ADDED_TO = frozenset(name for name, how in SEALED.items() if not how.may_change)
"""The tables of which a row is never another, but for names."""


def rows(
    db: Connection,
    partnership: str,
    known: Collection[str] = (),
    settled_before: datetime | None = None,
    but: Collection[str] = (),
) -> Iterator[SealableRow]:
    """The rows of a partnership that are sealed, or were (`known`), as they stand, of all tables `but` some. Without
    the letters that are known and were settled before a moment: their bytes are many."""
    for name, how in SEALED.items():
        if name in but:
            continue
        table: Table = getattr(core_tables, name)
        past: set[Any] = set()
        if name == "letter" and settled_before is not None:
            past = _settled_letters(db, partnership, known, settled_before)
        for row in db.execute(_mine(table, how, partnership)):
            id = "/".join(str(getattr(row, each)) for each in how.id)
            if row[0] in past:
                continue
            if f"{name}/{id}" in known or how.is_ready(row._mapping):
                yield _sealable(db, table, how, f"{name}/{id}", row)


def _mine(table: Table, how: _Sealed, partnership: str) -> Select[Any]:
    kept_apart = {"content"}  # the bytes of letters and files are read one by one
    names = dict.fromkeys((*how.id, how.on, *how.says, *(each for each in how.texts if each not in kept_apart)))
    columns = [table.c[each] for each in (*names, "sent_at", "sha256") if each in table.c]
    if table.name == "health_result":  # what a round came to is of the day on which it was closed
        of = core_tables.health_round
        mine = select(*columns, of.c.closed_at).join_from(table, of, table.c.round == of.c.id)
        return mine.where(table.c.partnership == partnership).order_by(*(table.c[each] for each in how.id))
    wanted = select(*columns)
    if table.name == "partnership":
        return wanted.where(table.c.id == partnership)
    if "partnership" in table.c:
        return wanted.where(table.c.partnership == partnership).order_by(*(table.c[each] for each in how.id))
    review = core_tables.review
    mine = wanted.join_from(table, review, table.c.review == review.c.id).where(review.c.partnership == partnership)
    return mine.order_by(table.c.id)


def _settled_letters(db: Connection, partnership: str, known: Collection[str], before: datetime) -> set[Any]:
    of = core_tables.letter.c
    found = db.scalars(select(of.id).where(of.partnership == partnership, of.settled_at < before))
    return {id for id in found if f"letter/{id}" in known}


def _sealable(db: Connection, table: Table, how: _Sealed, name: str, row: Row[Any]) -> SealableRow:
    found, texts = row._mapping, dict[str, str]()
    says = {each: _plain(found[each], texts, each) for each in how.says}
    for each in how.texts:
        content = _content(db, table, found) if each == "content" else found[each]
        says[each] = _digest(content, texts, each) if content else _kept(found)
    on = found[how.on].astimezone(UTC).date().isoformat()
    return SealableRow(name, on, says, how.may_change, texts)


def _plain(value: Any, texts: dict[str, str], at: str) -> Any:
    """A value as JSON has it; of the text of minutes, in the history of a review, its digest."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict) and at in ("before", "after") and isinstance(value.get("minutes"), str):
        return {**value, "minutes": _digest(value["minutes"], texts, f"{at}.minutes")}
    return value


def _digest(content: str | bytes, texts: dict[str, str], at: str) -> dict[str, str]:
    """The digest of a text, also of one that was let go of: it stands in its place."""
    if isinstance(content, bytes):
        return {"sha256": hashlib.sha256(content).hexdigest()}
    if gone := digest_let_go(content):
        return {"sha256": gone}
    texts[at] = content
    return {"sha256": hashlib.sha256(content.encode()).hexdigest()}


def _content(db: Connection, table: Table, found: Mapping[Any, Any]) -> bytes | None:
    content: bytes | None = db.scalar(select(table.c.content).where(table.c.id == found["id"]))
    return content


def _kept(found: Mapping[Any, Any]) -> dict[str, str] | None:
    return {"sha256": found["sha256"]} if found.get("sha256") else None


# The chain ---------------------------------------------------------------------------------------------------------


def chain(db: Connection, partnership: str) -> list[Seal]:
    """The seals of a partnership, in their order."""
    found = db.execute(select(_seal).where(_seal.c.partnership == partnership).order_by(_seal.c.number)).mappings()
    return [
        Seal(
            partnership, row["number"], row["sealed_at"], row["previous"], row["parts"], row["note"],
            row["head"], row["statement"],
        )
        for row in found
    ]  # fmt: skip


def last_sealed_at(db: Connection, partnership: str) -> datetime | None:
    newest = select(_seal.c.sealed_at).where(_seal.c.partnership == partnership).order_by(_seal.c.number.desc())
    found: datetime | None = db.scalar(newest.limit(1))
    return found


def add(db: Connection, seal: Seal) -> None:
    """Put the next seal of a chain on record."""
    row = {name: getattr(seal, name) for name in ("partnership", "number", "sealed_at", "previous", "head")}
    kept = {"note": seal.note, "statement": seal.statement, "parts": seal.parts}
    db.execute(insert(_seal), {**row, **{name: None if value is None else dict(value) for name, value in kept.items()}})


def last_statement(db: Connection, partnership: str) -> Statement | None:
    """What all sides were to be told last."""
    of = _seal.c
    mine = select(of.sealed_at, of.statement).where(of.partnership == partnership, of.statement.is_not(None))
    found = db.execute(mine.order_by(of.number.desc()).limit(1)).one_or_none()
    return Statement(*found) if found else None


def is_untouched(db: Connection, partnership: str) -> bool:
    """Whether nothing of a partnership was changed by the program since it was last looked for what is to be sealed."""
    of = _partnership.c
    return bool(db.scalar(select(of.revision == of.sealed).where(of.id == partnership)))


def were_looked_at(db: Connection, partnership: str, revision: int) -> None:
    """Whatever was on record at a revision is under a seal."""
    db.execute(update(_partnership).where(_partnership.c.id == partnership).values(sealed=revision))


def changed_since(db: Connection) -> list[str]:
    """The partnerships that have changed since they were last sealed."""
    of = _partnership.c
    return list(db.scalars(select(of.id).where(of.revision != of.sealed).order_by(of.id)))


def last_of_each(db: Connection) -> dict[str, datetime]:
    """When the last seal of each partnership that has one was made."""
    of = _seal.c
    newest = select(of.partnership, func.max(of.number)).group_by(of.partnership)
    wanted = select(of.partnership, of.sealed_at).where(tuple_(of.partnership, of.number).in_(newest))
    return {row.partnership: row.sealed_at for row in db.execute(wanted)}


def organisations(db: Connection, partnership: str) -> dict[str, str | None]:
    """Of which organisation each mail address of a partnership is, in lower case."""
    of = core_tables.member.c
    found = db.execute(select(of.email, of.organisation).where(of.partnership == partnership))
    return {email.casefold(): organisation for email, organisation in found}


# What a restore takes away -----------------------------------------------------------------------------------------


def made_since(db: Connection, since: datetime) -> list[dict[str, Any]]:
    """The seals made since a moment: partnership, number, sealed_at, head."""
    of = _seal.c
    wanted = select(of.partnership, of.number, of.sealed_at, of.head).where(of.sealed_at >= since)
    return [dict(row) for row in db.execute(wanted.order_by(of.partnership, of.number)).mappings()]


def were_lost(db: Connection, made: Iterable[Mapping[str, Any]]) -> None:
    """Keep which of these seals the record does not have: heads that people may have been told."""
    lost: dict[str, list[Mapping[str, Any]]] = {}
    for each in made:
        same = (_seal.c.partnership == each["partnership"], _seal.c.head == each["head"])
        if db.scalar(select(_seal.c.number).where(*same)) is None:
            lost.setdefault(each["partnership"], []).append(each)
    for partnership, found in lost.items():
        told = [
            {"number": each["number"], "sealed_at": each["sealed_at"].isoformat(), "head": each["head"]}
            for each in found
        ]
        clock.keep(db, f"{clock.LOST}{partnership}", found[-1]["sealed_at"], note=json.dumps(told))


def lost(db: Connection, partnership: str) -> list[dict[str, Any]]:
    """The seals that a restore took away and that no seal names yet: number, sealed_at, head."""
    kept = clock.get(db, f"{clock.LOST}{partnership}")
    return json.loads(kept.note or "[]") if kept else []


def lost_are_named(db: Connection, partnership: str) -> None:
    clock.forget(db, f"{clock.LOST}{partnership}")
