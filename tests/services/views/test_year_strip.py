"""A year of reviews, a lane for each series: what became of each, and when a side does not work."""

from dataclasses import replace
from datetime import date

import pytest

from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.standing.adherence import Outcome, PastOccurrence
from scheduler.services.views.year_strip import StripReview, days_off, lanes, span
from tests.builders import a_review

FIRST, LAST = date(2026, 5, 1), date(2027, 4, 30)
BAVARIA = {"name": "Acme", "country": "DE", "region": "BY", "closed": ["2026-12-24", "2026-12-28/2026-12-31"]}


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 21), date(2026, 5, 1), date(2027, 4, 30)),
        (date(2027, 1, 1), date(2026, 7, 1), date(2027, 6, 30)),
        (date(2027, 6, 30), date(2026, 12, 1), date(2027, 11, 30)),
    ],
)
def test_the_strip_is_twelve_months_of_which_the_seventh_runs(today: date, first: date, last: date) -> None:
    assert span(today) == (first, last)


def shown(record: Recorded, outcome: Outcome | None = None) -> StripReview | None:
    review, day = record.review, record.review.start.date()
    became = (
        PastOccurrence(record.id, review.series_id, "", "", day, outcome, None, None, None, day) if outcome else None
    )
    found = [*lanes([record], [became] if became else [], FIRST, LAST, {})]
    return found[0].reviews[0] if found else None


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("held", "held"),
        ("late", "late"),
        ("no_quorum", "without quorum"),
        ("skipped", "skipped"),
        ("not_closed", "not closed"),
        ("open", "not closed"),
    ],
)
def test_a_past_review_is_told_apart_as_adherence_does(outcome: Outcome, state: str) -> None:
    found = shown(Recorded(a_review()), outcome)
    assert found is not None
    assert found.state == state


def test_a_review_to_come_is_planned_or_was_moved_by_a_person_with_the_reason() -> None:
    planned = Recorded(a_review())
    moved = replace(planned, moved_by_person=True, because="fair week")
    for record, state, because in ((planned, "planned", None), (moved, "moved", "fair week")):
        found = shown(record)
        assert found is not None
        assert (found.state, found.because) == (state, because)


def test_what_a_change_cancelled_is_left_out_and_so_is_what_lies_on_other_days() -> None:
    assert shown(Recorded(a_review(), status=Status.CANCELLED)) is None
    assert [*lanes([Recorded(a_review())], [], date(2030, 1, 1), date(2030, 12, 31), {})] == []


def test_days_off_that_only_a_weekend_parts_are_one_run() -> None:
    organisation = Organisation.model_validate(BAVARIA)
    runs = [*days_off(organisation, date(2026, 12, 1), date(2027, 1, 10))]
    assert [(str(each.first), str(each.last)) for each in runs] == [
        ("2026-12-24", "2027-01-01"),
        ("2027-01-06", "2027-01-06"),
    ]
    assert "Epiphany (DE)" in runs[1].because
    assert "closed (Acme)" in runs[0].because


def test_a_closure_is_cut_at_the_ends_of_the_strip_and_a_holiday_at_a_weekend_is_none() -> None:
    organisation = Organisation.model_validate({"name": "Acme", "country": "DE", "closed": ["2026-12-21/2027-01-08"]})
    (run,) = days_off(organisation, date(2026, 12, 1), date(2026, 12, 31))
    assert (run.first, run.last) == (date(2026, 12, 21), date(2026, 12, 31))
    labour = [
        *days_off(Organisation.model_validate({"name": "A", "country": "DE"}), date(2027, 5, 1), date(2027, 5, 1))
    ]
    assert labour == [], "1 May 2027 is a Saturday"
