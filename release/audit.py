"""Whether a locked package is known to be vulnerable, by pip-audit: `make audit`.

Ends with 1 where one is, and with 2 where the index does not answer what is known, for not knowing is no good news.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from release import ROOT
from release.locks import OPTIONAL

FOUND, UNKNOWN = 1, 2


@dataclass
class Audit:
    """What was said of all packages: `known` has those that were answered for, with what is known as sentences."""

    known: dict[str, list[str]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)

    def takes(self, report: Mapping[str, Any]) -> None:
        """Add a report of pip-audit."""
        for each in report["dependencies"]:
            if "skip_reason" in each:
                self.unanswered.add(each["name"])
            else:
                self.known[f"{each['name']} {each['version']}"] = [_sentence(one) for one in each["vulns"]]

    @property
    def exit_code(self) -> int:
        return FOUND if any(self.known.values()) else UNKNOWN if self.unanswered or not self.known else 0

    def lines(self) -> Iterable[str]:
        for package, said in sorted(self.known.items()):
            yield from (f"{package}: {each}" for each in said)
        count = sum(map(len, self.known.values()))
        yield f"Locked packages that were looked up: {len(self.known)}. Known vulnerabilities: {count}."
        if self.unanswered or not self.known:
            yield (
                f"Of {len(self.unanswered)} the package index does not say what is known; so nothing is known of them"
                " here, good or bad. Try again where the index is reached itself."
            )


def _sentence(vulnerability: Mapping[str, Any]) -> str:
    fixed = ", ".join(vulnerability["fix_versions"])
    return f"{vulnerability['id']}, " + (f"mended in {fixed}: make upgrade" if fixed else "mended in no release yet")


def asked(program: Path, lock: Path) -> Mapping[str, Any]:
    """pip-audit's report of one lock file. It installs nothing: the files are named with their versions."""
    words = ["--disable-pip", "--require-hashes", "--requirement", str(lock), "--format", "json"]
    call = [str(program), *words, "--progress-spinner", "off"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    try:
        report: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        print(done.stderr.strip()[-500:], file=sys.stderr)
        return {"dependencies": []}
    return report


def main() -> int:
    audit = Audit()
    for name in ("requirements.lock", *(f"requirements-{extra}.lock" for extra in OPTIONAL)):
        audit.takes(asked(Path(sys.argv[1]), ROOT / name))
    print("\n".join(audit.lines()))
    return audit.exit_code


if __name__ == "__main__":
    sys.exit(main())
