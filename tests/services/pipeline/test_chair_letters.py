"""Who takes the chair of a review is told once its chair declines: the operating review of December, chaired by Inès.

It is Tuesday 24 November 2026, 09:00 in Berlin.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from scheduler.domain.record.rsvp import Answer, Says
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import clock, outbox, rsvps
from tests.builders import at, written
from tests.services.town import Town

NOW, LATER = at("2026-11-24 09:00"), at("2026-11-25 09:00")
DECEMBER = "acme-globex/operating/2026-12"


@pytest.fixture
def governed(build: Callable[..., Town]) -> Town:
    town = build(mail={"sender": "cadence@alliances.example"})
    town.define()
    town.cycle(NOW)
    return town


def answers(town: Town, key: str, says: Says, when: datetime) -> None:
    email = written()["people"][key]["email"].casefold()
    with town.app.store.write() as db:
        rsvps.record(db, "acme-globex", DECEMBER, Answer(email, says, 0, when, when))


def told(town: Town) -> list[dict[str, Any]]:
    return [each for each in town.rows("notice") if each["rung"] == "chair"]


def _unfolded(content: object) -> bytes:
    return bytes(content).replace(b"=\r\n", b"")  # type: ignore[call-overload,no-any-return]


def chair(town: Town) -> str:
    return str(town.reviews()[DECEMBER].review.chair)


def test_where_the_chair_declines_who_stands_in_is_told_once(governed: Town) -> None:
    absent = chair(governed)
    answers(governed, absent, Says.DECLINED, LATER)
    for later in ("2026-11-25 09:00", "2026-11-26 09:00"):
        governed.cycle(at(later))
    [notice] = told(governed)
    assert notice["subject"] == DECEMBER and notice["person"] not in (absent, None)
    assert notice["facts"]["instead_of"] == written()["people"][absent]["name"]
    with governed.database() as db:
        letters = [each for each in governed.rows("letter") if each["email"] == notice["email"]]
        assert db is not None
    said = [each["content"] for each in letters if b"you chair it" in bytes(each["content"] or b"")]
    assert said and b"has declined, and you stand in on Fri 18 Dec 2026" in bytes(said[0]).replace(b"=\r\n", b"")
    assert re.search(rb"you stand in on Fri 18 Dec 2026, \d\d:\d\d (Europe/Berlin|America/Detroit)", _unfolded(said[0]))
    assert b"Read the agenda: http" in _unfolded(said[0])


def test_of_somebody_else_who_declines_nobody_hears(governed: Town) -> None:
    other = "dev" if chair(governed) != "dev" else "ines"
    answers(governed, other, Says.DECLINED, LATER)
    governed.cycle(LATER)
    assert told(governed) == []


def test_whoever_comes_after_all_needs_nobody(governed: Town) -> None:
    answers(governed, chair(governed), Says.DECLINED, LATER)
    answers(governed, chair(governed), Says.ACCEPTED, LATER)
    governed.cycle(LATER)
    assert told(governed) == []


def leaves(town: Town, day: str) -> None:
    """Two cycles of a day, and the letters of it leave."""
    now = at(f"{day} 16:00")  # in Detroit the day has begun
    for _ in range(2):
        town.cycle(now)
        deliver_by(Sender(town.app, "one", lambda: now, lambda: 0.5), outbox.MAIL, {})


def heard(town: Town) -> list[str]:
    """What the letters on their way, and those that have left, say of a chair, in their order."""
    sent = [bytes(each["content"] or b"").replace(b"=\n", b"").replace(b"=\r\n", b"") for each in town.rows("letter")]
    said = {b"has declined, and you stand in": "you chair it", b"and you do not stand in": "you do not"}
    return [words for each in sent for text, words in said.items() if text in each]


def test_who_had_heard_that_they_chair_it_hears_each_time_that_the_chair_comes_after_all(governed: Town) -> None:
    absent, told = chair(governed), ["you chair it", "you do not"] * 2
    for n, says in enumerate((Says.DECLINED, Says.ACCEPTED, Says.DECLINED, Says.ACCEPTED)):
        day = f"2026-12-{n + 1:02}"
        answers(governed, absent, says, at(f"{day} 09:00"))
        leaves(governed, day)
        assert heard(governed) == told[: n + 1]
    leaves(governed, "2026-12-08")
    assert heard(governed) == told


def test_who_had_not_heard_yet_hears_nothing_of_either(governed: Town) -> None:
    absent = chair(governed)
    answers(governed, absent, Says.DECLINED, at("2026-11-28 09:00"))
    governed.cycle(at("2026-11-28 09:30"))  # a Saturday
    answers(governed, absent, Says.ACCEPTED, at("2026-11-28 10:00"))
    leaves(governed, "2026-11-30")
    assert heard(governed) == []


def test_of_what_was_declined_before_the_program_told_of_it_nobody_hears(governed: Town) -> None:
    """As after an upgrade: the first cycle begins to count."""
    answers(governed, chair(governed), Says.DECLINED, LATER)
    with governed.app.store.write() as db:
        clock.forget(db, "stand-in chairs")
    governed.cycle(at("2026-11-26 09:00"))
    assert told(governed) == []
