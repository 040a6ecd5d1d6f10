"""Who may be told a command: those whom the settings name as operators; and whom the others are sent to."""

import pytest

from scheduler.rules.access import contact_for, is_operator
from tests.builders import a_partnership, a_person

OPERATORS = ("Ines.Falk@acme.example",)


@pytest.mark.parametrize(
    ("email", "may"),
    [("ines.falk@acme.example", True), ("INES.FALK@acme.example", True), ("kim.adler@acme.example", False)],
)
def test_an_operator_is_named_by_mail_address_whatever_its_case(email: str, may: bool) -> None:
    assert is_operator(a_person(email=email), OPERATORS) is may


def test_nobody_is_an_operator_where_none_is_named() -> None:
    assert not is_operator(a_person(email="ines.falk@acme.example"), ())


@pytest.mark.parametrize(
    ("person", "operators", "contact"),
    [("tom", OPERATORS, "dev"), ("dev", OPERATORS, "ines"), ("dev", (), None), ("ines", OPERATORS, None)],
)
def test_others_are_sent_to_the_alliance_manager_of_their_side_else_to_an_operator(
    person: str, operators: tuple[str, ...], contact: str | None
) -> None:
    assert contact_for(person, a_partnership(), operators) == contact
