"""On PostgreSQL nobody waits for ever for a daemon that is frozen in a transaction, or for a machine that is gone."""

import multiprocessing
import os
import signal

import pytest
from sqlalchemy import make_url

from scheduler.store import Store, StoreError, engine, open_store, partnerships, readings
from tests.builders import a_reading
from tests.store.remembered import CELLS, a_row

FORK = multiprocessing.get_context("fork")


@pytest.fixture(params=["postgresql"], name="engine")
def only_postgresql(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_daemon_frozen_in_a_transaction_loses_it_and_another_writes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WRITER_IDLE", 1)
    outcome = FORK.Queue()

    def freeze_while_writing() -> None:
        with open_store(url) as mine:
            try:
                with mine.write() as db:
                    partnerships.save(db, a_row())
                    readings.add(db, a_reading("0.31"))
                    os.kill(os.getpid(), signal.SIGSTOP)
            except StoreError as lost:
                outcome.put(lost.what)
            with mine.write() as db:  # and it goes on by itself
                readings.add(db, a_reading("0.33"))

    frozen = FORK.Process(target=freeze_while_writing)
    frozen.start()
    assert frozen.pid is not None
    os.waitpid(frozen.pid, os.WUNTRACED)
    with open_store(url) as other:
        with other.write() as db:
            partnerships.save(db, a_row())
            readings.add(db, a_reading("0.32"))
        os.kill(frozen.pid, signal.SIGCONT)
        told = outcome.get()
        os.waitpid(frozen.pid, 0)
        with other.read() as db:
            assert [str(each.value) for each in readings.history(db, CELLS)] == ["0.32", "0.33"]
    assert "idle-in-transaction" in told or "idle in transaction" in told or "closed the connection" in told


def test_every_wait_has_an_end(store: Store) -> None:
    for transaction, idle in ((store.write, "1min"), (store.read, "15min")):
        with transaction() as db:
            assert db.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == idle
            assert db.exec_driver_sql("SHOW statement_timeout").scalar() == "2min"
            parameters = db.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
            assert {"keepalives_idle", "keepalives_count", "tcp_user_timeout", "connect_timeout"} <= parameters.keys()
    with store.write() as db:
        assert db.exec_driver_sql("SHOW lock_timeout").scalar() == "5s"


def test_what_the_address_says_itself_is_left_as_it_is(url: str) -> None:
    own = {"connect_timeout": "3", "options": "-c statement_timeout=7s"}
    address = make_url(url).update_query_dict(own).render_as_string(hide_password=False)
    with open_store(address) as store, store.read() as db:
        assert db.exec_driver_sql("SHOW statement_timeout").scalar() == "7s"
        assert db.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "15min"
        parameters = db.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
        assert parameters["connect_timeout"] == "3"
