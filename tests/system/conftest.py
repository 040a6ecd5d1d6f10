"""Places to run the program in. Whatever a test leaves running is ended."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.program import Place, Program, Start, start


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a place in which the program has just made its database."""
    made = Place(tmp_path_factory.mktemp("empty"))
    made.set()
    made.create()
    return made.data


@pytest.fixture
def place(tmp_path: Path, empty: Path) -> Place:
    made = Place(tmp_path)
    made.set()
    shutil.copytree(empty, made.data)
    made.definitions.mkdir()
    return made


@pytest.fixture
def started(place: Place) -> Iterator[Start]:
    """Starts the program in the place, as often as asked."""
    programs: list[Program] = []

    def again() -> Program:
        programs.append(start(place, len(programs)))
        return programs[-1]

    yield again
    for program in programs:
        program.end()
