"""Who may be told a command: the side that letters come from, whichever part of its domain sends them."""

import pytest

from scheduler.rules.access import may_run_commands
from tests.builders import a_person


@pytest.mark.parametrize(
    ("sender", "may"),
    [
        ("cadence@acme.example", True),
        ("cadence@ACME.example", True),
        ("cadence@alliances.acme.example", True),
        ("cadence@notacme.example", False),
        ("cadence@globex.example", False),
        ("cadence@example", False),
        (None, True),
    ],
)
def test_whoever_has_an_address_where_letters_come_from_or_above_it_may(sender: str | None, may: bool) -> None:
    assert may_run_commands(a_person(email="ines.falk@acme.example"), sender) is may
