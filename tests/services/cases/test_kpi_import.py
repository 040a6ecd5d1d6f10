"""A file of readings is taken as a whole, tried without a trace, and known again."""

import pytest

from scheduler.domain.errors import BatchRefused
from scheduler.services.cases.kpi_import import import_all
from scheduler.services.cases.kpis import ReportedValue
from scheduler.store import readings
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW, LATER = at("2026-11-21 09:00"), at("2026-12-20 09:00")
CELLS, COST = "acme-globex/cells-delivered", "acme-globex/landed-cost"
FILE = [ReportedValue(CELLS, "0.31", by="tom", way="import"), ReportedValue(COST, "90", by="uwe", way="import")]


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def test_a_file_that_is_only_tried_leaves_nothing(governed: Town) -> None:
    before = governed.remembered()
    assert len(import_all(governed.app, FILE, NOW, dry_run=True).done) == 2
    assert governed.remembered() == before


def test_of_a_file_with_a_wrong_line_nothing_is_taken(governed: Town) -> None:
    before = governed.remembered()
    with pytest.raises(BatchRefused) as refused:
        import_all(governed.app, [*FILE, ReportedValue(CELLS, "much", "2026-10", by="tom", way="import")], NOW)
    assert [place for place, _ in refused.value.faults] == [2]
    assert governed.remembered() == before


def test_a_file_imported_twice_fills_no_further_period(governed: Town) -> None:
    import_all(governed.app, FILE, NOW)
    again = import_all(governed.app, FILE, LATER)
    assert (again.done, again.before) == ({}, NOW)
    with governed.database() as db:
        assert {period for _, period in readings.current(db, "acme-globex")} == {"2026-10"}


def test_an_import_and_what_follows_are_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        import_all(governed.app, FILE, NOW)
