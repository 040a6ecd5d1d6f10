"""Once per cause: what fires, what joins a review to come, what ends, what may fire again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, TriggerEvent
from scheduler.rules.reviews.formal_review import called
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.triggers.firing import Firing, by_hand, called_reviews, dealt_with, firing
from tests.builders import a_partnership, at, playbooks
from tests.rules.triggers.situated import JANUARY

SCOPE = scopes(a_partnership(), playbooks())[0]
REVIEW = "acme-globex/formal-review/2027-01-19"
LATER = at("2027-01-22 09:00")
AFTER = at("2027-03-01 09:00")
CELLS = "missed/acme-globex/cells-delivered"


def a_cause(key: str = f"{CELLS}/2026-10", **changes: object) -> Cause:
    cause = Cause("acme-globex", "acme-globex", key, "a rule", "something fired", (), None, date(2027, 1, 19))
    return replace(cause, **changes)  # type: ignore[arg-type]


def a_fired(cause: Cause | None = None, review: str | None = REVIEW, ended_at: datetime | None = None) -> TriggerEvent:
    return TriggerEvent(cause or a_cause(), review, JANUARY, ended_at)


def on_record(status: Status = Status.PLANNED, on: date = date(2027, 1, 19)) -> dict[str, Recorded]:
    review = called(SCOPE, on)
    assert review is not None
    return {review.id: Recorded(review, status)}


def fire(
    *holding: Cause,
    known: Iterable[TriggerEvent] = (),
    recorded: dict[str, Recorded] | None = None,
    now: datetime = LATER,
) -> Firing:
    return firing(holding, tuple(known), recorded or {}, {SCOPE.id: SCOPE}, now)


def test_a_cause_that_is_new_calls_a_review_named_after_its_day() -> None:
    (fired,) = fire(a_cause()).fired
    assert (fired.review, fired.fired_at, fired.ended_at) == (REVIEW, LATER, None)


def test_a_cause_that_stays_open_fires_no_second_time() -> None:
    outcome = fire(a_cause(), known=[a_fired()], recorded=on_record())
    assert (outcome.fired, outcome.ended, outcome.standing) == ((), (), (a_fired(),))


def test_causes_of_one_moment_call_one_review() -> None:
    outcome = fire(a_cause(), a_cause("vacant/sponsor/globex"))
    assert [each.review for each in outcome.fired] == [REVIEW, REVIEW]


def test_a_further_cause_joins_the_review_that_is_still_to_come() -> None:
    vacancy = a_cause("vacant/sponsor/globex", fired_on=date(2027, 1, 22))
    (joined,) = fire(a_cause(), vacancy, known=[a_fired()], recorded=on_record()).fired
    assert (joined.cause, joined.review) == (vacancy, REVIEW)


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED, Status.PLANNED])
def test_once_that_review_has_begun_or_was_closed_a_further_cause_calls_its_own(status: Status) -> None:
    vacancy = a_cause("vacant/sponsor/globex", fired_on=date(2027, 3, 1))
    outcome = fire(a_cause(), vacancy, known=[a_fired()], recorded=on_record(status), now=AFTER)
    assert [each.review for each in outcome.fired] == ["acme-globex/formal-review/2027-03-01"]


def test_a_review_that_was_called_and_closed_on_one_day_leaves_the_id_of_the_next_day() -> None:
    vacancy = a_cause("vacant/sponsor/globex")
    outcome = fire(a_cause(), vacancy, known=[a_fired()], recorded=on_record(Status.SKIPPED), now=JANUARY)
    assert [each.review for each in outcome.fired] == ["acme-globex/formal-review/2027-01-20"]


def test_what_no_longer_holds_ends_and_may_fire_again() -> None:
    outcome = fire(known=[a_fired()], recorded=on_record())
    assert outcome.ended == (a_fired(ended_at=LATER),)
    again = fire(a_cause(), known=outcome.ended, recorded=on_record(Status.SKIPPED), now=AFTER)
    assert len(again.fired) == 1


def test_a_clock_that_was_set_back_ends_nothing() -> None:
    assert fire(known=[a_fired()], now=JANUARY - timedelta(minutes=1)).ended == ()
    assert len(fire(known=[a_fired()], now=JANUARY).ended) == 1


def test_a_correction_that_changes_the_first_period_of_a_run_fires_nothing() -> None:
    outcome = fire(a_cause(f"{CELLS}/2026-11"), known=[a_fired()], recorded=on_record())
    assert (outcome.fired, outcome.ended) == ((), ())


def test_after_its_review_was_held_another_occurrence_of_the_matter_fires() -> None:
    outcome = fire(a_cause(f"{CELLS}/2027-01"), known=[a_fired()], recorded=on_record(Status.HELD), now=AFTER)
    assert [each.cause.key for each in outcome.fired] == [f"{CELLS}/2027-01"]
    assert [each.cause.key for each in outcome.ended] == [f"{CELLS}/2026-10"]


def test_the_occurrence_a_review_was_held_about_never_fires_again() -> None:
    expired = a_cause("expired/nda/2027-01-18")
    ended = a_fired(expired, ended_at=LATER)
    assert fire(expired, known=[ended], recorded=on_record(Status.HELD), now=AFTER).fired == ()


def test_a_seat_that_falls_vacant_anew_fires_anew() -> None:
    vacancy = a_cause("vacant/sponsor/globex", fired_on=date(2027, 3, 1))
    ended = a_fired(replace(vacancy, fired_on=date(2027, 1, 19)), ended_at=LATER)
    assert len(fire(vacancy, known=[ended], recorded=on_record(Status.HELD), now=AFTER).fired) == 1


def test_a_seat_still_vacant_after_its_review_was_held_fires_nothing() -> None:
    vacancy = a_fired(a_cause("vacant/sponsor/globex"))
    assert fire(vacancy.cause, known=[vacancy], recorded=on_record(Status.HELD), now=AFTER).fired == ()


def test_what_is_internal_to_an_organisation_calls_no_review_and_joins_none() -> None:
    internal = a_cause("missed/acme-globex/landed-cost/2026-10", of="acme")
    assert [each.review for each in fire(internal).fired] == [None]
    joined = fire(a_cause(), internal, known=[a_fired()], recorded=on_record()).fired
    assert [each.review for each in joined] == [None]


def test_a_cause_given_by_hand_stays_until_its_review_is_closed_or_over() -> None:
    given = by_hand(SCOPE, "the line stands still", "Inès Falk", (), {}, JANUARY)
    assert (given.cause.key, given.review) == ("by-hand/2027-01-19/1", REVIEW)
    assert given.cause.evidence == ((date(2027, 1, 19), "called by Inès Falk"),)
    assert fire(known=[given], recorded=on_record()).ended == ()
    for status, now in ((Status.HELD, AFTER), (Status.SKIPPED, LATER), (Status.PLANNED, AFTER)):
        assert len(fire(known=[given], recorded=on_record(status), now=now).ended) == 1


def test_a_reason_on_several_lines_becomes_one_line() -> None:
    given = by_hand(SCOPE, "the line\nstands still", None, (), {}, JANUARY)
    assert given.cause.says == "the line stands still"


def test_two_reasons_given_on_one_day_are_two_causes_of_one_review() -> None:
    first = by_hand(SCOPE, "the line stands still", None, (), {}, JANUARY)
    second = by_hand(SCOPE, "and the price doubled", None, (first,), on_record(), LATER)
    third = by_hand(SCOPE, "and again", None, (first, second), on_record(), LATER)
    assert [each.cause.key for each in (first, second, third)] == [
        "by-hand/2027-01-19/1", "by-hand/2027-01-22/1", "by-hand/2027-01-22/2"
    ]  # fmt: skip
    assert {each.review for each in (first, second, third)} == {REVIEW}


def test_a_matter_is_dealt_with_on_the_day_its_last_review_was_held() -> None:
    recorded = on_record(Status.HELD) | on_record(Status.HELD, date(2027, 3, 1)) | on_record(on=date(2027, 5, 3))
    reviews = list(recorded)
    known = [a_fired(review=reviews[0]), a_fired(review=reviews[1]), a_fired(review=reviews[2])]
    assert dealt_with(known, recorded) == {CELLS: recorded[reviews[1]].review.start.date()}


def test_the_reviews_called_are_planned_each_once_until_somebody_closes_them() -> None:
    known = [a_fired(), a_fired(a_cause("vacant/sponsor/globex"))]
    scopes_: dict[str, Scope] = {SCOPE.id: SCOPE}
    assert [review.id for review in called_reviews(known, on_record(), scopes_)] == [REVIEW]
    assert list(called_reviews(known, on_record(Status.HELD), scopes_)) == []


def test_a_review_of_a_scope_that_is_gone_stays_as_it_is_recorded() -> None:
    recorded = on_record()
    assert list(called_reviews([a_fired()], recorded, {})) == [recorded[REVIEW].review]


def test_what_fires_too_late_for_a_review_fires_without_one() -> None:
    scope = replace(SCOPE, ends=date(2027, 1, 29))
    (fired,) = firing([a_cause()], (), {}, {scope.id: scope}, JANUARY).fired
    assert fired.review is None
