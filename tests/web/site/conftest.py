"""Browsers of people who are signed in, at pages that are served from https://cadence.acme.example."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from scheduler.services.app import App
from scheduler.services.cases.sessions import SignedIn, open_session
from scheduler.settings import Settings, Web
from scheduler.web.site import gate
from tests.render.languages.conftest import sentences  # noqa: F401  (for tests of languages)
from tests.web.conftest import Site, served

URL = "https://cadence.acme.example"
OPERATOR = "root@acme.example"


@dataclass
class Browser:
    """A browser in which somebody has signed in."""

    client: TestClient
    signed_in: SignedIn
    settings: Settings

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={"cookie": self._cookie, **headers})

    def text(self, path: str) -> str:
        """The page's text; it has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return words_of(answer.text)

    def act(self, path: str, act: str, csrf: str | None = None, files: Any = None, **said: str) -> Any:
        """Send a form of the page."""
        fields = {"csrf": self.signed_in.csrf if csrf is None else csrf, "act": act, **said}
        return self.client.post(path, data=fields, files=files, headers={"cookie": self._cookie, "origin": URL})

    def done(self, path: str, act: str, **said: str) -> str:
        """Send a form that has to be taken; return the text of the page that one is led to."""
        answer = self.act(path, act, **said)
        assert answer.status_code == 303, (answer.status_code, words_of(answer.text))
        return self.text(answer.headers["location"])

    @property
    def _cookie(self) -> str:
        return f"{gate.cookie_name(self.settings)}={self.signed_in.token}"


def words_of(page: str) -> str:
    """What a page says, without its marks, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2] or page).split())


SignIn = Callable[[str], Browser]


def with_pages(settings: Settings) -> Settings:
    """The same settings, reachable from outside, with an operator who is in no partnership."""
    web = Web(listen="127.0.0.1:0", public_url=URL)
    return settings.model_copy(update={"web": web, "operators": (OPERATOR,)})


@pytest.fixture
def pages(app: App) -> Iterator[Site]:
    """The pages of an app that the test may change."""
    yield from served(app, with_pages(app.settings))


@pytest.fixture
def sign_in(pages: Site) -> SignIn:
    """``sign_in(mail address)`` is a browser of that person."""

    def signed_in(email: str) -> Browser:
        session = open_session(pages.app, email, "mail", "Firefox", pages.clock.now)
        return Browser(pages.client, session, with_pages(pages.app.settings))

    return signed_in
