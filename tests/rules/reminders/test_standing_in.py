"""Where no letter reaches whoever is asked, somebody else is asked, too."""

from dataclasses import replace
from datetime import date
from typing import Any

from scheduler.domain.record.notification import Notification
from scheduler.rules.reminders.standing_in import with_stand_ins
from tests.builders import a_partnership

PARTNERSHIP = a_partnership()
INES, UWE = (PARTNERSHIP.people[key].email.casefold() for key in ("ines", "uwe"))
TODAY = date(2026, 12, 21)
HELD = Notification(
    partnership="acme-globex",
    about="review",
    subject="acme-globex/operating/2026-12",
    period="",
    rung="asked",
    occasion="2026-12-18",
    on=TODAY,
    people=("ines", "dev"),
    facts={"asks": "held"},
    asked=("ines",),
)


def asked(notice: Notification, *unreached: str, people: dict[str, Any] | None = None) -> tuple[str, ...]:
    return with_stand_ins(notice, people or PARTNERSHIP.people, unreached, TODAY).asked


def test_who_is_reached_is_asked_alone() -> None:
    assert with_stand_ins(HELD, PARTNERSHIP.people, (), TODAY) == HELD
    assert with_stand_ins(HELD, PARTNERSHIP.people, (UWE,), TODAY) == HELD


def test_the_deputy_is_asked_too_and_the_notice_says_for_whom() -> None:
    found = with_stand_ins(replace(HELD, deputy="uwe"), PARTNERSHIP.people, (INES,), TODAY)
    assert found.asked == ("ines", "uwe")
    assert found.people == ("ines", "dev", "uwe")
    assert found.facts == {"asks": "held", "unreached": [PARTNERSHIP.people["ines"].name]}


def test_a_deputy_who_is_not_there_either_is_passed_over_for_the_sides_manager_or_sponsor() -> None:
    assert asked(replace(HELD, deputy="uwe"), INES, UWE) == ("ines", "marta")
    marta = PARTNERSHIP.people["marta"].email.casefold()
    assert asked(replace(HELD, deputy="uwe"), INES, UWE, marta) == ("ines",), "nobody of another side"


def test_who_stands_in_for_two_is_told_of_both() -> None:
    found = with_stand_ins(replace(HELD, asked=("ines", "uwe")), PARTNERSHIP.people, (INES, UWE), TODAY)
    assert found.asked == ("ines", "uwe", "marta")
    assert found.facts["unreached"] == [PARTNERSHIP.people[key].name for key in ("ines", "uwe")]


def test_who_is_told_by_chat_has_no_mail_that_could_come_back() -> None:
    ines = PARTNERSHIP.people["ines"].model_copy(update={"tell": "chat"})
    assert asked(replace(HELD, deputy="uwe"), INES, people={**PARTNERSHIP.people, "ines": ines}) == ("ines",)


def test_a_vote_is_its_voters_alone_and_kpis_say_by_themselves_whom_they_ask() -> None:
    for about in ("proposal", "kpi"):
        assert asked(replace(HELD, about=about, deputy="uwe"), INES) == ("ines",)
