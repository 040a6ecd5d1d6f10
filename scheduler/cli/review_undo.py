"""`cadence review reopen` and `call-off`: what was done to a review by mistake is undone."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import plain

if TYPE_CHECKING:
    from scheduler.services.cases.undoing import Undone


@click.command(epilog='For example: cadence review reopen acme-globex/pipeline/2026-W47 --because "the other one"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why; it stands in its history.")
@params.by
@click.pass_obj
def reopen(context: Context, id: str, because: str, by: str | None) -> None:
    """Open a review that was held or skipped by mistake.

    One that was skipped and is still to come is planned again, and who was told that it is off is invited anew. Of one
    that was held, minutes and who was there are kept in its history; decisions, actions and unfinished items of its
    minutes are taken back, until minutes that hold them are filed again. What somebody has called done stays done.
    """
    from scheduler.services.cases import undoing

    with context.app(writing=True) as app:
        undone = undoing.reopen(app, id, because, by, context.now)
        is_past = undone.after.as_of(context.now).status != "planned"
    stands = "unrecorded: hold or skip it" if is_past else f"planned for {formats.when(undone.after.review.start)}"
    click.echo(plain(f"{undone.after.id} is {stands}."))
    for line in _taken_back(undone):
        click.echo(plain(line))


def _taken_back(undone: "Undone") -> list[str]:
    filed = undone.taken_back
    if filed is None:
        return []
    taken = [f"  {each.id}  {each.says}" for each in filed.decisions]
    taken += [f"  {each.id}  {each.says}" for each in filed.closed]
    taken += [f"  {each.id}  {each.says}" for each in filed.closed_items]
    return ["Its minutes are kept in its history.", *(["Taken back"] if taken else []), *taken]


@click.command("call-off", epilog='For example: cadence review call-off ID --because "called for the wrong layer"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why; all partners read it.")
@params.by
@click.pass_obj
def call_off(context: Context, id: str, because: str, by: str | None) -> None:
    """Call off a formal governance review that was called by mistake.

    Everybody who was invited is told. A reason that was given by hand is over with it; a trigger that fired stays as it
    is, and calls no other review.
    """
    from scheduler.services.cases import undoing

    with context.app(writing=True) as app:
        undone = undoing.call_off(app, id, because, by, context.now)
    click.echo(plain(f"{undone.after.id} is called off: {because}"))
