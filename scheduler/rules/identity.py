"""Whether what a provider says of somebody makes them a person here: by a mail address that it may speak for and has
verified, and by the account that is pinned to that person."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from scheduler.domain.definition.people import is_email
from scheduler.domain.errors import UserError


class NotLetIn(UserError):
    """Somebody proved who they are elsewhere, and is nobody here by that."""


class Pins(NamedTuple):
    """What is pinned so far: the address of the account that signs in now, and the account of the address that it
    brings; None for none. An account is an issuer's `sub`."""

    address: str | None
    account: str | None


def verified_address(claims: Mapping[str, object], domains: Collection[str], *, trusts_email: bool) -> str:
    """The mail address that a provider vouches for, in lower case. `domains` are those that it may speak for. Raises
    NotLetIn."""
    email = claims.get("email")
    if not isinstance(email, str) or not is_email(email):
        raise NotLetIn("Your provider did not say which mail address is yours", "ask whoever runs it to send `email`")
    address = email.casefold()
    if address.rpartition("@")[2] not in domains:
        raise NotLetIn(f"Your provider does not speak for {address}", "sign in where that address is at home")
    # Some providers write it as a text.
    if not trusts_email and claims.get("email_verified") not in (True, "true"):
        raise NotLetIn(
            f"Your provider has not verified that {address} is yours",
            "ask whoever runs it to verify it, or sign in by a link in a letter",
        )
    return address


def is_to_be_pinned(address: str, account: str, pins: Pins, *, is_known: bool) -> bool:
    """Whether an account that brings a verified address is to be pinned to it; False where it was before. `is_known`:
    whether the address that is pinned to the account is still somebody's here.

    An account is one person's for ever, an address may be given to another: so an address that an account signed in
    with opens nothing for a second one. Raises NotLetIn.
    """
    if pins.account not in (None, account):
        raise NotLetIn(
            f"Another account of your provider signs in as {address}",
            "if the account was made anew, ask an operator of this program to let the new one in",
        )
    if pins.address in (None, address):
        return pins.address is None
    if is_known:
        raise NotLetIn(
            f"Your account signed in here as {pins.address} before",
            "if your address has changed, ask an operator of this program to let you in with the new one",
        )
    return True
