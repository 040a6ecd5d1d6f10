"""A period is its days, and its label is a name: where the two differ, people read the days."""

from datetime import date

import pytest

from scheduler.domain.record.measurement import Period


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("FY2027-Q1", "2026-07-01", "2026-09-30"),
        ("FY2027-H2", "2026-11-01", "2027-04-30"),
        ("FY2027", "2026-04-01", "2027-03-31"),
    ],
)
def test_a_period_whose_label_says_its_days_is_called_by_it(label: str, first: str, last: str) -> None:
    assert Period(label, date.fromisoformat(first), date.fromisoformat(last)).name == label


@pytest.mark.parametrize(
    ("label", "first", "last", "days"),
    [
        ("2027-04", "2027-04-01", "2027-04-11", "1 to 11 Apr 2027"),
        ("2027-04", "2027-04-01", "2027-04-01", "1 Apr 2027"),
        ("2026-W53", "2026-12-28", "2026-12-31", "28 to 31 Dec 2026"),
        ("2027-W26", "2027-06-28", "2027-07-02", "28 Jun to 2 Jul 2027"),
        ("2027-Q2", "2027-04-01", "2027-04-30", "1 to 30 Apr 2027"),
        ("FY2027-H2", "2026-11-01", "2027-02-28", "1 Nov 2026 to 28 Feb 2027"),
        ("2027", "2027-01-01", "2027-06-30", "1 Jan to 30 Jun 2027"),
        ("FY2027-Q1-2027-01-01", "2027-01-01", "2027-03-31", "1 Jan to 31 Mar 2027"),
    ],
)
def test_a_period_whose_label_says_other_days_is_called_with_its_own(
    label: str, first: str, last: str, days: str
) -> None:
    assert Period(label, date.fromisoformat(first), date.fromisoformat(last)).name == f"{label} ({days})"
