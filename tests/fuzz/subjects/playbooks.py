"""A playbook of an operator's: all of them are read, or every fault is told with its place; by what is read a
partnership can be planned."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scheduler.definitions.playbooks import BadPlaybooks, filled_in, playbooks, uncounted_quorums
from scheduler.definitions.problems import as_text
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.review import Window
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.settings import shipped
from tests.builders import a_partnership

from .. import yaml_trees
from ..damage import damaged
from ..subject import STILL_GOOD, Subject


class Playbooks(Subject):
    """An input is the text of the file of alliances by contract; where its first line says so, it is the shipped one in
    other words."""

    name = "playbooks"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._shipped = shipped("playbooks")
        self._file = folder / f"{Model.CONTRACTUAL_ALLIANCE}.yaml"
        self._texts = [(self._shipped / f"{model}.yaml").read_bytes() for model in Model]
        self._trees = [_tree(text) for text in self._texts]
        self._own = next(each for each in self._trees if each["model"] == Model.CONTRACTUAL_ALLIANCE)
        self._text = (self._shipped / self._file.name).read_bytes()
        self._partnership = a_partnership()
        self._as_shipped = playbooks(self._shipped)

    def make(self, rng: random.Random) -> bytes:
        chance = rng.random()
        if chance < 0.03:
            return STILL_GOOD + b"\n" + yaml_trees.same(self._own, rng)
        if chance < 0.45:
            return damaged(self._text if rng.random() < 0.8 else rng.choice(self._texts), rng, self._texts)
        return yaml_trees.grown([self._own], rng) if chance < 0.92 else yaml_trees.trap(self._text, rng)

    def try_one(self, content: bytes) -> str:
        is_good = content.startswith(STILL_GOOD)
        self._file.write_bytes(content.partition(b"\n")[2] if is_good else content)
        try:
            with self.timed():
                books = playbooks(self.folder, self._shipped)
        except BadPlaybooks as bad:
            assert bad.problems and not is_good
            lines = content.count(b"\n") + content.count(b"\r") + 1
            for each in bad.problems:
                assert each.what and each.hint and Path(each.file) == self._file
                assert each.line is None or 1 <= each.line <= lines, f"line {each.line} of {lines}"
                assert all(character.isprintable() or character == "\n" for character in as_text(each)), as_text(each)
            return "bad"
        with self.timed():
            filled_in(Model.CONTRACTUAL_ALLIANCE, (self.folder, self._shipped))
            uncounted_quorums(Model.CONTRACTUAL_ALLIANCE, (self.folder, self._shipped))
            plan_reviews(self._partnership, books, Window.rolling(datetime(2027, 3, 1, tzinfo=UTC), 400))
        if is_good:
            assert books == self._as_shipped
            return "still good"
        return "good"


def _tree(text: bytes) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(json.dumps(read(text, "x.yaml").tree, default=str))
    return tree
