"""The pages that people sign in to, in a real browser: axe-core finds nothing, whatever the look and the width; no page
scrolls sideways, asks of any other place, or needs JavaScript."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from scheduler.services.app import App
from scheduler.store import drafts
from tests.browser import quarter
from tests.browser.screenshots import served, signed_in
from tests.definitions.test_conversation import SAID

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "at 320 px": {"viewport": {"width": 320, "height": 740}},
    "at 200 %": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
NAMES = (
    "now", "portfolio", "partnership", "review-to-come", "review-held", "kpi", "checkpoint", "decisions", "calendar",
    "horizon", "load", "history", "add", "add-organisations", "add-overview", "search", "sessions", "me", "status",
)  # fmt: skip


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, str]]:
    """Two partnerships after a quarter, and the address of their pages."""
    app = quarter.lived(tmp_path_factory.mktemp("lived") / "quarter")
    with app.store.write() as db:
        drafts.keep(db, quarter.READERS["alliance manager"], SAID, quarter.NOW)
    with served(app) as site:
        yield app, site
    app.close()


def reader_of(name: str) -> str:
    return quarter.OPERATOR if name == "status" else quarter.READERS["alliance manager"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, lived: tuple[App, str], name: str, look: str
) -> None:
    app, site = lived
    with signed_in(browser, app, site, reader_of(name), java_script_enabled=True, **LOOKS[look]) as page:
        answer = page.goto(f"{site}{quarter.addresses(app)[name]}")
        assert answer is not None and answer.status == 200
        assert found_by_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


NOT_FOR = {"status": {*quarter.READERS} - {"operator"}, "evidence": {"KPI owner", "sponsor"}}
"""Pages that are as if they were not there, to some readers."""


@pytest.mark.parametrize("reader", quarter.READERS)
def test_each_of_the_five_readers_sees_their_pages_and_nothing_is_asked_of_any_other_place(
    browser: Browser, lived: tuple[App, str], reader: str
) -> None:
    app, site = lived
    with signed_in(browser, app, site, quarter.READERS[reader]) as page:
        elsewhere: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(site) else None)
        page.on("console", lambda message: complaints.append(message.text))
        for name, address in quarter.addresses(app).items():
            answer = page.goto(f"{site}{address}")
            may = 404 if reader in NOT_FOR.get(name, ()) else 200
            assert answer is not None and answer.status == may, (name, answer and answer.status)
            assert page.locator("h1").count() == 1
        assert elsewhere == []
        assert [each for each in complaints if "404" not in each] == []


def found_by_axe(page: Page) -> list[str]:
    """What axe-core finds: its rule, and where."""
    page.evaluate(AXE)
    run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    found = page.evaluate(run, WCAG)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]
