"""Times of day that every side can keep over a year, on the wall clock of the meeting's zone.

They are held against a computation that knows nothing of runs and offsets: each date and each half hour by itself.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.domain.phrases import Hours
from scheduler.rules.calendar.meeting_hours import Chosen, Fit, Side, choose, minutes_outside, outside

BERLIN, DETROIT, TOKYO, ANGELES = "Europe/Berlin", "America/Detroit", "Asia/Tokyo", "America/Los_Angeles"
OFFICE = Hours(time(9), time(17))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ZONES = (
    BERLIN, DETROIT, TOKYO, ANGELES, "Asia/Kolkata", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia",
    "Pacific/Pago_Pago", "America/Santiago", "Asia/Riyadh", "Pacific/Chatham", "Asia/Jerusalem", "UTC",
)  # fmt: skip


def side(zone: str, hours: str = "09:00-17:00") -> Side:
    return Side(zone, Hours.read(hours))


# What is chosen -----------------------------------------------------------------------------------------------------


def test_the_preference_stands_where_it_suits_everybody() -> None:
    assert choose(time(14), HOUR, BERLIN, (side(BERLIN), side("Europe/Paris")), date(2027, 1, 1)) == (time(14), (0, 0))


def test_berlin_and_detroit_meet_where_both_work_also_in_the_weeks_in_which_one_has_changed_its_clocks() -> None:
    chosen = choose(time(14), HOUR, BERLIN, (side(BERLIN), side(DETROIT)), date(2027, 1, 1))
    assert chosen == (
        time(15),
        (0, 0),
    )  # at 14:00 it would be 09:00 there for three weeks a year and 08:00 for the rest


def test_of_two_that_are_equally_near_the_earlier_is_chosen() -> None:
    hours = (side(BERLIN, "09:00-12:00"), side(BERLIN, "09:00-12:00"))
    assert choose(time(12), timedelta(hours=3), BERLIN, hours, date(2027, 1, 1)).at == time(9)
    assert choose(time(10, 15), HOUR, BERLIN, (side(BERLIN),), date(2027, 1, 1)).at == time(10)


def test_without_a_common_hour_it_is_the_least_for_all_and_says_by_how_much() -> None:
    chosen = choose(time(10), HOUR, TOKYO, (side(TOKYO), side(ANGELES)), date(2027, 1, 1))
    assert chosen.fit.outside > 0
    assert chosen == naive(time(10), HOUR, TOKYO, (side(TOKYO), side(ANGELES)), date(2027, 1, 1))


def test_hours_may_cross_midnight() -> None:
    chosen = choose(time(10), HOUR, BERLIN, (side(BERLIN, "22:00-06:00"),), date(2027, 1, 1))
    assert chosen == (time(5), (0, 0))


def test_half_an_hour_in_common_and_a_meeting_of_two_hours_sits_outside() -> None:
    sides = (side("UTC", "09:00-13:00"), side("UTC", "12:30-17:00"))
    assert choose(time(12), 2 * HOUR, "UTC", sides, date(2027, 1, 1)) == (time(12), (90 * 365, 60))


def test_it_is_the_same_whatever_the_year_begins_with() -> None:
    """29 February is followed by a whole year as well."""
    assert choose(time(14), HOUR, BERLIN, (side(DETROIT),), date(2028, 2, 29)).at == time(15)


def test_minutes_outside_are_counted_before_the_hours_and_after_them() -> None:
    at = datetime(2027, 3, 1, 8, 30, tzinfo=ZoneInfo(BERLIN))
    assert outside(at, at + HOUR, side(BERLIN)) == 30
    assert outside(at, at + 9 * HOUR, side(BERLIN)) == 60
    assert outside(at + 8 * HOUR, at + 9 * HOUR, side(BERLIN)) == 30
    assert outside(at + HOUR, at + 2 * HOUR, side(BERLIN)) == 0


def test_any_time_of_day_is_held_against_each_date_of_a_year() -> None:
    """Michigan changes its clocks two weeks before Germany in spring, and one week after it in autumn."""
    found = minutes_outside(time(14), HOUR, BERLIN, side(DETROIT), date(2027, 1, 1))
    assert (len(found), found.count(60), found.count(0)) == (365, 344, 21)
    assert set(minutes_outside(time(16, 40), HOUR, BERLIN, side(BERLIN), date(2027, 1, 1))) == {40}


# Whatever the sides -------------------------------------------------------------------------------------------------

times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Hours(*pair))
sides = st.lists(st.builds(Side, st.sampled_from(ZONES), hours | st.just(OFFICE)), min_size=1, max_size=3).map(tuple)


@settings(max_examples=20, deadline=None)
@given(
    times,
    st.sampled_from((30, 60, 90, 240)),
    st.sampled_from(ZONES),
    sides,
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
@example(time(14), 60, BERLIN, (Side(DETROIT, OFFICE),), date(2027, 3, 20))
@example(time(3), 60, "Australia/Lord_Howe", (Side("Africa/Casablanca", OFFICE),), date(2028, 2, 29))
@example(time(23), 90, "Pacific/Apia", (Side("Pacific/Pago_Pago", Hours(time(22), time(2))),), date(2026, 12, 31))
def test_what_is_chosen_is_what_looking_at_every_date_and_half_hour_finds(
    preference: time, length: int, zone: str, all_sides: tuple[Side, ...], since: date
) -> None:
    found = choose(preference, length * MINUTE, zone, all_sides, since)
    assert found == naive(preference, length * MINUTE, zone, all_sides, since)


@settings(max_examples=20, deadline=None)
@given(
    times,
    st.sampled_from((30, 90, 240)),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    hours,
    st.dates(date(2020, 1, 1), date(2034, 1, 1)),
)
def test_the_minutes_of_a_year_are_those_of_each_date(
    at: time, length: int, here: str, there: str, working: Hours, since: date
) -> None:
    one, days = Side(there, working), range(365 + has_leap_day(since))
    starts = [datetime.combine(since + timedelta(days=n), at, ZoneInfo(here)).astimezone(UTC) for n in days]
    expected = tuple(outside(start, start + length * MINUTE, one) for start in starts)
    assert minutes_outside(at, length * MINUTE, here, one, since) == expected


def naive(preference: time, length: timedelta, zone: str, sides: tuple[Side, ...], since: date) -> Chosen:
    """Each half hour on each date for each side, in UTC."""
    dates = [since + timedelta(days=n) for n in range(367)]
    dates = [each for each in dates if each < since + timedelta(days=365 + has_leap_day(since))]
    windows = {each: working(each, dates) for each in set(sides)}
    tried = []
    for n in range(48):
        at = time(n // 2, n % 2 * 30)
        beyond = []
        for day in dates:
            start = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
            for each in sides:
                opened = windows[each]
                near = (opened[day + timedelta(days=k)] for k in (-2, -1, 0, 1, 2))
                beyond.append(
                    min(max(0, (a - start) // MINUTE) + max(0, (start + length - b) // MINUTE) for a, b in near)
                )
        away = abs((datetime.combine(since, at) - datetime.combine(since, preference)) // MINUTE)
        tried.append((sum(beyond), max(beyond), away, at))
    total, most, _, at = min(tried)
    return Chosen(at, Fit(total, most))


def working(side: Side, dates: list[date]) -> dict[date, tuple[datetime, datetime]]:
    there, found = ZoneInfo(side.zone), {}
    for n in range(-3, 4 + len(dates)):
        day = dates[0] + timedelta(days=n)
        ends = day + timedelta(days=side.hours.end < side.hours.start)
        found[day] = (
            datetime.combine(day, side.hours.start, there).astimezone(UTC),
            datetime.combine(ends, side.hours.end, there).astimezone(UTC),
        )
    return found


def has_leap_day(since: date) -> bool:
    """Whether the year from a date has a 29 February in it, that date's own included."""
    days = (since + timedelta(days=n) for n in range(365))
    return any((day.month, day.day) == (2, 29) for day in days)
