"""Items left unfinished, row by row of the table in `scheduler.rules.minutes.parked`.

The pipeline reviews of Acme × Globex are on Tuesdays, 15:00 to 15:30 in Berlin: on 8, 15 and 22 December 2026.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.minutes import Minutes, ParkedItem, Task
from scheduler.domain.record.review import Review
from scheduler.rules.minutes.filing import dropped_from, ticked_in
from scheduler.rules.minutes.parked import became_an_action_in, comes_back, parked, series_over
from tests.builders import a_recorded, a_review

FIRST, SECOND, THIRD = (a_review(date(2026, 12, day)) for day in (8, 15, 22))
RECORDED = {review.id: a_recorded(review, status=Status.HELD) for review in (FIRST, SECOND, THIRD)}
HOUR = timedelta(hours=1)
BUDGET = Minutes(unfinished=("Budget 2027",))
NOTHING = Minutes()


def after(
    review: Review, minutes: Minutes, known: Iterable[ParkedItem] = (), now: datetime | None = None
) -> dict[str, ParkedItem]:
    before = {item.id: item for item in known}
    changed = parked(review, minutes, before.values(), RECORDED, now or review.end + HOUR)
    return {**before, **{item.id: item for item in changed}}


def only(items: dict[str, ParkedItem]) -> ParkedItem:
    (item,) = items.values()
    return item


def test_what_minutes_leave_unfinished_is_an_item() -> None:
    assert only(after(FIRST, BUDGET)) == ParkedItem(
        id="acme-globex/pipeline/2026-W50#P1",
        partnership="acme-globex",
        series="acme-globex/pipeline",
        review=FIRST.id,
        says="Budget 2027",
        parked_at=FIRST.end + HOUR,
    )


def test_an_item_that_later_minutes_do_not_name_stays_until_somebody_closes_it() -> None:
    items = after(SECOND, NOTHING, after(FIRST, BUDGET).values())
    assert only(after(THIRD, NOTHING, items.values())).is_open


def test_one_that_is_named_again_is_the_same() -> None:
    first = after(FIRST, BUDGET)
    assert after(SECOND, Minutes(unfinished=("budget  2027!",)), first.values()) == first


def test_one_that_is_ticked_is_closed_and_open_again_where_the_tick_is_taken_back() -> None:
    first = after(FIRST, BUDGET)
    ticked = after(SECOND, Minutes(tasks=(Task("Budget 2027", done=True),)), first.values())
    assert only(ticked).closed_because == ticked_in(SECOND.id) and only(ticked).closed_at == SECOND.end + HOUR
    assert after(SECOND, NOTHING, ticked.values()) == first


def test_one_that_became_an_action_is_one_no_more() -> None:
    acted = after(SECOND, Minutes(tasks=(Task("Budget 2027", "dev"),)), after(FIRST, BUDGET).values())
    assert only(acted).closed_because == became_an_action_in(SECOND.id)


def test_one_that_became_an_action_whose_date_cannot_be_read_is_one_no_more() -> None:
    acted = Minutes(tasks=(Task("Budget 2027 by EOM", "dev", unread="by EOM"),))
    assert only(after(SECOND, acted, after(FIRST, BUDGET).values())).closed_because == became_an_action_in(SECOND.id)


def test_one_that_corrected_minutes_no_longer_hold_is_dropped_and_comes_back_with_its_words() -> None:
    first = after(FIRST, BUDGET)
    dropped = after(FIRST, NOTHING, first.values())
    assert only(dropped).closed_because == dropped_from(FIRST.id)
    assert after(FIRST, BUDGET, dropped.values()) == first


def test_what_a_person_closed_stays_closed_through_corrected_minutes_and_may_be_parked_anew() -> None:
    closed = replace(only(after(FIRST, BUDGET)), closed_at=FIRST.end + 2 * HOUR, closed_by="dev", closed_because="done")
    assert only(after(FIRST, BUDGET, [closed])) == closed
    again = after(SECOND, BUDGET, [closed])
    assert [item.id for item in again.values() if item.is_open] == [f"{SECOND.id}#P1"]


def test_minutes_filed_late_say_nothing_of_items_that_came_after_them() -> None:
    later = after(SECOND, BUDGET)
    assert after(FIRST, Minutes(tasks=(Task("Budget 2027", done=True),)), later.values()) == later


def test_filing_the_same_minutes_again_changes_nothing() -> None:
    first = after(FIRST, BUDGET)
    assert parked(FIRST, BUDGET, first.values(), RECORDED, FIRST.end + 5 * HOUR) == ()


def test_what_a_series_left_that_has_no_review_to_come_comes_back_to_the_health_audit_of_its_scope() -> None:
    item = only(after(FIRST, BUDGET))
    audit = a_review(date(2026, 12, 29), series="health-audit", kind=Kind.HEALTH_AUDIT)
    now, held = SECOND.end, [a_recorded(FIRST, status=Status.HELD)]
    assert series_over([item], audit, held, ["acme-globex"], now) == {"acme-globex/pipeline"}
    assert comes_back(item, audit, {"acme-globex/pipeline"}) and not comes_back(item, audit)
    assert series_over([item], audit, [*held, a_recorded(THIRD)], ["acme-globex"], now) == set()
    of_layer = replace(item, series="acme-globex/emea/pipeline")
    assert series_over([of_layer], audit, held, ["acme-globex", "acme-globex/emea"], now) == set()
    assert series_over([of_layer], audit, held, ["acme-globex"], now) == {"acme-globex/emea/pipeline"}
