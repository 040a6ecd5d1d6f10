"""A provider speaks for addresses of its own domains that it has verified, and an account stays one person's."""

import pytest

from scheduler.rules.identity import NotLetIn, Pins, is_to_be_pinned, verified_address

ACME = ("acme.example",)
INES = {"email": "Ines.Falk@Acme.example", "email_verified": True}


def test_a_verified_address_of_the_providers_domain_is_a_persons() -> None:
    assert verified_address(INES, ACME, trusts_email=False) == "ines.falk@acme.example"


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email_verified": True}, "did not say which mail address"),
        ({**INES, "email": ["a@acme.example"]}, "did not say which mail address"),
        ({**INES, "email": "a@acme.example, b@acme.example"}, "did not say which mail address"),
        ({**INES, "email": "dev.patel@globex.example"}, "does not speak for dev.patel@globex.example"),
        ({**INES, "email": "ines@sub.acme.example"}, "does not speak for ines@sub.acme.example"),
        ({**INES, "email": "ines@acme.example.evil.example"}, "does not speak for"),
        ({**INES, "email_verified": False}, "has not verified"),
        ({**INES, "email_verified": "false"}, "has not verified"),
        ({"email": "ines.falk@acme.example"}, "has not verified"),
    ],
)
def test_any_other_address_is_nobodys(claims: dict[str, object], told: str) -> None:
    with pytest.raises(NotLetIn, match=told):
        verified_address(claims, ACME, trusts_email=False)


def test_ones_own_tenant_may_be_trusted_to_bring_no_address_that_is_not_theirs() -> None:
    assert verified_address({"email": "ines.falk@acme.example"}, ACME, trusts_email=True) == "ines.falk@acme.example"
    with pytest.raises(NotLetIn, match="does not speak for"):
        verified_address({"email": "dev.patel@globex.example"}, ACME, trusts_email=True)


def test_an_account_is_pinned_the_first_time() -> None:
    assert is_to_be_pinned("ines@acme.example", "1", Pins(None, None), is_known=False)
    assert not is_to_be_pinned("ines@acme.example", "1", Pins("ines@acme.example", "1"), is_known=True)


def test_an_address_that_was_given_to_somebody_else_opens_nothing_for_them() -> None:
    with pytest.raises(NotLetIn, match="Another account of your provider signs in as"):
        is_to_be_pinned("ines@acme.example", "2", Pins(None, "1"), is_known=False)


def test_an_account_cannot_become_another_person_who_is_known_here() -> None:
    with pytest.raises(NotLetIn, match="Your account signed in here as"):
        is_to_be_pinned("tom@acme.example", "1", Pins("ines@acme.example", None), is_known=True)


def test_a_person_whose_address_has_changed_in_the_definitions_is_who_they_were() -> None:
    assert is_to_be_pinned("ines.meyer@acme.example", "1", Pins("ines.falk@acme.example", None), is_known=False)
