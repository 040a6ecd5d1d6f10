"""The dates of an agreement: the cancel-by date, and how a tacit renewal rolls every date forward."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.agreement import Agreement, after, before
from scheduler.domain.phrases import Span
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, at, playbooks


def an_agreement(ends: str = "2029-09-30", **renewal: Any) -> Agreement:
    terms = {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days", **renewal}
    return Agreement.model_validate({"effective": "2026-10-01", "ends": ends, "renewal": terms})


def test_the_cancel_by_date_is_the_end_less_notice_and_transit() -> None:
    assert an_agreement().cancel_by() == date(2029, 5, 23)


@pytest.mark.parametrize("kind", ["none", "express"])
def test_only_a_tacit_renewal_happens_by_itself(kind: str) -> None:
    assert an_agreement(kind=kind).as_of(date(2031, 1, 1)).ends == date(2029, 9, 30)


def test_a_tacit_renewal_rolls_the_end_once_the_cancel_by_date_has_passed_unused() -> None:
    """On the cancel-by day itself notice may still leave."""
    assert an_agreement().as_of(date(2029, 5, 23)).ends == date(2029, 9, 30)
    renewed = an_agreement().as_of(date(2029, 5, 24))
    assert (renewed.ends, renewed.cancel_by()) == (date(2030, 9, 30), date(2030, 5, 23))


def test_years_unattended_roll_it_as_often_as_it_takes() -> None:
    assert an_agreement().as_of(date(2033, 1, 1)).ends == date(2033, 9, 30)


def test_a_changed_date_counts_from_the_change_on() -> None:
    assert an_agreement(ends="2030-03-31").as_of(date(2029, 5, 24)).ends == date(2030, 3, 31)


def test_the_end_of_february_stays_the_end_of_february() -> None:
    assert after(date(2027, 2, 28), Span(12, "month")) == date(2028, 2, 29)
    assert after(date(2028, 2, 29), Span(1, "year")) == date(2029, 2, 28)


def test_a_renewal_for_no_time_at_all_rolls_nothing() -> None:
    assert an_agreement(**{"for": "0 months"}).as_of(date(2031, 1, 1)).ends == date(2029, 9, 30)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 40))
def test_months_back_and_months_on_meet_within_the_days_a_month_may_lack(day: date, months: int) -> None:
    there_and_back = before(after(day, Span(months, "month")), Span(months, "month"))
    assert abs(there_and_back - day) <= timedelta(days=3)


def test_the_cadence_goes_on_after_a_tacit_renewal() -> None:
    terms = {"ends": "2027-09-30", "renewal": {"kind": "tacit", "for": "12 months", "notice": "60 days"}}
    partnership = a_partnership(agreement=terms)
    ends = {
        now: scopes(partnership.as_of(at(now)), playbooks())[0].ends for now in ("2027-08-01 12:00", "2027-08-02 12:00")
    }
    assert list(ends.values()) == [date(2027, 9, 30), date(2028, 9, 30)]
