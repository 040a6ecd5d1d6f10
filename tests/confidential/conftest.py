"""The year is lived once, and all that left the program in it is collected once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.confidential.collected import everything
from tests.confidential.outputs import Output
from tests.confidential.year import Program, lived
from tests.transports.hooks import Receiver, receiving


@pytest.fixture(scope="session")
def receiver() -> Receiver:
    """What was posted into the chats."""
    return Receiver()


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Program]:
    with receiving(receiver) as url:
        program = lived(Program(tmp_path_factory.mktemp("year"), url.removesuffix("/hook")))
        yield program
        program.app.close()


@pytest.fixture(scope="session")
def kept(year: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all files as they are at the end of the year, before anybody looks at anything."""
    return Path(shutil.copytree(year.folder, tmp_path_factory.mktemp("kept") / "year"))


@pytest.fixture(scope="session")
def outputs(year: Program, kept: Path, receiver: Receiver) -> list[Output]:
    return list(everything(year, receiver))


@pytest.fixture
def later(year: Program, kept: Path, tmp_path: Path) -> Iterator[Program]:
    """The same program at the end of the year, in a folder of the test's own."""
    program = Program(Path(shutil.copytree(kept, tmp_path / "later")), year.chats, now=year.now)
    yield program
    program.app.close()
