"""When a person can be told: at work, on their own clock, once a day.

Tom works for Globex in Detroit, nine to five; Inès for Acme in Munich, half past eight to half past five, and Acme is
closed on 24 December 2026.
"""

from datetime import date, datetime
from typing import Any

import pytest

from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.phrases import Hours
from scheduler.rules.calendar.business_hours import WorkingTime, put_off, telling_time, working_time_of
from tests.builders import at

GLOBEX = Organisation(name="Globex Cells Inc", country="US", region="MI", timezone="America/Detroit")
ACME = Organisation.model_validate(
    {
        "name": "Acme Motors SE",
        "country": "DE",
        "region": "BY",
        "timezone": "Europe/Berlin",
        "hours": "08:30-17:30",
        "closed": ["2026-12-24"],
    }
)


def tom(**changes: Any) -> WorkingTime:
    person = Person.model_validate({"name": "Tom Reyes", "email": "tom@globex.example", "of": "globex", **changes})
    return working_time_of(person, GLOBEX, "America/Detroit")


def ines(**changes: Any) -> WorkingTime:
    person = Person.model_validate({"name": "Inès Falk", "email": "ines@acme.example", "of": "acme", **changes})
    return working_time_of(person, ACME, "Europe/Berlin")


def in_detroit(clock: str) -> datetime:
    return at(clock, "America/Detroit")


def test_somebody_at_work_is_told_at_once() -> None:
    now = in_detroit("2026-12-08 11:20")
    assert telling_time(tom(), now) == now


def test_a_minute_before_work_waits_for_its_start_and_the_end_is_too_late() -> None:
    assert telling_time(tom(), in_detroit("2026-12-08 08:59")) == in_detroit("2026-12-08 09:00")
    assert telling_time(tom(), in_detroit("2026-12-08 09:00")) == in_detroit("2026-12-08 09:00")
    assert telling_time(tom(), in_detroit("2026-12-08 16:59")) == in_detroit("2026-12-08 16:59")
    assert telling_time(tom(), in_detroit("2026-12-08 17:00")) == in_detroit("2026-12-09 09:00")


def test_the_clock_that_counts_is_the_persons_own() -> None:
    """Three in the afternoon in Berlin is nine in the morning in Detroit."""
    noon = at("2026-12-08 12:00", "Europe/Berlin")
    assert telling_time(ines(), noon) == noon
    assert telling_time(tom(), noon) == at("2026-12-08 15:00", "Europe/Berlin")


def test_weekends_public_holidays_and_closed_days_are_waited_for() -> None:
    """Acme is closed on Thursday the 24th; the 25th and 26th are Christmas; the 27th is a sunday."""
    assert telling_time(ines(), at("2026-12-23 18:00", "Europe/Berlin")) == at("2026-12-28 08:30", "Europe/Berlin")


def test_somebody_who_is_away_is_told_when_they_are_back() -> None:
    away = tom(away=["2026-12-21/2027-01-03"])
    assert telling_time(away, in_detroit("2026-12-21 10:00")) == in_detroit("2027-01-04 09:00")


def test_nobody_is_told_twice_on_one_day() -> None:
    now = in_detroit("2026-12-08 11:20")
    assert telling_time(tom(), now, last_told=date(2026, 12, 8)) == in_detroit("2026-12-09 09:00")
    assert telling_time(tom(), now, last_told=date(2026, 12, 7)) == now


def test_who_wants_a_digest_is_told_on_the_first_working_day_of_the_week() -> None:
    """Monday 5 July 2027 is a holiday in the United States, as the 4th is a sunday: the week begins on Tuesday."""
    weekly = tom(tell="digest")
    assert telling_time(weekly, in_detroit("2027-07-01 11:00")) == in_detroit("2027-07-06 09:00")
    assert telling_time(weekly, in_detroit("2027-07-06 16:00")) == in_detroit("2027-07-06 16:00")
    assert telling_time(weekly, in_detroit("2027-07-06 17:00")) == in_detroit("2027-07-12 09:00")


def test_somebody_of_no_organisation_keeps_office_hours_where_they_live() -> None:
    chair = working_time_of(Person(name="Noor", email="noor@chair.example"), None, "Asia/Tokyo")
    assert telling_time(chair, at("2026-12-05 12:00", "Asia/Tokyo")) == at("2026-12-07 09:00", "Asia/Tokyo")


def test_the_day_on_which_clocks_change_is_no_exception() -> None:
    sunday = working_time_of(ines().person, ACME.model_copy(update={"weekend": ("friday",)}), "Europe/Berlin")
    assert telling_time(sunday, at("2027-03-28 01:00", "Europe/Berlin")) == at("2027-03-28 08:30", "Europe/Berlin")


def test_somebody_who_does_not_come_back_within_a_year_is_told_at_once() -> None:
    gone = tom(away=["2026-01-01/2028-12-31"])
    now = in_detroit("2026-12-08 11:20")
    assert telling_time(gone, now) == now


def a_digest(organisation: Organisation, zone: str, **changes: Any) -> WorkingTime:
    return working_time_of(Person(name="Noa", email="noa@h.example", tell="digest", **changes), organisation, zone)


def test_a_digest_whose_day_is_off_comes_on_the_next_day_on_which_the_reader_is_there() -> None:
    """Inès is away on Monday 18 January 2027: Tuesday is the first day of that week on which she reads anything."""
    away = ines(tell="digest", away=["2027-01-18"])
    assert telling_time(away, at("2027-01-15 18:00")) == at("2027-01-19 08:30")
    assert telling_time(away, at("2027-01-19 17:30")) == at("2027-01-25 08:30")


def test_the_week_of_a_digest_begins_after_the_readers_own_weekend() -> None:
    """Haifa works from sunday to thursday; a place that has friday alone off begins its week on saturday."""
    haifa = Organisation(name="Haifa", country="IL", weekend=("friday", "saturday"))
    assert telling_time(a_digest(haifa, "Asia/Jerusalem"), at("2027-01-09 20:00")) == at("2027-01-10 08:00")
    friday = Organisation(name="Djibouti branch", weekend=("friday",))
    assert telling_time(a_digest(friday, "UTC"), at("2027-01-07 23:00", "UTC")) == at("2027-01-09 09:00", "UTC")
    never = Organisation(name="Round the clock", weekend=())
    assert telling_time(a_digest(never, "UTC"), at("2027-01-07 23:00", "UTC")) == at("2027-01-11 09:00", "UTC")


def test_a_digest_is_broken_for_a_date_that_lies_before_the_next_one() -> None:
    """On wednesday 23 June 2027: friday the 25th is told at once, monday the 28th in monday's digest."""
    weekly, now = tom(tell="digest"), in_detroit("2027-06-23 10:00")
    monday = in_detroit("2027-06-28 09:00")
    assert telling_time(weekly, now, by=date(2027, 6, 25)) == now
    assert telling_time(weekly, now, by=date(2027, 6, 27)) == now
    assert telling_time(weekly, now, by=date(2027, 6, 28)) == monday
    assert telling_time(weekly, now, by=date(2027, 6, 22)) == monday  # it has passed: nothing is gained
    told_today = telling_time(weekly, now, last_told=date(2027, 6, 23), by=date(2027, 6, 25))
    assert told_today == in_detroit("2027-06-24 09:00")


def test_what_could_not_be_told_in_their_hours_is_told_as_soon_as_anybody_looks() -> None:
    """It waited for tuesday at nine; whoever looks first at ten in the evening tells it then."""
    tuesday = in_detroit("2026-12-08 09:00")
    assert put_off(tom(), tuesday, None) == tuesday
    assert put_off(tom(), tuesday, date(2026, 12, 8)) == in_detroit("2026-12-09 09:00")
    assert put_off(tom(away=["2026-12-08/2026-12-09"]), tuesday, None) == in_detroit("2026-12-10 09:00")


def test_who_goes_on_running_tells_what_was_missed_in_the_next_working_hours() -> None:
    """It waited for tuesday at nine, and nothing ran before ten in the evening, or before saturday."""
    tuesday, night = in_detroit("2026-12-08 09:00"), in_detroit("2026-12-08 22:00")
    assert put_off(tom(), tuesday, None, since=night) == in_detroit("2026-12-09 09:00")
    assert put_off(tom(), tuesday, None, since=in_detroit("2026-12-12 11:00")) == in_detroit("2026-12-14 09:00")
    at_noon = in_detroit("2026-12-08 12:00")
    assert put_off(tom(), tuesday, None, since=at_noon) == at_noon
    later = in_detroit("2026-12-10 09:00")
    assert put_off(tom(), later, None, since=at_noon) == later, "what waits for a day waits for it"


def test_what_broke_a_digest_goes_on_the_next_day_and_waits_for_no_digest() -> None:
    wednesday, monday = in_detroit("2027-06-23 09:00"), in_detroit("2027-06-28 09:00")
    assert put_off(tom(tell="digest"), wednesday, date(2027, 6, 23)) == in_detroit("2027-06-24 09:00")
    assert put_off(tom(tell="digest"), monday, date(2027, 6, 28)) == in_detroit("2027-07-06 09:00")
    assert put_off(tom(tell="digest"), monday, date(2027, 6, 28), date(2027, 7, 1)) == in_detroit("2027-06-29 09:00")


NIGHTS = GLOBEX.model_copy(update={"hours": Hours.read("20:00-04:00")})
"""A plant that works from eight in the evening until four in the morning; its nights belong to the days on which they
begin."""


def a_night_worker(**changes: Any) -> WorkingTime:
    person = Person.model_validate({"name": "Tom Reyes", "email": "tom@globex.example", "of": "globex", **changes})
    return working_time_of(person, NIGHTS, "America/Detroit")


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-12-08 19:59", "2026-12-08 20:00"),
        ("2026-12-08 23:59", "2026-12-08 23:59"),
        ("2026-12-09 03:59", "2026-12-09 03:59"),
        ("2026-12-09 04:00", "2026-12-09 20:00"),
        ("2026-12-12 03:59", "2026-12-12 03:59"),
        ("2026-12-12 04:00", "2026-12-14 20:00"),
        ("2026-12-14 01:00", "2026-12-14 20:00"),
    ],
)
def test_hours_that_cross_midnight_belong_to_the_day_on_which_they_begin(now: str, told: str) -> None:
    """The night of friday 11 December ends on saturday; that of sunday is not worked."""
    assert telling_time(a_night_worker(), in_detroit(now)) == in_detroit(told)


def test_nobody_is_told_twice_in_one_night() -> None:
    now, night_worker = in_detroit("2026-12-09 01:00"), a_night_worker()
    assert telling_time(night_worker, now, last_told=date(2026, 12, 8)) == in_detroit("2026-12-09 20:00")
    assert telling_time(night_worker, now, last_told=date(2026, 12, 9)) == in_detroit("2026-12-10 20:00")


def test_a_digest_that_was_put_off_into_the_small_hours_is_still_one() -> None:
    """The night of monday 7 December."""
    planned = in_detroit("2026-12-08 01:00")
    assert put_off(a_night_worker(tell="digest"), planned, None) == planned
