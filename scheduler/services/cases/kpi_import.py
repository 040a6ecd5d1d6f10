"""Many readings out of one file, all of it or none. A file is known again by what it says: its lines that name no
period filled theirs the first time, and do not fill the next one the second time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import BatchRefused
from scheduler.services.app import App
from scheduler.services.cases.kpis import Reported, ReportedValue, report_in
from scheduler.store import readings


@dataclass(frozen=True)
class Imported:
    """What came of a file: `done` by the place of each entry, and `filled_before`, the periods that its entries
    without one filled when it was imported `before`."""

    done: Mapping[int, Reported]
    filled_before: Mapping[int, tuple[str, str]]
    before: datetime | None


def import_all(app: App, entries: Sequence[ReportedValue], now: datetime, *, dry_run: bool = False) -> Imported:
    """Report the entries of a file in their order, at an aware moment; with `dry_run` nothing stays recorded. Raises
    Refused, with the place of each fault among `entries`."""
    with app.store.write(*(each.kpi for each in entries)) as db:
        imported = _imported(app, db, entries, now)
        if dry_run:
            db.rollback()
    return imported


def _imported(app: App, db: Connection, entries: Sequence[ReportedValue], now: datetime) -> Imported:
    file = _hash(entries)
    known = readings.filled(db, file)
    fresh = [place for place in range(len(entries)) if place not in known]
    try:
        done = report_in(app, db, [entries[place] for place in fresh], now)
    except BatchRefused as refused:
        raise BatchRefused([(fresh[index], trouble) for index, trouble in refused.faults]) from None
    taken = dict(zip(fresh, done, strict=True))
    guessed = {place: each.reading for place, each in taken.items() if entries[place].period is None}
    readings.note_filled(db, file, guessed, now)
    return Imported(
        done=taken,
        filled_before={place: (kpi, period) for place, (kpi, period, _) in known.items()},
        before=next((at for _, _, at in known.values()), None),
    )


def _hash(entries: Sequence[ReportedValue]) -> str:
    """What a file says, whichever marks and line ends it is written with."""
    said = [(each.kpi, each.period, each.value, each.note, each.by) for each in entries]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()
