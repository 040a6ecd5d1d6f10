"""A proxy says who asks: from a network that is named, with its secret, one address in one line, at each request."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from scheduler.services.app import App
from scheduler.settings import SignIn, TrustedHeader
from tests.web.conftest import DEV, INES
from tests.web.site.conftest import URL
from tests.web.site.sign_in.conftest import Door, Guest, opened

KEY = "0123456789abcdef" * 4
PROXY = "10.1.2.3"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "proxy.secret"
    file.write_text(f"{KEY}\n")
    return file


@pytest.fixture
def door(app: App, secret: Path) -> Iterator[Door]:
    header = TrustedHeader(networks=(ip_network("10.1.2.0/28"), ip_network("::1/128")), secret_file=secret)
    with opened(app, SignIn(header=header)) as made:
        yield made


def said(email: str = INES, key: str = KEY) -> dict[str, str]:
    return {"Remote-Email": email, "Cadence-Proxy-Secret": key}


def signed_in(browser: Guest, **headers: str) -> bool:
    """Whether the browser sees pages after it was led to sign in, as browsers are."""
    browser.get("/sign-in", **headers)
    return bool(browser.get("/me/sessions", **headers).status_code == 200)


def test_whom_the_proxy_names_is_let_in_and_led_on(door: Door) -> None:
    browser = door.browser(PROXY)
    answer = browser.get("/sign-in?next=%2Fportfolio", **said())
    assert (answer.status_code, answer.headers["location"]) == (303, "/portfolio")
    assert "Inès Falk" in browser.get("/me/sessions", **said()).text
    [line] = [each for each in door.log if "sign_in.done" in each]
    assert "'way': 'proxy'" in line and INES in line, "who signs in, and by which way, is in the log"


def test_what_the_proxy_says_is_asked_at_each_request(door: Door) -> None:
    browser = door.browser(PROXY)
    assert signed_in(browser, **said())
    assert browser.get("/me/sessions").status_code == 303, "the proxy names nobody any more"
    assert browser.get("/me/sessions", **said(key="x" * 64)).status_code == 303
    stolen = door.browser("192.0.2.7")
    stolen.client.cookies = browser.client.cookies
    assert stolen.get("/me/sessions", **said()).status_code == 303, "the cookie alone is worth nothing elsewhere"
    assert browser.get("/me/sessions", **said(DEV)).status_code == 303, "another person is at the browser now"
    assert signed_in(browser, **said(DEV))
    assert "Dev Patel" in browser.get("/me/sessions", **said(DEV)).text


@pytest.mark.parametrize("peer", ["10.1.2.16", "127.0.0.1", "192.0.2.7", "::2", "testclient"])
def test_a_header_from_a_network_that_is_not_named_counts_for_nothing(door: Door, peer: str) -> None:
    assert not signed_in(door.browser(peer), **said())


def test_a_forwarded_address_makes_no_network(door: Door) -> None:
    forwarded = {"X-Forwarded-For": PROXY, "Forwarded": f"for={PROXY}", "X-Real-IP": PROXY}
    assert not signed_in(door.browser("192.0.2.7"), **said(), **forwarded)


@pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3", "::1"])
def test_the_peer_of_the_connection_counts_in_either_notation(door: Door, peer: str) -> None:
    assert signed_in(door.browser(peer), **said())


@pytest.mark.parametrize("key", ["", "x" * 64, KEY.upper(), KEY + "0", "ключ"])
def test_without_its_secret_the_proxy_is_not_believed(door: Door, key: str) -> None:
    headers = {"Remote-Email": INES, "Cadence-Proxy-Secret": key.encode()}
    answer = door.browser(PROXY).client.get("/sign-in", headers=headers)
    assert answer.status_code == 200
    assert any("sign_in.refused" in line and "not what stands in the secret file" in line for line in door.log)


@pytest.mark.parametrize(
    "lines",
    [
        [("Remote-Email", INES), ("Remote-Email", DEV)],
        [("Remote-Email", f"{INES}, {DEV}")],
        [("Remote-Email", "ines.falk")],
        [("Remote-Email", "")],
        [("Remote-Email", INES), ("remote-email", INES)],
        [("Remote_Email", INES)],
    ],
)
def test_anything_but_one_address_in_one_line_is_nobody(door: Door, lines: list[tuple[str, str]]) -> None:
    headers = [*lines, ("Cadence-Proxy-Secret", KEY)]
    assert door.browser(PROXY).client.get("/sign-in", headers=headers).status_code == 200
    assert door.browser(PROXY).client.get("/me/sessions", headers=headers).status_code == 303


def test_a_secret_that_is_short_or_gone_lets_nobody_in(door: Door, secret: Path) -> None:
    secret.write_text("short")
    assert not signed_in(door.browser(PROXY), **said(key="short"))
    secret.unlink()
    assert not signed_in(door.browser(PROXY), **said())


def test_a_new_secret_counts_at_once(door: Door, secret: Path) -> None:
    secret.write_text("f" * 64)
    assert not signed_in(door.browser(PROXY), **said())
    assert signed_in(door.browser(PROXY), **said(key="f" * 64))


def test_somebody_whom_no_partnership_knows_is_told_so(door: Door) -> None:
    answer = door.browser(PROXY).get("/sign-in", **said("new@acme.example"))
    assert answer.status_code == 403 and "No partnership knows new@acme.example" in answer.text


def test_without_the_setting_the_header_is_nothing(app: App) -> None:
    with opened(app) as door:
        assert not signed_in(door.browser(PROXY), **said())


def test_whoever_signs_out_is_not_signed_in_again_before_they_say_so(door: Door) -> None:
    browser = door.browser(PROXY)
    signed_in(browser, **said())
    page = browser.get("/me/sessions", **said()).text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    out = browser.client.post("/me/sessions", data={"act": "sign_out", "csrf": csrf}, headers={**said(), "origin": URL})
    assert out.status_code == 303
    shown = browser.get(out.headers["location"], **said())
    assert shown.status_code == 200 and "You are signed out here" in shown.text and "Sign in again" in shown.text
    assert browser.get("/me/sessions", **said()).status_code == 303
