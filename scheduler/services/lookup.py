"""What people call things, found: a partnership, a review, a KPI, a person. A name of nothing is told with the nearest
name there is."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from scheduler.definitions.naming import person, unknown
from scheduler.definitions.problems import quoted
from scheduler.domain.errors import UserError
from scheduler.domain.ids import ReviewId

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow

__all__ = [
    "checkpoint",
    "deciding",
    "few",
    "known_partnership",
    "organisation",
    "partnership",
    "partnerships",
    "partnerships_of",
    "person",
    "review",
    "unknown",
]
_FEW = 3


def partnership(db: "Connection", id: str) -> "PartnershipRow":
    """The partnership of that id. Raises `UserError`."""
    from scheduler.store import partnerships

    row = partnerships.get(db, id)
    if row is None:
        raise _no_such_partnership(db, id)
    return row


def known_partnership(db: "Connection", id: str) -> str:
    """The same id, where there is such a partnership. Raises `UserError`."""
    from scheduler.store import partnerships

    if not partnerships.is_there(db, id):
        raise _no_such_partnership(db, id)
    return id


def _no_such_partnership(db: "Connection", id: str) -> UserError:
    from scheduler.store import partnerships

    known = partnerships.ids(db)
    way_out = "cadence list shows them all" if known else "nothing is taken up yet: run cadence once"
    return unknown("partnership", id, known, way_out)


def not_ended(row: "PartnershipRow") -> "PartnershipRow":
    """The same partnership. Raises `UserError` for one that was ended: nothing can be done in it any more."""
    if row.ended_at:
        raise UserError(f"{row.id} was ended on {row.ended_at.date()}", "its history stays as it is")
    return row


def partnerships(db: "Connection", id: str | None) -> "Iterator[PartnershipRow]":
    """That partnership, or without an id every one. Raises `UserError`."""
    from scheduler.store import partnerships as store

    return store.listing(db) if id is None else iter([partnership(db, id)])


def partnerships_of(
    app: "App", db: "Connection", id: str | None, organisation: str | None
) -> "Iterator[PartnershipRow]":
    """That partnership, or every one; with an organisation only where it is a partner. Raises `UserError`."""
    known, found = dict[str, None](), False
    for row in partnerships(db, id):
        partners = app.in_force(row).organisations if organisation is not None else {}
        known |= dict.fromkeys(partners)
        if organisation is None or organisation in partners:
            found = True
            yield row
    if organisation is not None and not found:
        raise unknown("organisation", organisation, known, "cadence show ID tells who the partners are")


def review(db: "Connection", id: str) -> "Recorded":
    """The review of that id; one whose series or layer was renamed also by the id that it would bear today. Raises
    `UserError`, with the next ones where only a series is named."""
    from scheduler.rules.reviews.identity import as_planned
    from scheduler.store import reviews

    record = reviews.find(db, id)
    if record is not None:
        return record
    owner = ReviewId(id).partnership
    partnership(db, owner)
    known = reviews.recorded(db, owner)
    renamed = {as_planned(each.review): each for each in known.values()}
    if id in renamed:
        return renamed[id]
    named, series = f"{id.rstrip('/')}/", id.rstrip("/")
    of_the_series = [each for each in known if each.startswith(named) or known[each].review.series_id == series]
    if of_the_series:
        coming = (other for other in of_the_series if known[other].status == "planned")
        what = f"{quoted(id)} is more than one review"
        raise UserError(what, f"name one of them, like {next(coming, of_the_series[0])}")
    raise unknown("review", id, known, f"cadence reviews --partnership {owner} lists them")


def checkpoint(db: "Connection", id: str) -> "Recorded":
    """The checkpoint of that id or, of a partnership or a layer, the last not cancelled. Raises `UserError`."""
    from scheduler.domain.definition.vocabulary import Kind, Status
    from scheduler.store import reviews

    row = partnership(db, ReviewId(id).partnership)
    held = {each.id: each for each in reviews.recorded(db, row.id).values() if each.review.kind is Kind.CHECKPOINT}
    if id in held:
        return held[id]
    of_scope = [each for each in held.values() if each.review.scope_id == id.rstrip("/")]
    if of_scope:
        return next((each for each in reversed(of_scope) if each.status is not Status.CANCELLED), of_scope[-1])
    known = [*held, *(each.review.scope_id for each in held.values())]
    way_out = f"{row.id} has {', '.join(held)}" if held else "see cadence plan: the agreement may end before its day"
    raise unknown("checkpoint", id, known, way_out)


def deciding(db: "Connection", id: str) -> "Recorded":
    """The checkpoint or formal review of that id; the last formal review where its series is named, the last checkpoint
    where a partnership or a layer is. Raises `UserError`."""
    from scheduler.domain.definition.vocabulary import Kind, Status
    from scheduler.store import reviews

    row = partnership(db, ReviewId(id).partnership)
    called = [each for each in reviews.recorded(db, row.id).values() if each.review.kind is Kind.FORMAL_REVIEW]
    mine = [each for each in called if id.rstrip("/") in (each.id, each.review.series_id)]
    if mine:
        return next((each for each in reversed(mine) if each.status is not Status.CANCELLED), mine[-1])
    if Kind.FORMAL_REVIEW.value in id.split("/"):
        known = [each.id for each in called]
        raise unknown("formal review", id, known, f"cadence reviews --partnership {row.id} lists them")
    return checkpoint(db, id)


def organisation(definition: "Partnership", written: str) -> str:
    """The key of an organisation of the partnership. Raises `UserError`."""
    if written not in definition.organisations:
        known = list(definition.organisations)
        raise unknown("organisation", written, known, f"{definition.partnership} has {', '.join(known)}")
    return written


def few(names: Collection[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(list(names)[:_FEW])
    return shown + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
