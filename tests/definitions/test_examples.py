"""Definitions one can open: good ones, careless ones, bad ones. The first line of each says what is wrong with it."""

from pathlib import Path

import pytest

from scheduler.definitions.loading import load_file
from scheduler.definitions.playbooks import playbooks
from scheduler.definitions.problems import Diagnostic
from scheduler.settings import shipped

EXAMPLES = Path(__file__).parent.parent / "examples"
PLAYBOOKS = playbooks(shipped("playbooks"))


def files(folder: str) -> list[Path]:
    return sorted((EXAMPLES / folder).glob("*.yaml"))


def in_one_line(problem: Diagnostic) -> str:
    return f"{problem.line}:{problem.column} {problem.severity} {problem.where}: {problem.what}"


@pytest.mark.parametrize("file", files("good"), ids=lambda file: file.stem)
def test_a_good_definition_loads_without_a_word(file: Path) -> None:
    loaded = load_file(file, PLAYBOOKS)
    assert loaded.problems == ()
    assert loaded.partnership is not None
    assert loaded.partnership.partnership == file.stem


@pytest.mark.parametrize("file", files("bad"), ids=lambda file: file.stem)
def test_a_bad_definition_gives_exactly_the_problems_of_its_first_line_and_no_partnership(file: Path) -> None:
    loaded = load_file(file, PLAYBOOKS)
    expected = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert " | ".join(map(in_one_line, loaded.problems)) == expected
    assert loaded.partnership is None


@pytest.mark.parametrize("file", files("careless"), ids=lambda file: file.stem)
def test_a_careless_definition_loads_with_exactly_the_warnings_of_its_first_line(file: Path) -> None:
    loaded = load_file(file, PLAYBOOKS)
    expected = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert " | ".join(map(in_one_line, loaded.problems)) == expected
    assert {problem.severity for problem in loaded.problems} == {"warning"}
    assert loaded.partnership is not None


@pytest.mark.parametrize("file", [*files("bad"), *files("careless")], ids=lambda file: file.stem)
def test_every_problem_shows_a_way_out_and_speaks_no_pydantic(file: Path) -> None:
    for problem in load_file(file, PLAYBOOKS).problems:
        assert problem.hint
        said = f"{problem.what} {problem.hint}".lower()
        assert not [
            word for word in ("input should", "validation", "type=", "dictionary", "tuple", "str ") if word in said
        ]
