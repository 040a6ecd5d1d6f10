"""No review starts on a day off of a side that attends, on that side's own date; its clocks stand on days on which all
that attend work."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.review import Recorded, Review, Window
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews.formal_review import called
from scheduler.rules.reviews.planner import Plan, plan_reviews
from scheduler.rules.reviews.rescheduling import moved, objections
from scheduler.rules.reviews.scopes import scopes
from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE, Written, a_partnership, playbooks

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
KAIYO: Written = {"name": "Kaiyo KK", "country": "JP", "timezone": "Asia/Tokyo"}
INITECH: Written = {"name": "Initech Inc", "country": "US", "region": "CA", "timezone": "America/Los_Angeles"}
NAJD: Written = {"name": "Najd Co", "country": "SA", "timezone": "Asia/Riyadh"}
NAJLA: Written = {"name": "Najla Saad", "email": "najla@najd.example", "of": "najd"}
SIDES: dict[str, Written] = {"acme": KAIYO, "globex": INITECH}
STANDARD = ("pipeline", "operating", "health-audit", "sponsors", "strategy")


def only(**series: Written) -> Written:
    return {**{key: {"off": True} for key in STANDARD}, **series}


def a_pacific(**changes: Any) -> Partnership:
    """Kaiyo of Tokyo, and Initech of Los Angeles, which is sixteen or seventeen hours behind."""
    return a_partnership(**{"organisations": SIDES, "timezone": "Asia/Tokyo", **changes})


def plan(partnership: Partnership, days: int = 400) -> Plan:
    return plan_reviews(partnership, playbooks(), Window.rolling(NOW, days))


def review_of(found: Plan, id: str) -> Review:
    return next(each for each in found.reviews if each.id == id)


# Whose date it is --------------------------------------------------------------------------------------------------


def test_a_monday_afternoon_in_tokyo_is_moved_since_it_is_sunday_in_los_angeles() -> None:
    weekly = only(pipeline={"every": "week", "on": "monday", "at": "15:00"})
    found = review_of(plan(a_pacific(reviews=weekly)), "acme-globex/pipeline/2027-W23")
    assert found.start.isoformat() == "2027-06-08T15:00:00+09:00"
    assert found.moved_because == "moved from Mon 7 Jun 2027: weekend (US, Sun 6 Jun 2027 there)"


def test_the_same_monday_stays_where_it_is_monday_for_both() -> None:
    """Five in the afternoon in Los Angeles is eight, or nine, the next morning in Tokyo."""
    weekly = only(pipeline={"every": "week", "on": "monday", "at": "17:00", "timezone": "America/Los_Angeles"})
    found = review_of(plan(a_pacific(reviews=weekly)), "acme-globex/pipeline/2027-W23")
    assert found.start.isoformat() == "2027-06-07T17:00:00-07:00"


def test_a_shift_away_from_a_japanese_holiday_lands_on_no_japanese_saturday() -> None:
    """Thursday 10 February 2028, 17:00 in Los Angeles is Foundation Day in Tokyo; the friday there is a saturday."""
    weekly = only(pipeline={"every": "week", "on": "thursday", "at": "17:00", "timezone": "America/Los_Angeles"})
    found = review_of(plan(a_pacific(reviews=weekly), 600), "acme-globex/pipeline/2028-W06")
    assert found.moved_because == "moved from Thu 10 Feb 2028: Foundation Day (JP, Fri 11 Feb 2028 there)"
    assert found.start.date() == date(2028, 2, 14)


def test_a_working_day_is_counted_at_the_hour_of_its_series() -> None:
    """The first working day of November 2027: monday the 1st, and at three in the afternoon in Tokyo the 2nd, since it
    is sunday in Los Angeles before. The 3rd is Culture Day."""
    for at, expected in (("15:00", date(2027, 11, 2)), ("23:30", date(2027, 11, 1))):
        monthly = only(operating={"every": "month", "on": "working day 1", "at": at})
        found = review_of(plan(a_pacific(reviews=monthly), 500), "acme-globex/operating/2027-11")
        assert (found.start.date(), found.moved_because) == (expected, None)


def test_what_is_dropped_says_whose_date_it_is() -> None:
    weekly = only(pipeline={"every": "week", "on": "monday", "at": "15:00", "day_off": "skip"})
    notes = {note.review_id: note.text for note in plan(a_pacific(reviews=weekly)).notes}
    why = "skipped on Mon 7 Jun 2027: weekend (US, Sun 6 Jun 2027 there)"
    assert notes["acme-globex/pipeline/2027-W23"] == why


def test_a_half_day_is_noted_on_its_own_date() -> None:
    """Christmas Eve ends early in Germany; at half past eight in the evening in Los Angeles it is over there."""
    organisations = {"acme": {"name": "Acme", "country": "DE"}, "globex": INITECH}
    weekly = only(pipeline={"every": "week", "on": "wednesday", "at": "20:30", "timezone": "America/Los_Angeles"})
    found = plan(a_partnership(organisations=organisations, reviews=weekly), 100)
    eve = [note.text for note in found.notes if note.review_id == "acme-globex/pipeline/2026-W52"]
    assert eve == [
        "is on Christmas Eve (DE, Thu 24 Dec 2026 there), which ends early: name the day under closed or works of acme"
    ]


def test_the_checkpoint_and_a_formal_review_keep_clear_of_it_too() -> None:
    """90 days after 9 March 2027 is monday 7 June, a sunday in Los Angeles."""
    partnership = a_pacific(effective="2027-03-09")
    assert review_of(plan(partnership), "acme-globex/checkpoint").start.date() == date(2027, 6, 4)
    [scope] = scopes(partnership, playbooks())
    found = called(scope, date(2027, 5, 21))
    assert found is not None
    assert found.nominal_date == date(2027, 6, 7)
    assert found.moved_because == "moved from Mon 7 Jun 2027: weekend (US, Sun 6 Jun 2027 there)"


def test_somebody_is_away_by_the_date_where_they_live() -> None:
    """Dev of Los Angeles is back on tuesday 8 June: it is monday there when it is tuesday in Tokyo."""
    weekly = only(pipeline={"every": "week", "on": "tuesday", "at": "10:00"})
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "june": JUNE, "tom": TOM}
    for away, noted in (("2027-06-07", True), ("2027-06-08", False)):
        found = plan(a_pacific(people={**people, "dev": {**DEV, "away": [away]}}, reviews=weekly))
        theirs = [note.text for note in found.notes if note.review_id == "acme-globex/pipeline/2027-W23"]
        assert theirs == (["Dev Patel is away on 7 Jun 2027"] if noted else [])


# Who attends -------------------------------------------------------------------------------------------------------


def of_three(**series: Written) -> Partnership:
    """Kaiyo and Initech, and Najd of Riyadh, whose weekend is friday and saturday, and who is invited by name."""
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM, "najla": NAJLA}
    return a_pacific(
        model="consortium",
        organisations={**SIDES, "najd": NAJD},
        people=people,
        reviews={"operating": {"off": True}, "health-audit": {"off": True}, "strategy": {"off": True}, **series},
    )


def test_days_off_of_an_organisation_that_does_not_attend_move_nothing() -> None:
    terms = {"title": "Weekly", "every": "week", "on": "friday", "at": "10:00", "kind": "operating"}
    alone = plan(of_three(weekly={**terms, "attendees": ["ines"], "chair": ["ines"], "agenda_owner": "ines"}))
    with_najd = plan(of_three(weekly={**terms, "attendees": ["ines", "najla"], "agenda_owner": "ines"}))
    assert {r.start.weekday() for r in alone.reviews if r.series == "weekly" and not r.moved_because} == {4}
    assert 4 not in {r.start.weekday() for r in with_najd.reviews if r.series == "weekly"}


def test_clocks_stand_on_working_days_of_those_that_attend() -> None:
    """A sunday is worked in Riyadh: the minutes of a thursday's review that Najd holds alone are due then."""
    clocks = {"agenda": "1 working day", "minutes": "1 working day"}
    terms = {"title": "Weekly", "every": "week", "on": "thursday", "at": "10:00", "kind": "operating", "clocks": clocks}
    alone = {**terms, "attendees": ["najla"], "chair": ["najla"], "agenda_owner": "najla", "timezone": "Asia/Riyadh"}
    both = {**terms, "attendees": ["najla", "ines"], "agenda_owner": "ines", "timezone": "Asia/Riyadh"}
    for series, due in ((alone, date(2027, 6, 13)), (both, date(2027, 6, 14))):
        found = review_of(plan(of_three(weekly=series)), "acme-globex/weekly/2027-W23")
        assert dict(found.clocks)["minutes_by"] == due


def test_organisations_that_never_attend_together_need_no_common_working_day() -> None:
    """Four days and three: nobody of Najd is in the reviews of the others."""
    never = {
        "acme": {**KAIYO, "weekend": ["friday", "saturday", "sunday"]},
        "globex": {**INITECH, "timezone": "Asia/Tokyo", "weekend": ["friday", "saturday", "sunday"]},
        "najd": {**NAJD, "weekend": ["monday", "tuesday", "wednesday", "thursday"]},
    }
    terms = {"title": "Weekly", "every": "week", "on": "monday", "at": "10:00", "kind": "operating"}
    weekly = {**terms, "attendees": ["ines", "dev"], "agenda_owner": "ines"}
    partnership = of_three(weekly=weekly)
    apart = partnership.model_copy(update={"organisations": a_pacific(organisations=never).organisations})
    assert {r.start.weekday() for r in plan(apart).reviews if r.series == "weekly" and not r.moved_because} == {0}


def test_those_that_meet_and_have_no_day_in_common_at_that_hour_are_a_fault_in_words() -> None:
    """Kaiyo works from monday to wednesday, Initech from wednesday to friday; in the morning of Tokyo its wednesday is
    a tuesday in Los Angeles."""
    short = {
        "acme": {**KAIYO, "weekend": ["thursday", "friday", "saturday", "sunday"]},
        "globex": {**INITECH, "weekend": ["saturday", "sunday", "monday", "tuesday"]},
    }
    for at, is_fault in (("10:00", True), ("23:30", False)):
        partnership = a_pacific(organisations=short, reviews=only(pipeline={"on": "wednesday", "at": at}))
        [scope] = scopes(partnership, playbooks())
        [series] = scope.series
        if is_fault:
            with pytest.raises(InvalidValue, match="no day on which all of them work at 10:00"):
                scope.meeting_days(series.sides, series.timezone, series.at.time)
        else:
            assert not scope.meeting_days(series.sides, series.timezone, series.at.time).is_off(date(2027, 6, 9))


# Moved by a person ------------------------------------------------------------------------------------------------


def test_a_move_is_judged_by_the_local_dates_of_its_new_start() -> None:
    """Monday 7 June in Tokyo: at 15:00 a sunday in Los Angeles, at 18:00 the first hours of its monday."""
    partnership = a_pacific(reviews=only(pipeline={"every": "week", "on": "wednesday", "at": "10:00"}))
    [scope] = scopes(partnership, playbooks())
    record = Recorded(review_of(plan(partnership), "acme-globex/pipeline/2027-W23"))
    said = {}
    for hour in (15, 18):
        after = moved(record, scope, datetime(2027, 6, 7, hour, tzinfo=ZoneInfo("Asia/Tokyo")), None, NOW)
        said[hour] = [each for each in objections(after, scope, {}, NOW) if "day off" in each]
    assert said == {15: ["Mon 7 Jun 2027 is a day off: weekend (US, Sun 6 Jun 2027 there)"], 18: []}


def test_the_clocks_of_a_moved_review_stand_on_working_days_of_those_that_attend() -> None:
    """Najd holds it alone: its minutes are due on a sunday."""
    terms = {"title": "Weekly", "every": "week", "on": "wednesday", "at": "10:00", "kind": "operating"}
    alone = {**terms, "attendees": ["najla"], "chair": ["najla"], "agenda_owner": "najla", "timezone": "Asia/Riyadh"}
    partnership = of_three(weekly={**alone, "clocks": {"agenda": "1 working day", "minutes": "1 working day"}})
    [scope] = scopes(partnership, playbooks())
    record = Recorded(review_of(plan(partnership), "acme-globex/weekly/2027-W23"))
    after = moved(record, scope, datetime(2027, 6, 10, 10, tzinfo=ZoneInfo("Asia/Riyadh")), None, NOW)
    assert dict(after.review.clocks)["minutes_by"] == date(2027, 6, 13)


# Over random sides -------------------------------------------------------------------------------------------------

ZONES = (
    "Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin", "Asia/Riyadh", "Pacific/Apia", "Pacific/Honolulu",
    "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "UTC",
)  # fmt: skip
COUNTRIES = ("JP", "US", "DE", "SA", "WS", "IN", "AU", "BR", "SE", None)
WEEKENDS = (None, ["saturday", "sunday"], ["friday", "saturday"], ["sunday"], ["wednesday", "sunday"])
DATES = st.dates(date(2026, 10, 1), date(2027, 12, 31))


@st.composite
def organisations(draw: st.DrawFn) -> dict[str, Written]:
    found = {}
    for key in draw(st.sampled_from((("acme", "globex"), ("acme", "globex", "najd")))):
        weekend = draw(st.sampled_from(WEEKENDS))
        found[key] = {
            "name": key.title(),
            "country": draw(st.sampled_from(COUNTRIES)),
            "timezone": draw(st.sampled_from(ZONES)),
            "closed": [str(day) for day in draw(st.lists(DATES, max_size=4))],
            "works": [str(day) for day in draw(st.lists(DATES, max_size=4))],
            **({"weekend": weekend} if weekend else {}),
        }
    return found


SERIES = st.fixed_dictionaries(
    {
        "at": st.times().map(lambda at: f"{at:%H:%M}"),
        "timezone": st.sampled_from(ZONES),
        "day_off": st.sampled_from(("next", "previous", "skip")),
        "attendees": st.sampled_from((["ines", "dev"], ["ines", "najla"], ["dev"], ["ines", "dev", "najla"])),
    }
)
WHEN = (
    {"every": "week", "on": "monday"},
    {"every": "month", "on": "working day 3"},
    {"every": "2 weeks", "on": "friday"},
)


def naively_off(review: Review, partnership: Partnership) -> list[str]:
    """The sides of a review with a day off when it begins: by their own dates, and what their definition says."""
    expected = {partnership.people[key].of for key in (*review.attendees, review.agenda_owner, review.chair) if key}
    found = []
    for key in (key for key in expected if key in partnership.organisations):
        side = partnership.organisations[key]
        day = review.start.astimezone(ZoneInfo(side.timezone)).date()
        is_weekend = day.toordinal() in side.weekends(day.year)
        is_off = is_weekend or day in side.holidays(day.year) or any(day in run for run in side.closed)
        if is_off and not any(day in run for run in side.works):
            found.append(f"{key} on {in_words(day)}")
    return found


@settings(max_examples=25, deadline=None)
@given(organisations(), SERIES, st.sampled_from(WHEN), DATES)
def test_no_review_starts_on_a_local_day_off_of_a_side_that_attends(
    sides: dict[str, Written], terms: Written, when: Written, called_on: date
) -> None:
    people = {"ines": INES, "marta": MARTA, "dev": DEV, "june": JUNE, **({"najla": NAJLA} if "najd" in sides else {})}
    attendees = [key for key in terms["attendees"] if key in people]
    weekly = {
        "title": "Weekly",
        "kind": "operating",
        "chair": attendees[:1],
        "agenda_owner": attendees[0],
        **terms,
        **when,
    }
    partnership = a_partnership(
        model="consortium",
        organisations=sides,
        people=people,
        timezone=terms["timezone"],
        kpis={},
        success_at_90_days={"agenda_owner": "ines", "criteria": [{"id": "it", "says": "It is there", "owner": "dev"}]},
        reviews={"weekly": {**weekly, "attendees": attendees}},
    )
    reviews = list(plan(partnership, 120).reviews)
    [scope] = scopes(partnership, playbooks())
    reviews += [found] if (found := called(scope, called_on)) else []
    assert {each.kind for each in reviews} >= {Kind.CHECKPOINT, Kind.FORMAL_REVIEW}
    assert [(each.id, off) for each in reviews if (off := naively_off(each, partnership))] == []
    for each in reviews:
        clocks = dict(each.clocks)
        before = [clocks[name] for name in ("notice_by", "agenda_by", "items_until") if name in clocks]
        assert [*before, each.start.date()] == sorted([*before, each.start.date()]), each.id
