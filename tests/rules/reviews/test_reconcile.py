"""planned × recorded → actions: the truth table, row by row, then what must hold for every plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.vocabulary import Kind, Model, Status
from scheduler.domain.record.review import Recorded, Review, Window
from scheduler.rules.reviews.reconcile import ReviewChange, cancels_too_many, reconcile

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WINDOW = Window.rolling(NOW)


def a_review(day: date, series: str = "pipeline", partnership: str = "acme-globex", **changes: object) -> Review:
    start = datetime(day.year, day.month, day.day, 15, tzinfo=BERLIN)
    review = Review(
        id=f"{partnership}/{series}/{day}",
        partnership=partnership,
        layer=None,
        series=series,
        model=Model.EQUITY_ALLIANCE,
        kind=Kind.PIPELINE,
        title="Commercial pipeline",
        period=str(day),
        nominal_date=day,
        start=start,
        end=start + timedelta(minutes=30),
        timezone="Europe/Berlin",
        moved_because=None,
        agenda_owner="dev",
        deputy=None,
        chair="ines",
        attendees=("ines", "dev"),
        quorum="1 per side",
        place=None,
        clocks=(("agenda_by", day - timedelta(days=1)),),
    )
    return replace(review, **changes)  # type: ignore[arg-type]


def on_record(review: Review, **changes: object) -> dict[str, Recorded]:
    record = Recorded(review, created_at=NOW - timedelta(days=9), modified_at=NOW - timedelta(days=9))
    return {review.id: replace(record, **changes)}  # type: ignore[arg-type]


def at(review: Review, **shift: int) -> Review:
    return replace(review, start=review.start + timedelta(**shift), end=review.end + timedelta(**shift))


def only(actions: tuple[ReviewChange, ...]) -> ReviewChange:
    assert len(actions) == 1
    return actions[0]


TUESDAY = a_review(date(2026, 12, 1))
LAST_WEEK = a_review(date(2026, 11, 17))


def test_a_review_new_in_the_plan_is_scheduled_with_sequence_0() -> None:
    action = only(reconcile([TUESDAY], {}, WINDOW))
    assert (action.verb, action.before, action.result.sequence) == ("schedule", None, 0)
    assert action.result.created_at == action.result.modified_at == NOW


def test_nothing_is_scheduled_in_the_past() -> None:
    assert reconcile([LAST_WEEK], {}, WINDOW) == ()


def test_a_partnership_first_seen_late_shows_its_past_reviews_as_unrecorded() -> None:
    action = only(reconcile([LAST_WEEK], {}, WINDOW, new_scopes={"acme-globex"}))
    assert action.result.status is Status.UNRECORDED


def test_only_the_layer_first_seen_gets_unrecorded_reviews() -> None:
    of_the_layer = replace(LAST_WEEK, id="acme-globex/apac/pipeline/2026-W47", layer="apac")
    assert (
        reconcile([LAST_WEEK, of_the_layer], {}, WINDOW, new_scopes={"acme-globex/apac"})[0].review == of_the_layer.id
    )


def test_a_review_is_the_past_only_once_its_end_lies_before_now() -> None:
    ending_now = Window(TUESDAY.end, WINDOW.until)
    a_second_later = Window(TUESDAY.end + timedelta(seconds=1), WINDOW.until)
    assert only(reconcile([TUESDAY], {}, ending_now)).verb == "schedule"
    assert reconcile([TUESDAY], {}, a_second_later) == ()


def test_a_plan_that_is_already_on_record_changes_nothing() -> None:
    assert reconcile([TUESDAY], on_record(TUESDAY), WINDOW) == ()


def test_another_time_is_a_move_that_raises_sequence_by_one_and_carries_the_reason() -> None:
    later = replace(at(TUESDAY, days=1), moved_because="moved from Tue 1 Dec 2026: closed (Acme Motors SE)")
    action = only(reconcile([later], on_record(TUESDAY, sequence=3), WINDOW))
    assert (action.verb, action.result.sequence, action.because) == ("move", 4, later.moved_because)
    assert action.result.modified_at == NOW > action.result.created_at


def test_other_words_or_people_are_a_revision_that_leaves_sequence_alone() -> None:
    revised = replace(TUESDAY, title="Pipeline", agenda_owner="ines")
    action = only(reconcile([revised], on_record(TUESDAY, sequence=3), WINDOW))
    assert (action.verb, action.result.sequence) == ("revise", 3)
    assert action.because == "the definition changed: title, agenda owner"


def test_a_revision_of_clocks_alone_is_news_to_nobody() -> None:
    """What calendars show and no letter tells: see the table of `publish/inviting.py`."""
    clocks = replace(TUESDAY, clocks=(("agenda_by", date(2026, 11, 26)),), quorum="2 per side")
    action = only(reconcile([clocks], on_record(TUESDAY, sequence=3), WINDOW))
    assert (action.verb, action.result.sequence, action.hears) == ("revise", 3, ())
    guests = replace(clocks, attendees=("ines", "june"))
    assert only(reconcile([guests], on_record(TUESDAY), WINDOW)).hears == ("ines", "dev", "june")


def test_what_changes_though_the_definition_stands_is_worked_out_anew() -> None:
    clocks = replace(TUESDAY, clocks=(("agenda_by", date(2026, 11, 26)),))
    action = only(reconcile([clocks], on_record(TUESDAY), WINDOW, is_edited=False))
    assert action.because == "worked out anew: clocks"


def test_another_place_endangers_taking_part_and_raises_sequence() -> None:
    action = only(reconcile([replace(TUESDAY, place="Halden")], on_record(TUESDAY), WINDOW))
    assert (action.verb, action.result.sequence) == ("revise", 1)


def test_the_same_instant_in_another_zone_is_a_move() -> None:
    in_detroit = replace(TUESDAY, timezone="America/Detroit")
    assert only(reconcile([in_detroit], on_record(TUESDAY), WINDOW)).verb == "move"


def test_a_review_the_definition_no_longer_has_is_cancelled_and_its_record_stays() -> None:
    action = only(reconcile([], on_record(TUESDAY), WINDOW))
    assert (action.verb, action.result.status, action.result.sequence) == ("cancel", Status.CANCELLED, 1)
    assert action.result.review == TUESDAY


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED])
def test_what_a_person_closed_stays_closed_through_every_edit(status: Status) -> None:
    closed = on_record(TUESDAY, status=status)
    assert reconcile([at(TUESDAY, days=1)], closed, WINDOW) == ()
    assert reconcile([], closed, WINDOW) == ()


def test_the_past_is_neither_moved_revised_nor_cancelled() -> None:
    past = on_record(LAST_WEEK)
    assert reconcile([replace(LAST_WEEK, title="Renamed")], past, WINDOW) == ()
    assert reconcile([], past, WINDOW) == ()


def test_a_review_whose_new_time_has_already_passed_stays_where_it_was() -> None:
    """Friday's review is changed to Mondays on a Wednesday: this week's stays on Friday."""
    assert reconcile([at(TUESDAY, days=-14)], on_record(TUESDAY), WINDOW) == ()


def test_a_cancelled_review_that_the_plan_has_again_comes_back_under_the_same_uid() -> None:
    action = only(reconcile([TUESDAY], on_record(TUESDAY, status=Status.CANCELLED, sequence=1), WINDOW))
    assert (action.verb, action.result.status, action.result.sequence) == ("schedule", Status.PLANNED, 2)
    assert action.result.review.uid == TUESDAY.uid


def test_a_cancelled_review_that_the_plan_no_longer_has_stays_cancelled() -> None:
    assert reconcile([], on_record(TUESDAY, status=Status.CANCELLED), WINDOW) == ()


def test_a_persons_move_is_kept_and_other_edits_still_reach_the_review() -> None:
    by_person = on_record(at(TUESDAY, days=2), moved_by_person=True, sequence=1)
    assert reconcile([TUESDAY], by_person, WINDOW) == ()
    action = only(reconcile([replace(TUESDAY, title="Pipeline")], by_person, WINDOW))
    assert (action.verb, action.result.review.start, action.result.sequence) == ("revise", at(TUESDAY, days=2).start, 1)


def test_a_review_beyond_the_horizon_is_left_alone() -> None:
    shorter = Window(NOW, date(2026, 11, 30))
    assert reconcile([], on_record(TUESDAY), shorter) == ()


def test_whoever_was_to_attend_and_whoever_is_now_hears_of_it() -> None:
    action = only(reconcile([replace(TUESDAY, attendees=("ines", "june"))], on_record(TUESDAY), WINDOW))
    assert action.hears == ("ines", "dev", "june")


@pytest.mark.parametrize(("cancelled", "refused"), [(10, False), (11, True)])
def test_cancelling_many_and_at_least_half_waits_for_a_persons_word(cancelled: int, refused: bool) -> None:
    reviews = [a_review(date(2026, 12, 1) + timedelta(weeks=n)) for n in range(20)]
    records = {id: record for review in reviews for id, record in on_record(review).items()}
    actions = reconcile(reviews[cancelled:], records, WINDOW)
    assert cancels_too_many(actions, records, NOW, reviews=10, share=0.5) is refused


def test_cancelling_many_that_are_few_of_all_is_let_through() -> None:
    reviews = [a_review(date(2026, 12, 1) + timedelta(days=n)) for n in range(100)]
    records = {id: record for review in reviews for id, record in on_record(review).items()}
    assert not cancels_too_many(reconcile(reviews[49:], records, WINDOW), records, NOW, reviews=10, share=0.5)


# What must hold for every plan and every record -------------------------------------------------------------------

DAYS = st.integers(-60, 120).map(lambda n: NOW.date() + timedelta(days=n))
PLANS = st.lists(DAYS, unique=True, max_size=12).flatmap(
    lambda days: st.tuples(
        *(st.sampled_from([a_review(d), at(a_review(d), hours=1), replace(a_review(d), title="Other")]) for d in days)
    )
)
RECORDS = PLANS.flatmap(
    lambda reviews: st.tuples(
        *(
            st.builds(
                Recorded, st.just(r), st.sampled_from(Status), st.integers(0, 3), st.booleans(), created_at=st.just(NOW)
            )
            for r in reviews
        )
    )
).map(lambda records: {record.id: record for record in records})


def applied(records: dict[str, Recorded], actions: tuple[ReviewChange, ...]) -> dict[str, Recorded]:
    return {**records, **{action.review: action.result for action in actions}}


@given(PLANS, RECORDS)
def test_reconciling_twice_changes_nothing_more(plan: tuple[Review, ...], records: dict[str, Recorded]) -> None:
    after = applied(records, reconcile(plan, records, WINDOW))
    assert reconcile(plan, after, WINDOW) == ()


@given(PLANS, RECORDS)
def test_no_action_touches_the_past_or_a_closed_review(plan: tuple[Review, ...], records: dict[str, Recorded]) -> None:
    for action in reconcile(plan, records, WINDOW, new_scopes={"acme-globex"}):
        if action.before:
            assert not action.before.settled
            assert not action.before.is_past(NOW) or action.before.status is Status.CANCELLED


@given(PLANS, RECORDS)
def test_sequence_rises_by_one_exactly_where_time_place_or_status_changed(
    plan: tuple[Review, ...], records: dict[str, Recorded]
) -> None:
    for action in reconcile(plan, records, WINDOW):
        if before := action.before:
            of_substance = (
                (before.review.start, before.review.end, before.review.timezone, before.review.place, before.status)
                != (action.result.review.start, action.result.review.end, action.result.review.timezone,
                action.result.review.place, action.result.status)
            )  # fmt: skip
            assert action.result.sequence - before.sequence == of_substance


@given(PLANS, RECORDS)
def test_the_order_of_plan_and_record_does_not_matter(plan: tuple[Review, ...], records: dict[str, Recorded]) -> None:
    backwards = dict(reversed(records.items()))
    assert set(reconcile(plan, records, WINDOW)) == set(reconcile(plan[::-1], backwards, WINDOW))
