"""What is asked of an OpenID provider: where it has what, a token for a code, and its keys (OpenID Connect Core 1.0).

What it says of a person counts once its signature, issuer, audience, times and nonce were checked. authlib, which
checks them, is an extra, and imported here alone, at the first sign-in. No redirect is followed, and no proxy of the
environment asked: whoever answers holds a certificate for the name in the settings.
"""

import base64
import hashlib
import json
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from scheduler.domain.errors import UserError

SECONDS = 10.0
"""How long the provider may take to connect, and to be silent: somebody waits for the page."""
MOST_BYTES = 256 * 1024
"""So much of an answer is read."""
KEPT = 3600.0
"""Seconds for which what a provider says of itself is taken as known."""
LEEWAY = 120
"""Seconds by which its clock and ours may differ."""
SCOPE = "openid email"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric signatures alone: `none`, or one by a secret that both know, proves nothing of the provider."""


class ProviderFault(UserError):
    """A provider that does not answer, or answers what cannot count; `what` says which of the two, for the log."""


@dataclass(frozen=True)
class Provider:
    """A provider by its issuer, and what cadence is known by there."""

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    trusted: ssl.SSLContext | None = None


@dataclass(frozen=True)
class Endpoints:
    """Where a provider has what, as it says itself."""

    authorization: str
    token: str
    keys: str
    takes_basic: bool
    names_itself: bool
    """Whether it says in each answer whose it is (RFC 9207)."""


_known: dict[str, tuple[float, Endpoints]] = {}


def endpoints(provider: Provider) -> Endpoints:
    """Look up where a provider has what, at most once an hour. Raises ProviderFault."""
    since, known = _known.get(provider.issuer, (0.0, None))
    if known and time.monotonic() - since < KEPT:
        return known
    found = _discovered(provider)
    _known[provider.issuer] = time.monotonic(), found
    return found


def _discovered(provider: Provider) -> Endpoints:
    said = _asked(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != provider.issuer:
        # OpenID Connect Discovery 1.0, 4.3: or one provider could speak for another.
        raise ProviderFault(f"it calls itself {str(said.get('issuer'))[:200]}, not {provider.issuer}")
    places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    authorization, token, keys = (_checked(provider, place) for place in places)
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    names_itself = said.get("authorization_response_iss_parameter_supported") is True
    return Endpoints(authorization, token, keys, "client_secret_basic" in methods, names_itself)


def _checked(provider: Provider, place: object) -> str:
    """Raises ProviderFault for what is no address, or has no TLS where the issuer has it."""
    if not isinstance(place, str) or not place.startswith(("https://", "http://")):
        raise ProviderFault("it does not say where its endpoints are")
    if provider.issuer.startswith("https:") and not place.startswith("https:"):
        raise ProviderFault(f"its endpoint {place[:200]} has no TLS")
    return place


def asking(provider: Provider, found: Endpoints, redirect: str, state: str, nonce: str, verifier: str) -> str:
    """The address at the provider to which somebody is sent who wants to sign in (PKCE: RFC 7636, S256)."""
    said = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(found.authorization).query else "?"
    return f"{found.authorization}{joint}{urlencode(said)}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def claims(
    provider: Provider, found: Endpoints, code: str, redirect: str, nonce: str, verifier: str, now: datetime
) -> dict[str, Any]:
    """Trade a code for what the provider says of a person, checked. Raises ProviderFault."""
    said = _asked(provider, found.token, *_trade(provider, found, code, redirect, verifier))
    token = said.get("id_token")
    if not isinstance(token, str):
        raise ProviderFault(f"it gave no token for the code: {str(said.get('error', 'without a reason'))[:100]}")
    keys = _asked(provider, found.keys)
    return checked_token(provider, token, keys, nonce, now, str(said.get("access_token", "")))


def _trade(
    provider: Provider, found: Endpoints, code: str, redirect: str, verifier: str
) -> tuple[dict[str, str], dict[str, str]]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    if provider.secret is None:
        return {**form, "client_id": provider.client_id}, {}
    if not found.takes_basic:
        return {**form, "client_id": provider.client_id, "client_secret": provider.secret}, {}
    both = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"  # RFC 6749 2.3.1
    return form, {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def checked_token(
    provider: Provider, token: str, keys: Mapping[str, Any], nonce: str, now: datetime, access_token: str = ""
) -> dict[str, Any]:
    """The claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7). Raises ProviderFault for one that was not made by
    this provider, for this client, for this sign-in, now."""
    try:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
    except ImportError:
        raise ProviderFault("authlib is not installed", "pip install 'governance-cadence[oidc]'") from None
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[*SIGNED_BY])  # type: ignore[arg-type]
        found = CodeIDToken(read.claims, read.header, options, params)
        found.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderFault(f"its token cannot count: {type(error).__name__}: {error}"[:200]) from None
    return dict(found)


def _asked(
    provider: Provider, url: str, form: Mapping[str, str] | None = None, more: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON at an address, by GET, or by POST of a form. Raises ProviderFault."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Accept": "application/json", "User-Agent": "cadence", "Connection": "close", **(more or {})}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection = _connection(provider, url)
        try:
            connection.request("GET" if form is None else "POST", target, urlencode(form) if form else None, headers)
            # What is not read to its end keeps the line open, until the answer is closed too.
            with closing(connection.getresponse()) as answer:
                body = answer.read(MOST_BYTES + 1)
        finally:
            connection.close()
        said = json.loads(body) if len(body) <= MOST_BYTES else None
    except (HTTPException, OSError, ValueError) as error:
        raise ProviderFault(f"{parts.hostname} does not answer: {_why(error)}") from None
    is_refusal = form is not None and answer.status == 400  # which says why, in its body (RFC 6749 5.2)
    if not isinstance(said, dict) or not (answer.status == 200 or is_refusal):
        raise ProviderFault(f"{parts.hostname} answers {answer.status}")
    return said


def _connection(provider: Provider, url: str) -> HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    context = provider.trusted or ssl.create_default_context()
    return HTTPSConnection(parts.hostname or "", parts.port, timeout=SECONDS, context=context)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {error.verify_message}"
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
