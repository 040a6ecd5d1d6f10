"""The lock files, as `make lock` writes them: each package at one version, and what asked for it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from release import ROOT

OPTIONAL = ("oidc", "office", "pdf", "postgresql")
"""The extras; each has a lock file of its own, `requirements-<extra>.lock`: the program with that extra."""
_PINNED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;\\]+)")
_VIA = re.compile(r"^ {4}# (?:via\s*|  )(?P<by>\S+)?(?: \(pyproject\.toml(?::(?P<group>\w+))?\))?$")


@dataclass(frozen=True)
class Package:
    """`asked_by` names the packages that need it; `direct` says that the program itself does, not only its build."""

    name: str
    version: str
    asked_by: frozenset[str]
    direct: bool

    def joined(self, other: "Package") -> "Package":
        """The same package as two lock files have it. Raises ValueError where they differ on its version."""
        if self.version != other.version:
            raise ValueError(f"{self.name} is locked at {self.version} and at {other.version}: 'make lock'")
        return replace(self, asked_by=self.asked_by | other.asked_by, direct=self.direct or other.direct)


def locked(name: str) -> dict[str, Package]:
    """The packages of a lock file, by their names. Raises ValueError at a line that is no line of such a file."""
    return {each.name: each for each in _packages((ROOT / name).read_text("utf-8").splitlines(), name)}


def needed_at_run_time(packages: Mapping[str, Package]) -> dict[str, Package]:
    """Those of them that the program loads, and not only its build."""
    needed = {each.name for each in packages.values() if each.direct}
    while more := {each.name for each in packages.values() if each.asked_by & needed} - needed:
        needed |= more
    return {name: package for name, package in packages.items() if name in needed}


def _packages(lines: Iterable[str], file: str) -> Iterable[Package]:
    pinned: re.Match[str] | None = None
    asked: set[str] = set()
    direct = False
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith(("    # ", "    --hash=")):
            if (via := _VIA.match(line)) and via["by"]:
                is_itself = "(pyproject.toml" in line
                direct = direct or (is_itself and not via["group"])
                asked |= set() if is_itself else {via["by"]}
            continue
        if pinned is not None:
            yield Package(pinned["name"], pinned["version"], frozenset(asked), direct)
        pinned, asked, direct = _PINNED.match(line), set(), False
        if pinned is None and line and not line.startswith("#"):
            raise ValueError(f"{file}, line {number}: {line[:60]!r} pins no version; 'make lock' writes such files")
