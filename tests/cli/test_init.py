"""`cadence init` leaves a set-up that works as it is, and touches nothing that is there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scheduler.settings import shipped

Cadence = Callable[..., Any]


def test_it_writes_commented_settings_and_a_worked_example_and_says_what_to_type_next(
    cadence: Cadence, here: Path
) -> None:
    result = cadence("init", "my alliances")
    assert result.status == 0
    config = here / "my alliances" / "config"
    first, _, settings = (config / "cadence.yaml").read_text(encoding="utf-8").partition("\n")
    assert first == "# yaml-language-server: $schema=cadence.schema.json"
    assert settings == shipped("cadence.yaml").read_text(encoding="utf-8")
    assert (config / "partnerships" / "acme-globex.yaml").is_file()
    assert result.out.splitlines()[-1] == "Next:  cd 'my alliances' && cadence once && cadence overdue"


def test_what_it_writes_has_no_errors(cadence: Cadence) -> None:
    cadence("init")
    checked = cadence("check")
    assert checked.status == 0
    assert "beyond its hours" not in checked.out


def test_in_the_folder_itself_there_is_nothing_to_change_into(cadence: Cadence) -> None:
    assert cadence("init").out.splitlines()[-1] == "Next:  cadence once && cadence overdue"


def test_a_second_time_it_leaves_what_is_there_and_says_so(cadence: Cadence, here: Path) -> None:
    cadence("init")
    settings = here / "config" / "cadence.yaml"
    settings.write_text("# June's own\n")
    result = cadence("init")
    assert result.status == 0
    assert "nothing was written" in result.out
    assert settings.read_text() == "# June's own\n"


def test_a_folder_that_cannot_be_made_is_two_lines_and_no_traceback(cadence: Cadence, here: Path) -> None:
    (here / "config").write_text("a file")
    result = cadence("init")
    assert result.status == 1
    assert result.err.startswith("Error: ")
    assert "Traceback" not in result.err
