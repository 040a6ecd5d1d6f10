"""The register, row by row of the table in `scheduler.rules.decisions.register`.

The pipeline reviews of Acme × Globex are on Tuesdays, 15:00 to 15:30 in Berlin: on 8 and 15 December 2026.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.filing import Filing, MinutesItem, MinutesRecord, MinutesRecords, Objection
from scheduler.domain.record.minutes import Minutes
from scheduler.domain.record.review import Review
from scheduler.rules.decisions.register import Register, binding_from, draft_because, entered, may_replace, state_of
from tests.builders import a_partnership, a_recorded, a_review

FIRST, SECOND = (a_review(date(2026, 12, day)) for day in (8, 15))
SECOND = replace(SECOND, clocks=(("objections_until", date(2026, 12, 22)),))
RECORDED = {review.id: a_recorded(review, status=Status.HELD, minutes="said") for review in (FIRST, SECOND)}
PEOPLE = a_partnership().people
HOUR = timedelta(hours=1)


def after(review: Review, said: Iterable[str], known: Iterable[Decision] = ()) -> dict[str, Decision]:
    before = {each.id: each for each in known}
    return before | {
        each.id: each for each in entered(review, Minutes(tuple(said)), PEOPLE, before.values(), review.end + HOUR)
    }


def states(known: dict[str, Decision], day: date, minutes: MinutesRecords | None = None) -> list[str]:
    return [state_of(each, Register(known, RECORDED, minutes or {}), day) for each in known.values()]


def test_a_decision_of_minutes_is_entered_with_its_body_day_and_words() -> None:
    assert after(FIRST, ["Three shifts", "Budget frozen"]) == {
        each.id: each
        for each in (
            Decision(
                id=f"{FIRST.id}!{number}",
                partnership="acme-globex",
                review=FIRST.id,
                scope="acme-globex",
                kind="pipeline",
                says=says,
                decided_on=date(2026, 12, 8),
                recorded_at=FIRST.end + HOUR,
            )
            for number, says in ((1, "Three shifts"), (2, "Budget frozen"))
        )
    }


def test_the_same_words_keep_their_number_whatever_case_marks_and_order_they_are_written_in() -> None:
    first = after(FIRST, ["Three shifts", "Budget frozen"])
    assert after(FIRST, ["budget  frozen!", "three shifts"], first.values()) == first


def test_one_that_corrected_minutes_no_longer_hold_is_withdrawn_and_kept_and_stands_again_where_they_do() -> None:
    first = after(FIRST, ["Three shifts", "Budget frozen"])
    corrected = after(FIRST, ["Budget frozen", "Two shifts"], first.values())
    assert states(corrected, date(2026, 12, 9)) == ["withdrawn", "binding", "binding"]
    assert corrected[f"{FIRST.id}!1"].withdrawn_because == f"no longer in the minutes of {FIRST.id}"
    assert corrected[f"{FIRST.id}!3"].says == "Two shifts"
    again = after(FIRST, ["Three shifts", "Budget frozen"], corrected.values())
    assert again[f"{FIRST.id}!1"] == first[f"{FIRST.id}!1"] and again[f"{FIRST.id}!3"].withdrawn_at


def test_minutes_say_nothing_of_the_decision_that_the_verb_put_on_record_and_do_not_take_its_number() -> None:
    by_verb = replace(after(FIRST, ["go on"])[f"{FIRST.id}!1"], course="continue", binding_from=date(2026, 12, 8))
    known = after(FIRST, ["go on"], [by_verb])
    assert known[by_verb.id] == by_verb and [*known] == [f"{FIRST.id}!1", f"{FIRST.id}!2"]
    assert after(FIRST, [], known.values())[by_verb.id] == by_verb


@pytest.mark.parametrize(
    ("says", "who"),
    [
        ("Ines: extend the pilot", "ines"),
        ("Extend the pilot (Dev)", "dev"),
        ("Press shop: two shifts", None),
        ("Two shifts", None),
    ],
)
def test_who_carries_it_out_is_whom_the_words_name_where_somebody_known_is(says: str, who: str | None) -> None:
    assert after(FIRST, [says])[f"{FIRST.id}!1"].carried_out_by == who


# How it stands -----------------------------------------------------------------------------------------------------


def test_it_is_a_draft_to_the_last_day_of_objections_and_binds_from_the_day_after() -> None:
    known = after(SECOND, ["Two shifts"])
    assert states(known, date(2026, 12, 22)) == ["draft"]
    assert states(known, date(2026, 12, 23)) == ["binding"]


def test_one_that_somebody_objects_to_is_a_draft_until_that_is_settled_and_the_others_bind() -> None:
    known = after(SECOND, ["Two shifts", "Budget frozen"])
    first, second = known
    items = MinutesItem(first, "decision", "Two shifts"), MinutesItem(second, "decision", "Budget frozen")
    sent = Filing(SECOND.id, 1, SECOND.end, None, items, SECOND.end, date(2026, 12, 22))
    said = Objection(f"{SECOND.id}~1", SECOND.id, 1, first, "Two shifts", "three", "dev", SECOND.end + HOUR)
    objected = {SECOND.id: MinutesRecord((sent,), (said,))}
    day, register = date(2027, 1, 5), Register(known, RECORDED, objected)
    assert states(known, day, objected) == ["draft", "binding"]
    assert draft_because(known[first], register, day) == "somebody objects"
    early = Register(known, RECORDED, objected), date(2026, 12, 21)
    assert draft_because(known[second], *early) is None
    assert binding_from(known[second], *early) == date(2026, 12, 23)
    settled = {SECOND.id: MinutesRecord((sent,), (replace(said, settled_at=SECOND.end),))}
    assert states(known, day, settled) == ["binding", "binding"]


def test_where_there_are_no_objections_it_binds_on_the_day_on_which_it_was_decided() -> None:
    known = after(FIRST, ["Two shifts"])
    assert states(known, date(2026, 12, 8)) == ["binding"]


def test_one_of_a_review_that_is_open_again_is_a_draft() -> None:
    (decision,) = after(FIRST, ["Two shifts"]).values()
    opened = {FIRST.id: a_recorded(FIRST, status=Status.PLANNED)}
    register = Register({decision.id: decision}, opened)
    assert binding_from(decision, register, date(2030, 1, 1)) is None
    assert state_of(decision, register, date(2030, 1, 1)) == "draft"


def test_words_that_name_another_decision_put_this_one_in_its_place_once_it_binds() -> None:
    first = after(FIRST, ["Three shifts", "Budget frozen"])
    known = after(SECOND, [f"Two shifts (replaces {FIRST.id}!1)"], first.values())
    assert known[f"{FIRST.id}!1"].superseded_by == f"{SECOND.id}!1"
    assert states(known, date(2026, 12, 22)) == ["binding", "binding", "draft"]
    assert states(known, date(2026, 12, 23)) == ["superseded", "binding", "binding"]


def test_one_whose_successor_is_withdrawn_counts_again_and_can_be_replaced_anew() -> None:
    words = f"Two shifts, supersedes {FIRST.id}!1"
    known = after(SECOND, [words], after(FIRST, ["Three shifts"]).values())
    withdrawn = after(SECOND, [], known.values())
    assert states(withdrawn, date(2027, 1, 1)) == ["binding", "withdrawn"]
    anew = after(SECOND, [f"One shift, ersetzt {FIRST.id}!1"], withdrawn.values())
    assert states(anew, date(2027, 1, 1)) == ["superseded", "withdrawn", "binding"]


def test_none_takes_the_place_of_itself_of_its_successor_or_of_another_partnerships() -> None:
    known = after(SECOND, [f"Two shifts (replaces {FIRST.id}!1)"], after(FIRST, ["Three shifts"]).values())
    first, second = known.values()
    assert not may_replace(first, first, known) and not may_replace(first, second, known)
    assert not may_replace(second, replace(first, partnership="nord-sol"), known)
    itself = after(FIRST, [f"Three shifts, replaces {FIRST.id}!1 and {FIRST.id}!99"])
    assert itself[f"{FIRST.id}!1"].superseded_by is None
