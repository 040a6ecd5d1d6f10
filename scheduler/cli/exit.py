"""`cadence exit`: what winds down since a checkpoint or a formal review decided to exit."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.rules.access import asked_for
from scheduler.rules.calendar.working_days import in_words
from scheduler.services.views import exit as view

if TYPE_CHECKING:
    from scheduler.services.views.actions import ActionStanding
    from scheduler.services.views.exit import ExitStanding


@click.group("exit", epilog="For example: cadence exit show acme-globex")
def group() -> None:
    """Show what winds down, and name the day on which it ends.

    A checkpoint or a formal review decides to exit; another decision there undoes it. Tasks are done by cadence action
    done.
    """


@group.command(epilog="For example: cadence exit show acme-globex")
@click.argument("id", required=False)
@params.for_
@as_json
@click.pass_obj
def show(context: Context, id: str | None, organisation: str | None, as_json: bool) -> None:
    """Show the exit of the partnership or layer ID, or all: until when, the tasks with owners and days, the reviews.

    With --for, those of the partnerships in which that organisation is a partner.
    """
    with context.app() as app:
        found = view.exits(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    for line in _page(found):
        click.echo(plain(line))


def _page(found: "tuple[ExitStanding, ...]") -> Iterator[str]:
    if not found:
        yield "No exit is decided."
    for each in found:
        yield f"{each.name}  ({each.word.scope})"
        yield from (f"  {line}" for line in _standing(each))


def _standing(each: "ExitStanding") -> Iterator[str]:
    word, wind_down = each.word, each.word.wind_down
    if not word.is_in_force:
        yield f"the exit decided at {wind_down.review} was taken back by {each.by}: {word.because}"
        return
    first = word
    while first.replaces and first.replaces.is_in_force:
        first = first.replaces
    yield f"exit decided on {in_words(wind_down.decided_on)} at {wind_down.review}: {first.because}"
    ended = "ended" if each.ended_at else "ends"
    yield f"{ended} on {in_words(wind_down.ends)}" + (f", says {each.by}: {word.because}" if word.replaces else "")
    if each.tasks:
        yield "Tasks"
        yield from (f"  {line}" for line in map(_task, each.tasks))
    if each.obligations:
        yield "What survives"
        yield from (f"  {owed.says} ({owed.lasts})" for owed in each.obligations)
    if each.reviews:
        yield "Exit reviews"
        for record in each.reviews:
            yield f"  {formats.when(record.review.start)} {record.review.timezone}  {record.id}, {record.status}"


def _task(each: "ActionStanding") -> str:
    action, promise = each.action, each.commitment
    who = each.name or action.owner
    state = f"done: {action.done_because}" if action.done_because else each.status
    due = promise.due if promise else action.due
    return f"{due}  {state:<7}  {action.says}, by {who}  ({action.id})"


@group.command(epilog="For example: cadence exit obligations --for acme")
@click.argument("id", required=False)
@params.for_
@as_json
@click.pass_obj
def obligations(context: Context, id: str | None, organisation: str | None, as_json: bool) -> None:
    """List what outlasts the partnership ID, or all: each obligation until its last day, what ends soonest first.

    Of ended partnerships too. With --for, those of the partnerships in which that organisation is a partner.
    """
    from scheduler.services.views import obligations as listed

    with context.app() as app:
        found = listed.obligations(app, id, asked_for(organisation))
    if as_json:
        print_json_list(map(listed.as_json, found))
        return
    rows = ((each.partnership, each.lasts, each.clause.replace("_", " "), each.says) for each in found)
    print_table(("partnership", "lasts", "clause", "says"), rows, empty="Nothing outlasts a partnership on record.")


@group.command(epilog="For example: cadence exit begin acme-globex --by ines")
@click.argument("id")
@click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")
@click.pass_obj
def begin(context: Context, id: str, by: str) -> None:
    """Begin the wind-down of the partnership or layer ID whose exit was decided before cadence knew of wind-downs.

    An exit that is decided now begins by itself. Days count from today.
    """
    from scheduler.services.cases import exit as cases

    with context.app(writing=True) as app:
        word = cases.begin(app, id, by, context.now)
    click.echo(f"{id} winds down, and ends on {in_words(word.wind_down.ends)}: cadence exit show {id}")


@group.command(
    epilog='For example: cadence exit ends acme-globex 2027-06-30 --because "the notice of the agreement" --by ines'
)
@click.argument("id")
@click.argument("day", type=params.Day(calendars=True))
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")
@click.pass_obj
def ends(context: Context, id: str, day: date, because: str, by: str) -> None:
    """Name the last DAY of the partnership or layer ID, whose exit is decided.

    Tasks and exit reviews whose days count back from the end follow it.
    """
    from scheduler.services.cases import exit as cases

    with context.app(writing=True) as app:
        word = cases.end_on(app, id, day, because, by, context.now)
    click.echo(f"{id} ends on {in_words(word.wind_down.ends)}. What follows: cadence exit show {id}")


exit = group
