"""Somebody says what was decided about the running term of an agreement, that notice was sent, or that the next term
was signed; or what becomes of a paper that expires; or takes that back.

What is asked about the term or the paper ends with it. Where a term that renews by itself is ended by notice, the
agreement ends on its last day; what was signed lasts until the day that is said with it. The next one is asked about
anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.document import Document, paper_words
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, UserError, WrongDay, WrongLastDay
from scheduler.domain.record.renewal import (
    COURSES,
    LAPSE,
    NOTICE_SENT,
    SIGNED,
    RenewalWord,
    TermStanding,
    Word,
    of_paper,
    of_term,
)
from scheduler.domain.user_input import check_year
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class RunningTerm:
    """The term of a partnership that runs, or that a notice ends; `today` is a civil date of its zone."""

    partnership: Partnership
    ends: date
    cancel_by: date | None
    standing: TermStanding
    today: date

    @property
    def choices(self) -> tuple[Word, ...]:
        """What can still be said of it: nothing once the next was signed, nor where notice has ended one that would
        have renewed by itself, which is signed anew by nobody. Of one that is not renewed there is no notice."""
        kind, is_notice_sent = self.partnership.agreement.renewal.kind, self.standing.notice is not None
        if self.standing.signed or (is_notice_sent and kind != "express"):
            return ()
        if kind == "none":
            return (LAPSE, SIGNED)
        words: tuple[Word, ...] = () if is_notice_sent else (*COURSES, NOTICE_SENT)
        return words if kind == "tacit" else (*words, SIGNED)


@dataclass(frozen=True)
class ExpiringPaper:
    """A paper of an agreement that expires; `said` is what counts of what people said of it."""

    partnership: Partnership
    document: Document
    ends: date
    said: RenewalWord | None
    today: date

    choices: tuple[Word, ...] = (SIGNED, LAPSE)


def running_term(app: App, db: Connection, id: str, now: datetime, ends: date | None = None) -> RunningTerm:
    """The term that runs; of one that `ends` on another day, itself where the next one was signed. Raises `UserError`
    for an unknown or ended partnership, for an agreement that has no end, and where exit was decided."""
    partnership, today = _as_of(app, lookup.not_ended(lookup.partnership(db, id)), now)
    of_another = of_term(partnership.renewals, ends)
    if ends and of_another.signed:
        return RunningTerm(partnership, ends, None, of_another, today)
    if term := term_of(partnership, today):
        return term
    what = f"the agreement of {id} has no term that is renewed or ended by notice"
    raise UserError(what, "its definition says so under agreement: ends, renewal")


def term_of(partnership: Partnership, today: date) -> RunningTerm | None:
    """The term that runs of a partnership as it stands; None where it has no end, or ends by its exit."""
    ends = partnership.agreement.ends
    if ends is None or partnership.partnership in partnership.wind_downs:
        return None
    return RunningTerm(partnership, ends, partnership.written_cancel_by, of_term(partnership.renewals, ends), today)


def expiring_paper(app: App, db: Connection, id: str, kind: str, ends: date | None, now: datetime) -> ExpiringPaper:
    """The paper of a kind that expires on that day; without a day the only one of which nothing was said. Papers
    outlive their partnership. Raises `UserError` where there is no such paper, or several, and for an unknown
    partnership."""
    partnership, today = _as_of(app, lookup.partnership(db, id), now)
    found = [each for each in papers_of(partnership) if each.kind == kind and each.expires == (ends or each.expires)]
    if ends is None:
        found = [each for each in found if not of_paper(partnership.renewals, kind, each.expires)] or found
    if len(found) != 1 or not found[0].expires:
        what = (
            f"{id} has {'several' if found else 'no'} {paper_words(kind)} that expires{f' on {ends}' if ends else ''}"
        )
        raise UserError(what, f"cadence show {id} lists its documents; name the day on which it expires")
    said = of_paper(partnership.renewals, kind, found[0].expires)
    return ExpiringPaper(partnership, found[0], found[0].expires, said, today)


def papers_of(partnership: Partnership) -> list[Document]:
    """The papers that expire, one of each kind and day, the first to expire first."""
    found = {(each.expires, each.kind): each for each in partnership.agreement.documents if each.expires}
    return [found[key] for key in sorted(found)]


def _as_of(app: App, row: PartnershipRow, now: datetime) -> tuple[Partnership, date]:
    """A partnership as it stands, and today's date where it is."""
    partnership = app.in_force(row).as_of(now)
    return partnership, now.astimezone(ZoneInfo(partnership.zone)).date()


def say(
    app: App,
    id: str,
    word: Word,
    now: datetime,
    *,
    on: date | None = None,
    by: str | None = None,
    because: str | None = None,
    ends: date | None = None,
    until: date | None = None,
) -> RenewalWord:
    """Put a word on the running term on record, dated today unless it is said. The same once more is nothing new, and
    another decision takes the place of the one before, which is kept. What was signed lasts `until` a day; None: it has
    no end.

    `ends` is the term that whoever says so means. Raises WrongDay as `check_days` does; AlreadyDone where that term is
    over or notice was sent already; `UserError` as `running_term` does, and for what can be said of no such term.
    """
    with app.store.write(id) as db:
        term = running_term(app, db, id, now)
        if ends is not None and ends != term.ends:
            raise AlreadyDone(f"the term until {ends} is not the one that runs", f"the running one ends on {term.ends}")
        day, person = on or term.today, lookup.person(term.partnership, by)
        check_days(term, day, until if word == SIGNED else None)
        known = term.standing.notice if word == NOTICE_SENT else term.standing.decided
        if known and known.says == word and (word != NOTICE_SENT or on in (None, known.on)):
            return known
        if term.standing.notice and word != SIGNED:
            sent = f"notice was sent on {term.standing.notice.on}"
            raise AlreadyDone(sent, f"take it back first: cadence renewal undo {id} notice-sent --because WHY")
        if word not in term.choices:
            kind = term.partnership.agreement.renewal.kind
            how = "renews by itself" if kind == "tacit" else "is not renewed"
            raise UserError(f"the agreement of {id} {how}: that cannot be said of its term", f"see cadence show {id}")
        said = RenewalWord(term.ends, word, day, now, person, because, until=until if word == SIGNED else None)
        _keep(app, db, id, (*term.partnership.renewals, said), now)
    return said


def say_of_paper(
    app: App,
    id: str,
    kind: str,
    word: Word,
    now: datetime,
    *,
    on: date | None = None,
    by: str | None = None,
    because: str | None = None,
    ends: date | None = None,
    until: date | None = None,
) -> RenewalWord:
    """Put on record that a new paper of a kind was signed, which lasts `until` a day (None: without end), or that the
    one that `ends` on a day is to lapse. The same once more is nothing new; another word takes the place of the one
    before, which is kept. Raises WrongDay as `say`, `UserError` as `expiring_paper`, and for any other word."""
    with app.store.write(id) as db:
        paper = expiring_paper(app, db, id, kind, ends, now)
        if word not in paper.choices:
            raise UserError(
                f"that cannot be said of a document: {word}", "say that another was signed, or that it lapses"
            )
        day, person = on or paper.today, lookup.person(paper.partnership, by)
        until = until if word == SIGNED else None
        check_days(paper, day, until)
        known = paper.said
        if known and (known.says, known.until) == (word, until) and on in (None, known.on):
            return known
        said = RenewalWord(paper.ends, word, day, now, person, because, document=kind, until=until)
        _keep(app, db, id, (*paper.partnership.renewals, said), now)
    return said


def check_days(of: RunningTerm | ExpiringPaper, day: date, until: date | None) -> None:
    """Raises WrongDay for a day to come, or of a year of which calendars know nothing; WrongLastDay for such a last day
    (`until`), and for one that is no later than that of the term or paper."""
    check_year(day)
    if day > of.today:
        raise WrongDay(f"{day} has not come yet", "name the day on which it was decided or sent")
    if until is None:
        return
    check_year(until, WrongLastDay)
    if until <= of.ends:
        raise WrongLastDay(
            f"{until} is no later than {of.ends}, on which it ends anyway", "name the last day of the new one"
        )


def take_back(
    app: App, id: str, what: str, because: str, by: str | None, now: datetime, document: str | None = None
) -> RenewalWord:
    """Take back the decision on the running term (``decided``), that notice was sent (``notice-sent``), or what was
    ``signed`` last; of a ``document``, named by its kind, what was said of it last: it is asked for again. Raises
    `UserError` where nothing of that is on record."""
    with app.store.write(id) as db:
        partnership, _ = _as_of(app, lookup.partnership(db, id), now)
        ends = None if document or what == SIGNED else running_term(app, db, id, now).ends
        words = (each for each in reversed(partnership.renewals) if each.counts and ends in (None, each.ends))
        known = next((each for each in words if (each.document, each.kind) == (document, what)), None)
        if known is None:
            said = _NOTHING[what] if document is None else f"what becomes of its {paper_words(document)}"
            of = f" for the term until {ends}" if ends else ""
            raise UserError(f"{id} has nothing on record of {said}{of}", "see cadence show")
        person = lookup.person(partnership, by)
        gone = replace(known, taken_back_at=now, taken_back_by=person, taken_back_because=because)
        # Of earlier decisions none comes back by it.
        _keep(app, db, id, [_gone(each, gone) for each in partnership.renewals], now)
    return gone


_NOTHING = {"decided": "a decision", NOTICE_SENT: "that notice was sent", SIGNED: "what was signed"}


def _gone(each: RenewalWord, gone: RenewalWord) -> RenewalWord:
    is_alike = (each.document, each.ends, each.kind) == (gone.document, gone.ends, gone.kind)
    if not each.counts or not is_alike:
        return each
    at, by, because = gone.taken_back_at, gone.taken_back_by, gone.taken_back_because
    return replace(each, taken_back_at=at, taken_back_by=by, taken_back_because=because)


def _keep(app: App, db: Connection, id: str, words: Sequence[RenewalWord], now: datetime) -> None:
    partnerships.keep_renewals(db, id, words)
    partnerships.touch(db, [id])
    govern_in(app, db, id, now)
