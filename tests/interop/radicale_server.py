"""A real Radicale on this machine, and caldav, the client that asks it."""

import socket
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Self

from caldav.davclient import DAVClient

from tests.daemon.polling import HANG, until
from tests.interop.tools import beside_python

NAME, PASSWORD = "ines", "unguarded"


class Radicale:
    """A server with an empty storage in `folder`, up as long as the `with` lasts."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder

    def __enter__(self) -> Self:
        (self.folder / "users").write_text(f"{NAME}:{PASSWORD}\n")
        (self.folder / "settings").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder}/users\nhtpasswd_encryption = plain\n"
            f"[storage]\nfilesystem_folder = {self.folder}/collections\n[logging]\nlevel = warning\n"
        )
        command = [beside_python("radicale"), "--config", str(self.folder / "settings")]
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(HANG)

    def expanded(self, ics: bytes, start: datetime, end: datetime) -> list[str]:
        """The calendar put into the server as a collection; what the server says takes place between two moments."""
        url = self.put(ics)
        with DAVClient(url, username=NAME, password=PASSWORD) as client:
            calendar = client.calendar(url=url)
            found = calendar.search(start=start, end=end, event=True, server_expand=True)
            return [str(each.data) for each in found]

    def put(self, ics: bytes) -> str:
        """Make the calendar a collection; return its address."""
        url = f"http://127.0.0.1:{self.port}/{NAME}/reviews/"
        with DAVClient(url, username=NAME, password=PASSWORD) as client:
            put = client.put(url, ics.decode(), {"Content-Type": "text/calendar; charset=utf-8"})
            assert put.status in (201, 204), (put.status, self._log.read_text())
        return url

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _wait(self) -> None:
        until(self._answers, "Radicale", goes_on=lambda: self._server.poll() is None)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), HANG).close()
        except OSError:
            return False
        return True
