"""A partnership is paused from a day on, or goes on again: a person's word. Nothing of it is planned, told or owed
meanwhile; what is past stays as it was."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone, UserError, WrongDay
from scheduler.domain.record.pause import Pause
from scheduler.domain.record.review import Recorded
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import partnerships

_DAY = timedelta(days=1)
_LOOKED_AT = timedelta(days=366)
"""So far ahead it is said what a pause without an end holds back."""


@dataclass(frozen=True)
class PausedPartnership:
    """What a pause means: the reviews to come that lie in it, the periods of KPIs that are not owed (id, period), and
    the dates of the agreement that stand all the same, in words."""

    id: str
    name: str
    pause: Pause
    reviews: tuple[Recorded, ...]
    periods: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]


def pausing(
    app: App, id: str, first: date | None, last: date | None, because: str, by: str | None, now: datetime
) -> PausedPartnership:
    """Look before pausing: nothing is changed. Raises what `pause` raises."""
    with app.store.read() as db:
        return _looked_at(app, db, id, first, last, because, by, now)


def pause(
    app: App, id: str, first: date | None, last: date | None, because: str, by: str | None, now: datetime
) -> PausedPartnership:
    """Pause a partnership from `first` (today, unless it is said) to `last`, or until it is resumed. Everybody of it is
    told once.

    Raises WrongDay for days of the past, AlreadyDone where it is paused on some of these days, UserError for an unknown
    partnership or person, and for one that was ended.
    """
    with app.store.write(id) as db:
        found = _looked_at(app, db, id, first, last, because, by, now)
        known = _state(app, db, id, now).partnership.pauses
        partnerships.keep_pauses(db, id, (*known, found.pause))
        govern_in(app, db, id, now)
    return found


def resume(app: App, id: str, on: date | None, by: str | None, now: datetime) -> Pause:
    """The partnership goes on again from `on`, today unless it is said. One that was to be paused is not. Return the
    pause as it stands then. Raises WrongDay for a day of the past, or after the pause; UserError where it is not paused
    and is not to be."""
    with app.store.write(id) as db:
        state = _state(app, db, id, now)
        today, person = _today(state), lookup.person(state.partnership, by)
        standing = [each for each in state.partnership.pauses if each.first <= each.until and each.until >= today]
        if not standing:
            raise UserError(f"{id} is not paused", "cadence show says how it stands")
        held, day = min(standing, key=lambda each: each.first), on or today
        if day < today:
            raise WrongDay(f"{day} is past", "it goes on today at the soonest")
        if day > held.until:
            raise WrongDay(f"it goes on after {held.last} in any case", "name a day before that, or pause it anew")
        ended = replace(held, last=max(day, held.first) - _DAY, resumed_at=now, resumed_by=person)
        kept = (ended if each is held else each for each in state.partnership.pauses)
        partnerships.keep_pauses(db, id, tuple(kept))
        govern_in(app, db, id, now)
        return ended


def _looked_at(
    app: App,
    db: Connection,
    id: str,
    first: date | None,
    last: date | None,
    because: str,
    by: str | None,
    now: datetime,
) -> PausedPartnership:
    state = _state(app, db, id, now)
    today = _today(state)
    begins = first or today
    if begins < today:
        raise WrongDay(f"{begins} is past", "a pause begins today at the soonest; what was, stays")
    if last is not None and last < begins:
        raise WrongDay(f"{last} lies before {begins}", "write the earlier day first")
    said = Pause(begins, last, because, now, lookup.person(state.partnership, by))
    for each in state.partnership.pauses:
        if each.touches(said.first, said.until):
            until = f"until {each.last}" if each.last else "until it is resumed"
            raise AlreadyDone(
                f"{id} is paused from {each.first} {until}", "resume it first: cadence partnership resume"
            )
    return PausedPartnership(
        id, state.partnership.name, said, _reviews_in(state, said), _periods_in(state, said), _dates_in(state, said)
    )


def _reviews_in(state: PartnershipState, said: Pause) -> tuple[Recorded, ...]:
    to_come = (
        each for each in state.recorded.values() if each.status is Status.PLANNED and not each.is_past(state.now)
    )
    return tuple(each for each in to_come if each.review.start.date() in said)


def _periods_in(state: PartnershipState, said: Pause) -> tuple[tuple[str, str], ...]:
    until = min(said.until, said.first + _LOOKED_AT) + _LOOKED_AT
    return tuple(
        (owed.id, owed.period.name)
        for of_scope in state.owed_until(until).values()
        for owed in of_scope
        if owed.reading is None
        and said.touches(owed.period.first, owed.period.last)
        and owed.period.first <= min(said.until, said.first + _LOOKED_AT)
    )


def _dates_in(state: PartnershipState, said: Pause) -> tuple[str, ...]:
    agreement, found = state.partnership.agreement, []
    if (by := state.partnership.cancel_by) and by in said:
        found.append(f"notice must leave by {by}")
    if agreement.ends and agreement.ends in said:
        found.append(f"the agreement ends on {agreement.ends}")
    expiring = (each for each in agreement.documents if each.expires and each.expires in said)
    found += [f"{each.words} expires on {each.expires}" for each in expiring]
    return tuple(found)


def _state(app: App, db: Connection, id: str, now: datetime) -> PartnershipState:
    row = lookup.not_ended(lookup.partnership(db, id))
    return remembered(app, db, row, now)


def _today(state: PartnershipState) -> date:
    return state.now.astimezone(ZoneInfo(state.partnership.zone)).date()
