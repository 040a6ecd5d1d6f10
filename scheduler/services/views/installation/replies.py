"""Answers to invitations that a person has to read, and what became of all that came."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.store.rsvps import Count
    from scheduler.store.tables import ReplyRow


class UnclearReply(NamedTuple):
    """A letter that a person has to read: who wrote it, what it is about, what it says, in words."""

    row: "ReplyRow"
    who: str
    about: str
    says: str


def unclear(app: "App", partnership: str | None, *, closed: bool) -> "Iterator[UnclearReply]":
    """Those of a partnership (None: of all), the oldest first; with `closed` those, too, that were read or count by
    now."""
    from scheduler.services.cases import unclear_replies
    from scheduler.store import partnerships, replies

    with app.store.read() as db:
        for row in replies.listing(db, partnership=partnership, closed=closed):
            of = partnerships.get(db, row.partnership)
            who = unclear_replies.who_wrote(app.in_force(of), row) if of else row.name or row.email
            yield UnclearReply(row, who, unclear_replies.about(db, row), unclear_replies.told(app, db, row, who))


def as_json(reply: UnclearReply) -> dict[str, Any]:
    """A letter as `replies list --json` shows it."""
    return reply.row.model_dump(exclude={"answers"})


def counts(app: "App") -> "Mapping[str, Count]":
    """How many letters came, and the last one when, by what became of them."""
    from scheduler.store import rsvps

    with app.store.read() as db:
        return rsvps.counts(db)
