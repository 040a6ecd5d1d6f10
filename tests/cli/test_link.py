"""`cadence link`: all links of somebody, or of a partnership, are closed by one word, which stays on record."""

import json

import pytest

from tests.cli.conftest import Cadence
from tests.cli.test_calendar import OWEN, governed

__all__ = ["governed"]


def test_what_was_revoked_is_told_and_on_record(governed: Cadence) -> None:
    assert "No link was ever revoked" in governed("link", "list").out
    told = governed("link", "revoke", OWEN.upper(), "--by", OWEN)
    assert told.status == 0 and "The next letters bring new ones" in told.out
    assert "in all partnerships (kestrel-sabia) are closed" in told.out
    of_one = governed("link", "revoke", "--partnership", "kestrel-sabia")
    assert of_one.status == 0 and "The links of everybody in kestrel-sabia are closed" in of_one.out
    person, everybody = json.loads(governed("link", "list", "--json").out)
    assert (person["email"], person["partnership"], person["by"]) == (OWEN, None, "owen")
    assert (everybody["email"], everybody["partnership"], everybody["by"]) == (None, "kestrel-sabia", None)
    listed = governed("link", "list").out
    assert OWEN in listed and "everybody" in listed and "all partnerships" in listed


@pytest.mark.parametrize(
    ("call", "status", "says"),
    [
        (("revoke",), 2, "say whose links"),
        (("revoke", "owen.pritchart@kestrel.example"), 1, f"did you mean {OWEN}?"),
        (("revoke", "--partnership", "kestrel-sabi"), 1, "did you mean kestrel-sabia?"),
        (("revoke", OWEN, "--by", "nobody"), 1, "nobody"),
        (("rotate-key", "--at-once"), 2, "say --yes if every link that was given out is to close"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(governed: Cadence, call: tuple[str, ...], status: int, says: str) -> None:
    told = governed("link", *call)
    assert told.status == status and says in told.err and "Traceback" not in told.err


def test_another_key_signs_and_it_is_told_until_when_the_one_before_opens(governed: Cadence) -> None:
    told = governed("link", "rotate-key")
    assert told.status == 0 and "Links are signed with another key from now on" in told.out
    signs, *before = json.loads(governed("link", "keys", "--json").out)
    assert signs["retired_at"] is signs["until"] is None and signs["made_at"]
    for each in before:
        assert each["retired_at"] and each["until"][:10] in told.out.replace("T", " ")
    assert "value" not in signs and "signs" in governed("link", "keys").out
    at_once = governed("link", "rotate-key", "--at-once", "--yes")
    assert at_once.status == 0 and "open nothing" in " ".join(at_once.out.split())
    assert len(json.loads(governed("link", "keys", "--json").out)) == 1
