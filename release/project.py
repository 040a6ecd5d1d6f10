"""What a release is called, and of which day it is: from pyproject.toml and the change log."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date

from release import ROOT

_HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) \((?P<day>\d{4}-\d\d-\d\d)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """`version` as pyproject.toml has it, and the `day` under which the change log has that version."""

    name: str
    version: str
    day: date
    licence: str
    summary: str


def project() -> Project:
    """Raises ValueError where the change log has no dated heading for this version."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    days = {found["version"]: found["day"] for found in _HEADING.finditer(changes)}
    if (version := said["version"]) not in days:
        raise ValueError(f"CHANGELOG.md has no heading '## {version} (YEAR-MONTH-DAY)': see docs/releasing.md")
    return Project(said["name"], version, date.fromisoformat(days[version]), said["license"], said["description"])
