"""`cadence review call`: a formal governance review by hand."""

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import plain
from scheduler.domain.record.review import Recorded


@click.command(epilog='For example: cadence review call acme-globex --because "the Halden line stands still" --by ines')
@click.argument("scope", metavar="PARTNERSHIP[/LAYER]")
@click.option("--because", type=params.TextParam(), required=True, help="What calls for it; all partners read it.")
@params.by
@click.pass_obj
def call(context: Context, scope: str, because: str, by: str | None) -> None:
    """Call a formal governance review, on the first working day that its notice allows.

    Where one that was called is still to come, the reason goes on its agenda and no second one is called.
    """
    from scheduler.services.cases import formal_review

    with context.app(writing=True) as app:
        called = formal_review.call(app, scope, because, by, context.now)
        sends = app.settings.mail.sender is not None
    click.echo(_said(called.record, joins=called.joins, sends=sends))
    for line in called.notes:
        click.echo(f"Note: {plain(line)}")


def _said(record: Recorded, *, joins: bool, sends: bool) -> str:
    when = f"{formats.when(record.review.start)} {record.review.timezone}"
    if joins:
        return f"{record.id} is to come on {when}; the reason goes on its agenda."
    clocks = ", ".join(f"{name.replace('_', ' ')} {day}" for name, day in record.review.clocks)
    follows = "Invitations and its agenda follow with the next cycle."
    if not sends:
        follows = (
            "Its agenda follows with the next cycle. Nobody is invited by letter: the settings name no mail.sender."
        )
    return plain(f"Called: {record.id} on {when} ({clocks}). {follows}")
