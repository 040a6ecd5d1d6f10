"""What systemd is told, and how often it wants to hear (sd_notify(3), sd_watchdog_enabled(3))."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.daemon.systemd import ALIVE, notify, watchdog_seconds
from tests.daemon.polling import HANG


@pytest.fixture(params=["a file", "an abstract name"])
def listening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The address of a socket as NOTIFY_SOCKET has it, and the socket."""
    abstract = request.param == "an abstract name"
    address = f"@cadence-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address.replace("@", "\0", 1) if abstract else address)
        receiver.settimeout(HANG)
        yield address, receiver


def test_a_state_arrives_as_one_datagram(listening: tuple[str, socket.socket]) -> None:
    address, receiver = listening
    notify("READY=1\nSTATUS=planning Größe", {"NOTIFY_SOCKET": address})
    assert receiver.recv(4096).decode() == "READY=1\nSTATUS=planning Größe"


def test_signs_of_life_that_nobody_reads_hold_nothing_up(listening: tuple[str, socket.socket]) -> None:
    """The kernel keeps about ten datagrams and then lets whoever sends wait."""
    address, receiver = listening
    for _ in range(1000):
        notify(ALIVE, {"NOTIFY_SOCKET": address})
    assert receiver.recv(4096) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    "environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "@"}]
)
def test_outside_systemd_or_with_its_socket_gone_nothing_happens(environ: dict[str, str]) -> None:
    notify("READY=1", environ)


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": ""}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "1500000", "WATCHDOG_PID": str(os.getpid())}, 1.5),
        ({"WATCHDOG_USEC": "1500000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_the_watchdog_is_told_by_its_period_for_this_process_alone(
    environ: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_seconds(environ) == seconds
