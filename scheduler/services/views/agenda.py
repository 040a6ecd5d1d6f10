"""The agenda of a review with the figures as they stand: what people have written into the file of it is kept."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.pipeline.agendas import AsRead
    from scheduler.services.state import PartnershipState


def agenda(app: "App", id: str, organisation: str | None, now: datetime, *, html: bool) -> str:
    """The joint one, or the internal brief of an organisation, as Markdown or a page with its pictures. Raises
    `UserError`."""
    from scheduler.render.languages import speaking
    from scheduler.services.pipeline.agendas import page
    from scheduler.services.views.figures import agenda_figures

    with app.store.read() as db:
        found = _found(app, db, id, organisation, now)
        if not html:
            return found.read.text
        with speaking(found.read.manner):
            figures = agenda_figures(found.known, found.record, found.audience)
        return page(app, found.record, found.read.text, found.read.manner, figures=figures).text


def as_word_file(app: "App", id: str, organisation: str | None, now: datetime) -> bytes:
    """The same for Word. Raises `UserError`."""
    from scheduler.render.languages import speaking
    from scheduler.services.views.word_files import agenda_file

    with app.store.read() as db:
        found = _found(app, db, id, organisation, now)
    with speaking(found.read.manner):
        return agenda_file(app, found.record, found.read.text, now)


class _Found(NamedTuple):
    known: "PartnershipState"
    record: "Recorded"
    audience: "Audience"
    read: "AsRead"


def _found(app: "App", db: "Connection", id: str, organisation: str | None, now: datetime) -> _Found:
    from scheduler.rules.access import JOINT, Audience
    from scheduler.services import lookup
    from scheduler.services.pipeline.agendas import agenda_as_read
    from scheduler.services.state import state_of

    record = lookup.review(db, id)
    known = state_of(app, db, lookup.partnership(db, record.review.partnership), now)
    audience = JOINT
    if organisation is not None:
        audience = Audience(lookup.organisation(known.partnership, organisation))
    read = agenda_as_read(app, db, known, record, audience)
    if read is None:
        what = f"the definition no longer has the layer {record.review.layer}, so there is no agenda for {id}"
        raise UserError(what, "its minutes, if any: cadence review show " + id)
    return _Found(known, record, audience, read)
