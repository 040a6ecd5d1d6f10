"""An exit: it begins where a checkpoint or a formal review decides it, ends on another day by a person's word, and is
undone where another decision takes the place of the one to exit.

What follows from it (exit reviews, series that stop, the last day) is planned from what is on record here; its tasks
are actions of the review that decided it.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.wind_down import ExitWord, WindDown
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reminders.exit_tasks import begun, dated_anew, dropped
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.reviews.wind_down import last_day
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import actions, decisions, exits, partnerships, reviews


class ExitDecided(NamedTuple):
    """A decision about a `scope` (its id), as a review took it: whether to `exit`, why, by whom (key); `on` which day,
    where that was not today."""

    scope: str
    review: str
    exit: bool
    because: str
    by: str
    on: date | None = None


def follow(app: App, db: Connection, decided: ExitDecided, now: datetime) -> ExitWord | None:
    """Begin what a decision to exit begins, or undo it where the same review decides otherwise; return what was put on
    record, None where nothing follows. In the caller's transaction, which governs anew."""
    standing = exits.words(db, ScopeId(decided.scope).partnership).get(decided.scope)
    in_force = standing is not None and standing.is_in_force
    if decided.exit and not in_force:
        return _begin(app, db, decided, now)
    if standing is not None and in_force and not decided.exit and standing.wind_down.review == decided.review:
        return _take_back(db, standing, decided, now)
    return None


def begin(app: App, id: str, by: str, now: datetime) -> ExitWord:
    """Begin the wind-down of the partnership or layer `id` whose exit was decided when that began nothing yet: its days
    count from today. `by` is a person's key or mail address. Raises AlreadyDone where it has begun; UserError where no
    decision to exit is on record."""
    with app.store.write(id) as db:
        row = lookup.not_ended(lookup.partnership(db, ScopeId(id).partnership))
        person = lookup.person(app.in_force(row), by) or by
        standing = exits.words(db, row.id).get(id)
        if standing is not None and standing.is_in_force:
            raise AlreadyDone(f"the exit of {id} has begun already", f"cadence exit show {id}")
        recorded = reviews.recorded(db, row.id)
        taken = [
            each
            for each in decisions.courses(db, row.id).values()
            if each.decision == "exit" and each.review in recorded and recorded[each.review].review.scope_id == id
        ]
        if not taken:
            raise UserError(f"no exit of {id} is decided", "a checkpoint or a formal review decides it")
        last = max(taken, key=lambda each: each.at)
        word = _begin(app, db, ExitDecided(id, last.review, True, last.because, person), now)
        govern_in(app, db, row.id, now)
        return word


def _begin(app: App, db: Connection, decided: ExitDecided, now: datetime) -> ExitWord:
    row = lookup.partnership(db, ScopeId(decided.scope).partnership)
    scope = _scope(app, app.in_force(row), decided.scope, now)
    today = now.astimezone(zone(scope.timezone)).date()
    on = decided.on or today
    wind_down = WindDown(decided.review, on, max(last_day(scope, on), today))
    word = ExitWord(decided.scope, "begun", wind_down, decided.because, decided.by, now)
    exits.add(db, word)
    actions.save(db, begun(scope, wind_down, actions.recorded(db, row.id), now))
    return word


def _take_back(db: Connection, standing: ExitWord, decided: ExitDecided, now: datetime) -> ExitWord:
    word = ExitWord(decided.scope, "taken back", standing.wind_down, decided.because, decided.by, now, standing)
    exits.add(db, word)
    actions.save(db, dropped(_tasks(db, standing), decided.because, decided.by, now))
    return word


def end_on(app: App, id: str, ends: date, because: str, by: str, now: datetime) -> ExitWord:
    """The partnership or layer `id`, whose exit was decided, ends on another day: `ends` is its last, in its own zone.
    Tasks that are counted from the end, and exit reviews, follow; what a person has given a day keeps it.

    `by` is a person's key or mail address. Raises AlreadyDone where it ends on that day; UserError.
    """
    with app.store.write(id) as db:
        row = lookup.not_ended(lookup.partnership(db, ScopeId(id).partnership))
        definition = app.in_force(row)
        person = lookup.person(definition, by) or by
        standing = exits.words(db, row.id).get(id)
        if standing is None or not standing.is_in_force:
            raise UserError(f"no exit of {id} is decided", "a checkpoint or a formal review decides it")
        _refuse_day(_scope(app, definition.winding_down({}), id, now), standing.wind_down, ends, now)
        word = ExitWord(id, "ends", standing.wind_down._replace(ends=ends), because, person, now, standing)
        exits.add(db, word)
        row = partnerships.get(db, row.id) or row
        actions.save(db, dated_anew(_scope(app, app.in_force(row), id, now), word.wind_down, _tasks(db, standing)))
        govern_in(app, db, row.id, now)
        return word


def _refuse_day(scope: Scope, wind_down: WindDown, ends: date, now: datetime) -> None:
    """`scope` is as it would be without its exit."""
    if ends == wind_down.ends:
        raise AlreadyDone(f"{scope.id} ends on {in_words(ends)} already", f"cadence exit show {scope.id}")
    if ends < now.astimezone(zone(scope.timezone)).date():
        raise UserError(f"{in_words(ends)} is past", "name today or a later day")
    if scope.ends is not None and ends > scope.ends:
        raise UserError(f"{scope.id} ends on {in_words(scope.ends)} anyway", "name that day or one before it")


def _tasks(db: Connection, word: ExitWord) -> list[Action]:
    """The tasks of an exit, done ones too."""
    known = actions.recorded(db, ScopeId(word.scope).partnership)
    return [each for each in known if each.is_of_exit and each.review == word.wind_down.review]


def _scope(app: App, definition: Partnership, id: str, now: datetime) -> Scope:
    """The umbrella or layer of that id. Raises UserError."""
    parts: dict[str, Scope] = {part.id: part for part in scopes(definition.as_of(now), app.playbooks)}
    if id not in parts:
        raise lookup.unknown("layer", id, parts, f"it has {', '.join(parts)}")
    return parts[id]
