"""After good cycles the service that watches cadence is called, once a minute at most; what becomes of the call harms
no cycle, and is shown."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from scheduler.daemon import life_sign
from scheduler.daemon.life_sign import LifeSign
from scheduler.services.pipeline.one_cycle import one_cycle
from scheduler.settings import Monitor
from scheduler.store import faults
from tests.builders import at
from tests.daemon.polling import HANG, until
from tests.services.town import DAY_ONE, Town
from tests.transports.hooks import Receiver, behaving, receiving

Build = Callable[..., Town]
NOON = at("2026-11-21 12:00")


@pytest.fixture(autouse=True)
def _again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life_sign, "AGAIN_AFTER", (0.0, 0.0))


class Watch:
    """A monotonic clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def calling(town: Town, watch: Watch | None = None) -> Iterator[LifeSign]:
    calls = LifeSign(town.app.for_another_thread(), lambda: NOON, watch or Watch())
    calls.start()
    try:
        yield calls
    finally:
        calls.stop()


def watched(build: Build, url: str, name: str = "town") -> Town:
    return build(name, monitor={"url": url, "internal": True})


def standing(town: Town) -> list[str]:
    with town.database() as db:
        return [each.what for each in faults.listing(db) if each.key == "monitor"]


def test_a_good_cycle_is_one_call_of_the_address_alone(build: Build) -> None:
    receiver = Receiver()
    with receiving(receiver) as url, calling(watched(build, f"{url}/b2c4?rid=1")) as calls:
        calls.cycle_went_well()
        until(lambda: bool(receiver.asked), "a call")
    assert receiver.asked == ["/hook/b2c4?rid=1"] and not receiver.posts


def test_there_is_no_more_than_one_call_a_minute(build: Build) -> None:
    receiver, watch = Receiver(), Watch()
    with receiving(receiver) as url, calling(watched(build, url), watch) as calls:
        calls.cycle_went_well()
        until(lambda: len(receiver.asked) == 1, "a call")
        watch.seconds = 59.9
        calls.cycle_went_well()
        watch.seconds = 60.0
        calls.cycle_went_well()
        until(lambda: len(receiver.asked) == 2, "another call")
    assert len(receiver.asked) == 2


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_call_that_is_refused_is_a_fault_until_one_arrives_and_no_log_has_the_address(
    build: Build, status: int
) -> None:
    receiver = Receiver(status=status, says=b"no /hook/T0SECRET here")
    with receiving(receiver) as url:
        town, watch = watched(build, f"{url}/T0SECRET"), Watch()
        with calling(town, watch) as calls:
            calls.cycle_went_well()
            until(lambda: bool(standing(town)), "a fault")
            [what] = standing(town)
            assert "a sign of life did not arrive" in what and str(status) in what
            receiver.status, watch.seconds = 200, 60.0
            calls.cycle_went_well()
            until(lambda: not standing(town), "no fault")
        said = [event for _, event, _ in town.log.said if event.startswith("monitor.")]
        assert said == ["monitor.not_reached", "monitor.reached"]
        assert "T0SECRET" not in what + repr(town.log.said)


def test_what_fails_once_is_tried_again_and_nobody_hears_of_it(build: Build) -> None:
    receiver = Receiver(status=503)

    class MendsItself(list[str]):
        def append(self, path: str) -> None:
            super().append(path)
            receiver.status = 503 if len(self) == 1 else 200

    receiver.asked = MendsItself()
    with receiving(receiver) as url:
        town = watched(build, url)
        with calling(town) as calls:
            calls.cycle_went_well()
            until(lambda: len(receiver.asked) == 2, "another try")
        assert standing(town) == [] and not town.log.of("monitor.not_reached")


def test_a_service_that_never_answers_holds_up_no_stop(build: Build) -> None:
    held: list[socket.socket] = []

    def silent(caller: socket.socket) -> None:
        held.append(caller)
        caller.settimeout(HANG)
        while caller.recv(4096):
            pass

    with behaving(silent) as url:
        town = watched(build, url)
        with calling(town) as calls:
            calls.cycle_went_well()
            until(lambda: bool(held), "a caller")
        assert not any(each.name == "life-sign" and each.is_alive() for each in threading.enumerate())


def test_an_address_inside_is_called_where_the_settings_say_so_alone(build: Build) -> None:
    with receiving(Receiver()) as url:
        town = build(monitor={"url": url.replace("http:", "https:")})
        with calling(town) as calls:
            calls.cycle_went_well()
            until(lambda: bool(standing(town)), "a fault")
    assert "no public address" in standing(town)[0]


def test_one_cycle_by_itself_calls_too_and_says_what_failed(build: Build) -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        town = watched(build, url)
        assert one_cycle(town.app, DAY_ONE, lambda: DAY_ONE, None).unheard is None
        receiver.status = 404
        unheard = one_cycle(town.app, DAY_ONE, lambda: DAY_ONE, None).unheard
    assert len(receiver.asked) == 2 and unheard and "404" in unheard and standing(town)


def test_a_scratch_copy_gives_no_sign_of_life(build: Build) -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        copy = replace(watched(build, url).app, is_scratch=True)
        one_cycle(copy, DAY_ONE, lambda: DAY_ONE, None)
    assert receiver.asked == []


def test_the_address_alone_is_a_monitor_and_so_is_a_block() -> None:
    alone = Monitor.model_validate("https://hc-ping.com/b2c4")
    assert alone == Monitor.model_validate({"url": "https://hc-ping.com/b2c4"}) and "b2c4" not in repr(alone)
