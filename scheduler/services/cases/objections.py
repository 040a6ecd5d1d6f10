"""Somebody objects to minutes, item by item, in the time that they have for it; and an objection comes to its end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, NotTheirs, UserError, WrongDay
from scheduler.domain.ids import Id
from scheduler.domain.record.filing import MinutesItem, Objection
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.minutes.filings import circulated_to
from scheduler.rules.minutes.objections import MinutesStanding, can_object, standing
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import filings, presence


def object_to(app: App, id: str, items: Sequence[str], says: str, by: str, now: datetime) -> tuple[Objection, ...]:
    """Object to `items` of the minutes of a review or, without any, to the minutes as a whole; return what is on record
    of that. What the person has said before, in the same words, changes nothing.

    An item is named by its id, or by what stands in it behind the review's: ``!2``, ``#1``, ``#P1``. `by` is a person's
    key or mail address. Raises UserError: WrongDay where the time for it is over, NotTheirs for somebody who was not to
    attend.
    """
    with app.store.write(id) as db:
        minutes = _minutes(app, db, id, now)
        person = lookup.person(minutes.definition, by) or by
        if person not in circulated_to(minutes.record.review, presence.of_review(db, minutes.record.id)):
            raise NotTheirs(f"{person} was not to attend {minutes.record.id}", "only who was to attend can object")
        wanted: list[MinutesItem | None] = [_item(minutes, each) for each in items] or [None]
        for item in wanted:
            _check_time(minutes, item)
        objections = tuple(_objections(db, minutes, wanted, says, person, now))
        filings.save_objections(db, objections)
        govern_in(app, db, minutes.definition.partnership, now)
    return objections


def settle(app: App, objection: str, because: str, by: str, now: datetime) -> Objection:
    """An objection is settled, `because` of what was agreed; where whoever objected says so, it is withdrawn. Raises
    AlreadyDone; UserError for an unknown one or person."""
    with app.store.write(objection) as db:
        found = filings.find_objection(db, objection)
        if found is None:
            row = lookup.partnership(db, Id(objection).partnership)
            known = [one.id for each in filings.recorded(db, row.id).values() for one in each.objections]
            raise lookup.unknown("objection", objection, known, "cadence review show ID lists those to its minutes")
        definition = app.in_force(lookup.partnership(db, found.partnership))
        person = lookup.person(definition, by) or by
        if not found.is_open:
            how = "withdrawn" if found.is_withdrawn else "settled"
            raise AlreadyDone(f"{found.id} is {how} already: {found.settled_because}", "object again where it is not")
        settled = replace(found, settled_at=now, settled_by=person, settled_because=because)
        filings.save_objections(db, [settled])
        govern_in(app, db, found.partnership, now)
    return settled


class _Minutes(NamedTuple):
    """The minutes of a review as they stand at a moment."""

    definition: Partnership
    record: Recorded
    standing: MinutesStanding
    objections: tuple[Objection, ...]
    now: datetime


def _minutes(app: App, db: Connection, id: str, now: datetime) -> _Minutes:
    record = lookup.review(db, id)
    definition = app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))
    known, today = filings.of_review(db, record.id), now.astimezone(zone(record.review.timezone)).date()
    found = standing(record, known, today)
    if found is None:
        raise UserError(f"{record.id} has no minutes", "one can object once they are filed")
    return _Minutes(definition.as_of(now), record, found, known.objections, now)


def _item(minutes: _Minutes, written: str) -> MinutesItem:
    by_id = {item.id: item for item in minutes.standing.items if item.id}
    id = written if written in by_id else f"{minutes.record.id}{written}"
    if id not in by_id:
        short = [each.removeprefix(minutes.record.id) for each in by_id]
        raise lookup.unknown("item", written, short, f"cadence review show {minutes.record.id} lists them")
    return by_id[id]


def _check_time(minutes: _Minutes, item: MinutesItem | None) -> None:
    review = minutes.record.review
    today = minutes.now.astimezone(zone(review.timezone)).date()
    if can_object(minutes.standing, item, today):
        return
    what = item.id if item else f"the minutes of {review.id}"
    if minutes.standing.until is None:
        raise WrongDay(f"{what} cannot be objected to: its series gives no time for it", "correct them at the next one")
    day = in_words(minutes.standing.until)
    raise WrongDay(f"the time to object to {what} is over ({day})", "raise it at the next meeting")


def _objections(
    db: Connection,
    minutes: _Minutes,
    items: Sequence[MinutesItem | None],
    says: str,
    person: str,
    now: datetime,
) -> Iterator[Objection]:
    """Those that are on record already, and the new ones."""
    number = max((each.number for each in minutes.objections), default=0)
    for item in items:
        id = item.id if item else None
        same = (each for each in minutes.objections if (each.item, each.by, each.says) == (id, person, says))
        known = next((each for each in same if each.is_open), None)
        if known is None:
            number += 1
            filing, item_says = minutes.standing.filings[-1].number, item.says if item else None
            record = minutes.record.id
            known = Objection(f"{record}~{number}", record, filing, id, item_says, says, person, now)
        yield known
