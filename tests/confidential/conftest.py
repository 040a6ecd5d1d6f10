"""The year is lived once, and all that left the program in it is collected once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.confidential.collected import everything, posts
from tests.confidential.outputs import Output
from tests.confidential.year import Program, lived
from tests.transports.hooks import Receiver, receiving


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """What was posted until its end is kept there and then: later tests of the same session post into the chats too."""
    receiver = Receiver()
    with receiving(receiver) as url:
        program = lived(Program(tmp_path_factory.mktemp("year"), url.removesuffix("/hook")))
        program.posted = tuple(posts(receiver))
        yield program
        program.app.close()


@pytest.fixture(scope="session")
def kept(year: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all files as they are at the end of the year, before anybody looks at anything."""
    return Path(shutil.copytree(year.folder, tmp_path_factory.mktemp("kept") / "year"))


@pytest.fixture(scope="session")
def outputs(year: Program, kept: Path) -> list[Output]:
    return list(everything(year))


@pytest.fixture
def later(year: Program, kept: Path, tmp_path: Path) -> Iterator[Program]:
    """The same program at the end of the year, in a folder of the test's own."""
    program = Program(Path(shutil.copytree(kept, tmp_path / "later")), year.chats, now=year.now)
    yield program
    program.app.close()
