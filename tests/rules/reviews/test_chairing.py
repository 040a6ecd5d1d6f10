"""Who chairs a review where its chair declines, or is away. Acme has Inès and Marta, Globex Dev and June.

The steering review of Tuesday 8 December 2026, 15:00 in Berlin, is chaired by June.
"""

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says
from scheduler.rules.reviews.chairing import StandInChair, stand_in_chair
from scheduler.rules.reviews.scope import Scope
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, a_review, at, playbooks, written

STEERING = replace(a_review(), chair="june", attendees=("ines", "marta", "dev", "june"))
SAID_AT = at("2026-12-01 09:00")


def scope(**people: Any) -> Scope:
    known = written()["people"]
    changed = {key: {**known[key], **said} for key, said in people.items()}
    return scopes(a_partnership(people={**known, **changed}), playbooks())[0]


def answers(delegate: str | None = None, **said: Says) -> dict[str, RsvpStanding]:
    people = scope().people
    return {
        people[key].email.casefold(): RsvpStanding(Answer("", says, 0, SAID_AT, SAID_AT, delegate=delegate))
        for key, says in said.items()
    }


def test_a_chair_who_comes_or_has_not_answered_needs_nobody() -> None:
    assert stand_in_chair(STEERING, scope(), {}) is None
    assert stand_in_chair(STEERING, scope(), answers(june=Says.TENTATIVE)) is None
    assert stand_in_chair(replace(STEERING, chair=None), scope(), {}) is None


def test_where_the_chair_declines_the_alliance_manager_of_that_side_stands_in() -> None:
    assert stand_in_chair(STEERING, scope(), answers(june=Says.DECLINED)) == StandInChair("june", "declined", "dev")


@pytest.mark.parametrize(("days", "is_away"), [("2026-12-07", False), ("2026-12-08", True), ("2026-12-09", False)])
def test_the_day_counts_where_the_chair_lives(days: str, is_away: bool) -> None:
    found = stand_in_chair(STEERING, scope(june={"away": [days]}), {})
    assert found == (StandInChair("june", "away", "dev") if is_away else None)


def test_who_has_accepted_comes_whatever_the_definition_says() -> None:
    assert stand_in_chair(STEERING, scope(june={"away": ["2026-12-08"]}), answers(june=Says.ACCEPTED)) is None


def test_the_deputy_comes_first_and_before_them_whom_the_chair_sends() -> None:
    with_deputy = replace(STEERING, deputy="tom")
    assert stand_in_chair(with_deputy, scope(), answers(june=Says.DECLINED)) == ("june", "declined", "tom")
    sent = answers(delegate=written()["people"]["marta"]["email"], june=Says.DECLINED)
    assert stand_in_chair(with_deputy, scope(), sent) == ("june", "declined", "marta")


def test_who_declines_or_is_away_too_stands_in_for_nobody() -> None:
    declined = answers(june=Says.DECLINED, dev=Says.DECLINED)
    assert stand_in_chair(STEERING, scope(), declined) == ("june", "declined", "ines")
    away = scope(ines={"away": ["2026-12-08"]})
    assert stand_in_chair(STEERING, away, declined) == ("june", "declined", None)
