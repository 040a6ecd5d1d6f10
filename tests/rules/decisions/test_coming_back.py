"""Which decisions stand on which agenda: the pipeline reviews of Acme × Globex are on Tuesdays in December 2026, their
health audit is on the 29th."""

from dataclasses import replace
from datetime import date

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.review import Review
from scheduler.rules.decisions.coming_back import ComingBack, coming_back
from scheduler.rules.decisions.register import Register
from tests.builders import a_recorded, a_review

FIRST, SECOND, THIRD = (a_review(date(2026, 12, day)) for day in (8, 15, 22))
CHECKPOINT = a_review(date(2026, 12, 10), id="acme-globex/checkpoint", series="checkpoint", kind=Kind.CHECKPOINT)
AUDIT = a_review(date(2026, 12, 29), series="health-audit", kind=Kind.HEALTH_AUDIT)
TODAY = date(2026, 12, 20)


def decided(review: Review, number: int = 1, **changes: object) -> Decision:
    taken = Decision(
        f"{review.id}!{number}", "acme-globex", review.id, "acme-globex", review.kind, "Two shifts",
        review.start.date(), review.end,
    )  # fmt: skip
    return replace(taken, **changes)  # type: ignore[arg-type]


def back(to: Review, *decisions: Decision, skipped: tuple[Review, ...] = (), first: Review = FIRST) -> ComingBack:
    reviews = {each.id: each for each in (first, SECOND, THIRD, CHECKPOINT, AUDIT)}
    held = (first, SECOND, CHECKPOINT)
    recorded = {
        id: a_recorded(
            each,
            minutes="said",
            status=Status.SKIPPED if each in skipped else Status.HELD if each in held else Status.PLANNED,
        )
        for id, each in reviews.items()
    }
    return coming_back(to, Register({each.id: each for each in decisions}, recorded), TODAY)


def test_last_time_is_the_review_of_the_series_that_was_held_last() -> None:
    first, second = decided(FIRST), decided(SECOND)
    assert back(THIRD, first, second).last == [second]
    assert back(SECOND, first, second).last == [first]
    assert back(THIRD, first, skipped=(SECOND,)).last == [first]


def test_what_is_to_be_carried_out_stays_open_until_it_is_done_replaced_or_withdrawn() -> None:
    first = decided(FIRST, carried_out_by="dev")
    assert back(THIRD, first) == ComingBack([], [], [first])
    assert back(THIRD, replace(first, carried_out_at=SECOND.end)) == ComingBack([], [], [])
    assert back(THIRD, replace(first, withdrawn_at=SECOND.end)) == ComingBack([], [], [])
    other = decided(SECOND)
    assert back(THIRD, replace(first, superseded_by=other.id), other) == ComingBack([other], [], [])


def test_an_earlier_draft_is_shown_until_it_binds() -> None:
    later = replace(FIRST, clocks=(("objections_until", TODAY),))
    assert back(THIRD, decided(later), first=later) == ComingBack([], [decided(later)], [])
    over = replace(FIRST, clocks=(("objections_until", date(2026, 12, 19)),))
    assert back(THIRD, decided(over), first=over) == ComingBack([], [], [])


def test_what_checkpoints_decide_and_what_is_decided_without_a_meeting_comes_back_to_reviews_of_the_scope() -> None:
    course = decided(CHECKPOINT, course="adjust")
    voted = replace(decided(CHECKPOINT), id="acme-globex/proposal/1!1", review=None, kind="without-meeting")
    assert back(AUDIT, course, voted).last == [course, voted]
    assert back(THIRD, course, voted) == ComingBack([], [], [])
    assert back(AUDIT, replace(course, scope="acme-globex/emea")) == ComingBack([], [], [])
