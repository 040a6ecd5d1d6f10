"""The form on which somebody of a member asks for a formal review, for their organisation, or does so no more.

Once the review is called it shows that. Asked twice it is on record once.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.languages import say, sentence
from scheduler.render.signed_links import REQUEST
from scheduler.render.wording import day_words, in_a_row
from scheduler.services.app import App
from scheduler.services.cases.review_requests import RequestStanding, request, standing, withdraw
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import StoreError
from scheduler.web.links import payload

from .lifecycle import FormKind, NotKept, Said, Wrong, remark


@dataclass(frozen=True)
class RequestPage:
    """The form as it is shown; `asks` where the reader's organisation does so already, `is_called` once the review is,
    `because` is what was typed."""

    partnership: str
    title: str
    reader: str
    organisation: str
    facts: tuple[tuple[str, str, bool], ...]
    asks: bool
    is_called: bool
    because: str


def _asked(app: App, db: Connection, now: datetime, token: str) -> tuple[RequestStanding, str]:
    """What is asked for, and the key of whose link it is. Raises BadLink, ExpiredLink, and Gone where requests call
    nothing any more or the person looks after the partnership no more."""
    said = payload(db, REQUEST, token, now)
    try:
        known = standing(app, db, said["partnership"], now)
    except StoreError:
        raise
    except UserError:
        raise Gone("requests call nothing there any more") from None
    person = holder(app, db, known.partnership, said, now)
    has_duty(known.partnership, person, (), now)
    if known.partnership.organisation_of(person) is None:
        raise Gone("it is for the members")
    return known, person


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> RequestPage:
    known, person = _asked(app, db, now, token)
    organisation = _organisation(known, person)
    return RequestPage(
        partnership=known.partnership.name,
        title=say("A formal review"),
        reader=known.partnership.people[person].name,
        organisation=organisation,
        facts=tuple(_facts(known)),
        asks=organisation in known.asking,
        is_called=known.called is not None,
        because=(said or {}).get("because", ""),
    )


def _organisation(known: RequestStanding, person: str) -> str:
    return known.partnership.organisations[known.partnership.organisation_of(person) or ""].name


def _facts(known: RequestStanding) -> list[tuple[str, str, bool]]:
    found = [(say("Members that ask for it"), in_a_row(known.asking) or say("none"), False)]
    found.append(
        (
            say("So many call it"),
            say("%(number)s of %(whole)s", number=known.needed, whole=len(known.partnership.organisations)),
            False,
        )
    )
    if known.called:
        found.append((say("It is called for"), day_words(known.called.review.start.date()), False))
    return found


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        known, person = _asked(app, db, now, token)
    because, asks = remark(said, "because"), _organisation(known, person) in known.asking
    if "withdraw" in said:
        if known.called:
            raise NotKept
        if asks:
            withdraw(app, known.partnership.partnership, person, now)
        return
    if because is None:
        raise Wrong("because", InvalidValue(sentence("Say why"), sentence("all partners read it")))
    if known.called or asks:
        if _is_on_record(known, person, because):
            return
        raise NotKept
    request(app, known.partnership.partnership, because, person, now)


def _is_on_record(known: RequestStanding, person: str, because: str) -> bool:
    """Whether that is what the person said before."""
    theirs = (each for each in known.partnership.requests if each.counts and each.by == person)
    return any(each.because == " ".join(because.split()) for each in theirs)


FORM = FormKind("request.html.j2", _shown, _taken)
