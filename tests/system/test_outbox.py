"""The real program and its letters, while a mail server hangs and the program is stopped or killed again and again."""

import signal
import sqlite3
from typing import Any

import pytest

from scheduler.store.delivery import MOST_LAPSES
from tests.daemon.polling import HANG, until
from tests.services.pipeline.test_delivery import hanging
from tests.system.program import Place, Start
from tests.transports.smtpd import Mailbox, listening

pytestmark = pytest.mark.system
SENDER = "cadence@alliances.example"


def letters(place: Place) -> list[tuple[Any, ...]]:
    try:
        with sqlite3.connect(f"file:{place.data / 'cadence.db'}?mode=ro", uri=True) as db:
            return db.execute("SELECT state, attempts, lapses FROM letter ORDER BY id").fetchall()
    except sqlite3.OperationalError:  # it is just being made
        return []


@pytest.fixture
def later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each start is ten minutes after the last one: letters that were written in between are due."""
    command, starts = Place.command, iter(range(60))

    def later(place: Place, *words: str) -> list[str]:
        hours, tens = divmod(next(starts), 6)
        return command(place, *words, now=f"2026-10-01T{9 + hours:02}:{tens}0+02:00")

    monkeypatch.setattr(Place, "command", later)


def states(place: Place) -> set[str]:
    return {state for state, *_ in letters(place)}


@pytest.mark.usefixtures("later_each_time")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_letter_dies_of_restarts_while_the_server_hangs_and_all_leave_once_it_answers(
    place: Place, started: Start, number: signal.Signals
) -> None:
    place.define()
    with hanging(b"") as server:
        place.set(mail={"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"})
        for _ in range(MOST_LAPSES + 1):
            program = started()
            program.hears("READY=1")
            until(lambda: "claimed" in states(place), "letters that are claimed")
            program.signal(number)
            program.process.wait(HANG)
            if number == signal.SIGTERM:
                assert states(place) == {"due"}
    assert {(attempts, lapses) for _, attempts, lapses in letters(place)} == {(0, 0)}
    mailbox = Mailbox()
    with listening(mailbox) as server:
        place.set(mail={"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"})
        started()
        until(lambda: states(place) == {"sent"}, "every letter sent")
    assert len(mailbox.taken) == len(letters(place)) > 3
