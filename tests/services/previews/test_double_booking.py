"""Whom the reviews on record expect in two partnerships at once, as `check` tells the operator."""

from scheduler.services.previews.double_booking import Clash, clashes
from scheduler.store import partnerships
from tests.builders import at
from tests.rules.reviews.test_planner import only
from tests.services.town import Town
from tests.services.views.test_overlaps import NOW, define


def found(town: Town) -> dict[str, Clash]:
    with town.database() as db:
        return {each.file.stem: each for each in clashes(town.app, db, NOW)}


def test_a_series_is_told_once_on_each_side_with_an_hour_that_is_free_for_all(town: Town) -> None:
    define(town)
    town.cycle(NOW)
    ours, theirs = (found(town)[name] for name in ("acme-globex", "initech-globex"))
    first = "acme-globex/pipeline/2026-W45"
    assert ours.says.startswith(
        f"{first} overlaps with initech-globex/pipeline/2026-W45: Dev Patel cannot be at both; "
    )
    assert ours.says.endswith("more of its series meet reviews of other partnerships, too")
    assert ours.way_out == (
        f"Wed 2026-11-04 15:30 Europe/Berlin is free for all: cadence review move {first} --to 2026-11-04T15:30"
    )
    assert theirs.says.startswith("initech-globex/pipeline/2026-W45 overlaps with acme-globex/pipeline/2026-W45: ")


def test_hours_apart_and_partnerships_that_have_ended_are_no_clash(town: Town) -> None:
    define(town, only(pipeline={"on": "tuesday", "at": "16:00"}))
    town.cycle(NOW)
    assert found(town) == {}
    define(town)
    town.cycle(at("2026-11-02 10:00"))
    assert found(town)
    with town.app.store.write() as db:
        partnerships.end(db, "initech-globex", at("2026-11-02 11:00"))
        partnerships.wake(db, "initech-globex", at("2026-11-02 11:00"))
    town.cycle(at("2026-11-02 11:01"))
    assert found(town) == {}
