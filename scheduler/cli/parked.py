"""`cadence parked`: what minutes left unfinished, until somebody closes it."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.domain.record.minutes import ParkedItem

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
    from scheduler.services import lookup as naming
    from scheduler.services.cases.parked_items import items_of
    from scheduler.store import reviews

    found: list[ParkedItem] = []
    with context.app() as app, app.store.read() as db:
        for row in [naming.partnership(db, partnership)] if partnership else list(naming.partnerships(db, None)):
            items = items_of(db, app.in_force(row), reviews.recorded(db, row.id), context.now)
            found += [each for each in items if each.is_open or not only_open]
    if as_json:
        print_json_list({**asdict(each), "status": _status(each)} for each in found)
        return
    cells = [(each.id, each.parked_at.date(), _status(each), each.says, each.closed_because or "") for each in found]
    print_table(_HEADS, cells, empty="Nothing is parked." if only_open else "Nothing was ever parked.")


def _status(item: "ParkedItem") -> str:
    return "open" if item.is_open else "closed"


@parked.command(epilog='For example: cadence parked close "acme-globex/operating/2026-12#P1" --because "in the budget"')
@click.argument("id")
@click.option("--because", type=params.Words(), required=True, help="Why it need not come back.")
@params.by
@click.pass_obj
def close(context: Context, id: str, because: str, by: str | None) -> None:
    """Close the item ID: it comes back in no agenda, and stays on record."""
    from scheduler.services import lookup as naming
    from scheduler.services.cases.parked_items import put_on_record
    from scheduler.services.pipeline.govern import govern_in
    from scheduler.store import parked as store
    from scheduler.store import reviews

    with context.app(writing=True) as app, app.store.write() as db:
        row = naming.partnership(db, id.partition("/")[0])
        definition = app.in_force(row)
        items = {each.id: each for each in put_on_record(db, definition, reviews.recorded(db, row.id), context.now)}
        if id not in items:
            raise naming.unknown("item", id, list(items), f"cadence parked list --partnership {row.id} lists them")
        item, person = items[id], naming.person(definition, by)
        if not item.is_open:
            raise UserError(f"{item.id} is closed already: {item.closed_because}", "cadence parked list --all shows it")
        store.save(db, [replace(item, closed_at=context.now, closed_by=person, closed_because=because)])
        govern_in(app, db, row.id, context.now)
    click.echo(f"{item.id} is closed: {plain(item.says)}")
