"""What a link opens: its payload, where it was signed here and is still good, and what it names, where that is still
there. Whether it is still its holder's: `services/still_theirs`."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.review import Recorded
from scheduler.render.signed_links import BadLink, opened, subscription_seal
from scheduler.services.app import App
from scheduler.services.still_theirs import Gone
from scheduler.store import link_revocations, partnerships, reviews, secrets, subscriptions


def payload(db: Connection, purpose: str, token: str, now: datetime) -> dict[str, str]:
    """What a link carries; what it says of nobody is left out. Raises BadLink, ExpiredLink."""
    keys = secrets.verifying_keys(db)
    if not keys:
        raise BadLink("no link was ever given out here")
    return {name: value for name, value in opened(keys, purpose, token, now).items() if value is not None}


def partnership_of(app: App, db: Connection, id: str, now: datetime) -> Partnership:
    """The partnership of that id, as it stands. Raises Gone where it is not there, or has ended."""
    row = partnerships.get(db, id)
    if row is None or row.ended_at:
        raise Gone("its partnership has ended")
    return app.in_force(row).as_of(now)


def review_of(
    app: App, db: Connection, id: str, now: datetime, closed: Collection[Status] = ()
) -> tuple[Recorded, Partnership]:
    """The review of that id, and its partnership as it stands. Raises Gone where either is not there any more, or the
    review is `closed`."""
    record = reviews.find(db, id)
    if record is None or record.status in closed:
        raise Gone("its review is not held")
    return record, partnership_of(app, db, ReviewId(id).partnership, now)


def of_everybody(db: Connection, partnership: str, said: dict[str, str]) -> None:
    """Check a link that names no person. Raises Gone where it was revoked, or its subscription has ended."""
    if "subscription" in said:
        row = subscriptions.get(db, int(said["subscription"]))
        seal = subscription_seal(row.token_hash) if row and row.revoked_at is None else None
        if seal is None or seal != said.get("subscription_seal"):
            raise Gone("the calendar that it stands in was revoked")
    elif link_revocations.revocations(db, partnership).of_everybody():
        raise Gone("the links of the partnership were revoked")
