"""A database of a program that knew nothing of what sides bear: it is worked out at the first governing, for what lies
behind as well, and changes no review and tells nobody."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.store import tables
from scheduler.store.tables import PartnershipRow, ReviewRow
from tests.builders import at
from tests.services.pipeline.test_invitations import MAIL, ONLY_PIPELINE
from tests.services.town import Town

EARLY = {**ONLY_PIPELINE, "pipeline": {"every": "week", "on": "tuesday", "at": "14:00"}}
UPGRADE = at("2026-11-10 12:00")


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    built = build(mail=MAIL)
    built.define(reviews=EARLY)
    for day in ("2026-10-02 12:00", "2026-11-10 12:00"):
        built.cycle(at(day))
    with built.app.store.write() as db:
        db.execute(update(tables.table(ReviewRow)).values(burdens=None))
        db.execute(update(tables.table(PartnershipRow)).values(fingerprint="the planner before"))
    return built


def kept(town: Town) -> dict[str, list[dict[str, Any]]]:
    return {name: town.rows(name) for name in ("revision", "notice", "letter", "told", "invited")}


def test_the_first_governing_notes_what_sides_bear_and_nothing_else(town: Town) -> None:
    before, reviews = kept(town), town.reviews()
    town.cycle(UPGRADE)

    assert kept(town) == before
    assert town.reviews() == reviews
    bears = {id: record.burdens for id, record in town.reviews().items()}
    assert all(found is not None for found in bears.values())
    assert {(each.organisation, each.minutes) for found in bears.values() for each in found or ()} == {("globex", 60)}
    assert bears["acme-globex/pipeline/2026-W42"] == bears["acme-globex/pipeline/2026-W50"] != ()


def test_a_second_one_writes_nothing(town: Town) -> None:
    town.cycle(UPGRADE)
    before = town.remembered()
    town.cycle(UPGRADE)
    assert town.remembered() == before
