"""Replies to letters that can be answered: whatever is written into one is answered by no failure, counts once, and
changes nothing but what the letter of its token asked of the person that it was sent to."""

import random
from pathlib import Path
from typing import Any

from scheduler.services.pipeline import rsvp_intake
from scheduler.transports.mailbox import MailboxMessage
from tests.builders import at
from tests.render.incoming_mail.replies_in_shapes import SHAPES, TONGUES, in_shape
from tests.services.town import Town

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_town import KeptTown, record
from ..subject import Subject

NOW = at("2027-01-05 12:00")
INES, DEV, TOM = "ines.falk@acme.example", "dev.patel@globex.example", "tom.reyes@globex.example"
DEEDS = {
    "value": {"reading", "excuse", "flag", "measure"},
    "milestone": {"reading", "excuse", "flag", "measure"},
    "held": {"review", "revision", "presence", "agenda", "minutes_filing", "decision", "action", "parked_item"},
    "minutes": {
        "review",
        "revision",
        "agenda",
        "minutes_filing",
        "decision",
        "action",
        "parked_item",
        "unread_minutes",
    },
    "verdict": {"judgement"},
    "step": {"launch_tick"},
    "action": {"action"},
}
"""The tables of what a question of a kind leads to."""
ALWAYS = {
    "taken_letter",
    "reply_count",
    "reply",
    "letter",
    "letter_question",
    "fault",
    "notice",
    "partnership",
    "event",
}
ALWAYS |= {
    "past_standing",
    "cause",
    "standing",
    "invited",
    "told",
    "reply_token",
    "agenda_version",
    "scope_seen",
    "secret",
}
"""The tables of mails and letters, and of what follows from any deed."""
WORDS = (
    "42", "0.31", "0,31", "1.234", "٠٫٣١", "０．３１", "四十二", "-5", "1e9", "42 %", "42 GWh", "9" * 40, "42k",
    "40-45", "met", "missed: why", "yes", "no", "no: because of the strike", "held", "held, all were there", "done",
    "partly: one", "later Thu, because of the ledger", "later 4/12", "later 10 Jan, travel", "later 31 Feb, travel",
    "later", "by 2027-99-99", "excuse, because the line burned down", "excuse until 18 Jan: strike",
    "entschuldigt, weil Streik", "plus tard jeudi, x", "後で 1月12日、決算", "はい", "開催", "مؤجل", "", "?",
    "1:", ":", "1: 1: 1: 42",
)  # fmt: skip


class Answers(Subject):
    """An input is a mail as the mailbox has it."""

    name = "answers"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._town = KeptTown(
            folder,
            _lived,
            mail={"sender": "cadence@alliances.acme.example"},
            replies={"maildir": folder / "mail"},
            web={"listen": "127.0.0.1:8377"},
        )
        self._to, self._asked = _letters(self._town)

    def make(self, rng: random.Random) -> bytes:
        whose = rng.choice((INES, DEV, TOM))
        sender = whose if rng.random() < 0.8 else rng.choice((INES, DEV, TOM, *odd_words.ADDRESSES))
        lines = tuple(self._line(rng) for _ in range(rng.choice((1, 1, 1, 2, 3, 8, 40))))
        tongue = rng.choice(TONGUES)._replace(said=lines)
        how, charset = rng.choice(("8bit", "base64", "quoted-printable")), rng.choice(("utf-8", tongue.charset))
        mail = in_shape(rng.choice(SHAPES), tongue, how, charset)
        mail = mail.replace(b"tom.reyes@globex.example>\r\nTo:", encoded(f"{sender}>\r\nTo:"), 1)
        mail = mail.replace(b"cadence+k3j2abcdefghijklmnopqrst@", encoded(self._to[whose]))
        if rng.random() < 0.3:
            mail = encoded(self._header(rng)) + mail
        return damaged(mail, rng, [mail]) if rng.random() < 0.4 else mail

    def _line(self, rng: random.Random) -> str:
        words = rng.choice(WORDS) if rng.random() < 0.7 else odd_words.a_text(rng, 60)
        number = rng.choice((0, 1, 2, 3, 7, 16, 99))
        return words if rng.random() < 0.4 else f"{number}{rng.choice((':', ')', '.', '：', ''))} {words}"

    def _header(self, rng: random.Random) -> str:
        name = rng.choice(("Subject", "Date", "List-Id", "Precedence", "Message-ID", "Authentication-Results", "Cc"))
        return f"{name}: {rng.choice(('x', '<>', 'list', 'dmarc=fail', *odd_words.ALL))}\r\n"

    def try_one(self, content: bytes) -> str:
        with self._town() as town:
            before = record(town)
            with self.timed():
                tally = rsvp_intake.take_in(town.app, [MailboxMessage(content, lambda: None)], NOW)
            after = record(town)
            failed = [each for each in town.log.said if "exc_info" in each[2] or each[0] == "error"]
            assert not failed, failed
            self._only_what_was_asked(content, before, after)
            assert not rsvp_intake.take_in(town.app, [MailboxMessage(content, lambda: None)], NOW), "it counts twice"
            assert record(town) == after, "the same mail once more changes what is on record"
            return str(next(iter(tally)))

    def _only_what_was_asked(self, content: bytes, before: dict[str, Any], after: dict[str, Any]) -> None:
        words = content.decode("latin-1").casefold()
        named = [email for email, local in self._to.items() if local.partition("+")[2].rstrip("@").casefold() in words]
        allowed = {table for email in named for kind in self._asked[email] for table in DEEDS[kind]}
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= allowed | ALWAYS, f"a mail changed {changed - allowed - ALWAYS}"

    def close(self) -> None:
        self._town.close()


def _letters(kept: KeptTown) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Of each person the local part with the token of their last letter, and the kinds of what it asked."""
    from tests.services.pipeline.test_answers_by_mail import letters

    to, asked = {}, {}
    with kept() as town:
        for email in (INES, DEV, TOM):
            rows = [row for row in record(town)["letter"] if row["email"] == email]
            questions = record(town)["letter_question"]
            last = max(
                (row for row in rows if any(each["letter"] == row["dedup_key"] for each in questions)),
                key=lambda row: row["id"],
            )
            [letter] = [each for each in letters(town, email) if each["Message-ID"] == last["message_id"]]
            to[email] = f"{letter['Reply-To'].addresses[0].username}@"
            asked[email] = {each["kind"] for each in questions if each["letter"] == last["dedup_key"]}
    return to, asked


def _lived(town: Town) -> None:
    (town.folder.parent / "mail").mkdir(exist_ok=True)
    for name in ("new", "cur", "tmp"):
        (town.folder.parent / "mail" / name).mkdir(exist_ok=True)
    town.define()
    for day in ("2026-10-01 09:00", "2026-12-21 09:00", "2026-12-30 09:00", "2027-01-05 09:00"):
        town.cycle(at(day))
