"""Minutes filed, row by row of the table in `scheduler.rules.minutes.filing`.

The pipeline reviews of Acme × Globex are on Tuesdays, 15:00 to 15:30 in Berlin: on 8, 15 and 22 December 2026.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.minutes import Action, Task
from scheduler.domain.record.review import Review
from scheduler.rules.minutes.filing import dropped_from, filed, given_in, ticked_in
from tests.builders import a_recorded, a_review

FIRST, SECOND, THIRD = (a_review(date(2026, 12, day)) for day in (8, 15, 22))
RECORDED = {review.id: a_recorded(review, status=Status.HELD) for review in (FIRST, SECOND, THIRD)}
HOUR = timedelta(hours=1)
DECEMBER_18 = date(2026, 12, 18)
DRAWINGS = Task("Send the drawings", "dev", DECEMBER_18)


def after(review: Review, *tasks: Task, known: Iterable[Action] = (), now: datetime | None = None) -> dict[str, Action]:
    """Every action once the minutes of a review are filed, an hour after its end, by its number within December."""
    before = {action.id: action for action in known}
    changed = filed(review, tasks, before.values(), RECORDED, now or review.end + HOUR)
    return {**before, **{action.id: action for action in changed}}


def opened(*tasks: Task) -> dict[str, Action]:
    return after(FIRST, *tasks)


def only(actions: dict[str, Action]) -> Action:
    (action,) = actions.values()
    return action


def test_a_task_is_a_new_action_with_the_words_owner_and_date_of_the_minutes() -> None:
    assert only(opened(DRAWINGS)) == Action(
        id="acme-globex/pipeline/2026-W50#1",
        partnership="acme-globex",
        series="acme-globex/pipeline",
        review="acme-globex/pipeline/2026-W50",
        says="Send the drawings",
        owner="dev",
        due=DECEMBER_18,
        opened_at=FIRST.end + HOUR,
    )


def test_what_the_minutes_do_not_name_is_not_made_up() -> None:
    action = only(opened(Task("Call the plant")))
    assert (action.owner, action.due) == (None, None)


def test_what_was_done_before_anybody_knew_of_it_is_no_action() -> None:
    assert opened(replace(DRAWINGS, done=True)) == {}


def test_corrected_minutes_change_owner_and_date_by_the_words_and_keep_the_number() -> None:
    before = opened(Task("Call the plant"), DRAWINGS)
    again = after(FIRST, Task("send the DRAWINGS!", "tom"), Task("Call the plant", "ines"), known=before.values())
    assert [(action.number, action.owner, action.due) for action in again.values()] == [
        (1, "ines", None), (2, "tom", None)
    ]  # fmt: skip
    assert again[f"{FIRST.id}#2"].opened_at == FIRST.end + HOUR


def test_filing_the_same_minutes_again_changes_nothing() -> None:
    before = opened(DRAWINGS, Task("Call the plant"))
    assert filed(FIRST, [DRAWINGS, Task("Call the plant")], before.values(), RECORDED, FIRST.end + 2 * HOUR) == ()


def test_an_action_that_corrected_minutes_no_longer_hold_is_dropped_and_says_so() -> None:
    dropped = only(after(FIRST, known=opened(DRAWINGS).values()))
    assert (dropped.is_open, dropped.done_because) == (False, dropped_from(FIRST.id))
    back = only(after(FIRST, DRAWINGS, known=[dropped]))
    assert (back.is_open, back.number) == (True, 1)


def test_a_new_action_of_corrected_minutes_never_takes_the_number_of_a_dropped_one() -> None:
    dropped = after(FIRST, known=opened(DRAWINGS).values())
    assert [action.number for action in after(FIRST, Task("Call"), known=dropped.values()).values()] == [1, 2]


def test_what_a_person_called_done_stays_done_through_corrected_minutes() -> None:
    done = replace(only(opened(DRAWINGS)), done_at=FIRST.end + 2 * HOUR, done_by="dev", done_because="sent")
    for minutes in ([DRAWINGS], [replace(DRAWINGS, carried=True)], []):
        assert only(after(FIRST, *minutes, known=[done])) == done


# Later minutes of the series ---------------------------------------------------------------------------------------


def test_later_minutes_that_tick_the_same_words_close_an_action() -> None:
    closed = only(after(SECOND, Task("send the drawings", done=True), known=opened(DRAWINGS).values()))
    assert (closed.done_at, closed.done_by, closed.done_because) == (SECOND.end + HOUR, None, ticked_in(SECOND.id))


def test_later_minutes_that_say_nothing_of_an_action_leave_it_open() -> None:
    before = opened(DRAWINGS)
    assert after(SECOND, known=before.values()) == before


@pytest.mark.parametrize(
    ("said", "owner", "due"),
    [
        (Task("Send the drawings"), "dev", DECEMBER_18),
        (Task("Send the drawings", "tom"), "tom", DECEMBER_18),
        (Task("Send the drawings", due=date(2027, 1, 8)), "dev", date(2027, 1, 8)),
    ],
)
def test_later_minutes_that_repeat_an_action_give_it_what_they_name(said: Task, owner: str, due: date) -> None:
    action = only(after(SECOND, said, known=opened(DRAWINGS).values()))
    assert (action.review, action.owner, action.due) == (FIRST.id, owner, due)


def test_whom_minutes_give_an_action_that_was_somebody_elses_has_it_from_then_on_and_corrections_may_change_that() -> (
    None
):
    """Else its ladder would climb at once, from a day on which it was not theirs."""
    given = only(after(SECOND, replace(DRAWINGS, owner="tom"), known=opened(DRAWINGS).values()))
    assert (given.owner, given.handed_at, given.handed_because) == ("tom", SECOND.end + HOUR, given_in(SECOND.id))
    corrected = only(after(FIRST, replace(DRAWINGS, owner="tom"), known=opened(DRAWINGS).values()))
    assert (corrected.owner, corrected.handed_at) == ("tom", FIRST.end + HOUR)
    assert only(after(FIRST, DRAWINGS, known=[corrected])).owner == "dev"
    assert only(after(FIRST, DRAWINGS, known=[given])).owner == "tom"


def test_an_overdue_action_repeated_by_its_day_and_month_is_not_put_off_by_a_year() -> None:
    """Read on 22 December, "by 18 Dec" would be that of 2027."""
    said = replace(DRAWINGS, due=date(2027, 12, 18))
    assert only(after(THIRD, said, known=opened(DRAWINGS).values())).due == DECEMBER_18


def test_a_tick_taken_back_by_corrected_minutes_opens_the_action_again() -> None:
    ticked = after(SECOND, replace(DRAWINGS, done=True), known=opened(DRAWINGS).values())
    for corrected in ([DRAWINGS], []):
        assert only(after(SECOND, *corrected, known=ticked.values())).is_open


def test_minutes_filed_late_say_nothing_of_actions_that_came_after_them() -> None:
    later = after(SECOND, DRAWINGS)
    both = after(FIRST, replace(DRAWINGS, done=True), known=later.values())
    assert both == later


@pytest.mark.parametrize(("carried", "numbers"), [(False, [1, 1]), (True, [1])])
def test_the_words_of_an_action_done_before_the_review_are_a_new_one_unless_they_merely_came_back(
    carried: bool, numbers: list[int]
) -> None:
    done = replace(only(opened(DRAWINGS)), done_at=SECOND.start - HOUR, done_by="dev")
    again = after(SECOND, replace(DRAWINGS, carried=carried), known=[done])
    assert [action.number for action in again.values()] == numbers
    assert again[done.id] == done


def test_an_action_done_since_the_review_was_held_stays_done_when_its_minutes_still_show_it_open() -> None:
    done = replace(only(opened(DRAWINGS)), done_at=SECOND.start, done_by="dev")
    assert only(after(SECOND, DRAWINGS, known=[done])) == done


def test_of_two_with_the_same_words_the_one_of_the_same_owner_is_meant() -> None:
    before = opened(Task("Report", "dev"), Task("Report", "tom"))
    ticked = after(SECOND, Task("Report", "tom", done=True), known=before.values())
    assert [(action.owner, action.is_open) for action in ticked.values()] == [("dev", True), ("tom", False)]


WORDS = st.sampled_from(["a", "b", "c"])
TASK = st.builds(Task, WORDS, st.sampled_from([None, "dev", "tom"]), st.none(), st.booleans())
TASKS = st.lists(TASK, max_size=3, unique_by=lambda task: task.says)
"""The reader makes one task of the same words."""


@given(TASKS, TASKS, TASKS)
def test_filing_twice_is_filing_once_and_nothing_on_record_ever_vanishes(
    first: list[Task], second: list[Task], corrected: list[Task]
) -> None:
    known = after(FIRST, *first)
    known = after(SECOND, *second, known=known.values())
    once = after(FIRST, *corrected, known=known.values(), now=THIRD.end)
    assert known.keys() <= once.keys()
    assert after(FIRST, *corrected, known=once.values(), now=THIRD.end + HOUR) == once


# Dates that could not be read --------------------------------------------------------------------------------------

UNREAD = Task("Send the drawings", "dev", unread="by EOM")


def test_the_words_of_a_date_that_could_not_be_read_stay_until_later_minutes_name_one() -> None:
    opened_ = opened(UNREAD)
    assert (only(opened_).due, only(opened_).unread) == (None, "by EOM")
    repeated = after(SECOND, replace(UNREAD, unread=None), known=opened_.values())
    assert only(repeated).unread == "by EOM"
    dated = after(THIRD, DRAWINGS, known=repeated.values())
    assert (only(dated).due, only(dated).unread) == (DECEMBER_18, None)


def test_later_minutes_whose_date_could_not_be_read_leave_the_earlier_one_in_doubt() -> None:
    action = only(after(SECOND, UNREAD, known=opened(DRAWINGS).values()))
    assert action.unread == "by EOM"


def test_corrected_minutes_that_name_the_date_end_the_doubt() -> None:
    action = only(after(FIRST, DRAWINGS, known=opened(UNREAD).values()))
    assert (action.due, action.unread) == (DECEMBER_18, None)


def test_a_date_that_a_person_gave_stays_through_corrected_minutes_and_goes_with_a_later_one() -> None:
    given_at = FIRST.end + 3 * HOUR
    given = replace(only(opened(UNREAD)), due=DECEMBER_18, unread=None, due_given_at=given_at, due_given_by="dev")
    assert only(after(FIRST, UNREAD, known=[given])) == given
    later = only(after(SECOND, replace(DRAWINGS, due=date(2027, 1, 29)), known=[given]))
    assert (later.due, later.due_given_at, later.due_given_by) == (date(2027, 1, 29), None, None)


# The words of a date that could not be read -----------------------------------------------------------------------

BY_FRIDAY = Task("Press by Friday", "tom", unread="by Friday")


def test_the_date_that_the_next_minutes_give_is_that_of_the_action_whose_date_could_not_be_read() -> None:
    action = only(after(SECOND, Task("Press", "tom", DECEMBER_18), known=opened(BY_FRIDAY).values()))
    assert (action.review, action.says, action.due, action.unread) == (FIRST.id, "Press", DECEMBER_18, None)


@pytest.mark.parametrize("ticked", ["Press", "press by Friday"])
def test_an_action_whose_date_could_not_be_read_is_ticked_with_its_words_or_without(ticked: str) -> None:
    assert not only(after(SECOND, Task(ticked, "tom", done=True), known=opened(BY_FRIDAY).values())).is_open


def test_another_date_that_cannot_be_read_is_the_same_action_still_in_doubt() -> None:
    action = only(after(SECOND, Task("Press by EOM", "tom", unread="by EOM"), known=opened(BY_FRIDAY).values()))
    assert (action.says, action.unread) == ("Press by EOM", "by EOM")


@pytest.mark.parametrize(
    "corrected", [Task("Press", "tom", date(2026, 12, 11)), Task("Press by Monday", "tom", unread="by Monday")]
)
def test_a_date_that_a_person_gave_stays_where_corrected_minutes_word_it_otherwise(corrected: Task) -> None:
    given = replace(
        only(opened(BY_FRIDAY)), due=DECEMBER_18, unread=None, due_given_at=FIRST.end + 3 * HOUR, due_given_by="tom"
    )
    action = only(after(FIRST, corrected, known=[given]))
    assert (action.is_open, action.due, action.due_given_by) == (True, DECEMBER_18, "tom")


def test_of_two_that_differ_in_such_a_date_alone_each_keeps_its_own() -> None:
    before = opened(BY_FRIDAY, Task("Press by Monday", "tom", unread="by Monday"))
    ticked = after(SECOND, Task("Press by Friday", "tom", done=True), known=before.values())
    assert [each.is_open for each in ticked.values()] == [False, True]


def test_a_date_that_is_no_due_date_is_one_of_the_words_of_an_action() -> None:
    of_november = Task("Send the figures of 30 Nov", "dev", unread="30 Nov")
    both = after(SECOND, Task("Send the figures of 31 Dec", "dev", unread="31 Dec"), known=opened(of_november).values())
    assert [each.says for each in both.values()] == [of_november.says, "Send the figures of 31 Dec"]


def test_words_whose_accents_were_letters_of_their_own_are_the_same_words() -> None:
    """An earlier program kept them as they were pasted: u and a diaeresis; they are read as ü today."""
    on_record = opened(Task("Za\u0308hler pru\u0308fen"))
    assert only(after(FIRST, Task("Zähler prüfen"), known=on_record.values())).id == only(on_record).id
    assert only(after(SECOND, Task("Zähler prüfen", done=True), known=on_record.values())).done_at


def test_an_action_of_which_an_earlier_program_could_not_read_the_date_is_the_same_when_it_is_filed_again() -> None:
    on_record = opened(Task("Zeichnungen senden bis 18. Dezember 2026", "dev"))
    (action,) = after(FIRST, Task("Zeichnungen senden", "dev", DECEMBER_18), known=on_record.values()).values()
    assert (action.id, action.due, action.is_open) == (only(on_record).id, DECEMBER_18, True)
