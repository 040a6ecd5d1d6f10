"""The ten minutes of the README, typed as they stand there, one command after the other in an empty folder."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Cadence

README = (REPOSITORY / "README.md").read_text("utf-8")
ASKS = {"recommend", "add"}
"""Both ask on a terminal, which the tests of these commands have."""


def typed() -> list[list[str]]:
    """The commands of the section, without their comments."""
    section = README[README.index("## Ten minutes") : README.index("## Letters, so that")]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    lines = (line for block in blocks for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines if line.startswith("cadence ")]


def first(cadence: Cadence, *statuses: str) -> str:
    """The first review that is so."""
    found = json.loads(cadence("reviews", "--json").out)
    return next(str(each["id"]) for each in found if each["status"] in statuses)


def test_the_ten_minutes_are_as_the_readme_says(here: Path, cadence: Cadence, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = typed()
    assert len(commands) > 12
    said = {}
    for _, *words in commands:
        if words[0] in ASKS:
            assert "without a terminal" in cadence(*words).err
            continue
        if "&&" in words:  # cadence init alliances && cd alliances
            words = words[: words.index("&&")]
        if "ID" in words:
            words[words.index("ID")] = first(cadence, "unrecorded" if "hold" in words else "planned")
            Path("minutes.md").write_text("# Minutes\n\n## Decisions\n- We go on.\n", encoding="utf-8")
        outcome = cadence(*words)
        assert outcome.status == 0, (words, outcome.err)
        assert outcome.out.strip(), words
        if words[0] == "init":
            monkeypatch.chdir(words[1])
        said[" ".join(each for each in words if not each.startswith("2027-03"))] = outcome.out
    assert "weekly" in said["--now overdue"], "KPIs that nobody reported, and the rung that each has reached"
    (reported,) = [out for words, out in said.items() if "kpi report" in words]
    assert "no longer overdue" in reported
    (moved,) = [out for words, out in said.items() if "review move" in words]
    assert "--dry-run" in moved
    assert [*Path("data").rglob("outbox/*.eml")], "letters to open"
