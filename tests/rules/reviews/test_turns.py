"""`rotate`: the sides of a series take turns, from the turn's number alone."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.review import Review, Window
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.reviews.turns import manager_of
from tests.builders import INITECH, a_partnership, at, playbooks, written

PEOPLE = written()["people"]
KENJI = {"name": "Kenji Sato", "email": "kenji.sato@initech.example", "of": "initech", "role": "alliance_manager"}
WINDOW = Window(at("2026-10-01 09:00"), date(2027, 6, 30))


def operating(rotate: Any, **changes: Any) -> list[Review]:
    """The operating reviews of Acme × Globex, with what their sides take in turn."""
    terms = {"rotate": rotate, "at": "15:00", **changes.pop("terms", {})}
    partnership = a_partnership(reviews={"operating": terms}, **changes)
    planned = plan_reviews(partnership, playbooks(), WINDOW).reviews
    return [review for review in planned if review.kind is Kind.OPERATING]


def test_the_sides_host_in_turn_in_the_order_of_the_definition() -> None:
    assert [each.host for each in operating("host")][:4] == ["acme", "globex", "acme", "globex"]


def test_they_write_the_minutes_in_turn_and_take_several_things_in_turn_at_once() -> None:
    first, second, *_ = operating(["minutes_by", "host"])
    assert (first.host, first.minutes_by, second.host, second.minutes_by) == ("acme", "acme", "globex", "globex")


def test_without_it_nobody_hosts_and_nobody_in_particular_writes_the_minutes() -> None:
    assert {(each.host, each.minutes_by) for each in operating([])} == {(None, None)}


def test_a_turn_is_the_same_whatever_window_it_is_asked_for() -> None:
    later = Window(at("2027-01-11 09:00"), date(2027, 6, 30))
    partnership = a_partnership(reviews={"operating": {"rotate": "host"}})
    found = {each.id: each.host for each in plan_reviews(partnership, playbooks(), later).reviews if each.host}
    assert (
        found.items() <= {each.id: each.host for each in plan_reviews(partnership, playbooks(), WINDOW).reviews}.items()
    )


def test_the_chair_alternates_over_the_sides_and_inside_a_side() -> None:
    chairs = [each.chair for each in operating("chair", terms={"chair": ["ines", "uwe", "dev"]})]
    assert chairs[:5] == ["ines", "dev", "uwe", "dev", "ines"]


def test_three_sides_have_the_chair_before_the_first_has_it_again() -> None:
    three = {"organisations": {**written()["organisations"], "initech": INITECH}, "people": {**PEOPLE, "kenji": KENJI}}
    assert [each.chair for each in operating("chair", **three)][:4] == ["ines", "dev", "kenji", "ines"]


def test_a_side_without_a_chair_is_led_by_its_first_attendee() -> None:
    chairs = [each.chair for each in operating("chair", terms={"chair": "ines", "attendees": ["ines", "tom"]})]
    assert chairs[:3] == ["ines", "tom", "ines"]


def test_whoever_acts_for_a_side_is_its_alliance_manager_else_its_sponsor_else_its_first() -> None:
    def scope(**changes: Any) -> Scope:
        people = {key: person for key, person in PEOPLE.items() if key not in changes.get("without", ())}
        return scopes(a_partnership(people=people), playbooks())[0]

    assert manager_of(scope(), "globex") == "dev"
    assert manager_of(scope(without=("dev",)), "globex") == "june"
    assert manager_of(scope(without=("dev", "june")), "globex") == "tom"
    assert manager_of(scope(), "initech") is None


def test_another_word_is_refused() -> None:
    with pytest.raises((InvalidValue, ValueError), match="host"):
        operating("hosts")
