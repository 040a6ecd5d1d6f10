"""A review series or a layer that bears another key: what is on record goes on, under the ids and UIDs that it has."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Recorded, uid
from scheduler.rules.reviews.transitions import held, skipped
from scheduler.services.cases.checkpoint import judge
from scheduler.services.cases.course import CourseWord, decide
from scheduler.services.cases.kpis import report
from scheduler.services.cases.minutes import file_minutes
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import outbox, reviews
from tests.builders import CELLS_DELIVERED, LANDED_COST, at, written
from tests.services.town import Town

OFF = {"off": True}
QUIET = dict.fromkeys(("pipeline", "operating", "health-audit", "sponsors", "strategy"), OFF)
WEEKLY = {"title": "Cell layout", "every": "week", "on": "tuesday", "at": "15:00", "attendees": ["ines", "dev"]}
MONTHLY = {"title": "Line layout", "every": "month", "on": "second thursday", "at": "10:00"}
FIRST, LATER, LATEST = at("2026-10-05 10:00"), at("2026-10-08 10:00"), at("2026-10-09 10:00")
HELD = "acme-globex/design/2026-W41"
ASIA = "acme-globex/asia/checkpoint"
LAYER = {"name": "Asia licence", "model": "contractual_alliance", "effective": "2026-10-01", "reviews": QUIET}


def notices(town: Town) -> list[dict[str, Any]]:
    """What people are told, but that the definition was edited: that they hear each time."""
    return [row for row in town.rows("notice") if row["about"] != "definition"]


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    """Everybody was invited to the weekly and the monthly layout review; one was held, and left two things open."""
    town = build(mail={"sender": "cadence@alliances.example"})
    define(town, FIRST, design=WEEKLY, line=MONTHLY)
    now = at("2026-10-07 10:00")
    said = "## Parked\n- Second press\n\n## Actions\n- Dev: order the press by 2026-10-30\n"
    with town.app.store.write() as db:
        after = held(town.reviews()[HELD], said, now)
        reviews.save_many(db, [after])
        file_minutes(town.app, db, Partnership.model_validate(written()), after, now)
        govern_in(town.app, db, "acme-globex", now)
    town.cycle(at("2026-10-07 10:05"))
    return town


def define(town: Town, now: datetime, **reviews: Any) -> None:
    town.define(reviews={**QUIET, **reviews})
    town.cycle(now)


def sent(town: Town) -> list[tuple[str, str, str]]:
    with town.database() as db:
        return sorted((each.method, each.uid, each.email) for each in outbox.listing(db) if each.method != "NOTICE")


def identities(town: Town) -> dict[str, tuple[str, int, str]]:
    return {row["id"]: (row["uid"], row["sequence"], row["status"]) for row in town.rows("review")}


def of_series(town: Town, series: str) -> list[Recorded]:
    return [each for each in town.reviews().values() if each.review.series_id == series]


def test_a_renamed_series_keeps_ids_and_uids_and_nobody_hears_of_it(town: Town) -> None:
    before, letters, count = identities(town), sent(town), len(of_series(town, "acme-globex/design"))
    assert letters and count
    define(town, LATER, layout={**WEEKLY, "renamed_from": "design"}, line=MONTHLY)

    assert town.problems() == [] and sent(town) == letters
    after = identities(town)
    assert {id: after[id] for id in before} == before
    assert after.keys() - before.keys() <= {each.id for each in of_series(town, "acme-globex/layout")}
    assert len(of_series(town, "acme-globex/layout")) >= count and of_series(town, "acme-globex/design") == []
    assert not [row for row in town.rows("revision") if row["action"] == "cancel"]


def test_parked_items_actions_and_the_invitation_to_the_series_go_on_under_the_new_key(town: Town) -> None:
    define(town, LATER, layout={**WEEKLY, "renamed_from": "design"}, line=MONTHLY)

    assert [(row["series"], row["review"]) for row in town.rows("parked_item")] == [("acme-globex/layout", HELD)]
    assert [(row["series"], row["review"]) for row in town.rows("action")] == [("acme-globex/layout", HELD)]
    (whole,) = (row for row in town.rows("invited") if row["subject"] == "acme-globex/layout")
    assert (whole["uid"], whole["closed"]) == (uid("series:acme-globex/design"), False)
    (agenda,) = (path for path in town.files() if path.endswith("design/2026-W42.md"))
    assert "Second press" in town.read(agenda) and "order the press" in town.read(agenda)


def test_what_comes_onto_the_record_later_bears_the_new_key_and_the_series_stays_one(town: Town) -> None:
    define(town, LATER, layout={**WEEKLY, "renamed_from": "design"}, line=MONTHLY)
    letters = sent(town)
    town.cycle(at("2026-10-20 10:00"))

    ids = [each.id for each in of_series(town, "acme-globex/layout")]
    new = [id for id in ids if id.startswith("acme-globex/layout/")]
    assert new and ids == sorted(ids, key=lambda id: id.rpartition("/")[2]) and len(ids) == len({*ids})
    assert [each for each in sent(town) if each not in letters and each[1] == uid("series:acme-globex/design")] == []


def test_renamed_twice_and_taken_back_a_series_goes_on_as_one(town: Town) -> None:
    before, letters = identities(town), sent(town)
    define(town, LATER, layout={**WEEKLY, "renamed_from": "design"}, line=MONTHLY)
    define(town, LATEST, cells={**WEEKLY, "renamed_from": "layout"}, line=MONTHLY)
    assert len(of_series(town, "acme-globex/cells")) > 10 and sent(town) == letters
    define(town, at("2026-10-09 11:00"), design=WEEKLY, line=MONTHLY)

    assert town.problems() == [] and sent(town) == letters
    assert {id: each for id, each in identities(town).items() if id in before} == before
    assert {each.review.series for each in town.reviews().values()} == {"design", "line", "checkpoint"}
    assert [row["series"] for row in town.rows("parked_item")] == ["acme-globex/design"]


def test_a_key_in_ids_of_a_series_that_bears_another_one_now_is_no_other_series(town: Town) -> None:
    define(town, LATER, layout={**WEEKLY, "renamed_from": "design"}, line=MONTHLY)
    before = identities(town)
    define(town, LATEST, layout=WEEKLY, line=MONTHLY, design={**MONTHLY, "title": "Design"})

    (problem,) = town.problems()
    assert problem["what"].startswith("acme-globex/design is what acme-globex/layout was called before")
    assert "another key" in problem["hint"] and identities(town) == before


def test_a_series_of_the_playbook_goes_on_under_a_key_of_ones_own(build: Callable[..., Town]) -> None:
    town = build(mail={"sender": "cadence@alliances.example"})
    town.define(reviews={**QUIET, "pipeline": {"at": "15:00"}})
    town.cycle(FIRST)
    before, letters = identities(town), sent(town)
    quiet = {key: off for key, off in QUIET.items() if key != "pipeline"}
    town.define(reviews={**quiet, "weekly": {"at": "15:00", "renamed_from": "pipeline"}})
    town.cycle(LATER)

    assert town.problems() == [] and sent(town) == letters
    assert {id: each for id, each in identities(town).items() if id in before} == before
    assert of_series(town, "acme-globex/pipeline") == []


def test_a_renamed_layer_keeps_the_ids_of_its_reviews_and_nobody_hears_of_it(build: Callable[..., Town]) -> None:
    """Its checkpoint too, with what was judged and decided there; and the vacant seat is told no second time."""
    town = build(mail={"sender": "cadence@alliances.example"})
    success = {"criteria": [{"id": "royalties", "says": "Royalties are paid", "owner": "dev"}]}
    layer = {**LAYER, "reviews": {**QUIET, "design": WEEKLY}, "success_at_90_days": success}
    town.define(reviews=QUIET, layers={"asia": layer})
    town.cycle(FIRST)
    before, letters, told = identities(town), sent(town), len(notices(town))
    assert "acme-globex/asia/checkpoint" in before
    town.define(reviews=QUIET, layers={"apac": {**layer, "renamed_from": "asia"}})
    town.cycle(at("2026-10-05 11:00"))

    assert town.problems() == [] and sent(town) == letters and len(notices(town)) == told
    assert {id: each for id, each in identities(town).items() if id in before} == before
    assert {each.review.layer for each in town.reviews().values()} == {None, "apac"}
    assert [each.id for each in of_series(town, "acme-globex/apac/checkpoint")] == ["acme-globex/asia/checkpoint"]
    assert {row["scope"] for row in town.rows("scope_seen")} == {"acme-globex", "acme-globex/apac"}
    town.define(reviews=QUIET, layers={"asia": layer})
    town.cycle(at("2026-10-05 12:00"))
    assert sent(town) == letters and {id: each for id, each in identities(town).items() if id in before} == before


def test_the_checkpoint_of_a_renamed_layer_is_judged_and_relaunched_under_the_id_that_it_has(
    build: Callable[..., Town],
) -> None:
    town = build()
    success = {"criteria": [{"id": "royalties", "says": "Royalties are paid", "owner": "dev"}]}
    layer = {**LAYER, "success_at_90_days": success}
    town.define(reviews=QUIET, layers={"asia": layer})
    town.cycle(FIRST)
    judge(town.app, ASIA, "royalties", "missed", "none yet", "dev", at("2026-12-29 09:00"))
    town.define(reviews=QUIET, layers={"apac": {**layer, "renamed_from": "asia"}})
    town.cycle(at("2026-12-29 10:00"))
    decide(town.app, ASIA, CourseWord("relaunch", "the licence came late", "ines"), at("2026-12-30 16:00"))
    town.cycle(at("2026-12-30 17:00"))

    checkpoints = of_series(town, "acme-globex/apac/checkpoint")
    assert [(each.id, str(each.status)) for each in checkpoints] == [(ASIA, "planned"), (f"{ASIA}-2", "planned")]
    assert town.problems() == []
    (agenda,) = (path for path in town.files() if path.endswith("asia/checkpoint.md"))
    assert "missed" in town.read(agenda) and "none yet" in town.read(agenda)


def test_a_trigger_that_waits_for_skipped_reviews_goes_on_under_the_new_key(build: Callable[..., Town]) -> None:
    town = build()
    town.define(reviews={**QUIET, "design": WEEKLY}, triggers=[{"when": "skipped", "review": "design", "times": 1}])
    town.cycle(FIRST)
    with town.app.store.write() as db:
        reviews.save_many(db, [skipped(town.reviews()[HELD], "strike", at("2026-10-06 08:00"))])
        govern_in(town.app, db, "acme-globex", at("2026-10-06 08:00"))
    (before,) = town.rows("cause")
    assert before["key"].startswith("skipped/acme-globex/design/") and before["review"]
    town.cycle(at("2026-10-06 10:00"))
    told = len(notices(town))
    layout = {**WEEKLY, "renamed_from": "design"}
    town.define(reviews={**QUIET, "layout": layout}, triggers=[{"when": "skipped", "review": "layout", "times": 1}])
    town.cycle(at("2026-10-06 11:00"))

    (after,) = town.rows("cause")
    assert after["key"].startswith("skipped/acme-globex/layout/") and after["ended_at"] is None
    assert after["review"] == before["review"] and (town.problems(), len(notices(town))) == ([], told)


# KPIs


def test_a_renamed_kpi_whose_trigger_is_open_fires_no_second_time(build: Callable[..., Town]) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    missed = [{"when": "missed", "kpi": "any", "times": 2}]
    town = build()
    town.define(success_at_90_days=criteria, triggers=missed)
    town.cycle()
    for period, day in (("2026-10", "2026-11-05"), ("2026-11", "2026-12-04")):
        for kpi, value in (("cells-delivered", "0.1"), ("landed-cost", "90")):
            report(town.app, f"acme-globex/{kpi}", period, value, None, None, at(f"{day} 15:00"))
        town.cycle(at(f"{day} 15:10"))
    assert [row["ended_at"] for row in town.rows("cause")] == [None]
    called, told = identities(town), len(notices(town))
    renamed = {"cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}, "landed-cost": LANDED_COST}
    town.define(success_at_90_days=criteria, triggers=missed, kpis=renamed)
    town.cycle(at("2026-12-04 16:00"))

    assert town.problems() == [], "it waits for no word"
    assert [row["ended_at"] for row in town.rows("cause")] == [None]
    assert identities(town).keys() == called.keys() and len(notices(town)) == told


def test_a_program_reports_under_a_key_whose_rename_was_taken_back(build: Callable[..., Town]) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    town = build()
    town.define(success_at_90_days=criteria)
    town.cycle()
    renamed = {"cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}, "landed-cost": LANDED_COST}
    town.define(success_at_90_days=criteria, kpis=renamed)
    town.cycle(at("2026-11-09 15:00"))
    town.define(success_at_90_days=criteria)
    town.cycle(at("2026-11-09 16:00"))
    done = report(town.app, "acme-globex/cells", "2026-10", "0.31", None, None, at("2026-11-10 15:00"))
    assert done.reading.kpi == "acme-globex/cells-delivered"
