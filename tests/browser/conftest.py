"""The forms as people meet them: Debian's own Chromium, driven by Playwright, against the real server on loopback.

Nobody's page needs JavaScript, so it is switched off; whatever a page asks of any other place, and whatever the browser
complains of, is remembered.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from scheduler.domain.record.measurement import Reading
from scheduler.render import signed_links
from scheduler.services.app import App
from scheduler.store import readings, secrets
from scheduler.web import WebServer
from tests import builders
from tests.builders import CELLS_DELIVERED
from tests.daemon.polling import HANG
from tests.web.conftest import CELLS, NOW, Clock, an_app, definition

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
MILESTONE = {**CELLS_DELIVERED, "name": "Line ready", "unit": None, "target": "yes"}
TOM = {**builders.TOM, "name": "Tom <script>document.title='broken'</script> Reyes"}


@dataclass
class Visit:
    """A page in the browser, and what it did besides."""

    page: Page
    app: App
    site: str
    asked_elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def link(self, kind: str, *names: str) -> str:
        """An address as a letter has it: ``link("report", kpi, period, person)``."""
        with self.app.store.write() as db:
            key = secrets.signing_key(db)
        make: Callable[..., str] = getattr(signed_links, f"{kind}_link")
        return make(self.site, key, *names, NOW + timedelta(days=30))

    def open(self, kind: str, *names: str) -> Page:
        answer = self.page.goto(self.link(kind, *names))
        assert answer and answer.ok
        return self.page

    def on_record(self, kpi: str) -> list[Reading]:
        with self.app.store.read() as db:
            return readings.history(db, kpi)


def chromium() -> str:
    """Where Debian's Chromium is."""
    found = shutil.which("chromium")
    assert found, "make browser needs Debian's chromium: see .ci/run"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Tom, whose name holds a script, owns a number and a milestone; Dev judges a criterion."""
    written = builders.written()
    success = written["success_at_90_days"]
    text = definition(
        people={**written["people"], "tom": TOM},
        kpis={**written["kpis"], "line-ready": MILESTONE},
        success_at_90_days=success,
    )
    opened = an_app(tmp_path, acme_globex=text)
    yield opened
    opened.close()


@pytest.fixture
def visit(browser: Browser, app: App, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page as large as `PHONE`, unless a test asks for another: ``parametrize("visit", [{...}], indirect=True)``."""
    web = WebServer(app, Clock(), lambda: True)
    web.keep_listening()
    site = f"http://127.0.0.1:{web.port}"
    wanted: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, **getattr(request, "param", {})}
    context = browser.new_context(**wanted)
    context.set_default_timeout(HANG * 1000)
    visited = Visit(context.new_page(), app, site)
    visited.page.on("console", lambda message: visited.complaints.append(message.text))
    visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))

    def heed(asked: Request) -> None:
        if not asked.url.startswith(f"{site}/"):
            visited.asked_elsewhere.append(asked.url)

    context.on("request", heed)
    yield visited
    context.close()
    web.close()
    assert visited.asked_elsewhere == []
    # That an answer was a 422 is told on the console, too; it is no fault of the page.
    assert [line for line in visited.complaints if "status of 4" not in line] == []


OCTOBER = (f"{CELLS}/cells-delivered", "2026-10", "tom")
READY = (f"{CELLS}/line-ready", "2026-10", "tom")
CRITERION = (f"{CELLS}/checkpoint", "dashboards", "dev")
