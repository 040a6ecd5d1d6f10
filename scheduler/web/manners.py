"""In whose manner a request is answered: that of the person who is signed in, or whose link was opened; where nobody is
known, in the language that the browser asks for.

An answer is made `speaking` in that manner. What is done by a request is done in English all the same, as everything is
that is put on record: `UnitOfWork.act` and `note` see to it.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request

from scheduler.domain.definition.people import manner_of
from scheduler.domain.errors import UserError
from scheduler.domain.ids import Id
from scheduler.domain.languages import LANGUAGES
from scheduler.domain.manner import Manner
from scheduler.services.app import App
from scheduler.services.still_theirs import holder
from scheduler.store import StoreError

from .links import partnership_of, payload

_NAMES = ("partnership", "kpi", "checkpoint", "review", "action", "proposal", "deadlock")
"""What says of which partnership a link is: each is its id, or begins with it."""
_MOST_CHARACTERS = 1000


def of_browser(request: Request, otherwise: Manner) -> Manner:
    """The manner of somebody who is not known yet: the first language that their browser accepts and for which there
    are words (RFC 9110, 12.5.4), `otherwise` where it names none."""
    asked = next((each for each in _accepted(request.headers.get("accept-language", "")) if each in LANGUAGES), None)
    is_ours = asked is None or (otherwise.language or "en").partition("-")[0] == asked
    return otherwise if is_ours else Manner(asked)


def of_link(app: App, db: Connection, purpose: str, token: str, now: datetime, otherwise: Manner) -> Manner:
    """The manner of the person whose a signed link is; `otherwise` where it is nobody's, or opens nothing any more."""
    try:
        said = payload(db, purpose, token, now)
        id = next((said[name] for name in _NAMES if name in said), None)
        if id is None or "person" not in said:
            return otherwise
        partnership = partnership_of(app, db, Id(id).partnership, now)
        person = partnership.people[holder(app, db, partnership, said, now)]
    except StoreError:
        raise
    except UserError:
        return otherwise
    return manner_of(person, partnership.organisations, app.settings.manner)


def _accepted(header: str) -> Iterator[str]:
    """The languages of a header by their ISO 639 codes, those first that are liked best; what cannot be read is left
    out."""
    liked = []
    for place, each in enumerate(header[:_MOST_CHARACTERS].split(",")):
        tag, _, weight = each.partition(";")
        try:
            how_much = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        if 0 < how_much <= 1:
            liked.append((-how_much, place, tag.strip().partition("-")[0].lower()))
    return (language for _, _, language in sorted(liked))
