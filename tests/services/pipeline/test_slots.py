"""`rotate: slot` that is added later moves nothing that people know, until a person says so; slots that they know stay
through edits. Tokyo and Los Angeles have no hour in common in summer."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scheduler.services.cases.partnerships import take_new_hours
from tests.builders import CELLS_DELIVERED, DEV, INITECH, JUNE, at
from tests.rules.reviews.test_slots import KENJI, WEST
from tests.services.pipeline.test_invitations import MAIL, ONLY_PIPELINE
from tests.services.town import Town

DAY_ONE, NEXT_DAY = at("2027-03-15 09:00"), at("2027-03-16 09:00")
ROTATED = {"every": "week", "on": "thursday", "rotate": "slot"}


def define(town: Town, terms: dict[str, Any], hours: str = "09:00-17:00") -> None:
    town.define(
        effective="2027-03-01",
        timezone="Asia/Tokyo",
        organisations={"initech": {**INITECH, "hours": hours}, "globex": WEST},
        people={"kenji": KENJI, "dev": DEV, "june": JUNE},
        kpis={"cells": {**CELLS_DELIVERED, "owner": "dev", "deputy": "june", "decides": "kenji"}},
        success_at_90_days={"criteria": [{"id": "cells", "says": "Cells arrive", "owner": "dev"}]},
        triggers=[{"when": "missed", "kpi": "cells", "times": 3}],
        reviews={**ONLY_PIPELINE, "pipeline": terms},
    )


def starts(town: Town) -> dict[date, str]:
    """The times of day of the reviews to come, in Tokyo, by their dates."""
    found = (each.review for each in town.reviews().values() if each.review.series == "pipeline")
    return {review.start.date(): f"{review.start:%H:%M}" for review in found if review.start > NEXT_DAY}


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    return build(mail=MAIL)


def test_added_later_it_moves_nothing_until_a_persons_word(town: Town) -> None:
    define(town, {**ROTATED, "rotate": []})
    town.cycle(DAY_ONE)
    assert town.problems() == []
    before = starts(town)
    define(town, ROTATED)
    town.cycle(NEXT_DAY)
    assert starts(town) == before and len({*before.values()}) == 1

    take_new_hours(town.app, "acme-globex", NEXT_DAY)
    town.cycle(NEXT_DAY)
    assert len({*starts(town).values()}) == 2


def test_slots_that_people_know_stay_through_an_edit_of_the_hours(town: Town) -> None:
    define(town, ROTATED)
    town.cycle(DAY_ONE)
    before = starts(town)
    assert len({*before.values()}) == 2
    define(town, ROTATED, hours="07:00-20:00")
    town.cycle(NEXT_DAY)
    assert {day: at for day, at in starts(town).items() if day in before} == before


def test_a_second_cycle_writes_nothing(town: Town) -> None:
    define(town, ROTATED)
    town.cycle(DAY_ONE)
    before = town.remembered()
    town.cycle(DAY_ONE)
    assert town.remembered() == before
