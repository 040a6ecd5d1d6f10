"""What people were told after a backup was made: taken out of the record that was there before it was restored, and put
into the restored one. Letters that have left cannot be taken back, whatever record is gone on with; a record that knows
nothing of them would have them written once more. What was withdrawn since goes along: it opens nothing again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select, update

from . import clock, core_tables, seals, withdrawn
from .statements import insert_new, upsert

_MOST = 500
"""Keys asked for at a time: databases limit how many values one question may have."""

Rows = Sequence[Mapping[str, Any]]


class ToldSince(NamedTuple):
    """Letters that were sent, the notices that they carried, and of which dates of which review whom they told; the
    seals that were made, by their heads; and what was withdrawn."""

    letters: Rows
    notices: Rows
    invited: Rows
    told: Rows
    seals: Rows
    withdrawn: withdrawn.Withdrawn


class Carried(NamedTuple):
    """How many `letters` the restored record did not know as sent, and to how many `people` they went. Not carried over
    are `strange` letters: those of partnerships that it does not know."""

    letters: int
    people: int
    strange: int = 0


def told(db: Connection, since: datetime) -> ToldSince:
    """What has left by this record since a moment, and a day before it: clocks differ."""
    letter, notice, first = core_tables.letter, core_tables.notice, since - timedelta(days=1)
    sent = select(letter).where(letter.c.state == "sent", letter.c.settled_at >= first)
    carried = select(notice).where(notice.c.state == "told", notice.c.told_at >= first)
    newest = clock.newest_moment(db)
    return ToldSince(
        _found(db, sent),
        _found(db, carried),
        _found(db, select(core_tables.invited)),
        _found(db, select(core_tables.told)),
        seals.made_since(db, first),
        withdrawn.found(db, is_newer=newest is not None and newest >= since),
    )


def carry(db: Connection, before: ToldSince) -> Carried:
    """Put on record what left after this record was copied, as far as its partnerships are known here."""
    here = set(db.scalars(select(core_tables.partnership.c.id)))
    letters = _unknown(db, [row for row in before.letters if row["partnership"] in here])
    _take(db, core_tables.letter, letters, ("dedup_key",))
    keys = {row["dedup_key"] for row in letters} | {row["instance"] for row in letters}
    notices = [row for row in before.notices if row["partnership"] in here and row["letter"] in keys]
    _take(db, core_tables.notice, notices, ("subject", "period", "rung", "occasion", "email"))
    insert_new(db, core_tables.invited, [row for row in before.invited if row["partnership"] in here])
    newer = _newer(db, [row for row in before.told if row["partnership"] in here])
    upsert(db, core_tables.told, newer)
    seals.were_lost(db, [row for row in before.seals if row["partnership"] in here])
    withdrawn.carry(db, before.withdrawn)
    strange = sum(row["partnership"] not in here for row in before.letters)
    return Carried(len(letters), len({row["email"] for row in letters}), strange)


def _unknown(db: Connection, letters: Rows) -> list[Mapping[str, Any]]:
    """Those that this record does not know as settled for good."""
    of, known = core_tables.letter.c, set[str]()
    for some in _parts([str(row["dedup_key"]) for row in letters]):
        known |= set(db.scalars(select(of.dedup_key).where(of.dedup_key.in_(some), of.state == "sent")))
    return [row for row in letters if row["dedup_key"] not in known]


def _newer(db: Connection, rows: Rows) -> list[Mapping[str, Any]]:
    """What a person was told of later than this record knows."""
    of = core_tables.told.c
    known = {
        (each.uid, each.instance, each.email): each.at
        for each in db.execute(select(of.uid, of.instance, of.email, of.at))
    }
    return [
        row for row in rows if (at := known.get((row["uid"], row["instance"], row["email"]))) is None or at < row["at"]
    ]


def _take(db: Connection, table: Table, rows: Rows, key: tuple[str, ...]) -> None:
    """Write rows under the numbers of this record: new ones, and over those that have the same key."""
    without = [{name: value for name, value in row.items() if name != "id"} for row in rows]
    insert_new(db, table, without)
    for row in without:
        same = [table.c[name] == row[name] for name in key]
        db.execute(update(table).where(*same).values({n: v for n, v in row.items() if n not in key}))


def _found(db: Connection, asked: Any) -> Rows:
    return [dict(row) for row in db.execute(asked).mappings()]


def _parts(keys: list[str]) -> Iterable[list[str]]:
    return (keys[first : first + _MOST] for first in range(0, len(keys), _MOST))
