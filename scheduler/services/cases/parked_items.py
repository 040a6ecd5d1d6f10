"""What minutes left unfinished is closed by a person's word."""

from dataclasses import replace
from datetime import datetime

from scheduler.domain.errors import AlreadyDone
from scheduler.domain.ids import FromMinutesId
from scheduler.domain.record.minutes import ParkedItem
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.parked import put_on_record
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import parked, reviews


def close(app: App, id: str, because: str, by: str | None, now: datetime) -> ParkedItem:
    """The item comes back in no agenda, and stays on record. `by` is a person's key or mail address. Raises
    AlreadyDone; UserError for an unknown item or person."""
    with app.store.write(id) as db:
        row = lookup.partnership(db, FromMinutesId(id).partnership)
        definition = app.in_force(row)
        items = {each.id: each for each in put_on_record(db, definition, reviews.recorded(db, row.id), now)}
        if id not in items:
            raise lookup.unknown("item", id, list(items), f"cadence parked list --partnership {row.id} lists them")
        item, person = items[id], lookup.person(definition, by)
        if not item.is_open:
            what = f"{item.id} is closed already: {item.closed_because}"
            raise AlreadyDone(what, "cadence parked list --all shows it")
        closed = replace(item, closed_at=now, closed_by=person, closed_because=because)
        parked.save(db, [closed])
        govern_in(app, db, row.id, now)
    return closed
