"""An action of the minutes is done, handed to somebody else, or given another date, by a person's word."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.ids import FromMinutesId, SeriesId
from scheduler.domain.record.minutes import Action
from scheduler.rules.calendar.working_days import in_words
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import actions, exits


def finish(app: App, id: str, because: str | None, by: str | None, now: datetime) -> Action:
    """The action is done: it comes back in no agenda, and those who heard that it was late hear of it.

    `by` is a person's key or mail address; `because` what should be known about how it was done. Raises AlreadyDone;
    UserError for an unknown action or person.
    """
    with app.store.write(id) as db:
        known, person = _found(app, db, id, by)
        if not known.is_open:
            why = f": {known.done_because}" if known.done_because else ""
            raise AlreadyDone(f"{known.id} is done already{why}", "cadence action list --all shows it")
        finished = replace(known, done_at=now, done_by=person, done_because=because)
        actions.save(db, [finished])
        govern_in(app, db, known.partnership, now)
    return finished


def give_date(app: App, id: str, due: date, by: str | None, now: datetime) -> Action:
    """The action is due by the end of that day. Where it was already, nothing changes. Raises as `finish` does."""
    with app.store.write(id) as db:
        known, person = _found(app, db, id, by)
        if not known.is_open:
            raise AlreadyDone(f"{known.id} is done already", "cadence action list --all shows it")
        if (known.due, known.unread) == (due, None):
            return known
        _refuse_after_the_end(db, known, due)
        given = replace(known, due=due, unread=None, due_given_at=now, due_given_by=person)
        actions.save(db, [given])
        govern_in(app, db, known.partnership, now)
    return given


def hand_on(app: App, id: str, to: str, because: str | None, by: str | None, now: datetime) -> Action:
    """The action is that of the person `to` from now on, by their key or mail address, who hears so; its ladder begins
    anew with them. Where it is theirs already, nothing changes. Raises as `finish` does."""
    with app.store.write(id) as db:
        known, person = _found(app, db, id, by)
        if not known.is_open:
            raise AlreadyDone(f"{known.id} is done already", "cadence action list --all shows it")
        definition = app.in_force(lookup.not_ended(lookup.partnership(db, known.partnership)))
        owner = lookup.person(definition, to)
        if owner == known.owner:
            return known
        if owner not in definition.as_of(now).people or definition.people[owner].has_left(now.date()):
            raise UserError(f"{to} has left", "hand it to somebody who is there")
        handed = replace(known, owner=owner, handed_at=now, handed_by=person, handed_because=because)
        actions.save(db, [handed])
        govern_in(app, db, known.partnership, now)
    return handed


def _refuse_after_the_end(db: Connection, known: Action, due: date) -> None:
    """A task of an exit is done by its last day: nobody is reminded of anything after that."""
    word = exits.words(db, known.partnership).get(SeriesId(known.series).scope) if known.is_of_exit else None
    if word is not None and word.is_in_force and due > word.wind_down.ends:
        what = f"it ends on {in_words(word.wind_down.ends)}, before {in_words(due)}"
        raise UserError(what, f"name a day before that, or move the end: cadence exit ends {word.scope} YYYY-MM-DD")


def _found(app: App, db: Connection, id: str, by: str | None) -> tuple[Action, str | None]:
    """The action of that id, and who says so. Raises UserError."""
    known = actions.find(db, id)
    if known is None:
        row = lookup.partnership(db, FromMinutesId(id).partnership)
        ids = [each.id for each in actions.recorded(db, row.id)]
        raise lookup.unknown("action", id, ids, f"cadence action list --partnership {row.id} lists them")
    return known, lookup.person(app.in_force(lookup.partnership(db, known.partnership)), by)
