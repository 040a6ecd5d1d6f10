"""The Debian package, through its life on a machine: installed, run, upgraded, removed, purged."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from release.deb import build, packaged_unit
from release.project import project
from release.sbom import NAME
from tests.packaged.conftest import DATED
from tests.packaged.machine import Machine

SETTINGS = Path("/etc/cadence/cadence.yaml")
EXAMPLE = "/usr/share/doc/governance-cadence/config/partnerships/kestrel-sabia.yaml"
SERVED = """
asked='from urllib.request import urlopen; print(urlopen("http://127.0.0.1:18377/healthz").status)'
cadence serve >/var/lib/cadence/log 2>&1 &
for _ in $(seq 300); do
    /usr/lib/cadence/bin/python -c "$asked" 2>/dev/null && break
    sleep 0.2
done
kill -TERM $! && wait $! && echo "ended with $?"
"""
"""Runs the daemon until it answers, and stops it as systemd does."""

SYSTEMD = """
cat >/usr/local/bin/systemctl <<'SAY'
#!/bin/sh
echo "$@" >>/var/log/asked-of-systemd
SAY
chmod +x /usr/local/bin/systemctl
"""
"""Stands in for the systemd that a namespace has not: it writes down what it is asked for, and says that all runs."""
FOUND = "ls -d /usr/lib/cadence /usr/bin/cadence 2>/dev/null; find /etc/cadence /var/lib/cadence"


@dataclass(frozen=True)
class Lived:
    """What was said at each step of the package's life, and what was found after it."""

    installed: str
    version: str
    checked: str
    governed: str
    served: str
    handed_on: str
    manual: str
    owners: str
    analyzed: str
    exposure: str
    upgraded: str
    asked_of_systemd: str
    settings: str
    listed: str
    removed: str
    left: str
    purged: str
    after: str


@pytest.fixture(scope="module")
def packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two of them, built one after the other, which differ in the number after the version."""
    return [build(wheel, tmp_path_factory.mktemp("deb"), DATED, revision) for revision in (1, 2)]


@pytest.fixture(scope="module")
def lived(packages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Lived:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    first, second = packages
    install = ("dpkg", "--install")
    said: dict[str, str] = {}
    said["installed"] = machine.does(*install, f"/tmp/{first.name}", bring=first)
    said["version"] = machine.does("cadence", "--version")
    machine.does("cp", EXAMPLE, "/etc/cadence/partnerships/")
    machine.does("sed", "-i", "s/127.0.0.1:8377/127.0.0.1:18377/", str(SETTINGS))
    said["checked"] = machine.does("cadence", "check")
    machine.as_cadence("cadence", "db", "create")
    said["governed"] = machine.as_cadence("cadence", "once")
    said["served"] = machine.as_cadence("sh", "-c", SERVED)
    said["handed_on"] = machine.as_cadence("sh", "-c", "cd /tmp && cadence sheets --out all.xlsx && head -c 2 all.xlsx")
    said["manual"] = machine.does("man", "-w", "cadence", "cadence-review", "cadence.yaml")
    said["owners"] = machine.does(
        "stat", "-c", "%U %G %a %n", "/var/lib/cadence", "/var/lib/cadence/cadence.db", str(SETTINGS)
    )
    said["analyzed"] = machine.does("systemd-analyze", "verify", "--man=no", "/lib/systemd/system/cadence.service")
    said["exposure"] = machine.does(
        "systemd-analyze", "security", "--offline=true", "--no-pager", "/lib/systemd/system/cadence.service"
    )
    machine.does("sh", "-c", SYSTEMD)
    under_systemd = "mkdir -p /run/systemd/system && dpkg --install " + f"/tmp/{second.name}"
    said["upgraded"] = machine.does("sh", "-c", under_systemd, bring=second)
    said["asked_of_systemd"] = machine.does("cat", "/var/log/asked-of-systemd")
    machine.does("rm", "/usr/local/bin/systemctl")
    said["settings"] = machine.does("cat", str(SETTINGS))
    said["listed"] = machine.as_cadence("cadence", "list")
    said["removed"] = machine.does("dpkg", "--remove", "governance-cadence")
    said["left"] = machine.does("sh", "-c", FOUND)
    said["purged"] = machine.does("dpkg", "--purge", "governance-cadence")
    said["after"] = machine.does("sh", "-c", FOUND)
    return Lived(**said)


def test_two_packages_of_one_commit_hold_the_same_bytes(packages: list[Path]) -> None:
    """All but the line that says which of the two it is."""
    files = [
        subprocess.run(["dpkg-deb", "--fsys-tarfile", str(each)], capture_output=True, check=True).stdout
        for each in packages
    ]
    controls = [
        subprocess.run(["dpkg-deb", "--field", str(each)], capture_output=True, text=True, check=True).stdout
        for each in packages
    ]
    assert files[0] == files[1]
    assert controls[0].replace("-1\n", "-2\n") == controls[1]


def test_installing_it_starts_nothing_and_says_what_comes_next(lived: Lived) -> None:
    assert "nothing runs yet" in lived.installed and "cadence db create" in lived.installed


def test_the_installed_program_runs(lived: Lived) -> None:
    assert lived.version == f"cadence, version {project().version}\n"
    assert "Looked at 1 partnership" in lived.governed
    assert lived.served == "200\nended with 0\n"


def test_it_brings_what_writes_office_files(lived: Lived) -> None:
    assert lived.handed_on == "all.xlsx is written.\nPK"


def test_its_user_keeps_the_data_to_itself(lived: Lived) -> None:
    assert lived.owners.splitlines() == [
        "cadence cadence 750 /var/lib/cadence",
        "cadence cadence 600 /var/lib/cadence/cadence.db",
        f"root root 644 {SETTINGS}",
    ]


def test_man_finds_its_pages(lived: Lived) -> None:
    assert lived.manual.splitlines() == [
        "/usr/share/man/man1/cadence.1.gz",
        "/usr/share/man/man1/cadence-review.1.gz",
        "/usr/share/man/man5/cadence.yaml.5.gz",
    ]


def test_systemd_accepts_its_unit_and_the_unit_is_as_closed_as_the_shipped_one(lived: Lived) -> None:
    assert lived.analyzed.strip() == ""
    exposure = re.search(r"Overall exposure level for cadence.service: ([\d.]+)", lived.exposure)
    assert exposure is not None and float(exposure[1]) <= 1.0


def test_an_upgrade_stops_a_daemon_that_runs_brings_the_tables_up_and_starts_it_again(lived: Lived) -> None:
    asked = lived.asked_of_systemd.splitlines()
    assert [each for each in asked if each.startswith(("stop", "start", "daemon-reload"))] == [
        "stop cadence",
        "daemon-reload",
        "start cadence",
    ]
    assert "The database is up to date." in lived.upgraded, "what 'cadence db upgrade' says"
    assert "nothing runs yet" not in lived.upgraded


def test_an_upgrade_keeps_settings_and_record(lived: Lived) -> None:
    assert "127.0.0.1:18377" in lived.settings
    assert "kestrel-sabia" in lived.listed


def test_removing_it_leaves_what_people_wrote_and_nothing_else(lived: Lived) -> None:
    left = lived.left.splitlines()
    assert {str(SETTINGS), "/etc/cadence/partnerships/kestrel-sabia.yaml", "/var/lib/cadence/cadence.db"} <= {*left}
    assert not [each for each in left if each.startswith("/usr")]


def test_a_purge_asks_nothing_removes_the_settings_and_says_what_stays(lived: Lived) -> None:
    assert "/etc/cadence stays" in lived.purged and "/var/lib/cadence stays" in lived.purged
    assert "user cadence stays" in lived.purged
    after = {*lived.after.splitlines()}
    assert str(SETTINGS) not in after
    assert {"/etc/cadence/partnerships/kestrel-sabia.yaml", "/var/lib/cadence/cadence.db"} <= after


def test_the_package_names_the_bill_of_materials(packages: list[Path]) -> None:
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(packages[0])], capture_output=True, text=True, check=True
    ).stdout
    assert f"./usr/share/doc/governance-cadence/{NAME}" in listed
    assert "__pycache__" not in listed and "/usr/lib/cadence/bin/alembic" not in listed


def test_a_unit_that_the_package_cannot_adapt_is_refused() -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        packaged_unit("[Service]\nExecStart=/opt/cadence/bin/cadence serve\n")
