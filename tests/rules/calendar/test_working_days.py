"""A day is off when it is off for any organisation that meets, and the calendar says why."""

from datetime import date, timedelta
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.domain.countries import holidays_known, public_holidays
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.phrases import LAST
from scheduler.rules.calendar.working_days import WorkingCalendar, in_words, working_calendar
from tests.builders import GLOBEX, an_organisation

ACME = an_organisation(closed=["2026-12-24", "2026-12-28/2026-12-31"])
GLOBEX_CELLS = Organisation.model_validate(GLOBEX)
BOTH = working_calendar((ACME, GLOBEX_CELLS))
ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 30))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-08", ""),
        ("2026-12-12", "weekend (DE, US)"),
        ("2027-01-01", "New Year's Day (DE, US)"),
        ("2027-01-06", "Epiphany (DE)"),
        ("2026-11-26", "Thanksgiving Day (US)"),
        ("2026-12-30", "closed (Acme Motors SE)"),
        ("2026-12-24", "Christmas Eve (US), closed (Acme Motors SE)"),
        ("2026-10-03", "weekend (DE, US), German Unity Day (DE)"),
    ],
)
def test_each_day_off_says_why_and_for_whom(day: str, why: str) -> None:
    assert BOTH.why(date.fromisoformat(day)) == why
    assert BOTH.is_off(date.fromisoformat(day)) is bool(why)


def test_the_region_decides_about_its_own_holidays() -> None:
    """Epiphany is a holiday in Bavaria, and none in Berlin."""
    berlin = working_calendar((an_organisation(region="BE"),))
    assert working_calendar((ACME,)).is_off(date(2027, 1, 6))
    assert not berlin.is_off(date(2027, 1, 6))


def test_a_weekend_need_not_be_saturday_and_sunday() -> None:
    gulf = an_organisation(name="Halden Gulf", country=None, region=None, weekend=["friday", "saturday"])
    calendar = working_calendar((gulf,))
    assert calendar.is_off(date(2026, 12, 11))
    assert not calendar.is_off(date(2026, 12, 13))
    assert calendar.why(date(2026, 12, 11)) == "weekend (Halden Gulf)"


def test_a_country_has_its_own_weekend_unless_another_is_written() -> None:
    """Friday 11 and Sunday 13 December 2026."""
    friday, sunday = date(2026, 12, 11), date(2026, 12, 13)
    saudi = working_calendar((an_organisation(country="SA", region=None, timezone="Asia/Riyadh"),))
    assert (saudi.is_off(friday), saudi.is_off(sunday)) == (True, False)
    written = an_organisation(country="SA", region=None, timezone="Asia/Riyadh", weekend=["saturday", "sunday"])
    assert not working_calendar((written,)).is_off(friday)


def test_a_day_off_by_custom_says_so_by_its_name() -> None:
    sweden = working_calendar((an_organisation(country="SE", region=None, timezone="Europe/Stockholm"),))
    assert sweden.is_off(date(2027, 6, 25))
    assert sweden.why(date(2027, 6, 25)) == "Midsummer Eve (SE)"


@pytest.mark.parametrize("day", ["2027-06-25", "2027-06-06", "2027-06-12"])
def test_what_an_organisation_works_is_no_day_off(day: str) -> None:
    """Midsummer Eve; the national day, a sunday; a saturday."""
    sweden = an_organisation(country="SE", region=None, timezone="Europe/Stockholm", works=[day])
    calendar = working_calendar((sweden,))
    assert not calendar.is_off(date.fromisoformat(day))
    assert calendar.why(date.fromisoformat(day)) == ""


def test_what_one_side_works_is_still_off_for_the_other() -> None:
    works = an_organisation(works=["2027-01-01"])
    assert working_calendar((works, GLOBEX_CELLS)).why(date(2027, 1, 1)) == "New Year's Day (US)"


def test_a_place_without_known_holidays_has_weekends_only() -> None:
    assert not holidays_known("XX")
    assert not holidays_known("DE", "XX")
    assert holidays_known("DE", "BY")
    nowhere = working_calendar((an_organisation(country="XX", region=None, timezone="UTC"),))
    assert not nowhere.is_off(date(2027, 1, 1))
    assert nowhere.is_off(date(2027, 1, 2))


@pytest.mark.parametrize("country", ["../..", "date", "D1", "", "DEU"])
def test_what_is_no_country_code_reaches_no_library(country: str) -> None:
    assert not holidays_known(country)
    assert public_holidays(country, None, 2026) == {}


def test_a_region_unknown_to_the_library_still_has_the_holidays_of_its_country() -> None:
    assert public_holidays("IE", "L", 2026)[date(2026, 3, 17)] == "Saint Patrick's Day"


def test_a_shift_goes_to_the_first_working_day_in_its_direction() -> None:
    """From 24 December 2026 to 3 January 2027 some side is always off; on Monday the 4th nobody is."""
    for day in (date(2026, 12, 24), date(2026, 12, 30), date(2027, 1, 3)):
        assert BOTH.shift(day, DayOff.NEXT) == date(2027, 1, 4)
        assert BOTH.shift(day, DayOff.PREVIOUS) == date(2026, 12, 23)
    assert BOTH.shift(date(2026, 12, 23), DayOff.NEXT) == date(2026, 12, 23)


@settings(max_examples=120)
@given(day=DAYS, n=st.integers(-60, 60))
def test_adding_working_days_counts_them_one_by_one(day: date, n: int) -> None:
    step = ONE_DAY if n > 0 else -ONE_DAY
    counted, left = day, abs(n)
    while left:
        counted += step
        left -= not BOTH.is_off(counted)
    assert BOTH.add(day, n) == counted


@settings(max_examples=120)
@given(after=DAYS, length=st.integers(-10, 800))
def test_working_days_between_two_dates_leave_out_the_first_and_count_the_last(after: date, length: int) -> None:
    until = after + timedelta(days=length)
    days = takewhile(lambda day: day <= until, (after + timedelta(days=n) for n in range(1, 900)))
    assert BOTH.between(after, until) == sum(not BOTH.is_off(day) for day in days)


def test_the_nth_working_day_of_a_month_is_one_on_which_all_work() -> None:
    """In January 2027 the 1st and 6th are holidays in Bavaria, the 18th in Michigan."""
    month = (date(2027, 1, 1), date(2027, 1, 31))
    assert BOTH.nth(*month, 1) == date(2027, 1, 4)
    assert BOTH.nth(*month, 3) == date(2027, 1, 7)
    assert BOTH.nth(*month, 10) == date(2027, 1, 19)
    assert BOTH.nth(*month, LAST) == date(2027, 1, 29)


def test_a_month_with_fewer_working_days_gives_its_last_and_one_without_any_its_last_day() -> None:
    assert BOTH.nth(date(2027, 1, 1), date(2027, 1, 31), 30) == date(2027, 1, 29)
    closed = working_calendar((an_organisation(closed=["2027-02-01/2027-02-28"]),))
    assert closed.nth(date(2027, 2, 1), date(2027, 2, 28), 3) == date(2027, 2, 28)


@settings(max_examples=80)
@given(first=DAYS, length=st.integers(0, 400), n=st.one_of(st.just(LAST), st.integers(1, 300)))
def test_the_nth_working_day_of_any_span_is_found_by_counting(first: date, length: int, n: int) -> None:
    last = first + timedelta(days=length)
    working = [day for k in range(length + 1) if not BOTH.is_off(day := first + timedelta(days=k))]
    expected = (working[-1] if n == LAST or n > len(working) else working[n - 1]) if working else last
    assert BOTH.nth(first, last, n) == expected


def test_organisations_that_never_work_on_the_same_day_are_refused() -> None:
    early = an_organisation(weekend=["thursday", "friday", "saturday", "sunday"])
    late = an_organisation(weekend=["monday", "tuesday", "wednesday"])
    with pytest.raises(InvalidValue, match="no day of the week on which all of them work"):
        working_calendar((early, late))


def test_a_closure_for_a_lifetime_is_refused_when_a_working_day_is_looked_for() -> None:
    decades = [f"{year}-01-01/{year + 9}-12-31" for year in range(2030, 2110, 10)]
    with pytest.raises(InvalidValue, match="no such working day"):
        WorkingCalendar((an_organisation(closed=decades),)).shift(date(2030, 1, 1), DayOff.NEXT)


def test_dates_in_words_are_english_whatever_the_locale() -> None:
    assert in_words(date(2027, 1, 1)) == "Fri 1 Jan 2027"
