"""The page that a chat leads to: it shows nothing of anybody's, and sends whom the post was for a letter with the
forms.

Whoever reads along in the chat can have that letter sent, to its reader's own mail address, once an hour.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.render.languages import say
from scheduler.render.signed_links import MINE
from scheduler.services.app import App
from scheduler.services.cases.links_by_mail import send
from scheduler.services.still_theirs import holder
from scheduler.web.links import partnership_of, payload

from .lifecycle import FormKind, Said, refusal_at


@dataclass(frozen=True)
class MinePage:
    """The page as it is shown."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...] = ()


def _asked(app: App, db: Connection, now: datetime, token: str) -> tuple[Partnership, str]:
    """The partnership and the key of whoever the link is for. Raises BadLink, ExpiredLink, Gone."""
    said = payload(db, MINE, token, now)
    partnership = partnership_of(app, db, said["partnership"], now)
    return partnership, holder(app, db, partnership, said, now)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> MinePage:
    partnership, person = _asked(app, db, now, token)
    return MinePage(partnership.name, say("What is asked of you"), partnership.people[person].name)


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        partnership, person = _asked(app, db, now, token)
    with refusal_at(""):
        send(app, partnership.partnership, person, now)


FORM = FormKind("mine.html.j2", _shown, _taken)
