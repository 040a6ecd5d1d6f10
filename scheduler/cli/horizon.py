"""`cadence horizon`: terms, windows for notice, documents, checkpoints and amendments of the next two years."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.services.views.horizon import Horizon

_HEADS = ("on", "partnership", "what", "of", "to do")
_WHAT = {
    "decide": "decide by",
    "notice": "notice by",
    "ends": "ends",
    "expires": "expires",
    "binds": "binds until",
    "checkpoint": "checkpoint",
    "amendment": "new model",
    "milestone": "milestone",
    "exit": "last day",
    "resumes": "paused until",
}


@click.command(epilog="For example: cadence horizon acme-globex --for globex")
@click.argument("id", required=False)
@params.for_
@as_json
@click.pass_obj
def horizon(context: Context, id: str | None, organisation: str | None, as_json: bool) -> None:
    """List what lies ahead of the partnership ID, or of all, within two years, the soonest first.

    Terms with the days to decide and to give notice by, layers, documents, obligations, checkpoints, amendments,
    milestones, pauses. "To do" is where somebody still has to act by that day; cadence renewal records that they did.
    """
    from scheduler.services.views import horizon as view

    with context.app() as app:
        found = view.horizon(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(view.as_json(found))
        return
    print_table(_HEADS, sorted(_rows(found)), empty=f"Nothing lies ahead until {found.until}.")


def _rows(found: "Horizon") -> Iterator[tuple[str, ...]]:
    for each in found.partnerships:
        for line in each.lines:
            kind = "agreement" if line.kind == "term" else line.kind
            of = ": ".join(filter(None, (kind, line.of))) + (" (if nobody gives notice)" if line.follows else "")
            for day in line.dates:
                if found.today <= day.on <= found.until:
                    yield str(day.on), each.id, _WHAT[day.what], of, "yes" if day.is_open else ""
