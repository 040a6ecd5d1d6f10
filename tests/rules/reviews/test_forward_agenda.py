"""Topics by the time of the year: of every meeting, or of the first one in a month, a quarter, a half-year."""

from dataclasses import replace
from datetime import date
from typing import Any

from scheduler.domain.definition.forward_agenda import ForwardAgenda, merged
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.forward_agenda import topics_of
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, a_recorded, a_review, playbooks

SAID = ForwardAgenda(every=("Safety",), q1=("Targets",), h2=("Dates",), march=("Budget",))


def monthly(month: int, year: int = 2027, **changes: Any) -> Recorded:
    day = date(year, month, 15)
    review = a_review(day, series="operating", period=f"{day:%Y-%m}")
    return replace(a_recorded(review), **changes)


YEAR = [monthly(month) for month in range(1, 13)]


def found(month: int, recorded: list[Recorded] | None = None, fiscal: int | None = None) -> tuple[str, ...]:
    scope = scopes(a_partnership(reviews={"operating": {"topics": SAID.model_dump(exclude_none=True)}}), playbooks())[0]
    series = next(each for each in scope.series if each.key == "operating")
    series = replace(series, fiscal_start=fiscal)
    known = YEAR if recorded is None else recorded
    review = next(each.review for each in known if each.review.nominal_date.month == month)
    return topics_of(review, series, known)


def test_a_span_is_the_first_meeting_in_it_and_every_is_each() -> None:
    assert found(1) == ("Safety", "Targets")
    assert found(2) == ("Safety",)
    assert found(3) == ("Safety", "Budget")
    assert [month for month in range(1, 13) if "Dates" in found(month)] == [7]


def test_what_a_skipped_meeting_was_to_take_up_comes_to_the_next_in_the_same_span_and_to_none_beyond() -> None:
    skipped = [monthly(1, status=Status.SKIPPED), *YEAR[1:]]
    assert found(2, skipped) == ("Safety", "Targets")
    none = [monthly(month, status=Status.SKIPPED) for month in (1, 2, 3)] + YEAR[3:]
    assert found(4, none) == ("Safety",)


def test_a_year_before_takes_nothing_away_and_other_series_neither() -> None:
    other = replace(monthly(1), review=replace(a_review(date(2027, 1, 4)), series="pipeline"))
    assert found(1, [monthly(1, 2026), other, *YEAR][1:]) == ("Safety", "Targets")
    earlier = [replace(monthly(3, 2026)), *YEAR]
    series_year = [each for each in earlier if each.review.nominal_date.year == 2027 or each is earlier[0]]
    assert "Targets" in found(1, series_year)


def test_quarters_and_half_years_are_those_of_the_fiscal_year_and_months_the_calendars() -> None:
    assert "Targets" in found(4, fiscal=4) and "Targets" not in found(5, fiscal=4)
    assert "Dates" in found(10, fiscal=4)
    assert "Budget" in found(3, fiscal=4)
    assert found(1, fiscal=4) == ("Safety", "Dates"), (
        "the second half of the fiscal year, of which nothing earlier is known"
    )


def test_the_definitions_word_on_an_occasion_takes_the_place_of_the_playbooks() -> None:
    standard = ForwardAgenda(every=("Safety",), q1=("Targets",), q2=("Dates",))
    said = ForwardAgenda(q1=("Budget",), q2=())
    assert dict(merged(said, standard)) == {"every": ("Safety",), "q1": ("Budget",)}
    assert ForwardAgenda.model_validate({"q1": "Budget"}).q1 == ("Budget",)
