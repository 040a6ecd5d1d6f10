"""The link of a first run: for whoever reads the terminal, on that machine alone, for ten minutes and once."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from scheduler.services.app import App
from scheduler.services.cases.sign_in.first_run import first_run_link
from tests.web.site.conftest import words_of
from tests.web.site.sign_in.conftest import Door, Guest, opened

HERE = "http://127.0.0.1:8377"


@pytest.fixture
def door(app: App) -> Iterator[Door]:
    with opened(app, public_url=None, listen="127.0.0.1:8377") as made:
        yield made


def link(door: Door) -> str:
    made = first_run_link(door.app, door.clock.now)
    assert made is not None and made.startswith(f"{HERE}/sign-in/first/")
    return urlsplit(made).path


def newcomer(door: Door, peer: str = "127.0.0.1") -> Guest:
    return door.browser(peer, HERE)


def test_it_opens_the_pages_as_the_operator(door: Door) -> None:
    browser = newcomer(door)
    answer = browser.get(link(door))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.reader() == "The operator" and "/status" in browser.get("/me/sessions").text


def test_opened_once_more_in_the_same_browser_it_leads_to_the_pages(door: Door) -> None:
    browser, path = newcomer(door), link(door)
    browser.get(path)
    again = browser.get(path)
    assert (again.status_code, again.headers["location"]) == (303, "/")


def test_it_is_good_once_and_for_ten_minutes(door: Door) -> None:
    path = link(door)
    assert newcomer(door).get(path).status_code == 303
    assert newcomer(door).get(path).status_code == 403
    late = link(door)
    door.clock.forward(minutes=10)
    answer = newcomer(door).get(late)
    assert answer.status_code == 403 and "prints another one" in words_of(answer.text)


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::2"])
def test_it_opens_nothing_from_another_machine(door: Door, peer: str) -> None:
    path = link(door)
    assert newcomer(door, peer).get(path).status_code == 403
    assert newcomer(door).get(path).status_code == 303, "it was not used up"


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-forwarded-host", "forwarded", "via", "x-real-ip"])
def test_it_opens_nothing_through_a_proxy(door: Door, header: str) -> None:
    path = link(door)
    assert newcomer(door).get(path, **{header: "127.0.0.1"}).status_code == 403


def test_its_session_too_is_good_on_this_machine_alone(door: Door) -> None:
    browser = newcomer(door)
    browser.get(link(door))
    elsewhere = newcomer(door, "192.0.2.7")
    elsewhere.client.cookies = browser.client.cookies
    assert elsewhere.get("/me/sessions").status_code == 303
    assert browser.get("/me/sessions", **{"x-forwarded-for": "192.0.2.7"}).status_code == 303
    assert browser.get("/me/sessions").status_code == 200


def test_another_name_of_this_machine_does_not_count(door: Door) -> None:
    assert newcomer(door).get(link(door), host="evil.example:8377").status_code == 404


def test_where_the_pages_can_be_reached_from_elsewhere_there_is_none(app: App) -> None:
    elsewhere: list[dict[str, Any]] = [{}, *({"public_url": None, "listen": each} for each in ("0.0.0.0:8377", "off"))]
    for web in elsewhere:
        with opened(app, None, **web) as door:
            assert first_run_link(door.app, door.clock.now) is None


def test_it_stands_in_no_log_and_not_on_record(door: Door) -> None:
    path = link(door)
    newcomer(door).get(path)
    secret = path.rpartition("/")[2]
    with door.app.store.read() as db:
        kept = " ".join(str(each) for each in db.exec_driver_sql("SELECT * FROM sign_in").all())
    assert secret not in kept and not any(secret in line for line in door.log)


def test_the_page_to_sign_in_says_where_the_link_is(door: Door) -> None:
    assert "cadence serve prints a link" in newcomer(door).words("/sign-in")
