"""Of several hosts on one server, one whose clock is wrong is held against the server's, and speaks for itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from scheduler.domain.errors import UserError
from scheduler.rules.clock_trust import ClockReading, Trust
from scheduler.services.pipeline import clock_check
from scheduler.services.pipeline.clock_check import LEAPT, NEWER
from scheduler.services.pipeline.one_cycle import one_cycle
from scheduler.services.views.installation.clock import clock
from scheduler.store import server_clock
from tests.services.daemons.conftest import Host, on_its_host
from tests.services.town import DAY_ONE

pytestmark = pytest.mark.parametrize("engine", ["postgresql"])
Start = Callable[..., Host]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OFF = 8 * DAY


class Now:
    """What it is o'clock by the server."""

    at = DAY_ONE


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    made = Now()
    monkeypatch.setattr(server_clock, "now", lambda _: made.at)
    return made


def reading(host: Host, at: datetime, now: Now) -> ClockReading:
    return ClockReading(at, (now.at - DAY_ONE).total_seconds() + 60, f"start of {host.app.settings.name}")


def look(host: Host, now: Now, off: timedelta = timedelta()) -> Trust:
    with on_its_host(host.app):
        return clock_check.look(host.app, reading(host, now.at + off, now))


def faults(host: Host) -> list[str]:
    return [each.key for each in clock(host.app).faults]


def test_one_that_is_days_ahead_is_not_believed_from_its_start_on(host: Start, now: Now) -> None:
    alpha, beta = host("alpha"), host("beta")
    for _ in range(20):
        assert look(alpha, now).suspect is None
        assert look(beta, now, OFF).suspect is not None
        assert faults(alpha) == [f"{LEAPT}:beta"]
        now.at += MINUTE
    [fault] = clock(alpha.app).faults
    assert fault.what.startswith("the clock of beta is 8 days ahead of the database's")
    assert fault.first_at == DAY_ONE and not alpha.log.of("clock.confirmed")
    assert look(beta, now).suspect is None
    assert faults(beta) == []


def test_once_says_so_and_does_nothing(host: Start, now: Now) -> None:
    beta = host("beta")
    beta.define()
    ahead = DAY_ONE + OFF
    with on_its_host(beta.app), pytest.raises(UserError, match="the clock of beta is 8 days ahead"):
        one_cycle(beta.app, ahead, lambda: ahead, reading(beta, ahead, now))
    assert beta.reviews() == {}


def test_the_right_one_is_believed_at_its_start_whatever_the_wrong_one_wrote(host: Start, now: Now) -> None:
    """What was told of days that have not come is put back; only who saw the record newer takes that back."""
    alpha, beta = host("alpha"), host("beta")
    beta.define()
    beta.cycle(DAY_ONE + OFF)
    assert look(alpha, now).suspect is None
    assert faults(alpha) == [f"{NEWER}:alpha"]
    assert look(beta, now, OFF).suspect is not None
    assert faults(alpha) == sorted([f"{LEAPT}:beta", f"{NEWER}:alpha"])
    now.at += OFF + MINUTE
    assert look(alpha, now).suspect is None
    assert faults(alpha) == [f"{LEAPT}:beta"]


def test_a_persons_word_for_one_holds_against_the_server_and_for_no_other(host: Start, now: Now) -> None:
    alpha, beta = host("alpha"), host("beta")
    look(alpha, now, -OFF)
    look(beta, now, OFF)
    with on_its_host(beta.app):
        clock_check.confirm(beta.app, now.at + OFF)
    for _ in range(15):
        now.at += MINUTE
        assert look(beta, now, OFF).suspect is None
        assert look(alpha, now, -OFF).suspect is not None
        assert faults(alpha) == [f"{LEAPT}:alpha"]
    assert look(beta, now, 2 * OFF).suspect is not None
    assert look(beta, now).suspect is None
