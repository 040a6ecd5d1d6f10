"""The daemon on a terminal, as a newcomer starts it: words for people, and not a line of the log unless something goes
wrong; with `--log` the log."""

import os
import pty
import re
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.request import urlopen

import pytest

from tests.daemon.polling import HANG
from tests.system.program import Place


class Terminal:
    """A program on a terminal of a hundred columns, and all that it has printed there."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process, self._terminal, self.printed = process, terminal, ""

    def until(self, words: str) -> str:
        """Read until it has printed these words; give all that it has."""
        while words not in self.printed:
            ready, _, _ = select.select([self._terminal], [], [], HANG)
            assert ready, f"it does not say {words!r}:\n{self.printed}"
            with suppress(OSError):
                if read := os.read(self._terminal, 4096):
                    self.printed += read.decode().replace("\r\n", "\n")
                    continue
            assert words in self.printed, self.printed
        return self.printed


@contextmanager
def on_a_terminal(place: Place, *words: str, **environ: str) -> Iterator[Terminal]:
    terminal, its = pty.openpty()
    process = subprocess.Popen(
        place.command("serve", *words), stdin=its, stdout=its, stderr=its, env={**os.environ, **environ}
    )
    os.close(its)
    try:
        yield Terminal(process, terminal)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


@pytest.fixture
def first(place: Place) -> Place:
    """A partnership to be planned, by settings as `cadence init` leaves them."""
    place.set(log={}, web={"listen": "127.0.0.1:0"})
    place.define()
    return place


def test_on_a_terminal_it_says_what_is_planned_where_the_pages_are_and_what_to_try(first: Place) -> None:
    with on_a_terminal(first, COLUMNS="100") as program:
        said = re.sub(r"\x1b\[[0-9;]*m", "", program.until("Ctrl-C stops the daemon."))
        assert "Planning" in said and "cadence keeps 1 partnership governed." in said
        assert re.search(r"planned +[0-9]+ reviews? until 2026-\d\d-\d\d; the next is [A-Z]", said)
        (link,) = re.findall(r"pages +(http://127\.0\.0\.1:[1-9]\d*/sign-in/first/\S+)\s+\(for\s+ten\s+minutes", said)
        with urlopen(link, timeout=HANG) as page:
            assert page.status == 200
        assert re.search(r"scheduler +reviews", said) and "trigger.fired" not in said
        program.process.send_signal(signal.SIGINT)
        assert "Stopped." in program.until("next start.")
        assert program.process.wait(HANG) == 0


def test_without_colours_there_is_none(first: Place) -> None:
    with on_a_terminal(first, NO_COLOR="1") as program:
        said = program.until("Ctrl-C stops the daemon.")
    assert "\x1b[1m" not in said and "\x1b[3" not in said


@pytest.mark.parametrize(("form", "line"), [("json", '"event": "daemon.ready"'), ("text", "daemon.ready")])
def test_with_a_word_the_log_is_written_instead(first: Place, form: str, line: str) -> None:
    with on_a_terminal(first, "--log", form) as program:
        assert "partnership governed" not in program.until(line)


def test_settings_that_say_how_the_log_is_written_are_heeded_on_a_terminal(first: Place) -> None:
    first.set(log={"format": "json"})
    with on_a_terminal(first) as program:
        assert "partnership governed" not in program.until('"event": "daemon.ready"')


def test_a_definition_that_is_wrong_is_said_on_the_terminal(first: Place) -> None:
    path = first.define()
    path.write_text(path.read_text(encoding="utf-8").replace("owner: tom", "owner: tim"), encoding="utf-8")
    with on_a_terminal(first) as program:
        assert "1 definition: cadence check says where" in program.until("Ctrl-C stops the daemon.")
