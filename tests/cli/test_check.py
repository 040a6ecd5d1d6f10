"""`cadence check`: a compiler's report, a summary, an exit code; no settings file where a path is given."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from click.testing import CliRunner, Result

from scheduler.cli.check import check
from scheduler.cli.context import Context

Cadence = Callable[..., Any]
EXAMPLES = Path(__file__).parent.parent / "examples"
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
"""Before any of the examples takes effect."""


pytestmark = pytest.mark.usefixtures("here")


def run(*arguments: str | Path, now: datetime = NOW, config: Path | None = None) -> Result:
    return CliRunner().invoke(check, [str(argument) for argument in arguments], obj=Context(config, now))


def test_good_files_are_told_to_be_good() -> None:
    result = run(EXAMPLES / "good")
    assert result.output == "no problems in 8 files\n"
    assert result.exit_code == 0


def test_warnings_alone_exit_0() -> None:
    result = run(EXAMPLES / "careless" / "no-country.yaml")
    assert "no-country.yaml:9:3: warning: organisations.norr: norr has no country" in result.output
    assert result.output.endswith("1 warning in 1 file\n")
    assert result.exit_code == 0


def test_an_error_exits_1_and_all_files_are_reported() -> None:
    result = run(EXAMPLES / "bad" / "unknown-key.yaml", EXAMPLES / "careless" / "no-country.yaml", "gone.yaml")
    assert result.output.endswith("2 errors, 1 warning in 3 files\n")
    assert result.exit_code == 1


def test_a_file_that_takes_effect_at_the_end_of_the_calendar_is_told_of_and_so_are_the_others(tmp_path: Path) -> None:
    careless = EXAMPLES / "careless" / "no-country.yaml"
    text = careless.read_text(encoding="utf-8")
    far = tmp_path / "no-country.yaml"
    far.write_text(re.sub(r"effective: \d{4}-\d\d-\d\d", "effective: 9999-12-30", text), encoding="utf-8")
    result = run(far, careless)
    assert "agreement.effective: 9999-12-30 lies outside the years 1990 to 2100" in result.output
    assert f"{careless}:9:3: warning: organisations.norr: norr has no country" in result.output
    assert result.exit_code == 1


def test_json_holds_each_problem_with_its_place_and_the_way_out() -> None:
    file = EXAMPLES / "bad" / "unknown-key.yaml"
    result = run("--json", file)
    assert json.loads(result.output) == {
        "problems": [
            {
                "file": str(file),
                "line": 24,
                "column": 3,
                "severity": "error",
                "where": "success_at_90_days.agenda_ownr",
                "what": '"agenda_ownr" is no key of success_at_90_days',
                "hint": "did you mean `agenda_owner`?",
            }
        ]
    }
    assert result.exit_code == 1


def test_json_of_good_files_is_an_empty_list() -> None:
    assert json.loads(run("--json", EXAMPLES / "good").output) == {"problems": []}


def test_without_a_path_the_folder_of_the_settings_is_checked(tmp_path: Path) -> None:
    (tmp_path / "config" / "alliances").mkdir(parents=True)
    (tmp_path / "config" / "cadence.yaml").write_text("definitions: alliances\n")
    (tmp_path / "config" / "alliances" / "noise.yaml").write_text("{")
    result = run()
    assert f"{tmp_path / 'config' / 'alliances' / 'noise.yaml'}:" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("operator", "meant"),
    [
        ("ines.falk@acme.example", None),
        ("inez.falk@acme.example", "ines.falk@acme.example"),
        ("ines.falk@acne.example", "ines.falk@acme.example"),
        ("servers@acme.example", None),  # runs the program, and is not one of the people
        ("servers@elsewhere.example", None),
    ],
)
def test_an_operator_is_warned_of_where_it_is_a_slip_for_one_of_the_people(
    tmp_path: Path, operator: str, meant: str | None
) -> None:
    (tmp_path / "config" / "partnerships").mkdir(parents=True)
    settings = tmp_path / "config" / "cadence.yaml"
    (tmp_path / "config" / "partnerships" / "noise.yaml").write_text("# Ines.Falk@acme.example\n{")
    settings.write_text(f"operators: [{operator}]\n")
    told = [line for line in run().output.splitlines() if "operators" in line and "settings" not in line]
    assert told == ([f'{settings}: warning: operators: "{operator}" is nearly "{meant}", of a person'] if meant else [])


def test_the_operators_own_playbooks_are_what_definitions_are_held_against(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "config" / "playbooks" / "contractual_alliance.yaml"
    (tmp_path / "config" / "ours").mkdir(parents=True)
    (tmp_path / "config" / "cadence.yaml").write_text("playbooks: ours\n")
    text = shipped.read_text(encoding="utf-8").replace("\n  operating:\n", "\n  steering-group:\n", 1)
    (tmp_path / "config" / "ours" / shipped.name).write_text(text, encoding="utf-8")
    file = tmp_path / "new-series-without-title.yaml"
    file.write_bytes((EXAMPLES / "bad" / file.name).read_bytes())
    assert "the playbook has pipeline, steering-group, health-audit" in run(file).output


def test_a_key_that_the_operators_playbook_lacks_is_named_once_and_stops_nothing(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "config" / "playbooks" / "contractual_alliance.yaml"
    (tmp_path / "config" / "ours").mkdir(parents=True)
    (tmp_path / "config" / "partnerships").mkdir()
    (tmp_path / "config" / "cadence.yaml").write_text("playbooks: ours\n")
    text = shipped.read_text(encoding="utf-8")
    (tmp_path / "config" / "ours" / shipped.name).write_text(
        text[: text.index("\nactions:")] + text[text.index("\nagendas:") :], encoding="utf-8"
    )
    (tmp_path / "config" / "partnerships" / "minimal.yaml").write_bytes(
        (EXAMPLES / "good" / "minimal.yaml").read_bytes()
    )
    result = run()
    assert result.exit_code == 0
    assert result.output.count("warning: actions: `actions` is missing") == 1
    assert result.output.endswith("7 warnings in 2 files\n")


def test_a_start_before_today_is_remarked_upon_and_today_is_handed_in() -> None:
    file = EXAMPLES / "good" / "minimal.yaml"
    assert "took effect 1 day ago" in run(file, now=datetime(2027, 2, 2, 12, tzinfo=UTC)).output
    assert run(file, now=datetime(2027, 2, 1, 12, tzinfo=UTC)).output == "no problems in 1 file\n"


def test_nobody_is_reminded_of_a_start_whose_cadence_is_being_kept(tmp_path: Path) -> None:
    (tmp_path / "config" / "data" / "calendars").mkdir(parents=True)
    (tmp_path / "config" / "cadence.yaml").touch()
    later = datetime(2027, 6, 1, tzinfo=UTC)
    assert "without a cadence until now" in run(EXAMPLES / "good" / "minimal.yaml", now=later).output
    (tmp_path / "config" / "data" / "calendars" / "minimal.ics").touch()
    assert run(EXAMPLES / "good" / "minimal.yaml", now=later).output == "no problems in 1 file\n"


def test_nor_of_one_that_is_on_record_and_has_no_calendar_yet(installation: Cadence, home: Path) -> None:
    calendars = [*home.rglob("calendars/*.ics")]
    assert calendars
    for each in calendars:
        each.unlink()
    assert "without a cadence until now" not in installation("check").out


def test_a_file_of_settings_that_has_a_problem_is_counted_among_the_files(cadence: Cadence, here: Path) -> None:
    file = here / "config" / "partnerships" / "minimal.yaml"
    file.parent.mkdir(parents=True)
    (here / "config" / "cadence.yaml").write_text("operators: [inez.falk@halden.example]\n", encoding="utf-8")
    file.write_bytes((EXAMPLES / "good" / file.name).read_bytes())
    shown = cadence("check").out
    assert f"{here / 'config' / 'cadence.yaml'}: " in shown and shown.endswith(" in 2 files\n")


def test_a_file_that_has_vanished_is_an_error_until_its_partnership_is_ended(cadence: Cadence, here: Path) -> None:
    file = here / "config" / "partnerships" / "minimal.yaml"
    file.parent.mkdir(parents=True)
    (here / "config" / "cadence.yaml").touch()
    file.write_bytes((EXAMPLES / "good" / file.name).read_bytes())
    assert cadence("db", "create").status == 0
    assert cadence("once").status == 0
    assert cadence("check").status == 0
    file.unlink()
    assert cadence("check").out == (
        f"{file}: error: the file has vanished; its reviews stay as they are\n"
        "    put it back, or end the partnership: cadence partnership end minimal\n"
        "1 error in 0 files\n"
    )
    assert cadence("check").status == 1


@pytest.mark.parametrize("arguments", [["check"], ["--config", "gone.yaml", "check", "x.yaml"]])
def test_settings_that_are_needed_and_missing_are_a_clear_error(cadence: Cadence, arguments: list[str]) -> None:
    result = cadence(*arguments)
    assert result.status == 1
    assert result.err.startswith("Error: ")


def test_many_files_show_a_progress_bar_on_a_terminal(at_a_terminal: Cadence, here: Path) -> None:
    for number in range(60):
        (here / f"{number}.yaml").write_text("name: x")
    shown = at_a_terminal("check", str(here), answers="")
    assert "checking" in shown.out
    assert "100%" in shown.out
    assert shown.out.endswith("errors in 60 files\n")


def started(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from scheduler.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_no_colour_and_no_progress_bar_where_nobody_sees_a_terminal() -> None:
    result = started("check", EXAMPLES / "bad")
    assert "\x1b" not in result.stdout + result.stderr
    assert result.stderr == ""


def test_a_reader_that_has_seen_enough_is_no_error_to_show() -> None:
    program = f"from scheduler.cli import main; main(['check', {str(EXAMPLES / 'bad')!r}])"
    pipe = f'"{sys.executable}" -c "{program}" | head -n 1'
    result = subprocess.run(pipe, shell=True, capture_output=True, text=True, check=False)
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""


def test_one_file_is_checked_without_database_web_calendar_or_scheduler() -> None:
    program = (
        "import sys\nfrom scheduler.cli import main\n"
        f"try: main(['check', {str(EXAMPLES / 'good' / 'minimal.yaml')!r}])\nexcept SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & set(sys.argv[1:])))"
    )
    heavy = ["sqlalchemy", "sqlmodel", "alembic", "icalendar", "apscheduler", "jinja2", "uvicorn", "starlette"]
    result = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_somebody_in_two_partnerships_at_once_is_warned_of_once_they_are_on_record_and_shown(
    installation: Cadence, home: Path
) -> None:
    tree = yaml.safe_load((home / "config" / "partnerships" / "acme-globex.yaml").read_text())
    other = {**tree, "partnership": "initech"}
    (home / "config" / "partnerships" / "initech.yaml").write_text(yaml.safe_dump(other))
    assert "cannot be at both" not in installation("check").out
    installation("once")
    shown = installation("check")
    assert shown.status == 0
    assert "initech.yaml: warning: initech/" in shown.out and "cannot be at both" in shown.out
    problems = json.loads(installation("check", "--json").out)["problems"]
    assert {Path(each["file"]).stem for each in problems if "cannot be at both" in each["what"]} == {
        "acme-globex",
        "initech",
    }
    next_one = json.loads(installation("show", "initech", "--json").out)["next_reviews"][0]
    [other] = next_one["overlaps"]
    assert f"{next_one['id']}  {next_one['title']}  (at the time of {other})\n" in installation("show", "initech").out
    assert f"  at the time of {other}, with somebody in both\n" in installation("review", "show", next_one["id"]).out


def annotations(printed: str) -> list[tuple[str, dict[str, str], str]]:
    """What a runner of GitHub's makes of the lines that are commands: severity, properties, message."""
    found = []
    for line in printed.splitlines():
        if command := re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line):
            properties = dict(each.split("=", 1) for each in command[2].split(","))
            found.append((command[1], {key: unquote(each) for key, each in properties.items()}, unquote(command[3])))
    return found


def test_for_a_change_on_github_each_problem_is_an_annotation_at_its_line(here: Path) -> None:
    shutil.copy(EXAMPLES / "bad" / "unknown-key.yaml", here)
    result = run(here / "unknown-key.yaml", "--format", "github")
    [(severity, place, message), *_] = annotations(result.output)
    [problem, *_] = json.loads(run(here / "unknown-key.yaml", "--json").output)["problems"]
    assert severity == problem["severity"]
    assert place == {
        "file": "unknown-key.yaml",
        "line": str(problem["line"]),
        "col": str(problem["column"]),
        "title": problem["where"],
    }
    assert message == f"{problem['what']}\n{problem['hint']}"
    assert result.exit_code == 1


@pytest.mark.parametrize("odd", ["a,b: c%0A::error::d", "x\r\n::warning file=y::z", "100%, really: yes"])
def test_no_text_of_a_file_becomes_an_annotation_of_its_own(here: Path, odd: str) -> None:
    file = here / f"{re.sub(r'[^a-z]', '', odd)},50%.yaml"
    file.write_text(json.dumps({"partnership": "x", odd: 1, "model": odd}), encoding="utf-8")
    result = run(file, "--format", "github")
    found = annotations(result.output)
    assert len(found) == len(json.loads(run(file, "--json").output)["problems"])
    assert {place["file"] for _, place, _ in found} == {file.name}


def test_a_problem_of_a_whole_file_has_no_line(here: Path) -> None:
    assert annotations(run("gone.yaml", "--format", "github").output)[0][1] == {"file": "gone.yaml"}
