"""Each command has a manual page, which says what `--help` says, and which man reads without a word of complaint."""

import os
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from release.man_pages import pages, write
from release.project import project
from release.roff import as_it_is, escaped, paragraphs
from scheduler.cli import COMMANDS, cadence

HERE = pages(project())


def shown(page: Path) -> str:
    """A page as man prints it. Its warnings are errors."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "120", "MAN_KEEP_FORMATTING": ""}
    call = ["man", "--warnings", "--encoding=UTF-8", "--local-file", str(page)]
    done = subprocess.run(call, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, ""), f"{page.name}: {done.stderr}"
    return done.stdout


def test_every_command_has_a_page_and_so_have_the_program_and_its_settings() -> None:
    assert {*HERE} == {"cadence.1", "cadence.yaml.5", *(f"cadence-{name}.1" for name in COMMANDS)}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_every_option_and_every_command_below(name: str) -> None:
    command = cadence.get_command(click.Context(cadence), name)
    assert command is not None
    for each in [command, *(command.commands.values() if isinstance(command, click.Group) else ())]:
        for param in each.params:
            for flag in param.opts if isinstance(param, click.Option) and not param.hidden else ():
                assert escaped(flag) in HERE[f"cadence-{name}.1"]
        assert each.name is not None and escaped(each.name) in HERE[f"cadence-{name}.1"]


def test_man_reads_every_page_without_a_warning(tmp_path: Path) -> None:
    # No skip: whoever checks a change must see that this was not checked.
    assert shutil.which("man"), "man reads the manual pages; it comes with the Debian package man-db"
    read = {page.name: shown(page) for page in write(tmp_path)}
    assert {*read} == {*HERE}
    assert "cadence review move [OPTIONS] ID" in read["cadence-review.1"]
    assert "-h, --help" in read["cadence-review.1"]
    assert "  definitions: partnerships\n" in read["cadence.yaml.5"]  # lines stay lines


def test_the_pages_are_dated_as_the_release_is() -> None:
    assert all(f" {project().day.isoformat()} " in text for text in HERE.values())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (".secret lies in a\\b", "\\&.secret lies in a\\eb"),
        ("'cadence check'", "\\&'cadence check'"),
        ("--to you", "\\-\\-to you"),
    ],
)
def test_no_text_is_taken_for_a_request(text: str, written: str) -> None:
    assert escaped(text) == written


def test_paragraphs_are_filled_and_what_is_marked_stays_as_it_is() -> None:
    assert paragraphs("one\ntwo\n\nthree") == "one two\n.PP\nthree\n"
    assert paragraphs("\b\none\n two") == as_it_is("one\n two")
