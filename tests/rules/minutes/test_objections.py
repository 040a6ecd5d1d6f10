"""How minutes stand: sent, open to objections, objected to, accepted.

The operating review of December 2026 is held on Friday 18 December in Berlin; its minutes are filed and sent on Monday
the 21st, and one can object until the end of Friday 8 January 2027.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.filing import Filing, MinutesItem, MinutesRecord, Objection
from scheduler.domain.record.minutes import Action, Minutes, Task
from scheduler.rules.decisions.register import entered
from scheduler.rules.minutes.filings import OnRecord, answered_by, has_new_substance, items_of
from scheduler.rules.minutes.objections import MinutesStanding, can_object, is_binding, standing
from tests.builders import a_recorded, a_review, at

ID = "acme-globex/operating/2026-12"
MONDAY, LAST, AFTER = date(2026, 12, 21), date(2027, 1, 8), date(2027, 1, 9)
CLOCKS = (("minutes_by", date(2026, 12, 28)), ("objections_until", LAST))
REVIEW = a_review(date(2026, 12, 18), series="operating", period="2026-12", clocks=CLOCKS)
FILED_AT = at("2026-12-21 10:00")
HELD = replace(a_recorded(REVIEW), status=Status.HELD, minutes="# Minutes", modified_at=FILED_AT)
SHIFTS, SAMPLES = MinutesItem(f"{ID}!1", "decision", "Two shifts"), MinutesItem(f"{ID}#1", "action", "send", "dev")
FILING = Filing(ID, 1, FILED_AT, "ines", (SHIFTS, SAMPLES), FILED_AT, LAST)


def objection(number: int = 1, item: MinutesItem | None = SHIFTS, **changes: Any) -> Objection:
    id, says = (item.id, item.says) if item else (None, None)
    said = Objection(f"{ID}~{number}", ID, 1, id, says, "three shifts", "dev", at("2026-12-28 09:00"))
    return replace(said, **changes)


def stand(today: date, *objections: Objection, filings: tuple[Filing, ...] = (FILING,)) -> MinutesStanding:
    found = standing(HELD, MinutesRecord(filings, objections), today)
    assert found
    return found


@pytest.mark.parametrize(("today", "state"), [(MONDAY, "open"), (LAST, "open"), (AFTER, "accepted")])
def test_minutes_are_open_until_the_end_of_the_last_day_and_then_accepted_in_silence(today: date, state: str) -> None:
    found = stand(today)
    assert (found.state, found.until) == (state, LAST)
    assert found.accepted_on == (LAST if state == "accepted" else None)
    assert can_object(found, SHIFTS, today) is can_object(found, None, today) is (state == "open")
    assert is_binding(found, SHIFTS.id, today) is (state == "accepted")


def test_nobodys_time_begins_before_the_last_letter_has_left_but_whoever_has_theirs_can_object() -> None:
    found = stand(AFTER, filings=(replace(FILING, sent_at=None),))
    assert found.state == "waiting" and found.accepted_on is None
    assert can_object(found, SHIFTS, AFTER) and not is_binding(found, SHIFTS.id, AFTER)


def test_what_is_objected_to_stays_a_draft_and_the_rest_is_accepted() -> None:
    found = stand(AFTER, objection())
    assert found.state == "objected"
    assert not is_binding(found, SHIFTS.id, AFTER) and is_binding(found, SAMPLES.id, AFTER)
    whole = stand(AFTER, objection(item=None))
    assert not is_binding(whole, SHIFTS.id, AFTER) and not is_binding(whole, SAMPLES.id, AFTER)


def test_an_objection_that_is_settled_late_has_the_minutes_accepted_on_that_day_in_the_zone_of_the_review() -> None:
    """23:30 UTC on the 12th is the 13th in Berlin."""
    over: dict[str, Any] = {"settled_by": "ines", "settled_because": "put right"}
    assert stand(AFTER, objection(settled_at=at("2026-12-29 09:00"), **over)).accepted_on == LAST
    late = stand(date(2027, 2, 1), objection(settled_at=at("2027-01-12 23:30", "UTC"), **over))
    assert (late.state, late.accepted_on) == ("accepted", date(2027, 1, 13))


def test_minutes_of_a_series_without_a_clock_are_accepted_at_once_and_nobody_can_object() -> None:
    found = stand(MONDAY, filings=(replace(FILING, sent_at=None, until=None),))
    assert (found.state, found.accepted_on) == ("accepted", MONDAY)
    assert not can_object(found, SHIFTS, MONDAY) and not can_object(found, None, MONDAY)


def test_minutes_of_before_filings_were_on_record_stand_by_the_clock_of_their_review() -> None:
    found = standing(HELD, MinutesRecord(), LAST)
    assert found and (found.state, found.until) == ("open", LAST)
    after = standing(HELD, MinutesRecord(), AFTER)
    assert after and after.state == "accepted"
    assert is_binding(after, f"{ID}!1", AFTER) and not is_binding(found, f"{ID}!1", LAST)
    assert standing(replace(HELD, minutes=None), MinutesRecord(), AFTER) is None


def test_corrected_minutes_open_what_is_new_in_them_and_nothing_else() -> None:
    new = MinutesItem(f"{ID}!2", "decision", "A night shift", since=2)
    second = Filing(ID, 2, at("2027-01-11 10:00"), "ines", (SHIFTS, new), at("2027-01-11 10:05"), date(2027, 1, 25))
    found = stand(date(2027, 1, 12), filings=(FILING, second))
    assert (found.state, found.until) == ("open", date(2027, 1, 25))
    assert can_object(found, new, date(2027, 1, 12)) and not can_object(found, SHIFTS, date(2027, 1, 12))
    assert is_binding(found, SHIFTS.id, date(2027, 1, 12)) and not is_binding(found, new.id, date(2027, 1, 12))


# What a filing holds -----------------------------------------------------------------------------------------------


def test_items_bear_the_ids_that_they_have_on_record_and_since_when_they_stand_so() -> None:
    """Dev's samples are on record from an earlier review; what was ticked before it ever was on record has no id."""
    decisions = entered(REVIEW, Minutes(("Two shifts", "A night shift")), {}, (), FILED_AT)
    earlier = "acme-globex/operating/2026-11"
    samples = Action(f"{earlier}#4", "acme-globex", "acme-globex/operating", earlier, "send", "dev", None, FILED_AT)
    corrected = Minutes(("A night shift", "two shifts!"), (Task("send", "dev"), Task("call", done=True)))
    night, two, send, call = items_of(ID, corrected, OnRecord(decisions, [samples]), (FILING,), 2)
    assert (night.id, night.since) == (f"{ID}!2", 2)
    assert (two.id, two.since) == (SHIFTS.id, 1)
    assert (send.id, send.since) == (samples.id, 1)
    assert call.id == ""


@pytest.mark.parametrize(
    ("after", "is_new"),
    [
        (Minutes(("Two shifts",), (Task("send", "dev"),)), False),
        (Minutes(("two  SHIFTS.",), (Task("send", "dev", done=True),)), False),
        (Minutes(("Three shifts",), (Task("send", "dev"),)), True),
        (Minutes(("Two shifts",), (Task("send", "uwe"),)), True),
        (Minutes(("Two shifts",), (Task("send", "dev", date(2027, 1, 8)),)), True),
        (Minutes(("Two shifts",), (Task("send", "dev"),), ("Budget",)), True),
    ],
)
def test_a_slip_of_the_pen_is_no_new_substance_an_owner_a_date_and_an_item_are(after: Minutes, is_new: bool) -> None:
    before = Minutes(("Two shifts",), (Task("send", "dev"),))
    assert has_new_substance(before, after, ("a", "b")) is is_new


def test_where_minutes_hold_no_items_their_words_are_the_substance() -> None:
    assert not has_new_substance(Minutes(), Minutes(), ("It was agreed.", "it was  AGREED"))
    assert has_new_substance(Minutes(), Minutes(), ("It was agreed.", "It was put off."))


def test_an_objection_to_what_corrected_minutes_no_longer_hold_is_answered_by_them() -> None:
    new = SHIFTS._replace(id=f"{ID}!2", says="Three shifts", since=2)
    corrected = Filing(ID, 2, FILED_AT, "ines", (new, SAMPLES))
    to_shifts, to_samples, to_all = objection(), objection(2, SAMPLES), objection(3, None)
    assert [*answered_by(corrected, (to_shifts, to_samples, to_all))] == [to_shifts]
    reassigned = Filing(ID, 2, FILED_AT, "ines", (SHIFTS, SAMPLES._replace(owner="uwe", since=2)))
    assert [*answered_by(reassigned, (to_shifts, to_samples))] == [to_samples]
