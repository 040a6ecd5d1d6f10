"""Claims: what one daemon has taken, no other takes until its lease has passed by the database's clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from scheduler.store import Store, claims, core_tables, open_store, partnerships, server_clock
from tests.store.remembered import a_row

IDS = ["acme-globex", "halden-line", "umbrella"]


@pytest.fixture(autouse=True)
def three(store: Store) -> None:
    with store.write() as db:
        for id in IDS:
            partnerships.save(db, a_row(id=id, file=f"{id}.yaml"))


def take(store: Store, by: str, *ids: str) -> list[str]:
    with store.write() as db:
        return claims.take(db, "partnership", ids or IDS, by)


def lapse(store: Store) -> None:
    with store.write() as db:
        claim = core_tables.claim
        db.execute(update(claim).values(claimed_until=server_clock.moment(db, timedelta(seconds=-1))))


def test_what_one_has_taken_no_other_takes(store: Store) -> None:
    assert take(store, "one", "umbrella", "acme-globex") == ["umbrella", "acme-globex"]
    assert take(store, "other") == ["halden-line"]
    assert take(store, "other", "acme-globex") == []


def test_who_takes_again_what_is_theirs_has_it_for_longer(store: Store) -> None:
    assert take(store, "one", "umbrella") == take(store, "one", "umbrella") == ["umbrella"]


def test_once_the_lease_has_passed_another_takes_it_and_the_first_has_it_no_more(store: Store) -> None:
    take(store, "one")
    lapse(store)
    with store.write() as db:
        assert claims.still(db, "partnership", IDS, "one") == set()
    assert take(store, "other", "umbrella") == ["umbrella"]
    with store.write() as db:
        assert claims.still(db, "partnership", IDS, "other") == {"umbrella"}
        assert claims.still(db, "partnership", IDS, "one") == set()


def test_what_is_released_or_given_back_is_free_at_once_and_what_is_anothers_stays(store: Store) -> None:
    take(store, "one", "umbrella", "acme-globex")
    take(store, "other", "halden-line")
    with store.write() as db:
        claims.release(db, "partnership", IDS, "one")
        assert claims.still(db, "partnership", IDS, "other") == {"halden-line"}
        assert claims.give_back(db, "one") == 0
        assert claims.give_back(db, "other") == 1
    assert take(store, "third") == IDS


def test_people_are_claimed_apart_from_partnerships(store: Store) -> None:
    with store.write() as db:
        assert claims.take(db, "person", ["tom@acme.example"], "one") == ["tom@acme.example"]
        assert claims.take(db, "person", ["tom@acme.example"], "other") == []
        assert claims.take(db, "partnership", IDS, "other") == IDS


def test_leases_go_by_the_databases_clock_alone(store: Store) -> None:
    """What is sent to it asks for its own time, and brings none along: in a test both clocks are the same machine's."""
    sent: list[tuple[str, object]] = []

    def note(_db: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        sent.append((statement, parameters))

    with store.write() as db:
        event.listen(db, "before_cursor_execute", note)
        claims.take(db, "partnership", IDS, "one")
        assert claims.still(db, "partnership", IDS, "one") == {*IDS}
        (taken,) = (each for each in sent if each[0].startswith("INSERT INTO claim"))
        (looked_at,) = (each for each in sent if each[0].startswith("SELECT claim."))
        its_own = "clock_timestamp()" if db.dialect.name == "postgresql" else "julianday('now')"
        for statement, parameters in (taken, looked_at):
            assert its_own in statement
            assert not any(isinstance(each, datetime | int) for each in _values(parameters))
        for until in db.scalars(select(core_tables.claim.c.claimed_until)):
            assert abs(until - server_clock.now(db) - claims.LEASE) < timedelta(seconds=30)


def _values(parameters: object) -> Iterable[object]:
    return parameters.values() if isinstance(parameters, dict) else iter(parameters)  # type: ignore[call-overload]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_what_somebody_is_just_writing_is_passed_over_and_not_waited_for(store: Store, url: str) -> None:
    with open_store(url) as another, another.write("umbrella"):
        assert take(store, "one") == ["acme-globex", "halden-line"]
