"""The outbox, emptied channel by channel: claim some letters, send them one by one, settle each.

Each step is committed before the next has an effect outside: nothing is sent that is not claimed, no last line goes out
that is not marked. What concerns one letter ends that letter's turn; what concerns the other side ends the channel's
round and stands as a fault until a letter gets through, and whatever was not touched is due as before.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.cycle.channels import mended
from scheduler.cycle.house import House
from scheduler.cycle.ways import Send, channels, name_of, unknown, way_out
from scheduler.deliver import Cut, Deferred, DeliveryError, Refused
from scheduler.domain.trouble import Trouble
from scheduler.store import faults, outbox
from scheduler.store.outbox import MAIL
from scheduler.store.tables import LetterRow

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
_TOLD = 5
"""So many letters that came too late are named in the log; the others are counted."""


@dataclass
class Round:
    """What came of a round. `fault` is what ended it early: the next one should not follow at once, nor before
    `after` has passed."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    expired: int = 0
    fault: Trouble | None = None
    after: timedelta = timedelta()


@dataclass(frozen=True)
class Sender:
    """Who sends: by the name `by`, on the clock, with chances from 0 to 1 for the jitter; until `stopped`."""

    house: House
    by: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    stopped: Callable[[], bool] = lambda: False


def deliver(sender: Sender, environ: Mapping[str, str] = os.environ) -> dict[str, Round]:
    """One round of each channel that the settings open, by its name. Raises StoreError as `deliver_by`."""
    look_after_strays(sender)
    return {each: deliver_by(sender, each, environ) for each in channels(sender.house.settings)}


def deliver_by(sender: Sender, channel: str, environ: Mapping[str, str] = os.environ) -> Round:
    """Send what is due by one channel, until there is no more of it, the other side has a fault, or the sender is
    stopped.

    Raises StoreError where the outbox cannot be used: then nothing more is sent.
    """
    done = Round()
    while not sender.stopped() and not done.fault:
        with sender.house.store.read() as db:
            if not outbox.waiting(db, sender.clock(), channel=channel):
                break
        with sender.house.store.write() as db:
            late = outbox.expire(db, sender.clock())
            batch = outbox.claim(db, sender.by, sender.clock(), channel=channel)
        _report_late(sender.house, late, done)
        if not batch and not late:
            break
        if batch:
            _send_all(sender, channel, batch, done, environ)
    return done


def look_after_strays(sender: Sender) -> None:
    """Note that letters wait for a chat that the settings do not have; forget what of that kind is over, and of people
    whose chat was missing."""
    known = channels(sender.house.settings)
    with sender.house.store.read() as db:
        strays = outbox.channels(db) - {*known}
        alive = {_fault_key(each) for each in (*known, *strays)}
        gone = [key for row in faults.listing(db) if (key := row.key).startswith(_fault_key("")) and key not in alive]
        gone += mended(sender.house, db)
    if strays or gone:
        with sender.house.store.write() as db:
            late = outbox.expire(db, sender.clock())
            for key in gone:
                faults.clear(db, key)
            new = [each for each in sorted(strays) if faults.note(db, _fault_key(each), *unknown(each), sender.clock())]
        _report_late(sender.house, late, Round())
        for each in new:
            sender.house.log.error("chat.unknown", chat=each, what=unknown(each)[0])


def _fault_key(channel: str) -> str:
    return f"channel:{channel}"


def _report_late(house: House, late: Sequence[LetterRow], done: Round) -> None:
    """After a long silence there are many: one line for all that came too late, one for each that is dead."""
    expired = [letter for letter in late if letter.state == "expired"]
    if expired:
        done.expired += len(expired)
        first = [f"{letter.id} to {letter.email}: {letter.title}" for letter in expired[:_TOLD]]
        house.log.warning("letters.expired", letters=len(expired), first=first)
    for letter in late:
        if letter.state == "dead":
            done.dead += 1
            house.log.error("letter.dead", letter=letter.id, to=letter.email, title=letter.title, said=letter.said)


def _send_all(
    sender: Sender, channel: str, batch: Sequence[LetterRow], done: Round, environ: Mapping[str, str]
) -> None:
    left = list(batch)
    before = done.sent
    try:
        with way_out(sender.house, channel, environ, sender.clock) as send:
            while left and not sender.stopped():
                _send_one(sender, left[0], send, done)
                left.pop(0)
    except _Ended as ended:
        left.pop(0)
        done.fault = ended.fault
    except DeliveryError as fault:
        done.fault = fault
    if isinstance(done.fault, Deferred):
        done.after = done.fault.after
    with sender.house.store.write() as db:
        outbox.release(db, [letter.id or 0 for letter in left])
        _note(sender, db, channel, done.fault, went_well=done.sent > before)


def _note(sender: Sender, db: Connection, channel: str, fault: Trouble | None, went_well: bool) -> None:
    """A channel's fault stands from the first time until letters get through and nothing is in their way."""
    if fault:
        paused = "mail.paused" if channel == MAIL else "chat.paused"
        sender.house.log.error(paused, channel=channel, what=fault.what, hint=fault.hint)
        faults.note(db, _fault_key(channel), fault.what, fault.hint, sender.clock())
    elif went_well:
        faults.clear(db, _fault_key(channel))


class _Ended(Exception):
    """The round ends with a letter that is settled already."""

    def __init__(self, fault: Trouble | None) -> None:
        self.fault = fault


def _send_one(sender: Sender, letter: LetterRow, send: Send, done: Round) -> None:
    """Send one letter and settle it. Raises Closed where the server has something against us, not against it."""
    house, id = sender.house, letter.id or 0

    def may_go() -> bool:
        with house.store.write() as db:
            return outbox.dot(db, id, sender.by, sender.clock())

    try:
        said = send(letter, may_go)
    except Refused as fault:
        with house.store.write() as db:
            outbox.dead(db, id, sender.clock(), fault.what)
        done.dead += 1
        house.log.error("letter.dead", letter=id, to=letter.email, title=letter.title, said=fault.what)
    except (Deferred, Cut) as fault:
        _put_off(sender, letter, fault)
        done.put_off += 1
        if isinstance(fault, Cut) or letter.channel != MAIL:  # a chat has one recipient: what one hears, all would
            raise _Ended(fault) from None
    else:
        if said is None:  # another sender has taken it over: it is theirs, and the connection is of no more use
            raise _Ended(None)
        with house.store.write() as db:
            outbox.sent(db, id, sender.clock(), name_of(house.settings, letter.channel), said)
        done.sent += 1
        known = {"letter": id, "to": letter.email, "title": letter.title, "said": said}
        if letter.doubled:
            house.log.warning("letter.sent_again", message_id=letter.message_id, **known)
        else:
            house.log.info("letter.sent", **known)


def _put_off(sender: Sender, letter: LetterRow, fault: Deferred | Cut) -> None:
    asked = fault.after if isinstance(fault, Deferred) else timedelta()
    wait = max(asked, backoff(letter.attempts, sender.chance()))
    arrived = isinstance(fault, Cut) and fault.may_have_arrived
    with sender.house.store.write() as db:
        outbox.retry(db, letter.id or 0, sender.clock() + wait, fault.what, may_have_arrived=arrived)
    sender.house.log.warning(
        "letter.put_off", letter=letter.id, to=letter.email, said=fault.what, seconds=round(wait.total_seconds())
    )


def backoff(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: any time up to a bound that doubles, so that not all come at once."""
    bound: timedelta = FIRST_WAIT * 2 ** min(attempts, 20)
    return min(LONGEST_WAIT, bound) * chance
