"""The seals of partnerships: how far each chain reaches, its head, and whether the record is as it was sealed."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.services.evidence.checking import SealStanding


def standings(app: "App", id: str | None) -> "Iterator[SealStanding]":
    """How the record of that partnership, or of each, stands to its seals. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.services.evidence.checking import standing
    from scheduler.store import partnerships

    with app.store.read() as db:
        ids = [lookup.known_partnership(db, id)] if id else partnerships.ids(db)
    for each in ids:
        with app.store.read() as db:
            yield standing(db, each)


def as_json(each: "SealStanding") -> dict[str, Any]:
    return {**asdict(each), "faults": [{**asdict(fault), "says": fault.says} for fault in each.faults]}
