"""Manual pages, made from the command line itself: cadence(1), a page for each command with all that is below it, and
cadence.yaml(5), which is the commented settings. What `cadence COMMAND --help` says, and nothing that it does not.

`python -m release.man_pages FOLDER` writes them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from release import ROOT, roff
from release.project import Project, project

EXIT_CODES = [
    ("0", "It was done."),
    ("1", "There is a problem: what it is, and the way out, stands on standard error."),
    ("2", "The call is wrong: there is no such command or option, or a value that it cannot have."),
    ("130", "It was interrupted."),
]
FILES = [
    ("config/cadence.yaml", "The settings, looked for under the current folder first; see cadence.yaml(5)."),
    ("/etc/cadence/cadence.yaml", "The settings, where there are none under the current folder."),
]
ENVIRONMENT = [
    ("CADENCE_CONFIG", "The settings file, where --config names none."),
    ("NO_COLOR", "Where it is set, nothing is coloured."),
]


def pages(of: Project) -> dict[str, str]:
    """Every page by the name of its file, such as `cadence-review.1`."""
    from scheduler.cli import COMMANDS, cadence, command_of

    top = click.Context(cadence, info_name="cadence", help_option_names=["-h", "--help"])
    made = {"cadence.1": _program(cadence, top, COMMANDS, of), "cadence.yaml.5": _settings(of)}
    for name, line in COMMANDS.items():
        command = command_of(name)
        made[f"cadence-{name}.1"] = _command(command, click.Context(command, top, name), line, of)
    return made


def write(folder: Path) -> list[Path]:
    """Write all pages into a folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages(project()).items():
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def _program(program: click.Group, context: click.Context, commands: dict[str, str], of: Project) -> str:
    named = [(f"cadence-{name}(1)", line[0].upper() + line[1:] + ".") for name, line in commands.items()]
    return "".join(
        (
            roff.title("cadence", 1, of),
            roff.section("NAME", "cadence \\- keep strategic partnerships governed\n"),
            roff.section("SYNOPSIS", _synopsis(program, context)),
            roff.section("DESCRIPTION", _description(program)),
            roff.section("OPTIONS", _options(program, context)),
            roff.section("COMMANDS", roff.entries(named)),
            roff.section("EXIT STATUS", roff.entries(EXIT_CODES)),
            roff.section("ENVIRONMENT", roff.entries(ENVIRONMENT)),
            roff.section("FILES", roff.entries(FILES)),
            roff.section("EXAMPLES", _epilog(program)),
            roff.section("SEE ALSO", roff.references([("cadence.yaml", 5)])),
        )
    )


def _command(command: click.Command, context: click.Context, line: str, of: Project) -> str:
    name = f"cadence-{context.info_name}"
    below = [*_below(command, context)]
    return "".join(
        (
            roff.title(name, 1, of),
            roff.section("NAME", f"{roff.escaped(name)} \\- {roff.escaped(line)}\n"),
            roff.section("SYNOPSIS", *(_synopsis(each, its) for each, its in [(command, context), *below])),
            roff.section("DESCRIPTION", _description(command)),
            roff.section("OPTIONS", _options(command, context)),
            roff.section("COMMANDS", *(_subcommand(each, its) for each, its in below)),
            roff.section("EXAMPLES", _epilog(command)),
            roff.section("SEE ALSO", roff.references([("cadence", 1), ("cadence.yaml", 5)])),
        )
    )


def _below(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Every command below one, with the context that names it in full."""
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        each = command.get_command(context, name)
        if each is not None and not each.hidden:
            its = click.Context(each, context, name)
            yield each, its
            yield from _below(each, its)


def _synopsis(command: click.Command, context: click.Context) -> str:
    words = " ".join(roff.escaped(each) for each in command.collect_usage_pieces(context))
    return f"{roff.bold(context.command_path)} {words}\n.br\n"


def _subcommand(command: click.Command, context: click.Context) -> str:
    epilog = _epilog(command)
    return "".join(
        (
            f".SS {roff.escaped(context.command_path)}\n",
            _description(command),
            _options(command, context),
            f".PP\n{epilog}" if epilog else "",
        )
    )


def _description(command: click.Command) -> str:
    return roff.paragraphs((command.help or command.short_help or "").partition("\f")[0])


def _epilog(command: click.Command) -> str:
    return roff.paragraphs(command.epilog) if command.epilog else ""


def _options(command: click.Command, context: click.Context) -> str:
    records = [each.get_help_record(context) for each in command.get_params(context)]
    return roff.entries(each for each in records if each is not None and each[1])


def _settings(of: Project) -> str:
    commented = (ROOT / "config" / "cadence.yaml").read_text("utf-8")
    return "".join(
        (
            roff.title("cadence.yaml", 5, of),
            roff.section("NAME", "cadence.yaml \\- the settings of cadence\n"),
            roff.section(
                "DESCRIPTION",
                roff.paragraphs(
                    "The settings file of cadence, in YAML. Below is the file as it is shipped: every setting with its"
                    " default. 'cadence check' reports whatever is wrong in one."
                ),
            ),
            roff.section("SETTINGS", roff.as_it_is(commented.rstrip())),
            roff.section("FILES", roff.entries(FILES)),
            roff.section("SEE ALSO", roff.references([("cadence", 1), ("cadence-check", 1)])),
        )
    )


if __name__ == "__main__":
    print(f"Wrote {len(write(Path(sys.argv[1])))} pages into {sys.argv[1]}")
