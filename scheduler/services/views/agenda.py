"""The agenda of a review with the figures as they stand: what people have written into the file of it is kept."""

from datetime import datetime
from typing import TYPE_CHECKING

from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.app import App


def agenda(app: "App", id: str, organisation: str | None, now: datetime, *, html: bool) -> str:
    """The joint one, or the internal brief of an organisation, as Markdown or a page with its pictures. Raises
    `UserError`."""
    from scheduler.rules.access import JOINT, Audience
    from scheduler.services import lookup
    from scheduler.services.pipeline.agendas import agenda_now, page
    from scheduler.services.state import state_of
    from scheduler.services.views.figures import agenda_figures

    with app.store.read() as db:
        record = lookup.review(db, id)
        known = state_of(app, db, lookup.partnership(db, record.review.partnership), now)
        audience = JOINT
        if organisation is not None:
            audience = Audience(lookup.organisation(known.partnership, organisation))
        markdown = agenda_now(app, db, known, record, audience)
        if markdown is None:
            what = f"the definition no longer has the layer {record.review.layer}, so there is no agenda for {id}"
            raise UserError(what, "its minutes, if any: cadence review show " + id)
        figures = agenda_figures(known, record, audience) if html else None
        return page(app, record, markdown, figures=figures) if html else markdown
