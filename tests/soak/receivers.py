"""A mail server and a webhook's receiver that take what comes and think before they answer, so that a sender can die in
between; and what the record has to say of all that they took."""

import base64
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

from icalendar import Calendar

from tests.soak.record import Record
from tests.transports.hooks import Receiver, receiving
from tests.transports.smtpd import Mailbox, listening

SENDER = "cadence@alliances.example"
LONGEST_THOUGHT = 0.06
"""Seconds."""


@dataclass
class Receivers:
    """Where everything arrives, and the `settings` by which it does."""

    mailbox: Mailbox
    hook: Receiver
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def arrived(self) -> int:
        return len(self.mailbox.taken) + len(self.hook.posts)


@contextmanager
def receivers(folder: Path, chance: random.Random) -> Iterator[Receivers]:
    key = folder / "hook.key"
    key.write_text(f"whsec_{base64.b64encode(bytes(range(32))).decode()}\n")
    key.chmod(0o600)

    def thought() -> float:
        return chance.uniform(0, LONGEST_THOUGHT)

    there = Receivers(Mailbox(silent=thought), Receiver(think=lambda: time.sleep(thought())))
    with listening(there.mailbox) as server, receiving(there.hook) as url:
        hook = {"url": url, "internal": True, "secret_file": str(key)}
        there.settings = {
            "mail": {"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"},
            "chats": {"hub": {"shape": "json", **hook}},
            "webhooks": {"erp": hook},
        }
        yield there


@dataclass(frozen=True)
class Account:
    """What became of every letter and event on record."""

    mails: int
    chats: int
    events: int
    lost: int
    """How many never arrived, nor the same news by another way: whatever is on record of them."""
    uncertain: int
    """How many arrived, and are on record as dead or come too late, since nobody lived to hear the answer."""
    doubled: int
    marked: int
    """How many are marked on record as perhaps sent twice: some of these arrived once."""
    unmarked: int
    """How many came twice without that mark."""


def account(record: Record, there: Receivers) -> Account:
    """Hold what arrived against the record; each copy of a letter has the bytes that are on record. A post whose sender
    died in the middle of it has not arrived."""
    rows = [row for row in record.letters() if row.state != "replaced"]
    mails = {row.message_id: row for row in rows if row.channel == "mail"}
    posts = {row.dedup_key: row for row in rows}
    came: Counter[str] = Counter()
    for envelope in there.mailbox.taken:
        assert isinstance(envelope.content, bytes)
        row = mails[_as_its_reader_knows_it(envelope.content)]
        assert envelope.content == row.content and envelope.rcpt_tos == [row.email]
        came[row.dedup_key] += 1
    for head, body in zip(there.hook.heads, there.hook.posts, strict=True):
        if len(body) == int(head["Content-Length"]):
            row = posts[head["webhook-id"]]
            assert body == row.content
            came[row.dedup_key] += 1
    arrived = {_matter(row) for row in rows if came[row.dedup_key]}
    twice = {row.dedup_key for row in rows if came[row.dedup_key] > 1}
    marked = {row.dedup_key for row in rows if row.doubled}
    return Account(
        mails=len(mails),
        chats=sum(row.channel == "hub" for row in rows),
        events=sum(row.channel == "webhook:erp" for row in rows),
        lost=sum(_matter(row) not in arrived or (row.state == "sent" and not came[row.dedup_key]) for row in rows),
        uncertain=sum(row.state != "sent" and came[row.dedup_key] > 0 for row in rows),
        doubled=len(twice),
        marked=len(marked),
        unmarked=len(twice - marked),
    )


def _matter(row: Any) -> tuple[object, ...]:
    """What a letter tells whom, whatever way it goes."""
    return row.method, row.uid, row.instance, row.sequence, row.email


def _as_its_reader_knows_it(content: bytes) -> str:
    return str(message_from_bytes(content, policy=default)["Message-ID"])


class InACalendar(NamedTuple):
    """What calendars tell letters by: `instance` is the RECURRENCE-ID of one meeting of a series, else empty."""

    method: str
    uid: str
    instance: str
    sequence: int


def as_calendars_know_it(content: bytes) -> InACalendar | None:
    """What a calendar reads in a letter; None in a letter for people alone."""
    for part in message_from_bytes(content, policy=default).walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_content())
            event = calendar.walk("VEVENT")[0]
            instance = str(event.decoded("RECURRENCE-ID")) if "RECURRENCE-ID" in event else ""
            return InACalendar(str(calendar["METHOD"]), str(event["UID"]), instance, int(event.get("SEQUENCE", 0)))
    return None
