"""The table of a soak: promise → what was done to break it → how often → what came of it.

A test says its line by ``report("letters", "kill −9 while they leave", times=200, lost=0)``. The table stands at the
end of the run, and in the file that ``--soak-table`` names; a test that failed has a line too. ``--soak`` asks for the
whole form of each test, where ``often(SIZE)`` gives the short one without.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from tests.soak.sizes import Size

_LINE = pytest.StashKey[list["Line"]]()
_PROPERTY = "soak"


class Line(NamedTuple):
    promise: str
    done: str
    times: int
    result: str


class Report(Protocol):
    def __call__(self, promise: str, done: str, *, times: int, **counts: int | str) -> None: ...


class Often(Protocol):
    def __call__(self, size: Size) -> int: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak", "breaking the real program")
    group.addoption("--soak", action="store_true", help="the whole form of tests/soak, which takes two hours")
    group.addoption("--soak-table", type=Path, metavar="FILE", help="write the table of what was broken there as well")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LINE] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `whole` are none of the short form."""
    left_out = [] if config.getoption("soak") else [each for each in items if each.get_closest_marker("whole")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [each for each in items if each not in left_out]


@pytest.fixture(scope="session")
def often(request: pytest.FixtureRequest) -> Often:
    """How often to do a thing in this run."""
    is_whole = request.config.getoption("soak")
    return lambda size: size.whole if is_whole else size.short


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Says a line of the table, whichever process the test runs in; `counts` are what came of it, as `lost=0`."""

    def say(promise: str, done: str, *, times: int, **counts: int | str) -> None:
        result = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
        request.node.user_properties.append((_PROPERTY, [promise, done, times, result]))

    return say


class Collected:
    """Gathers the lines in the process that shows them: those of other processes come with their tests' results."""

    def __init__(self, config: pytest.Config) -> None:
        self._lines = config.stash[_LINE]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = [Line(*value) for name, value in report.user_properties if name == _PROPERTY]  # type: ignore[misc]
        if report.failed and "/soak/" in report.nodeid:
            name = report.nodeid.partition("::")[2].removeprefix("test_").replace("_", " ")
            said = [Line(line.promise, line.done, line.times, f"FAILED: {line.result}") for line in said]
            self._lines += said or [Line("FAILED", name, 1, report.when or "")]
        elif report.when == "call":
            self._lines += said


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Collected(session.config))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash[_LINE]
    if not found:
        return
    lines = sorted(found)
    terminalreporter.section("what was broken, and what came of it")
    for line in as_columns(lines):
        terminalreporter.write_line(line)
    if path := config.getoption("soak_table"):
        path.write_text("\n".join(as_markdown(lines)) + "\n", encoding="utf-8")


_HEADS = Line("promise", "what was done to break it", "times", "result")  # type: ignore[arg-type]


def as_columns(lines: Iterable[Line]) -> list[str]:
    """The table for a terminal: each column as wide as its longest cell."""
    rows = [[str(cell) for cell in line] for line in (_HEADS, *lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def as_markdown(lines: Iterable[Line]) -> list[str]:
    rows = [" | ".join(str(cell).replace("|", "\\|") for cell in line) for line in (_HEADS, *lines)]
    return [f"| {rows[0]} |", "|---|---|---|---|", *(f"| {row} |" for row in rows[1:])]
