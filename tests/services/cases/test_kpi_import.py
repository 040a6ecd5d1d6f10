"""A file of readings is taken as a whole, tried without a trace, and known again."""

from decimal import Decimal

import pytest

from scheduler.domain.errors import BatchRefused, UserError
from scheduler.rules.access import OPERATOR
from scheduler.services.briefings import briefing
from scheduler.services.cases.kpi_import import import_all
from scheduler.services.cases.kpis import ReportedValue, report
from scheduler.services.state import state_of
from scheduler.services.views.kpi_history import kpi_history
from scheduler.store import partnerships, readings
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


# Before anything was owed ------------------------------------------------------------------------------------------

PAST = [
    ReportedValue(CELLS, value, period, by="tom", way="import")
    for period, value in (("2026-07", "0.12"), ("2026-08", "0.18"), ("2026-09", "0.22"))
]


def test_periods_before_the_first_owed_one_are_kept_as_history_and_owed_by_nobody(governed: Town) -> None:
    before = {name: governed.rows(name) for name in ("measure", "flag", "notice", "cause")}
    assert len(import_all(governed.app, PAST, NOW).done) == 3
    governed.cycle(NOW)
    assert {name: governed.rows(name) for name in before} == before
    shown = kpi_history(governed.app, CELLS, NOW, OPERATOR).periods
    assert [each.label for each in shown][:4] == ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert [each.owed for each in shown][:3] == [None, None, None]


def test_the_trend_of_the_agenda_begins_with_them(governed: Town) -> None:
    import_all(governed.app, [*PAST, FILE[0]], NOW)
    with governed.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        state = state_of(governed.app, db, row, NOW)
        found = briefing(state, state.recorded["acme-globex/operating/2026-12"])
    assert found
    [line] = [each for each in found.figures.kpis if each.name == "Cells delivered"]
    assert line.trend == ("0.12", "0.18", "0.22", "0.31") and line.latest == "0.31 GWh"


def test_a_correction_of_them_counts_and_the_same_once_more_is_nothing_new(governed: Town) -> None:
    import_all(governed.app, PAST, NOW)
    import_all(governed.app, [ReportedValue(CELLS, "0.13", "2026-07", by="tom", way="import")], LATER)
    [again] = import_all(
        governed.app, [ReportedValue(CELLS, "0.13", "2026-07", by="dev", way="import")], LATER
    ).done.values()
    assert not again.is_new
    with governed.database() as db:
        found = readings.current(db, "acme-globex")[CELLS, "2026-07"]
    assert (found.value, found.way) == (Decimal("0.13"), "history")


@pytest.mark.parametrize("period", ["2026-Q2", "2026-12", "2026-13", "July"])
def test_what_is_no_such_period_is_refused_as_ever(governed: Town, period: str) -> None:
    with pytest.raises(BatchRefused):
        import_all(governed.app, [ReportedValue(CELLS, "0.1", period, by="tom", way="import")], NOW)


def test_by_a_command_alone_nothing_of_before_is_reported(governed: Town) -> None:
    with pytest.raises(UserError):
        report(governed.app, CELLS, "2026-07", "0.12", None, "tom", NOW)
