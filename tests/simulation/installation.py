"""cadence on a disk, with a mail server of its own, on a clock that is moved on: cycles run when something is due, and
after each word that somebody says by a link, as the daemon runs them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import yaml
from starlette.testclient import TestClient

from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import next_due, run
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.settings import Settings
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.builders import Written
from tests.services.town import Events
from tests.transports.smtpd import Mailbox, listening

URL = "https://cadence.alliances.example"
SENDER = "cadence@alliances.example"
_MOST_CYCLES = 2000
"""So many in one stretch of time are no work any more, but a moment that is due again and again."""


class Mail(NamedTuple):
    """A letter as its reader gets it: when it arrived, and its parts; an invitation has a calendar, its lines as long
    as they were before they were folded."""

    to: str
    at: datetime
    subject: str
    text: str
    html: str
    calendar: str


@dataclass(repr=False)
class Installation:
    """`now` is what its clock shows; `letters` are all that arrived, in their order."""

    app: App
    mailbox: Mailbox
    log: Events
    now: datetime
    letters: list[Mail] = field(default_factory=list)
    client: TestClient = field(init=False)
    is_still: bool = False
    """Whether no cycle follows what people say."""
    _is_called: bool = False
    _read: int = 0

    def __repr__(self) -> str:
        return f"the installation at {self.now}"

    def define(self, written: Written) -> None:
        """Write the definition, as an operator does in an editor."""
        path = self.app.settings.definitions / f"{written['partnership']}.yaml"
        path.write_text(yaml.safe_dump(written, sort_keys=False, allow_unicode=True), encoding="utf-8")
        self.cycle()

    def cycle(self) -> None:
        """A cycle of a program that goes on running, and a round of its senders."""
        before = len(self.log.said)
        run(self.app, self.now, goes_on=True)
        for name, done in deliver(Sender(self.app, "one", lambda: self.now, lambda: 0.5)).items():
            assert done.fault is None, (name, done.fault)
        assert [each for each in self.log.said[before:] if each[0] == "error"] == []
        self.collect()

    def collect(self) -> None:
        """Take from the mail server what has arrived."""
        for envelope in self.mailbox.taken[self._read :]:
            assert isinstance(envelope.content, bytes)
            for to in envelope.rcpt_tos:
                self.letters.append(_mail(to, self.now, envelope.content))
        self._read = len(self.mailbox.taken)

    def until(self, moment: datetime) -> None:
        """Let time pass: a cycle at each moment at which something is due, or came to be due by what was sent just
        now, and one at the end."""
        for _ in range(_MOST_CYCLES):
            due = next_due(self.app, self.now - timedelta(seconds=1))
            if due is None or due > moment:
                break
            self.now = max(due, self.now + timedelta(seconds=1))
            self.cycle()
        else:
            raise AssertionError(f"always something is due at {self.now}")
        self.now = moment
        self.cycle()

    def called(self) -> None:
        """Somebody said something by a link: the next cycle is run at once."""
        self._is_called = True

    def answered(self) -> None:
        """After each request: the cycle that it called for, and the letters that it sent by itself."""
        if self._is_called and not self.is_still:
            self._is_called = False
            self.cycle()
        self.collect()


def _mail(to: str, at: datetime, content: bytes) -> Mail:
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    calendar = next((each for each in letter.walk() if each.get_content_type() == "text/calendar"), None)
    parts = [each.get_content() if each else "" for each in (plain, html, calendar)]
    parts[2] = re.sub(r"\r?\n[ \t]", "", parts[2])
    return Mail(to, at, str(letter["subject"]), *(each.replace("\r\n", "\n") for each in parts))


@contextmanager
def installed(folder: Path, now: datetime, playbook: str) -> Iterator[Installation]:
    """A new installation in a folder of its own, with a playbook of the operator's, its pages served and its letters
    taken on loopback."""
    (folder / "partnerships").mkdir(parents=True)
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "contractual_alliance.yaml").write_text(playbook, encoding="utf-8")
    mailbox, log = Mailbox(), Events()
    with listening(mailbox) as server:
        its = Settings.model_validate(
            {
                "definitions": folder / "partnerships",
                "playbooks": folder / "playbooks",
                "templates": folder / "templates",
                "data": folder / "data",
                "database": f"sqlite:///{folder}/data/cadence.db",
                "mail": {"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"},
                "web": {"listen": "127.0.0.1:0", "public_url": URL},
            }
        )
        with served(open_app(its, log, create=True), mailbox, log, now) as made:
            yield made


@contextmanager
def served(app: App, mailbox: Mailbox, log: Events, now: datetime) -> Iterator[Installation]:
    """An open app with its pages; `mailbox` is that of the mail server which its settings name."""
    made = Installation(app, mailbox, log, now, _read=len(mailbox.taken))
    copies = FeedCache(app, lambda: made.now)
    unit_of_work = UnitOfWork(app, lambda: made.now, made.called)
    site = application(lambda: copies, lambda: unit_of_work, lambda: True)
    with TestClient(site, base_url=URL, follow_redirects=False) as client:
        made.client = client
        yield made
    copies.close()
    app.close()
