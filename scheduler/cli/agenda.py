"""`cadence agenda`: the agenda of one review, on any day."""

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.domain.errors import UserError


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
    from scheduler.rules.access import JOINT, Audience
    from scheduler.services import lookup
    from scheduler.services.pipeline.agendas import agenda_now, page
    from scheduler.services.state import state_of

    with context.app() as app, app.store.read() as db:
        record = lookup.review(db, id)
        known = state_of(app, db, lookup.partnership(db, record.review.partnership), context.now)
        audience = JOINT
        if organisation is not None:
            audience = Audience(lookup.organisation(known.partnership, organisation))
        markdown = agenda_now(app, db, known, record, audience)
        if markdown is None:
            what = f"the definition no longer has the layer {record.review.layer}, so there is no agenda for {id}"
            raise UserError(what, "its minutes, if any: cadence review show " + id)
        click.echo(page(app, record, markdown) if html else markdown, nl=False)
