"""The plan of a window: which reviews are in it, under which ids, in whose chair, and what is noted about them."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Review, Window
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.planner import Plan, plan_reviews
from tests.builders import ACME, DEV, GLOBEX, INES, JUNE, MARTA, TOM, a_partnership, at, playbooks

NOW = at("2026-10-01 09:00")
CLOSED = {"acme": {**ACME, "closed": ["2026-12-24", "2026-12-28/2026-12-31"]}, "globex": GLOBEX}


def plan(partnership: Partnership, now: str = "2026-10-01 09:00", days: int = 400) -> Plan:
    return plan_reviews(partnership, playbooks(), Window.rolling(at(now), days))


def of(found: Plan, series: str) -> list[Review]:
    return [review for review in found.reviews if review.series == series]


def only(**series: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Reviews with only these series of the contractual playbook."""
    keys = ("pipeline", "operating", "health-audit", "sponsors", "strategy")
    return {key: {"off": True} for key in keys if key not in series} | series


def test_a_year_of_the_cadence_from_weekly_to_annual() -> None:
    counted = Counter(review.series for review in plan(a_partnership()).reviews)
    assert counted == {
        "pipeline": 57,
        "operating": 13,
        "health-audit": 4,
        "sponsors": 2,
        "strategy": 1,
        "checkpoint": 1,
    }


def test_reviews_are_ordered_by_their_start_and_each_has_an_id_of_its_own() -> None:
    reviews = plan(a_partnership()).reviews
    assert [review.start for review in reviews] == sorted(review.start for review in reviews)
    assert len({review.id for review in reviews}) == len(reviews)


def test_a_review_carries_all_that_its_series_says() -> None:
    reviews = only(operating={"at": "16:30", "agenda_owner": "tom", "deputy": "dev", "place": "Halden"})
    review = of(plan(a_partnership(reviews=reviews)), "operating")[0]
    assert review.id == "acme-globex/operating/2026-10"
    assert review.start.isoformat() == "2026-10-20T16:30:00+02:00"
    assert review.end - review.start == timedelta(hours=1)
    assert (review.agenda_owner, review.deputy, review.place) == ("tom", "dev", "Halden")
    assert review.attendees == ("ines", "dev", "tom")
    assert [(name, str(day)) for name, day in review.clocks] == [
        ("notice_by", "2026-10-09"),
        ("agenda_by", "2026-10-15"),
        ("items_until", "2026-10-16"),
        ("minutes_by", "2026-10-27"),
        ("objections_until", "2026-11-04"),
    ]


def test_the_hour_stays_while_the_offset_changes() -> None:
    """Where it gives way to a weightier review, that by which it would start."""
    starts = [review.gave_way_from or review.start for review in of(plan(a_partnership()), "pipeline")]
    assert {start.hour for start in starts} == {15}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=1), timedelta(hours=2)}


def test_a_shifted_review_says_why_and_its_clocks_count_from_the_real_date() -> None:
    """Tuesday 29 December 2026 lies in Acme's closure; the next day on which both work is 4 January."""
    week_53 = next(r for r in plan(a_partnership(organisations=CLOSED)).reviews if r.period == "2026-W53")
    assert week_53.start.date() == date(2027, 1, 4)
    assert week_53.nominal_date == date(2026, 12, 29)
    assert week_53.moved_because == "moved from Tue 29 Dec 2026: closed (Acme Motors SE)"
    assert dict(week_53.clocks)["minutes_by"] == date(2027, 1, 5)


# What is in the window ------------------------------------------------------------------------------------------------


def test_a_program_started_late_shows_at_most_90_days_of_the_past() -> None:
    late = plan(a_partnership("2026-01-05"), "2026-10-01 09:00")
    assert late.reviews[0].start.date() >= date(2026, 7, 3)
    assert of(late, "pipeline")[0].start.date() == date(2026, 7, 7)


def test_nothing_is_planned_before_the_effective_date() -> None:
    soon = plan(a_partnership("2026-09-16"), "2026-10-01 09:00")
    assert of(soon, "pipeline")[0].start.date() == date(2026, 9, 22)
    assert soon.reviews[0].start.date() >= date(2026, 9, 16)


def test_nothing_is_planned_after_the_end() -> None:
    ending = plan(a_partnership(agreement={"ends": "2027-01-12"}))
    assert ending.reviews[-1].start.date() == date(2027, 1, 12)


def test_the_horizons_last_day_is_in_the_plan_and_the_next_one_is_not() -> None:
    """Tuesday 6 October 2026 is five days on."""
    assert len(plan(a_partnership(), days=4).reviews) == 0
    assert [review.period for review in plan(a_partnership(), days=5).reviews] == ["2026-W41"]


@settings(max_examples=25, deadline=None)
@given(
    days=st.integers(0, 500),
    ahead=st.integers(0, 200),
    effective=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    day_off=st.sampled_from(["next", "previous", "skip"]),
)
def test_two_windows_side_by_side_hold_the_reviews_of_the_whole(
    days: int, ahead: int, effective: date, day_off: str
) -> None:
    """The later window starts on the day after the first one's last: 90 days before its own `now`."""
    reviews = {key: {"day_off": day_off} for key in ("pipeline", "operating", "health-audit")}
    partnership = a_partnership(effective, organisations=CLOSED, reviews=reviews)
    until = NOW.date() + timedelta(days=days + ahead)
    middle = NOW.date() + timedelta(days=days)
    later = NOW + timedelta(days=days + 91)
    whole = plan_reviews(partnership, playbooks(), Window(NOW, until)).reviews
    first = plan_reviews(partnership, playbooks(), Window(NOW, middle)).reviews
    second = plan_reviews(partnership, playbooks(), Window(later, until)).reviews if until > middle else ()
    assert (*first, *second) == whole


def test_planning_twice_gives_the_same() -> None:
    assert plan(a_partnership(organisations=CLOSED)) == plan(a_partnership(organisations=CLOSED))


@settings(max_examples=25, deadline=None)
@given(days=st.integers(0, 500), every=st.sampled_from(["week", "2 weeks", "month", "quarter", "year"]))
def test_the_next_review_comes_into_the_horizon_on_the_day_that_the_plan_names(days: int, every: str) -> None:
    """Rolled on to the day before, the window holds nothing new; rolled on to that day, it does."""
    partnership = a_partnership(reviews=only(pipeline={"every": every}))
    now = NOW + timedelta(days=days)
    known, on = _ids(partnership, now), plan_reviews(partnership, playbooks(), Window.rolling(now)).next_on
    ahead = (on - now.astimezone(UTC).date()).days
    assert ahead > 0
    assert _ids(partnership, now + timedelta(days=ahead - 1)) <= known
    assert not _ids(partnership, now + timedelta(days=ahead)) <= known


def _ids(partnership: Partnership, now: Any) -> set[str]:
    return {review.id for review in plan_reviews(partnership, playbooks(), Window.rolling(now)).reviews}


def test_where_nothing_is_to_come_the_plan_is_looked_at_again_after_two_years() -> None:
    ended = plan(a_partnership(agreement={"ends": "2026-12-31"}))
    assert ended.next_on == NOW.date() + timedelta(days=800)


# Chairs ---------------------------------------------------------------------------------------------------------------


def test_named_chairs_alternate_from_review_to_review_and_attend() -> None:
    audits = of(plan(a_partnership(reviews=only(pipeline={"chair": ["marta", "june"]}))), "pipeline")
    assert [review.chair for review in audits[:4]] == ["marta", "june", "marta", "june"]
    assert audits[0].attendees == ("ines", "dev", "marta")
    assert audits[1].attendees == ("ines", "dev", "june")


def test_a_playbooks_seat_rotates_by_the_month_or_the_year() -> None:
    found = plan(a_partnership())
    assert {review.chair for review in of(found, "pipeline") if review.nominal_date.month == 10} == {"ines"}
    assert {review.chair for review in of(found, "pipeline") if review.nominal_date.month == 12} == {"ines"}
    assert {review.chair for review in of(found, "pipeline") if review.nominal_date.month == 1} == {"dev"}
    assert [review.chair for review in of(found, "health-audit")] == ["marta", "june", "june", "june"]


def test_whose_turn_it_is_does_not_depend_on_when_it_is_planned() -> None:
    partnership = a_partnership(reviews=only(pipeline={"chair": ["marta", "june"]}))
    early = {review.id: review.chair for review in plan(partnership).reviews}
    late = {review.id: review.chair for review in plan(partnership, "2027-03-10 09:00").reviews}
    assert {key: chair for key, chair in late.items() if key in early} == {k: c for k, c in early.items() if k in late}


# Amendments and layers ------------------------------------------------------------------------------------------------


def test_a_change_of_model_re_plans_from_its_date_and_leaves_history_alone() -> None:
    amendments = [{"effective": "2027-04-01", "model": "joint_venture", "entity": "Halden Cells GmbH"}]
    before, after = plan(a_partnership()), plan(a_partnership(agreement={"amendments": amendments}))
    change = at("2027-04-01 00:00")
    assert [r for r in after.reviews if r.start < change] == [r for r in before.reviews if r.start < change]
    titles = {review.title for review in after.reviews if review.start >= change}
    assert titles == {"Management committee", "Operating committee", "Board", "Owners' strategy"}
    assert of(after, "health-audit")[2].id == of(before, "health-audit")[2].id == "acme-globex/health-audit/2027-Q2"


def test_a_period_that_the_old_model_has_served_gets_no_second_review() -> None:
    """The old model meets on the 1st working day of April, the new one on the 14th: April is over with the first."""
    books = playbooks()
    operating = books[books_model := next(iter(books))].series["operating"]
    early = operating.model_copy(update={"on": type(operating.on).read("working day 1")})
    series = {**books[books_model].series, "operating": early}
    books[books_model] = books[books_model].model_copy(update={"series": series})
    amendments = [{"effective": "2027-04-05", "model": "joint_venture", "entity": "Halden Cells GmbH"}]
    partnership = a_partnership(agreement={"amendments": amendments})
    found = [r for r in plan_reviews(partnership, books, Window.rolling(NOW)).reviews if r.series == "operating"]
    assert Counter(review.id for review in found).most_common(1)[0][1] == 1
    assert [(r.period, r.title) for r in found[6:8]] == [
        ("2027-04", "Operating review"),
        ("2027-05", "Operating committee"),
    ]


def test_a_layers_reviews_bear_its_name_and_keep_clear_of_its_own_organisations_days_off_only() -> None:
    """Epiphany, a Wednesday in 2027, is no day off for a layer of Globex alone."""
    licence: dict[str, Any] = {
        "name": "Licence",
        "model": "contractual_alliance",
        "effective": "2027-01-01",
        "organisations": ["globex"],
        "reviews": only(pipeline={"on": "wednesday"}),
    }
    found = plan(a_partnership(reviews=only(pipeline={"on": "wednesday"}), layers={"apac": licence}))
    starts = {review.id: review.start.date() for review in found.reviews}
    assert starts["acme-globex/apac/pipeline/2027-W01"] == date(2027, 1, 6)
    assert starts["acme-globex/pipeline/2027-W01"] == date(2027, 1, 7)


# Notes ----------------------------------------------------------------------------------------------------------------


def test_a_skipped_review_is_noted_with_its_reason() -> None:
    found = plan(a_partnership(organisations=CLOSED, reviews=only(pipeline={"day_off": "skip"})))
    assert "2026-W53" not in {review.period for review in found.reviews}
    assert Note("acme-globex/pipeline/2026-W53", "skipped on Tue 29 Dec 2026: closed (Acme Motors SE)") in found.notes


def test_a_review_with_no_working_day_left_before_the_end_is_noted() -> None:
    """The agreement runs over one weekend: its only Saturday cannot be moved anywhere."""
    reviews = only(pipeline={"on": "saturday"})
    found = plan(a_partnership("2026-10-03", agreement={"ends": "2026-10-04"}, reviews=reviews))
    assert [note.review_id for note in found.notes if "no working day is left" in note.text] == [
        "acme-globex/pipeline/2026-W40"
    ]


def test_two_reviews_of_a_series_on_one_date_both_stay_and_are_noted() -> None:
    """Every weekday of the closure moves to 4 January 2027, which has a review of its own."""
    reviews = only(pipeline={"rule": "FREQ=WEEKLY;BYDAY=WE,MO"})
    found = plan(a_partnership(organisations=CLOSED, reviews=reviews))
    on_the_4th = [r.id for r in of(found, "pipeline") if r.start.date() == date(2027, 1, 4)]
    assert on_the_4th == [f"acme-globex/pipeline/{day}" for day in ("2026-12-28", "2026-12-30", "2027-01-04")]
    assert Note(on_the_4th[0], f"is held on Mon 4 Jan 2027, the day of {on_the_4th[1]}: both stay") in found.notes


@pytest.mark.parametrize(
    ("terms", "dev", "text"),
    [
        (
            {"agenda_owner": "tom", "deputy": "dev"},
            DEV,
            "Tom Reyes is away 21 Dec 2026 - 2 Jan 2027; Dev Patel stands in",
        ),
        (
            {"agenda_owner": "tom"},
            DEV,
            "Tom Reyes is away 21 Dec 2026 - 2 Jan 2027, and nobody stands in as owner of the agenda",
        ),
        (
            {"agenda_owner": "tom", "deputy": "dev"},
            {**DEV, "away": ["2026-12-22"]},
            "Tom Reyes is away 21 Dec 2026 - 2 Jan 2027, and so is the deputy, Dev Patel",
        ),
        ({"attendees": ["tom", "ines"]}, DEV, "Tom Reyes is away 21 Dec 2026 - 2 Jan 2027"),
        ({}, {**DEV, "away": ["2026-12-22"]}, "Dev Patel is away on 22 Dec 2026"),
    ],
)
def test_an_absence_moves_no_review_and_is_noted(terms: dict[str, Any], dev: dict[str, Any], text: str) -> None:
    tom = {**TOM, "away": ["2026-12-21/2027-01-02"]}
    people = {"ines": INES, "marta": MARTA, "dev": dev, "june": JUNE, "tom": tom}
    found = plan(a_partnership(people=people, reviews=only(pipeline=terms)))
    week_52 = "acme-globex/pipeline/2026-W52"
    assert next(r.start.date() for r in found.reviews if r.id == week_52) == date(2026, 12, 22)
    assert text in [note.text for note in found.notes if note.review_id == week_52]


def test_terms_that_cannot_be_planned_are_a_fault_with_a_way_out() -> None:
    with pytest.raises(InvalidValue) as fault:
        plan(a_partnership(reviews={"operating": {"every": "month", "on": "tuesday"}}))
    assert "second tuesday" in fault.value.hint


@pytest.mark.parametrize("effective", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_an_effective_date_at_the_ends_of_the_calendar_is_a_fault(effective: str) -> None:
    with pytest.raises(InvalidValue, match="takes effect on"):
        plan(a_partnership(effective))


def test_an_agreement_that_ends_before_its_checkpoint_is_noted() -> None:
    found = plan(a_partnership(agreement={"ends": "2026-11-30"}))
    assert "acme-globex/checkpoint" not in {review.id for review in found.reviews}
    assert found.notes[-1] == Note(
        "acme-globex/checkpoint",
        "is not held: Acme × Globex battery cells ends on Mon 30 Nov 2026, within 90 days of its effective date",
    )


def test_what_is_slow_to_import_is_loaded_only_when_a_date_is_asked_for() -> None:
    loaded = "import sys, scheduler.rules.reviews; print(sorted({'holidays', 'dateutil'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# Half days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "noted"),
    [
        ({}, "is on Christmas Eve (DE), which ends early: name the day under closed or works of acme"),
        ({"works": ["2026-12-24"]}, None),
    ],
)
def test_a_review_on_a_half_day_stays_and_is_noted_unless_it_is_said_to_be_worked(
    days: dict[str, Any], noted: str | None
) -> None:
    """Christmas Eve 2026 is a thursday."""
    acme = {"name": "Acme", "country": "DE", **days}
    globex = {"name": "Globex", "country": "DE"}
    reviews = only(pipeline={"every": "week", "on": "thursday"})
    found = plan(a_partnership(organisations={"acme": acme, "globex": globex}, reviews=reviews), days=100)
    id = "acme-globex/pipeline/2026-W52"
    assert date(2026, 12, 24) in {review.start.date() for review in found.reviews if review.id == id}
    said = [note.text for note in found.notes if note.review_id == id and "acme" in note.text]
    assert said == ([noted] if noted else [])
