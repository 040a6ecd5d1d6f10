"""What hatchling calls when it builds a wheel: the bill of materials goes into `.dist-info/sboms/` (PEP 770); manual
pages, unit, documents and examples go below `share/` and `lib/` of wherever the wheel is installed.

These are data files and no part of the package, since other programs look for them there: `man` beside the `bin` of a
virtual environment that is on the PATH, `systemctl enable` by the path of the unit. The documents keep the places that
they have in the checkout, so that links between them lead somewhere.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DOCUMENTS = "share/doc/governance-cadence"
MANUAL = "share/man"
UNITS = "lib/systemd/system"
DOCUMENTED = (
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "config",
    "deploy",
    "docs",
    "requirements.lock",
    "requirements-oidc.lock",
    "requirements-office.lock",
    "requirements-pdf.lock",
    "requirements-postgresql.lock",
    "systemd",
    "templates",
)
"""What whoever runs cadence reads or copies from; the lock files are what the wheel is to be installed with."""


class ReleaseHook(BuildHookInterface[Any]):
    """A wheel that is installed from a checkout in place (`version` is "editable") has all this beside it already."""

    PLUGIN_NAME = "release"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        sys.dont_write_bytecode = True
        from release.man_pages import write
        from release.project import project
        from release.sbom import NAME, sbom

        self._made = tempfile.TemporaryDirectory()
        made = Path(self._made.name)
        (made / NAME).write_text(sbom(project()), encoding="utf-8")
        build_data["sbom_files"].append(str(made / NAME))
        shared: dict[str, str] = build_data["shared_data"]
        for page in write(made / "man"):
            shared[str(page)] = f"{MANUAL}/man{page.suffix[1:]}/{page.name}"
        for name in DOCUMENTED:
            shared[str(Path(self.root, name))] = f"{DOCUMENTS}/{name}"
        for unit in Path(self.root, "systemd").glob("cadence*.*"):
            shared[str(unit)] = f"{UNITS}/{unit.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._made.cleanup()
