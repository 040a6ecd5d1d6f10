"""A place to run the program in, and programs that are ended whatever became of their test."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from tests.system.program import Place, Program, start


class Start(Protocol):
    def __call__(self, place: Place, environ: Mapping[str, str] = ..., through: Sequence[str] = ()) -> Program: ...


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place whose database is there, and no definition."""
    made = Place(tmp_path)
    made.set()
    made.create()
    made.definitions.mkdir()
    return made


@pytest.fixture
def started() -> Iterator[Start]:
    """Starts the program in a place, as often as asked."""
    programs: list[Program] = []

    def again(place: Place, environ: Mapping[str, str] = {}, through: Sequence[str] = ()) -> Program:
        programs.append(start(place, len(programs), environ, through))
        return programs[-1]

    yield again
    for program in programs:
        program.end()
