"""RFC 5545 rules name dates, are anchored at the effective date, and are refused where they could not be followed."""

from datetime import date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.rules.calendar.rrule import check_rule, rule_dates

DAY_0 = date(2026, 10, 1)


def first(rule: str, count: int = 3, anchor: date = DAY_0) -> list[str]:
    return [str(day) for day in islice(rule_dates(rule, anchor), count)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", ["2026-10-13", "2026-11-10", "2026-12-08"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ["2026-10-12", "2026-10-26", "2026-11-09"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-10-30", "2026-11-30", "2026-12-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=WE", ["2026-12-30", "2032-12-29", "2037-12-30"]),
        ("freq=daily;count=2", ["2026-10-01", "2026-10-02"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;WKST=SU;", ["2026-10-31", "2026-12-31", "2027-01-31"]),
    ],
)
def test_a_rule_counts_from_the_effective_date(rule: str, days: list[str]) -> None:
    assert first(rule) == days


@pytest.mark.parametrize("until", ["20261110", "20261110T000000", "20261110T230000Z"])
def test_until_is_a_civil_date_and_is_included(until: str) -> None:
    assert first(f"FREQ=MONTHLY;BYDAY=2TU;UNTIL={until}", 9) == ["2026-10-13", "2026-11-10"]


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every tuesday",
        "INTERVAL=2",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;BYMINUTE=0",
        "FREQ=DAILY;BYSECOND=0",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=MONTHLY;BYDAY=2XX",
        "FREQ=MONTHLY;UNTIL=20269999",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYWEEKNO=3",
        "FREQ=DAILY\nDTSTART:19700101T000000",
        "FREQ=DAILY;DTSTART=19700101",
    ],
)
def test_what_is_no_rule_of_dates_is_refused(rule: str) -> None:
    with pytest.raises(InvalidValue):
        check_rule(rule, DAY_0)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;INTERVAL=20;BYMONTH=2;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20261012",
    ],
)
def test_a_rule_that_never_fires_or_not_within_ten_years_is_refused(rule: str) -> None:
    """1 October 2026 is a Thursday, so every seventh day is one; and 2030, 2034 … are no leap years."""
    with pytest.raises(InvalidValue, match=r"no date within ten years|before its first date"):
        check_rule(rule, DAY_0)


@settings(max_examples=60)
@given(
    anchor=st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    rule=st.sampled_from(
        ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;INTERVAL=3", "FREQ=YEARLY;BYDAY=20MO", "FREQ=MONTHLY"]
    ),
)
def test_the_dates_are_those_of_dateutil(anchor: date, rule: str) -> None:
    expected = rrulestr(rule, dtstart=datetime(anchor.year, anchor.month, anchor.day))
    assert list(islice(rule_dates(rule, anchor), 5)) == [moment.date() for moment in islice(expected, 5)]
