"""Somebody says what was decided about the running term of an agreement, or that notice was sent; or takes that back.

What is asked about the term ends with it. Where a term that renews by itself is ended by notice, the agreement ends on
its last day. The next term is asked about anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, UserError, WrongDay
from scheduler.domain.record.renewal import NOTICE_SENT, RenewalWord, TermStanding, Word, of_term
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import partnerships


@dataclass(frozen=True)
class RunningTerm:
    """The term of a partnership that runs, or that a notice ends; `today` is a civil date of its zone."""

    partnership: Partnership
    ends: date
    cancel_by: date | None
    standing: TermStanding
    today: date


def running_term(app: App, db: Connection, id: str, now: datetime) -> RunningTerm:
    """Raises `UserError` for an unknown or ended partnership, and for an agreement that has no end to renew from."""
    row = lookup.not_ended(lookup.partnership(db, id))
    partnership = app.in_force(row).as_of(now)
    agreement = partnership.agreement
    if agreement.ends is None or (agreement.renewal.kind == "none" and not partnership.renewals):
        what = f"the agreement of {id} has no term that is renewed or ended by notice"
        raise UserError(what, "its definition says so under agreement: ends, renewal")
    standing = of_term(partnership.renewals, agreement.ends)
    today = now.astimezone(ZoneInfo(partnership.zone)).date()
    return RunningTerm(partnership, agreement.ends, partnership.written_cancel_by, standing, today)


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
) -> RenewalWord:
    """Put a word on the running term on record, dated today unless it is said. The same once more is nothing new, and
    another decision takes the place of the one before, which is kept.

    `ends` is the term that whoever says so means. Raises WrongDay for a day to come, AlreadyDone where that term is
    over or notice was sent already, `UserError` as `running_term` does.
    """
    with app.store.write(id) as db:
        term = running_term(app, db, id, now)
        if ends is not None and ends != term.ends:
            raise AlreadyDone(f"the term until {ends} is not the one that runs", f"the running one ends on {term.ends}")
        day, person = on or term.today, lookup.person(term.partnership, by)
        if day > term.today:
            raise WrongDay(f"{day} has not come yet", "name the day on which it was decided or sent")
        known = term.standing.notice if word == NOTICE_SENT else term.standing.decided
        if known and known.says == word and (word != NOTICE_SENT or on in (None, known.on)):
            return known
        if term.standing.notice:
            sent = f"notice was sent on {term.standing.notice.on}"
            raise AlreadyDone(sent, f"take it back first: cadence renewal undo {id} notice-sent --because WHY")
        said = RenewalWord(term.ends, word, day, now, person, because)
        _keep(app, db, id, (*term.partnership.renewals, said), now)
    return said


def take_back(app: App, id: str, what: str, because: str, by: str | None, now: datetime) -> RenewalWord:
    """Take back the decision on the running term, or that notice was sent (``notice-sent``): it is asked for again.
    Raises `UserError` where nothing of that is on record."""
    with app.store.write(id) as db:
        term = running_term(app, db, id, now)
        known = term.standing.notice if what == NOTICE_SENT else term.standing.decided
        if known is None:
            said = "that notice was sent" if what == NOTICE_SENT else "a decision"
            raise UserError(f"{id} has nothing on record of {said} for the term until {term.ends}", "see cadence show")
        person = lookup.person(term.partnership, by)
        gone = replace(known, taken_back_at=now, taken_back_by=person, taken_back_because=because)
        # Of earlier decisions none comes back by it.
        words = (_gone(each, gone, known, what) for each in term.partnership.renewals)
        _keep(app, db, id, tuple(words), now)
    return gone


def _gone(each: RenewalWord, gone: RenewalWord, known: RenewalWord, what: str) -> RenewalWord:
    is_mine = each.counts and each.ends == known.ends and each.is_notice is (what == NOTICE_SENT)
    if not is_mine:
        return each
    back = (gone.taken_back_at, gone.taken_back_by, gone.taken_back_because)
    return replace(each, taken_back_at=back[0], taken_back_by=back[1], taken_back_because=back[2])


def _keep(app: App, db: Connection, id: str, words: Sequence[RenewalWord], now: datetime) -> None:
    partnerships.keep_renewals(db, id, words)
    partnerships.touch(db, [id])
    govern_in(app, db, id, now)
