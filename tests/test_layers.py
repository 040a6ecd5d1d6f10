"""What import-linter cannot see: who opens a write transaction, and which files are named by their paths."""

import re
from pathlib import Path

import pytest

from tests.conftest import LONGEST
from tests.interop.conftest import SENDERS

PACKAGE = Path(__file__).parents[1] / "scheduler"


@pytest.mark.parametrize("band", ["cli", "web", "render", "rules", "domain", "definitions", "transports"])
def test_no_command_and_no_page_opens_a_write_transaction(band: str) -> None:
    """They call a use case, which opens its own: so a command, a form and a program do the same."""
    writing = re.compile(r"\bstore\.write\(")
    found = [str(each) for each in (PACKAGE / band).rglob("*.py") if writing.search(each.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("named", [*LONGEST, *SENDERS])
def test_tests_that_are_named_elsewhere_are_there(named: str) -> None:
    assert (Path(__file__).parent / named).exists()
