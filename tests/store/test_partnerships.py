"""Which definition is in force, what wakes a partnership, what is still to be published, who belongs to it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from scheduler.domain.definition.vocabulary import Model
from scheduler.store import (
    Store,
    delivery,
    file_states,
    members,
    notifications,
    open_store,
    partnerships,
    readings,
    reviews,
)
from scheduler.store.tables import FileState
from tests.builders import a_reading, a_recorded, at
from tests.store.remembered import ACME_GLOBEX, OCTOBER_1, a_member, a_row

MINUTE = timedelta(minutes=1)
FILE = "/etc/cadence/partnerships/acme-globex.yaml"


def test_a_partnership_comes_back_as_it_was_saved(store: Store) -> None:
    row = a_row("halden", problem=[{"what": "late", "line": 3}], ended_at=at("2029-10-01 00:00"))
    with store.write() as db:
        partnerships.save(db, row)
        found = partnerships.get(db, "halden")
    assert found is not None
    assert found.model_dump() == row.model_dump()
    assert found.first_seen.utcoffset() == timedelta(0)  # given back in UTC


def test_a_model_may_be_given_as_the_noun_it_is(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("halden", model=Model.JOINT_VENTURE))
        found = partnerships.get(db, "halden")
    assert found is not None
    assert found.model == "joint_venture"


def test_an_unknown_partnership_is_none(store: Store) -> None:
    with store.read() as db:
        assert partnerships.get(db, "nobody") is None
        assert partnerships.defined_by(db, "nobody.yaml") is None


def test_listing_is_by_id_the_same_on_every_engine(store: Store) -> None:
    """By the bytes of the ids: "-" before digits before letters, whatever language the server was set up in."""
    with store.write() as db:
        for id in ("acmeco", "acme", "acme2", "acme-x"):
            partnerships.save(db, a_row(id))
        assert [row.id for row in partnerships.listing(db)] == ["acme", "acme-globex", "acme-x", "acme2", "acmeco"]


# What is due -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "is_due"), [(-MINUTE, False), (0 * MINUTE, True), (MINUTE, True)])
def test_a_partnership_is_due_from_the_moment_on_which_it_wakes(store: Store, after: timedelta, is_due: bool) -> None:
    wake_at = at("2026-10-25 02:30", "Europe/Berlin")
    with store.write() as db:
        partnerships.wake(db, ACME_GLOBEX, wake_at)
        due = partnerships.due(
            db, (wake_at + after).astimezone(at("2026-10-01 00:00", "America/Detroit").tzinfo), "environment-1"
        )
    assert due == ([ACME_GLOBEX] if is_due else [])


def test_those_that_have_waited_longest_come_first(store: Store) -> None:
    with store.write() as db:
        for days, id in ((3, "late"), (1, "early"), (2, "middle")):
            partnerships.save(db, a_row(id, wake_at=OCTOBER_1 - timedelta(days=10 - days)))
        assert partnerships.due(db, OCTOBER_1, "environment-1") == ["early", "middle", "late", ACME_GLOBEX]


@pytest.mark.parametrize("environment", ["environment-0", "environment-2"])
def test_all_are_due_when_what_plans_rest_on_has_changed(store: Store, environment: str) -> None:
    with store.write() as db:
        partnerships.governed(db, ACME_GLOBEX, "environment-1", OCTOBER_1 + timedelta(days=30), OCTOBER_1)
        assert partnerships.due(db, OCTOBER_1, "environment-1") == []
        assert partnerships.due(db, OCTOBER_1, environment) == [ACME_GLOBEX]
        partnerships.governed(db, ACME_GLOBEX, environment, OCTOBER_1 + timedelta(days=30), OCTOBER_1)
        assert partnerships.due(db, OCTOBER_1, environment) == []


@pytest.mark.parametrize(("longer", "is_due"), [(0 * MINUTE, False), (MINUTE, True)])
def test_a_sleep_longer_than_any_was_ordered_by_a_wrong_clock_and_is_over(
    store: Store, longer: timedelta, is_due: bool
) -> None:
    now = at("2026-11-02 09:00")
    with store.write() as db:
        partnerships.wake(db, ACME_GLOBEX, now + partnerships.LONGEST_SLEEP + longer)
        assert (partnerships.due(db, now, a_row().fingerprint) == [ACME_GLOBEX]) is is_due


def test_the_next_moment_is_the_first_that_is_still_to_come(store: Store) -> None:
    with store.write() as db:
        assert partnerships.next_wake(db, OCTOBER_1 + timedelta(days=900)) is None
        for minutes, id in ((0, ACME_GLOBEX), (1, "halden"), (2, "zenith")):
            partnerships.save(db, a_row(id))
            partnerships.wake(db, id, OCTOBER_1 + minutes * MINUTE)
        partnerships.save(db, a_row("sleeper"))
        partnerships.wake(db, "sleeper", None)
        assert partnerships.next_wake(db, OCTOBER_1) == OCTOBER_1 + MINUTE


def test_all_can_be_woken_but_those_that_have_ended(store: Store) -> None:
    now = at("2026-11-02 09:00")
    with store.write() as db:
        for id in ("halden", "zenith"):
            partnerships.save(db, a_row(id, wake_at=now + MINUTE))
        partnerships.wake(db, ACME_GLOBEX, now + MINUTE)
        partnerships.end(db, "zenith", now)
        partnerships.wake_all(db, now)
        assert sorted(partnerships.due(db, now, a_row().fingerprint)) == [ACME_GLOBEX, "halden"]


def test_a_partnership_that_ended_is_never_due(store: Store) -> None:
    with store.write() as db:
        partnerships.end(db, ACME_GLOBEX, OCTOBER_1)
        partnerships.end(db, ACME_GLOBEX, OCTOBER_1 + MINUTE)
        assert partnerships.due(db, OCTOBER_1 + timedelta(days=900), "another environment") == []
        row = partnerships.get(db, ACME_GLOBEX)
    assert row is not None
    assert row.ended_at == OCTOBER_1  # the first word stands


def test_looking_for_work_reads_no_table_through(tmp_path: Path) -> None:
    """A cycle in which nothing is due costs a few steps in an index, however many partnerships there are."""
    asked: list[tuple[str, Any]] = []
    with open_store(f"sqlite:///{tmp_path}/cadence.db", create=True) as store, store.read() as db:
        event.listen(db, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        partnerships.due(db, OCTOBER_1, "environment-1")
        partnerships.unpublished(db)
        partnerships.waiting(db)
        file_states.count_faulty(db)
        partnerships.next_wake(db, OCTOBER_1)
        notifications.next_telling(db, OCTOBER_1)
        delivery.next_due(db, OCTOBER_1)
        steps = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in tuple(asked)]
    scans = [
        step.detail for plan in steps for step in plan if re.match("SCAN (partnership|notice|letter)", step.detail)
    ]
    assert len(steps) == 8
    assert scans == [  # of indices that hold nothing but what is looked for
        "SCAN partnership USING INDEX ix_partnership_unpublished",
        "SCAN partnership USING INDEX ix_partnership_waiting",
    ]


# What is to be published -------------------------------------------------------------------------------------------


def published(store: Store) -> bool:
    with store.read() as db:
        return partnerships.unpublished(db) == []


def mark(store: Store) -> None:
    with store.write() as db:
        row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        partnerships.mark_published(db, ACME_GLOBEX, row.revision)


def test_a_new_partnership_is_to_be_published_once(store: Store) -> None:
    assert not published(store)
    mark(store)
    assert published(store)


CHANGES: dict[str, Callable[[Connection], object]] = {
    "a review": lambda db: reviews.save_many(db, [a_recorded()]),
    "a reading": lambda db: readings.add(db, a_reading()),
    "a look at what is due": lambda db: partnerships.governed(db, ACME_GLOBEX, "environment-1", None, OCTOBER_1),
    "another definition": lambda db: partnerships.save(db, a_row(content_hash="hash-2")),
    "the end": lambda db: partnerships.end(db, ACME_GLOBEX, OCTOBER_1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_what_is_remembered_is_to_be_published(store: Store, change: str) -> None:
    mark(store)
    with store.write() as db:
        CHANGES[change](db)
    assert not published(store)


def test_a_change_made_while_publishing_stays_to_be_published(store: Store) -> None:
    with store.write() as db:
        row = partnerships.get(db, ACME_GLOBEX)
        reviews.save_many(db, [a_recorded()])
        assert row is not None
        partnerships.mark_published(db, ACME_GLOBEX, row.revision)
        assert partnerships.unpublished(db) == [ACME_GLOBEX]


def test_saving_the_same_definition_again_changes_nothing(store: Store) -> None:
    mark(store)
    with store.write() as db:
        partnerships.save(db, a_row())
    assert published(store)


def test_saving_anew_takes_the_definition_and_leaves_what_is_remembered(store: Store) -> None:
    mark(store)
    with store.write() as db:
        partnerships.approve(db, ACME_GLOBEX, "hash-2")
        later = OCTOBER_1 + timedelta(days=40)
        partnerships.save(db, a_row(content_hash="hash-2", definition="name: New", first_seen=later, wake_at=later))
        row = partnerships.get(db, ACME_GLOBEX)
    assert row is not None
    assert (row.definition, row.content_hash, row.wake_at) == ("name: New", "hash-2", later)
    assert (row.first_seen, row.revision, row.published, row.approved) == (OCTOBER_1, 2, 1, "hash-2")


def test_a_problem_is_kept_and_taken_back_without_a_new_publication(store: Store) -> None:
    mark(store)
    problem = [{"what": "the file has vanished", "hint": "put it back", "line": None}]
    for kept in (problem, None):
        with store.write() as db:
            partnerships.set_problem(db, ACME_GLOBEX, kept)
            row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        assert row.problem == kept
    assert published(store)


def test_a_plan_waits_for_a_person_s_word_until_the_problem_is_taken_back_or_all_ends(store: Store) -> None:
    with store.write() as db:
        assert partnerships.waiting(db) == []
        partnerships.set_problem(db, ACME_GLOBEX, [{"what": "the definition would cancel 40 reviews"}])
        assert partnerships.waiting(db) == [ACME_GLOBEX]
        partnerships.end(db, ACME_GLOBEX, OCTOBER_1)
        assert partnerships.waiting(db) == []


# People and scopes -------------------------------------------------------------------------------------------------


def test_a_person_s_partnerships_follow_the_definitions(store: Store) -> None:
    ines, dev = "ines.falk@acme.example", "dev.patel@globex.example"
    with store.write() as db:
        partnerships.save(db, a_row("halden"))
        members.save(db, ACME_GLOBEX, [a_member(ines), a_member(dev), a_member(ines, person="later")])
        members.save(db, "halden", [a_member(ines, "halden")])
        assert members.partnerships_of(db, ines) == [ACME_GLOBEX, "halden"]
        assert members.emails(db) == [dev, ines]
        members.save(db, ACME_GLOBEX, [a_member(dev)])
        assert members.partnerships_of(db, ines) == ["halden"]
        assert [each.person for each in members.memberships(db, ines)] == ["ines"]
        assert members.of(db, ACME_GLOBEX) == {dev}
        assert members.partnerships_of(db, "tom.reyes@globex.example") == []


def test_a_scope_is_new_once_and_a_partnership_knows_only_its_own(store: Store) -> None:
    layer = f"{ACME_GLOBEX}/apac-licence"
    with store.write() as db:
        assert partnerships.seen_scopes(db, ACME_GLOBEX) == {}
        partnerships.remember_scopes(db, [ACME_GLOBEX], OCTOBER_1)
        partnerships.remember_scopes(db, [ACME_GLOBEX, layer, "acme-globex-2"], OCTOBER_1 + MINUTE)
        assert partnerships.seen_scopes(db, ACME_GLOBEX) == {ACME_GLOBEX: OCTOBER_1, layer: OCTOBER_1 + MINUTE}


# Files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_remembered_as_last_read(store: Store) -> None:
    bad = FileState(file="/etc/cadence/bad.yaml", signature="2-9-1", content_hash="b", problems=[{"what": "no owner"}])
    good = FileState(file=FILE, signature="1-9-7", content_hash="a")
    with store.write() as db:
        file_states.save(db, [good, bad])
        assert file_states.signatures(db) == {FILE: "1-9-7", bad.file: "2-9-1"}
        assert file_states.signatures(db, [FILE, "/never/seen.yaml"]) == {FILE: "1-9-7"}
        assert file_states.count_faulty(db) == 1
        assert [state.model_dump() for state in file_states.faulty(db)] == [bad.model_dump()]


def test_a_mended_file_has_no_problems_any_more(store: Store) -> None:
    with store.write() as db:
        file_states.save(db, [FileState(file=FILE, signature="1", content_hash="a", problems=[{"line": 3}])])
        before = file_states.get(db, FILE)
        assert before is not None
        file_states.save(db, [before.model_copy(update={"signature": "2", "problems": None})])
        after = file_states.get(db, FILE)
        assert after is not None
        assert (after.signature, after.content_hash, after.problems) == ("2", "a", None)
        assert file_states.count_faulty(db) == 0


def test_a_forgotten_file_leaves_its_partnership_in_force(store: Store) -> None:
    with store.write() as db:
        file_states.save(db, [FileState(file=FILE, signature="1", content_hash="a")])
        file_states.forget(db, [FILE, "/never/seen.yaml"])
        assert file_states.get(db, FILE) is None
        assert partnerships.defined_by(db, FILE) == ACME_GLOBEX
        partnerships.end(db, ACME_GLOBEX, OCTOBER_1)
        assert partnerships.defined_by(db, FILE) is None  # that file may go now


def test_since_when_it_is_told_changes_with_the_definition_and_with_what_plans_rest_on_and_with_nothing_else(
    store: Store,
) -> None:
    def since(db: Connection) -> datetime | None:
        row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        return row.definition_changed_at

    first, second, third, late = (OCTOBER_1 + timedelta(days=n) for n in range(4))
    with store.write() as db:
        partnerships.save(db, a_row(content_hash="another", definition_changed_at=first))
        assert since(db) == first
        partnerships.save(db, a_row(content_hash="another", definition_changed_at=late))
        partnerships.governed(db, ACME_GLOBEX, a_row().fingerprint, None, late)
        assert since(db) == first
        partnerships.governed(db, ACME_GLOBEX, "other playbooks", None, second)
        assert since(db) == second
        partnerships.save(db, a_row(content_hash="a third", definition_changed_at=third))
        assert since(db) == third
