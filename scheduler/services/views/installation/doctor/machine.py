"""The machine itself: its clock, the zones, the language of its terminal, the service manager."""

import ctypes
import locale as language
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from .check import Check, good, to_do, wrong

_UNSYNCHRONISED = 5
"""TIME_ERROR, what adjtimex(2) returns while nothing keeps the clock right."""
_TIMEX_BYTES = 1024
"""More than `struct timex` takes on any machine; all zeros ask and set nothing."""
_OLD = 2
"""Zone data of the year before last lack law changes."""
_SYSTEMD = Path("/run/systemd/system")
_UNIT = "cadence.service"
_MOST_EXPOSED = 2.0
"""The shipped unit is rated 0.9; much more is another unit, or one that was opened widely."""
_SECONDS = 20


def clock() -> Iterator[Check]:
    """Whether something keeps the clock right, as the kernel knows it."""
    state = _adjtimex()
    if state is None:
        yield to_do(
            "clock", "whether it is synchronised cannot be told here", "look yourself: timedatectl, chronyc tracking"
        )
    elif state == _UNSYNCHRONISED:
        yield to_do(
            "clock",
            "nothing keeps it synchronised, says the kernel; by a wrong clock people are told at wrong hours",
            "systemctl enable --now systemd-timesyncd, or chrony; in a container see to its host",
        )
    else:
        yield good("clock", "it is synchronised, says the kernel")


def _adjtimex() -> int | None:
    """The state of the clock; None where the system does not say."""
    try:
        ask = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    state = int(ask(ctypes.create_string_buffer(_TIMEX_BYTES)))
    return None if state < 0 else state


def zones(now: datetime) -> Iterator[Check]:
    """How old the time zones are."""
    release = version("tzdata")
    says = f"time zones of the release {release}, of the package tzdata"
    if now.year - int(release.partition(".")[0]) >= _OLD:
        yield to_do(
            "zones", f"{says}: governments have changed the clocks since", "upgrade cadence, or tzdata where it is"
        )
    else:
        yield good("zones", says)


def locale() -> Iterator[Check]:
    """Whether names such as Inès come out as they are written."""
    encodings = {sys.getfilesystemencoding().lower(), language.getpreferredencoding(do_setlocale=False).lower()}
    if encodings <= {"utf-8", "utf8"}:
        yield good("locale", "UTF-8")
    else:
        yield to_do("locale", f"texts and names of files are {', '.join(sorted(encodings))} here", "set LANG=C.UTF-8")


def service() -> Iterator[Check]:
    """Whether systemd runs it, restarts it, and keeps it apart."""
    if not _SYSTEMD.is_dir() or shutil.which("systemctl") is None:
        yield good("service", "systemd runs nothing here: whatever starts cadence has to start it again")
        return
    known = _said("systemctl", "show", _UNIT, "--property=LoadState,ActiveState,UnitFileState")
    states = dict(line.split("=", 1) for line in known.splitlines() if "=" in line)
    if states.get("LoadState") != "loaded":
        yield to_do("service", f"systemd knows no {_UNIT}", "install the shipped unit: systemd/README.md")
        return
    if states.get("ActiveState") != "active":
        says = f"{_UNIT} is {states.get('ActiveState')}"
        yield wrong("service", says, "systemctl start cadence; journalctl -u cadence says why not")
        return
    if states.get("UnitFileState") not in ("enabled", "enabled-runtime", "static", "generated"):
        yield to_do("service", f"{_UNIT} runs, and is not started with the machine", "systemctl enable cadence")
        return
    yield from _hardened()


def _hardened() -> Iterator[Check]:
    said = _said("systemd-analyze", "security", _UNIT, "--no-pager")
    found = re.search(r"exposure level for \S+: ([\d.]+)", said)
    if found is None:
        yield good("service", f"{_UNIT} runs; how far it is kept apart systemd does not say")
    elif float(found[1]) > _MOST_EXPOSED:
        says = f"{_UNIT} runs, and its exposure is {found[1]} of 10 (the shipped unit's is 0.9)"
        yield to_do("service", says, f"systemd-analyze security {_UNIT} says what is open; see systemd/README.md")
    else:
        yield good("service", f"{_UNIT} runs, starts with the machine, and its exposure is {found[1]} of 10")


def _said(*command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
