"""The next moment at which anything about a scope's KPIs changes by itself, so that nobody needs to look before it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.rules.kpis.ladder import flag, next_change
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.reviews.scopes import Scope
from tests.builders import TOM, a_reading, at
from tests.rules.kpis.owed import a_scope, an_excuse, owed

OCTOBER = a_reading(period="2026-10", reported_at=datetime(2026, 11, 9, 12, tzinfo=UTC))


def coming(
    scope: Scope,
    now: datetime,
    readings: Sequence[Reading] = (OCTOBER,),
    excuses: Sequence[Excuse] = (),
    until: str = "2026-12-31",
) -> datetime | None:
    return next_change(list(owed(scope, now, until, readings, excuses).values()), scope, now)


def midnight(day: str, zone: str = "America/Detroit") -> datetime:
    return at(f"{day} 00:00", zone)


def test_the_first_heads_up_is_the_next_change_and_then_the_reminder() -> None:
    scope = a_scope()

    assert coming(scope, at("2026-11-20 09:00")) == midnight("2026-12-03")
    assert coming(scope, midnight("2026-12-03") - timedelta(minutes=1)) == midnight("2026-12-03")
    assert coming(scope, midnight("2026-12-03")) == midnight("2026-12-09")


def test_the_moment_is_given_in_utc() -> None:
    found = coming(a_scope(), at("2026-11-20 09:00"))

    assert found == datetime(2026, 12, 3, 5, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_midnight_is_the_owners() -> None:
    scope = a_scope(people={"tom": {**TOM, "timezone": "Pacific/Kiritimati"}})

    assert coming(scope, at("2026-11-20 09:00")) == datetime(2026, 12, 2, 10, tzinfo=UTC)


def test_turning_overdue_is_a_change_where_no_step_comes_that_day() -> None:
    """Due on Saturday 12 December, overdue on Sunday, T+1 on Monday."""
    scope = a_scope(due="12 days")

    assert coming(scope, midnight("2026-12-12")) == midnight("2026-12-13")
    assert coming(scope, midnight("2026-12-13")) == midnight("2026-12-14")


def test_falling_due_is_a_change_also_where_the_ladder_is_silent() -> None:
    assert coming(a_scope(ladder=[]), at("2026-12-01 09:00")) == midnight("2026-12-10")


def test_a_midnight_that_the_clocks_skip_is_the_first_moment_of_its_day() -> None:
    """In Santiago 6 September 2026 begins at 01:00, when July's figure, due in 36 days, turns overdue."""
    scope = a_scope(
        effective="2026-07-01", ladder=[], due="36 days", people={"tom": {**TOM, "timezone": "America/Santiago"}}
    )
    begins = datetime(2026, 9, 6, 4, tzinfo=UTC)

    assert coming(scope, at("2026-09-05 12:00"), until="2026-09-30") == begins
    assert owed(scope, begins - timedelta(seconds=1))["2026-07"].status == "open"
    assert owed(scope, begins)["2026-07"].status == "overdue"


def test_the_last_step_repeats_so_an_overdue_kpi_always_has_a_next_change() -> None:
    assert coming(a_scope(), at("2029-01-01 09:00")) is not None


def test_where_all_is_reported_nothing_changes_by_itself() -> None:
    assert coming(a_scope(), at("2026-11-20 09:00"), readings=[OCTOBER, a_reading(period="2026-11")]) is None


def test_where_nothing_is_owed_nothing_changes() -> None:
    assert next_change([], a_scope(), at("2026-11-20 09:00")) is None


def test_an_excuse_without_a_date_changes_no_more() -> None:
    assert coming(a_scope(), at("2026-12-15 09:00"), excuses=[an_excuse()]) is None


def test_an_excuse_runs_out_at_the_midnight_after_its_last_day() -> None:
    assert coming(a_scope(), at("2026-12-11 09:00"), excuses=[an_excuse("2026-12-16")]) == midnight("2026-12-17")


def test_an_excuse_that_runs_out_before_its_period_has_ended_is_a_change_too() -> None:
    """November is excused until the 20th; October, due on the 13th, reaches T+6 on the 23rd."""
    now, excuses = at("2026-11-19 09:00"), [an_excuse("2026-11-20")]

    assert coming(a_scope(), now, readings=()) == midnight("2026-11-23")
    assert coming(a_scope(), now, readings=(), excuses=excuses) == midnight("2026-11-21")


# For every KPI


State = list[tuple[str, str, bool, int]]


def state(scope: Scope, now: datetime, readings: Sequence[Reading], excuses: Sequence[Excuse]) -> State:
    """All that `next_change` promises to foresee: status, whether the due day has come, how many steps are reached."""
    return [
        (
            each.period.label,
            each.status,
            each.status in ("open", "overdue") and local_date(scope, each.kpi, now) >= each.due,
            len(flag(each, scope, now).reached),
        )
        for each in owed(scope, now, "2027-03-31", readings, excuses).values()
    ]


SCOPES = st.builds(
    lambda every, due, grace, zone: a_scope(
        every=every, due=due, grace=grace, people={"tom": {**TOM, "timezone": zone}}
    ),
    every=st.sampled_from(["month", "quarter"]),
    due=st.sampled_from(["0 days", "1 working day", "8 working days", "20 days"]),
    grace=st.sampled_from(["0 working days", "3 working days"]),
    zone=st.sampled_from(["Pacific/Pago_Pago", "America/Detroit", "Europe/Berlin", "Pacific/Kiritimati"]),
)
NOWS = st.datetimes(datetime(2026, 9, 25), datetime(2027, 4, 10), timezones=st.just(UTC))
READINGS = st.sets(st.sampled_from(["2026-10", "2026-11", "2027-01", "2026-Q4"])).map(
    lambda labels: [a_reading(period=label) for label in sorted(labels)]
)
EXCUSES = st.dictionaries(
    st.sampled_from(["2026-10", "2026-12", "2027-02", "2026-Q4"]),
    st.none() | st.dates(date(2026, 9, 25), date(2027, 4, 10)).map(str),
).map(lambda untils: [an_excuse(until, period) for period, until in untils.items()])


@given(scope=SCOPES, now=NOWS, readings=READINGS, excuses=EXCUSES, part=st.floats(0, 1))
def test_nothing_changes_before_the_next_change_and_something_does_at_it(
    scope: Scope, now: datetime, readings: list[Reading], excuses: list[Excuse], part: float
) -> None:
    change = coming(scope, now, readings, excuses, until="2027-03-31")
    before = state(scope, now, readings, excuses)

    if change is None:
        assert state(scope, now + timedelta(days=3650), readings, excuses) == before
        return
    last = change - timedelta(microseconds=1)
    assert change > now
    assert state(scope, now + part * (last - now), readings, excuses) == before
    assert state(scope, last, readings, excuses) == before
    assert state(scope, change, readings, excuses) != before
