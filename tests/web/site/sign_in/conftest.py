"""Pages at https://cadence.acme.example that people sign in to, and a mail server on loopback that takes letters."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from scheduler.services.app import App
from scheduler.settings import SignIn, Web
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.daemon.polling import until
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import Clock
from tests.web.site.conftest import OPERATOR, URL, words_of

SENDER = "cadence@alliances.example"


@dataclass
class Door:
    """What people sign in at: an app, its clock, its letters, and as many browsers as are wanted."""

    app: App
    clock: Clock
    mailbox: Mailbox
    browser: Callable[..., "Guest"]

    @property
    def log(self) -> list[str]:
        lines: list[str] = self.app.log.lines  # type: ignore[attr-defined]
        return lines

    def letters(self, many: int) -> list[str]:
        """The plain text of the letters, once so many have come: they leave after the answer."""
        until(lambda: len(self.mailbox.letters) >= many, f"{many} letters")
        return [plain(each) for each in self.mailbox.letters]


@dataclass
class Guest:
    """A browser, which keeps its cookies, and the peer that its requests come from."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **said: str) -> Any:
        headers = {"origin": URL, "content-type": "application/x-www-form-urlencoded"}
        return self.client.post(path, content=urlencode(said), headers=headers)

    def reader(self) -> str | None:
        """Whose pages this browser sees; None while it is not signed in."""
        answer = self.client.get("/me/sessions")
        if answer.status_code == 303:
            return None
        found = re.search(r'class="who"><a [^>]*>([^<]*)</a>', answer.text)
        assert found, answer.text
        return found[1]

    def words(self, path: str) -> str:
        return words_of(self.get(path).text)


def plain(letter: bytes) -> str:
    part = next(each for each in message_from_bytes(letter).walk() if each.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def link_in(letter: str) -> str:
    found = re.search(rf"{re.escape(URL)}(/sign-in/mail/\S+)", letter)
    assert found, letter
    return found[1]


def code_in(letter: str) -> str:
    found = re.search(r"(\d{4} \d{4})", letter)
    assert found, letter
    return found[1]


@contextmanager
def opened(app: App, sign_in: SignIn | None = None, **web: Any) -> Iterator[Door]:
    mailbox, clock = Mailbox(), Clock()
    with ExitStack() as open_until_then:
        server = open_until_then.enter_context(listening(mailbox))
        mail = {"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"}
        site = {"listen": "127.0.0.1:0", "public_url": URL, "sign_in": sign_in or SignIn(), **web}
        settings = app.settings.model_copy(
            update={
                "web": Web(**site),
                "mail": app.settings.mail.model_copy(update=mail),
                "operators": (OPERATOR,),
            }
        )
        its = under(app, settings)
        copies, work = FeedCache(its, clock), UnitOfWork(its, clock, lambda: None)
        served = application(lambda: copies, lambda: work, lambda: True)
        open_until_then.callback(copies.close)
        loop = open_until_then.enter_context(TestClient(served))

        def browser(peer: str = "192.0.2.7", url: str = settings.web.public_url or "http://127.0.0.1:8377") -> Guest:
            client = TestClient(served, url, follow_redirects=False, client=(peer, 50000))
            client.portal = loop.portal  # one event loop serves them all
            return Guest(client)

        yield Door(its, clock, mailbox, browser)


@pytest.fixture
def door(app: App) -> Iterator[Door]:
    with opened(app) as made:
        yield made
