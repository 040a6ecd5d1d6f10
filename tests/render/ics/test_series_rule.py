"""Which series one invitation can stand for, and which of its meetings are where the rule has them."""

from datetime import date, timedelta

import pytest

from scheduler.domain.phrases import Every, On
from scheduler.render.ics.series_rule import by_rule, dates, instance_id, recurring, rule_in_words, rule_of, within
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.recurrence import occurrences
from tests.builders import a_recorded, a_review, a_series, at
from tests.render.invited import a_pipeline, tuesdays

RULES = [
    ("week", "tuesday", "FREQ=WEEKLY;BYDAY=TU", "every week on Tuesday"),
    ("2 weeks", "friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks on Friday"),
    ("month", "second tuesday", "FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
    ("month", "last friday", "FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
    ("month", "day 28", "FREQ=MONTHLY;BYMONTHDAY=28", "every month on day 28"),
    ("2 months", "day 1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "every 2 months on day 1"),
    ("quarter", "third tuesday of month 2", "FREQ=MONTHLY;INTERVAL=3;BYDAY=3TU", "every 3 months on the third Tuesday"),
    ("quarter", "first monday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "every 3 months on the first Monday"),
    ("quarter", "last thursday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1TH", "every 3 months on the last Thursday"),
]


@pytest.mark.parametrize(("every", "on", "rule", "words"), RULES)
def test_a_fixed_day_by_week_month_or_quarter_is_a_rule(every: str, on: str, rule: str, words: str) -> None:
    assert rule_of(a_series(every, on)) == rule
    assert rule_in_words(rule) == words


@pytest.mark.parametrize(("every", "on", "rule", "words"), RULES)
def test_the_rule_gives_the_very_dates_of_the_plan(every: str, on: str, rule: str, words: str) -> None:
    series, until = a_series(every, on), date(2031, 12, 31)
    planned = [turn.nominal for turn in occurrences(series, working_calendar(()), series.anchor, until)]
    meetings = recurring(series, planned[0])
    assert meetings and meetings.rule == rule and list(dates(meetings, until)) == planned


@pytest.mark.parametrize(
    ("every", "on"),
    [
        ("month", "working day 14"),
        ("month", "day 29"),
        ("month", "last day"),
        ("month", "fifth monday"),
        ("month", "last working day"),
        ("half-year", "second thursday of month 3"),
        ("year", "first tuesday of june"),
    ],
)
def test_what_not_every_month_has_what_counts_working_days_and_what_is_rare_is_none(every: str, on: str) -> None:
    assert rule_of(a_series(every, on)) is None


def test_a_rule_of_the_definitions_own_is_not_read_as_one() -> None:
    assert rule_of(a_series(rule="FREQ=MONTHLY;BYSETPOS=-2;BYDAY=MO,TU")) is None


def test_a_chair_who_else_does_not_come_makes_each_review_one_of_its_own() -> None:
    assert rule_of(a_series(chairs=("ines", "june"))) is None
    assert rule_of(a_series(chairs=("ines", "dev"), attendees=("ines",))) is not None


def test_a_series_has_a_chair_only_where_it_is_always_the_same_person() -> None:
    alternating, steady = (
        recurring(a_series(), date(2026, 12, 1)),
        recurring(a_series(chairs=("ines",)), date(2026, 12, 1)),
    )
    assert alternating and alternating.first.chair is None
    assert steady and steady.first.chair == "ines"


def test_an_end_of_the_agreement_ends_the_dates() -> None:
    meetings = recurring(a_series(ends=date(2026, 12, 15)), date(2026, 12, 1))
    assert meetings and list(dates(meetings, date(2027, 6, 1)))[-1] == date(2026, 12, 15)


def test_the_wall_clock_stays_through_summer_time() -> None:
    """In Berlin clocks go forward on 28 March 2027: the same 15:00 is an hour earlier in UTC."""
    meetings = a_pipeline().recurring
    assert meetings
    assert by_rule(meetings, date(2027, 3, 30)) == (at("2027-03-30 15:00"), at("2027-03-30 15:30"))
    assert instance_id(meetings, date(2027, 3, 23)) == "20270323T140000Z"
    assert instance_id(meetings, date(2027, 3, 30)) == "20270330T130000Z"


def test_a_date_between_two_reviews_on_record_is_one_that_the_plan_left_out() -> None:
    meetings, records = a_pipeline().recurring, tuesdays(5)
    assert meetings
    del records[date(2026, 12, 15)]
    found = within(meetings, records.values())
    assert [record is None for record in found.values()] == [False, False, True, False, False]


def test_of_dates_after_the_last_on_record_nothing_is_known() -> None:
    meetings = a_pipeline().recurring
    assert meetings and list(within(meetings, tuesdays(2).values())) == [date(2026, 12, 1), date(2026, 12, 8)]
    assert within(meetings, []) == {}


def test_reviews_of_other_series_and_of_before_do_not_belong_to_it() -> None:
    meetings = a_pipeline(date(2026, 12, 8)).recurring
    other = a_recorded(a_review(date(2026, 12, 15), series="operating"))
    earlier = a_recorded(a_review(date(2026, 12, 8) - timedelta(days=7)))
    assert meetings and within(meetings, [other, earlier]) == {}


def test_every_frequency_and_day_of_the_language_is_a_rule_or_none_and_never_an_error() -> None:
    for every in ("week", "3 weeks", "month", "2 months", "quarter", "2 quarters", "half-year", "year"):
        for on in ("monday", "day 15", "last day", "second tuesday", "fifth friday", "last friday", "working day 3"):
            rule = rule_of(a_series(every=str(Every.read(every)), on=str(On.read(on))))
            assert rule is None or rule_in_words(rule)
