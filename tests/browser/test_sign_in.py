"""Signing in in a real browser, without JavaScript, by each of the three ways and by the link of a first run, to the
page that was asked for, and out again. axe-core finds nothing on the pages that one meets before."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.services.app import App
from scheduler.services.cases.sign_in.first_run import first_run_link
from scheduler.settings import OpenIdProvider as Known
from scheduler.settings import SignIn, TrustedHeader, Web
from scheduler.web import WebServer
from scheduler.web.site import paths
from tests.browser.test_site import LOOKS, found_by_axe
from tests.daemon.polling import HANG, until
from tests.openid_provider import CLIENT, SECRET, serving
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import DEV, INES, NOW, Clock

KEY = "0123456789abcdef" * 4


@contextmanager
def door(app: App, mailbox: Mailbox, sign_in: SignIn | None = None, *, is_known: bool = True) -> Iterator[str]:
    """The address of pages with these ways in; `is_known` where it stands in the settings, so that letters name it."""
    with ExitStack() as until_then:
        server = until_then.enter_context(listening(mailbox))
        mail = {"sender": "cadence@alliances.example", "host": server.host, "port": server.port, "tls": "none"}
        site = f"http://127.0.0.1:{a_free_port()}"
        web = {"listen": site.removeprefix("http://"), "public_url": site if is_known else None}
        settings = app.settings.model_copy(
            update={
                "web": Web(**web, sign_in=sign_in or SignIn()),
                "mail": app.settings.mail.model_copy(update=mail if is_known else {}),
            }
        )
        serves = WebServer(under(app, settings), Clock(), lambda: True)
        until_then.callback(serves.close)
        serves.keep_listening()
        yield site


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def opens(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own, with its own cookies."""
    with ExitStack() as until_then:

        def opened(**wanted: Any) -> Page:
            context = browser.new_context(**{"java_script_enabled": False, **wanted})
            until_then.callback(context.close)
            context.set_default_timeout(HANG * 1000)
            return context.new_page()

        yield opened


def letter(mailbox: Mailbox) -> str:
    """The plain text of the one letter, once it has come: it leaves after the answer."""
    until(lambda: mailbox.letters, "a letter")
    [taken] = mailbox.letters
    part = next(each for each in message_from_bytes(taken).walk() if each.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def asks_for_a_letter(page: Page, site: str, email: str = INES) -> None:
    """Led from a page that needs a sign-in."""
    page.goto(f"{site}{paths.CALENDAR}")
    page.get_by_label("Your mail address").fill(email)
    page.get_by_role("button", name="Send me a letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Look into your mail")


def is_in(page: Page, site: str, name: str) -> None:
    """The reader is where they wanted to be, and gets out again."""
    expect(page).to_have_url(f"{site}{paths.CALENDAR}")
    expect(page.locator(".who").first).to_contain_text(name)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out here")
    page.goto(f"{site}{paths.CALENDAR}")
    expect(page).to_have_url(re.compile(re.escape(f"{site}{paths.SIGN_IN}")))


def test_by_the_code_of_a_letter_that_is_read_elsewhere(opens: Callable[..., Page], app: App) -> None:
    mailbox = Mailbox()
    with door(app, mailbox) as site:
        page = opens()
        asks_for_a_letter(page, site)
        code = re.search(r"(\d{4} \d{4})", letter(mailbox))
        assert code
        page.get_by_label("The code").fill("0000 0000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("[aria-invalid=true]")).to_be_visible()
        page.get_by_label("The code").fill(code[1])
        page.get_by_role("button", name="Sign in").click()
        is_in(page, site, "Inès Falk")


def test_by_the_link_of_a_letter_in_the_browser_that_asked_and_in_no_other(
    opens: Callable[..., Page], app: App
) -> None:
    mailbox = Mailbox()
    with door(app, mailbox) as site:
        page, other = opens(), opens()
        asks_for_a_letter(page, site)
        link = re.search(rf"{re.escape(site)}/sign-in/mail/\S+", letter(mailbox))
        assert link
        other.goto(link[0])
        expect(other.get_by_text("This link was asked for in another browser")).to_be_visible()
        assert other.get_by_role("button", name="Sign in").count() == 0
        page.goto(link[0])
        page.get_by_role("button", name="Sign in").click()
        is_in(page, site, "Inès Falk")


def test_at_the_provider_of_ones_own_company_of_two(opens: Callable[..., Page], app: App, tmp_path: Path) -> None:
    secret = tmp_path / "client.secret"
    secret.write_text(f"{SECRET}\n")
    now = int(NOW.timestamp())
    with serving(now) as acme, serving(now) as globex:
        globex.user = ("7", DEV)
        known = {
            key: Known(title=key.title(), issuer=each.issuer, client_id=CLIENT, client_secret_file=secret,
                       domains=(f"{key}.example",))
            for key, each in {"acme": acme, "globex": globex}.items()
        }  # fmt: skip
        with door(app, Mailbox(), SignIn(openid=known)) as site:
            for title, name in {"Acme": "Inès Falk", "Globex": "Dev Patel"}.items():
                page = opens()
                page.goto(f"{site}{paths.CALENDAR}")
                page.get_by_role("link", name=f"Sign in at {title}").click()
                is_in(page, site, name)
            assert all(any(path.startswith("/authorize") for path in each.asked) for each in (acme, globex))


def test_whom_a_proxy_in_front_names_is_in_at_once(opens: Callable[..., Page], app: App, tmp_path: Path) -> None:
    """A proxy on this machine says with each request who asks."""
    secret = tmp_path / "proxy.secret"
    secret.write_text(f"{KEY}\n")
    header = TrustedHeader(networks=(ip_network("127.0.0.1/32"),), secret_file=secret)
    with door(app, Mailbox(), SignIn(header=header, mail_link=False)) as site:
        page = opens(extra_http_headers={"Remote-Email": DEV, "Cadence-Proxy-Secret": KEY})
        page.goto(f"{site}{paths.CALENDAR}")
        expect(page).to_have_url(f"{site}{paths.CALENDAR}")
        expect(page.locator(".who").first).to_contain_text("Dev Patel")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("status")).to_contain_text("may still be signed in where your company knows you")
        page.get_by_role("link", name="Sign in again").click()
        expect(page.locator(".who").first).to_contain_text("Dev Patel")
        forged = opens(extra_http_headers={"Remote-Email": DEV, "Cadence-Proxy-Secret": "x" * 64})
        forged.goto(f"{site}{paths.CALENDAR}")
        expect(forged.get_by_role("heading", level=1)).to_contain_text("Sign in")


def test_by_the_link_that_a_first_run_prints_once(opens: Callable[..., Page], app: App) -> None:
    with door(app, Mailbox(), is_known=False) as site:
        link = first_run_link(app, NOW, int(site.rpartition(":")[2]))
        assert link
        page, second = opens(), opens()
        page.goto(link)
        expect(page.locator(".who").first).to_contain_text("The operator")
        answer = second.goto(link)
        assert answer and answer.status == 403
        expect(second.get_by_text("The link is no longer good")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_before_one_is_signed_in_either(
    opens: Callable[..., Page], app: App, tmp_path: Path, look: str
) -> None:
    """Where one chooses, with a fault, where the code is typed, where a link is opened, and where one is refused."""
    secret = tmp_path / "client.secret"
    secret.write_text(f"{SECRET}\n")
    mailbox = Mailbox()
    known = Known(title="Globex", issuer="https://id.globex.example", client_id=CLIENT, client_secret_file=secret,
                  domains=("globex.example",))  # fmt: skip
    with door(app, mailbox, SignIn(openid={"globex": known})) as site:
        page = opens(**{**LOOKS[look], "java_script_enabled": True})
        page.goto(f"{site}{paths.SIGN_IN}")
        is_clean(page)
        page.get_by_label("Your mail address").fill(DEV)
        page.get_by_role("button", name="Send me a letter").click()
        expect(page.locator("[aria-invalid=true]")).to_be_visible()
        is_clean(page)
        asks_for_a_letter(page, site)
        is_clean(page)
        link = re.search(rf"{re.escape(site)}/sign-in/mail/\S+", letter(mailbox))
        assert link
        for address in (link[0], f"{site}{paths.SIGN_IN}/mail/none-that-was-sent"):
            page.goto(address)
            is_clean(page)


def is_clean(page: Page) -> None:
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
