"""Mail servers that are away for days, put letters off, hang up in the middle, refuse the sender or one of many
readers: every letter arrives once, or it is said on record why it does not."""

import socket
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.builders import INES, TOM
from tests.daemon.polling import HANG
from tests.soak.conftest import Start
from tests.soak.record import Record
from tests.soak.reporting import Report
from tests.system.program import Place
from tests.transports.smtpd import Mailbox, listening

pytestmark = pytest.mark.system
START = datetime.fromisoformat("2026-10-01T10:00+02:00")
"""A Thursday; the first news are told on it."""
PARTNERSHIPS = 4


@dataclass
class GreyList(Mailbox):
    """Whom it does not know it puts off, once (RFC 6647)."""

    seen: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address not in self.seen:
            self.seen.add(address)
            return "450 4.2.0 greylisted, come again later"
        return await super().handle_RCPT(server, session, envelope, address, options)


@dataclass
class ShuttingDown(Mailbox):
    """It takes so many letters, then says 421 in the middle of the next one and ends the session, once."""

    takes: int = 2

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if len(self.taken) == self.takes:
            self.takes = -1
            return "421 4.3.2 shutting down"
        return await super().handle_DATA(server, session, envelope)


class Office(Place):
    """Some partnerships, and a mail server at one port, whoever listens there."""

    at = START
    port = 0

    def command(self, *words: str, now: str = "") -> list[str]:
        return super().command(*words, now=now or self.at.isoformat())

    @property
    def record(self) -> Record:
        return Record(f"sqlite:///{self.data}/cadence.db")

    def says(self, *words: str) -> str:
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False, timeout=HANG).stdout

    def tries_until(self, started: Start, event: str) -> None:
        """Run it until it has logged that, and stop it."""
        program = started(self)
        program.logs(event)
        assert program.stops() == 0

    def goes_on_until_all_is_settled(self, started: Start) -> None:
        """Run it at this moment, and hours later for what was put off."""
        while True:
            program = started(self)
            program.hears("READY=1")
            program.until(lambda: self.record.letters() and not self._due(), "all that is due to be tried")
            assert program.stops() == 0
            if not self.record.open():
                return
            self.at += timedelta(hours=2)

    def _due(self) -> int:
        """How many letters are due now, or in somebody's hands."""
        soon = (self.at + timedelta(minutes=1)).timestamp() * 1_000_000
        open = "SELECT count(*) AS number FROM letter WHERE state = 'claimed' OR state = 'due' AND due_at <= :soon"
        return int(self.record.rows(open, soon=soon)[0].number)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        made.port = free.getsockname()[1]
    mail = {"sender": "cadence@alliances.example", "host": "127.0.0.1", "port": made.port, "tls": "none"}
    made.set(mail=mail)
    made.create()
    for number in range(PARTNERSHIPS):
        people = {
            key: {**each, "email": f"{key}.{number}@{each['of']}.example"}
            for key, each in {"ines": INES, "tom": TOM}.items()
        }
        made.define(f"line-{number}", people=people, agreement={"signed": "2026-05-01", "effective": "2026-06-01"})
    return made


def account(office: Office, mailbox: Mailbox) -> dict[str, int]:
    """Every letter that is on record as sent has arrived, once, with its bytes; no other has."""
    letters = office.record.letters()
    sent = Counter(row.content for row in letters if row.state == "sent")
    assert Counter(mailbox.letters) == sent
    stands = Counter(row.state for row in letters)
    return {"sent": stands["sent"], "lost": stands["due"] + stands["claimed"], "dead": stands["dead"], "doubled": 0}


def assert_all_were_told(office: Office) -> None:
    """Whatever was to be told by now has left in a letter."""
    untold = "SELECT count(*) AS number FROM notice LEFT JOIN letter ON letter.instance = notice.letter "
    untold += "WHERE notice.state = 'told' AND notice.email <> '' AND letter.state <> 'sent'"
    assert office.record.rows(untold)[0].number == 0


def assert_all_arrive(office: Office, mailbox: Mailbox, report: Report, done: str) -> None:
    found = account(office, mailbox)
    assert (found["lost"], found["dead"]) == (0, 0) and found["sent"] >= 3 * PARTNERSHIPS
    assert_all_were_told(office)
    report("letters: at least once, twice only where marked", done, times=1, **found)


def test_away_for_three_days_nobody_misses_anything_or_gets_a_pile(
    office: Office, started: Start, report: Report
) -> None:
    for day in range(3):
        office.at = START + timedelta(days=day)
        office.tries_until(started, "mail.paused")
    assert "Connection refused" in office.says("status")
    office.at = START + timedelta(days=4)  # a Monday
    mailbox = Mailbox()
    with listening(mailbox, port=office.port):
        office.goes_on_until_all_is_settled(started)
    assert_all_arrive(office, mailbox, report, "SMTP away for three days")
    news = Counter(row.email for row in office.record.letters() if row.state == "sent" and row.method == "NOTICE")
    assert news and max(news.values()) <= 2  # what waited, and what the day itself has brought


def test_greylisted_each_arrives_at_the_second_try(office: Office, started: Start, report: Report) -> None:
    mailbox = GreyList()
    with listening(mailbox, port=office.port):
        office.goes_on_until_all_is_settled(started)
    assert mailbox.seen
    assert_all_arrive(office, mailbox, report, "greylisting (450, then 250)")


def test_a_server_that_ends_the_session_in_the_middle_has_the_rest_later(
    office: Office, started: Start, report: Report
) -> None:
    mailbox = ShuttingDown()
    with listening(mailbox, port=office.port):
        office.tries_until(started, "letter.put_off")
        office.at += timedelta(hours=2)
        office.goes_on_until_all_is_settled(started)
    assert mailbox.takes == -1
    assert_all_arrive(office, mailbox, report, "421 in the middle of a session")


def test_a_policy_against_the_sender_kills_no_letter(office: Office, started: Start, report: Report) -> None:
    mailbox = Mailbox(at_mail="550 5.7.1 this sender is not allowed here")
    with listening(mailbox, port=office.port):
        office.tries_until(started, "mail.paused")
        assert "not allowed here" in office.says("status") and set(office.record.states()) == {"due"}
        mailbox.at_mail = ""
        office.at += timedelta(hours=2)
        office.goes_on_until_all_is_settled(started)
        assert "not allowed here" not in office.says("status")
    assert_all_arrive(office, mailbox, report, "policy 5xx against the sender, then none")


def test_one_recipient_refused_of_many_costs_nobody_else_a_letter(
    office: Office, started: Start, report: Report
) -> None:
    mailbox = Mailbox(at_rcpt={"ines.1@acme.example": "550 5.1.1 no such user"})
    with listening(mailbox, port=office.port):
        office.goes_on_until_all_is_settled(started)
    assert "ines.1@acme.example" in office.says("status")
    found = account(office, mailbox)
    dead = {row.email for row in office.record.letters() if row.state == "dead"}
    assert dead == {"ines.1@acme.example"} and found["lost"] == 0
    assert {f"ines.{number}@acme.example" for number in (0, 2, 3)} <= set(mailbox.recipients)
    report("letters: at least once, twice only where marked", "one recipient refused of many", times=1, **found)
