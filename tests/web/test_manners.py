"""In whose language the web answers: of who is signed in, of whose a link is, of the browser where nobody is known.

Inès (Acme) reads German, Tom (Globex) Arabic, as the definition says; Dev has said nothing.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from starlette.requests import Request

from scheduler.domain.manner import AS_EVER, Manner
from scheduler.render.languages import speaking, spoken
from scheduler.services.app import App
from scheduler.services.cases.credentials import revoke_links
from scheduler.services.cases.sessions import open_session
from scheduler.web.manners import of_browser
from scheduler.web.site.paths import twin
from scheduler.web.unit_of_work import UnitOfWork
from tests.web.conftest import DEV, INES, NOW, TOM, AppOf, Site, served
from tests.web.site.conftest import Browser, with_pages
from tests.web.test_links import KINDS, link, toms_definition

GERMAN, ARABIC, ENGLISH = '<html lang="de">', '<html lang="ar" dir="rtl">', '<html lang="en">'


def spoken_here() -> dict[str, Any]:
    said = toms_definition()
    people = {**said["people"]}
    people["ines"] = {**people["ines"], "language": "de"}
    people["tom"] = {**people["tom"], "language": "ar"}
    return {**said, "people": people}


@pytest.fixture
def site(made: AppOf) -> Iterator[Site]:
    app = made(acme_globex=yaml.safe_dump(spoken_here(), allow_unicode=True))
    yield from served(app, with_pages(app.settings))
    app.close()


def browser(site: Site, email: str) -> Browser:
    session = open_session(site.app, email, "mail", "Firefox", NOW)
    return Browser(site.client, session, with_pages(site.app.settings))


@pytest.mark.parametrize(("email", "html"), [(INES, GERMAN), (TOM, ARABIC), (DEV, ENGLISH)])
def test_pages_are_in_the_language_of_who_is_signed_in_whatever_the_browser_asks_for(
    site: Site, email: str, html: str
) -> None:
    theirs = browser(site, email)
    for path in ("/", "/portfolio", "/me", "/partnerships/nowhere", "/portfolio?on=tomorrow"):
        assert html in theirs.get(path, **{"accept-language": "fr"}).text, path


def test_what_programs_read_is_the_same_for_everybody(site: Site) -> None:
    ines, dev = browser(site, INES).get(twin("/portfolio")), browser(site, DEV).get(twin("/portfolio"))
    assert ines.status_code == dev.status_code == 200
    assert '"acme-globex"' in ines.text and "geplant" not in ines.text


@pytest.mark.parametrize(
    ("asked", "html"),
    [("de-AT,de;q=0.9,en;q=0.8", GERMAN), ("nl, ar;q=0.5, de;q=0.4", ARABIC), ("nl", ENGLISH), ("", ENGLISH)],
)
def test_who_is_not_signed_in_yet_is_asked_in_the_language_of_the_browser(site: Site, asked: str, html: str) -> None:
    assert html in site.client.get("/sign-in", headers={"accept-language": asked}).text


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in ("agenda", "promise")])
def test_a_form_is_in_the_language_of_whose_its_link_is_and_of_the_browser_once_it_is_theirs_no_more(
    site: Site, kind: str
) -> None:
    path = link(site.app, kind)
    assert ARABIC in site.client.get(path, headers={"accept-language": "de"}).text
    revoke_links(site.app, TOM, None, None, NOW)
    assert GERMAN in site.client.get(path, headers={"accept-language": "de"}).text


def test_what_is_put_on_record_is_put_there_in_english(app: App) -> None:
    async def spoken_in_each() -> list[Manner]:
        work = UnitOfWork(app, lambda: NOW, lambda: None)
        with speaking(Manner("de")):
            read = await work.read(lambda _app, _db, _now: spoken())
            return [read, await work.act(lambda _app, _now: spoken()), await work.note(lambda _app, _now: spoken())]

    assert asyncio.run(spoken_in_each()) == [Manner("de"), AS_EVER, AS_EVER]


@pytest.mark.parametrize(
    ("asked", "otherwise", "manner"),
    [
        ("de", AS_EVER, Manner("de")),
        ("en-GB", AS_EVER, AS_EVER),
        ("de", Manner("de-CH", None, "2026-12-31"), Manner("de-CH", None, "2026-12-31")),
        ("en", Manner("de"), Manner("en")),
        ("fr;q=0.1, es;q=0.2", AS_EVER, Manner("es")),
        ("fr;q=0, es;q=x, ja;q=nan, de;q=-1, ar;q=2", AS_EVER, AS_EVER),
        ("*", Manner("fr"), Manner("fr")),
        ("," * 5000 + "de", Manner("fr"), Manner("fr")),
    ],
)
def test_of_what_a_browser_accepts_the_first_that_there_are_words_for(
    asked: str, otherwise: Manner, manner: Manner
) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", asked.encode())]})
    assert of_browser(request, otherwise) == manner
