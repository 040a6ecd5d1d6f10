"""Whoever holds the whole database, its log and an earlier copy cannot tell who said what.

Shown by worlds that are alike to them: three people of Acme are asked, Inès rates everything with 2, Marta with 5, Uwe
with 4; in another world Inès and Marta have said each other's. What is on record is the same, but for random parts. A
copy is taken when only one of them has answered: even then nothing says who. And what is random stands in one table
alone.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.services.app import App
from scheduler.services.pipeline.cycle import run
from scheduler.store import core_tables, health_checks
from scheduler.store.health_checks import LinkHolder
from tests import health
from tests.health import CLOSED, GLOBEX, ROUND, HealthCheck
from tests.web.conftest import AppOf, made  # noqa: F401

SAID = {"ines": 2, "marta": 5, "uwe": 4}
SWAPPED = {"ines": 5, "marta": 2, "uwe": 4}
WORDS = {2: "nobody calls back", 5: "the weekly call", 4: "less mail"}
RANDOM = ("key", "spent_hash", "token_hash")
TABLES = ("health_asked", "health_token", "health_spent", "health_answer", "health_result", "health_round")
OF_ANSWERS = ("health_spent", "health_answer")


class World:
    """A round in which `says` was answered in the order of `people`; `copies` are those of the database file, with its
    log, after each answer and at last."""

    def __init__(self, app: App, into: Path, people: tuple[str, ...], says: dict[str, int]) -> None:
        self.check = health.opened(app)
        self.app, self.into, self.copies = app, into, list[Path]()
        self.browsers: list[str] = []
        for person in people:
            self.browsers.append(self.check.answers(person, says[person], WORDS[says[person]]))
            self.copy()
        for person in GLOBEX:
            self.check.answers(person, 3)
        self.tokens = self.check.tokens()
        run(app, CLOSED)
        self.copy()

    def copy(self) -> None:
        folder = self.into / str(len(self.copies))
        folder.mkdir(parents=True)
        for file in self.app.settings.data.glob("cadence.db*"):
            shutil.copy(file, folder / file.name)
        self.copies.append(folder)

    def rows(self, number: int) -> dict[str, list[dict[str, Any]]]:
        """What a copy says, without what is random; each table in the order of what is left."""
        found = {}
        with sqlite3.connect(self.copies[number] / "cadence.db") as db:
            db.row_factory = sqlite3.Row
            for name in TABLES:
                rows = [dict(row) for row in db.execute(f"SELECT * FROM {name}")]
                plain = [{key: each for key, each in row.items() if key not in RANDOM} for row in rows]
                found[name] = sorted(plain, key=lambda row: json.dumps(row, sort_keys=True))
        db.close()
        return found

    def bytes(self, number: int) -> bytes:
        return b"".join(each.read_bytes() for each in sorted(self.copies[number].iterdir()))


@pytest.fixture
def apps(made: AppOf, tmp_path: Path) -> Iterator[Any]:  # noqa: F811
    opened = []

    def world(name: str, people: tuple[str, ...], says: dict[str, int]) -> World:
        app = made()
        found = World(app, tmp_path / name, people, says)
        app.close()
        opened.append(app)
        return found

    yield world


def test_two_people_who_swap_their_answers_leave_the_same_record_but_for_what_is_random(apps: Any) -> None:
    before = apps("one", ("ines", "marta", "uwe"), SAID)
    after = apps("two", ("marta", "ines", "uwe"), SWAPPED)
    for number in range(4):
        assert before.rows(number) == after.rows(number), f"copy {number}"


def test_who_answers_first_is_in_no_copy_though_only_one_has(apps: Any) -> None:
    """Inès rates with 2, or Marta does: the copy after the one answer is the same."""
    ines = apps("ines", ("ines", "marta", "uwe"), SAID)
    marta = apps("marta", ("marta", "ines", "uwe"), {"marta": 2, "ines": 5, "uwe": 4})
    assert ines.rows(0) == marta.rows(0)
    assert [row["value"] for row in ines.rows(0)["health_answer"] if row["words"] is None] == [2] * 11


def test_what_is_random_about_answers_stands_nowhere_else(apps: Any) -> None:
    """So no table, index or page of the file leads from a row of an answer to anything else."""
    world = apps("one", ("ines", "marta", "uwe"), SAID)
    for number in range(4):
        with sqlite3.connect(world.copies[number] / "cadence.db") as db:
            secret = {
                row[0]
                for name in OF_ANSWERS
                for row in db.execute(f"SELECT {'key' if name == 'health_answer' else 'spent_hash'} FROM {name}")
            }
            others = [name for name in _tables(db) if name not in OF_ANSWERS]
            said = "".join(repr(row) for name in others for row in db.execute(f'SELECT * FROM "{name}"'))
        db.close()
        assert not any(each in said for each in secret)
        for token in world.tokens.values():
            assert token.encode() not in world.bytes(number)
        for browser in world.browsers:
            assert browser.encode() not in world.bytes(number)


def _tables(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


@pytest.mark.parametrize("name", OF_ANSWERS)
def test_answers_have_no_person_no_moment_and_no_number_that_counts(name: str) -> None:
    table = getattr(core_tables, name)
    allowed = {"health_answer": {"key", "round", "side", "question", "value", "words"}}
    assert {column.name for column in table.columns} == allowed.get(name, {"spent_hash", "round", "side"})


def test_rows_lie_in_the_file_by_their_random_keys_and_not_as_they_came(apps: Any) -> None:
    world = apps("one", ("ines", "marta", "uwe"), SAID)
    for number in range(4):
        with sqlite3.connect(world.copies[number] / "cadence.db") as db:
            for name in (*OF_ANSWERS, "health_token"):
                with pytest.raises(sqlite3.OperationalError, match="no such column"):
                    db.execute(f"SELECT rowid FROM {name}")
        db.close()


def test_after_the_close_file_and_log_hold_nothing_of_how_the_answers_came_in(apps: Any) -> None:
    world = apps("one", ("ines", "marta", "uwe"), SAID)
    last = world.bytes(3)
    earlier = set()
    for number in range(3):
        with sqlite3.connect(world.copies[number] / "cadence.db") as db:
            earlier |= {row[0] for row in db.execute("SELECT key FROM health_answer")}
            earlier |= {row[0] for row in db.execute("SELECT spent_hash FROM health_spent")}
            earlier |= {row[0] for row in db.execute("SELECT token_hash FROM health_token")}
        db.close()
    assert len(earlier) > 30
    assert not [each for each in earlier if each.encode() in last]


def test_the_log_of_the_program_has_no_line_of_an_answer(apps: Any, made: AppOf) -> None:  # noqa: F811
    app = made()
    check = health.opened(app)
    lines = len(app.log.lines)  # type: ignore[attr-defined]  # what `made` put there
    for person in SAID:
        check.answers(person, SAID[person])
    assert app.log.lines[lines:] == []  # type: ignore[attr-defined]
    assert not re.search("|".join(check.tokens().values()), "".join(app.log.lines))  # type: ignore[attr-defined]
    app.close()


def test_answers_of_a_round_are_one_persons_only_to_who_has_the_browsers_key(made: AppOf) -> None:  # noqa: F811
    app = made()
    check: HealthCheck = health.opened(app)
    browser = check.answers("ines", 2)
    check.answers("marta", 5)
    ines = LinkHolder(ROUND, "ines", "acme", "")
    with app.store.read() as db:
        assert {each.value for each in health_checks.given_by(db, ines, browser)} == {2}
        assert health_checks.given_by(db, ines, health_checks.new_secret()) == ()
    app.close()
