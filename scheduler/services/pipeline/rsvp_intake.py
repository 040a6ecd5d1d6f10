"""Answers to invitations: from the mailbox, or from files, onto the record.

A letter counts where its token was given out for its UID, and its sender is the attendee of whom it speaks, by any of
their addresses. With a right token but from elsewhere, or in words, it is shown to a person (`shown`). Each is
remembered with what became of it, in one transaction, before it is marked as seen: a process that dies in between finds
it again, knows it, and only marks it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler import named_files
from scheduler.domain.record.rsvp import Outcome
from scheduler.render.incoming_mail.bounce import Bounce
from scheduler.render.incoming_mail.reply_parser import Ignored, InWords, Read, Reply, read
from scheduler.services.app import App
from scheduler.services.cases.answers_by_mail import taking
from scheduler.services.cases.rsvps import Judged, invited_to, judged
from scheduler.services.cases.unclear_replies import of_row, show
from scheduler.services.failures import noted
from scheduler.services.mail_access import token_of
from scheduler.services.pipeline.sending.address_faults import give_back
from scheduler.store import faults, letter_questions, outbox, replies, rsvps
from scheduler.store.holding import take_turn
from scheduler.transports.mailbox import Account, MailboxError, MailboxMessage, UnseenLetters, imap, maildir

MOST_AT_ONCE = 1000
"""A cycle takes in so many letters; the next one goes on, so that a flood keeps nobody waiting."""
BATCH = 50
MAILBOX = "mailbox"
"""The fault of a mailbox that is out of reach."""
Tally = Counter[Outcome]


class _Opened(NamedTuple):
    """A letter as it is remembered until it is dealt with: what it says, and not its bytes."""

    digest: str
    says: Read
    mark_seen: Callable[[], None]


def poll(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> None:
    """Take in what has come to the mailbox of the settings, if they name one. One that is out of reach is logged, and
    ends nothing. What was shown to people counts where its sender is known by now."""
    count_after_all(app, now)
    try:
        letters = None if app.is_scratch else _mailbox(app)
        if letters is None:
            return
        with closing(letters):
            tally = take_in(app, islice(letters, MOST_AT_ONCE), now, between)
        with app.store.write() as db:
            faults.clear(db, MAILBOX)
        if tally:
            app.log.info("replies.done", **{str(outcome): tally[outcome] for outcome in sorted(tally)})
    except MailboxError as trouble:
        app.log.warning("replies.out_of_reach", what=trouble.what, hint=trouble.hint)
        with app.store.write() as db:
            faults.note(db, MAILBOX, f"answers cannot be fetched: {trouble.what}", trouble.hint, now)


def take_in(
    app: App, letters: Iterable[MailboxMessage], now: datetime, between: Callable[[], None] = lambda: None
) -> Tally:
    """Deal with letters, each once, and count what became of those that are new."""
    tally: Tally = Counter()
    ours = app.settings.replies.authserv_id
    opened = (_Opened(_digest(each.content), read(each.content, ours), each.mark_seen) for each in letters)
    while batch := list(islice(opened, BATCH)):
        with app.store.write_found(lambda db: {id for each in batch for id in _concerned(db, each.says)}) as db:
            take_turn(db, MAILBOX)  # two daemons may have read the same letters
            tally.update(outcome for each in batch if (outcome := _dealt_with(app, db, each, now)))
            rsvps.forget_letters(db, now)
        tally.update(outcome for each in batch if (outcome := _answered_letter(app, each, now)))
        for each in batch:
            each.mark_seen()
        between()
    return tally


def _mailbox(app: App) -> Generator[MailboxMessage] | UnseenLetters | None:
    settings = app.settings.replies
    if settings.maildir is not None:
        return maildir(settings.maildir)
    if settings.host is None:
        return None
    token = token_of(settings, MailboxError)
    password = _password(settings.password_file) if settings.password_file else ""
    return imap(
        Account(
            settings.host,
            settings.server_port,
            settings.user or "",
            password,
            settings.mailbox,
            settings.tls,
            token,
        )
    )


def _password(file: Path) -> str:
    try:
        return named_files.read(file).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise MailboxError(f"{file} holds no password that can be read", "name it under `replies:`") from None


def _digest(content: bytes) -> str:
    """A letter's own: of its Message-ID and all else in it, however its lines end."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _dealt_with(app: App, db: Connection, letter: _Opened, now: datetime) -> Outcome | None:
    """Record what a letter says and what became of it; None where it was dealt with before."""
    if rsvps.was_taken(db, letter.digest) or _answers_a_letter(db, letter.says):
        return None
    match letter.says:
        case Reply() as reply:
            outcome = _answered(app, db, reply, now)
        case InWords() as words:
            outcome = _in_words(app, db, words, now)
        case Bounce() as returned:
            outcome = _came_back(app, db, returned, now)
        case Ignored() as ignored:
            outcome = ignored.outcome
    rsvps.note_letter(db, letter.digest, outcome, now)
    return outcome


def _answers_a_letter(db: Connection, says: Read) -> bool:
    """Whether a mail bears the token of a letter of ours: each of these is dealt with by itself, with all that it
    does."""
    return isinstance(says, InWords) and taking.letter_of(db, says.answer) is not None


def _answered_letter(app: App, letter: _Opened, now: datetime) -> Outcome | None:
    """Do what a mail says in answer to a letter of ours, in one transaction in which it is remembered; None for any
    other mail, and for one that was dealt with before, by its bytes or by its Message-ID."""
    says = letter.says
    if not isinstance(says, InWords) or says.answer is None:
        return None
    answer, of_id = says.answer, _digest_of_id(says)
    outcome: Outcome | None = None
    with noted(app, ANSWERS, "an answer by mail could not be dealt with", now, event="answer.failed"):
        with app.store.write_found(lambda db: set(taking.partnerships_named(db, answer))) as db:
            take_turn(db, MAILBOX)
            ours = taking.letter_of(db, answer)
            if ours is None or rsvps.was_taken(db, letter.digest):
                return None
            if of_id and rsvps.was_taken(db, of_id):
                outcome = Outcome.REPEATED
            else:
                outcome = taking.take(app, db, says.letter, answer, ours, now) or _in_words(app, db, says, now)
            rsvps.note_letter(db, letter.digest, outcome, now)
            if of_id:
                rsvps.remember_letter(db, of_id, now)
            if faults.stands(db, ANSWERS):
                faults.clear(db, ANSWERS)
        return outcome
    # What the program fails on is read by a person, and keeps no other mail waiting.
    with app.store.write_found(lambda db: set(taking.partnerships_named(db, answer))) as db:
        ours = taking.letter_of(db, answer)
        if ours and not rsvps.was_taken(db, letter.digest):
            of = taking.side_of(app, db, ours)
            show(app, db, ours.partnership, ours.subject, says.letter, _FAILED, now, of=of)
            rsvps.note_letter(db, letter.digest, Outcome.SHOWN, now)
    return Outcome.SHOWN


_FAILED = "the program failed on it; to answer, use the link in the letter"
ANSWERS = "answers by mail"
"""The fault of an answer that the program failed on."""


def _digest_of_id(says: InWords) -> str | None:
    """A mail that came by two ways has one Message-ID and other bytes."""
    id = says.answer.message_id if says.answer else None
    return hashlib.sha256(f"{id}\n{says.letter.email}".encode()).hexdigest() if id else None


def _concerned(db: Connection, letter: Read) -> Iterator[str]:
    """The partnerships of which a letter may say something."""
    uids: list[str | None] = []
    match letter:
        case Reply():
            uids = [letter.uid]
        case InWords():
            uids = [rsvps.uid_of(db, token) for token in letter.letter.tokens]
            ours = (outbox.with_message_id(db, id) for id in letter.letter.references)
            yield from (each.partnership for each in ours if each)
    subjects = (invited_to(db, uid) for uid in uids if uid)
    yield from (each.partnership for each in subjects if each)


def _came_back(app: App, db: Connection, returned: Bounce, now: datetime) -> Outcome:
    if give_back(app, db, returned, now) is None:
        return Outcome.FOREIGN if returned.failed else Outcome.AUTOMATIC
    return Outcome.BOUNCED if returned.failed else Outcome.AUTOMATIC


def _in_words(app: App, db: Connection, words: InWords, now: datetime) -> Outcome:
    """Show what somebody wrote to the address of an invitation, or in answer to any letter of ours."""
    letter = words.letter
    if not letter.words and words.outcome is Outcome.NO_ANSWER:
        return words.outcome
    for token in letter.tokens:
        found = rsvps.uid_of(db, token)
        subject = invited_to(db, found) if found else None
        if subject and show(app, db, subject.partnership, subject.id, letter, _IN_WORDS, now):
            return Outcome.SHOWN
    for id in letter.references:
        ours = outbox.with_message_id(db, id)
        of = taking.side_of(app, db, ours) if ours and ours.method == outbox.NOTICE else None
        why = _IN_WORDS if ours and letter_questions.of_letter(db, ours.dedup_key) else taking.ASKS_NOTHING
        if ours and show(app, db, ours.partnership, ours.subject, letter, why, now, of=of):
            return Outcome.SHOWN
    return words.outcome


_IN_WORDS = "it is written in words; to answer an invitation, accept or decline it in a calendar"


def _answered(app: App, db: Connection, reply: Reply, now: datetime) -> Outcome:
    """Record each answer of a letter that counts; where none does, show it, or say why not the first."""
    if not any(rsvps.token_is_for(db, token, reply.uid) for token in reply.tokens):
        return Outcome.FORGED if rsvps.has_token(db, reply.uid) else Outcome.FOREIGN
    found = []
    for said in reply.answers:
        found.append(judged(app, db, reply, said, now))
        _record(app, db, found[-1])
    if any(each.outcome is Outcome.TAKEN for each in found):
        return Outcome.TAKEN
    first = found[0]
    if first.outcome is Outcome.SHOWN and first.subject:
        subject = first.subject
        is_shown = show(app, db, subject.partnership, subject.id, reply.letter, first.why, now, reply=reply)
        return Outcome.SHOWN if is_shown else Outcome.FORGED
    return first.outcome


def count_after_all(app: App, now: datetime) -> None:
    """Take in the answers that were shown to people and whose sender is known by now."""
    with app.store.read() as db:
        kept = [(row, of_row(row)) for row in replies.listing(db) if row.answers]
        again = [(row, [judged(app, db, reply, said, now) for said in reply.answers]) for row, reply in kept]
    settled = [(row, each) for row, each in again if all(one.outcome is not Outcome.SHOWN for one in each)]
    if not settled:
        return
    with app.store.write(*(row.partnership for row, _ in settled)) as db:
        for row, each in settled:
            outcomes = [one.outcome for one in each]
            if replies.close(db, row.id or 0, now, str(Outcome.TAKEN if Outcome.TAKEN in outcomes else outcomes[0])):
                for one in each:
                    _record(app, db, one)


def _record(app: App, db: Connection, what: Judged) -> None:
    if what.outcome is Outcome.TAKEN and what.subject and what.answer:
        rsvps.record(db, what.subject.partnership, what.subject.id, what.answer)
        app.log.info("reply.taken", subject=what.subject.id, says=str(what.answer.says))
