"""The outbox, emptied: claim some letters, send them one by one, settle each.

Each step is committed before the next has an effect outside: nothing is sent that is not claimed, no last line goes out
that is not marked. What concerns one letter ends that letter's turn; what concerns the mail server ends the round, and
whatever was not touched is due as before.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.cycle.house import House
from scheduler.deliver import DeliveryError, eml
from scheduler.deliver.mail import Closed, Cut, Deferred, Refused, Server, connected
from scheduler.domain.trouble import Trouble
from scheduler.settings import Mail
from scheduler.store import outbox
from scheduler.store.tables import LetterRow

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
FOLDER = "outbox"
"""Under `data`: where letters lie if there is no mail server."""
Send = Callable[[LetterRow, Callable[[], bool]], str | None]
"""Hands one letter over and gives the taker's word for it. What it is called with says whether the last line may go."""


@dataclass
class Round:
    """What came of a round. `fault` is what ended it early: the next one should not follow at once."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    expired: int = 0
    fault: Trouble | None = None


@dataclass(frozen=True)
class Sender:
    """Who sends: by the name `by`, on the clock, with chances from 0 to 1 for the jitter; until `stopped`."""

    house: House
    by: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    stopped: Callable[[], bool] = lambda: False


def deliver(sender: Sender, environ: Mapping[str, str] = os.environ) -> Round:
    """Send what is due, until there is no more of it, the mail server has a fault, or the sender is stopped.

    Raises StoreError where the outbox cannot be used: then nothing more is sent.
    """
    done = Round()
    while not sender.stopped() and not done.fault:
        with sender.house.store.read() as db:
            if not outbox.waiting(db, sender.clock()):
                break
        with sender.house.store.write() as db:
            late = outbox.expire(db, sender.clock())
            batch = outbox.claim(db, sender.by, sender.clock())
        _report_late(sender.house, late, done)
        if not batch and not late:
            break
        if batch:
            _send_all(sender, batch, done, environ)
    return done


def _report_late(house: House, late: Sequence[LetterRow], done: Round) -> None:
    for letter in late:
        done.expired += letter.state == "expired"
        done.dead += letter.state == "dead"
        house.log.warning(f"letter.{letter.state}", letter=letter.id, to=letter.email, title=letter.title)


def _send_all(sender: Sender, batch: Sequence[LetterRow], done: Round, environ: Mapping[str, str]) -> None:
    left = list(batch)
    try:
        with _way_out(sender.house, environ) as send:
            while left and not sender.stopped():
                _send_one(sender, left[0], send, done)
                left.pop(0)
    except _Ended as ended:
        left.pop(0)
        done.fault = ended.fault
    except DeliveryError as fault:
        done.fault = fault
    if done.fault:
        sender.house.log.error("mail.paused", what=done.fault.what, hint=done.fault.hint)
    if left:
        with sender.house.store.write() as db:
            outbox.release(db, [letter.id or 0 for letter in left])


class _Ended(Exception):
    """The connection ended with a letter that is settled already."""

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
        if isinstance(fault, Cut):
            raise _Ended(fault) from None
    else:
        if said is None:  # another sender has taken it over: it is theirs, and the connection is of no more use
            raise _Ended(None)
        with house.store.write() as db:
            outbox.sent(db, id, sender.clock(), _name(house), said)
        done.sent += 1
        known = {"letter": id, "to": letter.email, "title": letter.title, "said": said}
        if letter.doubled:
            house.log.warning("letter.sent_again", message_id=letter.message_id, **known)
        else:
            house.log.info("letter.sent", **known)


def _put_off(sender: Sender, letter: LetterRow, fault: Deferred | Cut) -> None:
    wait = backoff(letter.attempts, sender.chance())
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


# Ways out ----------------------------------------------------------------------------------------------------------


@contextmanager
def _way_out(house: House, environ: Mapping[str, str]) -> Iterator[Send]:
    mail = house.settings.mail
    if mail.host is None:
        yield _into_folder(house.settings.data / FOLDER)
    else:
        with connected(server(mail, environ)) as connection:
            yield lambda letter, may_go: connection.send(letter.sender, letter.email, letter.content, may_go)


def server(mail: Mail, environ: Mapping[str, str]) -> Server:
    """The mail server of the settings, with its password. Raises Closed where that cannot be read."""
    return Server(mail.host or "", mail.server_port, mail.tls, mail.user, _password(mail, environ))


def _password(mail: Mail, environ: Mapping[str, str]) -> str | None:
    if mail.user is None:
        return None
    if mail.password_file is None:
        name = mail.password_variable or ""
        if name not in environ:
            raise Closed(f"the environment has no {name}", "set it to the mail server's password")
        return environ[name]
    try:
        return mail.password_file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Closed(f"{mail.password_file} cannot be read: {error}", "check who may read it") from None


def _into_folder(root: Path) -> Send:
    def put(letter: LetterRow, may_go: Callable[[], bool]) -> str | None:
        if not may_go():
            return None
        name = file_name(letter)
        eml.put(root, name, letter.content)
        return f"it lies in {FOLDER}/{name}"

    return put


def file_name(letter: LetterRow) -> str:
    """``20270104T160509Z-request-5f0c….eml``: when it was written, what it is, and the key that it is known by."""
    return f"{letter.created_at:%Y%m%dT%H%M%SZ}-{letter.method.lower()}-{letter.dedup_key[:16]}.eml"


def _name(house: House) -> str:
    mail = house.settings.mail
    return f"{mail.host}:{mail.server_port}" if mail.host else FOLDER
