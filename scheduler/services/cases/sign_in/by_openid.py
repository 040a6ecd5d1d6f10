"""Signing in at the OpenID provider of one's own company: sent there from a browser, and taken back in that browser
alone.

The state that goes there and comes back is random and good once; nonce and verifier are made from it and from the
secret that the browser keeps, so that an answer counts in no other browser, and is on record nowhere.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from scheduler import named_files
from scheduler.domain.errors import UserError
from scheduler.rules.identity import NotLetIn, Pins, is_to_be_pinned, verified_address
from scheduler.services.app import App
from scheduler.services.viewer import viewer
from scheduler.settings import OpenIdProvider, Settings
from scheduler.store import openid_accounts, sign_ins
from scheduler.store.holding import take_turn
from scheduler.store.sign_ins import SignInAttempt
from scheduler.store.subscriptions import hashed
from scheduler.transports import openid
from scheduler.transports.openid import Endpoints, Provider

from .entry import OPENID, begin, is_good

_MOST_SECRET = 4096


def way_of(key: str) -> str:
    """The way in by the provider of that name, as sessions have it."""
    return f"{OPENID} {key}"


def provider(settings: Settings, key: str) -> Provider:
    """A provider with its secret, read anew. Raises UserError for one that the settings do not have, or whose secret
    cannot be read."""
    said = _said(settings, key)
    if said.client_secret_file is None:
        return Provider(said.issuer, said.client_id)
    try:
        secret = named_files.read(said.client_secret_file, _MOST_SECRET).decode().strip()
    except (OSError, UnicodeDecodeError):
        raise UserError(f"the secret of openid.{key} cannot be read", f"look at {said.client_secret_file}") from None
    return Provider(said.issuer, said.client_id, secret)


def start(app: App, key: str, browser: str, back: str | None, now: datetime) -> str:
    """Begin to sign in at a provider; return the state. Raises TooMany, StoreError."""
    _, state = begin(app, way_of(key), browser, now, back=back)
    return state


def asking(app: App, key: str, known: Provider, found: Endpoints, state: str, browser: str) -> str:
    """Where the browser is sent."""
    nonce, verifier = _derived(browser, state, "nonce"), _derived(browser, state, "verifier")
    return openid.asking(known, found, redirect_of(app.settings, key), state, nonce, verifier)


def come_back(app: App, key: str, state: str, browser: str, now: datetime) -> SignInAttempt:
    """Use a state up that a browser has brought back. Raises NotLetIn for one that was not given to it, for this
    provider, or was brought before; StoreError."""
    with app.store.write() as db:
        found = sign_ins.of_browser(db, hashed(state), hashed(browser))
        if found is None or not is_good(found, way_of(key), now) or not sign_ins.use(db, found.id, now):
            raise NotLetIn("This sign-in was not begun in this browser, or is over", "sign in again")
    return found


def trade(
    app: App, key: str, known: Provider, found: Endpoints, code: str, state: str, browser: str, now: datetime
) -> dict[str, Any]:
    """What the provider says of who signed in there, checked. Raises ProviderFault."""
    nonce, verifier = _derived(browser, state, "nonce"), _derived(browser, state, "verifier")
    return openid.claims(known, found, code, redirect_of(app.settings, key), nonce, verifier, now)


def person_of(app: App, key: str, claims: dict[str, Any], now: datetime) -> str:
    """The address of whoever signed in, whose account is pinned to them from now on. Raises NotLetIn, StoreError."""
    said = _said(app.settings, key)
    issuer, subject = said.issuer, str(claims["sub"])
    address = verified_address(claims, said.domains, trusts_email=said.trusts_email)
    with app.store.write() as db:
        take_turn(db, f"account {issuer} {subject}", f"account {issuer} {address}")
        if viewer(app, db, address, now) is None:
            return address  # who lets people in says so
        pins = Pins(openid_accounts.address_of(db, issuer, subject), openid_accounts.subject_of(db, issuer, address))
        is_known = bool(pins.address and viewer(app, db, pins.address, now))
        if is_to_be_pinned(address, subject, pins, is_known=is_known):
            openid_accounts.pin(db, issuer, subject, address, now)
    return address


def unpin(app: App, email: str) -> int:
    """Let the next account sign in that a provider brings with an address; return how many were pinned to it."""
    with app.store.write() as db:
        return openid_accounts.unpin(db, email.casefold())


def redirect_of(settings: Settings, key: str) -> str:
    """Where a provider sends people back to: an address of its own for each."""
    return f"{settings.web.url}/sign-in/openid/{key}/back"


def _said(settings: Settings, key: str) -> OpenIdProvider:
    said = settings.web.sign_in.openid.get(key)
    if said is None:
        raise NotLetIn("There is no such way in", "sign in by another one")
    return said


def _derived(browser: str, state: str, what: str) -> str:
    """43 characters that only who knows both secrets can make (RFC 7636 4.1 takes 43 to 128)."""
    made = hmac.new(browser.encode(), f"{what}\n{state}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
