"""Files that one can open, of which tests say byte by byte what they hold.

After a wanted change ``pytest --renew-golden`` writes those of the chosen tests anew; the difference is then read as a
reviewer reads it. What tests read in (`golden/replies`, `golden/shapes`) is nobody's to renew.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

Golden = Callable[[Path, bytes | str], None]
"""``golden(path, made)``: fails where the file holds anything else than what was made; text is UTF-8."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write golden files anew: read the difference")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    renew = request.config.getoption("renew_golden")

    def holds(path: Path, made: bytes | str) -> None:
        content = made if isinstance(made, bytes) else made.encode()
        if renew:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert path.read_bytes().decode() == content.decode(), f"{path}: where that is wanted, pytest --renew-golden"

    return holds


@pytest.fixture
def golden_folder(request: pytest.FixtureRequest) -> Callable[[Path, set[str]], None]:
    """``golden_folder(folder, names)``: fails where other files lie there; those that nobody makes are taken away."""
    renew = request.config.getoption("renew_golden")

    def holds(folder: Path, names: set[str]) -> None:
        for path in folder.iterdir():
            if renew and path.name not in names:
                path.unlink()
        assert {path.name for path in folder.iterdir()} == names

    return holds
