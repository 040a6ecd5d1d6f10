"""`cadence triggers`: how near each trigger is to firing, what has fired, and which review it called."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.rules.access import asked_for
from scheduler.services.views import triggers as view

if TYPE_CHECKING:
    from scheduler.services.views.triggers import Fired, Near

_HEADS = ("scope", "trigger", "watches", "holds", "how near", "fires on", "internal to")
_FIRED = ("scope", "fired on", "what", "review", "state", "internal to")


@click.command(epilog="For example: cadence triggers acme-globex")
@click.argument("partnership", required=False)
@params.for_
@as_json
@click.pass_obj
def triggers(context: Context, partnership: str | None, organisation: str | None, as_json: bool) -> None:
    """Tell how near each trigger is to calling a formal governance review, and what has fired.

    This is the operator's list and shows KPIs of every level; --for shows what one organisation may see.
    """
    with context.app() as app:
        found = view.triggers(app, partnership, context.now, asked_for(organisation))
    if as_json:
        print_json(view.as_json(found))
        return
    print_table(_HEADS, map(_row, found.near), empty="No trigger is in force.", may_go=("internal to", "watches"))
    click.echo()
    print_table(_FIRED, map(_fired_row, found.fired), empty="Nothing has fired.")


def _row(near: "Near") -> tuple[object, ...]:
    each = near.forecast
    about = each.about.removeprefix(f"{each.scope}/")
    return each.scope, each.trigger, about, "yes" if each.holds else "", each.says, each.fires_on, each.of


def _fired_row(fired: "Fired") -> tuple[object, ...]:
    event, cause = fired.event, fired.event.cause
    ended = f"ended {event.ended_at.date()}" if event.ended_at else "open"
    status = fired.review.status if fired.review else None
    review = f"{event.review} ({status})" if event.review else "none"
    return cause.scope, cause.fired_on, cause.says, review, ended, cause.of
