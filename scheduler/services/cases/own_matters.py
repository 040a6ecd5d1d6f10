"""Somebody who looks at what is asked of them is led to the form on which they answer it: by a link of their own, made
when they ask for it and good for that."""

from datetime import datetime

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.cases.confirmations import NO_CODES
from scheduler.services.pipeline.digest_links import Links, link_of
from scheduler.services.pipeline.personal_items import Reader, coming, for_counsel, items
from scheduler.services.state import to_be_told

GONE = UserError("This is asked of you no more", "load the page again: it shows what is")


def form_of(app: App, partnership: str, person: str, matter: tuple[str, str, str], now: datetime) -> str:
    """The address of the form for a `matter` (what it is about, the id of its subject, its rung) that is asked of a
    person, by key. Raises `UserError` where it is asked of them no more, or has no form."""
    about, subject, rung = matter
    with app.store.write() as db:  # the first link ever makes the key that all are signed with
        archive = Archive(app, db, now, complete=to_be_told)
        reader = Reader(archive[partnership], person)
        theirs = (*items(reader, (), _may_say), *for_counsel(app, db, reader), *coming(reader, _may_say))
        asked = (each for each in theirs if each.is_asked)
        mine = (each for each in asked if (each.about, each.subject, each.rung) == (about, subject, rung))
        item = next(mine, None)
        link = link_of(Links(app, db, archive, now), reader, item) if item else None
    if link is None:
        raise GONE
    return link


def _may_say(_of: str | None, _partnership: Partnership) -> bool:
    """It is said to the person alone."""
    return True


def course_form(app: App, review: str, person: str, now: datetime) -> str:
    """The address of the form on which a person, by key, says what a review decided, confirmed by a code. Raises
    `UserError` where no code can be sent."""
    with app.store.write() as db:
        link = Links(app, db, Archive(app, db, now, complete=to_be_told), now).course(review, person)
    if link is None:
        raise NO_CODES
    return link
