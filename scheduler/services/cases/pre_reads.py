"""Somebody gives a file to those who come to a review, to be read before, or takes it back."""

import unicodedata
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.record.pre_read import MOST_BYTES, MOST_FILES, PreRead
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.store import pre_reads

_MOST_CHARACTERS = 120


def give(
    app: App, id: str, organisation: str | None, name: str, content: bytes, by: str | None, now: datetime
) -> PreRead:
    """The file stands at the review, for all partners or for one `organisation` alone. One of the same name, content
    and readers stands there once. `by` is a person's key, None for an operator. Raises `UserError`: a file that is
    empty or too large, one too many, a review that is over."""
    if not content:
        raise UserError("This file is empty", "choose another one")
    if len(content) > MOST_BYTES:
        raise UserError(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB", "give a link to it in an item")
    with app.store.write(id) as db:
        review = _open(app, db, id, now)
        whose = _side(app, db, review, organisation)
        known = pre_reads.of_review(db, review)
        standing = [each for each in known if each.stands]
        told = file_name(name)
        for each in standing:
            if (each.name, each.audience) == (told, whose) and pre_reads.content(db, each.id) == content:
                return each
        if len(standing) >= MOST_FILES:
            raise UserError(f"{MOST_FILES} files stand at this review already", "take one back first")
        number = max((each.number for each in known), default=0) + 1
        file = PreRead(f"{review}@{number}", review, whose, told, len(content), by, now)
        pre_reads.add(db, file, content)
    return file


def take_back(app: App, id: str, now: datetime) -> None:
    """The file stands at its review no more. Raises `UserError` for one that does not stand there."""
    with app.store.write(id) as db:
        review = id.rpartition("@")[0]
        if id not in {each.id for each in pre_reads.of_review(db, review) if each.stands}:
            raise UserError("This file is not there any more", "load the page again")
        pre_reads.withdraw(db, id, now)


def file_name(written: str) -> str:
    """A name that is one and no path, whatever a browser says: without folders and marks that nobody sees."""
    last = written.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if len(seen) > _MOST_CHARACTERS and dot and len(ending) < 10:
        return f"{stem[: _MOST_CHARACTERS - len(ending) - 1]}.{ending}"
    return seen[:_MOST_CHARACTERS] or "file"


def _open(app: App, db: Connection, id: str, now: datetime) -> str:
    record = lookup.review(db, id)
    lookup.not_ended(lookup.partnership(db, record.review.partnership))
    if record.status is not Status.PLANNED or record.is_past(now):
        raise WrongDay(f"{record.id} is over, or is not held", "give it to the next one")
    return record.id


def _side(app: App, db: Connection, review: str, organisation: str | None) -> str | None:
    if organisation is None:
        return None
    row = lookup.partnership(db, lookup.review(db, review).review.partnership)
    return lookup.organisation(app.in_force(row), organisation)
