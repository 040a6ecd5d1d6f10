"""Why a form is not taken is told in its reader's language, as far as the list goes; and each line of the list is told
by something."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.render.languages import speaking
from scheduler.render.languages.refusals import REFUSALS
from scheduler.web.without_a_shell import without_a_shell

SCHEDULER = Path(__file__).parents[3] / "scheduler"
TOLD_BY = ("services/cases", "services", "rules", "domain", "web/forms", "web/site")
_VALUE = re.compile(r"%\([a-z_]+\)s")


def told() -> Iterator[str]:
    """Every text in what tells refusals, with {} for a value in it."""
    for folder in TOLD_BY:
        for file in sorted((SCHEDULER / folder).rglob("*.py")):
            for each in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value
                elif isinstance(each, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in each.values)


def test_each_refusal_of_the_list_is_told_by_something() -> None:
    known = {*told()}
    composed = {"try again in some minutes, or ask your alliance manager"}
    assert [each for each in REFUSALS if _VALUE.sub("{}", each) not in known | composed] == []


@pytest.mark.parametrize(
    ("what", "hint", "german"),
    [
        ("2026-11-20 is past", "an absence is said from today on; what was, stays", "2026-11-20 ist vorbei"),
        ("5 codes were asked for within an hour", "", "Binnen einer Stunde wurden 5 Codes angefordert"),
        ("it has 2,013 characters", "2,000 are the most", "es hat 2.013 Zeichen"),
        ("no such sentence", "nor this one", "no such sentence"),
    ],
)
def test_a_refusal_is_told_with_its_values_and_what_is_in_no_list_as_it_is(what: str, hint: str, german: str) -> None:
    with speaking(Manner("de")):
        assert without_a_shell(UserError(what, hint)).what == german
    assert without_a_shell(UserError(what, hint)).what == what, "in English where nobody's language is spoken"
