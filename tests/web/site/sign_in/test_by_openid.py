"""Signing in at the provider of one's own company: two real issuers on loopback, each for its own domain alone."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from scheduler.services.app import App
from scheduler.services.cases.sign_in import by_openid
from scheduler.settings import OpenIdProvider as Known
from scheduler.settings import SignIn
from scheduler.store import members
from tests.openid_provider import CLIENT, SECRET, OpenIdProvider, serving
from tests.web.conftest import CELLS, DEV, INES, NOW, UWE
from tests.web.site.sign_in.conftest import Door, Guest, opened


class Two:
    """A door with two providers: Acme's and Globex's."""

    def __init__(self, door: Door, acme: OpenIdProvider, globex: OpenIdProvider) -> None:
        self.door, self.acme, self.globex = door, acme, globex


@pytest.fixture
def two(app: App, tmp_path: Path) -> Iterator[Two]:
    secret = tmp_path / "client.secret"
    secret.write_text(f"{SECRET}\n")
    with ExitStack() as until_then:
        acme, globex = (until_then.enter_context(serving(int(NOW.timestamp()))) for _ in range(2))
        globex.user = ("7", DEV)
        known = {
            key: Known(
                title=key.title(), issuer=each.issuer, client_id=CLIENT, client_secret_file=secret,
                domains=(f"{key}.example",),
            )
            for key, each in {"acme": acme, "globex": globex}.items()
        }  # fmt: skip
        door = until_then.enter_context(opened(app, SignIn(openid=known)))
        yield Two(door, acme, globex)


def sent_back(browser: Guest, key: str, next: str = "") -> str:
    """The path at which a browser comes back that was sent to a provider and signed in there."""
    gone = browser.get(f"/sign-in/openid/{key}{next}")
    assert gone.status_code == 303, gone.text
    return followed(gone.headers["location"])


def followed(place: str) -> str:
    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    try:
        urllib.request.build_opener(NoRedirect).open(place)
    except urllib.error.HTTPError as redirect:
        back = urlsplit(redirect.headers["Location"])
        redirect.close()
    return f"{back.path}?{back.query}"


def with_query(path: str, **changed: str | None) -> str:
    parts = urlsplit(path)
    said = {**{name: values[0] for name, values in parse_qs(parts.query).items()}, **changed}
    return f"{parts.path}?{urlencode({name: value for name, value in said.items() if value is not None})}"


def test_each_signs_in_at_the_provider_of_their_company_and_is_led_back(two: Two) -> None:
    ines, dev = two.door.browser(), two.door.browser()
    assert "Sign in at Acme" in ines.get("/sign-in").text and "Sign in at Globex" in ines.get("/sign-in").text
    back = ines.get(sent_back(ines, "acme", "?next=%2Fportfolio"))
    assert (back.status_code, back.headers["location"]) == (303, "/portfolio")
    assert dev.get(sent_back(dev, "globex")).status_code == 303
    assert (ines.reader(), dev.reader()) == ("Inès Falk", "Dev Patel")


def test_what_is_asked_of_a_provider_is_bound_to_this_sign_in(two: Two) -> None:
    place = urlsplit(two.door.browser().get("/sign-in/openid/acme").headers["location"])
    said = {name: values[0] for name, values in parse_qs(place.query).items()}
    assert said["redirect_uri"] == "https://cadence.acme.example/sign-in/openid/acme/back"
    assert (said["response_type"], said["scope"], said["code_challenge_method"]) == ("code", "openid email", "S256")
    assert len({said["state"], said["nonce"], said["code_challenge"]}) == 3
    again = parse_qs(urlsplit(two.door.browser().get("/sign-in/openid/acme").headers["location"]).query)
    assert again["state"][0] != said["state"]


def test_an_answer_counts_once(two: Two) -> None:
    ines = two.door.browser()
    back = sent_back(ines, "acme")
    assert ines.get(back).status_code == 303
    again = two.door.browser()
    again.client.cookies = ines.client.cookies
    assert again.get(back).status_code == 403


def test_an_answer_counts_in_no_other_browser(two: Two) -> None:
    thief, ines = two.door.browser(), two.door.browser()
    back = sent_back(thief, "acme")
    assert ines.get(back).status_code == 403 and ines.reader() is None
    sent_back(ines, "acme")  # a browser that is signing in by itself
    assert ines.get(back).status_code == 403 and ines.reader() is None


@pytest.mark.parametrize("minutes", [10, -1])
def test_an_answer_that_comes_too_late_does_not_count(two: Two, minutes: int) -> None:
    ines = two.door.browser()
    back = sent_back(ines, "acme")
    two.door.clock.forward(minutes=minutes)
    assert ines.get(back).status_code == 403


@pytest.mark.parametrize(
    "changed", [{"state": "s" * 43}, {"state": None}, {"code": None}, {"iss": "https://evil.example"}]
)
def test_an_answer_to_something_else_does_not_count(two: Two, changed: dict[str, str | None]) -> None:
    ines = two.door.browser()
    assert ines.get(with_query(sent_back(ines, "acme"), **changed)).status_code == 403 and ines.reader() is None


def test_an_answer_of_another_provider_does_not_count(two: Two) -> None:
    """The mix-up of RFC 9207: the answer of one issuer at the address of the other."""
    dev = two.door.browser()
    back = sent_back(dev, "globex")
    assert dev.get(back.replace("/globex/", "/acme/")).status_code == 403 and dev.reader() is None


def test_a_provider_cannot_bring_an_address_of_another_company(two: Two) -> None:
    two.globex.user = ("1", INES)
    mallory = two.door.browser()
    answer = mallory.get(sent_back(mallory, "globex"))
    assert answer.status_code == 403 and "does not speak for" in answer.text and mallory.reader() is None


def test_a_token_of_another_issuers_subject_does_not_count(two: Two) -> None:
    two.globex.claims, two.globex.user = {"iss": two.acme.issuer}, ("1", INES)
    two.globex.signs_as = two.acme
    mallory = two.door.browser()
    assert mallory.get(sent_back(mallory, "globex")).status_code == 502 and mallory.reader() is None


def test_an_address_that_the_provider_has_not_verified_opens_nothing(two: Two) -> None:
    two.acme.verified = False
    ines = two.door.browser()
    answer = ines.get(sent_back(ines, "acme"))
    assert answer.status_code == 403 and "has not verified" in answer.text


def test_somebody_whom_no_partnership_knows_is_told_with_which_address_they_came(two: Two) -> None:
    two.acme.user = ("3", "new@acme.example")
    new = two.door.browser()
    assert "No partnership knows new@acme.example" in new.get(sent_back(new, "acme")).text


def test_an_account_stays_one_persons_until_an_operator_says_otherwise(two: Two) -> None:
    ines = two.door.browser()
    ines.get(sent_back(ines, "acme"))
    two.acme.user = ("2", INES)  # her address was given to somebody else
    other = two.door.browser()
    assert "Another account of your provider" in other.get(sent_back(other, "acme")).text
    assert by_openid.unpin(two.door.app, INES) == 1
    assert other.get(sent_back(other, "acme")).status_code == 303


def test_an_account_cannot_become_another_person(two: Two) -> None:
    ines = two.door.browser()
    ines.get(sent_back(ines, "acme"))
    two.acme.user = ("1", UWE)
    assert "Your account signed in here as" in ines.get(sent_back(ines, "acme")).text


def test_an_account_whose_person_has_another_address_now_is_pinned_anew(two: Two) -> None:
    ines = two.door.browser()
    ines.get(sent_back(ines, "acme"))
    with two.door.app.store.write() as db:
        people = [members.memberships(db, email)[0] for email in (INES, DEV)]
        members.save(db, CELLS, [people[0]._replace(email="ines.meyer@acme.example"), people[1]])
    two.acme.user = ("1", "ines.meyer@acme.example")
    again = two.door.browser()
    assert again.get(sent_back(again, "acme")).status_code == 303 and again.reader() == "Inès Falk"


def test_somebody_who_says_no_there_is_not_signed_in_here(two: Two) -> None:
    two.acme.user = None
    ines = two.door.browser()
    assert ines.get(sent_back(ines, "acme")).status_code == 403


def test_a_provider_that_fails_is_in_the_log_and_people_are_told_no_more_than_that(two: Two) -> None:
    two.acme.refuses = True
    ines = two.door.browser()
    answer = ines.get(sent_back(ines, "acme"))
    assert answer.status_code == 502 and "invalid_grant" not in answer.text and two.acme.issuer not in answer.text
    assert any("sign_in.provider_failed" in line and "invalid_grant" in line for line in two.door.log)


def test_whoever_has_a_provider_is_sent_there_and_gets_no_letter(two: Two) -> None:
    answer = two.door.browser().post("/sign-in", email="Anybody@Acme.example")
    assert answer.status_code == 422 and "Addresses at Acme.example sign in at Acme" in answer.text


def test_a_provider_that_there_is_not_is_not_there(two: Two) -> None:
    assert two.door.browser().get("/sign-in/openid/initech").status_code == 404
    assert two.door.browser().get("/sign-in/openid/acme", host="evil.example").status_code == 404


def test_no_secret_stands_in_the_log_or_on_record(two: Two) -> None:
    ines = two.door.browser()
    back = sent_back(ines, "acme")
    ines.get(back)
    said = parse_qs(urlsplit(back).query)
    with two.door.app.store.read() as db:
        kept = " ".join(str(each) for each in db.exec_driver_sql("SELECT * FROM sign_in").all())
    for secret in (said["state"][0], said["code"][0], SECRET, ines.client.cookies["__Host-cadence"]):
        assert secret not in kept and not any(secret in line for line in two.door.log)
