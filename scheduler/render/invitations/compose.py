"""A letter as each person gets it: their words, their mail, and what is remembered of it.

All of it follows from the letter and from what was told before: the same letter has the same key, Message-ID and bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.domain.manner import preferred
from scheduler.domain.record.invitation import OFF, Told
from scheduler.render.ics.series_rule import by_rule, instance_id
from scheduler.render.languages import speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, mail, message_id

from .body import words_of
from .decide_letters import Guest, Letter
from .itip import Setting, invitation

_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Post:
    """One person's copy of a letter. `content` is None where it cannot be sent to them, and `fault` says why; they
    count as told all the same, or the attempt would be made for ever."""

    letter: Letter
    guest: Guest
    key: str
    message_id: str
    title: str
    content: bytes | None
    told: tuple[Told, ...]
    fault: str = ""
    template_fault: str | None = None


def stamp_of(told: Iterable[Told], now: datetime) -> datetime:
    """The DTSTAMP of a letter that is made now: to the second, and later than that of any before it, since of two
    with the same SEQUENCE the later counts (RFC 5546 2.1.5)."""
    latest = max((each.at for each in told), default=None)
    stamp = now.astimezone(UTC).replace(microsecond=0)
    return stamp if latest is None else max(stamp, latest + _A_SECOND)


def posts(
    letter: Letter, setting: Setting, told: Mapping[tuple[str, str], Told], sender: str, folders: Sequence[Path]
) -> Iterator[Post]:
    """The letter for each who gets it, in their language. `told` is what was told of the UID before, by instance and
    address; `sender` the address that the mails come from."""
    for guest in letter.to:
        with speaking(preferred(guest.manner, setting.manner)):
            ics = invitation(letter, setting, guest)
            post = _post(letter, setting, guest, told.get(("", guest.key)), sender, ics, folders)
        yield post


def _post(
    letter: Letter,
    setting: Setting,
    guest: Guest,
    before: Told | None,
    sender: str,
    ics: bytes,
    folders: Sequence[Path],
) -> Post:
    words = words_of(letter, guest, setting, folders, is_new=before is None)
    key = _key(letter, guest, setting.stamp)
    id = message_id(key, sender)
    thread = before.thread if before else id
    envelope = Envelope(
        sender=sender,
        sender_name=header_text(setting.title),
        reply_to=setting.organizer,
        to=guest.email,
        to_name=header_text(guest.name),
        subject=words.subject,
        message_id=id,
        thread=thread,
        date=setting.stamp,
    )
    told = tuple(_told(letter, guest, setting.stamp, thread))
    try:
        content = mail(envelope, words.plain, words.html, ics, letter.method)
    except Unsendable as fault:
        return Post(letter, guest, key, id, words.subject, None, told, fault.what, words.fault)
    return Post(letter, guest, key, id, words.subject, content, told, template_fault=words.fault)


def _key(letter: Letter, guest: Guest, stamp: datetime) -> str:
    """The same for the same letter to the same person, and for no other."""
    parts = (letter.invited.uid, instance_of(letter), letter.method, str(letter.sequence), stamp.isoformat(), guest.key)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def instance_of(letter: Letter) -> str:
    """The RECURRENCE-ID of what the letter tells of, empty for a single review or a whole series."""
    meetings = letter.invited.recurring
    return instance_id(meetings, letter.day) if meetings and letter.day else ""


def useful_until(letter: Letter) -> datetime | None:
    """When the letter comes too late: once the meeting that it tells of is over. A series has no such moment."""
    if letter.record:
        return letter.record.review.end
    meetings = letter.invited.recurring
    return by_rule(meetings, letter.day)[1] if meetings and letter.day else None


def _told(letter: Letter, guest: Guest, stamp: datetime, thread: str) -> Iterator[Told]:
    uid = letter.invited.uid
    yield Told(uid, instance_of(letter), guest.key, letter.sequence, letter.digest, stamp, thread)
    meetings = letter.invited.recurring
    if meetings and letter.digest != OFF:
        for day, each in letter.instances.items():
            if each.digest:
                instance = instance_id(meetings, day)
                yield Told(uid, instance, guest.key, letter.sequence, each.digest, stamp, thread)
