"""The form on which the minutes of a review are filed, pasted or as a file, by whoever owes them: it shows what was
understood before it keeps them.

Its link is good for one filing. Once they are filed by it, it shows that; once they were filed otherwise, it is closed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import MINUTES
from scheduler.render.wording import day_words
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.turns import manager_of
from scheduler.services.app import App
from scheduler.services.cases.reviews import hold, holding
from scheduler.services.competition import guard_at
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.services.views.understood_minutes import (
    UnderstoodPart,
    has_found_nothing,
    understood_parts,
)
from scheduler.store import filings
from scheduler.web.links import payload, review_of
from scheduler.web.pages import FormLimits

from .lifecycle import FormKind, NotKept, NotYetKept, Said, Wrong, moment_words, name_of, refusal_at

MOST_CHARACTERS = 1024 * 1024
NO_MINUTES = "No minutes were taken: nothing was decided.\n"
_CLOSED = (Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True)
class MinutesPage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness. `parts` are what was
    understood of the `text`, whose digest is `seen`: None before anything was sent. Where the minutes are filed by this
    link, `filed` says when."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    text: str
    parts: tuple[UnderstoodPart, ...] | None
    is_empty: bool
    seen: str
    replaces: bool
    filed: str | None


@dataclass(frozen=True)
class _Asked:
    """What a link is for; `is_filed` where its one filing is on record."""

    partnership: Partnership
    record: Recorded
    known: MinutesRecord
    person: str
    is_filed: bool


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where the review is not held, or somebody else has filed its minutes."""
    said = payload(db, MINUTES, token, now)
    record, partnership = review_of(app, db, said["review"], now, _CLOSED)
    if record.review.start > now:
        raise Gone("its review is still to come")
    person, review = holder(app, db, partnership, said, now), record.review
    scope = next((each for each in scopes(partnership, app.playbooks) if each.id == review.scope_id), None)
    writer = manager_of(scope, review.minutes_by) if scope and review.minutes_by else None
    has_duty(partnership, person, (review.agenda_owner, review.deputy, review.chair, writer), now)
    known = filings.of_review(db, record.id)
    further = (known.filings[-1].number if known.filings else 0) - int(said["filed"])
    is_filed = further == 1 and known.filings[-1].filed_by == person
    if further and not is_filed:
        raise Gone("they were filed since")
    return _Asked(partnership, record, known, person, is_filed)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> MinutesPage:
    asked, text = _asked(app, db, now, token), _text(said or {})
    review, partnership = asked.record.review, asked.partnership
    filed = None
    if text.strip() and not asked.is_filed and len(text) <= MOST_CHARACTERS:
        filed = holding(app, asked.record.id, text, asked.person, now).filed
    names = {key: person.name for key, person in partnership.people.items()}
    last = asked.known.filings[-1] if asked.is_filed else None
    due = dict(review.clocks).get("minutes_by")
    return MinutesPage(
        partnership=partnership.name,
        title=say("Minutes of %(review)s", review=known(review.full_title)),
        reader=name_of(partnership, asked.person),
        facts=(
            (say("Held on"), day_words(review.start.date()), False),
            *([(say("Due"), day_words(due), due < now.date())] if due and asked.record.minutes is None else []),
        ),
        text=text,
        parts=understood_parts(filed, names, guard_at(app, partnership, asked.record)) if filed else None,
        is_empty=filed is not None and has_found_nothing(filed),
        seen=_digest(text) if filed else "",
        replaces=asked.record.minutes is not None,
        filed=moment_words(partnership, asked.person, last.filed_at) if last else None,
    )


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    if asked.is_filed:
        if _text(said).strip() == (asked.record.minutes or "").strip():
            return
        raise NotKept
    if "file_fault" in said:
        raise Wrong(
            "file",
            InvalidValue(
                sentence("This file is no text"), sentence("save the minutes as text in UTF-8, or paste them")
            ),
        )
    text = _text(said)
    if not text.strip():
        raise Wrong(
            "text", InvalidValue(sentence("There are no minutes yet"), sentence("paste them, or choose a file"))
        )
    if len(text) > MOST_CHARACTERS:
        raise Wrong(
            "text", InvalidValue(sentence("This is more than a megabyte"), sentence("minutes are a few pages of text"))
        )
    if "\0" in text:
        raise Wrong(
            "text",
            InvalidValue(sentence("It holds characters that no text has"), sentence("paste it again as plain text")),
        )
    if "none" not in said and said.get("keep") != _digest(text):
        raise NotYetKept
    with refusal_at(""):
        hold(app, asked.record.id, text, asked.person, now)


def _text(said: Said) -> str:
    """What was pasted or, where a file was chosen, that, with the line ends of a text; where it is said that there are
    none, a sentence that says so."""
    if "none" in said:
        return NO_MINUTES
    return (said.get("file") or said.get("text", "")).replace("\r\n", "\n").replace("\r", "\n")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


FORM = FormKind("minutes.html.j2", _shown, _taken, limits=FormLimits(3 * MOST_CHARACTERS, has_file=True))
