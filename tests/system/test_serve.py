"""The daemon as its administrator knows it: started, fed, reloaded and stopped as systemd does it."""

import json
import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.polling import HANG
from tests.system.program import Place, Program, Start

pytestmark = pytest.mark.system


def remembered(place: Place) -> list[str]:
    """Every row of the database but the marks of files and of the clock, which an idle program renews."""
    with sqlite3.connect(f"file:{place.data / 'cadence.db'}?mode=ro", uri=True) as db:
        of_running = ('"file_state"', '"sighting"', '"clock"', '"daemon"', '"environment"')
        return [line for line in db.iterdump() if not any(name in line for name in of_running)]


def settled(place: Place, program: Program) -> bool:
    """Whether all letters have left and been told of, and a cycle has seen to what follows from that."""
    with sqlite3.connect(f"file:{place.data / 'cadence.db'}?mode=ro", uri=True) as db:
        states = [state for (state,) in db.execute("SELECT state FROM letter")]
        [unpublished] = db.execute("SELECT count(*) FROM partnership WHERE revision > published").fetchone()
    events = [event["event"] for event in program.events()]
    if unpublished or not states or {*states} != {"sent"} or events.count("letter.sent") < len(states):
        return False
    return "cycle.done" in events[len(events) - events[::-1].index("letter.sent") :]


def test_it_is_ready_after_its_first_cycle_and_a_second_start_changes_nothing(place: Place, started: Start) -> None:
    place.define()
    first = started()
    first.hears("READY=1")
    assert {"calendars/acme-globex.ics", "calendars/people/tom.reyes@globex.example.ics"} <= place.files().keys()
    first.until(lambda: settled(place, first), "a cycle after its letters have left")
    assert first.stops() == 0
    assert "STOPPING=1" in first.hears("STOPPING=1")
    assert first.events()[-1]["event"] == "daemon.stopped"
    files, rows = place.files(), remembered(place)
    second = started()
    second.hears("READY=1")
    second.logs("cycle.done", 2)
    assert second.stops() == 0
    assert (place.files(), remembered(place)) == (files, rows)


def test_it_takes_up_what_changes_without_a_restart_and_goes_on_beside_what_is_bad(
    place: Place, started: Start
) -> None:
    program = started()
    program.hears("READY=1")
    place.define("acme-globex")
    program.until(lambda: "calendars/acme-globex.ics" in place.files(), "the new partnership's calendar")

    bad = place.definitions / "halden-line.yaml"
    bad.write_text(place.define().read_text().replace("owner: tom", "owner: tim").replace("acme-globex", "halden-line"))
    (refused,) = program.logs("definition.refused")
    assert refused["file"] == str(bad)
    assert "tim" in bad.read_text().splitlines()[refused["line"] - 1]

    place.define("zenith-line")
    program.until(lambda: "calendars/zenith-line.ics" in place.files(), "the partnership after the bad one")
    assert program.events("cycle.done")[-1]["problems"] == 1
    place.define("halden-line")
    program.until(lambda: "calendars/halden-line.ics" in place.files(), "the mended one's calendar")
    assert program.process.poll() is None


def test_it_feeds_the_watchdog_as_long_as_it_runs(place: Place, started: Start) -> None:
    program = started()
    program.hears("READY=1")
    for _ in range(4):
        program.hears("WATCHDOG=1")
    assert program.process.poll() is None


def test_sighup_reads_settings_and_playbooks_anew(place: Place, started: Start) -> None:
    place.define()
    program = started()
    program.hears("READY=1")

    moved = place.folder / "moved"
    place.definitions.rename(moved)
    place.set(definitions="moved", horizon_days=90)
    program.signal(signal.SIGHUP)
    assert_order(program.hears("READY=1"), "RELOADING=1\nMONOTONIC_USEC=", "READY=1")
    (done,) = program.logs("reload.done")
    assert done["definitions"] == str(moved)
    program.logs("definition.in_force", 2)
    (moved / "acme-globex.yaml").rename(place.folder / "kept.yaml")
    there = str(moved / "acme-globex.yaml")
    program.until(lambda: there in [each["file"] for each in program.events("definition.vanished")], "its absence")

    place.set(definitions="moved", horizon="long")
    program.signal(signal.SIGHUP)
    assert_order(program.hears("READY=1"), "RELOADING=1", "READY=1")
    (failed,) = program.logs("reload.failed")
    assert "cadence.yaml:" in failed["what"]
    (place.folder / "kept.yaml").rename(moved / "acme-globex.yaml")
    assert program.logs("definition.in_force", 3)[-1]["file"] == there


def test_a_broken_playbook_at_a_reload_leaves_the_ones_it_has(place: Place, started: Start) -> None:
    program = started()
    program.hears("READY=1")
    own = place.folder / "playbooks"
    own.mkdir()
    (own / "consortium.yaml").write_text("model: consortium\nseries: none of them\n")
    program.signal(signal.SIGHUP)
    (failed,) = program.logs("reload.failed")
    assert str(own / "consortium.yaml") in failed["what"]
    place.define()
    program.until(lambda: "calendars/acme-globex.ics" in place.files(), "a partnership planned by the playbooks it has")


def assert_order(told: list[str], *states: str) -> None:
    places = [next(index for index, each in enumerate(told) if each.startswith(state)) for state in states]
    assert places == sorted(places), told


def test_many_signals_at_once_are_answered_once_and_none_locks_it_up(place: Place, started: Start) -> None:
    program = started()
    program.hears("READY=1")
    for _ in range(300):
        program.signal(signal.SIGHUP)
    program.logs("reload.done")
    assert program.stops() == 0


def test_sigterm_in_the_midst_of_a_long_first_plan_ends_it_in_order(place: Place, started: Start) -> None:
    """What was committed stands, and no READY was told: the schedule did not stand yet."""
    for number in range(300):
        place.define(f"line-{number:03}")
    program = started()
    program.logs("review.schedule")
    assert program.stops() == 0
    told = program.hears("STOPPING=1")
    assert not [each for each in told if "READY=1" in each]
    assert program.events("cycle.stopped")
    with sqlite3.connect(place.data / "cadence.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (planned,) = db.execute("SELECT count(DISTINCT partnership) FROM review").fetchone()
    assert 0 < planned < 300


def test_sigterm_while_it_opens_its_house_ends_it_in_order(place: Place, started: Start) -> None:
    program = started()
    program.until(lambda: _catches(program, signal.SIGTERM), "its signal handlers")
    assert program.stops() == 0
    assert "STOPPING=1" in program.hears("STOPPING=1")


def _catches(program: Program, number: signal.Signals) -> bool:
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) & 1 << number - 1)


def test_without_its_definitions_folder_it_waits_for_it_and_is_ready_once_a_cycle_was_completed(
    place: Place, started: Start
) -> None:
    """It may be mounted a moment later: it is looked for after seconds, and not after the interval."""
    place.definitions.rmdir()
    program = started()
    failed = program.logs("cycle.failed", 3)
    assert all(str(place.definitions) in each["what"] for each in failed)
    assert [each["seconds_to_next"] for each in failed[:3]] == [1, 2, 4]
    assert not program.events("daemon.ready")
    assert any("no cycle was completed yet" in each for each in program.hears("STATUS="))
    place.define()
    program.hears("READY=1")
    program.until(lambda: "calendars/acme-globex.ics" in place.files(), "the partnership of the new folder")


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"horizon": 3}, "cadence.yaml:"),
        ({"database": "sqlite:////dev/null/cadence.db"}, "/dev/null"),
        ({"database": "mysql://host/cadence"}, "mysql"),
    ],
)
def test_with_settings_or_a_database_that_cannot_be_used_it_does_not_start_and_says_why(
    place: Place, settings: dict[str, Any], what: str
) -> None:
    place.set(**settings)
    ended = subprocess.run(place.command("serve"), capture_output=True, text=True, timeout=HANG, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    error, way_out = ended.stderr.splitlines()
    assert error.startswith("Error: ")
    assert what in error
    assert way_out.strip()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_that_goes_away_under_it_ends_it_and_it_starts_again_once_one_is_there(
    place: Place, started: Start, replaced: bool
) -> None:
    """A volume that is unmounted, or a backup restored beside it: it would go on in a file that nobody finds again."""
    place.define()
    program = started()
    program.hears("READY=1")
    program.until(lambda: settled(place, program), "a cycle after its letters have left")
    aside = place.folder / "aside"
    aside.mkdir()
    for file in sorted(place.data.glob("cadence.db*")):
        file.rename(aside / file.name)
    if replaced:
        (place.data / "cadence.db").write_bytes((aside / "cadence.db").read_bytes())
    assert program.process.wait(HANG) == 1
    lines = program.log.read_text(encoding="utf-8").splitlines()
    (lost,) = [json.loads(line) for line in lines if '"database.lost"' in line]
    assert "while it was open" in lost["what"] and "restore the last backup" in lost["hint"]
    assert "Traceback" not in "".join(lines)
    if not replaced:
        again = subprocess.run(place.command("serve"), capture_output=True, text=True, timeout=HANG, check=False)
        assert again.returncode == 1 and "there is no database" in again.stderr
        for file in sorted(aside.iterdir()):
            file.rename(place.data / file.name)
    third = started()
    third.hears("READY=1")
    assert third.stops() == 0


def test_once_tells_of_a_bad_file_and_exits_with_1_and_with_0_once_it_is_mended(place: Place) -> None:
    path = place.define()
    path.write_text(path.read_text().replace("owner: tom", "owner: tim"))
    bad = subprocess.run(place.command("once"), capture_output=True, text=True, timeout=HANG, check=False)
    assert bad.returncode == 1
    assert "tim" in bad.stderr
    assert str(path) in bad.stderr
    assert "Traceback" not in bad.stderr
    place.define()
    good = subprocess.run(place.command("once"), capture_output=True, text=True, timeout=HANG, check=False)
    assert (good.returncode, good.stderr) == (0, "")
