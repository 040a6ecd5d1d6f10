"""Each thing that an operator sets before they rely on it is looked at: good, to do, or wrong, and what to do."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.record.daemon_state import GOVERNS
from scheduler.services import daemons
from scheduler.services.app import Silent, open_app
from scheduler.services.views.installation.doctor import Check, Verdict, examine, machine
from scheduler.settings import load
from scheduler.store import clock, faults
from tests.builders import at
from tests.cli.conftest import Cadence
from tests.transports.hooks import Receiver, receiving
from tests.transports.smtpd import Mailbox, listening
from tests.transports.trust import certified, trust_file

NOW = at("2026-11-21 09:00")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
Found = dict[str, Check]


def looked(home: Path, now: datetime = NOW, **how: Any) -> Found:
    """The checks of an installation by their names; of several of one name the worst."""
    worst = sorted(examine(lambda: home / "config" / "cadence.yaml", now, {}, **how), key=lambda each: each.verdict)
    return {each.name: each for each in [*worst, *(each for each in worst if each.verdict is Verdict.WRONG)]}


def add(home: Path, text: str) -> None:
    file = home / "config" / "cadence.yaml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def says(found: Found, name: str) -> tuple[Verdict, str]:
    return found[name].verdict, f"{found[name].says}; {found[name].hint}"


@contextmanager
def record(home: Path) -> Iterator[Any]:
    app = open_app(load(home / "config" / "cadence.yaml"), Silent())
    with app.store, app.store.write() as db:
        yield db


# The command -------------------------------------------------------------------------------------------------------


def test_a_new_installation_has_things_to_do_and_nothing_wrong(home: Path, cadence: Cadence) -> None:
    told = cadence("doctor")
    assert told.status == 0 and "to do  operators" in told.out and "0 wrong" in told.out
    checks = json.loads(cadence("doctor", "--json").out)
    assert {each["verdict"] for each in checks} == {"good", "to do"}
    assert all(each["hint"] for each in checks if each["verdict"] != "good")


def test_something_wrong_is_exit_1(home: Path, cadence: Cadence) -> None:
    add(home, "horizon_dais: 3\n")
    told = cadence("doctor")
    assert told.status == 1 and "wrong  settings" in told.out and "did you mean horizon_days?" in told.out


def test_it_changes_nothing(home: Path, cadence: Cadence) -> None:
    def everything() -> dict[str, bytes]:
        files = (each for each in home.rglob("*") if each.is_file() and not each.name.endswith(("-wal", "-shm")))
        return {str(each): each.read_bytes() for each in files}

    before = everything()
    cadence("doctor")
    assert everything() == before


# The record --------------------------------------------------------------------------------------------------------


def test_without_a_database_the_other_checks_go_on(home: Path) -> None:
    shutil.rmtree(home / "data")
    found = looked(home)
    assert found["database"].verdict is Verdict.WRONG and "db create" in found["database"].hint
    assert {"files", "operators", "retention"} <= set(found)


def test_a_damaged_database_is_wrong(home: Path) -> None:
    file = home / "data" / "cadence.db"
    for beside in file.parent.glob("cadence.db-*"):
        beside.unlink()
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = bytes(40_000)
    file.write_bytes(content)
    found = examine(lambda: home / "config" / "cadence.yaml", NOW, {})
    assert any(each.verdict is Verdict.WRONG and each.name in ("database", "record") for each in found)


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (2 * DAY, Verdict.GOOD), (2 * DAY + SECOND, Verdict.TO_DO), (8 * DAY, Verdict.TO_DO),
        (8 * DAY + SECOND, Verdict.WRONG),
    ],
)  # fmt: skip
def test_a_backup_gets_old(home: Path, age: timedelta, verdict: Verdict) -> None:
    assert looked(home)["backup"].verdict is Verdict.TO_DO, "none was ever made"
    with record(home) as db:
        clock.keep(db, clock.BACKUP, NOW - age, note="/backups/tonight.db")
    found = looked(home)["backup"]
    assert found.verdict is verdict and "/backups/tonight.db" in found.says


def test_a_restored_record_knows_of_no_backup_since(home: Path) -> None:
    with record(home) as db:
        clock.keep(db, clock.RESTORED, NOW - DAY)
    assert looked(home)["backup"].says == "none is on record since one was restored, 2026-11-20 08:00 UTC"
    with record(home) as db:
        clock.keep(db, clock.BACKUP, NOW - 9 * DAY, note="/backups/old.db")
    found = looked(home)["backup"]
    assert found.says.startswith("none is on record since one was restored") and "/backups/old.db" in found.says
    with record(home) as db:
        clock.keep(db, clock.BACKUP, NOW, note="/backups/new.db")
    assert says(looked(home), "backup") == (
        Verdict.GOOD,
        "the last one was made 2026-11-21 08:00 UTC, /backups/new.db; ",
    )


def test_what_a_killed_backup_left_is_named_with_the_command_that_removes_it(home: Path) -> None:
    with record(home) as db:
        clock.keep(db, clock.BACKUP, NOW, note=str(home / "kept" / "tonight.db"))
    left = [
        home / "kept" / ".tonight.db.0123abcd.part",
        home / "data" / "backups" / ".before-upgrade-2026-11-20T000000Z.db.0123abcd.part",
        home / "data" / ".cadence.db.restoring.0123abcd.part",
    ]
    for each in left:
        each.parent.mkdir(exist_ok=True)
        each.write_bytes(b"half")
    for hours, named in ((13, left), (11, [])):
        moment = (NOW - timedelta(hours=hours)).timestamp()
        for each in left:
            os.utime(each, (moment, moment))
        found = examine(lambda: home / "config" / "cadence.yaml", NOW, {})
        assert {each.hint for each in found if "killed half way" in each.says} == {f"rm {each}" for each in named}


def test_a_fault_that_stands_is_wrong(home: Path) -> None:
    assert looked(home)["faults"].verdict is Verdict.GOOD
    with record(home) as db:
        faults.note(db, "channel:mail", "the server refuses", "mend it", NOW)
    assert says(looked(home), "faults") == (Verdict.WRONG, "the server refuses; mend it")


def test_a_full_disk_is_wrong_and_one_without_room_for_a_backup_is_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_free(free: int) -> Verdict:
        usage = type(shutil.disk_usage(home))(10**12, 0, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        return looked(home)["disk"].verdict

    size = (home / "data" / "cadence.db").stat().st_size
    needed = 3 * size + 100 * 1024 * 1024
    assert [with_free(each) for each in (8 * 1024 * 1024 - 1, 8 * 1024 * 1024, needed - 1, needed)] == [
        Verdict.WRONG, Verdict.TO_DO, Verdict.TO_DO, Verdict.GOOD
    ]  # fmt: skip


def test_a_daemon_runs_or_is_missed(home: Path) -> None:
    assert looked(home)["daemon"].verdict is Verdict.TO_DO
    app = open_app(load(home / "config" / "cadence.yaml"), Silent())
    with app.store:
        daemons.begin(app)
        daemons.show(app, GOVERNS)
        assert says(looked(home), "daemon")[0] is Verdict.GOOD
    assert looked(home, NOW + timedelta(hours=1))["daemon"].verdict is Verdict.WRONG


# The machine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "verdict"), [(0, Verdict.GOOD), (1, Verdict.GOOD), (5, Verdict.TO_DO), (None, Verdict.TO_DO)]
)
def test_whether_the_clock_is_kept_right_the_kernel_says(
    monkeypatch: pytest.MonkeyPatch, state: int | None, verdict: Verdict
) -> None:
    monkeypatch.setattr(machine, "_adjtimex", lambda: state)
    assert [each.verdict for each in machine.clock()] == [verdict]


def test_zones_are_old_in_the_year_after_the_next() -> None:
    year = int(version("tzdata").partition(".")[0])
    verdicts = [each.verdict for late in (1, 2) for each in machine.zones(at(f"{year + late}-01-01 00:00"))]
    assert verdicts == [Verdict.GOOD, Verdict.TO_DO]


@pytest.mark.parametrize(
    ("unit", "exposure", "verdict", "word"),
    [
        ("LoadState=not-found", "", Verdict.TO_DO, "knows no"),
        ("LoadState=loaded\nActiveState=failed", "", Verdict.WRONG, "failed"),
        ("LoadState=loaded\nActiveState=active\nUnitFileState=disabled", "", Verdict.TO_DO, "not started with"),
        ("LoadState=loaded\nActiveState=active\nUnitFileState=enabled", "0.9", Verdict.GOOD, "0.9 of 10"),
        ("LoadState=loaded\nActiveState=active\nUnitFileState=enabled", "9.6", Verdict.TO_DO, "9.6 of 10"),
    ],
)
def test_the_service_is_judged_by_what_systemd_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unit: str, exposure: str, verdict: Verdict, word: str
) -> None:
    def run(command: tuple[str, ...], **_: object) -> object:
        said = unit if command[0] == "systemctl" else f"→ Overall exposure level for cadence.service: {exposure} SAFE"
        return subprocess.CompletedProcess(command, 0, stdout=said)

    monkeypatch.setattr(machine, "_SYSTEMD", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/systemctl")
    monkeypatch.setattr(subprocess, "run", run)
    [found] = machine.service()
    assert found.verdict is verdict and word in found.says


# The settings ------------------------------------------------------------------------------------------------------


def test_what_the_settings_name_is_good(home: Path) -> None:
    before = looked(home)
    names = ("operators", "mail", "web", "monitor")
    assert {before[name].verdict for name in names} == {Verdict.TO_DO}
    add(
        home,
        "operators: [ines.falk@acme.example]\nmonitor: https://hc-ping.com/SECRET\n"
        "mail: {sender: cadence@acme.example, host: mail.acme.example}\n"
        "replies: {maildir: /var/mail/cadence}\nweb: {public_url: 'https://cadence.acme.example'}\n",
    )
    found = looked(home)
    assert {found[name].verdict for name in (*names, "answers", "retention")} == {Verdict.GOOD}
    assert "SECRET" not in repr(found)


def test_pages_without_tls_are_wrong(home: Path) -> None:
    add(home, "web: {public_url: 'http://cadence.acme.example'}\n")
    assert looked(home)["web"].verdict is Verdict.WRONG


# The network -------------------------------------------------------------------------------------------------------


@pytest.fixture
def public(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Receiver], Check]]:
    """What is found of https://cadence.acme.example, whose name leads to a server on this machine."""
    real = socket.getaddrinfo
    known = "cadence.acme.example"
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **b: real("127.0.0.1" if host == known else host, *a, **b)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))

    def found(receiver: Receiver, now: datetime = NOW, name: str = known) -> Check:
        with receiving(receiver, certified(name), known) as url:
            settings = home / "config" / "cadence.yaml"
            settings.write_text(f"data: ../data\nweb: {{public_url: '{url.removesuffix('/hook')}'}}\n")
            return looked(home, now, over_network=True)["public address"]

    yield found


def test_the_public_address_answers_or_what_stands_in_its_way_is_told(public: Callable[..., Check]) -> None:
    now = datetime.now(NOW.tzinfo)
    well = public(Receiver(status=303), now)
    assert well.verdict is Verdict.GOOD and "its certificate is good until" in well.says
    assert public(Receiver(status=502), now).verdict is Verdict.WRONG
    other = public(Receiver(), now, name="another.example")
    assert other.verdict is Verdict.WRONG and "not to be trusted" in other.says
    ends = datetime.fromisoformat(well.says[-10:]).replace(tzinfo=NOW.tzinfo)
    assert public(Receiver(status=303), ends - timedelta(days=10)).verdict is Verdict.TO_DO


def test_the_mail_server_answers_or_is_not_reached(home: Path) -> None:
    with listening(Mailbox()) as server:
        add(home, f"mail: {{sender: cadence@acme.example, host: {server.host}, port: {server.port}, tls: none}}\n")
        assert looked(home, over_network=True)["mail server"].verdict is Verdict.GOOD
    found = looked(home, over_network=True)["mail server"]
    assert found.verdict is Verdict.WRONG and "is not reached" in found.says
    assert "mail server" not in looked(home)
