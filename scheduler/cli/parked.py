"""`cadence parked`: what minutes left unfinished, until somebody closes it."""

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table

_HEADS = ("item", "parked", "status", "says", "remarks")


@click.group(epilog='For example: cadence parked close "acme-globex/operating/2026-12#P1" --because "in the budget"')
def parked() -> None:
    """List what minutes left unfinished, and close it.

    An item comes back in each next agenda of its series until it is closed: by its box ticked in later minutes, by an
    action with its words, or here. Its ID is its review's and a number: <review>#P<n>.
    """


@parked.command("list", epilog="For example: cadence parked list --partnership acme-globex")
@params.partnership
@click.option("--open/--all", "only_open", default=True, help="Only what is not closed (the default), or everything.")
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, only_open: bool, as_json: bool) -> None:
    """List the items that minutes left unfinished, the oldest first."""
    from scheduler.services.views import parked as view

    with context.app() as app:
        found = view.parked(app, partnership, context.now, only_open=only_open)
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    cells = [
        (each.id, each.parked_at.date(), view.status(each), each.says, each.closed_because or "") for each in found
    ]
    print_table(_HEADS, cells, empty="Nothing is parked." if only_open else "Nothing was ever parked.")


@parked.command(epilog='For example: cadence parked close "acme-globex/operating/2026-12#P1" --because "in the budget"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why it need not come back.")
@params.by
@click.pass_obj
def close(context: Context, id: str, because: str, by: str | None) -> None:
    """Close the item ID: it comes back in no agenda, and stays on record."""
    from scheduler.services.cases import parked_items

    with context.app(writing=True) as app:
        item = parked_items.close(app, id, because, by, context.now)
    click.echo(f"{item.id} is closed: {plain(item.says)}")
