"""Six people answer how the relationship is, on a page that their letters lead to."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from scheduler.services.app import App
from tests import health
from tests.builders import at
from tests.health import CLOSED, OPENS, ROUND, HealthCheck
from tests.web.conftest import Site, served


@dataclass
class Asked:
    site: Site
    check: HealthCheck

    @property
    def client(self) -> TestClient:
        return self.site.client


@pytest.fixture
def asked(app: App) -> Iterator[Asked]:
    check = health.opened(app)
    for site in served(app):
        site.clock.now = OPENS
        yield Asked(site, check)


def test_the_page_asks_every_statement_and_names_nobody(asked: Asked) -> None:
    shown = asked.client.get(f"/health/{asked.check.tokens()['marta']}")
    assert shown.status_code == 200
    for area in asked.check.rounds()[0].terms.areas:
        assert area.title in shown.text
        assert all(question.asks.replace("'", "&#39;") in shown.text for question in area.questions)
    assert "Acme Motors SE" in shown.text
    assert "Marta" not in shown.text


def test_what_is_sent_is_kept_once_and_final_in_another_browser(asked: Asked) -> None:
    token, said = asked.check.tokens()["marta"], asked.check.said(4, "the weekly call")
    assert health.post(asked.client, token, said).status_code == 303
    elsewhere = TestClient(asked.client.app)
    assert "What you sent now was not kept" in health.post(elsewhere, token, asked.check.said(1)).text
    assert "final here" in elsewhere.get(f"/health/{token}").text
    assert {each["value"] for each in asked.check.table("health_answer")} == {4, None}
    assert len(asked.check.table("health_spent")) == 1


def test_the_browser_that_sent_it_can_change_it_as_long_as_the_round_is_open(asked: Asked) -> None:
    token = asked.check.tokens()["marta"]
    sent = health.post(asked.client, token, asked.check.said(4, "the weekly call"))
    cookie = sent.headers["set-cookie"]
    assert f"Path=/health/{token}" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "in this browser alone" in asked.client.get(f"/health/{token}?recorded").text
    assert "the weekly call" in asked.client.get(f"/health/{token}").text
    assert health.post(asked.client, token, asked.check.said(2)).status_code == 303
    assert {each["value"] for each in asked.check.table("health_answer")} == {2}
    assert len(asked.check.table("health_spent")) == 1
    asked.site.clock.now = at("2027-04-20 23:59")
    assert health.post(asked.client, token, asked.check.said(5)).status_code == 303
    asked.site.clock.now = CLOSED
    assert health.post(asked.client, token, asked.check.said(1)).status_code == 410


def test_a_statement_that_is_not_rated_is_asked_for_and_cannot_say_is_an_answer(asked: Asked) -> None:
    token, said = asked.check.tokens()["tom"], asked.check.said({"speed": None})
    assert health.post(asked.client, token, said[1:]).status_code == 422
    assert not asked.check.table("health_spent")
    assert health.post(asked.client, token, said, speed="7").status_code == 422
    assert health.post(asked.client, token, said).status_code == 303
    [speed] = [each for each in asked.check.table("health_answer") if each["question"] == "speed"]
    assert (speed["value"], speed["words"]) == (None, None)


@pytest.mark.parametrize("token", ["x", "A" * 43, "../health", "ö" * 43])
def test_what_is_no_link_opens_nothing(asked: Asked, token: str) -> None:
    assert asked.client.get(f"/health/{token}").status_code in (404, 410)
    assert asked.client.post(f"/health/{token}", content="", headers=health.FORM).status_code in (404, 410)


def test_nothing_of_an_answer_goes_to_the_log_and_no_cycle_is_woken(asked: Asked) -> None:
    lines, changes = len(asked.site.log), len(asked.site.changes)
    for person, token in asked.check.tokens().items():
        assert health.post(TestClient(asked.client.app), token, asked.check.said(3, f"of {person}")).status_code == 303
    assert asked.site.log[lines:] == []
    assert asked.site.changes[changes:] == []


def test_the_token_stands_nowhere_but_in_the_letter(asked: Asked) -> None:
    kept = (asked.check.app.settings.data / "cadence.db").read_bytes()
    kept += (asked.check.app.settings.data / "cadence.db-wal").read_bytes()
    for token in asked.check.tokens().values():
        assert token.encode() not in kept
        assert token not in "".join(asked.site.log)
    assert asked.check.rounds()[0].id == ROUND
