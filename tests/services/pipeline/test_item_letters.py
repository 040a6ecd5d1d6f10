"""Who owns an agenda hears of what others add to it: Inès has that of the operating review of December.

It is Tuesday 24 November 2026, 09:00 in Berlin.
"""

from collections.abc import Callable
from functools import partial

import pytest

from scheduler.services.cases.agenda_items import add, drop
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import outbox
from tests.builders import at
from tests.services.town import Town

NOW, LATER = at("2026-11-24 09:00"), at("2026-11-25 09:00")
DECEMBER = "acme-globex/operating/2026-12"


@pytest.fixture
def governed(build: Callable[..., Town]) -> Town:
    town = build(mail={"sender": "cadence@alliances.example"})
    town.define()
    town.cycle(NOW)
    return town


def told(town: Town) -> list[tuple[str, str, list[str]]]:
    found = [each for each in town.rows("notice") if each["rung"] == "item_added"]
    return sorted((each["person"], each["state"], [item["says"] for item in each["facts"]["added"]]) for each in found)


def test_who_owns_the_agenda_hears_once_of_each_item_that_somebody_else_adds(governed: Town) -> None:
    owner = governed.reviews()[DECEMBER].review.agenda_owner
    other = "dev" if owner == "ines" else "ines"
    for says, by in (("A second <b>press</b>", other), ("Samples", other), ("My own", owner)):
        add(governed.app, DECEMBER, says, None, by, NOW)
    for day in ("2026-11-25 16:00", "2026-11-26 16:00"):
        governed.cycle(at(day))
    assert told(governed) == [
        (owner, "dropped", ["A second <b>press</b>"]),
        (owner, "told", ["A second <b>press</b>", "Samples"]),
    ]
    sent = [
        bytes(each["content"] or b"").replace(b"=\n", b"").replace(b"=\r\n", b"") for each in governed.rows("letter")
    ]
    [letter] = [each for each in sent if b"Samples" in each]
    assert b"adds to the agenda of Fri 18 Dec 2026: Samples" in letter
    assert b"&lt;b&gt;press" in letter and b"something was added to its agenda" in letter


def test_what_was_dropped_before_they_heard_they_do_not_hear_of(governed: Town) -> None:
    owner = governed.reviews()[DECEMBER].review.agenda_owner
    saturday = at("2026-11-28 09:00")
    item = add(governed.app, DECEMBER, "Samples", None, "dev" if owner == "ines" else "ines", saturday)
    drop(governed.app, item.id, None, item.by, saturday)
    governed.cycle(at("2026-11-30 16:00"))
    assert [state for _, state, _ in told(governed)] == ["dropped"]


def test_of_what_is_added_later_they_hear_by_itself(governed: Town) -> None:
    owner = governed.reviews()[DECEMBER].review.agenda_owner
    other = "dev" if owner == "ines" else "ines"
    for day, says in (("2026-11-24", "Samples"), ("2026-11-26", "A press")):
        add(governed.app, DECEMBER, says, None, other, at(f"{day} 09:00"))
        for _ in range(2):
            governed.cycle(at(f"{day} 16:00"))
            deliver_by(Sender(governed.app, "one", partial(at, f"{day} 16:00"), lambda: 0.5), outbox.MAIL, {})
    assert told(governed) == [(owner, "told", ["A press"]), (owner, "told", ["Samples"])]
