"""A reading is reported: Tom (Globex, Detroit) owes the cells, Uwe (Acme, Berlin) the landed cost, which is Acme's own.

It is Saturday 21 November 2026, 09:00 in Berlin: October has ended for both.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from scheduler.domain.errors import BatchRefused, NeedsConfirmation, NotTheirs, UnknownKpi, UserError
from scheduler.services.cases.kpis import Reported, ReportedValue, report, report_all
from scheduler.services.kpi_lookup import Limits
from scheduler.store import flags, partnerships, readings
from tests.builders import ACME, CELLS_DELIVERED, DEV, GLOBEX, TOM, at, written
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
CELLS, COST, READY = "acme-globex/cells-delivered", "acme-globex/landed-cost", "acme-globex/line-ready"


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def say(
    town: Town,
    value: str = "0.31",
    kpi: str = CELLS,
    period: str | None = "2026-10",
    note: str | None = None,
    by: str | None = "tom",
    now: datetime = NOW,
) -> Reported:
    return report(town.app, kpi, period, value, note, by, now)


def say_all(town: Town, *entries: ReportedValue, limits: Limits = Limits()) -> list[Reported]:  # noqa: B008  (it is frozen)
    return report_all(town.app, entries, NOW, limits)


def values(town: Town, kpi: str = CELLS) -> list[Decimal]:
    with town.database() as db:
        return [each.value for each in readings.history(db, kpi)]


def overdue(town: Town) -> set[str]:
    with town.database() as db:
        return {flag.kpi for flag in flags.open_flags(db)}


def test_a_reading_is_recorded_and_its_flag_closes_in_the_same_transaction(governed: Town) -> None:
    assert overdue(governed) == {CELLS, COST}
    done = say(governed, note=" two lines ")
    assert (done.is_new, done.is_settled, done.corrects) == (True, True, None)
    assert (done.reading.value, done.reading.met, done.reading.by, done.reading.note) == (
        Decimal("0.31"),
        True,
        "tom",
        "two lines",
    )
    assert overdue(governed) == {COST}


def test_a_correction_keeps_what_it_replaces_and_settles_nothing_twice(governed: Town) -> None:
    first = say(governed)
    done = say(governed, "0.28")
    assert (done.corrects, done.is_settled, done.reading.met) == (first.reading, False, False)
    assert values(governed) == [Decimal("0.31"), Decimal("0.28")]


def test_the_very_same_again_changes_nothing(governed: Town) -> None:
    say(governed, note="counted")
    before = governed.remembered()
    again = say(governed, " 0.310 ", note="counted ", by="dev", now=NOW + timedelta(hours=1))
    assert not again.is_new and again.reading.by == "tom" and governed.remembered() == before
    assert say(governed, note="counted twice").is_new, "another note is another word"


def test_without_a_period_it_is_the_oldest_that_has_ended_and_waits(governed: Town) -> None:
    later = at("2026-12-20 09:00")
    assert say(governed, period=None, now=later).reading.period == "2026-10"
    assert say(governed, period=None, now=later).reading.period == "2026-11"
    with pytest.raises(UserError, match="owes no reading"):
        say(governed, period=None, now=later)


def test_a_person_is_known_by_their_mail_address_too(governed: Town) -> None:
    assert say(governed, by="TOM.REYES@globex.example").reading.by == "tom"
    assert say(governed, "0.2", by=None).reading.by is None


def test_a_period_is_reported_from_the_midnight_after_its_end_on_in_its_owners_zone(governed: Town) -> None:
    midnight = at("2026-12-01 00:00", "America/Detroit")
    with pytest.raises(UserError, match="ends on 2026-11-30"):
        say(governed, period="2026-11", now=midnight - timedelta(minutes=1))
    assert say(governed, period="2026-11", now=midnight).is_new


@pytest.mark.parametrize(
    ("said", "what", "hint"),
    [
        ({"kpi": "acme-globex/cells-deliverd"}, "no KPI", "did you mean acme-globex/cells-delivered?"),
        ({"kpi": "acme-globx/cells-delivered"}, "no partnership", "did you mean acme-globex?"),
        ({"kpi": ""}, "no partnership", "cadence list"),
        ({"period": "2026-01"}, "no period", "did you mean 2026-10?"),
        ({"value": "nan"}, "is not a number", "0.31"),
        ({"value": "1" + "0" * 400}, "is not a number", "0.31"),
        ({"value": "1e400"}, "is not a number", "0.31"),
        ({"value": "a lot"}, "is not a number", "0.31"),
        ({"value": "met"}, "is no number", "report the number"),
        ({"value": "0.31\x1b[31m\n"}, "is not a number", "0.31"),
        ({"by": "tam"}, "no person", "did you mean tom?"),
        ({"note": "a\x00"}, "the note", "plain text"),
        ({"note": "x" * 2001}, "the note", "2,000"),
    ],
)
def test_what_cannot_be_recorded_is_told_with_the_way_out(
    governed: Town, said: dict[str, str], what: str, hint: str
) -> None:
    with pytest.raises(UserError) as told:
        say(governed, **said)  # type: ignore[arg-type]  # each value is of its key's type
    assert what in told.value.what and hint in told.value.hint and told.value.what.isprintable()
    assert len(told.value.what) < 200 and values(governed) == []


def test_of_a_partnership_that_was_ended_nothing_is_reported(governed: Town) -> None:
    with governed.app.store.write() as db:
        partnerships.end(db, "acme-globex", NOW)
    with pytest.raises(UserError, match="was ended on 2026-11-21"):
        say(governed)


def test_a_milestone_is_met_or_missed(town: Town) -> None:
    milestone = {**CELLS_DELIVERED, "unit": None, "target": "yes"}
    criterion = {"id": "ready", "says": "The line is ready", "kpi": "line-ready"}
    town.define(kpis={"line-ready": milestone}, success_at_90_days={"criteria": [criterion]})
    town.cycle(NOW)
    assert say(town, "Met", READY).reading.met and not say(town, "missed", READY).reading.met
    with pytest.raises(UserError, match="does not say whether"):
        say(town, "0.7", READY)


def test_nobody_reports_a_kpi_they_may_not_see(governed: Town) -> None:
    """The landed cost is Acme's own: Uwe and Inès report it, Tom and Dev of Globex do not."""
    for outsider in ("tom", "dev"):
        with pytest.raises(NotTheirs, match="internal to acme"):
            say(governed, "91", COST, by=outsider)
    assert say(governed, "91", COST, by="uwe").is_new and say(governed, "90", COST, by="ines").is_new


# Numbers ------------------------------------------------------------------------------------------------------------


def test_a_number_is_read_as_its_reporter_writes_numbers_else_as_their_organisation_does(town: Town) -> None:
    organisations = {"acme": {**ACME, "numbers": "1.234,5"}, "globex": {**GLOBEX, "numbers": "1,234.5"}}
    people = {**written()["people"], "dev": {**DEV, "numbers": "1 234,5"}}
    town.define(organisations=organisations, people=people)
    town.cycle(NOW)
    assert say(town, "0,301", by="tom").reading.value == Decimal("0.301")
    assert say(town, "1.240", by="tom").reading.value == Decimal("1.240")
    assert say(town, "1,240", by="dev").reading.value == Decimal("1.240")
    assert say(town, "91,125", COST, by="uwe").reading.value == Decimal("91.125")
    with pytest.raises(UserError, match=r"two ways, as 1240 or as 1\.240"):
        say(town, "1.240", by="dev")
    with pytest.raises(UserError, match="two ways"):
        say(town, "1.240", by=None)


def test_where_all_organisations_write_alike_nobody_needs_to_be_named(town: Town) -> None:
    organisations = {"acme": {**ACME, "numbers": "1,234.5"}, "globex": {**GLOBEX, "numbers": "1,234.5"}}
    town.define(organisations=organisations)
    town.cycle(NOW)
    assert say(town, "1.240", by=None).reading.value == Decimal("1.240")


@pytest.mark.parametrize(("numbers", "typed"), [(None, "1000"), ("1.234,5", "1.000,5"), ("1,234.5", "1,000.5")])
def test_a_value_that_is_asked_back_stands_there_as_it_can_be_typed_again(
    town: Town, numbers: str | None, typed: str
) -> None:
    people = {**written()["people"], "tom": {**TOM, **({"numbers": numbers} if numbers else {})}}
    town.define(people=people)
    town.cycle(NOW)
    with pytest.raises(NeedsConfirmation) as asked:
        say(town, typed)
    shown = asked.value.what.partition(" GWh is ")[0]
    assert shown == {"1000": "1000", "1.000,5": "1000,5", "1,000.5": "1000.5"}[typed]
    report(town.app, CELLS, "2026-10", shown, None, "tom", NOW, confirmed=True)
    assert values(town) == [Decimal(1000) if numbers is None else Decimal("1000.5")]


def test_a_value_far_from_target_and_history_is_asked_back_and_taken_once_it_is_confirmed(governed: Town) -> None:
    with pytest.raises(NeedsConfirmation, match=r"310 GWh is 1,033 × the target \(at least 0.3 GWh\): really") as asked:
        say(governed, "310")
    assert asked.value.hint.endswith("--confirm") and values(governed) == []
    done = report(governed.app, CELLS, "2026-10", "310", None, "tom", NOW, confirmed=True)
    assert done.is_new and not say(governed, "310").is_new, "what is on record is not asked about again"
    later = at("2026-12-20 09:00")
    assert say(governed, "290", period="2026-11", now=later).is_new, "and vouches for what comes after it"


def test_how_a_reading_came_in_is_on_record(governed: Town) -> None:
    say(governed)
    say_all(governed, ReportedValue(COST, "91", way="api"))
    with governed.database() as db:
        ways = [each.way for kpi in (CELLS, COST) for each in readings.history(db, kpi)]
    assert ways == ["command", "api"]


# Many at once -------------------------------------------------------------------------------------------------------


def test_all_or_nothing_and_every_fault_at_once(governed: Town) -> None:
    entries = [
        ReportedValue(CELLS, "0.31"),
        ReportedValue(CELLS, "lots", "2026-10"),
        ReportedValue(COST, "91"),
        ReportedValue("acme-globex/x", "1"),
    ]
    with pytest.raises(BatchRefused) as refused:
        say_all(governed, *entries)
    assert [(index, type(fault)) for index, fault in refused.value.faults] == [(1, UserError), (3, UnknownKpi)]
    assert values(governed) == values(governed, COST) == [] and overdue(governed) == {CELLS, COST}


def test_a_later_entry_sees_what_an_earlier_one_reported(governed: Town) -> None:
    first, second = say_all(governed, ReportedValue(CELLS, "0.31"), ReportedValue(CELLS, "0.28", "2026-10"))
    assert second.corrects == first.reading and (first.is_settled, second.is_settled) == (True, True)
    with pytest.raises(BatchRefused):
        say_all(governed, ReportedValue(COST, "91"), ReportedValue(COST, "90"))
    assert values(governed, COST) == []


def test_nothing_at_all_is_no_fault(governed: Town) -> None:
    assert say_all(governed) == []


# Limits -------------------------------------------------------------------------------------------------------------


def test_an_organisation_neither_writes_nor_learns_of_anothers_kpi(governed: Town) -> None:
    globex = Limits("acme-globex", "globex")
    told = []
    for name in (COST, "acme-globex/landed-coin"):
        with pytest.raises(BatchRefused) as refused:
            say_all(governed, ReportedValue(name, "91"), limits=globex)
        [(_, fault)] = refused.value.faults
        assert isinstance(fault, UnknownKpi)
        told.append((fault.what.replace(name, ""), fault.hint))
    assert told[0] == told[1] and say_all(governed, ReportedValue(CELLS, "0.31", by="tom"), limits=globex)


@pytest.mark.parametrize("limits", [Limits("globex-initech"), Limits(None, "initech"), Limits("acme-globex", "x")])
def test_beyond_its_limits_a_partnership_is_not_there(governed: Town, limits: Limits) -> None:
    def fault(name: str) -> UserError:
        with pytest.raises(BatchRefused) as refused:
            say_all(governed, ReportedValue(name, "1"), limits=limits)
        return refused.value.faults[0][1]

    there, nowhere = fault(CELLS), fault("nowhere/cells-delivered")
    assert isinstance(there, UnknownKpi) and there.hint == nowhere.hint
    assert there.what.replace("acme-globex", "x") == nowhere.what.replace("nowhere", "x")


def test_within_limits_an_organisation_speaks_for_its_own_people(governed: Town) -> None:
    with pytest.raises(BatchRefused) as refused:
        say_all(governed, ReportedValue(CELLS, "0.31", by="tom"), limits=Limits(None, "acme"))
    assert isinstance(refused.value.faults[0][1], NotTheirs)


def test_a_cut_off_transaction_leaves_nothing(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        report(governed.app, CELLS, None, "0.31", None, None, NOW)
