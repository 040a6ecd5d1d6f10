"""What is old is shown before it goes, and goes by a word alone."""

import json
from pathlib import Path

import pytest

from scheduler.cli import main
from tests.builders import TOM
from tests.cli.conftest import Cadence, Outcome, define
from tests.services.cases.test_erasure import KPIS, WITHOUT_TOM

TOMS = TOM["email"]


@pytest.fixture
def later(home: Path, cadence: Cadence, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cadence:
    """Three years after Tom was taken out of the file, on the record itself."""
    define(home, people=WITHOUT_TOM, kpis=KPIS)
    assert cadence("once").status == 0
    monkeypatch.setenv("CADENCE_CLOCK", "free")

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main(["--now", "2029-12-20T09:00+01:00", *arguments])
        printed = capsys.readouterr()
        return Outcome(int(exit_.value.code or 0), printed.out, printed.err)

    return call


def test_nothing_goes_while_it_is_only_shown(later: Cadence) -> None:
    shown = later("purge", "--dry-run")
    assert shown.status == 0 and "people who left" in shown.out and "730 days after they left" in shown.out
    assert f"{TOMS} left on 2026-11-21: acme-globex" in shown.out and "Nothing was changed (--dry-run)" in shown.out
    assert later("purge", "--dry-run").out == shown.out


def test_it_goes_by_a_word_and_is_told(later: Cadence) -> None:
    refused = later("purge")
    assert refused.status == 2 and "say --yes if it is meant" in refused.err
    gone = later("purge", "--yes")
    assert gone.status == 0 and "people who left (1)" in gone.out
    assert f"Nothing is held of '{TOMS}'" in later("person", "data", TOMS).out.replace('"', "'")
    assert "There was nothing to let go of" in later("purge", "--yes").out


def test_programs_are_told_what_would_go_and_what_went(later: Cadence) -> None:
    told = json.loads(later("purge", "--dry-run", "--json").out)
    [people] = [each for each in told["to_go"] if each["what"] == "people who left"]
    assert people["count"] == 1 and people["people"][0]["email"] == TOMS and told["gone"] is None
    assert json.loads(later("purge", "--yes", "--json").out)["gone"]["people who left"] == 1


def test_where_nothing_is_old_nobody_is_asked(home: Path, cadence: Cadence) -> None:
    done = cadence("purge")
    assert done.status == 0 and "There was nothing to let go of" in done.out
