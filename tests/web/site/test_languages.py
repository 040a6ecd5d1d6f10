"""No word of a page stands outside of the catalogues: a page is asked for in a language in which every sentence is in
brackets, and what is left over are names and figures of the definition."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import scheduler.web
from scheduler.domain.manner import Manner
from scheduler.render.languages import say, speaking
from scheduler.services.cases.own_settings import say_manner
from scheduler.web.site.calendar_page import _clock_list
from tests.cli.conftest import REPOSITORY
from tests.render.languages.brackets import OnlyKnown
from tests.web.conftest import CELLS, INES, NOW, Site
from tests.web.site.conftest import OPERATOR, SignIn

PAGES = [
    "/",
    "/portfolio",
    "/portfolio?group=model",
    "/portfolio?on=2026-01-02",
    f"/kpis/{CELLS}/cells-delivered",
    "/calendar",
    "/horizon",
    "/load",
    "/search?q=cells",
    "/search?q=zz",
    f"/partnerships/{CELLS}/evidence",
    "/me",
    "/me/sessions",
    "/partnerships/nowhere",
]
_DATA = (
    # what the definition says, who signed in, names of languages and forms of dates
    r"Acme × Globex battery cells|Globex × Initech wafers|Cells delivered|Landed cost per kWh|Wafers delivered",
    r"Acme Motors SE|Acme Motors|Acme|Globex Inc\.?|Globex Corp\.?|Globex|Initech KK|Initech|Battery cells",
    r"June Okafor|Marta Bauer|Marta Ruiz|Yuki Mori|Inès Falk|Inès|Dev Patel|Uwe Brandt|Tom Reyes|Epiphany \(DE\)",
    r"Deutsch|English|Español|Français|31 Dec 2026|Firefox|cadence|JSON|CSV|GWh|EUR|KPIs?|UTC",
    r"ISO|SHA|index\.html|[0-9a-f]{64}",
    r"[\w.-]+@[\w.-]+|acme-globex[\w/-]*|[A-Z][a-z]+/[A-Z][a-z]+|cells-delivered|\bcells\b|\bCells\b|\bzz\b|\bInc\b",
)
_SEEN = re.compile(r'<[^>]*?\b(?:aria-label|placeholder|data-label|title)="([^"]*)"')


def words_of(page: str) -> str:
    """All that somebody sees or hears of a page."""
    labels = " ".join(_SEEN.findall(page))
    shown = re.sub(r"<style[^>]*>.*?</style>", " ", page, flags=re.DOTALL)
    return f"{shown} {labels}"


def left_over(page: str) -> list[str]:
    text = unescape(re.sub(r"<[^>]*>", " ", words_of(page)))
    for each in ("⟦[^⟦⟧]*⟧", *_DATA):
        text = re.sub(each, " ", text)
    return re.findall(r"[A-Za-z]{2,}", text)


@pytest.fixture
def in_brackets(pages: Site, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]) -> None:
    for email in (INES, OPERATOR):
        say_manner(pages.app, email, {"language": "ja"}, NOW)
    monkeypatch.setattr("scheduler.render.languages.speech.catalogue", lambda language: OnlyKnown(sentences))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("email", [INES, OPERATOR])
@pytest.mark.usefixtures("in_brackets")
def test_no_word_of_a_page_stands_outside_of_the_catalogues(sign_in: SignIn, path: str, email: str) -> None:
    answer: Any = sign_in(email).get(path)
    assert left_over(answer.text) == []


def test_the_year_names_holidays_in_its_readers_language(pages: Site, sign_in: SignIn) -> None:
    say_manner(pages.app, INES, {"language": "de"}, NOW)
    page = sign_in(INES).get("/partnerships/acme-globex").text
    assert page.count("Heilige Drei Könige (DE") >= 2 and "Epiphany" not in page


_VALUE = re.compile(r"%\([a-z_]+\)s")


def found_wrong(code: str) -> Iterator[str]:
    """What is told at a field: the texts of each `raise Wrong(field, …)`, with {} for a value in it."""
    for each in ast.walk(ast.parse(code)):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Wrong":
            yield from (text for told in each.args[1:] for text in texts_of(told) if text)


def texts_of(told: ast.AST) -> Iterator[str]:
    if isinstance(told, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in told.values)
    elif isinstance(told, ast.Constant) and isinstance(told.value, str):
        yield told.value
    else:
        yield from (text for part in ast.iter_child_nodes(told) for text in texts_of(part))


def test_what_a_form_finds_wrong_is_in_the_catalogues(sentences: frozenset[str]) -> None:
    assert [*found_wrong("raise Wrong('to', InvalidValue('Name them', f'up to {most}'))")] == ["Name them", "up to {}"]
    known = {_VALUE.sub("{}", each) for each in sentences}
    files = [*Path(scheduler.web.__path__[0]).rglob("*.py")]
    told = {file.name: [*found_wrong(file.read_text(encoding="utf-8"))] for file in files}
    assert sum(map(len, told.values())) > 100
    lacking = {name: [each for each in texts if each not in known] for name, texts in told.items()}
    assert {name: texts for name, texts in lacking.items() if texts} == {}


def test_a_list_on_a_page_is_parted_as_its_language_does() -> None:
    parted = re.compile(r"""", " if not loop\.last|"" if loop\.last else ", "|~ ", " ~|join\(", "\)""")
    folder = REPOSITORY / "templates" / "web"
    found = {file.name: parted.findall(file.read_text(encoding="utf-8")) for file in folder.rglob("*.j2")}
    assert {name: each for name, each in found.items() if each} == {}
    with speaking(Manner("ja")):
        assert _clock_list("agenda,items") == "、".join(map(say, ("agenda due", "last day for items")))
