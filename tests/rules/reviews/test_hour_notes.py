"""Who sits outside their hours in which series, by how much, on which dates, and what hour would suit all."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from scheduler.domain.record.review import Recorded, Window
from scheduler.domain.record.series_hour import SeriesHour, SeriesKey
from scheduler.rules.reviews.hour_notes import OutsideFinding, better, findings, notes, waiting
from scheduler.rules.reviews.planner import plan_scopes
from scheduler.rules.reviews.scope import Scope
from scheduler.rules.reviews.scopes import scopes
from tests.builders import ACME, GLOBEX, Written, a_partnership, at, playbooks

OPERATING = "acme-globex/operating"
OFF: Written = {"off": True}
ONLY_OPERATING: Written = {"pipeline": OFF, "health-audit": OFF, "sponsors": OFF, "strategy": OFF}


def scope(hours: dict[SeriesKey, SeriesHour] | None = None, **changes: Any) -> Scope:
    return scopes(a_partnership(**changes).keeping_hours(hours or {}), playbooks())[0]


def of_operating(globex: Written | None = None, acme: Written | None = None, **terms: Any) -> list[OutsideFinding]:
    """An hour of the operating committee."""
    organisations = {"acme": {**ACME, **(acme or {})}, "globex": {**GLOBEX, **(globex or {})}}
    found = findings(scope(organisations=organisations, reviews={**ONLY_OPERATING, "operating": terms}))
    return [each for each in found if each.series == OPERATING]


def test_where_the_start_is_chosen_and_suits_all_there_is_nothing_to_say() -> None:
    assert of_operating() == []


def test_a_written_hour_names_the_side_its_clock_and_the_nearest_hour_that_fits() -> None:
    """Ten in Munich is four in Detroit, and five while it alone has changed its clocks."""
    [found] = of_operating(at="10:00")
    assert found.says == (
        "Operating review at 10:00 Europe/Berlin is 04:00-05:00 or 05:00-06:00 for Globex Cells Inc, "
        "up to 300 min beyond its hours, 09:00-17:00"
    )
    assert found.way_out == "15:00 suits all sides on all dates of a year"


def test_an_hour_that_is_outside_only_while_one_side_has_changed_its_clocks_says_so() -> None:
    """Half past five in Munich is half past eleven in Detroit, and half past twelve then: after its morning."""
    [found] = of_operating(globex={"hours": "09:00-12:00"}, acme={"hours": "08:30-19:00"}, at="17:00")
    assert found.says == (
        "Operating review at 17:00 Europe/Berlin is 12:00-13:00 for Globex Cells Inc, 60 min beyond its hours, "
        "09:00-12:00, only while one side alone has changed its clocks (25 Oct 2026 - 31 Oct 2026, "
        "14 Mar 2027 - 27 Mar 2027)"
    )
    assert found.way_out == "16:00 suits all sides on all dates of a year"


def test_a_side_that_keeps_its_clocks_is_outside_for_half_a_year() -> None:
    phoenix = {"timezone": "America/Phoenix", "region": "AZ"}
    [found] = of_operating(globex=phoenix, acme={"hours": "08:30-18:30"}, at="17:00")
    assert found.says == (
        "Operating review at 17:00 Europe/Berlin is 08:00-09:00 for Globex Cells Inc, 60 min beyond its hours, "
        "09:00-17:00, on 1 Oct 2026 - 24 Oct 2026, 28 Mar 2027 - 30 Sep 2027"
    )


def test_where_no_hour_suits_all_each_side_is_told_what_it_bears() -> None:
    tokyo = {"country": "JP", "region": None, "timezone": "Asia/Tokyo"}
    found = of_operating(globex=tokyo, acme={"timezone": "America/Los_Angeles", "country": "US", "region": "CA"})
    assert len(found) >= 1
    assert {each.way_out for each in found} == {
        "no half hour lies within the hours of all sides on all dates of a year: this one reaches least beyond them"
    }


@pytest.mark.parametrize(("at", "is_outside"), [("20:00", False), ("23:30", False), ("03:00", False), ("03:30", True)])
def test_hours_that_cross_midnight_hold_until_they_end(at: str, is_outside: bool) -> None:
    """A night from eight until four, in Munich on both sides."""
    night = {"timezone": "Europe/Berlin", "hours": "20:00-04:00"}
    assert bool(of_operating(globex=night, acme=night, at=at)) is is_outside


def test_a_side_that_does_not_attend_is_asked_for_no_hours() -> None:
    assert of_operating(at="10:00", attendees=["ines"], chair="ines", agenda_owner="ines") == []


def test_an_hour_that_people_know_is_kept_and_the_one_that_suits_all_is_named() -> None:
    known = {SeriesKey(OPERATING, "contractual_alliance"): SeriesHour(time(14), "Europe/Berlin")}
    [kept] = better(scope(known))
    assert (kept.series, kept.says) == (
        OPERATING,
        "stays at 14:00 Europe/Berlin, since people know it; 15:00 suits all sides",
    )


@pytest.mark.parametrize("written", ["14:00", "15:00"])
def test_where_an_hour_is_written_no_other_one_is_better(written: str) -> None:
    known = {SeriesKey(OPERATING, "contractual_alliance"): SeriesHour(time(14), "Europe/Berlin")}
    assert better(scope(known, reviews={"operating": {"at": written}})) == ()


def test_an_hour_known_in_another_zone_stays_on_the_clocks_of_this_one() -> None:
    known = {SeriesKey(OPERATING, "contractual_alliance"): SeriesHour(time(9), "America/Detroit")}
    [stays] = better(scope(known))
    assert stays.says == "stays at 09:00 Europe/Berlin, since people know it; 15:00 suits all sides"
    [operating] = [each for each in scope(known).series if each.key == "operating"]
    assert str(operating.at) == "09:00"


def told(scope: Scope, now: datetime) -> dict[str, list[str]]:
    """The notes about the reviews of a scope's plan, all of which are on record, by id."""
    recorded = {
        each.id: Recorded(each) for each in plan_scopes([scope], scope.people, Window.rolling(now, 400)).reviews
    }
    found: dict[str, list[str]] = {}
    for note in notes([scope], recorded, now):
        found.setdefault(note.review_id, []).append(note.text)
    return {id: texts for id, texts in found.items() if recorded[id].review.series == "operating"}


def test_a_note_stands_with_the_first_review_on_whose_day_the_side_is_outside() -> None:
    """Phoenix keeps its clocks: from the last sunday of march on half past five in Munich is too early there."""
    globex = {**GLOBEX, "timezone": "America/Phoenix", "region": "AZ"}
    organisations = {"acme": {**ACME, "hours": "08:30-18:30"}, "globex": globex}
    monthly = {"at": "17:00", "on": "second tuesday"}
    of = scope(organisations=organisations, reviews={**ONLY_OPERATING, "operating": monthly})
    assert list(told(of, at("2026-11-02 09:00"))) == ["acme-globex/operating/2027-04"]


def test_what_is_held_at_another_hour_bears_no_note_of_this_one() -> None:
    """The first review stands at ten, since it was on notice; those after it are at fourteen, which people know."""
    known = {SeriesKey(OPERATING, "contractual_alliance"): SeriesHour(time(14), "Europe/Berlin")}
    of, now = scope(known), at("2026-11-02 09:00")
    reviews = plan_scopes([of], of.people, Window.rolling(now, 200)).reviews
    coming = [each for each in reviews if each.series == "operating" and each.end > now]
    first = replace(coming[0], start=coming[0].start.replace(hour=10), end=coming[0].end.replace(hour=11))
    standing = {each.id: Recorded(each) for each in (first, *coming[1:])}
    stays = [note.review_id for note in notes([of], standing, now) if "stays at 14:00" in note.text]
    assert stays == [coming[1].id]


@pytest.mark.parametrize(("now", "waits"), [("2026-10-02 09:00", True), ("2026-12-22 09:00", False)])
def test_a_checkpoint_on_notice_waits_for_no_word(now: str, waits: bool) -> None:
    known = {SeriesKey("acme-globex/checkpoint"): SeriesHour(time(9), "Europe/Berlin")}
    of = scope(known)
    plan = plan_scopes([of], of.people, Window.rolling(at(now), 200))
    standing = {each.id: Recorded(each) for each in plan.reviews}
    assert [each.series for each in better(of)] == ["acme-globex/checkpoint"]
    assert bool(waiting(of, standing, at(now))) is waits
