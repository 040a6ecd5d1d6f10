"""The clocks of a review on one line."""

from datetime import date

import pytest

from scheduler.render.pictures.clock_line import ClockStep, clock_line

STEPS = [
    ClockStep("review", date(2027, 2, 16), "ahead", is_review=True),
    ClockStep("notice", date(2027, 1, 1), "done"),
    ClockStep("agenda", date(2027, 2, 5), "late", "2 days late"),
]


def test_steps_stand_in_the_order_of_their_dates_equally_far_apart() -> None:
    shown = clock_line(STEPS, date(2027, 2, 7))
    assert [place.step.name for place in shown.places] == ["notice", "agenda", "review"]
    assert [place.x for place in shown.places] == [60, 180, 300]
    assert shown.width == 360
    assert [place.day for place in shown.places] == ["1 Jan 2027", "5 Feb 2027", "16 Feb 2027"]


@pytest.mark.parametrize(
    ("today", "at"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), 60),
        (date(2027, 2, 5), 180),
        (date(2027, 2, 15), 289.1),
        (date(2027, 2, 16), 300),
        (date(2027, 2, 17), None),
    ],
)
def test_today_lies_between_two_steps_by_the_days_that_have_passed(today: date, at: float | None) -> None:
    assert clock_line(STEPS, today).today == at


def test_upright_the_same_goes_from_top_to_bottom_on_a_narrow_screen() -> None:
    shown = clock_line(STEPS, date(2027, 2, 7), upright=True)
    assert [place.y for place in shown.places] == [22, 66, 110]
    assert shown.width <= 320
    assert shown.today is not None


def test_two_steps_on_one_day_have_a_place_each() -> None:
    same = [ClockStep("agenda", date(2027, 2, 5)), ClockStep("items", date(2027, 2, 5))]
    shown = clock_line(same, date(2027, 2, 5))
    assert [place.x for place in shown.places] == [60, 180]
    assert shown.today == 180


def test_no_clock_is_no_line() -> None:
    assert clock_line([], date(2027, 2, 5)).places == ()
