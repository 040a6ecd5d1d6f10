"""The agenda of a review as a page, for the audience that its link was made for."""

from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of
from scheduler.domain.ids import ReviewId
from scheduler.domain.link_life import AGENDA_IS_OPEN
from scheduler.domain.manner import Manner
from scheduler.domain.record.review import people_of
from scheduler.render.agenda.markdown import readers_time
from scheduler.render.languages import say, speaking
from scheduler.render.signed_links import AGENDA, BadLink
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.pipeline.agendas import agenda_as_read
from scheduler.services.pipeline.agendas import page as agenda_page
from scheduler.services.state import state_of
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.services.views.figures import agenda_figures
from scheduler.store import partnerships, reviews

from .contest_links import contest_links, with_links
from .links import of_everybody, payload
from .pages import html, page
from .unit_of_work import UnitOfWork

# The page is a file, too, so its style stands in it, and the operator's logo; it runs nothing, and what people write
# into an agenda is escaped.
_STYLE = "'unsafe-inline'; img-src data:"


async def agenda(unit_of_work: UnitOfWork, request: Request) -> Response:
    """Raises StoreError, and UserError where the agenda's file cannot be read."""
    token = request.path_params["token"]
    try:
        return html(await unit_of_work.read(lambda app, db, now: _agenda(app, db, now, token)), _STYLE)
    except Gone as gone:
        return page(unit_of_work.app, "gone.html.j2", 410, was_good=True, is_agenda=True, ask=gone.ask)
    except BadLink:
        return page(unit_of_work.app, "gone.html.j2", 404, was_good=False, is_agenda=True, ask="")


def _agenda(app: App, db: Connection, now: datetime, token: str) -> str:
    """Raises BadLink, and Gone where the review, its layer or the organisation is there no more, where the review was
    more than 90 days ago, and where the link is its holder's no more."""
    said = payload(db, AGENDA, token, now)
    record = reviews.find(db, said["review"])
    row = partnerships.get(db, ReviewId(said["review"]).partnership)
    organisation = said.get("organisation")
    if record is None or row is None:
        raise Gone("the review is there no more")
    known = state_of(app, db, row, now)
    if now >= record.review.end + AGENDA_IS_OPEN:
        raise Gone("the review was long ago")
    person: str | None = None
    if "person" in said:
        person = holder(app, db, known.partnership, said, now)
        has_duty(known.partnership, person, people_of(record.review), now)
    if "person" not in said or "subscription" in said:
        of_everybody(db, row.id, said)
    if organisation is not None and organisation not in known.partnership.organisations:
        raise Gone("the organisation is no partner any more")
    person_manner = _manner(app, known.partnership, person)
    read = agenda_as_read(app, db, known, record, Audience(organisation), person_manner)
    if read is None:
        raise Gone("its layer is there no more")
    with speaking(read.manner):
        more = []
        if person and organisation is None:
            if answering := known.answer_link(record, person):
                words = say("Say whether you come, or propose another time")
                more.append(f"\n[{words}]({answering})\n")
            if adding := known.item_link(record, person):
                words = say("Add an item to this agenda")
                more.append(f"\n[{words}]({adding})\n")
            if links := contest_links(known, record, person, now):
                more.append(with_links(links))
        reader = readers_time(known.partnership, record.review, person) if person else None
        figures = agenda_figures(known, record, Audience(organisation))
    return agenda_page(app, record, "\n".join([read.text, *more]), read.manner, reader, figures).text


def _manner(app: App, partnership: Partnership, person: str | None) -> Manner | None:
    """How the holder of a link is written to; None for a link that is nobody's own."""
    who = partnership.people.get(person or "")
    return manner_of(who, partnership.organisations, app.settings.manner) if who else None
