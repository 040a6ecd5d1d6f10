"""The one letter that goes back to whoever answered by mail: what is on record now, what was not understood and how it
is said, with the form for each. It can be answered in its turn, under the same numbers.

It goes to the reader of the letter that was answered and to nobody else, whoever sent the answer; to nobody more than
`MOST_A_DAY`, so that two programs cannot keep answering each other.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person, manner_of
from scheduler.domain.record.letter_question import AskedQuestion
from scheduler.render.incoming_mail.answer import AnswerByMail
from scheduler.render.incoming_mail.reply_parser import ReplyHeader
from scheduler.render.languages import known, say, sentence, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.notifications.answer_letter import AnswerLetter, HeldAnswer, Line, text_of
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.pipeline.digest_links import Links
from scheduler.services.pipeline.letter_questions import addressed
from scheduler.services.state import to_be_told
from scheduler.store import faults, letter_questions, outbox
from scheduler.store.tables import LetterRow

from .answering import Became, Said
from .titles import link_of, title_of

MOST_A_DAY = 20
_DAY = timedelta(days=1)
SENDER_NAME = sentence("Partnership governance")
TEMPLATE = "template:mail/answered"


class Whose(NamedTuple):
    """Somebody as a partnership knows them."""

    partnership: Partnership
    key: str

    @property
    def person(self) -> Person:
        return self.partnership.people[self.key]


class AnsweredLine(NamedTuple):
    """A question of the letter, and what became of the answer to it; None where nothing was said to it."""

    asked: AskedQuestion
    became: Became | None


class Back(NamedTuple):
    """What goes back about the letter `ours`. `unplaced` is what stands under no number where several were asked;
    `held` is the mail that came from another address; `asks_nothing`, that the letter had nothing to answer."""

    ours: LetterRow
    mail: AnswerByMail
    reader: Whose
    lines: Sequence[AnsweredLine]
    unplaced: str | None = None
    held: ReplyHeader | None = None
    asks_nothing: bool = False


def write_back(app: App, db: Connection, back: Back, now: datetime) -> bool:
    """Put the letter on its way, in the transaction of what it tells of; False where none is written."""
    person, sender = back.reader.person, app.settings.mail.sender
    if sender is None or outbox.answers_since(db, person.email, now - _DAY) >= MOST_A_DAY:
        app.log.warning("answer.not_written_back", to=person.email)
        return False
    said = back.mail.message_id or "\n".join(back.mail.lines)
    key = hashlib.sha256(f"answer\n{back.ours.dedup_key}\n{said}\n{now.isoformat()}".encode()).hexdigest()
    archive = Archive(app, db, now, complete=to_be_told)
    links = Links(app, db, archive, now)
    with speaking(manner_of(person, back.reader.partnership.organisations, app.settings.manner)):
        name, text = say(SENDER_NAME), text_of(_words(app, db, archive, links, back), app.settings.template_folders)
    if text.fault:
        faults.note(db, TEMPLATE, text.fault, "correct it, or delete it to use the shipped one", now)
    elif faults.stands(db, TEMPLATE):
        faults.clear(db, TEMPLATE)
    reply_to, subject = addressed(app, links.key, key, header_text(_subject(back.ours.title)))
    id = message_id(key, sender)
    envelope = Envelope(
        sender,
        name,
        reply_to,
        person.email,
        header_text(person.name),
        subject,
        id,
        back.ours.message_id,
        now,
        back.mail.message_id if back.held is None else None,
    )
    try:
        content = plain_mail(envelope, text.plain, text.html)
    except Unsendable as fault:
        faults.note(db, f"letter:{person.email.casefold()}", fault.what, fault.hint, now)
        return False
    outbox.add(db, [_row(back, key, id, subject, person.email, sender, content, now)])
    letter_questions.add(db, key, [_again(archive, each, now) for each in back.lines])
    return True


def _row(
    back: Back, key: str, id: str, subject: str, email: str, sender: str, content: bytes, now: datetime
) -> LetterRow:
    return LetterRow(
        dedup_key=key,
        partnership=back.ours.partnership,
        subject=back.ours.subject,
        uid=key,
        instance=key,
        sequence=0,
        method=outbox.ANSWER,
        email=email,
        title=subject,
        sender=sender,
        message_id=id,
        created_at=now,
        due_at=now,
        expires_at=now + outbox.NEWS,
        content=content,
    )


def _again(archive: Archive, line: AnsweredLine, now: datetime) -> AskedQuestion:
    """The same question under the same number; with what a yes puts on record, where that is asked."""
    asks, became = line.asked.asks, line.became
    seal = archive[asks.partnership].seal(asks.person)
    value, note = (became.value, became.note) if became else (None, None)
    return AskedQuestion(line.asked.number, asks, seal, now, value, note)


def _subject(title: str) -> str:
    return title if title.casefold().startswith("re:") else f"Re: {title}"


def _words(app: App, db: Connection, archive: Archive, links: Links, back: Back) -> AnswerLetter:
    is_numbered = len(back.lines) > 1
    # What was not spoken of is named where it has to be: to say which question has which number.
    shown = [each for each in back.lines if each.became or back.unplaced or back.held]
    lines = tuple(
        Line(
            number=each.asked.number if is_numbered else None,
            title=title_of(app, db, archive, each.asked.asks),
            status=each.became.status if each.became else None,
            says=" ".join(map(_spoken, each.became.says)) if each.became else "",
            hint=_spoken(each.became.hint) if each.became and each.became.hint else "",
            details=each.became.lines if each.became else (),
            link=link_of(links, each.asked.asks, back.reader.key) if _is_open(each) else None,
        )
        for each in shown
    )
    held = HeldAnswer(back.held.email, back.held.name, "\n".join(back.mail.lines)) if back.held else None
    kinds = tuple(dict.fromkeys(each.asked.asks.kind for each in back.lines))
    return AnswerLetter(back.reader.person.name, lines, back.unplaced, held, kinds, is_numbered, back.asks_nothing)


def _spoken(said: Said) -> str:
    values = {name: day_words(each) if isinstance(each, date) else each for name, each in said.values.items()}
    return say(said.english, **values) if values else known(said.english)


def _is_open(line: AnsweredLine) -> bool:
    return line.became is None or line.became.status in ("asked back", "refused")
