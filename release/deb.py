"""The Debian package: a virtual environment below /usr/lib/cadence with the program and all that it needs, the unit, a
user, settings in /etc/cadence, manual pages, documents.

`python -m release.deb INTO --wheel FILE` packs a wheel that `make dist` built, on a Debian that has the Python of the
package. Byte code is made at the installation, so that the package is the same bytes whenever it is built.
"""

import argparse
import gzip
import os
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from release import ROOT
from release.locks import OPTIONAL
from release.project import Project, project
from release.sbom import NAME

PYTHON = Path("/usr/bin/python3.11")
"""The Python of the Debian that the package is for; `Depends` in release/debian/control names its package."""
HOME = Path("usr/lib/cadence")
DOCUMENTS = Path("usr/share/doc/governance-cadence")
_SOURCE = ROOT / "release" / "debian"
_OF_THIS_MACHINE = ("direct_url.json", "uv_cache.json", "REQUESTED", "INSTALLER", ".lock")
"""What an installer notes about where and how it installed."""


_COMPRESSED = ("-Zzstd", "-z9")
"""As large as by xz, and made in a twentieth of the time."""


def build(wheel: Path, into: Path, epoch: int, revision: int = 1) -> Path:
    """Pack the wheel, with every file dated `epoch` (seconds since 1970); give the package."""
    of = project()
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary, "root")
        _environment(root, wheel)
        _spread(root)
        _settings(root)
        _control(root, of, revision)
        _level(root, epoch)
        architecture = _told("dpkg", "--print-architecture")
        package = into / f"{of.name}_{of.version}-{revision}_{architecture}.deb"
        said = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", *_COMPRESSED, "--build", str(root), str(package)],
            check=True,
            env=said,
            stdout=subprocess.DEVNULL,
        )
    return package


def _environment(root: Path, wheel: Path) -> None:
    """The virtual environment: what the lock files name, held to its hashes, then the wheel and nothing else."""
    home = root / HOME
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").symlink_to(PYTHON)
    version = PYTHON.name.removeprefix("python")
    (home / "lib" / PYTHON.name / "site-packages").mkdir(parents=True)
    (home / "pyvenv.cfg").write_text(
        f"home = {PYTHON.parent}\ninclude-system-site-packages = false\nversion = {version}\n", encoding="utf-8"
    )
    locks = [word for extra in OPTIONAL for word in ("--requirement", str(ROOT / f"requirements-{extra}.lock"))]
    _install(home, "--require-hashes", *locks)
    _install(home, "--no-deps", str(wheel))
    for script in (home / "bin").iterdir():
        if script.name not in ("python", "cadence"):
            script.unlink()
    program = home / "bin" / "cadence"
    _, _, rest = program.read_text("utf-8").partition("\n")
    program.write_text(f"#!/{HOME}/bin/python\n{rest}", encoding="utf-8")


def _install(home: Path, *words: str) -> None:
    uv = [str(ROOT / ".tools" / "bin" / "uv"), "pip", "install", "--quiet", "--link-mode=copy"]
    said = {**os.environ, "UV_COMPILE_BYTECODE": "0"}
    subprocess.run([*uv, "--python", str(home / "bin" / "python"), *words], check=True, env=said)


def _spread(root: Path) -> None:
    """The wheel's data files go where Debian has such files."""
    home = root / HOME
    documents = root / DOCUMENTS
    documents.parent.mkdir(parents=True)
    (home / "share" / "doc" / "governance-cadence").rename(documents)
    shutil.copy(_SOURCE / "copyright", documents)
    (bill,) = home.glob(f"lib/*/site-packages/*.dist-info/sboms/{NAME}")
    shutil.copy(bill, documents)
    for page in (home / "share" / "man").rglob("*.[15]"):
        packed = root / "usr" / "share" / "man" / page.parent.name / f"{page.name}.gz"
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(gzip.compress(page.read_bytes(), mtime=0))
    shutil.rmtree(home / "share")
    for unit in (home / "lib" / "systemd" / "system").iterdir():
        text = unit.read_text("utf-8")
        _write(
            root / "lib" / "systemd" / "system" / unit.name, packaged_unit(text) if unit.suffix == ".service" else text
        )
    shutil.rmtree(home / "lib" / "systemd")
    _write(root / "usr" / "lib" / "sysusers.d" / "cadence.conf", (_SOURCE / "cadence.sysusers").read_text("utf-8"))
    _write(root / "usr" / "lib" / "tmpfiles.d" / "cadence.conf", (_SOURCE / "cadence.tmpfiles").read_text("utf-8"))
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / "cadence").symlink_to("../lib/cadence/bin/cadence")


def packaged_unit(text: str) -> str:
    """A shipped service for the package: its path, and the user that the package made, who stays."""
    text = _exchanged(r"^ExecStart=\S+", "ExecStart=/usr/bin/cadence", text)
    return _exchanged(r"^(?:#.*\n)?DynamicUser=yes$", "# Who it is: the package's user.\nDynamicUser=no", text)


def _settings(root: Path) -> None:
    shipped = (ROOT / "config" / "cadence.yaml").read_text("utf-8")
    _write(root / "etc" / "cadence" / "cadence.yaml", _exchanged(r"^data: \S+$", "data: /var/lib/cadence", shipped))
    (root / "etc" / "cadence" / "partnerships").mkdir()


def _control(root: Path, of: Project, revision: int) -> None:
    size = sum(each.lstat().st_size for each in root.rglob("*")) // 1024
    values = {
        "VERSION": f"{of.version}-{revision}",
        "ARCHITECTURE": _told("dpkg", "--print-architecture"),
        "SIZE": size,
    }
    control = (_SOURCE / "control").read_text("utf-8")
    for name, value in values.items():
        control = control.replace(f"@{name}@", str(value))
    _write(root / "DEBIAN" / "control", control)
    _write(root / "DEBIAN" / "conffiles", "/etc/cadence/cadence.yaml\n")
    for script in ("postinst", "prerm", "postrm"):
        _write(root / "DEBIAN" / script, (_SOURCE / script).read_text("utf-8"))


def _level(root: Path, epoch: int) -> None:
    """Modes and dates as they are on any machine, and nothing that tells of this one."""
    for name in _OF_THIS_MACHINE:
        for note in (root / HOME).rglob(name):
            note.unlink()
    for record in (root / HOME).rglob("*.dist-info/RECORD"):
        _record(record)
    for each in [root, *root.rglob("*")]:
        if not each.is_symlink():
            runs = each.is_dir() or each.stat().st_mode & stat.S_IXUSR or each.parent.name == "DEBIAN"
            plain = each.name in ("control", "conffiles") and each.parent.name == "DEBIAN"
            each.chmod(0o755 if runs and not plain else 0o644)
    for each in [root, *root.rglob("*")]:
        os.utime(each, (epoch, epoch), follow_symlinks=False)


def _record(record: Path) -> None:
    """What an installer recorded, without what was taken away, or changed, and lies elsewhere now."""
    lines = record.read_text("utf-8").splitlines(keepends=True)
    here = [line for line in lines if not line.startswith("../") and (record.parents[1] / line.split(",")[0]).exists()]
    record.write_text("".join(here), encoding="utf-8")


def _exchanged(pattern: str, line: str, text: str) -> str:
    changed, count = re.subn(pattern, line, text, flags=re.MULTILINE)
    if count != 1:
        raise ValueError(f"{pattern!r} stands {count} times where the package needs it once")
    return changed


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m release.deb", description="Pack a wheel as a Debian package.")
    parser.add_argument("into", type=Path, help="the folder that the package is written into")
    parser.add_argument("--wheel", type=Path, required=True, help="what 'make dist' built")
    parser.add_argument("--revision", type=int, default=1, help="the number after the version")
    parser.add_argument(
        "--epoch", type=int, default=os.environ.get("SOURCE_DATE_EPOCH"), help="the moment of all files"
    )
    said = parser.parse_args()
    if not PYTHON.exists() or not shutil.which("dpkg-deb"):
        parser.error(f"this needs a Debian with {PYTHON} (Debian 12) and dpkg-deb")
    if said.epoch is None:
        parser.error("say --epoch SECONDS, or set SOURCE_DATE_EPOCH; 'make deb' takes the moment of the last commit")
    print(f"Wrote {build(said.wheel, said.into, said.epoch, said.revision)}")


if __name__ == "__main__":
    main()
