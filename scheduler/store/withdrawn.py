"""What was withdrawn after a backup was made, for safety's sake above all: it stays so once that is restored."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from . import core_tables

_ENDED = {"api_token": "revoked_at", "subscription": "revoked_at", "session": "ended_at"}
"""By table, all of which know their rows by the hash of what opens them: when one ended."""


class Withdrawn(NamedTuple):
    """`ends` are those of tokens, feeds and sign-ins, by table and then by their hash; `links` were closed for these
    people. `keys` sign and open links, and `addresses` are those of feeds, by their number and beginning, each None
    where the record is no newer than the backup."""

    ends: Mapping[str, Mapping[str, Any]]
    links: Sequence[RowMapping]
    keys: Sequence[RowMapping] | None
    addresses: Mapping[tuple[int, Any], str] | None


def found(db: Connection, *, is_newer: bool) -> Withdrawn:
    """What a record knows of as withdrawn; of keys and addresses that were replaced only the newer of two can say."""
    feed = core_tables.subscription.c
    addresses = {(id, at): token for id, at, token in db.execute(select(feed.id, feed.created_at, feed.token_hash))}
    return Withdrawn(
        {name: _ends(db, name) for name in _ENDED},
        db.execute(select(core_tables.link_revocation)).mappings().all(),
        db.execute(select(core_tables.secret)).mappings().all() if is_newer else None,
        addresses if is_newer else None,
    )


def _ends(db: Connection, name: str) -> dict[str, Any]:
    of = getattr(core_tables, name).c
    ended = select(of.token_hash, of[_ENDED[name]]).where(of[_ENDED[name]].is_not(None))
    return {str(token): at for token, at in db.execute(ended)}


def carry(db: Connection, before: Withdrawn) -> None:
    """Put into the restored record what was withdrawn by the one that was there."""
    _replace_addresses(db, before.addresses or {})
    for name, ends in before.ends.items():
        table, column = getattr(core_tables, name), _ENDED[name]
        open_yet = db.scalars(select(table.c.token_hash).where(table.c[column].is_(None))).all()
        for token in ends.keys() & open_yet:
            db.execute(update(table).where(table.c.token_hash == token).values({column: ends[token]}))
    _close_links(db, before.links)
    if before.keys:
        db.execute(delete(core_tables.secret))
        db.execute(insert(core_tables.secret), [dict(key) for key in before.keys])


def _replace_addresses(db: Connection, addresses: Mapping[tuple[int, Any], str]) -> None:
    table = core_tables.subscription
    for id, at, token in db.execute(select(table.c.id, table.c.created_at, table.c.token_hash)).all():
        if addresses.get((id, at), token) != token:
            db.execute(update(table).where(table.c.id == id).values(token_hash=addresses[id, at], first_read_at=None))


def _close_links(db: Connection, links: Sequence[RowMapping]) -> None:
    table = core_tables.link_revocation
    here = {None, *db.scalars(select(core_tables.partnership.c.id))}
    known = {tuple(each) for each in db.execute(select(table.c.partnership, table.c.email, table.c.at))}
    for each in links:
        if (each["partnership"], each["email"], each["at"]) not in known and each["partnership"] in here:
            db.execute(insert(table), {name: value for name, value in each.items() if name != "id"})
