"""Actions of the minutes are remembered with who owns them, and how each came to its end."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from scheduler.domain.record.minutes import Action
from scheduler.store import Store, actions, partnerships, renames
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX, a_row

REVIEW = "acme-globex/pipeline/2026-W50"
DRAWINGS = Action(
    id=f"{REVIEW}#1",
    partnership=ACME_GLOBEX,
    series="acme-globex/pipeline",
    review=REVIEW,
    says="Send the drawings; 'quoted' — ☐ {{ 7*7 }}",
    owner="dev",
    due=date(2026, 12, 18),
    opened_at=at("2026-12-08 16:00"),
)
CALL = replace(DRAWINGS, id=f"{REVIEW}#2", says="Call the plant", owner=None, due=None)
DONE = replace(CALL, done_at=at("2026-12-09 09:00"), done_by="dev", done_because="on Monday")


def numbers(found: list[Action]) -> list[int]:
    return [action.number for action in found]


def save(store: Store, *changed: Action) -> None:
    with store.write() as db:
        actions.save(db, changed)


def unpublished(db: Connection) -> bool:
    return partnerships.unpublished(db) == [ACME_GLOBEX]


def test_an_action_is_given_back_as_it_was_kept(store: Store) -> None:
    save(store, DRAWINGS, DONE)
    with store.read() as db:
        assert actions.recorded(db, ACME_GLOBEX) == [DRAWINGS, DONE]
        assert actions.find(db, DRAWINGS.id) == DRAWINGS
        assert actions.find(db, f"{REVIEW}#3") is None


def test_a_changed_action_takes_the_place_of_what_it_was(store: Store) -> None:
    save(store, DRAWINGS, CALL)
    save(store, DONE)
    with store.read() as db:
        assert actions.recorded(db, ACME_GLOBEX) == [DRAWINGS, DONE]
        assert actions.open_actions(db, ACME_GLOBEX) == actions.open_actions(db) == [DRAWINGS]


def test_actions_come_in_the_order_of_their_minutes_and_by_number_not_by_letter(store: Store) -> None:
    of_one = [replace(DRAWINGS, id=f"{REVIEW}#{n}") for n in range(1, 12)]
    later = replace(DRAWINGS, id="acme-globex/pipeline/2026-W49#1", opened_at=at("2026-12-10 16:00"))
    save(store, later, *reversed(of_one))
    with store.read() as db:
        assert numbers(actions.recorded(db, ACME_GLOBEX)) == [*range(1, 12), 1]


def test_a_series_has_its_own_actions_only(store: Store) -> None:
    save(store, DRAWINGS, replace(CALL, series="acme-globex/operating"))
    with store.read() as db:
        assert actions.in_series(db, "acme-globex/pipeline") == [DRAWINGS]


def test_a_partnership_has_its_own_actions_only_and_something_to_publish(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("initech"))
        partnerships.mark_published(db, ACME_GLOBEX, 9)
        partnerships.mark_published(db, "initech", 9)
    with store.read() as db:
        assert partnerships.unpublished(db) == []
    for _ in range(9):
        save(store, DRAWINGS)
    with store.read() as db:
        assert unpublished(db)
        assert actions.recorded(db, "initech") == []


def test_saving_nothing_is_nothing(store: Store) -> None:
    save(store)
    with store.read() as db:
        assert actions.recorded(db, ACME_GLOBEX) == []


def test_what_was_not_committed_is_not_remembered(store: Store) -> None:
    """Minutes and their actions are filed in one transaction: both, or neither."""
    try:
        with store.write() as db:
            actions.save(db, [DRAWINGS])
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with store.read() as db:
        assert actions.recorded(db, ACME_GLOBEX) == []


def test_the_words_of_a_date_that_could_not_be_read_and_who_gave_one_are_kept(store: Store) -> None:
    unread = replace(CALL, unread="by end of January; “EOM”")
    given = replace(DRAWINGS, due_given_at=at("2026-12-09 09:00"), due_given_by="dev")
    save(store, given, unread)
    with store.read() as db:
        assert actions.recorded(db, ACME_GLOBEX) == [given, unread]


def test_who_gave_an_action_its_date_and_who_did_it_bear_the_key_that_they_are_given(store: Store) -> None:
    save(store, replace(DRAWINGS, due_given_at=at("2026-12-09 09:00"), due_given_by="dev"), DONE)
    with store.write() as db:
        renames.people(db, ACME_GLOBEX, {"dev": "dpatel"})
        given, done = actions.recorded(db, ACME_GLOBEX)
    assert (given.owner, given.due_given_by, done.done_by) == ("dpatel", "dpatel", "dpatel")
