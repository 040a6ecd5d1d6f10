"""How far the record reaches, and copies of it to try other days on; on SQLite and on PostgreSQL."""

from datetime import timedelta
from pathlib import Path

from scheduler.services.previews import scratch
from scheduler.settings import Settings
from scheduler.store import Store, clock, open_store, partnerships, readings, reviews
from scheduler.store.tables import Moment, PartnershipRow
from tests.builders import a_reading, a_recorded
from tests.store.remembered import ACME_GLOBEX, CELLS, OCTOBER_1, a_row

DAY = timedelta(days=1)


def test_the_newest_moment_is_that_of_whatever_happened_last_and_not_of_what_is_due(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row(first_seen=OCTOBER_1, wake_at=OCTOBER_1 + 90 * DAY))
        readings.add(db, a_reading(reported_at=OCTOBER_1 + 3 * DAY))
        assert clock.newest_moment(db) == OCTOBER_1 + 3 * DAY
        clock.keep(db, clock.CYCLE, OCTOBER_1 + 4 * DAY)
        assert clock.newest_moment(db) == OCTOBER_1 + 4 * DAY


def test_every_moment_is_known_to_be_of_what_happened_or_of_something_else() -> None:
    """A table that is added says which: else a clock that is behind it would not be noticed."""
    known = {f"{table}.{name}" for each in (clock.HAPPENED, clock.OTHERWISE) for table in each for name in each[table]}
    kept = PartnershipRow.metadata.tables.items()
    assert {f"{name}.{c.name}" for name, table in kept for c in table.columns if isinstance(c.type, Moment)} == known


def test_of_an_empty_record_there_is_no_newest_moment(url: str) -> None:
    with open_store(url) as store, store.read() as db:
        assert clock.newest_moment(db) is None


def test_a_moment_is_kept_once_under_its_key(store: Store) -> None:
    with store.write() as db:
        clock.keep(db, "trusted:one", OCTOBER_1)
        clock.keep(db, "trusted:two", OCTOBER_1 + DAY, uptime=2.5)
        clock.keep(db, "trusted:one", OCTOBER_1 + 2 * DAY)
    with store.read() as db:
        assert [(each.key, each.uptime) for each in clock.under(db, clock.TRUSTED)] == [
            ("trusted:one", None),
            ("trusted:two", 2.5),
        ]


def test_a_scratch_copy_holds_all_that_is_on_record_and_nothing_of_it_comes_back(store: Store, tmp_path: Path) -> None:
    """Of PostgreSQL too the copy is a file of SQLite."""
    settings = Settings(data=tmp_path / "data")
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
        readings.add(db, a_reading("0.31"))
        clock.keep(db, clock.CYCLE, OCTOBER_1)
    scratch.begin(settings, store, OCTOBER_1 + 90 * DAY, OCTOBER_1)
    assert scratch.moment_of(settings, store) == OCTOBER_1 + 90 * DAY
    with open_store(scratch.settings_for(settings).database) as copy:
        assert copy.url.get_backend_name() == "sqlite"
        with copy.write() as db, store.read() as original:
            assert partnerships.get(db, ACME_GLOBEX) == partnerships.get(original, ACME_GLOBEX)
            assert list(reviews.listing(db)) == list(reviews.listing(original))
            assert readings.history(db, CELLS) == readings.history(original, CELLS)
            readings.add(db, a_reading("0.99"))
    with store.read() as db:
        assert len(readings.history(db, CELLS)) == 1


def test_a_copy_that_was_cut_off_is_none(store: Store, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    (tmp_path / "data" / "scratch").mkdir(parents=True)
    (tmp_path / "data" / "scratch" / "cadence.db").write_bytes(b"SQLite format 3\0 and no more")
    assert scratch.moment_of(settings, store) is None
    scratch.begin(settings, store, OCTOBER_1, OCTOBER_1)
    assert scratch.moment_of(settings, store) == OCTOBER_1
