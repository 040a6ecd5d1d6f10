"""What a link opens: its payload, where it was signed here and is still good."""

from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.trouble import Trouble
from scheduler.publish.links import BadLink, opened
from scheduler.store import secrets


class Gone(Trouble):
    """The link was good, and what it was for is there no more, or is this person's no more: the two are told alike."""


def payload(db: Connection, purpose: str, token: str, now: datetime) -> dict[str, str]:
    """What a link carries; what it says of nobody is left out. Raises BadLink, ExpiredLink."""
    key = secrets.known_signing_key(db)
    if key is None:
        raise BadLink("no link was ever given out here")
    return {name: value for name, value in opened(key, purpose, token, now).items() if value is not None}
