"""Whatever is typed in the place of an id, an answer in words comes back, and nothing is touched."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Cadence

ODD = ["", " ", ".", "../x", "/etc/passwd", "acme-globex/../../x", "💥", "a" * 10_000, "a/" * 5_000, "\udcff", "'; --",
       "acme-globex\n", "%s{}", "\x1b[31m", "acme-globex//2026-12", "ACME-GLOBEX"]  # fmt: skip
COMMANDS = [
    ["show"],
    ["matrix"],
    ["plan"],
    ["agenda"],
    ["review", "show"],
    ["review", "hold"],
    ["review", "move", "--to", "2026-12-22"],
    ["review", "skip", "--because", "x"],
    ["action", "hand", "--to", "dev"],
    ["review", "reopen", "--because", "x"],
    ["review", "call-off", "--because", "x"],
    ["review", "move", "--back"],
    ["agenda", "drop", "--by", "dev"],
    ["agenda", "reset"],
    ["review", "object", "--says", "x", "--by", "dev"],
    ["review", "settle", "--because", "x", "--by", "dev"],
    ["kpi", "report", "1"],
    ["kpi", "excuse", "--because", "x"],
    ["kpi", "list", "--partnership"],
    ["overdue", "--partnership"],
    ["reviews", "--partnership"],
    ["export", "--out", "out", "--partnership"],
    ["partnership", "end", "--because", "x", "--yes"],
    ["checkpoint", "show"],
    ["launch", "list", "--partnership"],
    ["exit", "show"],
    ["renewal", "notice-sent", "--by", "ines"],
    ["renewal", "signed", "--without-end", "--by", "ines"],
    ["renewal", "lapses", "--by", "ines"],
    ["decide", "list", "--partnership"],
    ["decide", "show"],
    ["decide", "propose", "--says", "x", "--by", "ines"],
    ["decide", "withdraw", "--because", "x", "--by", "ines"],
    ["decide", "deadlock", "--says", "x", "--by", "ines"],
    ["decide", "resolve", "--says", "x", "--by", "ines"],
    ["load"],
    ["portfolio", "--for"],
    ["adherence"],
    ["partnership", "pause", "--because", "x", "--yes"],
    ["partnership", "resume"],
    ["partnership", "changes"],
    ["kpi", "contest", "--because", "x", "--by", "ines"],
    ["disputes", "list", "--partnership"],
    ["person", "close", "--because", "x", "--yes"],
    ["person", "change", "--email", "x@acme.example", "--yes"],
    ["preview", "letter"],
    ["preview", "invitation"],
    ["person", "away", "--until", "2026-12-24"],
    ["decisions", "--partnership"],
    ["decisions", "done"],
    ["decisions", "export", "--from", "2026-10-01", "--until", "2026-12-31", "--partnership"],
    ["person", "tell"],
    ["person", "erase", "--yes"],
    ["evidence", "--out", "pack.zip"],
    ["evidence", "seal"],
    ["sheets", "--out", "sheets.xlsx", "--partnership"],
    ["review", "show", "--docx", "minutes.docx"],
    ["agenda", "show", "--docx", "agenda.docx"],
    ["import"],
    ["import", "--dry-run"],
    ["evidence", "verify"],
    ["decisions", "supersede", "acme-globex/pipeline/2026-W46!1"],
    ["decisions", "assign", "acme-globex/pipeline/2026-W46!1"],
]


def called(command: list[str], odd: str) -> list[str]:
    return ["kpi", "report", odd, "1"] if command[:2] == ["kpi", "report"] else [*command, odd]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_odd_id_is_refused_in_a_few_words(installation: Cadence, command: list[str], home: Path) -> None:
    before = sorted(home.rglob("*"))
    for odd in ODD:
        outcome = installation(*called(command, odd))
        assert outcome.status in (1, 2), odd
        assert outcome.err.strip()
        assert len(outcome.err) < 700
        assert not {"\x1b", "\udcff"} & set(outcome.err)
    assert [path for path in sorted(home.rglob("*")) if path.suffix not in (".db-wal", ".db-shm")] == before


@pytest.mark.parametrize("name", ["--present", "--absent"])
def test_an_odd_person_was_not_there(installation: Cadence, name: str) -> None:
    for odd in ODD:
        assert installation("review", "hold", "acme-globex/pipeline/2026-W47", name, odd).status in (1, 2), odd


@pytest.mark.parametrize("name", ["--by", "--for"])
def test_an_odd_person_or_organisation_is_refused(installation: Cadence, name: str) -> None:
    command = ["kpi", "report", "acme-globex/cells-delivered", "0.3"] if name == "--by" else ["matrix", "acme-globex"]
    for odd in ODD:
        assert installation(*command, name, odd).status in (1, 2), odd


def test_the_help_of_every_command_ends_with_one_that_can_be_pasted(cadence: Cadence) -> None:
    groups = {
        "review": ["show", "move", "hold", "skip", "reopen", "call-off"],
        "kpi": ["list", "report", "excuse"],
        "partnership": ["end"],
    }
    singles = ["plan", "matrix", "list", "show", "reviews", "review", "agenda", "kpi", "overdue", "export", "status"]
    for command in [[each] for each in singles] + [
        [group, each] for group, members in groups.items() for each in members
    ]:
        outcome = cadence(*command, "--help")
        assert outcome.status == 0
        epilog = outcome.out.strip().rsplit("\n\n", 1)[1]
        assert epilog.split(maxsplit=2)[2].strip().startswith("cadence "), epilog


def test_help_and_the_check_of_one_file_load_neither_the_database_nor_the_web() -> None:
    file = REPOSITORY / "config" / "partnerships" / "five-harbours.yaml"
    program = (
        "import sys\n"
        "from scheduler.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as exit_:\n    assert not exit_.code, exit_.code\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print('LOADED', *sorted(loaded & {'sqlalchemy', 'sqlmodel', 'starlette', 'alembic', 'apscheduler'}))\n"
    )
    for arguments in (["--help"], ["check", str(file)]):
        ran = subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        assert ran.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00+00:00", "2100-01-01T00:00+00:00"])
def test_a_clock_set_beyond_all_calendars_is_wrong_usage(cadence: Cadence, now: str) -> None:
    outcome = cadence("--now", now, "once")
    assert outcome.status == 2
    assert "no partnership is governed in the year" in outcome.err
