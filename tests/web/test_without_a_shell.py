"""Refusals on pages name no command: neither one that was seen, nor any that a use case or a rule has in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scheduler
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.web.without_a_shell import without_a_shell

SOURCE = Path(scheduler.__file__).parent
ERRORS = {"UserError", "AlreadyDone", "AlreadyDecided", "NotTheirs", "WrongDay", "InvalidValue", "unknown"}


def hints() -> Iterator[str]:
    """The words with a command in them that are told as a refusal; `acme-globex` stands for what is filled in."""
    for path in [*(SOURCE / "services/cases").rglob("*.py"), *(SOURCE / "rules").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in ERRORS:
                for given in call.args[1:]:
                    if "cadence " in (said := written(given)):
                        yield said


def written(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(written(each) for each in node.values)
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "acme-globex"


HINTS = sorted({*hints()})


@pytest.mark.parametrize("hint", HINTS)
def test_no_command_is_told_to_whoever_has_no_shell(hint: str) -> None:
    told = without_a_shell(UserError("It cannot be done", hint)).hint
    assert "cadence" not in told.replace("the cadence", "") and "--" not in told and "acme-globex" not in told and told


def test_the_use_cases_name_commands() -> None:
    assert len(HINTS) > 30


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("close it: cadence review hold, or skip", "close it: on the page of the review"),
        ("cadence action list --all shows it", "the page of decisions and actions shows it"),
        ("see cadence triggers", "see the page of the partnership"),
        ("see cadence check", "ask whoever runs this program"),
        ("hand it over (cadence person leave), then", "hand it over (ask whoever runs this program), then"),
        ("cadence outbox list shows them", "whoever runs this program shows them"),
        ("it was there before cadence was started", "it was there before cadence was started"),
    ],
)  # fmt: skip
def test_the_page_stands_in_the_place_of_the_command(hint: str, told: str) -> None:
    assert without_a_shell(InvalidValue("It cannot be done", hint)).hint == told


def test_an_operator_keeps_the_command_that_no_page_stands_for() -> None:
    resume, hold = "resume it: cadence partnership resume", "close it: cadence review hold"
    assert without_a_shell(UserError("It is paused", resume), is_operator=True).hint == resume
    assert (
        without_a_shell(UserError("It is past", hold), is_operator=True).hint == "close it: on the page of the review"
    )
