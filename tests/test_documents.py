"""What the project says about itself is so: the files that its documents name are there, its picture of the schema is
the schema, its glossary has the language of definitions, and the hooks before a commit are what `make check` runs."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from sqlmodel import SQLModel

from scheduler import __version__
from scheduler.definitions.keys import keys_of
from scheduler.domain.base import Noun
from scheduler.domain.definition.partnership import Partnership
from scheduler.store import tables
from scheduler.web.app import FORMS

REPOSITORY = Path(__file__).parents[1]
DOCUMENTS = (
    REPOSITORY / "CONTRIBUTING.md",
    REPOSITORY / "SECURITY.md",
    *sorted(REPOSITORY.glob("docs/**/*.md")),
)
GLOSSARY = REPOSITORY / "docs" / "glossary.md"
SCHEMA = REPOSITORY / "docs" / "design" / "schema.md"
_PATH = re.compile(
    r"(?<![\w./-])(?:scheduler|tests|docs|config|templates|systemd|benchmarks|release|deploy(?!/secrets))/[\w./-]*\w/?"
)
"""A path from the root of the repository; not a part of an address or of a longer path. deploy/secrets is made."""
_MODULE = re.compile(r"`([\w/.-]*\w\.py)`")
"""A file of Python, as running text names it."""


def paths(text: str) -> Iterator[str]:
    """Every file and folder of the repository that a text names, each once."""
    yield from dict.fromkeys((*_PATH.findall(text), *_MODULE.findall(text)))


def named() -> list[tuple[str, str]]:
    found = ((document, document.read_text(encoding="utf-8")) for document in DOCUMENTS)
    return [(str(document.relative_to(REPOSITORY)), path) for document, text in found for path in paths(text)]


@pytest.mark.parametrize(("document", "path"), named())
def test_every_file_that_a_document_names_is_there(document: str, path: str) -> None:
    assert (REPOSITORY / path).exists(), f"{document} names {path}, which is not there: name it from the root"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see `scheduler/nowhere.py`, or so", ["scheduler/nowhere.py"]),
        ("`plan/days.py` is no path from the root", ["plan/days.py"]),
        ("`config/partnerships/` and tests/builders.py.", ["config/partnerships/", "tests/builders.py"]),
        ("https://docs.example/docs/x and /etc/config/y", []),
    ],
)
def test_a_name_that_leads_nowhere_would_be_found(text: str, found: list[str]) -> None:
    assert [*paths(text)] == found


def test_the_glossary_is_in_the_order_of_the_alphabet_and_has_each_word_once() -> None:
    words = [re.sub(r"[^a-z0-9 ]", "", each.lower()) for each in headwords()]
    assert words == sorted(set(words))


def test_a_word_that_the_glossary_refers_to_is_in_it() -> None:
    referred = re.findall(r"see \*(.+?)\*", GLOSSARY.read_text(encoding="utf-8"))
    assert {each.lower() for each in referred} <= {each.lower() for each in headwords()}


def test_the_glossary_has_every_key_of_a_definition() -> None:
    words = {word for code in re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8")) for word in code.split()}
    keys = {key for noun in nouns_of(Partnership, set()) for key in keys_of(noun)}
    assert keys <= {word.strip(":") for word in words}


def headwords() -> list[str]:
    return re.findall(r"^- \*\*(.+?)\*\*", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)


def nouns_of(kind: Any, found: set[type[Noun]]) -> set[type[Noun]]:
    """The nouns that a definition is made of, from this one on."""
    if isinstance(kind, type) and issubclass(kind, Noun):
        if kind not in found:
            found.add(kind)
            for field in kind.model_fields.values():
                nouns_of(field.annotation, found)
    else:
        for part in get_args(kind):
            nouns_of(part, found)
    return found


def test_no_text_bears_the_marks_of_a_merge() -> None:
    pages = (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"))
    marked = (page for page in pages if re.search(r"^(<{7}|>{7}) ", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert [page.name for page in marked] == []


def rows_of(document: Path) -> list[list[str]]:
    """The cells of every row of its tables whose first cell is one word as code."""
    lines = document.read_text(encoding="utf-8").splitlines()
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `"))
    return [row for row in rows if re.fullmatch(r"`\w+`", row[0])]


def test_the_picture_of_the_schema_has_every_table_and_whatever_each_refers_to() -> None:
    drawn = {table.strip("`"): set(re.findall(r"`(\w+)`", refers)) for table, _, refers, *_ in rows_of(SCHEMA)}
    ours = (table for table in SQLModel.metadata.tables.values() if table.name in _names())
    assert drawn == {table.name: {key.column.table.name for key in table.foreign_keys} for table in ours}


def _names() -> set[str]:
    kinds = (getattr(tables, name) for name in tables.__all__)
    rows = (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, SQLModel))
    return {str(kind.__tablename__) for kind in rows}


def test_the_hooks_before_a_commit_are_what_a_change_must_pass() -> None:
    [repository] = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repository["repo"] == "local"
    hooks = repository["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe is not None
    commands = [line.strip().replace("$(BIN)", ".venv/bin").removesuffix(" .") for line in recipe[1].splitlines()]
    assert [hook["entry"] for hook in hooks] == commands


def test_the_version_is_the_same_in_both_places() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_the_sample_of_nginx_lets_every_link_through() -> None:
    """A form that it does not know is a 404 to whoever got the letter."""
    [let_through] = re.findall(r'location ~ "\^/\(([\w|]+)\)/', (REPOSITORY / "docs" / "nginx.md").read_text("utf-8"))
    assert {*FORMS, "agendas"} == set(let_through.split("|"))


def test_what_the_page_on_security_names_is_there() -> None:
    page = (REPOSITORY / "docs" / "security.md").read_text("utf-8")
    named = {
        each
        for each in re.findall(r"`([^`\s]+)`", page)
        if each.startswith(("scheduler/", "tests/", "templates/", "docs/"))
    }
    assert len(named) >= 20
    assert [each for each in sorted(named) if not (REPOSITORY / each).exists()] == []


GUARANTEES = REPOSITORY / "docs" / "guarantees.md"
_NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize(("file", "test"), dict.fromkeys(_NAMED_TEST.findall(GUARANTEES.read_text("utf-8"))))
def test_every_test_that_holds_a_promise_is_there(file: str, test: str) -> None:
    """And not only a helper of that name."""
    assert re.search(rf"^(?:async )?def {test}\(", (REPOSITORY / file).read_text("utf-8"), re.MULTILINE), test
    assert test.startswith("test_")


def test_every_promise_has_its_limit_and_a_test_that_holds_it() -> None:
    _, *promises = re.split(r"^\*\*", GUARANTEES.read_text("utf-8"), flags=re.MULTILINE)
    assert len(promises) >= 20
    assert [each[:60] for each in promises if "\n*Limit:*" not in each or not _NAMED_TEST.search(each)] == []
