"""KPIs × readings × now → measurements: which periods are owed, by which day, and how they stand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import scopes
from tests.builders import CELLS_DELIVERED, TOM, Written, a_partnership, a_reading, at, playbooks
from tests.rules.kpis.owed import CELLS, a_scope, an_excuse, owed

NOVEMBER_DUE = date(2026, 12, 10)
"""1 to 4 and 7 to 10 December are the eight working days after November, in Michigan as in Bavaria."""


# Which periods


def test_the_first_period_is_the_first_whole_one_from_the_effective_date() -> None:
    assert list(owed(a_scope(effective="2026-10-01"), until="2027-01-31")) == ["2026-10", "2026-11", "2026-12"]
    assert list(owed(a_scope(effective="2026-10-02"), until="2027-01-31")) == ["2026-11", "2026-12"]


def test_from_says_otherwise_later_and_also_earlier() -> None:
    later: Written = {"from": "2026-12-01"}
    before_the_agreement: Written = {"from": "2026-07-15"}

    assert next(iter(owed(a_scope(**later)))) == "2026-12"
    assert next(iter(owed(a_scope(**before_the_agreement)))) == "2026-08"


def test_the_last_period_is_the_last_whole_one_before_the_end() -> None:
    assert list(owed(a_scope(ends="2026-12-30"))) == ["2026-10", "2026-11"]
    assert list(owed(a_scope(ends="2026-12-31"))) == ["2026-10", "2026-11", "2026-12"], "the end is still a day of it"


def test_a_period_is_owed_once_its_due_day_lies_within_the_horizon() -> None:
    assert list(owed(a_scope(), until="2026-12-09")) == ["2026-10"]
    assert list(owed(a_scope(), until="2026-12-10")) == ["2026-10", "2026-11"]


def test_nothing_is_owed_before_the_partnership_begins() -> None:
    assert owed(a_scope(effective="2028-01-01"), until="2027-12-31") == {}


def test_a_weekly_kpi_crosses_31_december_through_iso_week_53() -> None:
    weeks = owed(a_scope(every="week", due="2 working days"), until="2027-01-15")

    assert list(weeks)[-4:] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
    assert (weeks["2026-W53"].period.first, weeks["2026-W53"].period.last) == (date(2026, 12, 28), date(2027, 1, 3))
    assert weeks["2026-W53"].due == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("every", "labels"),
    [
        ("quarter", ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]),
        ("half-year", ["2027-H1", "2027-H2"]),
        ("year", ["2027"]),
    ],
)
def test_quarters_half_years_and_years_are_the_calendars(every: str, labels: list[str]) -> None:
    assert list(owed(a_scope(every=every), until="2028-01-31")) == labels


def test_a_fiscal_kpi_follows_the_fiscal_year_of_the_organisation_it_names() -> None:
    """Acme's year starts in November, so its first whole quarter after 1 October 2026 opens fiscal 2027."""
    scope = a_scope(every="quarter", fiscal="acme", due="45 days", acme={"fiscal_year_starts": "november"})
    quarters = owed(scope, until="2027-06-30")

    assert list(quarters) == ["FY2027-Q1", "FY2027-Q2"]
    assert quarters["FY2027-Q1"].period.first == date(2026, 11, 1)
    assert quarters["FY2027-Q1"].due == date(2027, 3, 17), "45 days after 31 January"


def test_a_layers_kpi_counts_from_the_layers_own_effective_date_and_bears_its_name() -> None:
    layer = {
        "name": "Cell chemistry licence, Asia-Pacific",
        "model": "contractual_alliance",
        "form": "licensing",
        "effective": "2027-01-15",
        "kpis": {"royalties": {**CELLS_DELIVERED, "every": "quarter", "due": "10 working days"}},
    }
    _, licence = scopes(a_partnership(layers={"apac-licence": layer}), playbooks())
    (first, *_) = measurements(licence, {}, {}, at("2027-07-01 12:00"), date(2027, 12, 31))

    assert first.id == "acme-globex/apac-licence/royalties"
    assert (first.layer, first.period.label) == ("apac-licence", "2027-Q2")


# By which day


def test_due_days_are_the_working_days_of_the_owners_organisation_and_not_of_the_other() -> None:
    """After October, Michigan has Election Day and Veterans Day off; after December, Bavaria has Epiphany."""
    tom, uwe = owed(a_scope(owner="tom")), owed(a_scope(owner="uwe"))

    assert (tom["2026-10"].due, uwe["2026-10"].due) == (date(2026, 11, 13), date(2026, 11, 11))
    assert (tom["2026-12"].due, uwe["2026-12"].due) == (date(2027, 1, 13), date(2027, 1, 14))


def test_an_owner_of_no_organisation_works_when_every_organisation_works() -> None:
    chair = {"name": "Noor Haddad", "email": "noor.haddad@chair.example", "timezone": "Europe/Zurich"}
    months = owed(a_scope(people={"noor": chair}, owner="noor", deputy=None))

    assert months["2026-10"].due == date(2026, 11, 13), "Michigan's holidays"
    assert months["2026-12"].due == date(2027, 1, 14), "and Bavaria's"


def test_calendar_days_may_end_on_a_sunday() -> None:
    november = owed(a_scope(due="20 days"))["2026-11"]

    assert (november.due, november.overdue_since) == (date(2026, 12, 20), date(2026, 12, 21))


def test_where_the_kpi_is_silent_the_playbook_says_when_it_is_due() -> None:
    assert owed(a_scope(due=None, every="quarter"))["2026-Q4"].due == date(2027, 1, 15), "10 working days"


def test_grace_adds_working_days_before_overdue_and_leaves_the_due_day() -> None:
    november = owed(a_scope(grace="2 working days"))["2026-11"]

    assert november.due == NOVEMBER_DUE
    assert november.overdue_since == date(2026, 12, 15), "Friday 11 and Monday 14 are grace"


# How they stand


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Berlin", "America/Detroit"])
def test_the_due_day_itself_is_not_overdue_in_the_owners_zone(zone: str) -> None:
    scope = a_scope(people={"tom": {**TOM, "timezone": zone}})

    def status(clock: str) -> str:
        return owed(scope, now=at(clock, zone))["2026-11"].status

    assert owed(scope)["2026-11"].due == NOVEMBER_DUE
    assert status("2026-12-10 00:00") == "open"
    assert status("2026-12-10 23:59") == "open"
    assert status("2026-12-11 00:00") == "overdue"
    assert status("2026-12-11 00:01") == "overdue"


def test_a_day_ends_25_hours_later_in_pago_pago_than_in_kiritimati() -> None:
    kiritimati, pago_pago = datetime(2026, 12, 10, 10, tzinfo=UTC), datetime(2026, 12, 11, 11, tzinfo=UTC)

    for zone, end in (("Pacific/Kiritimati", kiritimati), ("Pacific/Pago_Pago", pago_pago)):
        scope = a_scope(people={"tom": {**TOM, "timezone": zone}})
        assert owed(scope, now=end - timedelta(minutes=1))["2026-11"].status == "open"
        assert owed(scope, now=end)["2026-11"].status == "overdue"


def test_without_a_zone_of_their_own_an_owner_lives_in_their_organisations() -> None:
    """A minute before midnight in Detroit it is breakfast time in Berlin."""
    now = at("2026-12-10 23:59", "America/Detroit")

    assert owed(a_scope(owner="tom"), now)["2026-11"].status == "open"
    assert owed(a_scope(owner="uwe"), now)["2026-11"].status == "overdue"


def test_grace_postpones_overdue_to_the_midnight_after_it() -> None:
    scope = a_scope(grace="2 working days")

    assert owed(scope, now=at("2026-12-14 23:59", "America/Detroit"))["2026-11"].status == "open"
    assert owed(scope, now=at("2026-12-15 00:00", "America/Detroit"))["2026-11"].status == "overdue"


def test_a_late_report_does_not_skip_the_next_period() -> None:
    """Tom reports November on 20 January, a week after December fell due."""
    late = a_reading(period="2026-11", reported_at=at("2027-01-20 09:00"))
    months = owed(a_scope(), now=at("2027-01-20 10:00"), readings=[late])

    assert months["2026-11"].status == "reported"
    assert (months["2026-12"].status, months["2026-12"].due) == ("overdue", date(2027, 1, 13))
    assert (months["2027-01"].status, months["2027-01"].due) == ("open", date(2027, 2, 10))


def test_an_early_report_does_not_push_the_next_period() -> None:
    """Tom reports November on the 27th, before it has ended."""
    early = a_reading(period="2026-11", reported_at=at("2026-11-27 09:00"))
    with_it = owed(a_scope(), now=at("2026-11-27 10:00"), readings=[early])
    without = owed(a_scope(), now=at("2026-11-27 10:00"))

    assert with_it["2026-11"].status == "reported"
    assert {label: each.due for label, each in with_it.items()} == {label: each.due for label, each in without.items()}
    assert with_it["2026-12"].status == "open"


def test_a_reading_counts_for_its_own_period_and_its_own_kpi() -> None:
    elsewhere = a_reading(period="2026-11", kpi="acme-globex/formats-qualified")
    months = owed(a_scope(), now=at("2027-01-20 10:00"), readings=[elsewhere, a_reading(period="2026-12")])

    assert (months["2026-11"].status, months["2026-12"].status) == ("overdue", "reported")
    assert months["2026-11"].reading is None


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    first = a_reading("0.31", reported_at=at("2026-12-08 09:00"))
    corrected = replace(first, value=Decimal("0.28"), met=False, reported_at=at("2026-12-15 09:00"))
    november = owed(a_scope(), now=at("2026-12-16 09:00"), readings=[first, corrected])["2026-11"]

    assert november.status == "reported"
    assert november.reading == corrected


def test_an_excuse_without_a_date_holds_for_good() -> None:
    november = owed(a_scope(), now=at("2030-01-01 09:00"), excuses=[an_excuse()])["2026-11"]

    assert november.status == "excused"
    assert november.excuse == an_excuse()


def test_an_excuse_with_a_date_holds_through_that_day_in_the_owners_zone() -> None:
    def status(clock: str, until: str) -> str:
        return owed(a_scope(), now=at(clock, "America/Detroit"), excuses=[an_excuse(until)])["2026-11"].status

    assert status("2027-01-08 23:59", until="2027-01-08") == "excused"
    assert status("2027-01-09 00:00", until="2027-01-08") == "overdue"
    assert status("2026-12-05 00:00", until="2026-12-04") == "open", "it ran out before the period fell due"


def test_an_excused_period_that_is_reported_is_reported() -> None:
    november = owed(a_scope(), readings=[a_reading()], excuses=[an_excuse()])["2026-11"]

    assert november.status == "reported"


def test_each_kpi_is_named_and_ordered_by_period() -> None:
    months = list(owed(a_scope()).values())

    assert {each.id for each in months} == {CELLS}
    assert [each.period.first for each in months] == sorted(each.period.first for each in months)


# For every KPI


EVERY = st.sampled_from(["week", "month", "quarter", "half-year", "year"])
DUE = st.sampled_from(["2 working days", "8 working days", "20 days", "1 day"])
GRACE = st.integers(0, 5).map("{} working days".format)
EFFECTIVE = st.dates(date(2025, 1, 1), date(2027, 6, 30)).map(str)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
ORDER = ["open", "overdue"]


@given(every=EVERY, due=DUE, grace=GRACE, effective=EFFECTIVE, moments=st.tuples(MOMENTS, MOMENTS))
def test_time_alone_only_ever_turns_open_into_overdue(
    every: str, due: str, grace: str, effective: str, moments: tuple[datetime, datetime]
) -> None:
    scope = a_scope(every=every, due=due, grace=grace, effective=effective)
    earlier, later = (owed(scope, now=now, until="2028-12-31") for now in sorted(moments))

    assert list(earlier) == list(later)
    for label in earlier:
        assert ORDER.index(earlier[label].status) <= ORDER.index(later[label].status)


@given(every=EVERY, due=DUE, grace=GRACE, effective=EFFECTIVE)
def test_periods_are_whole_follow_on_one_another_and_fall_due_after_their_end(
    every: str, due: str, grace: str, effective: str
) -> None:
    found = list(owed(a_scope(every=every, due=due, grace=grace, effective=effective), until="2029-12-31").values())

    assert found[0].period.first >= date.fromisoformat(effective)
    assert all(one.period.last + timedelta(days=1) == two.period.first for one, two in pairwise(found))
    assert all(each.period.last < each.due < each.overdue_since for each in found)
