"""A slip in the target of October's cells is mended from the first of October on, by Dev's word in November."""

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain.errors import UserError
from scheduler.services.cases.corrections import Correction, correct, correction
from scheduler.services.cases.kpis import report
from scheduler.store import versions
from tests.builders import CELLS_DELIVERED, LANDED_COST, at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW, SINCE = at("2026-11-21 09:00"), date(2026, 10, 1)
CELLS = "acme-globex/cells-delivered"


@pytest.fixture
def slipped(town: Town) -> Town:
    town.define()
    town.cycle(at("2026-11-04 09:00"))
    report(town.app, CELLS, "2026-10", "0.2", None, "tom", at("2026-11-05 15:00"))
    town.define(kpis={"cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.1"}, "landed-cost": LANDED_COST})
    return town


def declared(town: Town, by: str | None = "dev") -> Correction:
    return correction(town.app, "acme-globex", SINCE, by, NOW)


def kinds(town: Town) -> list[tuple[str, str | None]]:
    with town.database() as db:
        return [(each.kind, each.person) for each in versions.listing(db, "acme-globex")]


def test_what_a_correction_changes_is_said_before_and_nothing_is_changed_by_looking(slipped: Town) -> None:
    before = slipped.remembered()
    assert any("2026-10: missed" in each and "met" in each for each in declared(slipped).lines)
    assert slipped.remembered() == before


def test_both_versions_stay_with_who_declared_the_correction(slipped: Town) -> None:
    correct(slipped.app, declared(slipped), "dev", NOW)
    assert kinds(slipped) == [("first", None), ("correction", "dev")]


def test_a_file_that_has_changed_since_it_was_shown_is_shown_anew(slipped: Town) -> None:
    shown = declared(slipped)
    Path(shown.path).write_text(shown.text.decode() + "\n# later\n", encoding="utf-8")
    before = slipped.remembered()
    with pytest.raises(UserError, match="has changed meanwhile"):
        correct(slipped.app, shown, "dev", NOW)
    assert slipped.remembered() == before


def test_a_stranger_corrects_nothing(slipped: Town) -> None:
    with pytest.raises(UserError, match="no person"):
        declared(slipped, by="dave")


def test_a_correction_is_one_transaction(slipped: Town, breaks_off: BreaksOff) -> None:
    shown = declared(slipped)
    with breaks_off(slipped):
        correct(slipped.app, shown, "dev", NOW)
