"""Somebody who is invited adds an item to the agenda of a review to come, or drops one."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, NotTheirs, UserError, WrongDay
from scheduler.domain.ids import Id
from scheduler.domain.record.agenda_item import MOST_MINUTES, AddedItem
from scheduler.domain.record.minutes import words_of
from scheduler.domain.record.review import Recorded
from scheduler.domain.text import one_line
from scheduler.render.wording import clock_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.competition_law import Guard
from scheduler.rules.reviews.adding_items import closes_at
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.competition import counsel_at, guard_at, topics_in_words, whom_to_ask
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import agenda_items

MOST_ITEMS, MOST_CHARACTERS = 50, 200
"""So many items stand on one agenda, each so long."""


def add(app: App, id: str, says: str, minutes: int | None, by: str, now: datetime, *, topic: str = "") -> AddedItem:
    """The item `says` stands on the agenda of the review from now on, with as many minutes as are wanted for it. One of
    the same words by the same person is that one. `by` is a person's key or mail address. Where competitors meet, it is
    of the `topic` that was chosen, or of the one that it names itself.

    Raises UserError: NotTheirs for somebody who is not invited, WrongDay where it is too late.
    """
    title = one_line(says)
    _check_length(title)
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise UserError(f"{minutes} minutes are no time for an item", f"1 to {MOST_MINUTES}")
    with app.store.write(id) as db:
        record, definition, person = _invited(app, db, id, by, now)
        if guard := guard_at(app, definition, record):
            title = guard.under(topic, title)
            _check_length(title)
            _check_competition(guard, definition, title, person)
        known = agenda_items.of_review(db, record.id)
        standing = [each for each in known if each.is_open]
        same = (each for each in standing if (words_of(each.says), each.by) == (words_of(title), person))
        before = next(same, None)
        if before and before.minutes == minutes:
            return before
        if before is None and len(standing) >= MOST_ITEMS:
            raise UserError(f"{MOST_ITEMS} items stand on its agenda already", "drop one, or take it to the next one")
        number = max((each.number for each in known), default=0) + 1
        fresh = AddedItem(f"{record.id}+{number}", record.id, title, minutes, person, now)
        item = replace(before, minutes=minutes) if before else fresh
        agenda_items.save(db, [item])
        govern_in(app, db, definition.partnership, now)
    return item


def _check_length(title: str) -> None:
    if not title or len(title) > MOST_CHARACTERS:
        raise UserError("an item is a line of up to 200 characters", "what more there is to say belongs into a paper")


def _check_competition(guard: Guard, definition: Partnership, says: str, person: str) -> None:
    """Where competitors meet, an item is of a permitted topic, and what counsel looks at first counsel alone adds.
    Raises UserError."""
    if person in guard.counsel:
        return
    if word := guard.word_in(says):
        what = f'competitors may not speak of "{word}" unless counsel has looked at it'
        raise UserError(what, f"ask {whom_to_ask(guard, definition)}: counsel adds it, where it may stand there")
    if guard.topic_of(says) is None:
        what = "competitors speak of permitted topics alone, and this item names none"
        raise UserError(what, f'begin with one and a colon, like "{guard.topics[0]}: …"; {topics_in_words(guard)}')


def drop(app: App, id: str, because: str | None, by: str, now: datetime) -> AddedItem:
    """The item stands on the agenda no more; it stays on record. Whoever added it can do so, and who owns the agenda or
    has the chair. Raises AlreadyDone; UserError as `add` does."""
    with app.store.write(id) as db:
        item = agenda_items.find(db, id)
        if item is None:
            row = lookup.partnership(db, Id(id).partnership)
            known = [each.id for each in agenda_items.recorded(db, row.id) if each.is_open]
            raise lookup.unknown("item", id, known, "the agenda shows them")
        record, definition, person = _invited(app, db, item.review, by, now)
        if not item.is_open:
            raise AlreadyDone(f"{item.id} was dropped already", "it stands on no agenda")
        review = record.review
        if person not in (item.by, review.agenda_owner, review.deputy, review.chair):
            raise NotTheirs(
                f"{item.id} was added by {item.by}", "they drop it, or who owns the agenda or has the chair"
            )
        dropped = replace(item, dropped_at=now, dropped_by=person, dropped_because=because)
        agenda_items.save(db, [dropped])
        govern_in(app, db, definition.partnership, now)
    return dropped


def _invited(app: App, db: Connection, id: str, by: str, now: datetime) -> tuple[Recorded, Partnership, str]:
    """The review, the definition in force, and the key of the person, who can still add to its agenda."""
    record = lookup.review(db, id)
    definition = app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))
    person = lookup.person(definition, by) or by
    counsel = counsel_at(app, definition, record)
    until = closes_at(record, person, counsel=counsel)
    if until is None and record.status != "planned":
        raise WrongDay(f"{record.id} is {record.status}", "add it to the next one")
    if until is None:
        who = "only who is invited, and counsel, add" if counsel else "only who is invited adds"
        raise NotTheirs(f"{person} is not invited to {record.id}", f"{who} to its agenda")
    if now >= until:
        guard = guard_at(app, definition, record)
        there = until.astimezone(zone(record.review.timezone))
        what = (
            f"the time to add to the agenda of {record.id} was over on {in_words(there.date())}, {clock_words(there)}"
        )
        raise WrongDay(what, _who_adds_later(guard, definition, record, now))
    return record, definition, person


def _who_adds_later(guard: Guard | None, definition: Partnership, record: Recorded, now: datetime) -> str:
    """The way out once somebody's time to add is over. Where competitors meet there is no other business."""
    if guard is None:
        return "ask the agenda owner, or raise it at the meeting"
    if now >= record.review.start:
        return "raise it for the next review"
    return f"ask {whom_to_ask(guard, definition)}: counsel adds items until the review begins"
