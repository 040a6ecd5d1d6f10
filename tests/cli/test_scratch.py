"""Another day is tried on a scratch copy: a look into the future marks nothing as told, and sends nothing."""

import json
import resource
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.store import notifications, open_store
from tests.builders import at
from tests.cli.conftest import MOMENT, Outcome

WALL = at("2026-11-21 09:30")
"""What the clock says: half an hour after the cycle of the installation."""
AHEAD, LATER = "2027-03-20T09:00+01:00", "2027-03-22T15:00+01:00"
TOM = "tom.reyes@globex.example"

Call = Callable[..., Outcome]


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call cadence in the installation while the clock says `WALL`, or `wall`."""
    monkeypatch.delenv("CADENCE_CLOCK")

    def called(*words: str, now: str | None = None, wall: datetime = WALL) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main([*(["--now", now] if now else []), *words], clock=lambda: wall)
        printed = capsys.readouterr()
        return Outcome(int(exit_.value.code or 0), printed.out, printed.err)

    return called


def remembered(home: Path) -> list[str]:
    with sqlite3.connect(f"file:{home / 'data' / 'cadence.db'}?mode=ro", uri=True) as db:
        return list(db.iterdump())


def files(home: Path) -> dict[str, bytes]:
    """What lies there beside the database and the scratch copy."""
    kept = (path for path in (home / "data").rglob("*") if path.is_file() and "cadence.db" not in path.name)
    return {str(path): path.read_bytes() for path in kept if "scratch" not in path.parts}


def told(home: Path, *folders: str) -> int:
    """How many steps count as told."""
    with open_store(f"sqlite:///{home.joinpath('data', *folders)}/cadence.db") as store, store.read() as db:
        return notifications.counts(db).get("told", 0)


def test_a_look_ahead_leaves_the_record_and_its_files_as_they_are_and_says_so(call: Call, home: Path) -> None:
    before = remembered(home), files(home)
    looked = call("once", now=AHEAD)
    assert looked.status == 0
    assert "is ahead of the clock" in looked.err and str(home / "data" / "scratch") in looked.err
    assert "cadence db discard" in looked.err
    assert (remembered(home), files(home)) == before
    assert told(home, "scratch") > told(home)
    assert list((home / "data" / "scratch" / "outbox").glob("*.eml"))


def test_back_in_the_present_everybody_is_told_as_if_nobody_had_looked(call: Call, home: Path) -> None:
    call("once", now=AHEAD)
    call("once", wall=at("2026-12-11 16:00"))
    letters = [path.read_text() for path in (home / "data" / "outbox").glob("*.eml")]
    assert any(TOM in each and "overdue" in each for each in letters)


def test_what_is_asked_of_that_day_is_read_from_the_copy(call: Call, home: Path) -> None:
    call("once", now=AHEAD)
    there = call("overdue", "--json", now=AHEAD)
    assert "reads a scratch copy" in there.err
    assert len(json.loads(there.out)) > len(json.loads(call("overdue", "--json").out))
    assert call("kpi", "report", "acme-globex/cells-delivered", "0.31", "--period", "2026-11", now=AHEAD).status == 0
    assert "0.31" in call("kpi", "list", "--status", "reported", now=AHEAD).out
    assert "0.31" not in call("kpi", "list", "--status", "reported").out


def test_without_a_copy_that_day_is_read_from_the_record_and_none_is_made(call: Call, home: Path) -> None:
    looked = call("overdue", now=AHEAD)
    assert (looked.status, looked.err) == (0, "")
    assert not (home / "data" / "scratch").exists()


def test_a_later_day_goes_on_with_the_copy_and_an_earlier_one_begins_it_anew(call: Call, home: Path) -> None:
    assert "begins a scratch copy" in call("once", now=AHEAD).err
    first = told(home, "scratch")
    assert "goes on with a scratch copy" in call("once", now=LATER).err
    assert told(home, "scratch") >= first
    assert call("overdue", now=AHEAD).err == ""
    assert "begins a scratch copy" in call("once", now=AHEAD).err
    assert told(home, "scratch") == first


def test_a_day_before_the_newest_moment_on_record_is_tried_on_a_copy_too(call: Call, home: Path) -> None:
    before = remembered(home)
    looked = call("once", now="2026-11-20T09:00+01:00")
    assert "lies before the newest moment on record (2026-11-21" in looked.err
    assert "goes on with a scratch copy" in call("once", now="2026-11-20T10:00+01:00").err
    assert remembered(home) == before


def test_a_moment_between_the_newest_on_record_and_the_clock_works_on_the_record(call: Call, home: Path) -> None:
    assert call("once", now=MOMENT).err == ""
    assert call("once", now="2026-11-21T09:30+01:00").err == ""
    assert not (home / "data" / "scratch").exists()


def test_commands_without_a_day_never_see_the_copy(call: Call) -> None:
    call("review", "call", "acme-globex", "--because", "a trial", now=AHEAD)
    assert "a trial" not in call("reviews").out
    listed = call("reviews", "--json").out
    call("once", now=AHEAD)
    assert call("reviews", "--json").out == listed


def test_one_command_throws_the_copy_away(call: Call, home: Path) -> None:
    call("once", now=AHEAD)
    assert "scratch copy  until Sat 2027-03-20 08:00 UTC; cadence db discard" in call("status").out
    assert call("db", "discard").out == "The scratch copy is gone.\n"
    assert not (home / "data" / "scratch").exists()
    assert call("db", "discard").out == "There is no scratch copy.\n"
    assert call("overdue", now=AHEAD).err == ""


def test_a_copy_of_another_database_is_begun_anew(call: Call, home: Path) -> None:
    call("once", now=AHEAD)
    (home / "config" / "cadence.yaml").write_text("data: ../data\ndatabase: sqlite:///other.db\n")
    call("db", "create")
    assert "begins a scratch copy" in call("once", now=LATER).err


@pytest.mark.parametrize("room", [40_000, 150_000])
def test_a_copy_for_which_there_is_no_room_takes_none_and_says_so_in_one_sentence(
    call: Call, home: Path, room: int
) -> None:
    """Half a copy on a full disk would take the room that the record needs. The room ends within the agendas, or
    within the database."""
    agenda = home / "data" / "agendas" / "acme-globex" / "long.html"
    agenda.write_text("x" * 100_000)
    before = remembered(home), files(home)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        refused = call("once", now=AHEAD)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.status == 1
    what, hint = refused.err.splitlines()[-2:]
    assert what.startswith("Error: ") and "[" not in what and "scratch" in what
    assert "space" in hint or "disk" in hint
    assert not (home / "data" / "scratch.part").exists() and not (home / "data" / "scratch").exists()
    assert (remembered(home), files(home)) == before


def test_what_people_wrote_into_agendas_is_in_the_copy_and_stays_theirs(call: Call, home: Path) -> None:
    agenda = next((home / "data" / "agendas").rglob("*.md"))
    agenda.write_text(agenda.read_text() + "\nInes: ask about the furnace.\n")
    call("once", now="2026-11-22T09:00+01:00")
    copied = home / "data" / "scratch" / agenda.relative_to(home / "data")
    assert "ask about the furnace" in copied.read_text()


def test_from_the_copy_nothing_leaves(call: Call, home: Path) -> None:
    """No mail server is spoken to, no chat, no mailbox: at these addresses nobody answers, and that is no fault."""
    settings = home / "config" / "cadence.yaml"
    settings.write_text(
        "data: ../data\n"
        "mail: {sender: cadence@alliances.example, host: 127.0.0.1, port: 9, tls: none}\n"
        "replies: {maildir: nowhere}\n"
        "chats: {talk: {shape: json, url: 'https://chat.acme.example/hook'}}\n"
    )
    definition = home / "config" / "partnerships" / "acme-globex.yaml"
    definition.write_text(
        definition.read_text().replace(f"email: {TOM}", f"email: {TOM}\n    tell: both\n    chat: talk")
    )
    assert call("once", now=AHEAD).status == 0, call("check").out
    letters = [path.name for path in (home / "data" / "scratch" / "outbox").iterdir()]
    assert {name.rpartition(".")[2] for name in letters} == {"eml", "json"}
    listed = json.loads(call("outbox", "list", "--json", now=AHEAD).out)
    assert {each["state"] for each in listed} == {"sent"}
    assert call("status", now=AHEAD).out.count("Faults") == 0


def test_a_hand_over_on_another_day_is_written_into_no_definition(call: Call, home: Path) -> None:
    file = home / "config" / "partnerships" / "acme-globex.yaml"
    before = file.read_bytes()
    outcome = call("person", "leave", "tom", "--to", "dev", "--yes", now=AHEAD)
    assert outcome.status == 1
    assert "--on" in outcome.err
    assert file.read_bytes() == before


def test_in_a_folder_of_ones_own_any_day_works_on_the_given_record(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_CLOCK", "free")
    for now in (AHEAD, "2026-12-01T09:00+01:00"):
        looked = call("once", now=now)
        assert (looked.status, looked.err) == (0, "")
    assert not (home / "data" / "scratch").exists()
    monkeypatch.setenv("CADENCE_CLOCK", "fast")
    assert "says nothing" in call("once", now=AHEAD).err
