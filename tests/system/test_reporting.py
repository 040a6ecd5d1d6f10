"""Readings reach the real program over HTTP, and what follows from them is published at once, not at the next
interval."""

import json
import subprocess
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.daemon.polling import HANG
from tests.system.program import Place, Program, Start

pytestmark = pytest.mark.system
READING = {"kpi": "acme-globex/cells-delivered", "value": 0.31, "by": "tom"}


def token(place: Place) -> str:
    call = place.command("token", "create", "plant", "--json")
    said: dict[str, Any] = json.loads(subprocess.run(call, check=True, capture_output=True, timeout=HANG).stdout)
    return str(said["token"])


def send(program: Program, secret: str, reading: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    url = f"http://127.0.0.1:{program.logs('web.listening')[-1]['port']}/api/readings"
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    try:
        with urlopen(Request(url, json.dumps(reading).encode(), headers), timeout=HANG) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_a_reading_is_taken_followed_by_a_cycle_and_its_token_is_in_no_log(place: Place, started: Start) -> None:
    place.set(web={"listen": "127.0.0.1:0"}, interval="24 hours")
    place.define(agreement={"signed": "2026-06-01", "effective": "2026-07-01"})
    program = started()
    program.hears("READY=1")
    secret, before = token(place), len(program.events("cycle.done"))
    assert send(program, "x" * 43, READING)[0] == 401
    status, told = send(program, secret, READING)
    assert (status, told["recorded"][0]["period"]) == (200, "2026-07")
    assert program.logs("cycle.done", before + 1)[-1]["published"] == 1
    assert program.stops() == 0
    assert secret not in program.log.read_text()
