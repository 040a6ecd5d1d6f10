"""`cadence launch`: the steps on the way to the 90-day checkpoints, who owns each, and what is done."""

from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.rules.access import asked_for
from scheduler.rules.calendar.working_days import in_words
from scheduler.services.views import launch_track as view

if TYPE_CHECKING:
    from scheduler.services.views.launch_track import StepLine

_HEADS = ("checkpoint", "step", "due", "owner", "state", "says", "remarks")
_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")


@click.group(epilog="For example: cadence launch done acme-globex midpoint --by ines")
def launch() -> None:
    """List the steps on the way to the 90-day checkpoints, and say what is done.

    ID is a partnership, <partnership>/<layer>, or the checkpoint's own id; a STEP is named by its key.
    """


@launch.command("list", epilog="For example: cadence launch list --partnership acme-globex --all")
@params.partnership
@click.option("--open/--all", "only_open", default=True, help="Only what is not done (the default), or everything.")
@params.for_
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, only_open: bool, organisation: str | None, as_json: bool) -> None:
    """List the steps of launch tracks, each with its day, its owner and how it stands.

    A step is late where its day is past and nobody has said that it is done; "not recorded" where nobody could say so
    on its day, or nobody is told of it: the kick-off, and what follows the checkpoint. With --for, those of the
    partnerships in which that organisation is a partner.
    """
    with context.app() as app:
        found = view.launch_tracks(app, partnership, context.now, asked_for(organisation), only_open=only_open)
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    empty = "No step is open." if only_open else "No steps."
    print_table(_HEADS, [_row(each) for each in found], empty, may_go=("owner", "says"))


def _row(each: "StepLine") -> tuple[object, ...]:
    return each.checkpoint, each.key, each.due, each.owner, each.state, each.says, view.in_full(each)


@launch.command(epilog="For example: cadence launch done acme-globex midpoint --on 2026-11-13 --by ines")
@click.argument("id")
@click.argument("step")
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was done; by default today.")
@click.option("--because", type=params.TextParam(), help="What should be known about how it was done.")
@_by
@click.pass_obj
def done(context: Context, id: str, step: str, on: date | None, because: str | None, by: str) -> None:
    """Record that a STEP on the way to the checkpoint ID is done: nobody is told of it any more.

    Said anew, it takes the place of what was said before, which is kept.
    """
    from scheduler.services.cases import launch_track

    with context.app(writing=True) as app:
        found, tick = launch_track.tick(app, id, step, on, by, context.now, because)
    done_on = tick.done_on or found.on
    late = f"; it was due on {in_words(found.on)}" if done_on > found.on else ""
    click.echo(f"{tick.review}: {plain(found.says)}: done on {in_words(done_on)}{late}.")


@launch.command(epilog='For example: cadence launch undo acme-globex midpoint --because "it was put off" --by ines')
@click.argument("id")
@click.argument("step")
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@_by
@click.pass_obj
def undo(context: Context, id: str, step: str, because: str, by: str) -> None:
    """Record that a STEP is not done after all: its owner answers for it again. What was said before is kept."""
    from scheduler.services.cases import launch_track

    with context.app(writing=True) as app:
        found, tick = launch_track.take_back(app, id, step, because, by, context.now)
    click.echo(f"{tick.review}: {plain(found.says)}: not done; due on {in_words(found.on)}.")
