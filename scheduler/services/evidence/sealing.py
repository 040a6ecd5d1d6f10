"""Each day what came to a partnership's record is put under a seal, by the first cycle of the day (UTC).

What is one side's own waits for a day on which something came that both sides see, at the longest for the first of the
next month: a seal by itself would tell the other side that there is something. Names that are given anew and addresses
that are erased change rows that are sealed: who does that does it within `rewriting`, and the chain says so.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from scheduler.domain.record.seal import (
    JOINT,
    Because,
    Seal,
    SealableRow,
    SealEntry,
    SealPart,
    digest_of,
    document_of,
    latest_entries,
)
from scheduler.services.app import App
from scheduler.services.evidence.audiences import Owners, all_parts
from scheduler.services.evidence.checking import SinceSealed
from scheduler.services.evidence.statements import is_due, month_before, statement
from scheduler.services.lookup import partnership
from scheduler.store import clock, partnerships, seals

_DAY = timedelta(days=1)

Entries = Mapping[str, list[SealEntry]]
"""What a seal is of, by part."""


def seal_all(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> None:
    """Seal what came to the records since the last day on which it was looked; in the first cycle of a month those of
    all partnerships that have no seal of it. `between` is called after each. Raises StoreError."""
    with app.store.read() as db:
        last = clock.get(db, clock.SEALED)
        if last and last.at.astimezone(UTC).date() == now.astimezone(UTC).date():
            return
        is_first_of_month = last is None or _month(last.at) != _month(now)
        wanted = seals.changed_since(db)
        if is_first_of_month:
            last_of = seals.last_of_each(db)
            new = (id for id in partnerships.ids(db) if id not in last_of or _month(last_of[id]) != _month(now))
            wanted = sorted({*wanted, *new})
    for id in wanted:
        with app.store.write(id) as db:
            seal(app, db, id, now, daily=True)
        between()
    with app.store.write() as db:
        clock.keep(db, clock.SEALED, now)


def seal(
    app: App, db: Connection, id: str, now: datetime, also: Collection[str] | None = (), *, daily: bool = False
) -> Seal | None:
    """Put what came to the record of a partnership under a seal, in the caller's transaction, which holds it; None
    where nothing did, or what did waits: what came to the parts `also` named (None: to any) does not. A `daily` one
    waits also where another daemon has made that of this day (UTC)."""
    row, chain = partnership(db, id), seals.chain(db, id)
    known, last = latest_entries(chain), chain[-1] if chain else None
    if daily and last and last.sealed_at.astimezone(UTC).date() == now.astimezone(UTC).date():
        return None
    fresh = [*_fresh(db, id, known, chain)]
    is_of_new_month = last is None or (row.ended_at is None and _month(last.sealed_at) != _month(now))
    if not fresh and not is_of_new_month:
        seals.were_looked_at(db, id, row.revision)
        return None
    owners, entries = Owners(app, db, row), defaultdict[str, list[SealEntry]](list)
    for each, entry in fresh:
        for part in owners.parts(each):
            entries[part].append(entry)
    if not is_of_new_month and not any(entries[part] for part in (entries if also is None else (JOINT, *also))):
        return None
    month = month_before(now)
    made = _made(db, id, owners, entries, chain, now)
    if row.ended_at is None and is_due(chain, month):
        zone, rows = app.in_force(row).zone, seals.rows(db, id, but=("letter",))
        facts = statement(row.name, month, zone, owners, rows, made, chain[0].sealed_at)
        made = replace(made, statement=facts)
        partnerships.wake(db, id, now)
    seals.add(db, made)
    seals.were_looked_at(db, id, row.revision)
    app.log.info("record.sealed", partnership=id, number=made.number, rows=len(fresh))
    return made


def _fresh(
    db: Connection, id: str, known: Mapping[str, tuple[SealEntry, Seal]], chain: list[Seal]
) -> Iterator[tuple[SealableRow, SealEntry]]:
    """What is not sealed, or was changed since by the program. What else says something else than was sealed is not
    sealed anew, and so found by `checking` for good."""
    rows = [*seals.rows(db, id, known, chain[-1].sealed_at if chain else None)]
    since = SinceSealed.of(rows, known, chain, seals.is_untouched(db, id))
    for each in rows:
        before = known.get(each.row)
        if before is None:
            yield each, {"row": each.row, "on": each.on, "digest": each.digest}
        elif before[0]["digest"] != each.digest and since.may_say_so(each):
            yield each, {"row": each.row, "on": each.on, "digest": each.digest, "because": "restated"}


@contextmanager
def rewriting(app: App, db: Connection, id: str, now: datetime, because: Because) -> Iterator[None]:
    """Names are given anew, or addresses erased, in the caller's transaction, which holds the partnership: what is
    sealed is sealed again as it reads then. What was not as it was sealed before is left out, and still found."""
    chain = seals.chain(db, id)
    known = latest_entries(chain)
    before = {each.row: each.digest for each in seals.rows(db, id, known)} if chain else {}
    yield
    if not chain:
        return
    entries = defaultdict[str, list[SealEntry]](list)
    parts = _parts_by_row(chain)
    for each in seals.rows(db, id, known):
        sealed = known.get(each.row)
        was_whole = sealed is not None and before.get(each.row) == sealed[0]["digest"]
        if was_whole and each.digest != before[each.row]:
            entry: SealEntry = {"row": each.row, "on": each.on, "digest": each.digest, "because": because}
            for part in parts[each.row]:
                entries[part].append(entry)
    if entries:
        seals.add(db, _made(db, id, Owners(app, db, partnership(db, id)), entries, chain, now))


def _parts_by_row(chain: list[Seal]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seal in chain:
        here: dict[str, list[str]] = defaultdict(list)
        for part, sealed in seal.parts.items():
            for entry in sealed["entries"]:
                here[entry["row"]].append(part)
        found |= here
    return found


def _made(db: Connection, id: str, owners: Owners, entries: Entries, chain: list[Seal], now: datetime) -> Seal:
    names = dict.fromkeys((*all_parts(owners), *sorted(entries)))
    parts: dict[str, SealPart] = {
        name: {"nonce": secrets.token_hex(16), "entries": sorted(entries.get(name, []), key=lambda each: each["row"])}
        for name in names
    }
    number, previous = len(chain) + 1, chain[-1].head if chain else ""
    sealed_at, note = now.astimezone(UTC), _restored_since(db, id, chain)
    head = digest_of(document_of(id, number, sealed_at, previous, parts, note))
    return Seal(id, number, sealed_at, previous, parts, note, head)


def _restored_since(db: Connection, id: str, chain: list[Seal]) -> dict[str, Any] | None:
    """That the record was restored from a backup since the last seal: seals that were made in between are not in it,
    and those that are known are named, since somebody may keep a letter with their head."""
    restored = clock.get(db, clock.RESTORED)
    if restored is None or (chain and _tells_of(chain, restored.at)):
        return None
    lost = seals.lost(db, id)
    seals.lost_are_named(db, id)
    return {"restored_at": restored.at.isoformat(), "reached": restored.note, "lost": lost}


def _tells_of(chain: list[Seal], restored_at: datetime) -> bool:
    return any(seal.note and seal.note.get("restored_at") == restored_at.isoformat() for seal in chain)


def _month(moment: datetime) -> tuple[int, int]:
    utc = moment.astimezone(UTC)
    return utc.year, utc.month
