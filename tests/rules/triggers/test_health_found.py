"""A health check in which the sides are two steps apart calls a formal review, once for each area and round."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scheduler.domain.definition.trigger import HealthFound
from scheduler.domain.record.health import HealthRound
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.triggers.kinds import health_found
from scheduler.rules.triggers.situation import Situation
from tests.builders import a_partnership, at, playbooks
from tests.rules.health_checks.test_results import closed


def situation(round: HealthRound | None) -> Situation:
    partnership = a_partnership()
    [scope] = scopes(partnership, playbooks())
    rounds = [replace(round, closed_at=at("2027-04-21 00:00"))] if round else []
    return Situation(partnership, scope, [], {}, at("2027-04-21 09:00"), health_rounds=rounds)


def fired(trigger: HealthFound, round: HealthRound | None) -> list[str]:
    return [each.key for each in health_found.causes(trigger, situation(round))]


def test_without_a_bound_it_fires_by_what_the_playbook_calls_red() -> None:
    red = HealthFound(when="health")
    keys = fired(red, closed([2, 2, 2], [4, 4, 4]))
    assert keys[0] == "health/acme-globex/health/2027-H1/strategic-value" and len(keys) == 4
    assert fired(red, closed([4, 4, 4], [4, 4, 5])) == []
    assert fired(red, closed([3, 3, 3], [3, 3, 3])) != []
    assert fired(red, None) == []


def test_its_own_bounds_take_the_place_of_those() -> None:
    wide = HealthFound(when="health", gap=Decimal("2.5"))
    assert fired(wide, closed([2, 2, 2], [4, 4, 4])) == []
    assert len(fired(wide, closed([1, 1, 1], [4, 4, 4]))) == 4
    low = HealthFound(when="health", below=Decimal("2.5"))
    assert fired(low, closed([3, 3, 3], [5, 5, 5])) == []
    assert len(fired(low, closed([2, 2, 2], [2, 2, 3]))) == 4


def test_a_side_with_too_few_answers_fires_nothing() -> None:
    assert fired(HealthFound(when="health"), closed([1, 1], [4, 4, 4])) == []


def test_it_says_what_it_found_and_before_a_round_that_there_was_none() -> None:
    [none] = health_found.forecast(HealthFound(when="health"), situation(None))
    assert (none.holds, none.says) == (False, "no health check was closed yet")
    [found] = health_found.forecast(HealthFound(when="health"), situation(closed([2, 2, 2], [4, 4, 4])))
    assert found.holds and "Trust and candour: the sides are 2.00 apart" in found.says
    [cause, *_] = health_found.causes(HealthFound(when="health"), situation(closed([2, 2, 2], [4, 4, 4])))
    assert cause.says == "The health check found Strategic value: the sides are 2.00 apart"
    assert cause.evidence[0].on == date(2027, 4, 20)
