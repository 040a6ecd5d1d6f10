"""The outbox, emptied channel by channel: claim some letters, send them one by one, settle each.

Each step is committed before the next has an effect outside: nothing is sent that is not claimed, no last line goes out
that is not marked. What concerns one letter ends that letter's turn (`sending`); what concerns the other side ends the
channel's round and stands as a fault until letters get through, and whatever was not touched is due as before.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.daemons import see_to_the_gone
from scheduler.services.pipeline.sending import address_faults
from scheduler.services.pipeline.sending.batch import Batch, Round, Sender, backoff
from scheduler.services.pipeline.sending.routing import mended
from scheduler.services.pipeline.sending.transports import Opening, channels, opened, unknown
from scheduler.store import delivery, faults, notifications, resending
from scheduler.store.holding import hold
from scheduler.store.outbox import MAIL
from scheduler.store.tables import LetterRow
from scheduler.transports.delivery_errors import Cut, Deferred, DeliveryError

_TOLD = 5
"""So many letters that came too late are named in the log; the others are counted."""


def deliver(sender: Sender, environ: Mapping[str, str] = os.environ) -> dict[str, Round]:
    """One round of each channel that the settings open, by its name. Raises StoreError as `deliver_by`."""
    see_to_the_gone(sender.app)
    look_after_strays(sender)
    return {each: deliver_by(sender, each, environ) for each in channels(sender.app.settings)}


def deliver_by(sender: Sender, channel: str, environ: Mapping[str, str] = os.environ) -> Round:
    """Send what is due by one channel, until there is no more of it, the other side has a fault, or the sender is
    stopped.

    Raises StoreError where the outbox cannot be used: then nothing more is sent.
    """
    done = Round()
    while not sender.stopped() and not done.fault:
        with sender.app.store.read() as db:
            if not delivery.waiting(db, sender.clock(), channel=channel):
                break
        with sender.app.store.write() as db:
            late = delivery.expire(db, sender.clock())
            batch = delivery.claim(db, sender.by, sender.clock(), channel=channel)
        _report_late(sender.app, late, done)
        if not batch and not late:
            break
        if batch:
            _send_all(sender, channel, batch, done, environ)
    return done


def renew_late(app: App, now: datetime) -> None:
    """What news came too late to leave waits again, and is told as things stand now."""
    with app.store.read() as db:
        if not resending.has_late(db):
            return
    with app.store.write() as db:
        late = resending.late(db)
        hold(db, *notifications.told_of(db, late))
        late = resending.renew(db, late, now)
        notifications.tell_again(db, late, now)
    app.log.info("letters.renewed", letters=len(late))


def look_after_strays(sender: Sender) -> None:
    """Note that letters wait for a chat that the settings do not have; forget what of that kind is over, and of people
    whose chat was missing."""
    known = channels(sender.app.settings)
    with sender.app.store.read() as db:
        strays = delivery.channels(db) - {*known}
        alive = {_fault_key(each) for each in (*known, *strays)}
        gone = [key for row in faults.listing(db) if (key := row.key).startswith(_fault_key("")) and key not in alive]
        gone += [*mended(sender.app, db), *address_faults.mended(sender.app, db, sender.clock())]
    if strays or gone:
        with sender.app.store.write() as db:
            late = delivery.expire(db, sender.clock())
            for key in gone:
                faults.clear(db, key)
            new = [each for each in sorted(strays) if faults.note(db, _fault_key(each), *unknown(each), sender.clock())]
        _report_late(sender.app, late, Round())
        for each in new:
            sender.app.log.error("chat.unknown", chat=each, what=unknown(each)[0])


def _fault_key(channel: str) -> str:
    return f"channel:{channel}"


def _report_late(app: App, late: Sequence[LetterRow], done: Round) -> None:
    """After a long silence there are many: one line for all that came too late, one for each that is dead."""
    expired = [letter for letter in late if letter.state == "expired"]
    if expired:
        done.expired += len(expired)
        first = [f"{letter.id} to {letter.email}: {letter.title}" for letter in expired[:_TOLD]]
        app.log.warning("letters.expired", letters=len(expired), first=first)
    for letter in late:
        if letter.state == "dead":
            done.dead += 1
            app.log.error("letter.dead", letter=letter.id, to=letter.email, title=letter.title, said=letter.said)


def _send_all(
    sender: Sender, channel: str, batch: Sequence[LetterRow], done: Round, environ: Mapping[str, str]
) -> None:
    before = done.sent
    claimed = Batch(sender, channel, done)
    try:
        with opened(Opening(sender.app, channel, environ, sender.clock, sender.interrupt)) as send:
            claimed.send(batch, send)
    except DeliveryError as fault:
        done.fault = None if sender.stopped() and isinstance(fault, Cut) else fault
    finally:
        claimed.settle_refused()
        with sender.app.store.write() as db:
            delivery.give_back(db, by=sender.by)
    if isinstance(done.fault, Deferred):
        done.after = done.fault.after
    with sender.app.store.write() as db:
        _note(sender, db, channel, done.fault, went_well=done.sent > before)


def _note(sender: Sender, db: Connection, channel: str, fault: UserError | None, went_well: bool) -> None:
    """A channel's fault stands from the first time until letters get through and nothing is in their way."""
    if fault:
        paused = "mail.paused" if channel == MAIL else "chat.paused"
        sender.app.log.error(paused, channel=channel, what=fault.what, hint=fault.hint)
        faults.note(db, _fault_key(channel), fault.what, fault.hint, sender.clock())
    elif went_well and not delivery.is_barred(db, channel):
        faults.clear(db, _fault_key(channel))


__all__ = [
    "Round",
    "Sender",
    "backoff",
    "deliver",
    "deliver_by",
    "look_after_strays",
    "renew_late",
]
