"""A member of a partnership asks for a formal review, or does so no more; enough of them call one, as its triggers say.

Whoever asks does so for their organisation: it counts once, whoever of it says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import Requested
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import remembered
from scheduler.store import partnerships, reviews, trigger_events


@dataclass(frozen=True)
class RequestStanding:
    """Who asks for a formal review (names of members), how many have to, and the review that was called for it."""

    partnership: Partnership
    asking: tuple[str, ...]
    needed: int
    called: Recorded | None = None


def standing(app: App, db: Connection, id: str, now: datetime) -> RequestStanding:
    """Raises `UserError` for an unknown or ended partnership, and for one in which requests call nothing."""
    row = lookup.not_ended(lookup.partnership(db, id))
    state = remembered(app, db, row, now)
    partnership = state.partnership
    trigger = next((each for each in partnership.triggers if isinstance(each, Requested)), None)
    if trigger is None:
        what = f"no trigger of {id} counts the requests of its members"
        raise UserError(what, "agree on one, such as {when: requested, share: 1/3}; or call one: cadence review call")
    umbrella = state.situations[0]
    since = umbrella.since("requested")
    asking = {
        each.organisation: partnership.organisations[each.organisation].name
        for each in partnership.requests
        if each.counts and each.organisation in partnership.organisations and umbrella.day_of(each.said_at) > since
    }
    called = next(
        (
            each.review
            for each in reversed(trigger_events.of_partnership(db, id))
            if each.cause.matter == "requested" and each.is_open
        ),
        None,
    )
    found = reviews.find(db, called) if called else None
    return RequestStanding(partnership, tuple(asking.values()), trigger.needed(len(partnership.organisations)), found)


def request(app: App, id: str, because: str, by: str, now: datetime) -> RequestStanding:
    """Somebody asks for their organisation. Asked twice it is on record once. Raises as `standing` does, and for
    somebody of no organisation."""
    with app.store.write(id) as db:
        known = standing(app, db, id, now)
        partnership = known.partnership
        person = lookup.person(partnership, by) or by
        of = partnership.organisation_of(person)
        if of is None:
            what = f"{partnership.name_of(person)} is of no member of {id}"
            raise UserError(what, "a person of one of its organisations asks")
        if partnership.organisations[of].name not in known.asking:
            asked = ReviewRequest(of, person, " ".join(because.split()), now)
            partnerships.keep_requests(db, id, (*partnership.requests, asked))
            partnerships.touch(db, [id])
            govern_in(app, db, id, now)
        return standing(app, db, id, now)


def withdraw(app: App, id: str, by: str, now: datetime) -> RequestStanding:
    """Their organisation asks for it no more. Raises as `request` does, and where it does not ask."""
    with app.store.write(id) as db:
        known = standing(app, db, id, now)
        of = known.partnership.organisation_of(lookup.person(known.partnership, by) or by)
        if of is None or not any(each.counts and each.organisation == of for each in known.partnership.requests):
            raise UserError(f"the organisation of {by} asks for no formal review of {id}", "see cadence triggers")
        words = (
            replace(each, withdrawn_at=now) if each.counts and each.organisation == of else each
            for each in known.partnership.requests
        )
        partnerships.keep_requests(db, id, tuple(words))
        partnerships.touch(db, [id])
        govern_in(app, db, id, now)
        return standing(app, db, id, now)
