"""The record of a partnership as it was at a moment of the past."""

from dataclasses import replace
from datetime import timedelta

from scheduler.domain.definition.vocabulary import Status
from scheduler.store import Store, partnerships, past, reviews, versions
from scheduler.store.tables import DefinitionVersionRow
from tests.builders import a_recorded, a_review
from tests.store.remembered import ACME_GLOBEX, OCTOBER_1, a_row

HOUR = timedelta(hours=1)


def a_version(hash: str, hours: int) -> DefinitionVersionRow:
    return DefinitionVersionRow(
        partnership=ACME_GLOBEX,
        kind="edit",
        content_hash=hash,
        part=None,
        taken_up_at=OCTOBER_1 + hours * HOUR,
        definition=f"name: {hash}\n",
    )


def test_of_a_moment_before_it_was_known_there_is_nothing(store: Store) -> None:
    with store.write() as db, past.empty() as then, then.read() as target:
        versions.add(db, a_version("first", 0))
        assert not past.copy(db, target, ACME_GLOBEX, OCTOBER_1 - HOUR)
        assert partnerships.ids(target) == []


def test_the_definition_is_the_one_that_was_in_force(store: Store) -> None:
    with store.write() as db, past.empty() as then, then.read() as target:
        partnerships.save(db, a_row("halden"))
        versions.add(db, a_version("first", 0))
        versions.add(db, a_version("second", 2))
        assert past.copy(db, target, ACME_GLOBEX, OCTOBER_1 + HOUR)
        row = partnerships.get(target, ACME_GLOBEX)
        assert row is not None and (row.content_hash, row.definition) == ("first", "name: first\n")
        assert partnerships.ids(target) == [ACME_GLOBEX], "no other partnership is there"


def test_a_review_is_led_back_through_its_history(store: Store) -> None:
    before = replace(a_recorded(a_review()), created_at=OCTOBER_1, modified_at=OCTOBER_1)
    moved = replace(before.review, start=before.review.start + HOUR, end=before.review.end + HOUR)
    held = replace(
        before,
        review=moved,
        status=Status.HELD,
        minutes="Decided.",
        moved_by_person=True,
        moved_from=before.review.start,
        sequence=before.sequence + 1,
    )

    def change(action: reviews.Action, hours: int, was: dict[str, object]) -> reviews.Revision:
        return reviews.Revision(before.id, before.sequence + 1, action, OCTOBER_1 + hours * HOUR, None, "ines", was, {})

    with store.write() as db, past.empty() as then:
        versions.add(db, a_version("first", 0))
        reviews.save_many(db, [held])
        reviews.append_revisions(
            db,
            [
                change("move", 1, {"start": before.review.start, "end": before.review.end}),
                change("hold", 3, {"status": "planned", "minutes": None}),
            ],
        )
        with then.read() as target:
            assert past.copy(db, target, ACME_GLOBEX, OCTOBER_1 + 2 * HOUR)
            found = reviews.find(target, before.id)
            assert found is not None and (found.status, found.minutes) == (Status.PLANNED, None)
            assert (found.review.start, found.moved_by_person) == (moved.start, True)
        with past.empty() as earlier, earlier.read() as target:
            assert past.copy(db, target, ACME_GLOBEX, OCTOBER_1)
            found = reviews.find(target, before.id)
            assert found is not None and found.review.start == before.review.start
            assert (found.moved_by_person, found.moved_from) == (False, None)
