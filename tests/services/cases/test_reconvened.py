"""A board of three members without quorum meets again within 15 days, as the consortium's playbook has it.

The executive board of the last quarter of 2026 is on Tuesday 17 November, 14:00 in Berlin; two thirds of the members
are a quorum: two of Acme, Globex and Initech. On Thursday 19 November Inès says who was there.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold, move
from scheduler.services.views.agenda import agenda
from scheduler.store import outbox, reviews
from tests.builders import ACME, GLOBEX, INITECH, at, written
from tests.services.town import Town

BOARD = "acme-globex/health-audit/2026-Q4"
AGAIN = f"{BOARD}-2"
BEFORE, NOW = at("2026-11-16 09:00"), at("2026-11-19 09:00")
ALONE = Attended(present=("ines",), absent=("marta", "dev", "june", "ken"))
KEN = {"name": "Ken Sato", "email": "ken.sato@initech.example", "of": "initech", "role": "alliance_manager"}


def a_consortium() -> dict[str, Any]:
    said = written(organisations={"acme": ACME, "globex": GLOBEX, "initech": INITECH}, model="consortium", layers={})
    contributions = dict.fromkeys(said["organisations"], "its part")
    return {
        **said,
        "people": {**said["people"], "ken": KEN},
        "agreement": {**said["agreement"], "contributions": contributions},
        "reviews": {},
    }


@pytest.fixture
def governed(town: Town) -> Town:
    town.define(a_consortium())
    town.cycle(BEFORE)
    assert town.problems() == []
    return town


def without_quorum(town: Town, now: Any = NOW) -> None:
    closed = hold(town.app, BOARD, None, "ines", now, ALONE)
    assert closed.after.quorate is False


def test_it_is_planned_by_itself_with_its_own_notice_quorum_and_identity(governed: Town) -> None:
    without_quorum(governed)
    again = governed.reviews()[AGAIN]
    assert again.status is Status.PLANNED
    assert again.review.title == "Executive board (reconvened)"
    assert again.review.start.date() == date(2026, 11, 26 + 4)  # Thu 26 and Fri 27 are days off of Globex
    assert dict(again.review.clocks)["notice_by"] <= again.review.start.date()
    assert again.review.quorum == "two thirds of the members"
    assert again.review.uid != governed.reviews()[BOARD].review.uid
    with governed.database() as db:
        assert reviews.history(db, AGAIN)[0].because == "reconvened: there was no quorum on Tue 17 Nov 2026"


def test_every_later_plan_keeps_it_where_it_is(governed: Town) -> None:
    without_quorum(governed)
    first = governed.reviews()[AGAIN]
    for later in ("2026-11-20 09:00", "2026-11-25 09:00", "2026-11-30 09:00"):
        governed.cycle(at(later))
        assert governed.reviews()[AGAIN] == first
    governed.define({**a_consortium(), "goal": "another goal"})
    governed.cycle(at("2026-11-30 10:00"))
    assert governed.reviews()[AGAIN] == first


def test_a_person_may_move_it(governed: Town) -> None:
    without_quorum(governed)
    move(governed.app, AGAIN, date(2026, 12, 1), None, "ines", NOW)
    governed.cycle(at("2026-11-20 09:00"))
    assert governed.reviews()[AGAIN].review.start.date() == date(2026, 12, 1)


def test_two_without_quorum_lead_to_no_third(governed: Town) -> None:
    without_quorum(governed)
    after = at("2026-12-01 09:00")
    assert hold(governed.app, AGAIN, None, "ines", after, ALONE).after.quorate is False
    governed.cycle(after)
    assert [id for id in governed.reviews() if id.startswith(BOARD)] == [BOARD, AGAIN]


def test_where_the_days_in_which_it_is_to_be_held_are_over_nobody_convenes_it(governed: Town) -> None:
    """17 November and 15 days are 2 December: on that day it is convened, a day later no more."""
    without_quorum(governed, at("2026-12-03 09:00"))
    assert AGAIN not in governed.reviews()


def test_on_the_last_of_these_days_it_is_held_as_soon_as_its_notice_allows(governed: Town) -> None:
    without_quorum(governed, at("2026-12-02 23:00"))
    assert governed.reviews()[AGAIN].review.start.date() == date(2026, 12, 9)


def test_with_a_quorum_or_where_it_is_not_known_there_is_none(governed: Town) -> None:
    hold(governed.app, BOARD, None, "ines", NOW, Attended(present=("ines",)))
    assert AGAIN not in governed.reviews()
    hold(governed.app, BOARD, None, "ines", NOW, Attended(present=("dev", "ken")))
    assert AGAIN not in governed.reviews()


def test_a_correction_calls_it_off_and_another_one_calls_it_again_under_the_same_uid(governed: Town) -> None:
    without_quorum(governed)
    hold(governed.app, BOARD, None, "ines", NOW, Attended(present=("dev",)))
    off = governed.reviews()[AGAIN]
    assert (off.status, off.sequence) == (Status.CANCELLED, 1)
    assert off.because == "what was said of the quorum on Tue 17 Nov 2026 was corrected"
    hold(governed.app, BOARD, None, "ines", at("2026-11-20 09:00"), Attended(absent=("dev",)))
    again = governed.reviews()[AGAIN]
    assert (again.status, again.sequence, again.review.uid) == (Status.PLANNED, 2, off.review.uid)


def test_a_series_that_its_playbook_does_not_convene_again_goes_on_as_planned(governed: Town) -> None:
    leads = "acme-globex/operating/2026-10"
    assert hold(governed.app, leads, None, "ines", NOW, ALONE).after.quorate is False
    assert f"{leads}-2" not in governed.reviews()


def test_everybody_is_invited_to_it_by_itself_and_the_series_goes_on(build: Callable[..., Town]) -> None:
    town = build(mail={"sender": "cadence@alliances.example"})
    town.define(a_consortium())
    town.cycle(BEFORE)
    before = invited(town)
    without_quorum(town)
    found = invited(town)[len(before) :]
    assert {(method, subject) for method, subject, _ in found} == {("REQUEST", AGAIN)}
    assert {to for _, _, to in found} >= {"ines.falk@acme.example", "ken.sato@initech.example"}
    town.cycle(at("2026-11-20 09:00"))
    assert invited(town)[len(before) :] == found


def test_the_next_agenda_says_that_there_was_no_quorum(governed: Town) -> None:
    without_quorum(governed)
    for id, is_said in ((AGAIN, True), ("acme-globex/operating/2026-12", False)):
        said = agenda(governed.app, id, None, NOW, html=False)
        assert ("There was no quorum at the last meeting, on Tue 17 Nov 2026." in said) is is_said


def invited(town: Town) -> list[tuple[str, str, str]]:
    """The invitations on their way, oldest first."""
    with town.database() as db:
        letters = sorted(outbox.listing(db), key=lambda each: each.id or 0)
    return [(each.method, each.subject, each.email) for each in letters if each.method != outbox.NOTICE]
