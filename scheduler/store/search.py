"""What bears a word in its name, over many partnerships: asked of the database, a few of each kind.

Case does not matter as far as the database knows letters: SQLite knows those of ASCII.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from . import core_tables

_partnership, _member, _review = core_tables.partnership, core_tables.member, core_tables.review
_decision = core_tables.decision


@dataclass(frozen=True, slots=True)
class FoundPartnership:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundReview:
    id: str
    partnership: str
    title: str
    period: str
    start_utc: datetime
    status: str


@dataclass(frozen=True, slots=True)
class FoundDecision:
    id: str
    partnership: str
    says: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    partnership: str
    person: str
    name: str
    organisation_name: str | None


class SearchReach(NamedTuple):
    """Whose partnerships are looked through: those of a person by mail address, or of an organisation; with neither
    all."""

    email: str | None = None
    organisation: str | None = None

    def holds(self, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """What confines a statement to those partnerships."""
        if self.email is not None:
            return [column.in_(select(_member.c.partnership).where(_member.c.email == self.email))]
        if self.organisation is not None:
            return [column.in_(select(_member.c.partnership).where(_member.c.organisation == self.organisation))]
        return []


def partnerships(db: Connection, words: list[str], reach: SearchReach, most: int) -> list[FoundPartnership]:
    of = _partnership.c
    found = select(of.id, of.name).where(*_bears(words, of.id, of.name), *reach.holds(of.id)).order_by(of.name, of.id)
    return [FoundPartnership(*each) for each in db.execute(found.limit(most))]


def reviews(db: Connection, words: list[str], reach: SearchReach, now: datetime, most: int) -> list[FoundReview]:
    """Those that are to come first, the next one before all; then those that are past, the last one first."""
    of = _review.c
    wanted = select(*(of[each.name] for each in fields(FoundReview)))
    wanted = wanted.where(*_bears(words, of.id, of.title, of.period), *reach.holds(of.partnership))
    coming = wanted.where(of.start_utc >= now).order_by(of.start_utc, of.id)
    past = wanted.where(of.start_utc < now).order_by(of.start_utc.desc(), of.id)
    found = [*_some(db, coming, most), *_some(db, past, most)]
    return [FoundReview(*each) for each in found[:most]]


def definitions(db: Connection, words: list[str], reach: SearchReach, most: int) -> list[str]:
    """The partnerships, but those that have ended, whose definition in force has all of the words anywhere."""
    of = _partnership.c
    wanted = select(of.id).where(*_bears(words, of.definition), of.ended_at.is_(None), *reach.holds(of.id))
    return [id for (id,) in _some(db, wanted.order_by(of.id), most)]


def decisions(db: Connection, words: list[str], reach: SearchReach, most: int) -> list[FoundDecision]:
    """The last ones first, without those that were withdrawn."""
    of = _decision.c
    wanted = select(of.id, of.partnership, of.says)
    wanted = wanted.where(*_bears(words, of.id, of.says), of.withdrawn_at.is_(None), *reach.holds(of.partnership))
    return [FoundDecision(*each) for each in _some(db, wanted.order_by(of.recorded_at.desc(), of.id), most)]


def people(db: Connection, words: list[str], reach: SearchReach, most: int) -> list[FoundPerson]:
    of = _member.c
    wanted = select(of.partnership, of.person, of.name, of.organisation_name)
    wanted = wanted.where(*_bears(words, of.name, of.email), of.person.is_not(None), *reach.holds(of.partnership))
    return [FoundPerson(*each) for each in _some(db, wanted.order_by(of.name, of.partnership), most)]


def _bears(words: list[str], *columns: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """All of the words stand in one column or another."""
    return [or_(*(func.lower(column).contains(word, autoescape=True) for column in columns)) for word in words]


def _some(db: Connection, wanted: Select[Any], most: int) -> Sequence[Any]:
    return db.execute(wanted.limit(most)).all()
