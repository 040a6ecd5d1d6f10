"""What an OpenID provider says counts once it was checked: tried with two real issuers on loopback."""

import base64
import hmac
import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.transports import openid
from scheduler.transports.openid import Provider, ProviderFault
from tests.builders import at
from tests.openid_provider import CLIENT, SECRET, OpenIdProvider, serving

NOW = at("2026-11-21 09:00")
REDIRECT = "https://cadence.acme.example/sign-in/openid/acme"
NONCE, VERIFIER = "n" * 43, "v" * 43


@pytest.fixture
def acme() -> Iterator[OpenIdProvider]:
    with serving(int(NOW.timestamp())) as provider:
        yield provider


@pytest.fixture
def globex() -> Iterator[OpenIdProvider]:
    with serving(int(NOW.timestamp())) as provider:
        yield provider


def known_as(provider: OpenIdProvider) -> Provider:
    return Provider(provider.issuer, CLIENT, SECRET)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def code_of(provider: OpenIdProvider, verifier: str = VERIFIER) -> str:
    """What a browser brings back that was sent there."""
    known = known_as(provider)
    url = openid.asking(known, openid.endpoints(known), REDIRECT, "state", NONCE, verifier)
    try:
        urllib.request.build_opener(_NoRedirect).open(url)
    except urllib.error.HTTPError as redirect:
        back = urlsplit(redirect.headers["Location"])
        redirect.close()
    return parse_qs(back.query)["code"][0]


def claims(provider: OpenIdProvider, code: str, verifier: str = VERIFIER, nonce: str = NONCE) -> dict[str, Any]:
    known = known_as(provider)
    return openid.claims(known, openid.endpoints(known), code, REDIRECT, nonce, verifier, NOW)


def test_a_code_is_traded_for_what_the_provider_says_of_a_person(acme: OpenIdProvider) -> None:
    said = claims(acme, code_of(acme))
    assert (said["iss"], said["sub"], said["email"]) == (acme.issuer, "1", "ines.falk@acme.example")


def test_a_code_is_good_once_and_with_the_verifier_alone_that_asked_for_it(acme: OpenIdProvider) -> None:
    code = code_of(acme)
    with pytest.raises(ProviderFault, match="invalid_grant"):
        claims(acme, code, verifier="w" * 43)
    code = code_of(acme)
    claims(acme, code)
    with pytest.raises(ProviderFault, match="invalid_grant"):
        claims(acme, code)


def test_what_a_provider_has_where_is_looked_up_once(acme: OpenIdProvider) -> None:
    code_of(acme)
    code_of(acme)
    assert acme.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_calls_itself_another_is_not_believed(acme: OpenIdProvider, globex: OpenIdProvider) -> None:
    acme.calls_itself = globex.issuer
    with pytest.raises(ProviderFault, match="it calls itself"):
        openid.endpoints(known_as(acme))


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ({"iss": "https://id.globex.example"}, "iss"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": ["another-client", "a-third"]}, "aud"),
        ({"azp": "another-client"}, "azp"),
        ({"nonce": "m" * 43}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "sub"),
        ({"exp": int(NOW.timestamp()) - 121}, "Expired"),
        ({"exp": None}, "exp"),
        ({"iat": int(NOW.timestamp()) + 3600}, "in the future"),
    ],
)
def test_a_token_for_another_issuer_client_or_sign_in_does_not_count(
    acme: OpenIdProvider, claimed: dict[str, Any], told: str
) -> None:
    acme.claims = claimed
    with pytest.raises(ProviderFault, match=f"cannot count: .*{told}"):
        claims(acme, code_of(acme))


def test_a_token_signed_with_another_issuers_key_does_not_count(acme: OpenIdProvider, globex: OpenIdProvider) -> None:
    acme.signs_as = globex
    with pytest.raises(ProviderFault, match="cannot count"):
        claims(acme, code_of(acme))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_signature_of_the_provider_does_not_count(acme: OpenIdProvider, algorithm: str) -> None:
    def coded(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    payload = acme.signed(NONCE).split(".")[1]
    said = f"{coded({'alg': algorithm, 'kid': acme.key.kid})}.{payload}"
    mac = hmac.new(json.dumps(acme.keys()).encode(), said.encode(), "sha256").digest()
    signature = base64.urlsafe_b64encode(mac).rstrip(b"=").decode() if algorithm == "HS256" else ""
    with pytest.raises(ProviderFault, match="cannot count"):
        openid.checked_token(known_as(acme), f"{said}.{signature}", acme.keys(), NONCE, NOW)


def test_a_provider_that_does_not_answer_is_told_as_such() -> None:
    with pytest.raises(ProviderFault, match=r"127\.0\.0\.1 does not answer"):
        openid.endpoints(Provider("http://127.0.0.1:9", CLIENT))


def test_a_secret_stands_in_no_text_of_its_provider(acme: OpenIdProvider) -> None:
    assert SECRET not in repr(known_as(acme))
