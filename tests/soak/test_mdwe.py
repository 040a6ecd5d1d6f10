"""`serve` under what MemoryDenyWriteExecute= of the shipped unit sets (PR_SET_MDWE, prctl(2)): no memory of it, or of
what it starts, becomes executable that was not. A library that makes machine code as it runs would end there.
"""

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from scheduler.transports.pdf import can_print
from tests.daemon.polling import HANG
from tests.soak.conftest import Start
from tests.soak.reporting import Report
from tests.system.program import Place

pytestmark = pytest.mark.system
REFUSED = """
import ctypes, os, sys
if ctypes.CDLL(None, use_errno=True).prctl(65, 1, 0, 0, 0):  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN
    sys.exit(f"this kernel has no PR_SET_MDWE (Linux 6.3): {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Goes over into a command, from which on it is refused."""
THROUGH = [sys.executable, "-c", REFUSED]


def test_the_refusal_outlives_the_start_of_a_program() -> None:
    """Else the other test would show nothing."""
    said = "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)"
    ended = subprocess.run(
        [*THROUGH, sys.executable, "-c", said], capture_output=True, text=True, check=False, timeout=HANG
    )
    assert "PermissionError" in ended.stderr


def test_it_starts_plans_serves_a_page_prints_and_stops(
    place: Place, started: Start, tmp_path: Path, report: Report
) -> None:
    place.set(web={"listen": "127.0.0.1:0"})
    place.define()
    program = started(place, through=THROUGH)
    program.hears("READY=1")
    assert {"calendars/acme-globex.ics"} <= place.files().keys()
    port = program.logs("web.listening")[-1]["port"]
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=HANG) as health:
        assert health.status == 200
    with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=HANG) as page:
        assert page.status == 200 and b"<h1" in page.read()
    place.define("zenith-line")
    program.until(lambda: "calendars/zenith-line.ics" in place.files(), "the calendar of a partnership that was added")
    assert can_print()  # of the extra `pdf`, which the tests have
    made = tmp_path / "agenda.pdf"
    agenda = place.command("agenda", "acme-globex/operating/2026-10", "--pdf", str(made))
    subprocess.run([*THROUGH, *agenda], check=True, capture_output=True, timeout=HANG)
    assert made.read_bytes().startswith(b"%PDF-")
    made = tmp_path / "agenda.docx"  # nor does what the extra `office` brings
    agenda = place.command("agenda", "acme-globex/operating/2026-10", "--docx", str(made))
    subprocess.run([*THROUGH, *agenda], check=True, capture_output=True, timeout=HANG)
    assert made.read_bytes().startswith(b"PK")
    assert program.stops() == 0
    report("starts, plans, serves and prints under the shipped unit's limits", "PR_SET_MDWE", times=1, refused=0)
