"""Whatever is given to any command in any place: words and 0, 1 or 2 come back. Never a traceback, and no waiting."""

import io
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scheduler.cli import cadence as program
from scheduler.cli import main
from scheduler.named_files import read
from tests.cli.conftest import MOMENT, Cadence
from tests.daemon.polling import HANG, until

EVERYWHERE = ["", "\0", "-1", "99999999999999999999", "x" * 300, "\udcff", "9999-12-31", "\u202eacme-globex\u202c"]
"""Tried in every place; of the others, every place has its share, so that all are tried in places of each kind."""
IN_TURNS = [
    " ",
    "\n",
    "\t\x1b[31m",
    "0",
    "-99999999999999999999",
    "9" * 400,
    "1e999",
    "nan",
    "٣",
    "²",
    "1_000",
    "é" * 300,
    "x" * 100_000,
    "a/" * 200,
    "acme-globex/" * 30,
    "../../../etc/passwd",
    "acme-globex/../..",
    "acme\udcff-globex",
    "\ufeff",
    "%s%n{}{0}{{",
    "=1+1",
    "💥",
    "İ",
    "*",
    "'; DROP TABLE review; --",
    "0001-01-01",
    "2026-02-30",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00+23:59",
    "20261222T101010Z",
    "2026-W54",
    "9999-W52",
    "2026-Q9",
    "FY9999-Q4",
    "a=b",
    "=",
    "a:b:c",
    ";;",
    "a,b,c,d,e,f,g",
    "a@b",
]
SHARE = 8
NAMES = {
    "round": "acme-globex/health/2027-H1",
    "id": "acme-globex",
    "ids": "acme-globex",
    "scope": "acme-globex",
    "partnership": "acme-globex",
    "value": "0.31",
    "criterion": "dashboards",
    "step": "kick-off",
    "because": "the fair week",
    "by": "dev",
    "to": "2026-12-22",
    "until": "2026-12-22",
    "on": "2026-12-22",
    "date": "2026-12-22",
    "decision": "continue",
    "model": "consortium",
    "shell": "bash",
    "target": "backups/",
    "name": "the plant",
    "out": "out",
    "person": "dev",
    "verdict": "met",
    "says": "it is not so",
    "title": "The second line",
    "day": "2026-12-22",
    "document": "nda",
    "item": "!1",
    "objection": "1",
    "other": "acme-globex/operating/2026-12!1",
    "number": "1",
    "first": "2026-12-01",
    "last": "2026-12-22",
    "email": "dev.patel@globex.example",
}
IDS = {
    "review": "acme-globex/operating/2026-12",
    "agenda": "acme-globex/operating/2026-12",
    "checkpoint": "acme-globex/checkpoint",
    "kpi": "acme-globex/cells-delivered",
    "person": "dev",
    "action": "A1",
    "outbox": "1",
    "calendar": "1",
    "token": "1",
}
NOT_TRIED = {("serve",): "it takes nothing, and runs until it is stopped"}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that there is, by its words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        below = command.get_command(click.Context(command), name)
        assert below
        yield from commands(below, (*path, name))


ALL = {path: command for path, command in commands(program) if path not in NOT_TRIED}


def sound(path: tuple[str, ...], parameter: click.Parameter, files: Path) -> str:
    """A word that the parameter takes."""
    if parameter.name in ("file", "files", "minutes"):
        return str(files / "plain.csv")
    if parameter.name == "id":
        return IDS.get(path[0], NAMES["id"])
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    return NAMES[str(parameter.name)]


def given(path: tuple[str, ...], command: click.Command, odd: click.Parameter, word: str, files: Path) -> list[str]:
    """A call in which this parameter is `word`, and all others that it needs are sound."""
    options, arguments = [], []
    for parameter in command.params:
        if parameter is not odd and not parameter.required:
            continue
        said = word if parameter is odd else sound(path, parameter, files)
        if isinstance(parameter, click.Option):
            options += [parameter.opts[0], *[said] * (2 if parameter.nargs == 2 else 1)]
        else:
            arguments.append(said)
    return [*path, *options, "--", *arguments]


def fault_of(call: list[str]) -> str | None:
    """What is wrong with how a call ends; None for nothing."""
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = _stream(), _stream(), _stream("backslashreplace")
    signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(int(HANG))
    try:
        main(["--now", MOMENT, *call])
    except SystemExit as exit_:
        said = _printed(sys.stdout) + _printed(sys.stderr)
        if exit_.code not in (0, 1, 2, None):
            return f"exit {exit_.code}"
        if exit_.code in (1, 2) and not said.strip():
            return f"exit {exit_.code} without a word"
        return "a traceback" if "Traceback" in said else None
    except BaseException:
        return traceback.format_exc(limit=-3)
    finally:
        signal.alarm(0)
        sys.stdin, sys.stdout, sys.stderr = streams
    return "no exit"


def _stream(errors: str = "strict") -> io.TextIOWrapper:
    """As Python opens the standard ones where no terminal is."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors)


def _printed(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def _hangs(*_: object) -> None:
    raise TimeoutError("it waits for ever")


def faults(calls: list[list[str]]) -> list[str]:
    found = ((call, fault_of(call)) for call in calls)
    return [f"cadence {' '.join(ascii(each)[:60] for each in call)}: {fault}" for call, fault in found if fault]


@pytest.fixture
def files(home: Path) -> Path:
    """Things to name where a file is asked for."""
    (home / "config" / "cadence.yaml").write_text("data: ../data\nhorizon_days: 30\n", encoding="utf-8")
    folder = home / "files"
    folder.mkdir()
    (folder / "plain.csv").write_text("kpi,period,value\nacme-globex/cells-delivered,2026-10,0.3\n")
    (folder / "empty").touch()
    (folder / "bytes").write_bytes(bytes(range(256)) * 40)
    (folder / "utf16").write_text("kpi,period,value\n", encoding="utf-16")
    (folder / "large").write_bytes(b"x" * 3_000_000)
    (folder / "folder").mkdir()
    os.mkfifo(folder / "fifo")
    (folder / "loop").symlink_to("loop")
    (folder / "gone").symlink_to("nowhere")
    (folder / "unreadable").write_text("x")
    (folder / "unreadable").chmod(0)
    (folder / os.fsdecode(b"caf\xe9")).write_text("x")
    return folder


def paths(files: Path) -> list[str]:
    there = [str(path) for path in sorted(files.iterdir())]
    beyond = [
        str(files / "plain.csv" / "x"),
        str(files / ("x" * 300)),
        str(files / "x/") * 1000,
        "/dev/null",
        "/proc/self/mem",
    ]
    return [*there, *beyond, "/dev/zero", "~", "-"]


def is_path(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path | click.File)


PLACES = {(path, each): number for number, (path, each) in enumerate(
    (path, each) for path, command in ALL.items() for each in command.params
)}  # fmt: skip


def words(path: tuple[str, ...], parameter: click.Parameter, files: Path) -> list[str]:
    turn = PLACES[path, parameter] % SHARE
    return [*EVERYWHERE, *IN_TURNS[turn::SHARE], *(paths(files) if is_path(parameter) else [])]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_any_word_in_any_place_is_answered(path: tuple[str, ...], files: Path) -> None:
    command = ALL[path]
    calls = [
        given(path, command, parameter, word, files)
        for parameter in command.params
        if not (isinstance(parameter, click.Option) and parameter.is_flag)
        for word in words(path, parameter, files)
    ]
    calls += [[*path], [*path, "--", "x", "\udcff", "y", "z", "x"], [*path, "--\udcff"], [*path, "--json=x"]]
    assert faults(calls) == []


def test_a_number_that_no_list_shows_is_wrong_usage(installation: Cadence) -> None:
    for command in (["outbox", "show"], ["outbox", "again"], ["calendar", "revoke"], ["token", "revoke"]):
        for number in ("99999999999999999999", "2147483648", "0", "٣"):
            outcome = installation(*command, number)
            assert outcome.status == 2 and "none of the numbers in the list" in outcome.err
        assert installation(*command, "2147483647").status == 1


def test_a_name_that_no_file_can_have_is_told(cadence: Cadence) -> None:
    outcome = cadence("check", "x" * 300)
    assert outcome.status == 2 and "is no path: file name too long" in outcome.err


def test_a_variable_of_the_shell_that_was_not_set_is_not_all_of_them(installation: Cadence) -> None:
    """``--partnership "$ID"`` without an ID would list, or open to others, more than was asked for."""
    for command in (["calendar", "subscribe"], ["token", "create", "erp"], ["kpi", "list"], ["overdue"]):
        outcome = installation(*command, "--partnership", "")
        assert outcome.status == 2 and "it is empty" in outcome.err
    assert "erp" not in installation("token", "list").out


def test_a_day_beyond_all_calendars_is_wrong_usage(installation: Cadence) -> None:
    for day in ("9999-12-31", "0001-01-01", "2100-01-01"):
        assert "no partnership is governed in the year" in installation("simulate", "--until", day).err


def test_any_word_for_the_settings_and_the_moment_is_answered(files: Path) -> None:
    around = [*EVERYWHERE, *IN_TURNS, *paths(files)]
    calls = [["--config", word, "list"] for word in around] + [["--now", word, "list"] for word in around]
    assert faults(calls) == []
    assert faults([[word] for word in around]) == []


def test_a_pipe_is_read_where_somebody_writes_into_it(files: Path) -> None:
    """So that ``kpi import <(command)`` works; one that nobody writes into is an empty file."""
    with subprocess.Popen(["sh", "-c", f"printf 'one' > {files / 'fifo'}"]) as writer:
        until(lambda: read(files / "fifo") == b"one", "what is written")
    assert writer.returncode == 0
    assert read(files / "fifo") == b""
