"""One mail that answers a letter of ours, from its token to what is on record and the letter that goes back.

It changes nothing but what its letter asked: a line of it is done where that still is its writer's to answer, as the
form would do it and by the same use case, each in a piece of the transaction that remembers the mail. What is not
understood is asked back. What comes from another address than its reader's is held: the reader alone can say whether it
counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.letter_question import AskedQuestion, QuestionKind
from scheduler.domain.record.rsvp import Outcome
from scheduler.render.answer_tokens import beginning_of, is_token_of
from scheduler.render.incoming_mail.answer import AnswerByMail, AttachedFile
from scheduler.render.incoming_mail.reply_parser import ReplyHeader
from scheduler.render.languages import sentence
from scheduler.rules.answers.answer_lines import parts_of
from scheduler.rules.answers.understood import form_of
from scheduler.services.app import App
from scheduler.services.cases.unclear_replies import show
from scheduler.services.definition_versions import recorded
from scheduler.services.still_theirs import Gone, holder
from scheduler.store import StoreError, letter_questions, outbox, partnerships, secrets
from scheduler.store.joined import JoinedStore
from scheduler.store.tables import LetterRow

from . import of_kpis, of_reviews, of_tasks
from .answering import Answering, Became, Said, became, said
from .letter_back import AnsweredLine, Back, Whose, write_back

_DEEDS: Mapping[QuestionKind, Callable[[Answering], Became]] = {
    "value": of_kpis.answer,
    "milestone": of_kpis.answer,
    "held": of_reviews.held,
    "minutes": of_reviews.minutes,
    "verdict": of_reviews.verdict,
    "action": of_tasks.action,
    "step": of_tasks.step,
}
_TAKE_FILES: tuple[QuestionKind, ...] = ("minutes", "held")
Says = dict[int | None, str]
"""What is said to the questions of these numbers; under None what belongs to none."""
_NOT_THEIRS = "it comes from an address that is not its reader's, who was asked whether it counts"
_NOBODYS = "it answers a letter to somebody who is not there any more, or not under that address"
ASKS_NOTHING = "it answers a letter that asks nothing that a reply can answer"


def letter_of(db: Connection, answer: AnswerByMail | None) -> LetterRow | None:
    """The letter whose token a mail bears; None where none was made here."""
    keys = secrets.verifying_keys(db) if answer else []
    for token in answer.tokens if answer and keys else ():
        for row in outbox.beginning_with(db, beginning_of(token)):
            if is_token_of(keys, row.dedup_key, token):
                return row
    return None


def side_of(app: App, db: Connection, ours: LetterRow) -> str | None:
    """The organisation for which whoever a letter of ours is to acted when it was written, whether they are still there
    or not: what is answered to it may be internal to that."""
    row = partnerships.get(db, ours.partnership)
    if row is None:
        return None
    first, *later = recorded(app, db, row)
    then = [first, *(each for each in later if each.taken_up_at <= ours.created_at)][-1].definition
    return next((each.of for each in then.people.values() if each.email.casefold() == ours.email.casefold()), None)


def concerned(db: Connection, ours: LetterRow) -> list[str]:
    """The partnerships of what a letter asked, and its own."""
    asked = letter_questions.of_letter(db, ours.dedup_key)
    return [ours.partnership, *(each.asks.partnership for each in asked)]


def take(
    app: App, db: Connection, letter: ReplyHeader, mail: AnswerByMail, ours: LetterRow, now: datetime
) -> Outcome | None:
    """Do what a mail says in answer to a letter, whose partnerships are held, and write back. None where it is not for
    this to say what the mail is: the letter asked nothing, and it is an answer itself, or not its reader's mail."""
    asked = letter_questions.of_letter(db, ours.dedup_key)
    if not asked:
        return _nothing_was_asked(app, db, letter, mail, ours, now)
    whose = {each.number: found for each in asked if (found := _whose(app, db, each, now))}
    if not whose:
        is_shown = show(app, db, ours.partnership, ours.subject, letter, _NOBODYS, now, of=side_of(app, db, ours))
        return Outcome.SHOWN if is_shown else Outcome.STALE
    reader = next(iter(whose.values()))
    if mail.is_from_list or not reader.person.writes_from(letter.email):
        return _hold(app, db, letter, mail, _Letter(ours, asked, whose, reader), now)
    lines = _without_name(mail.lines, reader.person.name)
    if not lines and not mail.files:
        return Outcome.NO_ANSWER
    says, takes_files = _says(lines, mail, asked)
    done = {
        each.number: _became(
            app, db, each, whose, says[each.number], mail, mail.files if each.number == takes_files else (), ours, now
        )
        for each in asked
        if each.number in says
    }
    answered = [AnsweredLine(each, done.get(each.number)) for each in asked]
    write_back(app, db, Back(ours, mail, reader, answered, unplaced=says.get(None)), now)
    app.log.info("answer.taken", letter=ours.id, says=[each.status for each in done.values()])
    is_taken = any(each.status in ("recorded", "known") for each in done.values())
    return Outcome.ANSWERED if is_taken else Outcome.ASKED_BACK


def _nothing_was_asked(
    app: App, db: Connection, letter: ReplyHeader, mail: AnswerByMail, ours: LetterRow, now: datetime
) -> Outcome | None:
    """A person reads it, and its writer is told that nothing is on record by it. What answers a letter that went back
    is answered no more, so that there is one."""
    row = partnerships.get(db, ours.partnership)
    if row is None or row.ended_at is not None or ours.method == outbox.ANSWER or mail.is_from_list:
        return None
    partnership = app.in_force(row).as_of(now)
    found = (Whose(partnership, key) for key, each in partnership.people.items() if each.writes_from(ours.email))
    reader = next((each for each in found if each.person.writes_from(letter.email)), None)
    if reader is None or not (mail.lines or mail.files):
        return None
    is_shown = show(app, db, ours.partnership, ours.subject, letter, ASKS_NOTHING, now, of=reader.person.of)
    write_back(app, db, Back(ours, mail, reader, (), asks_nothing=True), now)
    return Outcome.SHOWN if is_shown else Outcome.NO_ANSWER


class _Letter(NamedTuple):
    """A letter of ours with what it asked, and whose that is, by number."""

    row: LetterRow
    asked: Sequence[AskedQuestion]
    whose: Mapping[int, Whose]
    reader: Whose


def _whose(app: App, db: Connection, asked: AskedQuestion, now: datetime) -> Whose | None:
    """Whose a question still is; None where nobody's."""
    row = partnerships.get(db, asked.asks.partnership)
    if row is None or row.ended_at is not None:
        return None
    partnership = app.in_force(row).as_of(now)
    known = {"person": asked.asks.person, **({"seal": asked.seal} if asked.seal else {})}
    try:
        return Whose(partnership, holder(app, db, partnership, known, now))
    except Gone:
        return None


def _without_name(lines: Sequence[str], name: str) -> tuple[str, ...]:
    """Without the writer's name below, which is no remark."""
    own = {name.casefold(), *(part.casefold() for part in name.split())}
    kept = list(lines)
    while len(kept) > 1 and kept[-1].strip(" .,-–—").casefold() in own:
        kept.pop()
    return tuple(kept)


def _says(lines: Sequence[str], mail: AnswerByMail, asked: Sequence[AskedQuestion]) -> tuple[Says, int | None]:
    """What is said to which question, and to which the files with the mail belong: to the only one that can take them,
    of those that are answered or of all."""
    says: Says = dict(parts_of(lines, [each.number for each in asked]))
    takers = [each for each in asked if each.asks.kind in _TAKE_FILES]
    named = [each for each in takers if each.number in says]
    wanted = [each for each in named if each.asks.kind == "minutes"] or named or takers
    if not mail.files or not takers:
        return says, None
    if len(wanted) > 1:
        says[None] = "\n".join(filter(None, (says.get(None), *(each.name for each in mail.files))))
        return says, None
    says.setdefault(wanted[0].number, "")
    return says, wanted[0].number


def _became(
    app: App,
    db: Connection,
    asked: AskedQuestion,
    whose: Mapping[int, Whose],
    says: str,
    mail: AnswerByMail,
    files: tuple[AttachedFile, ...],
    ours: LetterRow,
    now: datetime,
) -> Became:
    mine = whose.get(asked.number)
    if mine is None:
        return became("refused", said(sentence("It is not yours any more.")))
    if now - asked.asked_at > timedelta(days=app.settings.web.link_days):
        days = app.settings.web.link_days
        return became("refused", said(sentence("The letter that you answer is older than %(days)s days."), days=days))
    inner = replace(app, store=JoinedStore(app.store, db))
    answering = Answering(inner, db, asked, says, mine.partnership, mine.key, mail, files, ours.created_at, now)
    try:
        return _DEEDS[asked.asks.kind](answering)
    except InvalidValue as unclear:
        return became("asked back", said(unclear.what), hint=said(unclear.hint or form_of(asked.asks.kind)))
    except StoreError:
        raise
    except UserError as refused:
        return became("refused", said(refused.what), hint=_for_a_reader(refused.hint))


def _for_a_reader(hint: str) -> Said | None:
    """The way out, where it is no command: whoever answers by mail has no shell."""
    return None if not hint or "cadence " in hint or "--" in hint else said(hint)


def _hold(app: App, db: Connection, letter: ReplyHeader, mail: AnswerByMail, of: _Letter, now: datetime) -> Outcome:
    """It counts for nothing until the reader of the letter says so; their alliance manager sees it too."""
    if not show(app, db, of.row.partnership, of.row.subject, letter, _NOT_THEIRS, now, of=of.reader.person.of):
        return Outcome.STALE
    answered = [AnsweredLine(each, None) for each in of.asked]
    write_back(app, db, Back(of.row, mail, of.reader, answered, held=letter), now)
    app.log.warning("answer.held", letter=of.row.id, sender=letter.email)
    return Outcome.HELD


def partnerships_named(db: Connection, answer: AnswerByMail | None) -> Iterator[str]:
    """The partnerships of which a mail may say something by a token of a letter."""
    ours = letter_of(db, answer)
    if ours is not None:
        yield from concerned(db, ours)
