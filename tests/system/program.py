"""The real program, started as systemd would start it: its notifications, its log, its signals."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import yaml

from tests.builders import INES, TOM, Written, written
from tests.daemon.polling import HANG, until

T = TypeVar("T")
WATCHDOG_SECONDS = 0.9


def a_small(id: str = "acme-globex", **changes: Any) -> Written:
    """A partnership with one monthly review: quickly planned and written."""
    off = {key: {"off": True} for key in ("pipeline", "health-audit", "sponsors", "strategy")}
    cells = {**written()["kpis"]["cells-delivered"], "deputy": "ines"}
    said = written(partnership=id, people={"ines": INES, "tom": TOM}, reviews=off, kpis={"cells-delivered": cells})
    criteria = said["success_at_90_days"]["criteria"][:1]
    return {**said, "success_at_90_days": {"agenda_owner": "ines", "criteria": criteria}, **changes}


@dataclass
class Place:
    """A folder with settings and definitions, as `cadence init` would leave it."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "cadence.yaml"

    @property
    def definitions(self) -> Path:
        return self.folder / "partnerships"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def set(self, **settings: Any) -> None:
        said = {"horizon_days": 60, "log": {"format": "json"}, "web": {"listen": "off"}, **settings}
        self.settings.write_text(yaml.safe_dump(said), encoding="utf-8")

    def create(self) -> None:
        """Make the database, as `cadence init` does."""
        subprocess.run(self.command("db", "create"), check=True, capture_output=True, timeout=HANG)

    def define(self, id: str = "acme-globex", **changes: Any) -> Path:
        """Write a definition, renamed into its place as editors do it."""
        self.definitions.mkdir(exist_ok=True)
        path = self.definitions / f"{id}.yaml"
        unfinished = path.with_suffix(".new")
        unfinished.write_text(yaml.safe_dump(a_small(id, **changes), allow_unicode=True), encoding="utf-8")
        return unfinished.rename(path)

    def command(self, *words: str, now: str = "2026-10-01T09:00+02:00") -> list[str]:
        return [sys.executable, "-m", "scheduler", "--config", str(self.settings), "--now", now, *words]

    def files(self) -> dict[str, tuple[int, bytes]]:
        """What lies there for people: every file's moment and bytes."""
        kept = (path for path in self.data.rglob("*") if path.is_file() and not path.name.startswith("cadence.db"))
        return {str(path.relative_to(self.data)): (path.stat().st_mtime_ns, path.read_bytes()) for path in kept}


@dataclass
class Program:
    """`cadence serve` in a place. `told` is what systemd has heard from it since it was asked last; it listens all the
    time, as systemd does: the kernel keeps ten messages, and a program whose eleventh nobody reads goes on without."""

    place: Place
    process: subprocess.Popen[bytes]
    ear: socket.socket
    log: Path
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = Thread(target=self._listen, name="ear", daemon=True)
        self._listener.start()

    def hears(self, state: str) -> list[str]:
        """Wait until systemd has been told this; give all that it was told since it was asked last."""
        until(lambda: any(state in each for each in [*self.told]), state, goes_on=self._may_still_tell)
        heard = [*self.told]
        del self.told[: len(heard)]
        return heard

    def _listen(self) -> None:
        while said := self.ear.recv(4096):
            self.told.append(said.decode())

    def _may_still_tell(self) -> bool:
        """Whether it runs; where it does not, all that it has told is heard by now."""
        if self.process.poll() is not None:
            self._listen_no_longer()
            return False
        return True

    def _listen_no_longer(self) -> None:
        if self._listener.is_alive():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
                last.sendto(b"", self.ear.getsockname())
            self._listener.join()

    def until(self, found: Callable[[], T], what: str) -> T:
        """Wait for what the program does; fails at once where it has ended without."""
        return until(found, what, goes_on=lambda: self.process.poll() is None)

    def events(self, name: str = "") -> list[dict[str, Any]]:
        """What the log says; every line of it is one event as JSON."""
        lines = self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        said = [json.loads(line) for line in lines if line.endswith("\n")]
        return [event for event in said if name in ("", event["event"])]

    def logs(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        return self.until(lambda: found if len(found := self.events(name)) >= count else [], f"{count} {name}")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stops(self) -> int:
        """Ask it to stop as systemd does, and wait for its exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(HANG)

    def end(self) -> None:
        """Kill it where it still runs, and listen no longer."""
        self.process.kill()
        self.process.wait(HANG)
        self._listen_no_longer()
        self.ear.close()


def start(place: Place, number: int = 0, environ: Mapping[str, str] = {}, through: Sequence[str] = ()) -> Program:
    """Start the daemon, with more in its environment, or by a command that goes over into it; what it tells systemd is
    kept in a socket beside its log."""
    address, log = place.folder / f"notify{number}", place.folder / f"log{number}"
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(address))
    notified = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": str(round(WATCHDOG_SECONDS * 1_000_000))}
    with log.open("wb") as stderr:
        command = [*through, *place.command("serve")]
        process = subprocess.Popen(command, stderr=stderr, stdout=stderr, env={**os.environ, **notified, **environ})
    return Program(place, process, ear, log)


Start = Callable[[], Program]
