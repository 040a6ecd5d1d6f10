"""`cadence session`: who is signed in is listed, and signed out by a word."""

import json
from pathlib import Path

import pytest

from scheduler.services.app import open_app
from scheduler.services.cases.sessions import open_session
from scheduler.settings import load
from scheduler.store import openid_accounts
from tests.builders import at
from tests.cli.conftest import Cadence
from tests.web.conftest import Heard

NOW = at("2026-11-21 09:00")
INES, DEV = "ines.falk@acme.example", "dev.patel@globex.example"


@pytest.fixture
def signed_in(installation: Cadence, home: Path) -> Cadence:
    app = open_app(load(home / "config" / "cadence.yaml"), Heard())
    open_session(app, INES, "mail", "Firefox", NOW)
    open_session(app, INES, "openid acme", "Safari \x1b[31m", NOW)
    open_session(app, DEV, "proxy", None, NOW)
    with app.store.write() as db:
        openid_accounts.pin(db, "https://login.acme.example", "1", INES, NOW)
    app.close()
    return installation


def test_sessions_are_listed_of_everybody_or_of_one(signed_in: Cadence) -> None:
    told = signed_in("session", "list").out
    assert told.count(INES) == 2 and DEV in told and "openid acme" in told and "\x1b" not in told
    assert DEV not in signed_in("session", "list", INES).out
    listed = json.loads(signed_in("session", "list", DEV, "--json").out)
    assert [(each["email"], each["way"], each["goes_on"]) for each in listed] == [(DEV, "proxy", True)]


def test_a_session_is_ended_once_and_stays_on_the_list(signed_in: Cadence) -> None:
    assert signed_in("session", "revoke", "1").out == "Session 1 has ended.\n"
    again = signed_in("session", "revoke", "1")
    assert (again.status, "there is no session 1 that goes on" in again.err) == (1, True)
    states = {each["id"]: each["goes_on"] for each in json.loads(signed_in("session", "list", "--json").out)}
    assert states == {1: False, 2: True, 3: True}


def test_all_sessions_of_a_person_are_ended_at_once(signed_in: Cadence) -> None:
    assert signed_in("session", "revoke", "--of", INES.upper()).out == f"{INES.upper()}: 2 sessions ended.\n"
    assert signed_in("session", "revoke", "--of", INES).out == f"{INES}: 0 sessions ended.\n"


def test_an_account_is_unpinned(signed_in: Cadence) -> None:
    assert "is pinned" in signed_in("session", "unpin", INES).out
    assert signed_in("session", "unpin", INES).out == f"No account is pinned to {INES}.\n"


@pytest.mark.parametrize("call", [(), ("1", "--of", INES)])
def test_one_is_named_by_number_or_by_person(signed_in: Cadence, call: tuple[str, ...]) -> None:
    assert signed_in("session", "revoke", *call).status == 2


def test_without_any_it_says_so(installation: Cadence) -> None:
    assert "Nobody has signed in lately" in installation("session", "list").out
