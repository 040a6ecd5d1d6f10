"""What people write into definitions, reasons and minutes stays text, on whatever page it is shown."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import yaml

from scheduler.services.cases import kpis, reviews
from scheduler.services.pipeline.cycle import run
from scheduler.web.site import PAGES, paths
from tests.web.conftest import CELLS, DEV, INES, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn

HOSTILE = (
    """</title></script><script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"""
    """<a href="javascript:alert(1)">"""
)
_MOST = 80


class Marks(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def with_hostile_words(pages: Site) -> None:
    """Names in a definition, the reason of a skip, and the note of a reading."""
    pages.clock.forward(days=1)
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    written: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    written |= {"name": HOSTILE, "goal": HOSTILE}
    for part in (written["organisations"], written["people"], written["kpis"]):
        for entry in part.values():
            entry["name"] = f"{entry['name']} {HOSTILE}"
    file.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    run(pages.app, pages.clock.now)
    kpis.report(pages.app, f"{CELLS}/cells-delivered", "2026-10", "0.31", HOSTILE, "tom", pages.clock.now)
    reviews.skip(pages.app, f"{CELLS}/operating/2026-12", HOSTILE, "ines", pages.clock.now)


def opened(browser: Browser) -> Iterator[tuple[str, str]]:
    """The pages that somebody comes to from those of the navigation, and from the partnership's."""
    wanted = [each.path for each in PAGES if "{" not in each.path] + [paths.partnership(CELLS), "/search?q=script"]
    seen = set[str]()
    while wanted and len(seen) < _MOST:
        path = wanted.pop(0)
        if path in seen or path.startswith(("/static", "/sign-in")):
            continue
        seen.add(path)
        answer = browser.get(path)
        if "text/html" in answer.headers.get("content-type", ""):
            yield path, answer.text
            wanted += [unescape(each) for each in re.findall(r'href="(/[^"#]*)', answer.text)]


def test_no_words_of_a_definition_and_none_that_people_write_become_part_of_a_page(
    pages: Site, sign_in: SignIn
) -> None:
    with_hostile_words(pages)
    shown = 0
    for email in (INES, DEV, OPERATOR):
        for path, page in opened(sign_in(email)):
            shown += "alert(1)" in page
            for tag, attributes in Marks(page).found:
                assert tag != "script" and not any(name.startswith("on") for name in attributes), (path, tag)
                assert "javascript:" not in (attributes.get("href") or ""), path
                assert attributes.get("src") != "x", path
            assert "{{ 7" in page or "49<a" not in unescape(page), path
    assert shown > 30, "they were shown"
