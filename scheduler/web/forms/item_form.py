"""The form on which anybody who is invited adds an item to the agenda of a review, and takes one of theirs back; its
link is good until the items close."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.agenda_item import MOST_MINUTES, AddedItem
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, say_as, sentence
from scheduler.render.signed_links import ITEM
from scheduler.render.wording import day_words
from scheduler.rules.competition_law import Guard
from scheduler.rules.reviews.adding_items import closes_at
from scheduler.services.app import App
from scheduler.services.cases.agenda_items import MOST_CHARACTERS, add, drop
from scheduler.services.competition import counsel_at, guard_at
from scheduler.services.still_theirs import Gone, holder, whom_to_ask
from scheduler.store import agenda_items
from scheduler.web.links import payload, review_of

from .lifecycle import FormKind, Said, Wrong, moment_words, name_of, refusal_at
from .topics import FIELD, Topics, topic_said, topics_of


@dataclass(frozen=True)
class ItemLine:
    """An item that stands on the agenda, and whether its reader can take it from there."""

    id: str
    says: str
    minutes: int | None
    by: str
    may_drop: bool


@dataclass(frozen=True)
class ItemPage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    items: tuple[ItemLine, ...]
    says: str
    minutes: str
    longest: int
    most_minutes: int
    topics: Topics | None
    """The choice of those that are permitted where competitors meet; None where any is."""
    topic: str
    reminder: str | None


@dataclass(frozen=True)
class _Asked:
    """What a link is for: the review, to whose agenda the person can add until a moment."""

    partnership: Partnership
    record: Recorded
    items: tuple[AddedItem, ...]
    person: str
    until: datetime
    guard: Guard | None
    """What holds where competitors meet."""


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where the review is not to be held, the items are closed, or the person is
    not invited any more."""
    said = payload(db, ITEM, token, now)
    record, partnership = review_of(app, db, said["review"], now)
    person = holder(app, db, partnership, said, now)
    until = closes_at(record, person, counsel=counsel_at(app, partnership, record))
    if until is None or now >= until:
        raise Gone("its items are closed", whom_to_ask(partnership, partnership.people[person], now))
    items = tuple(each for each in agenda_items.of_review(db, record.id) if each.is_open)
    return _Asked(partnership, record, items, person, until, guard_at(app, partnership, record))


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ItemPage:
    asked, typed = _asked(app, db, now, token), said or {}
    review, partnership = asked.record.review, asked.partnership
    answers = asked.person in (review.agenda_owner, review.deputy, review.chair)
    return ItemPage(
        partnership=partnership.name,
        title=say("Add an item: %(review)s", review=known(review.full_title)),
        reader=name_of(partnership, asked.person),
        facts=(
            (say_as("on a day", "On"), day_words(review.start.date()), False),
            (say("Agenda by"), name_of(partnership, review.agenda_owner), False),
            (say("Items until"), moment_words(partnership, asked.person, asked.until), False),
        ),
        items=tuple(
            ItemLine(
                each.id,
                known(each.says) if each.out_of else each.says,
                each.minutes,
                _whose(partnership, each),
                answers or each.by == asked.person,
            )
            for each in asked.items
        ),
        says=typed.get("says", ""),
        minutes=typed.get("minutes", ""),
        longest=MOST_CHARACTERS,
        most_minutes=MOST_MINUTES,
        topics=topics_of([asked.guard], asked.person),
        topic=typed.get(FIELD, ""),
        reminder=asked.guard.reminder if asked.guard else None,
    )


def _whose(partnership: Partnership, item: AddedItem) -> str:
    name = name_of(partnership, item.by)
    return say("Out of the health check; its owner: %(person)s", person=name) if item.out_of else name


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    with refusal_at("" if "drop" in said else "says"):
        if "drop" not in said:
            _add(app, asked, said, now)
        elif any(each.id == said["drop"] for each in asked.items):
            drop(app, said["drop"], None, asked.person, now)


def _add(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    written, says = said.get("minutes", "").strip(), said.get("says", "").strip()
    if not says:
        raise Wrong("says", InvalidValue(sentence("Say what it is about"), sentence("in a line")))
    is_number = written.isascii() and written.isdigit() and len(written) <= 3
    if written and not (is_number and 1 <= int(written) <= MOST_MINUTES):
        raise Wrong(
            "minutes", InvalidValue(sentence("This is no number of minutes"), f"write one from 1 to {MOST_MINUTES}")
        )
    topic = topic_said(asked.guard, asked.person, said, says)
    add(app, asked.record.id, says, int(written) if written else None, asked.person, now, topic=topic)


FORM = FormKind("item.html.j2", _shown, _taken)
