"""`cadence clock`: what the clock says, held against the record, and a person's word that it is right."""

from datetime import UTC

import click

from scheduler.cli import formats
from scheduler.cli.context import Context
from scheduler.domain.errors import UserError


@click.group(epilog="For example: cadence clock confirm")
def clock() -> None:
    """Hold the clock against the record.

    Where it leaps by more than a day, or is behind the record, nothing is told until it has said so for ten minutes, or
    until a person confirms it. Where the database is a server, a host whose clock is more than a day off the server's
    tells nothing until the two agree, or until a person confirms it on that host.
    """


@clock.command(epilog="For example: cadence clock show")
@click.pass_obj
def show(context: Context) -> int:
    """Tell what the clock says, how far the record reaches, and whether the clock is believed. Exits 1 where it is not,
    or is behind the record."""
    from scheduler.services.views.installation.clock import clock as standing_of

    with context.app() as app:
        newest, standing = standing_of(app)
    click.echo(f"the clock says   {formats.when(context.now.astimezone(UTC))} UTC")
    click.echo(f"newest on record {formats.when(newest)} UTC" if newest else "nothing is on record yet")
    for each in standing:
        click.echo(f"{each.what}\n  {each.hint}")
    return 1 if standing else 0


@clock.command(epilog="For example: cadence clock confirm")
@click.pass_obj
def confirm(context: Context) -> None:
    """Say that the clock is right. What was told of days that have not come is put back, and told when they come."""
    from scheduler.services.pipeline import clock_check

    if context.given_now is not None and not context.is_free:
        raise UserError("the clock that is confirmed is the machine's", "call it without --now")
    with context.app(writing=True) as app:
        newest = clock_check.confirm(app, context.now)
    click.echo(f"The clock is right: {formats.when(context.now.astimezone(UTC))} UTC.")
    if newest:
        click.echo(
            f"The record holds moments up to {formats.when(newest)} UTC; that is known now, and no fault any more."
        )
