"""`cadence list`: the partnerships under governance."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table
from scheduler.rules.access import asked_for
from scheduler.services.views import portfolio as view

if TYPE_CHECKING:
    from scheduler.services.views.portfolio import PortfolioEntry

_HEADS = ("id", "name", "model", "state", "next review", "when", "overdue")


@click.command("list", epilog="For example: cadence list --json")
@params.for_
@as_json
@click.pass_obj
def listing(context: Context, organisation: str | None, as_json: bool) -> None:
    """List the partnerships: model, state, next review, overdue KPIs as of the last cycle.

    This is the operator's list and counts KPIs of every level; --for shows what one organisation may see.
    """
    with context.app() as app:
        found = view.portfolio(app, context.now, asked_for(organisation))
    if as_json:
        print_json_list(map(view.as_json, found))
    else:
        empty = "There are no partnerships yet. Definitions are taken up by: cadence once"
        print_table(_HEADS, map(_row, found), empty, ("model", "when"))


list = listing


def _row(each: "PortfolioEntry") -> tuple[object, ...]:
    return (
        each.id,
        each.name,
        each.model.replace("_", " "),
        view.in_words(each.state),
        each.next_review,
        formats.in_zone(each.next_start),
        each.overdue or "",
    )
