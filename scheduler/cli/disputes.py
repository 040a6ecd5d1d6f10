"""`cadence disputes`: what people say is not right, until it is settled."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.services.views.disputes import StatedDispute

_HEADS = ("number", "partnership", "about", "said by", "said at", "says", "")


@click.group(epilog='For example: cadence disputes settle 3 --because "counted anew, 0.29"')
def disputes() -> None:
    """List what people say is not right, and settle it."""


@disputes.command("list", epilog="For example: cadence disputes list --partnership acme-globex --all")
@params.partnership
@click.option("--all", "every", is_flag=True, help="Those that are settled, too.")
@params.for_
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, every: bool, organisation: str | None, as_json: bool) -> None:
    """List what people say is not right: readings that they contest, changes of a definition that they object to."""
    from scheduler.services.views import disputes as view

    with context.app() as app:
        found = view.stated(app, partnership, context.now, asked_for(organisation), every=every)
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    print_table(_HEADS, map(_row, found), empty="Nothing is disputed.")


def _row(each: "StatedDispute") -> tuple[object, ...]:
    said = each.dispute
    ended = "" if each.stands else said.how or "corrected"
    return (said.number, said.partnership, each.what, each.who, formats.minute(said.said_at), said.says, ended)


@disputes.command(epilog='For example: cadence disputes settle 3 --because "counted anew, 0.29" --by ines')
@click.argument("number", type=params.Number())
@click.option("--because", type=params.TextParam(), required=True, help="What was agreed.")
@params.by
@click.pass_obj
def settle(context: Context, number: int, because: str, by: str | None) -> None:
    """Settle the dispute NUMBER: it stands on no agenda any more."""
    from scheduler.services.cases import disputes

    with context.app(writing=True) as app:
        disputes.settle(app, number, "settled", because, by, context.now)
    click.echo(f"Dispute {number} is settled.")


@disputes.command(epilog="For example: cadence disputes withdraw 3 --by dev")
@click.argument("number", type=params.Number())
@params.by
@click.pass_obj
def withdraw(context: Context, number: int, by: str | None) -> None:
    """Withdraw the dispute NUMBER: whoever said it says so no more."""
    from scheduler.services.cases import disputes

    with context.app(writing=True) as app:
        disputes.settle(app, number, "withdrawn", None, by, context.now)
    click.echo(f"Dispute {number} is withdrawn.")
