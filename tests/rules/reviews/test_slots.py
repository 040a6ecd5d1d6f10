"""`rotate: slot`: where no hour suits all sides, another side bears that from turn to turn.

Initech is in Tokyo, Globex in Los Angeles: in summer they have no hour in common.
"""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.phrases import At, Hours
from scheduler.domain.record.review import Recorded, Review, Series, Window
from scheduler.render.ics.series_rule import recurring
from scheduler.rules.calendar.meeting_hours import HALF_HOURS, Side, choose_borne, minutes_outside
from scheduler.rules.reviews.burdens import burdens, outside_hours
from scheduler.rules.reviews.hour_notes import notes
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import DEV, GLOBEX, INITECH, JUNE, a_partnership, at, playbooks

KENJI = {"name": "Kenji Sato", "email": "kenji.sato@initech.example", "of": "initech", "role": "alliance_manager"}
WEST = {**GLOBEX, "region": "CA", "timezone": "America/Los_Angeles"}
WINDOW = Window(at("2026-10-01 09:00"), date(2027, 6, 30))


def across(rotate: Any = ("slot",), **terms: Any) -> Any:
    """The weekly pipeline review of Tokyo and Los Angeles, on wednesdays in Tokyo."""
    return a_partnership(
        timezone="Asia/Tokyo",
        organisations={"initech": INITECH, "globex": WEST},
        people={"kenji": KENJI, "dev": DEV, "june": JUNE},
        kpis={},
        success_at_90_days={"criteria": [{"id": "cells", "says": "Cells arrive", "owner": "dev"}]},
        triggers=[],
        reviews={"pipeline": {"rotate": list(rotate), **terms}},
    )


def pipeline(**terms: Any) -> tuple[Scope, Series, list[Review]]:
    partnership = across(**terms)
    scope = scopes(partnership, playbooks())[0]
    reviews = [each for each in plan_reviews(partnership, playbooks(), WINDOW).reviews if each.series == "pipeline"]
    return scope, next(each for each in scope.series if each.key == "pipeline"), reviews


def at_its_own_hour(review: Review) -> Review:
    """As it would be, did it not give way to a weightier review of that day."""
    start = review.gave_way_from or review.start
    return replace(review, start=start, end=start + (review.end - review.start))


def test_from_turn_to_turn_another_side_bears_it_and_the_others_keep_their_hours() -> None:
    """While Los Angeles has winter time, nine in Tokyo is four there, and suits both."""
    scope, series, reviews = pipeline()
    turns = [at_its_own_hour(review) for review in reviews]
    bears = {review.start.date(): {each.organisation for each in burdens(scope, review)} for review in turns}
    in_summer = [sides for day, sides in bears.items() if date(2027, 3, 15) < day < date(2027, 7, 1)]
    assert len(series.slots) == 2
    assert [sides | after for sides, after in pairwise(in_summer)] == [{"initech", "globex"}] * (len(in_summer) - 1)
    assert all(len(sides) <= 1 for sides in bears.values())


def test_no_turn_is_lost_or_held_twice() -> None:
    _, _, rotated = pipeline()
    _, _, plain = pipeline(rotate=())
    assert sorted(each.id for each in rotated) == sorted(each.id for each in plain)


def test_a_turn_by_working_days_is_counted_alike_in_all_slots() -> None:
    counted = {"every": "month", "on": "working day 1"}
    _, _, rotated = pipeline(**counted)
    _, _, plain = pipeline(rotate=(), **counted)
    assert [each.period for each in rotated] == [each.period for each in plain]


def test_no_turn_is_on_a_sides_own_day_off() -> None:
    """Monday in Tokyo is sunday in Los Angeles until the afternoon there begins: those turns move, the others stay."""
    scope, _, reviews = pipeline(on="monday")
    assert not any(each.day_off for review in reviews for each in burdens(scope, review))


def test_where_an_hour_suits_all_or_one_is_written_there_is_nothing_to_share() -> None:
    near = a_partnership(reviews={"pipeline": {"rotate": "slot"}})
    assert all(not each.slots for each in scopes(near, playbooks())[0].series)
    assert pipeline(at="10:00")[1].slots == ()


def test_a_series_whose_hour_goes_round_is_no_single_invitation() -> None:
    assert recurring(pipeline()[1], date(2026, 10, 7)) is None
    assert recurring(pipeline(rotate=())[1], date(2026, 10, 7)) is not None


def test_the_matrix_counts_each_slot_in_its_turn() -> None:
    scope, series, _ = pipeline()
    found = {each.organisation: each.dates for each in outside_hours(scope, series)}
    assert found.keys() == {"initech", "globex"}
    assert all(100 < dates < 300 for dates in found.values())


zones = st.sampled_from(["Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata", "UTC"])
hours = st.sampled_from(["09:00-17:00", "08:30-16:00", "22:00-06:00", "10:00-12:00"])
some_side = st.builds(lambda zone, hours: Side(zone, Hours.read(hours)), zones, hours)


@settings(max_examples=15)
@given(st.lists(some_side, min_size=2, max_size=3), st.data())
def test_the_slot_is_that_of_a_naive_search(around: list[Side], data: st.DataObject) -> None:
    """Least for the others, in sum and then on one date; then least for the bearer; then near; then early."""
    bearer, since = data.draw(st.integers(0, len(around) - 1)), date(2027, 1, 1)
    length, wanted = At.read("00:30").time, At.read("14:00").time
    span = at("2027-01-01 00:30") - at("2027-01-01 00:00")
    assert length and wanted

    def burden(half_hour: Any) -> tuple[int, ...]:
        each = [minutes_outside(half_hour, span, "Asia/Tokyo", side, since) for side in around]
        others = [minutes for n, minutes in enumerate(each) if n != bearer]
        away = abs(half_hour.hour * 60 + half_hour.minute - wanted.hour * 60)
        most = max(max(minutes) for minutes in others)
        return sum(map(sum, others)), most, sum(each[bearer]), max(each[bearer]), away, half_hour.hour

    chosen = choose_borne(wanted, span, "Asia/Tokyo", tuple(around), bearer, since)
    assert chosen.at == min(HALF_HOURS, key=burden)


def test_a_note_of_one_sides_hour_stands_with_a_review_of_its_turns() -> None:
    scope, series, reviews = pipeline()
    recorded = {each.id: Recorded(each) for each in reviews}
    told = [note for note in notes([scope], recorded, WINDOW.now) if note.review_id in recorded]
    assert len({note.review_id for note in told}) == len(series.slots) == 2
    for note in told:
        assert f" at {recorded[note.review_id].review.start:%H:%M} Asia/Tokyo is " in note.text
