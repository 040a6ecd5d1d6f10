"""The clocks around a review count from the date on which it is really held."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.playbook import Clocks
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.phrases import Span
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.clocks import clock_dates, days_in, mended, open_to_objections, timetable
from tests.builders import GLOBEX, a_clocks, an_organisation

BOTH = working_calendar((an_organisation(), Organisation.model_validate(GLOBEX)))
TUESDAY = date(2027, 1, 19)


def dates(day: date = TUESDAY, **spans: str) -> dict[str, str]:
    clocks = timetable(Clocks.model_validate(a_clocks(**spans)))
    return {name: str(when) for name, when in clock_dates(clocks, day, BOTH)}


def test_calendar_days_count_every_day_and_end_on_a_working_day() -> None:
    """Ten days before Tuesday 19 January is a Saturday, five days after it a Sunday."""
    assert dates(notice="10 days", agenda="1 week", minutes="10 days") == {
        "notice_by": "2027-01-08",
        "agenda_by": "2027-01-12",
        "minutes_by": "2027-01-29",
    }
    assert dates(minutes="5 days", objections="5 days") == {
        "minutes_by": "2027-01-25",
        "objections_until": "2027-02-01",
    }


def test_working_days_leave_out_days_off_of_any_side() -> None:
    """Monday 18 January 2027 is Martin Luther King Jr. Day in Michigan."""
    assert dates(agenda="2 working days", items="1 working day") == {
        "agenda_by": "2027-01-14",
        "items_until": "2027-01-15",
    }


def test_notice_agenda_and_items_come_in_this_order_however_days_are_mixed() -> None:
    """New Year lies before Monday 4 January: items close two working days before it, on 29 December, and five calendar
    days before it, on the 30th, the agenda would be due."""
    spans = {"notice": "10 days", "agenda": "5 days", "items": "2 working days"}
    day = date(2027, 1, 4)
    assert dates(day, **spans) == {
        "notice_by": "2026-12-23",
        "agenda_by": "2026-12-29",
        "items_until": "2026-12-29",
    }
    clocks = timetable(Clocks.model_validate(spans))
    [(name, on, why)] = mended(clocks, day, BOTH)
    assert (name, on) == ("agenda_by", date(2026, 12, 29))
    assert "before items close" in why
    assert not [*mended(clocks, TUESDAY, BOTH)]


def test_an_agenda_is_out_on_the_working_day_before_its_review_at_the_latest() -> None:
    """Monday 18 January is off in Michigan."""
    assert dates(agenda="0 days", items="0 days") == {"agenda_by": "2027-01-15", "items_until": "2027-01-19"}


def test_zero_days_are_the_day_itself() -> None:
    assert dates(items="0 days") == {"items_until": "2027-01-19"}
    assert dates(items="0 working days") == {"items_until": "2027-01-19"}


def test_objections_count_from_the_minutes_and_without_minutes_from_the_review() -> None:
    assert dates(minutes="5 working days", objections="10 days") == {
        "minutes_by": "2027-01-26",
        "objections_until": "2027-02-05",
    }
    assert dates(objections="10 days") == {"objections_until": "2027-01-29"}


def test_a_review_has_only_the_clocks_its_terms_set() -> None:
    assert dates() == {}


@pytest.mark.parametrize("span", ["2 hours", "3 months", "1 year", "401 days", "99999 working days"])
def test_what_cannot_be_counted_in_days_is_refused(span: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be counted in days"):
        days_in(Span.read(span))


# Minutes that are there --------------------------------------------------------------------------------------------

PLANNED = (("minutes_by", date(2026, 10, 28)), ("objections_until", date(2026, 11, 4)))


@pytest.mark.parametrize(
    ("filed", "span", "until"),
    [
        ("2026-10-22", "5 working days", "2026-10-29"),  # early minutes are open to objections early
        ("2026-11-19", "5 working days", "2026-11-30"),  # Michigan is off on 26 and 27 November
        ("2026-11-21", "5 working days", "2026-12-02"),  # filed on a saturday, they go out on monday
        ("2026-11-19", "15 days", "2026-12-04"),
        ("2026-11-19", "2 weeks", "2026-12-03"),
        ("2026-11-19", None, "2026-11-26"),  # the terms say it no longer: seven days were planned
    ],
)
def test_objections_run_from_the_day_on_which_the_minutes_go_out(filed: str, span: str | None, until: str) -> None:
    found = open_to_objections(PLANNED, Span.read(span) if span else None, date.fromisoformat(filed), BOTH)
    assert dict(found) == {"minutes_by": date(2026, 10, 28), "objections_until": date.fromisoformat(until)}


def test_where_objections_have_no_clock_minutes_open_none() -> None:
    assert open_to_objections(PLANNED[:1], Span.read("5 days"), date(2026, 11, 19), BOTH) == PLANNED[:1]


# Over random terms -------------------------------------------------------------------------------------------------

SPANS = st.one_of(
    st.none(), st.builds(Span, st.integers(0, 30), st.sampled_from(("day", "working day"))), st.just(Span(2, "week"))
)
CLOSED = st.lists(st.dates(date(2026, 11, 1), date(2027, 4, 30)).map(str), max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(Clocks.model_fields, SPANS)),
    st.dates(date(2026, 12, 1), date(2027, 3, 31)),
    CLOSED,
    st.sampled_from((["saturday", "sunday"], ["friday", "saturday"], ["wednesday"])),
)
def test_all_clocks_come_in_order_and_on_working_days_and_what_was_mended_says_why(
    spans: dict[str, Span | None], day: date, closed: list[str], weekend: list[str]
) -> None:
    """Notice, agenda, items, start; minutes, objections. A clock of no days stands on the day itself."""
    calendar = working_calendar((an_organisation(closed=closed), an_organisation(name="Globex", weekend=weekend)))
    held = calendar.shift(day, DayOff.NEXT)
    clocks = timetable(Clocks(**spans))
    found = dict(clock_dates(clocks, held, calendar))
    before = [found[name] for name in ("notice_by", "agenda_by", "items_until") if name in found]
    after = [found[name] for name in ("minutes_by", "objections_until") if name in found]
    assert [*before, held, *after] == sorted([*before, held, *after])
    assert not [each for each in found.values() if calendar.is_off(each)]
    assert found.get("agenda_by", date.min) < held
    alone = {each.name: clock_dates((each,), held, calendar)[0][1] for each in clocks if not each.follows}
    sooner = {name: on for name, on, why in mended(clocks, held, calendar) if why}
    assert all(found[name] == on for name, on in sooner.items())
    assert {name for name, on in alone.items() if found[name] != on} - {"agenda_by"} == sooner.keys() - {"agenda_by"}
