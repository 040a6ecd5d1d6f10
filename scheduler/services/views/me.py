"""One's own settings: how one is told and in which language, when one is away, and whom one asks about one's data."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.cases.erasure import request_key
from scheduler.services.cases.own_settings import HowTold, how_told, own_manner
from scheduler.services.viewer import Viewer
from scheduler.store import absences, faults


@dataclass(frozen=True, slots=True)
class Away:
    """Civil dates where its person lives, both included, on which they are away by their own word; what `has_begun`
    can only be cut short."""

    first: date
    last: date
    has_begun: bool


@dataclass(frozen=True, slots=True)
class Written:
    """How one is written to by one's own word: a language (BCP 47), numbers and dates by one that shows them; None:
    as the partnerships say."""

    language: str | None
    numbers: str | None
    dates: str | None


@dataclass(frozen=True, slots=True)
class Me:
    """`told` is None for an operator of no partnership. `contact` is whom one asks about one's data, None where the
    settings name nobody; `asks_erasure` whether one has asked for it."""

    email: str
    name: str
    zone: str
    today: date
    told: HowTold | None
    written: Written
    away: tuple[Away, ...]
    contact: str | None
    asks_erasure: bool


def me(app: App, db: Connection, viewer: Viewer, today: date, now: datetime) -> Me:
    to_come = (each.days for each in absences.of_person(db, viewer.email) if each.days.last >= today)
    return Me(
        viewer.email,
        viewer.name,
        viewer.zone,
        today,
        _told(app, db, viewer.email),
        Written(*own_manner(db, viewer.email)),
        tuple(Away(each.first, each.last, each.first < today) for each in to_come),
        contact(app),
        faults.stands(db, request_key(viewer.email)),
    )


def contact(app: App) -> str | None:
    """Whom people ask about what is held of them: as the settings say, else the first operator."""
    return app.settings.privacy_contact or next(iter(app.settings.operators), None)


def _told(app: App, db: Connection, email: str) -> HowTold | None:
    try:
        return how_told(app, db, email)
    except UserError:
        return None
