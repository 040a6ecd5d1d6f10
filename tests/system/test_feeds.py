"""Feeds of the real program: there as long as it runs, fresh after every change, and silent about who may read them."""

import json
import signal
import subprocess
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.daemon.polling import HANG, until
from tests.render.bar import assert_well_formed
from tests.system.program import Place, Program, Start

pytestmark = pytest.mark.system


def subscribed(place: Place) -> str:
    """Open a subscription for Inès by the command line; return the path of its address."""
    call = place.command("calendar", "subscribe", "ines.falk@acme.example", "--json")
    said: dict[str, Any] = json.loads(subprocess.run(call, check=True, capture_output=True, timeout=HANG).stdout)
    return str(said["url"]).removeprefix("https://cadence.acme.example")


def site(program: Program) -> str:
    return f"http://127.0.0.1:{program.logs('web.listening')[-1]['port']}"


def read(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urlopen(Request(url, headers=headers), timeout=HANG) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def feeding(place: Place) -> Place:
    place.set(web={"listen": "127.0.0.1:0", "public_url": "https://cadence.acme.example"})
    place.define()
    return place


def test_a_feed_is_served_is_fresh_after_every_change_and_the_same_after_a_restart(
    feeding: Place, started: Start
) -> None:
    program = started()
    program.hears("READY=1")
    assert read(f"{site(program)}/healthz") == (200, b"a cycle was completed lately, and the database answers\n")
    path = subscribed(feeding)
    status, first = read(site(program) + path)
    assert status == 200 and b"Acme" in first
    assert_well_formed(first)

    feeding.define(name="Acme & Globex cells")
    program.hears("WATCHDOG=1")
    until(lambda: b"Acme & Globex cells" in read(site(program) + path)[1], "the new name in the feed")
    program.signal(signal.SIGHUP)
    program.hears("READY=1")
    status, last = read(site(program) + path)
    assert status == 200 and last != first

    assert program.stops() == 0
    assert [event["event"] for event in program.events()][-2:] == ["web.stopped", "daemon.stopped"]
    with pytest.raises(URLError):
        read(site(program) + path)
    again = started()
    again.hears("READY=1")
    assert read(site(again) + path) == (200, last)


def test_a_revoked_address_leads_nowhere_from_the_next_request_on_and_no_log_ever_held_it(
    feeding: Place, started: Start
) -> None:
    program = started()
    program.hears("READY=1")
    path = subscribed(feeding)
    assert read(site(program) + path)[0] == 200
    subprocess.run(feeding.command("calendar", "revoke", "1"), check=True, capture_output=True, timeout=HANG)
    assert read(site(program) + path) == (404, b"there is nothing here\n")
    assert program.stops() == 0
    assert path.split("/")[-1].removesuffix(".ics") not in program.log.read_text()
