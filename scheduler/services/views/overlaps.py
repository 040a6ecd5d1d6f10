"""The reviews that somebody cannot be at, being at another one then: of all partnerships, by the index of people and
times, and each told only to whom may see both."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.store import attendance, partnerships


def overlaps(app: App, db: Connection, ids: Iterable[str], audience: Audience) -> dict[str, tuple[str, ...]]:
    """Of each of these reviews (ids) those at its time at which somebody of it is expected too, as far as this audience
    may see them, by id; those that meet none are left out. As of the last time that their partnerships were governed.
    """
    found = attendance.at_once(db, ids)
    shown = _shown(app, db, found.values(), audience)
    told = {id: tuple(sorted(other for other in met if met[other] in shown)) for id, met in found.items()}
    return {id: others for id, others in told.items() if others}


def _shown(app: App, db: Connection, met: Iterable[Mapping[str, str]], audience: Audience) -> set[str]:
    """Those of the partnerships of these reviews that are this audience's."""
    theirs = {partnership for others in met for partnership in others.values()}
    if audience.sees_all:
        return theirs
    rows = partnerships.in_force(db, theirs)
    return {row.id for row in rows if audience.is_of(app.in_force(row).organisations)}
