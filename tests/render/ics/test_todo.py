"""A due KPI as a to-do and as its all-day twin."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.measurement import Excuse, Measurement, MeasureStatus
from scheduler.render.ics.model import Due
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import scopes
from tests.builders import CELLS_DELIVERED, GLOBEX, LANDED_COST, TOM, a_partnership, a_reading, playbooks
from tests.render.bar import Block, assert_well_formed
from tests.render.calendars import CHANGED, CREATED, YEAR, a_due, a_meeting, partnership_calendar


def entries(due: Due) -> tuple[Block, Block]:
    """The VTODO and its twin."""
    calendar = assert_well_formed(partnership_calendar(due.partnership, [], [due], YEAR))
    (todo,), (twin,) = calendar.named("VTODO"), calendar.named("VEVENT")
    return todo, twin


def values(component: Block, *names: str) -> tuple[str, ...]:
    return tuple(component.the(name).value for name in names)


@pytest.mark.parametrize(
    "status, todo, twin, prefix",
    [
        ("open", ("NEEDS-ACTION", "0", "5"), "CONFIRMED", "Due: "),
        ("overdue", ("NEEDS-ACTION", "0", "1"), "CONFIRMED", "Overdue: "),
        ("reported", ("COMPLETED", "100", "5"), "CONFIRMED", "Reported: "),
        ("excused", ("CANCELLED", "0", "5"), "CANCELLED", "Excused: "),
    ],
)
def test_the_standing_of_a_kpi_is_that_of_both_its_entries(
    status: MeasureStatus, todo: tuple[str, str, str], twin: str, prefix: str
) -> None:
    task, day = entries(a_due(status))
    assert values(task, "STATUS", "PERCENT-COMPLETE", "PRIORITY") == todo
    assert values(day, "STATUS") == (twin,)
    assert day.the("SUMMARY").text == f"{prefix}Cells delivered 2026-12 – Acme × Globex battery cells"


def test_a_due_kpi_says_what_is_asked_of_whom_by_when_and_who_decides() -> None:
    task, _ = entries(a_due(asked="dev", asked_because="Tom Reyes is away until 15 Jan 2027"))
    assert task.the("DESCRIPTION").text == (
        "Target: >= 0.3 GWh, each month\n"
        "Asked: Dev Patel (Tom Reyes is away until 15 Jan 2027)\n"
        "Due by the end of Thu 14 Jan 2027 (America/Detroit)\n"
        "Decides: Inès Falk"
    )
    assert task.the("CONTACT").text == "Dev Patel"


@pytest.mark.parametrize(
    "due, told",
    [
        (a_due("overdue"), "Overdue since Fri 15 Jan 2027."),
        (a_due("reported"), "Reported: 0.31 GWh, target met."),
        (a_due("reported", reading=a_reading("0.29")), "Reported: 0.29 GWh, target missed."),
        (a_due("excused", excuse=Excuse("k", "2026-12", "the line stands still")), "Excused: the line stands still"),
        (
            a_due("excused", excuse=Excuse("k", "2026-12", "audit", date(2027, 2, 1))),
            "Excused, until Mon 1 Feb 2027: audit",
        ),
    ],
)
def test_it_says_what_has_become_of_it(due: Due, told: str) -> None:
    task, _ = entries(due)
    assert task.the("DESCRIPTION").text.splitlines()[0] == told


def test_a_milestone_is_met_or_missed_and_has_no_figure() -> None:
    partnership = a_partnership(kpis={"plant": {**CELLS_DELIVERED, "unit": None, "target": "yes"}})
    missed = replace(a_reading("0"), value=Decimal(0), met=False)
    task, _ = entries(a_due("reported", key="plant", partnership=partnership, reading=missed))
    assert task.the("DESCRIPTION").text.startswith("Reported: missed.")


def test_both_entries_move_with_the_due_date_and_are_never_doubled() -> None:
    before, after = entries(a_due("overdue")), entries(a_due("open", due=date(2027, 1, 20), sequence=2))
    for old, new in zip(before, after, strict=True):
        assert old.the("UID").value == new.the("UID").value
        assert values(new, "SEQUENCE", "DTSTAMP") == ("2", f"{CHANGED:%Y%m%dT%H%M%SZ}")
    assert after[0].the("DUE").day == after[1].the("DTSTART").day == date(2027, 1, 20)


def test_each_period_has_entries_of_its_own() -> None:
    dues = [a_due(period=f"2027-{month:02}", due=date(2027, month, 15)) for month in range(1, 13)]
    calendar = assert_well_formed(partnership_calendar(a_partnership(), [], dues, YEAR))
    assert len({each.the("UID").value for each in calendar.blocks}) == 24


def test_a_kpi_and_a_review_of_the_same_key_and_period_are_two_things() -> None:
    partnership = a_partnership(kpis={"pipeline": CELLS_DELIVERED})
    review = a_meeting(period="2026-12", clocks=(), partnership=partnership)
    due = a_due(key="pipeline", partnership=partnership)
    assert review.recorded.id == f"{due.measurement.id}/2026-12"
    assert_well_formed(partnership_calendar(partnership, [review], [due], YEAR))


def test_a_corrected_reading_is_a_newer_version_with_the_same_sequence() -> None:
    first = a_due("reported", sequence=1)
    late = a_reading("0.33", reported_at=datetime(2027, 1, 22, 9, 0, 1, tzinfo=UTC))
    corrected = a_due("reported", sequence=1, reading=late)
    assert values(entries(first)[0], "SEQUENCE", "LAST-MODIFIED") == ("1", f"{CHANGED:%Y%m%dT%H%M%SZ}")
    assert values(entries(corrected)[0], "SEQUENCE", "LAST-MODIFIED") == ("1", "20270122T090001Z")
    assert values(entries(corrected)[0], "COMPLETED") == ("20270122T090001Z",)


@pytest.mark.parametrize("due", [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)])
def test_a_to_do_starts_before_it_is_due_also_where_it_is_due_on_the_periods_last_day(due: date) -> None:
    task, _ = entries(a_due(due=due))
    assert task.the("DTSTART").day < task.the("DUE").day == due
    assert task.the("DTSTART").day <= date(2026, 12, 31)


@pytest.mark.parametrize(
    "zone, now, status",
    [
        ("Pacific/Pago_Pago", "2027-01-15T10:59Z", "open"),  # 23:59 on the 14th
        ("Pacific/Pago_Pago", "2027-01-15T11:00Z", "overdue"),
        ("Pacific/Kiritimati", "2027-01-14T09:59Z", "open"),  # 23:59 on the 14th, eleven hours before London
        ("Pacific/Kiritimati", "2027-01-14T10:00Z", "overdue"),
    ],
)
def test_the_day_is_the_owners_civil_date_from_utc_minus_11_to_utc_plus_14(zone: str, now: str, status: str) -> None:
    partnership = a_partnership(
        organisations={"acme": GLOBEX, "globex": {"name": "Globex Cells", "timezone": zone}},
        kpis={"cells-delivered": {**CELLS_DELIVERED, "due": "14 days"}},
    )
    (december,) = _owed(partnership, datetime.fromisoformat(now), "2026-12")
    task, twin = entries(Due(december, partnership, 0, CREATED, CREATED))
    assert december.status == status
    assert (task.the("DUE").value, twin.the("DTSTART").value, twin.the("DTEND").value) == (
        "20270114",
        "20270114",
        "20270115",
    )
    assert f"Due by the end of Thu 14 Jan 2027 ({zone})" in task.the("DESCRIPTION").text


def _owed(partnership: Partnership, now: datetime, period: str) -> list[Measurement]:
    scope = scopes(partnership, playbooks())[0]
    return [each for each in measurements(scope, {}, {}, now, date(2027, 3, 1)) if each.period.label == period]


def test_a_kpi_of_a_layer_names_the_layer_and_is_known_by_its_own_id() -> None:
    layer = {
        "name": "Cell licence",
        "model": "contractual_alliance",
        "effective": "2026-10-15",
        "kpis": {"k": CELLS_DELIVERED},
    }
    due = a_due(layer="apac", id="acme-globex/apac/cells-delivered", partnership=a_partnership(layers={"apac": layer}))
    task, _ = entries(due)
    assert task.the("SUMMARY").text == "Due: Cells delivered 2026-12 – Acme × Globex battery cells / Cell licence"
    assert task.the("UID").value != entries(a_due())[0].the("UID").value


def test_the_zone_is_the_owners_even_where_their_organisation_lives_elsewhere() -> None:
    partnership = a_partnership(
        people={"tom": {**TOM, "timezone": "Asia/Tokyo"}}, kpis={"cells-delivered": CELLS_DELIVERED}
    )
    assert a_due(partnership=partnership).zone == "Asia/Tokyo"


def test_the_network_level_is_not_hidden_in_a_calendar_that_is_shared() -> None:
    assert not entries(a_due())[0].has("CLASS")
    assert a_due(key="landed-cost").kpi.of == LANDED_COST["of"]
