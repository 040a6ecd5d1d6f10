"""`cadence calendar`: an address is shown once, works until it is revoked or rotated, and stands in no list."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, AsLived, Cadence

INES = "ines.falk@acme.example"
SITE = "https://cadence.acme.example"


@pytest.fixture
def governed(cadence: Cadence, as_lived: AsLived) -> Cadence:
    """A set-up with a shipped partnership, planned once, and reached under a name."""

    def live() -> None:
        assert cadence("init", ".").status == 0
        settings = Path("config", "cadence.yaml")
        settings.write_text(settings.read_text("utf-8").replace("public_url:", f"public_url: {SITE}"), "utf-8")
        file = Path("config", "partnerships", "kestrel-sabia.yaml")
        file.write_bytes((REPOSITORY / file).read_bytes())
        assert cadence("once").status == 0

    as_lived("a shipped partnership", live)
    return cadence


OWEN = "owen.pritchard@kestrel.example"


def test_the_links_for_browsers_and_for_calendar_programs_are_shown_once(governed: Cadence) -> None:
    told = governed("calendar", "subscribe", OWEN)
    assert told.status == 0
    assert f"  {SITE}/calendars/" in told.out and "  webcal://cadence.acme.example/calendars/" in told.out
    assert "From URL" in told.out and "not shown again" in told.out
    token = told.out.partition("/calendars/")[2].partition(".ics")[0]
    assert len(token) == 43
    listed = governed("calendar", "list")
    assert OWEN in listed.out and token not in listed.out
    assert token not in governed("calendar", "list", "--json").out


def test_a_partnership_is_shown_as_an_organisation_sees_it_and_the_portfolio_whole(governed: Cadence) -> None:
    assert governed("calendar", "subscribe", "--partnership", "kestrel-sabia", "--for", "kestrel").status == 0
    assert governed("calendar", "subscribe", "--partnership", "kestrel-sabia").status == 0
    assert governed("calendar", "subscribe", "--portfolio").status == 0
    out = governed("calendar", "list").out
    for whose in ("kestrel-sabia as kestrel sees it", "kestrel-sabia  ", "the whole portfolio"):
        assert whose in out


def test_a_rotated_subscription_has_another_address_and_a_revoked_one_none(governed: Cadence) -> None:
    first = json.loads(governed("calendar", "subscribe", OWEN, "--json").out)
    second = json.loads(governed("calendar", "rotate", str(first["id"]), "--json").out)
    assert first["id"] == second["id"] and first["url"] != second["url"]
    assert second["webcal"] == second["url"].replace("https", "webcal")
    assert governed("calendar", "revoke", str(first["id"])).status == 0
    [listed] = json.loads(governed("calendar", "list", "--json").out)
    assert listed["revoked_at"] and listed["email"] == OWEN
    for verb in ("revoke", "rotate"):
        again = governed("calendar", verb, str(first["id"]))
        assert again.status == 1 and "was revoked" in again.err and "Traceback" not in again.err


def test_what_a_subscription_shows_is_chosen_when_it_is_opened_and_listed(governed: Cadence) -> None:
    told = governed("calendar", "subscribe", OWEN, "--clocks", "minutes, agenda")
    assert "are left out" in told.out and "--all" in told.out
    assert "left out" not in governed("calendar", "subscribe", OWEN, "--all").out
    plain, every = json.loads(governed("calendar", "list", "--json").out)
    assert (plain["clocks"], plain["invited"], every["clocks"], every["invited"]) == (
        "agenda,minutes",
        False,
        "none",
        True,
    )
    listed = governed("calendar", "list").out
    assert "reviews not invited to, clocks: agenda,minutes" in listed and "all reviews" in listed


def test_what_a_subscription_shows_can_be_chosen_anew(governed: Cadence) -> None:
    first = json.loads(governed("calendar", "subscribe", OWEN, "--json").out)
    told = governed("calendar", "change", str(first["id"]), "--reports", "all", "--clocks", "agenda")
    assert told.out == (
        f"Subscription 1, of {OWEN}, shows from now on: reviews not invited to, all reports, clocks: agenda.\n"
    )
    assert (
        json.loads(governed("calendar", "change", "1", "--reports", "none", "--all", "--json").out)["invited"] is True
    )
    [row] = json.loads(governed("calendar", "list", "--json").out)
    assert (row["clocks"], row["reports"], row["invited"]) == ("agenda", "none", True), "what was not named stays"
    assert "all reviews, no reports, clocks: agenda" in governed("calendar", "list").out


def test_what_is_not_for_a_subscription_cannot_be_chosen_for_it(governed: Cadence) -> None:
    governed("calendar", "subscribe", "--portfolio")
    for call, says in (
        (("--reports", "all"), "it shows reviews alone"),
        (("--all",), "is no person's"),
    ):
        told = governed("calendar", "change", "1", *call)
        assert told.status == 1 and says in told.err
    assert governed("calendar", "change", "1").status == 2
    governed("calendar", "revoke", "1")
    assert "was revoked" in governed("calendar", "change", "1", "--clocks", "all").err


@pytest.mark.parametrize(
    ("call", "status", "says"),
    [
        (("subscribe",), 2, "name one of"),
        (("subscribe", "--portfolio", "--reports", "all"), 2, "--reports is not for the --portfolio"),
        (("subscribe", OWEN, "--reports", "mine"), 2, "'mine' is not one of"),
        (("change", "9", "--reports", "all"), 1, "there is no subscription 9"),
        (("subscribe", OWEN, "--portfolio"), 2, "name one of"),
        (("subscribe", "--portfolio", "--for", "kestrel"), 2, "--for says who looks"),
        (("subscribe", "owen.pritchart@kestrel.example"), 1, f"did you mean {OWEN}?"),
        (("subscribe", "--partnership", "kestrel-sabi"), 1, "did you mean kestrel-sabia?"),
        (("subscribe", "--partnership", "kestrel-sabia", "--for", "acme"), 1, "there is no organisation"),
        (("subscribe", "--portfolio", "--all"), 2, "--all is for a person's subscription"),
        (("subscribe", OWEN, "--clocks", "tea"), 2, "'tea' is no clock of a review"),
        (("revoke", "9"), 1, "there is no subscription 9"),
        (("rotate", "one"), 2, "none of the numbers in the list"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(governed: Cadence, call: tuple[str, ...], status: int, says: str) -> None:
    told = governed("calendar", *call)
    assert told.status == status and says in told.err and "Traceback" not in told.err
    assert governed("calendar", "list", "--json").out.strip() == "[]"


def test_without_a_public_name_the_links_say_what_there_is(governed: Cadence) -> None:
    settings = Path("config", "cadence.yaml")
    settings.write_text(settings.read_text("utf-8").replace(f"public_url: {SITE}", "public_url:"), "utf-8")
    told = governed("calendar", "subscribe", OWEN)
    assert "http://127.0.0.1:8377/calendars/" in told.out and "web.public_url" in told.err


def test_where_nothing_is_served_no_address_is_given(governed: Cadence) -> None:
    settings = Path("config", "cadence.yaml")
    text = settings.read_text("utf-8").replace(f"public_url: {SITE}", "public_url:")
    settings.write_text(text.replace("listen: 127.0.0.1:8377", "listen: off"), "utf-8")
    told = governed("calendar", "subscribe", OWEN)
    assert told.status == 1 and "web.listen is off" in told.err
