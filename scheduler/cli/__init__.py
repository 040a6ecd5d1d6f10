"""The command line, one file a noun. Commands are imported when they are named: `cadence --help` loads nothing else."""

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from scheduler.cli import params
from scheduler.cli.context import Context, wall_clock
from scheduler.domain.user_input import YEARS

COMMANDS = {
    "init": "set up a folder for cadence",
    "add": "write the definition of a new partnership",
    "check": "report all problems of the definitions",
    "schema": "print or write the JSON Schemas by which editors check files",
    "recommend": "find the structural model that fits",
    "playbook": "show the governance playbook of a structural model",
    "plan": "show what would change, before it changes",
    "matrix": "print a partnership's cadence on one page",
    "list": "list the partnerships",
    "portfolio": "tell how the partnerships stand, the worst first",
    "adherence": "count how many past reviews were held in time",
    "show": "show one partnership",
    "reviews": "list the reviews of the cadence",
    "review": "show, move, hold or skip one review, or call a formal one",
    "horizon": "terms, notice windows and documents of the next two years",
    "load": "count what reviews ask of each side and person",
    "replies": "take in answers to invitations",
    "mail": "try the way that letters leave by",
    "outbox": "look after the letters on their way",
    "agenda": "print the agenda of a review",
    "checkpoint": "show a 90-day checkpoint, judge its criteria, decide",
    "decide": "put decisions to a vote without a meeting; record deadlocks",
    "launch": "list the steps on the way to the checkpoints, say what is done",
    "renewal": "record what was decided about a term or signed anew, and that notice was sent",
    "exit": "show what winds down, and name the day on which it ends",
    "decisions": "list and search what was decided, say what replaced it",
    "action": "list what minutes left to do, say what is done and by when",
    "parked": "list what minutes left unfinished, and close it",
    "kpi": "list KPIs and report readings",
    "disputes": "list what people say is not right, and settle it",
    "health": "show what both sides say of the relationship; open or skip a round",
    "overdue": "list overdue KPIs and where they stand on the ladder",
    "triggers": "tell how near each trigger is to calling a formal review",
    "simulate": "show the letters that would go out, were nothing reported",
    "preview": "show a letter or an invitation as it would go out now",
    "sheets": "write KPIs, actions and decisions for a spreadsheet program",
    "evidence": "make a pack that an assessor accepts, and verify one",
    "export": "write calendars and agendas into a folder; or all, to leave",
    "import": "put on record what another installation exported",
    "calendar": "subscribe people to their calendars",
    "token": "let programs report readings",
    "session": "list who is signed in to the pages, and sign them out",
    "link": "close links that were given out, change the key that signs them",
    "partnership": "end or pause a partnership, see what changed in it",
    "person": "list somebody's duties, hand them over, say when they are away",
    "status": "tell how the installation is doing",
    "doctor": "look whether it is ready for production",
    "once": "run one cycle and exit",
    "serve": "run the daemon",
    "db": "look after the database",
    "backup": "copy all that is on record into a file",
    "restore": "lay a backup in place of the record",
    "purge": "let go of what is old: letters' bytes, people who left, minutes",
    "clock": "hold the clock against the record, and confirm it",
    "completion": "print the shell's completion script",
}
"""Every command with its line of help, as a newcomer meets them. `check` is the object `check` in the module
`check`; that of a word of Python has a _ behind it."""


def command_of(name: str) -> click.Command:
    """The command of a name, imported."""
    name = f"{name}_" if iskeyword(name) else name
    command: click.Command = getattr(importlib.import_module(f"scheduler.cli.{name}"), name)
    return command


class Commands(click.Group):
    """A group that knows its commands' names and help lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]  # once imported, the command `list` hides the built-in of that name here

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return command_of(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from scheduler.definitions.problems import near_miss

            near = near_miss(args[0], COMMANDS)
            hint = f"did you mean {near!r}?" if near else "see 'cadence --help'"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


class MomentParam(click.ParamType[datetime]):
    """An ISO 8601 moment; without an offset it is read in the machine's zone."""

    name = "ISO8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:60]!r} is not a moment; write it like 2027-03-01T09:00+01:00", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"no partnership is governed in the year {moment.year}; try one from 1990 to 2099", param, ctx)
        return moment.astimezone()


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A first look: cadence init alliances && cd alliances && cadence once && cadence reviews",
)
@click.option("--config", type=params.PathParam(dir_okay=False), metavar="FILE", help="The settings file.")
@click.option("--now", type=MomentParam(), help="Act as if it were this moment, such as 2027-03-01T09:00+01:00.")
@click.version_option(package_name="governance-cadence", prog_name="cadence")
@click.pass_context
def cadence(ctx: click.Context, config: Path | None, now: datetime | None) -> None:
    """Keep strategic partnerships governed.

    cadence reads partnership definitions, plans the 90-day checkpoint and the review cadence, writes agendas and
    calendars, invites, reminds and escalates, and calls the formal review when a trigger fires.
    """
    if os.environ.get("NO_COLOR"):  # no-color.org
        ctx.color = False
    ctx.obj = Context(config, now, clock=ctx.obj or wall_clock)


def main(argv: Sequence[str] | None = None, clock: Callable[[], datetime] = wall_clock) -> None:
    """Run the command line by a clock: exit 0, 1 where there is a problem, 2 where the call is wrong; never a
    traceback."""
    from scheduler.cli.error_output import shown

    arguments = [*argv] if argv is not None else None
    sys.exit(shown(lambda: cadence.main(args=arguments, standalone_mode=False, obj=clock)))
