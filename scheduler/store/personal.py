"""What the record holds of one person: the rows that bear their mail address, or the key that they have in a
partnership. Secrets, and what only the program reads, are none of it.

`ADDRESSES` and `KEYS` name every such column; a test looks through the schema for one that is missing.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select, update

from . import core_tables, retention

ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "absence": ("email", "by"),
    "answer": ("email", "delegate"),
    "attendance": ("email",),
    "confirmation": ("email",),
    "draft": ("email",),
    "letter": ("email",),
    "link_revocation": ("email",),
    "member": ("email",),
    "notice": ("email",),
    "openid_account": ("email",),
    "own_setting": ("email",),
    "reply": ("email",),
    "session": ("email",),
    "sign_in": ("email",),
    "subscription": ("email",),
    "told": ("email",),
}
"""The columns that hold a mail address, by table."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "action": ("owner", "done_by", "due_given_by", "handed_by"),
    "agenda_item": ("by", "dropped_by"),
    "agenda_version": ("by",),
    "deadlock": ("opened_by", "ended_by"),
    "decision": ("decided_by", "carried_out_by", "carried_out_said_by", "superseded_said_by"),
    "definition_version": ("person",),
    "dispute": ("person", "settled_by"),
    "excuse": ("person",),
    "exit_word": ("person",),
    "flag": ("owner",),
    "health_asked": ("person",),
    "health_round": ("opened_by", "skipped_by"),
    "health_token": ("person",),
    "judgement": ("person",),
    "launch_tick": ("person",),
    "letter_question": ("person",),
    "link_revocation": ("by",),
    "measure": ("asked",),
    "minutes_filing": ("filed_by",),
    "objection": ("by", "settled_by"),
    "parked_item": ("closed_by",),
    "pre_read": ("by",),
    "presence": ("person", "said_by"),
    "proposal": ("proposed_by", "withdrawn_by"),
    "reading": ("person",),
    "reply": ("person",),
    "review": ("agenda_owner", "deputy", "chair", "minutes_by"),
    "vote": ("person",),
}
"""The columns that hold a person's key, by table; each of them has the partnership, too."""
REACHING: tuple[str, ...] = (
    "absence", "attendance", "confirmation", "draft", "link_revocation", "member", "openid_account", "own_setting",
    "session", "sign_in", "subscription",
)  # fmt: skip
"""The tables that only serve to reach somebody, to know them, or to let them in: nothing that happened rests on
them."""
NOBODYS = "@erased.invalid"
"""How the addresses end that take the place of erased ones."""
_UNSAID = re.compile(
    r".*_hash|content|dedup_key|digest|definition|part|token|written_at|minutes|items|burdens|evidence"
)
"""Columns that are printed to nobody: secrets, bytes, what only the program reads; and the words of whole minutes and
what a criterion was judged by, which may hold what is internal to another side: who may read them reads them in the
register and at the checkpoint."""


_IN_AN_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]"


def held(
    db: Connection, emails: Collection[str], keys: Mapping[str, Collection[str]]
) -> dict[str, list[dict[str, Any]]]:
    """Every row of a person, by table: of any of their mail addresses, in lower case, and of their keys by
    partnership."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sorted({*ADDRESSES, *KEYS}):
        table: Table = getattr(core_tables, name)
        mine = [*_by_address(table, emails), *_by_key(table, keys)]
        rows = db.execute(select(table).where(or_(*mine))).mappings() if mine else ()
        if listed := [{key: value for key, value in row.items() if not _UNSAID.fullmatch(key)} for row in rows]:
            found[name] = listed
    return found


def _by_address(table: Table, emails: Collection[str]) -> Iterator[ColumnElement[bool]]:
    for column in ADDRESSES.get(table.name, ()):
        yield func.lower(table.c[column]).in_(sorted(emails))


def _by_key(table: Table, keys: Mapping[str, Collection[str]]) -> Iterator[ColumnElement[bool]]:
    for column in KEYS.get(table.name, ()):
        for partnership, theirs in keys.items():
            yield (table.c.partnership == partnership) & table.c[column].in_(sorted(theirs))


def with_address(db: Connection, email: str) -> list[str]:
    """The partnerships of which a definition on record, in force or earlier, holds a mail address."""
    version, partnership = core_tables.definition_version, core_tables.partnership
    earlier = select(version.c.partnership).where(_says(version.c.definition, email))
    now = select(partnership.c.id).where(_says(partnership.c.definition, email))
    return sorted({*db.scalars(earlier), *db.scalars(now)})


def _says(column: ColumnElement[str], email: str) -> ColumnElement[bool]:
    return func.lower(column).contains(email.casefold(), autoescape=True)


def erase(db: Connection, emails: Iterable[str], stand_in: str, now: datetime) -> dict[str, int]:
    """Erase mail addresses: what only serves to reach somebody goes; where one stands in the record of what happened,
    the address `stand_in` takes its place, and the bytes of letters and the words of replies go. What still waits for
    them is told to nobody. Return how many rows changed, by table."""
    changed: dict[str, int] = {}
    for email in {each.casefold() for each in emails}:
        _stop(db, email, now)
        for name, columns in ADDRESSES.items():
            table: Table = getattr(core_tables, name)
            for column in columns:
                mine = func.lower(table.c[column]) == email
                goes = name in REACHING and column == "email"
                what = (
                    delete(table).where(mine)
                    if goes
                    else update(table).where(mine).values(_after(name, column, stand_in))
                )
                changed[name] = changed.get(name, 0) + db.execute(what).rowcount
        for table in (core_tables.definition_version, core_tables.partnership):
            changed[table.name] = changed.get(table.name, 0) + _rewritten(db, table, email, stand_in)
    return {name: rows for name, rows in changed.items() if rows}


def _stop(db: Connection, email: str, now: datetime) -> None:
    letter, notice = core_tables.letter, core_tables.notice
    unsent = (func.lower(letter.c.email) == email, letter.c.state.in_(("due", "claimed")))
    db.execute(update(letter).where(*unsent).values(state="replaced", settled_at=now))
    retention.forget_bytes(db, [*db.scalars(select(letter.c.id).where(func.lower(letter.c.email) == email))], now)
    waits = (func.lower(notice.c.email) == email, notice.c.state == "waiting")
    db.execute(update(notice).where(*waits).values(state="dropped"))


_GONE: Mapping[str, Mapping[str, Any]] = {
    "answer": {"comment": None},
    "reply": {"name": "", "words": ""},
}
"""What goes with an address, besides."""


def _after(table: str, column: str, stand_in: str) -> dict[str, Any]:
    return {column: stand_in, **(_GONE.get(table, {}) if column == "email" else {})}


def _rewritten(db: Connection, table: Table, email: str, stand_in: str) -> int:
    """Put the other address into the definitions on record that hold one."""
    found = db.execute(select(table.c.id, table.c.definition).where(_says(table.c.definition, email))).all()
    for id, text in found:
        other = re.sub(rf"(?<!{_IN_AN_ADDRESS}){re.escape(email)}(?!{_IN_AN_ADDRESS})", stand_in, text, flags=re.I)
        db.execute(update(table).where(table.c.id == id).values(definition=other))
    return len(found)
