"""Half-open connections by the hundred: the daemon goes on governing, and its log stays short."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from tests.daemon.polling import HANG
from tests.system.program import Place, Start

pytestmark = pytest.mark.system
MANY = 1100
MOST_BYTES_OF_LOG = 100_000


@pytest.fixture(autouse=True)
def _many_files() -> Iterator[None]:
    """As many for this process as its half of the connections takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = MANY + 300
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), max(hard, needed) if hard >= 0 else hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_eleven_hundred_half_open_connections_stop_nothing(place: Place, started: Start) -> None:
    """The daemon may open 1,024 files, as it does where nobody says otherwise."""
    place.set(web={"listen": "127.0.0.1:0"})
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    program = started()
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
    program.hears("READY=1")
    (listening,) = program.logs("web.listening")
    address = ("127.0.0.1", int(listening["port"]))
    with ExitStack() as opened:
        for _ in range(MANY):
            opened.enter_context(socket.create_connection(address, timeout=HANG)).sendall(b"GET / HT")
        place.define()
        program.until(lambda: "calendars/acme-globex.ics" in place.files(), "the partnership defined meanwhile")
        with urlopen(f"http://127.0.0.1:{address[1]}/robots.txt", timeout=HANG) as answer:
            assert answer.status == 200
    assert 0 < len(program.events("web.crowded")) < 20  # one a minute, however long this takes
    assert not program.events("web.connection_failed") and not program.events("cycle.failed")
    assert program.log.stat().st_size < MOST_BYTES_OF_LOG
    assert program.stops() == 0
