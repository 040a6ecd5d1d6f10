"""``make screenshots``: a picture of every page, light, dark and on a phone, in a folder, to be looked at.

The worked examples are lived for a quarter first, which takes a minute or two; with ``LIVED=FOLDER`` that is kept
there, and taken up the next time.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from scheduler.services.app import App
from scheduler.services.cases.sessions import open_session
from scheduler.store import drafts
from scheduler.web import WebServer
from scheduler.web.site import gate
from tests.browser import quarter
from tests.browser.conftest import chromium
from tests.definitions.test_conversation import SAID
from tests.web.conftest import Clock

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 740}},
}


@contextmanager
def served(app: App) -> Iterator[str]:
    """The address of the pages of an app, on loopback."""
    web = WebServer(app, Clock(quarter.NOW), lambda: True)
    web.keep_listening()
    try:
        yield f"http://127.0.0.1:{web.port}"
    finally:
        web.close()


@contextmanager
def signed_in(browser: Browser, app: App, site: str, email: str, **look: Any) -> Iterator[Page]:
    """A page of somebody who has signed in; no page needs JavaScript, so it is off unless the look says otherwise."""
    token = open_session(app, email, "mail", "Chromium", quarter.NOW).token
    context = browser.new_context(**{"java_script_enabled": False, **look})
    context.add_cookies([{"name": gate.cookie_name(app.settings), "value": token, "url": site}])
    yield context.new_page()
    context.close()


def shoot(app: App, folder: Path) -> int:
    """Write the pictures; return how many addresses answered with something else than a page."""
    folder.mkdir(parents=True, exist_ok=True)
    with app.store.write() as db:
        drafts.keep(db, quarter.READERS["alliance manager"], SAID, quarter.NOW)
    missing = set[str]()
    with served(app) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for look, wanted in LOOKS.items():
            for name, address in quarter.addresses(app).items():
                reader = quarter.OPERATOR if name == "status" else quarter.READERS["alliance manager"]
                with signed_in(browser, app, site, reader, **wanted) as page:
                    answer = page.goto(f"{site}{address}")
                    if answer is None or answer.status != 200:
                        missing.add(f"{address}: {answer.status if answer else 'no answer'}")
                    page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
        browser.close()
    for each in sorted(missing):
        print(f"no page at {each}", file=sys.stderr)
    return len(missing)


def main(folder: str) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(os.environ.get("LIVED") or scratch) / "quarter"
        app = quarter.opened(home) if home.exists() else quarter.lived(home)
        try:
            return 1 if shoot(app, Path(folder)) else 0
        finally:
            app.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
