"""Mail that comes in: whatever a stranger sends is answered by no failure, is dealt with once, and changes nothing but
what its token, or the letter of ours that it gives back, names."""

import random
import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from quopri import encodestring
from typing import Any

from scheduler.domain.record.invitation import Invited
from scheduler.domain.record.review import uid
from scheduler.domain.record.rsvp import Says
from scheduler.services.pipeline import rsvp_intake
from scheduler.store import invitations, rsvps
from scheduler.transports.mailbox import MailboxMessage
from tests.builders import at, written
from tests.render import bounces
from tests.render.letters_in import DEV, INES, JUNE, OPERATING, TOKEN, a_calendar, a_letter
from tests.services.town import Town

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_town import KeptTown, record
from ..subject import Subject

NOW = at("2026-12-03 12:00")
WEEKLY = uid("series:acme-globex/pipeline")
NAMED = {TOKEN: "acme-globex/operating/2026-12", TOKEN[::-1]: "acme-globex/pipeline"}
"""What each token was given out for: a review, or a series with all of its occurrences."""
GOLDEN = Path(__file__).parents[2] / "render" / "incoming_mail" / "golden"
MAY_CHANGE = {"answer", "taken_letter", "reply_count", "reply", "notice", "fault", "letter", "partnership"}
"""The tables of answers, of letters to be read by a person and of what they are told, of letters that came back; and
the moment at which a partnership is looked at again."""
ZONES = ("Europe/Berlin", "W. Europe Standard Time", "Customized Time Zone", "Nowhere/Nothing", "UTC", "GMT+99:99", "")
TIMES = (
    "20261209T150000",
    "20261209",
    "00010101T000000Z",
    "99991231T235959Z",
    "20261332T256199",
    "20261209T140000Z",
    "x",
    "",
)


class Replies(Subject):
    """An input is a letter as the mailbox has it."""

    name = "replies"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        files = sorted(GOLDEN.glob("*/*.eml"))
        self._letters = [file.read_bytes() for file in files]
        self._letters += [a_letter(), bounces.report(), bounces.report("delayed", "4.0.0")]
        self._town = KeptTown(folder, _lived, mail={"sender": "cadence@alliances.acme.example"})
        self._letters += self._given_back()

    def _given_back(self) -> list[bytes]:
        """Letters of the town, as a mail server gives them back."""
        with self._town() as town:
            ours = [row["message_id"] for row in record(town)["letter"] if row["message_id"]][:3]
        original = "From: cadence@alliances.acme.example\r\nTo: {who}\r\nMessage-ID: {id}\r\nSubject: x\r\n\r\nx\r\n"
        heads = [original.format(who=bounces.KARL, id=each) for each in ours]
        return [bounces.report(given_back=f"Content-Type: message/rfc822\r\n\r\n{head}") for head in heads]

    def make(self, rng: random.Random) -> bytes:
        letter = self._written(rng) if rng.random() < 0.5 else rng.choice(self._letters)
        return damaged(letter, rng, self._letters) if rng.random() < 0.6 else letter

    def _written(self, rng: random.Random) -> bytes:
        """An answer of a valid shape: every part of it may be strange."""
        more = [self._line(rng) for _ in range(rng.randint(0, 5))]
        calendar = a_calendar(
            rng.choice((*(each.partstat for each in Says), "DELEGATED", "NEEDS-ACTION", "x", "")),
            who=rng.choice((DEV, DEV, INES, JUNE, *odd_words.ADDRESSES)),
            uid=rng.choice((OPERATING, OPERATING, WEEKLY, *odd_words.TEXTS)),
            sequence=rng.choice(("0", "1", "-1", *odd_words.NUMBERS)),
            stamp=rng.choice(TIMES),
            method=rng.choice(("REPLY", "REPLY", "COUNTER", "REQUEST", "CANCEL", "")),
            more="\n".join(more),
        )
        token = rng.choice((TOKEN, TOKEN, TOKEN[::-1], TOKEN[:-1] + "0", ""))
        headers = "".join(self._header(rng) for _ in range(rng.randint(0, 3)))
        body, how = self._body(encoded(calendar), rng)
        kind = rng.choice(
            ("text/calendar; method=REPLY", "application/ics", "application/octet-stream; name=a.ics", "text/plain")
        )
        charset = rng.choice(
            ("", "; charset=utf-8", "; charset=utf-16", "; charset=x-none", "; charset=idna", '; charset="utf-7"')
        )
        sender = rng.choice((DEV, INES, *odd_words.ADDRESSES)) if rng.random() < 0.4 else DEV
        if rng.random() < 0.7:
            head = f"From: {sender}\r\nTo: cadence+{token}@alliances.acme.example\r\n{headers}"
            how_it_is_written = f"Content-Type: {kind}{charset}\r\nContent-Transfer-Encoding: ".encode() + how
            return encoded(head) + how_it_is_written + b"\r\n\r\n" + body
        return self._nested(token, headers, kind + charset, body, how, rng)

    def _nested(self, token: str, headers: str, kind: str, body: bytes, how: bytes, rng: random.Random) -> bytes:
        part = b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s" % (kind.encode(), how, body)
        for level in range(rng.choice((1, 2, 3, 20, 200))):
            mark = f"b{level}".encode()
            words = b"--%s\r\nContent-Type: text/plain\r\n\r\nI shall come\r\n" % mark if rng.random() < 0.5 else b""
            part = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n%s--%s\r\n%s\r\n--%s--\r\n' % (
                mark,
                words,
                mark,
                part,
                mark,
            )
        head = f"From: {DEV}\r\nTo: cadence+{token}@alliances.acme.example\r\n{headers}"
        return encoded(head) + part

    def _body(self, body: bytes, rng: random.Random) -> tuple[bytes, bytes]:
        match rng.randrange(6):
            case 0:
                return b64encode(body), b"base64"
            case 1:
                return encodestring(body), b"quoted-printable"
            case 2:
                return body, rng.choice((b"base64", b"quoted-printable", b"x-uuencode", b"binary", b""))
            case _:
                return body, b"8bit"

    def _line(self, rng: random.Random) -> str:
        zone, time = rng.choice(ZONES), rng.choice(TIMES)
        return rng.choice(
            (
                f"RECURRENCE-ID;TZID={zone}:{time}",
                f"RECURRENCE-ID;VALUE=DATE:{time}",
                f"DTSTART;TZID={zone}:{time}",
                f"DTEND:{time}",
                f"DURATION:{rng.choice(('PT1H', 'P99999999999D', '-P1D', 'P', 'PT' + '9' * 400 + 'S'))}",
                f"COMMENT:{odd_words.a_text(rng)}",
                f"COMMENT:{rng.choice(odd_words.TEXTS)}",
                f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-TO="mailto:{rng.choice(odd_words.ADDRESSES)}":mailto:{DEV}',
                f"ATTENDEE;PARTSTAT=DECLINED;{odd_words.a_text(rng)}:mailto:{INES}",
                "END:VEVENT\nBEGIN:VEVENT\nUID:" + OPERATING,
                "BEGIN:VALARM\n" * rng.choice((1, 60)),
                self._zone(zone, time, rng),
                odd_words.a_text(rng, 200),
                f" folded{odd_words.a_text(rng)}",
                'X-A;B="c;d:e":f',
            )
        )

    def _zone(self, name: str, time: str, rng: random.Random) -> str:
        """The definition of a zone of somebody's own, between two events."""
        offset = rng.choice(("+0100", "+9999", "-2400", "x", "+012345"))
        rule = f"FREQ=YEARLY;BYMONTH={rng.choice((10, 13, 0))};BYDAY={rng.choice(('-1SU', '9SU', 'XX'))}"
        lines = ["BEGIN:STANDARD", f"DTSTART:{time}", "TZOFFSETFROM:+0200", f"TZOFFSETTO:{offset}", f"RRULE:{rule}"]
        zone = ["END:VEVENT", "BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:STANDARD", "END:VTIMEZONE"]
        return "\n".join([*zone, "BEGIN:VEVENT"])

    def _header(self, rng: random.Random) -> str:
        name = rng.choice(
            (
                "Date",
                "Subject",
                "From",
                "To",
                "Cc",
                "In-Reply-To",
                "References",
                "Auto-Submitted",
                "Return-Path",
                "Content-Type",
                "X-Failed-Recipients",
                "MIME-Version",
                "Precedence",
                "Message-ID",
                "Delivered-To",
            )
        )
        word = rng.choice(
            (
                "Mon, 99 Foo 99999 99:99:99 +9999",
                "Thu, 1 Jan 1970 00:00:00 -9999",
                "=?utf-8?b?/////w==?=",
                "=?x?q?=00?=",
                "=?utf-16?q?a?=",
                "<>",
                "auto-replied",
                "Automatic reply: x",
                "Undelivered Mail",
                "=?idna?q?xn--a?=",
                "=?utf-8?q?=ED=A0=80?=",
                *odd_words.ALL,
            )
        )
        return f"{name}: {word}\r\n"

    def try_one(self, content: bytes) -> str:
        with self._town() as town:
            before = record(town)
            with self.timed():
                tally = rsvp_intake.take_in(town.app, [MailboxMessage(content, lambda: None)], NOW)
            after = record(town)
            _is_named(content, before, after)
            assert not rsvp_intake.take_in(town.app, [MailboxMessage(content, lambda: None)], NOW), "it counts twice"
            assert record(town) == after, "the same letter once more changes what is on record"
            if any(before[name] != after[name] for name in ("answer", "reply", "letter", "fault")):
                town.cycle(NOW + timedelta(minutes=5))
                failed = [each for each in town.log.said if "exc_info" in each[2] or each[0] == "error"]
                assert not failed, failed
            return str(next(iter(tally)))

    def close(self) -> None:
        self._town.close()


def _is_named(content: bytes, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= MAY_CHANGE, f"a letter changed {changed - MAY_CHANGE}"
    words = content.decode("latin-1").casefold()
    allowed = [subject for token, subject in NAMED.items() if token in words]
    for row in after["answer"]:
        if row not in before["answer"]:
            subject = row["subject"]
            assert any(subject == each or subject.startswith(f"{each}/") for each in allowed), (
                f"{subject} is named by no token"
            )
    for row in after["letter"]:
        if row not in before["letter"] and (known := _same(row, before["letter"])):
            assert str(known["message_id"]).strip("<>").casefold() in re.sub(r"=\r?\n|\r?\n[ \t]?", "", words), (
                "a letter that was not given back"
            )


def _same(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((each for each in rows if each["dedup_key"] == row["dedup_key"]), None)


def _lived(town: Town) -> None:
    town.define(written())
    town.cycle(at("2026-10-01 09:00"))
    town.cycle(NOW - timedelta(minutes=10))
    with town.app.store.write() as db:
        rsvps.remember_token(db, TOKEN, OPERATING)
        rsvps.remember_token(db, TOKEN[::-1], WEEKLY)
        invitations.save(db, "acme-globex", [Invited(WEEKLY, "acme-globex", "acme-globex/pipeline", TOKEN[::-1])])
