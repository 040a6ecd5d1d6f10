"""No word of a page stands outside of the catalogues: reviews, checkpoints, decisions, history, health checks.

Inès (Acme) reads all of it in a language of which nothing is known but that it puts brackets round every sentence.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml

from scheduler.services.cases.objections import object_to
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold, move, skip
from tests.render.languages.brackets import OnlyKnown, outside
from tests.render.languages.conftest import sentences  # noqa: F401
from tests.web.conftest import CELLS, INES, NOW, AppOf, Site, definition, served
from tests.web.forms.test_languages import read
from tests.web.site.conftest import Browser, with_pages
from tests.web.test_links import toms_definition
from tests.web.test_manners import browser

HELD, COMING = f"{CELLS}/operating/2026-10", f"{CELLS}/operating/2026-12"
OVER, NEXT = f"{CELLS}/pipeline/2026-W47", f"{CELLS}/pipeline/2026-W51"
CHECKPOINT = f"{CELLS}/checkpoint"
MINUTES = "# Decisions\n- сказано\n\n# Actions\n- Tom: сказано by 18 Dec\n- сказано\n"
DATA = r"/\S+|\b[a-z]+-[a-z-]+/\S*|\bid=\S+|\b(UTC|CET|CEST|GWh|KPIs?|PDF|Markdown|Word|SHA|KB|ISO|JSON|CSV)\b"
"""Addresses, units and names that are the same in every language."""
PICTURES = re.compile(r"<svg.*?</svg>|<article.*?</article>", re.DOTALL)
"""The lines of KPIs, which other pages have as well."""
PAGES = {
    "to come": f"/reviews/{COMING}",
    "to be moved": f"/reviews/{COMING}?to=2026-11-22T03:00",
    "to be edited": f"/reviews/{COMING}?edit=#edit",
    "held": f"/reviews/{HELD}",
    "over": f"/reviews/{OVER}",
    "skipped": f"/reviews/{NEXT}",
    "checkpoint": "/checkpoints/acme-globex",
    "decisions": "/decisions",
    "actions": "/decisions?shows=actions",
    "history": "/history",
    "health": f"/partnerships/{CELLS}/health",
}


@pytest.fixture
def ines(made: AppOf) -> Iterator[tuple[Site, Browser]]:
    said = toms_definition()
    away = ["2026-11-20/2026-11-24"]
    people = {**said["people"], "ines": {**said["people"]["ines"], "language": "ja", "away": away}}
    app = made(acme_globex=yaml.safe_dump({**said, "people": people}, allow_unicode=True))
    hold(app, HELD, MINUTES, "ines", NOW, Attended(present=("ines",), absent=("dev",)))
    object_to(app, HELD, (), "сказано", "dev", NOW)
    skip(app, NEXT, "сказано", "ines", NOW)
    move(app, COMING, NOW + timedelta(days=26), "сказано", "ines", NOW)
    for site in served(app, with_pages(app.settings)):
        yield site, browser(site, INES)
    app.close()


@pytest.mark.parametrize("page", PAGES)
def test_no_word_of_a_page_stands_outside_of_the_catalogues(
    page: str,
    ines: tuple[Site, Browser],
    monkeypatch: pytest.MonkeyPatch,
    sentences: frozenset[str],  # noqa: F811
) -> None:
    monkeypatch.setattr("scheduler.render.languages.speech.catalogue", lambda language: OnlyKnown(sentences))
    answer = ines[1].get(PAGES[page])
    assert answer.status_code == 200
    html = PICTURES.sub(" ", answer.text[answer.text.index("<main") :])
    defined = (definition(), yaml.safe_dump(toms_definition()), MINUTES, "figures")
    data = {*re.findall(r"[A-Za-z]{2,}", " ".join(defined))}
    assert [each for each in outside(read(html), DATA) if each not in data] == [], read(html)


def test_a_hint_that_names_a_mark_of_comments_opens_none(ines: tuple[Site, Browser]) -> None:
    assert "&lt;!-- figures" in ines[1].get(PAGES["to be edited"]).text
