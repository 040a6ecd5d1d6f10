"""`cadence agenda`: the agenda of one review, on any day."""

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.command(epilog="For example: cadence agenda acme-globex/operating/2026-12 --for acme")
@click.argument("id")
@params.for_
@click.option("--html", is_flag=True, help="A page that prints well, instead of Markdown.")
@click.pass_obj
def agenda(context: Context, id: str, organisation: str | None, html: bool) -> None:
    """Print the agenda of the review ID with the figures as they stand: the joint one or, with --for, an
    organisation's internal brief.

    What people have written into the daemon's file of it is kept.
    """
    from scheduler.services.views.agenda import agenda as view

    with context.app() as app:
        click.echo(view(app, id, organisation, context.now, html=html), nl=False)
