"""What happened, read backwards: each table by itself, of the partnerships that are asked for, on both engines."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from scheduler.domain.record.filing import Objection
from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.store import (
    Store,
    filings,
    history,
    measurements,
    members,
    outbox,
    partnerships,
    readings,
    reviews,
    versions,
)
from scheduler.store.history import HistorySpan
from scheduler.store.reviews import Revision
from scheduler.store.tables import DefinitionVersionRow
from tests.builders import a_recorded, at
from tests.store.remembered import ACME_GLOBEX, CELLS, a_member, a_row, november
from tests.store.test_outbox import a_letter

NOW = at("2026-12-01 12:00")
HOUR = timedelta(hours=1)
ALL = HistorySpan(None, None, NOW + HOUR, 50)


def of(*ids: str, below: int | None = None, until: datetime = NOW + HOUR, most: int = 50) -> HistorySpan:
    return HistorySpan(ids, below, until, most)


def test_changes_of_reviews_come_latest_first_without_what_was_merely_planned(store: Store) -> None:
    record = a_recorded()
    with store.write() as db:
        reviews.save_many(db, [record])
        reviews.append_revisions(
            db,
            [
                Revision(record.id, 0, "schedule", NOW - 3 * HOUR, "new in the plan"),
                Revision(record.id, 1, "move", NOW - 2 * HOUR, "fair week", "ines", {"start": "x"}, {"start": "y"}),
                Revision(record.id, 2, "schedule", NOW - HOUR, "the plan has it again", "ines"),
                Revision(record.id, 3, "skip", NOW, "merged", "dev"),
            ],
        )
    with store.read() as db:
        found = history.review_changes(db, ALL)
        assert [each.action for each in found] == ["skip", "schedule", "move"]
        assert (found[2].before, found[2].person, found[2].at) == ({"start": "x"}, "ines", NOW - 2 * HOUR)
        assert [each.action for each in history.review_changes(db, of(ACME_GLOBEX, below=found[0].id, most=1))] == [
            "schedule"
        ]
        assert [each.action for each in history.review_changes(db, of(ACME_GLOBEX, until=NOW))] == ["schedule", "move"]
        assert history.review_changes(db, of("globex-initech")) == []
        assert len(history.review_changes(db, ALL._replace(by_people=True))) == 3
        assert history.told_entries(db, ALL._replace(by_people=True), None) == []
        if db.dialect.name == "sqlite":
            plan = db.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT id FROM revision "
                    "WHERE (revision.action <> 'schedule' OR revision.person IS NOT NULL) ORDER BY id DESC LIMIT 50"
                )
            )
            assert "ix_revision_changes" in str(plan.all())


def test_what_became_of_objections_is_numbered_in_the_order_in_which_it_happened(store: Store) -> None:
    id = a_recorded().id
    first = Objection(f"{id}~1", id, 1, None, None, "it was rented", "dev", NOW - 3 * HOUR, NOW, "ines", "rented it is")
    other = Objection(f"{id}~2", id, 1, None, None, "so was it", "tom", NOW - 2 * HOUR, NOW - HOUR, "tom", None)
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
        filings.save_objections(db, [first, other])
    with store.read() as db:
        found = history.objection_entries(db, ALL)
        assert [(each.id, each.action, each.person, each.at) for each in found] == [
            (4, "settled", "ines", NOW), (3, "withdrawn", "tom", NOW - HOUR),
            (2, "objection", "tom", NOW - 2 * HOUR), (1, "objection", "dev", NOW - 3 * HOUR),
        ]  # fmt: skip
        below = history.objection_entries(db, of(ACME_GLOBEX, below=3, most=1))
        assert [each.id for each in below] == [2] and history.objection_entries(db, of("globex-initech")) == []


def test_a_second_reading_of_a_period_corrects_the_first(store: Store) -> None:
    with store.write() as db:
        for n, period in enumerate(("2026-10", "2026-11", "2026-10")):
            readings.add(db, Reading(CELLS, period, Decimal("0.3"), True, NOW + n * timedelta(minutes=1), "tom"))
        readings.excuse(db, Excuse(CELLS, "2026-12", "strike", date(2027, 1, 8)), NOW, "ines")
    with store.read() as db:
        assert [(each.period, each.corrects) for each in history.reading_entries(db, ALL)] == [
            ("2026-10", True),
            ("2026-11", False),
            ("2026-10", False),
        ]
        [excuse] = history.excuse_entries(db, of(ACME_GLOBEX))
        assert (excuse.because, excuse.until, excuse.person) == ("strike", date(2027, 1, 8), "ines")


def test_versions_and_letters_are_of_whom_they_are_asked_for(store: Store) -> None:
    with store.write() as db:
        versions.add(
            db,
            DefinitionVersionRow(
                partnership=ACME_GLOBEX, kind="edit", content_hash="h", part=None, taken_up_at=NOW, definition="x"
            ),
        )
        for key, email in (("a", "ines@acme.example"), ("b", "dev@globex.example")):
            outbox.add(db, [a_letter(key, uid=key, email=email, created_at=NOW)])
        outbox.add(db, [a_letter("c", uid="c", method="NOTICE", created_at=NOW)])
    with store.read() as db:
        assert [each.kind for each in history.version_entries(db, ALL)] == ["edit"]
        assert [each.email for each in history.letter_entries(db, ALL, ["ines@acme.example"])] == ["ines@acme.example"]
        assert len(history.letter_entries(db, ALL, None)) == 2, "news of the day is told by what it tells of"
        assert history.told_entries(db, ALL, None) == [] and history.trigger_entries(db, ALL) == []
        assert [each.id for each in outbox.some(db, ("due",), 2)] == [3, 2]
        assert [each.id for each in outbox.some(db, ("due",), 2, oldest=True)] == [1, 2]


def test_what_a_person_is_asked_for_and_where_is_found_by_their_key(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("globex-initech", name="Globex × Initech"))
        measurements.sync(db, ACME_GLOBEX, [november()], NOW)
        members.save(db, ACME_GLOBEX, [a_member("ines@acme.example")])
        reviews.save_many(db, [a_recorded()])
    with store.read() as db:
        mine = [(ACME_GLOBEX, "tom"), ("globex-initech", "yuki")]
        assert [each.kpi for each in measurements.asked_of(db, mine, date(2026, 12, 10))] == [CELLS]
        assert measurements.asked_of(db, mine, date(2026, 12, 9)) == []
        assert measurements.asked_of(db, [("globex-initech", "tom")], date(2027, 1, 1)) == []
        assert partnerships.names(db, ["globex-initech", "no-such"]) == {"globex-initech": "Globex × Initech"}
        assert members.partnerships_of_organisation(db, "acme") == [ACME_GLOBEX]
        assert members.partnerships_of_organisation(db, "initech") == []
        start = a_recorded().review.start
        assert len(reviews.in_several(db, [ACME_GLOBEX], start, start + HOUR)) == 1
        assert reviews.in_several(db, [ACME_GLOBEX], start + HOUR, start + 2 * HOUR) == []
        assert reviews.in_several(db, ["globex-initech"], start, start + HOUR) == []
