"""A definition file: it is a partnership that can be planned, or problems that each name a place; and a cycle that
comes upon it keeps the last good one in force where it is bad."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from scheduler.definitions.loading import load
from scheduler.definitions.playbooks import playbooks
from scheduler.definitions.problems import as_report, as_text
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.record.review import Window
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.settings import shipped
from tests.builders import at, written
from tests.services.town import Town

from .. import yaml_trees
from ..damage import damaged
from ..kept_town import KeptTown, lasting, record
from ..subject import STILL_GOOD, Subject

ROOT = Path(__file__).parents[3]
GOOD = ("tests/examples/good", "tests/examples/careless", "config/partnerships")
BAD = ("tests/examples/bad",)
TODAY = date(2027, 3, 1)
ID = "acme-globex"
DAY_ONE = at("2026-10-01 09:00")
IN_A_TOWN = 0.04
"""The share of definitions upon which whole cycles come: these take most of the time."""


class Definitions(Subject):
    """An input is the text of a file. Where its first line is ``# in a town``, a cycle comes upon it; where that names
    a good file, it says the same in other words."""

    name = "definitions"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._good = _files(*GOOD)
        self._texts = [file.read_bytes() for file in (*self._good, *_files(*BAD))]
        self._trees = [_tree(file.read_bytes()) for file in self._good]
        self._own = json.loads(json.dumps(written(), default=str))
        self._books = playbooks(shipped("playbooks"))
        self._town = KeptTown(folder, _lived)

    def make(self, rng: random.Random) -> bytes:
        if rng.random() < IN_A_TOWN:
            text = yaml.safe_dump(self._own, sort_keys=False, allow_unicode=True).encode()
            return b"# in a town\n" + self._made(text, [self._own], rng)
        if rng.random() < 0.04:
            file = rng.choice(self._good)
            text = file.read_bytes()
            return STILL_GOOD + b": " + str(file.relative_to(ROOT)).encode() + b"\n" + yaml_trees.same(_tree(text), rng)
        return self._made(rng.choice(self._texts), self._trees, rng)

    def _made(self, text: bytes, trees: list[dict[str, Any]], rng: random.Random) -> bytes:
        chance = rng.random()
        if chance < 0.45:
            return damaged(text, rng, self._texts)
        return yaml_trees.grown(trees, rng) if chance < 0.9 else yaml_trees.trap(text, rng)

    def try_one(self, content: bytes) -> str:
        if content.startswith(b"# in a town"):
            return self._in_a_town(content)
        return self._still_good(content) if content.startswith(STILL_GOOD) else self._by_itself(content)

    def _still_good(self, content: bytes) -> str:
        """The partnership of the file that it names comes out, as it does of that file."""
        first, _, text = content.partition(b"\n")
        as_it_was = load((ROOT / first.removeprefix(STILL_GOOD + b": ").decode()).read_bytes(), "<typed>", self._books)
        loaded = load(text, "<typed>", self._books)
        assert loaded.partnership is not None, [as_text(each) for each in loaded.problems]
        assert loaded.partnership == as_it_was.partnership
        return "still good"

    def _by_itself(self, content: bytes) -> str:
        with self.timed():
            loaded = load(content, "<typed>", self._books, TODAY)
        errors = [each for each in loaded.problems if each.severity == "error"]
        assert (loaded.partnership is None) == bool(errors), (
            "a partnership where there is an error, or none where none is"
        )
        lines = content.count(b"\n") + content.count(b"\r") + 1
        for each in loaded.problems:
            assert each.what and each.hint, "a problem without a word, or without the way out"
            assert each.line is None or 1 <= each.line <= lines, f"line {each.line} of {lines}"
            assert each.line is not None or each.where == "", "a place without its line"
            assert all(character.isprintable() or character == "\n" for character in as_text(each)), as_text(each)
        json.dumps(as_report(loaded.problems)).encode("utf-8")
        if loaded.partnership is None:
            return "bad"
        json.dumps(loaded.partnership.model_dump_json()).encode("utf-8")
        with self.timed():
            plan_reviews(loaded.partnership, self._books, Window.rolling(datetime(2027, 3, 1, tzinfo=UTC), 400))
        return "careless" if loaded.problems else "good"

    def _in_a_town(self, content: bytes) -> str:
        """The file is laid over the good one of a partnership that has been governed for two months."""
        with self._town() as town:
            return self._after(town, content)

    def _after(self, town: Town, content: bytes) -> str:
        now = DAY_ONE + timedelta(days=61)
        file, [before] = town.definitions / f"{ID}.yaml", record(town)["partnership"]
        known = {key: each.review.start for key, each in town.reviews().items() if each.review.start < now}
        file.write_bytes(content)
        heard = len(town.log.said)
        with self.timed():
            report = town.cycle(now)
        failed = [each for each in town.log.said[heard:] if "exc_info" in each[2] or each[1] == "definition.failed"]
        assert not failed, failed
        state = next(each for each in record(town)["file_state"] if each["file"].endswith(file.name))
        rows = {each["id"]: each for each in record(town)["partnership"]}
        assert before["id"] in rows, "a partnership was lost by an edit of its file"
        if _has_problems(state):
            assert all(each["what"] and each["hint"] for each in json.loads(state["problems"]))
            assert rows[ID]["definition"] == before["definition"], "a bad file is in force"
            assert report.problems, "a bad file is not reported"
        after = {key: each.review.start for key, each in town.reviews().items()}
        assert {key: start for key, start in after.items() if key in known} == known, "the past was rewritten"
        after_one = lasting(town)
        second = town.cycle(now + timedelta(minutes=1))
        assert second.actions == 0, "the next cycle does something, and nothing has changed"
        assert lasting(town) == after_one, "the next cycle changes what is on record"
        return "refused in a town" if _has_problems(state) else "in force in a town"

    def close(self) -> None:
        self._town.close()


def _files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).glob("*.y*ml"))]


def _tree(text: bytes) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(json.dumps(read(text, "x.yaml").tree, default=str))
    return tree


def _lived(town: Town) -> None:
    town.define(written())
    for days in (0, 20, 40, 60):
        town.cycle(DAY_ONE + timedelta(days=days))


def _has_problems(state: dict[str, Any]) -> bool:
    return state["problems"] not in (None, "null")
