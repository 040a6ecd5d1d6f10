"""Places to run the program in. Whatever a test leaves running is ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.program import Place, Program, Start, start


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.set()
    made.create()
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
