"""A day is off for a meeting where, on its own date when the meeting begins, a side has the day off."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.rules.calendar.meeting_days import meeting_calendar
from scheduler.rules.calendar.wall_clock import moment

TOKYO = Organisation(name="Kaiyo", country="JP")
ANGELES = Organisation(name="Initech", country="US", timezone="America/Los_Angeles")
BERLIN = Organisation(name="Acme", country="DE")
RIYADH = Organisation(name="Najd", country="SA")


def test_a_monday_afternoon_in_tokyo_is_a_sunday_in_los_angeles() -> None:
    calendar = meeting_calendar((TOKYO, ANGELES), "Asia/Tokyo", time(15))
    monday = date(2027, 6, 7)
    assert calendar.is_off(monday)
    assert calendar.why(monday) == "weekend (US, Sun 6 Jun 2027 there)"
    assert calendar.shift(monday, DayOff.NEXT) == date(2027, 6, 8)


def test_the_same_monday_early_enough_there_is_monday_for_both() -> None:
    """In Los Angeles the day has begun when it is late in Europe."""
    assert not meeting_calendar((BERLIN, ANGELES), "Europe/Berlin", time(15)).is_off(date(2027, 6, 7))


def test_a_shift_away_from_a_holiday_lands_on_nobodys_saturday() -> None:
    calendar = meeting_calendar((TOKYO, ANGELES), "America/Los_Angeles", time(16))
    thursday = date(2028, 2, 10)
    assert calendar.why(thursday) == "Foundation Day (JP, Fri 11 Feb 2028 there)"
    assert calendar.is_off(date(2028, 2, 11))  # a saturday there
    assert calendar.shift(thursday, DayOff.NEXT) == date(2028, 2, 14)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from((TOKYO, ANGELES, BERLIN, RIYADH)), min_size=1, max_size=3, unique_by=lambda o: o.name),
    st.sampled_from(("Asia/Tokyo", "America/Los_Angeles", "Pacific/Apia", "Europe/Berlin", "UTC")),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.dates(date(2024, 1, 1), date(2030, 12, 1)),
)
def test_a_day_is_off_exactly_where_a_side_has_its_own_date_off(
    sides: list[Organisation], zone: str, at: time, day: date
) -> None:
    calendar = meeting_calendar(tuple(sides), zone, at)
    for n in range(20):
        on = day + timedelta(days=n)
        start = moment(on, at, zone)
        expected = any(each.is_off(start.astimezone(ZoneInfo(each.timezone)).date()) for each in sides)
        assert calendar.is_off(on) == expected
        assert bool(calendar.why(on)) == expected
