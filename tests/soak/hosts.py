"""Two hosts on one database: each with a name, a start of its machine and data of its own, and the definitions in
a folder that they share. Where the machine allows it (root), a daemon really sees another host's name and start."""

import os
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from tests.builders import INES, TOM
from tests.daemon.polling import HANG
from tests.soak.conftest import Start
from tests.soak.receivers import Receivers
from tests.system.program import Place, Program

_BEGIN = datetime.fromisoformat("2026-10-01T09:00+02:00")
_OVER = 'hostname "$1"; mount --bind "$2" /proc/sys/kernel/random/boot_id; shift 2; exec "$@"'
"""Goes over into a program, in namespaces of its own (unshare(1))."""


@cache
def may_be_told_apart() -> bool:
    """Whether this machine lets a program have another host's name and start."""
    asked = ["unshare", "--mount", "--uts", "hostname", "another"]
    return os.geteuid() == 0 and subprocess.run(asked, capture_output=True, check=False, timeout=HANG).returncode == 0


@dataclass
class Host(Place):
    """One host; its clock is `ahead` of the others'."""

    name: str = "host-a"
    ahead: timedelta = timedelta()
    began: float = field(default_factory=time.monotonic)
    program: Program | None = None

    def command(self, *words: str, now: str = "") -> list[str]:
        at = _BEGIN + timedelta(seconds=time.monotonic() - self.began) + self.ahead
        return super().command(*words, now=now or at.isoformat())

    def starts(self, started: Start) -> Program:
        """Start its daemon, and wait until that is ready."""
        self.program = started(self, through=self._through())
        self.program.hears("READY=1")
        return self.program

    def _through(self) -> list[str]:
        if not may_be_told_apart():
            return []
        boot = self.folder / "boot_id"
        boot.write_text(f"{uuid.uuid5(uuid.NAMESPACE_DNS, self.name)}\n")
        return ["unshare", "--mount", "--uts", "sh", "-c", _OVER, "sh", self.name, str(boot)]


def two_hosts(folder: Path, database: str, there: Receivers) -> tuple[Host, Host]:
    """Both have the same settings, but for where their own data lie."""
    (folder / "partnerships").mkdir()
    began, hosts = time.monotonic(), []
    for name in ("host-a", "host-b"):
        (folder / name).mkdir()
        host = Host(folder / name, name, began=began)
        host.set(**there.settings, database=database, definitions=str(folder / "partnerships"), interval="1 minute")
        hosts.append(host)
    hosts[0].create()
    return hosts[0], hosts[1]


def add_partnerships(host: Host, names: range) -> None:
    """Write the definitions of these, each of people of its own, into the folder that all share."""
    shared = Place(host.folder.parent)
    for number in names:
        told = {"ines": INES, "tom": TOM}
        people = {key: {**each, "email": f"{key}.{number:03}@{each['of']}.example"} for key, each in told.items()}
        shared.define(f"line-{number:03}", people=people)
