"""The agenda of a review as a page, for the audience that its link was made for."""

from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.record.review import people_of
from scheduler.render.signed_links import AGENDA, AGENDA_IS_OPEN, BadLink
from scheduler.rules.access import Audience
from scheduler.services.app import House
from scheduler.services.pipeline.agendas import agenda_now
from scheduler.services.pipeline.agendas import page as agenda_page
from scheduler.services.state import dossier
from scheduler.store import partnerships, reviews

from .links import Gone, has_duty, holder, of_everybody, payload
from .pages import html, page
from .unit_of_work import Office

# Columns of a table are aligned by a style of their own, which only this word admits; the page runs nothing, and what
# people write into an agenda is escaped.
_STYLE = "'unsafe-inline'"


async def agenda(office: Office, request: Request) -> Response:
    """Raises StoreError, and Trouble where the agenda's file cannot be read."""
    token = request.path_params["token"]
    try:
        return html(await office.read(lambda house, db, now: _agenda(house, db, now, token)), _STYLE)
    except Gone as gone:
        return page(office.house, "gone.html.j2", 410, was_good=True, is_agenda=True, ask=gone.ask)
    except BadLink:
        return page(office.house, "gone.html.j2", 404, was_good=False, is_agenda=True, ask="")


def _agenda(house: House, db: Connection, now: datetime, token: str) -> str:
    """Raises BadLink, and Gone where the review, its layer or the organisation is there no more, where the review was
    more than 90 days ago, and where the link is its holder's no more."""
    said = payload(db, AGENDA, token, now)
    record = reviews.find(db, said["review"])
    row = partnerships.get(db, said["review"].partition("/")[0])
    organisation = said.get("organisation")
    if record is None or row is None:
        raise Gone("the review is there no more")
    known = dossier(house, db, row, now)
    if now >= record.review.end + AGENDA_IS_OPEN:
        raise Gone("the review was long ago")
    if "person" in said:
        person = holder(house, db, known.partnership, said, now)
        has_duty(known.partnership, person, people_of(record.review), now)
    if "person" not in said or "subscription" in said:
        of_everybody(db, row.id, said)
    if organisation is not None and organisation not in known.partnership.organisations:
        raise Gone("the organisation is no partner any more")
    markdown = agenda_now(house, db, known, record, Audience(organisation))
    if markdown is None:
        raise Gone("its layer is there no more")
    return agenda_page(house, record, markdown)
