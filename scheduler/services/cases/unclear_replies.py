"""Answers that a person has to read: in words, from an address that is nobody's here, or for somebody else.

Each is kept with what it says, listed by `cadence replies list`, and told by letter to the alliance managers of the
side that it seems to come from. One that its calendar says in full counts by itself once its sender is known (`also:`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ReplyFacts
from scheduler.domain.record.rsvp import Says
from scheduler.render.incoming_mail.reply_parser import ProposedTime, Reply, ReplyHeader, Said
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.rules.calendar.working_days import in_words
from scheduler.services.app import App
from scheduler.store import partnerships, replies, reviews
from scheduler.store.tables import ReplyRow

MOST_OPEN = 100
"""So many letters of one partnership wait to be read; of more, which is a flood, the number is counted alone."""
RUNG = "reply"
_DATE = 10
"""The characters of a civil date; a moment has more."""


def show(
    app: App,
    db: Connection,
    partnership: str,
    subject: str,
    letter: ReplyHeader,
    why: str,
    now: datetime,
    *,
    reply: Reply | None = None,
    of: str | None = None,
) -> bool:
    """Keep a letter for a person to read; False where the partnership has ended, or too many wait. `of` is the
    organisation that the matter is internal to."""
    row = partnerships.get(db, partnership)
    if row is None or row.ended_at is not None or replies.count(db, partnership) >= MOST_OPEN:
        return False
    definition = app.in_force(row)
    person = _who(definition.people, letter, reply)
    side = of or (definition.people[person].of if person else _side_of(definition.people, letter.email))
    kept = ReplyRow(
        partnership=partnership,
        subject=subject,
        email=letter.email,
        name=letter.name,
        person=person,
        of=side or _side_of_review(db, definition, subject),
        why=why,
        says=", ".join(dict.fromkeys(str(each.says) for each in reply.answers)) if reply else None,
        title=letter.subject,
        words=letter.words or next((each.comment for each in reply.answers if each.comment), "")
        if reply
        else letter.words,
        answers={"uid": reply.uid, "said": [_written(each) for each in reply.answers]} if reply else None,
        received_at=now,
    )
    replies.add(db, kept)
    partnerships.wake(db, partnership, now)
    app.log.warning("reply.shown", partnership=partnership, subject=subject, why=why)
    return True


def _who(people: Mapping[str, Person], letter: ReplyHeader, reply: Reply | None) -> str | None:
    """Who may have written it: by the address, else by the name, else of whom its calendar speaks."""
    attendees = {each.attendee for each in reply.answers} if reply else set()
    by_name = letter.name.casefold() if letter.name else None
    for found in (
        [key for key, each in people.items() if each.writes_from(letter.email)],
        [key for key, each in people.items() if each.name.casefold() == by_name],
        [key for key, each in people.items() if any(each.writes_from(address) for address in attendees)],
    ):
        if len(found) == 1:
            return found[0]
    return None


def _side_of(people: Mapping[str, Person], email: str) -> str | None:
    """The organisation whose people have addresses at that domain, where it is one alone."""
    domain = email.rpartition("@")[2]
    sides = {each.of for each in people.values() if each.email.casefold().rpartition("@")[2] == domain}
    return sides.pop() if len(sides) == 1 else None


def _side_of_review(db: Connection, definition: Partnership, subject: str) -> str | None:
    """The side of whoever owns the agenda: they have invited, and will want to know."""
    found = reviews.find(db, subject)
    owner = definition.people.get(found.review.agenda_owner) if found else None
    return owner.of if owner else None


def of_row(row: ReplyRow) -> Reply:
    """The answer of a letter that was kept, as it was read."""
    answers = row.answers or {}
    letter = ReplyHeader((), (), row.email, row.name, row.title, row.words)
    return Reply(letter, answers.get("uid", ""), tuple(_read(each) for each in answers.get("said", ())))


def _written(said: Said) -> dict[str, Any]:
    return {
        "attendee": said.attendee,
        "occurrence": said.occurrence.isoformat() if said.occurrence else None,
        "says": str(said.says),
        "sequence": said.sequence,
        "dtstamp": said.dtstamp.isoformat() if said.dtstamp else None,
        "comment": said.comment,
        "proposed": [each.isoformat() if each else None for each in said.proposed] if said.proposed else None,
        "delegate": said.delegate,
    }


def _read(kept: Mapping[str, Any]) -> Said:
    start, end = kept["proposed"] or (None, None)
    when = kept["occurrence"]
    return Said(
        attendee=kept["attendee"],
        occurrence=(date if when and len(when) == _DATE else datetime).fromisoformat(when) if when else None,
        says=Says(kept["says"]),
        sequence=kept["sequence"],
        dtstamp=datetime.fromisoformat(kept["dtstamp"]) if kept["dtstamp"] else None,
        comment=kept["comment"],
        proposed=ProposedTime(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        if start
        else None,
        delegate=kept["delegate"],
    )


# Telling of it -----------------------------------------------------------------------------------------------------


def notices(db: Connection, definition: Partnership, now: datetime) -> Iterator[Notification]:
    """Each letter that waits to be read, for the alliance managers of its side."""
    for row in replies.listing(db, partnership=definition.partnership):
        yield Notification(
            partnership=row.partnership,
            about="reply",
            subject=row.subject,
            period=f"reply-{row.id}",
            rung=RUNG,
            occasion=f"{row.received_at:%Y-%m-%d}",
            on=row.received_at.date(),
            people=_readers(definition, row, now),
            facts=facts_of(db, row, who_wrote(definition, row), definition.name),
            of=row.of,
        )


def _readers(definition: Partnership, row: ReplyRow, now: datetime) -> tuple[str, ...]:
    """The alliance managers of the side, but whoever wrote it; where there is none, its sponsors."""
    for role in (Role.ALLIANCE_MANAGER, Role.SPONSOR):
        found = tuple(
            key
            for key, each in definition.people.items()
            if each.role == role and each.of == row.of and key != row.person and not each.has_left(now.date())
        )
        if found:
            return found
    return ()


def who_wrote(definition: Partnership, row: ReplyRow) -> str:
    """``Dev Patel``, or the name or the address that the letter gives."""
    known = definition.people.get(row.person or "")
    return known.name if known else row.name or row.email


def about(db: Connection, row: ReplyRow) -> str:
    """``Operating review of Fri 18 Dec 2026``; of a series its id."""
    found = reviews.find(db, row.subject)
    return f"{found.review.title} of {in_words(found.review.start.date())}" if found else row.subject


def facts_of(db: Connection, row: ReplyRow, who: str, name: str | None = None) -> ReplyFacts:
    """What there is to tell of it; `name` is the partnership's."""
    found = reviews.find(db, row.subject)
    return {
        "who": who,
        "name": name,
        "review": found.review.title if found else None,
        "on": found.review.start.date().isoformat() if found else None,
        "email": row.email,
        "words": row.words,
        "answer": row.says,
        "why": row.why,
    }


def told(app: App, db: Connection, row: ReplyRow, who: str) -> str:
    """What it says and why it does not count, on one line: as its notification says it."""
    said = ToldMatter("reply", row.subject, RUNG, facts_of(db, row, who))
    return sentences_of(said, Means(has_shell=True), app.settings.template_folders).detail
