"""Agendas: what people made of them, and as which files we last wrote them.

What counts is the newest version; a file is a copy. One whose digest differs from that on record was edited by a
person since, and is read back as a version. A digest is announced before its file is written and remembered after it:
whoever is cut off in between knows the file as ours all the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.agenda_version import AgendaVersion

from . import core_tables
from .statements import insert_many, upsert

_agenda, _version, _review = core_tables.agenda, core_tables.agenda_version, core_tables.review
_AT_ONCE = 200
_COLUMNS = tuple(field.name for field in fields(AgendaVersion))


def digest(db: Connection, review: str, audience: str | None = None) -> str | None:
    """The digest of what we last wrote for an organisation's internal brief, or without one the joint agenda."""
    mine = (_agenda.c.review == review, _agenda.c.audience == (audience or ""))
    return db.scalar(select(_agenda.c.digest).where(*mine))


def written_of(db: Connection, partnership: str) -> set[str]:
    """The reviews of a partnership for which an agenda was ever written."""
    # A review's id begins with its partnership's and a slash; "0" is what follows the slash.
    theirs = (_agenda.c.review > f"{partnership}/", _agenda.c.review < f"{partnership}0")
    return set(db.scalars(select(_agenda.c.review).where(*theirs)))


class OnRecord(NamedTuple):
    """An agenda that was written, of an organisation or (None) the joint one, and the digests of its file."""

    partnership: str
    review: str
    organisation: str | None
    digests: frozenset[str]


def on_record(db: Connection, partnerships: Collection[str], now: datetime) -> Iterator[OnRecord]:
    """The agendas of these partnerships' reviews to come."""
    to_come = (_review.c.status == Status.PLANNED, _review.c.end_utc >= now)
    wanted = select(_review.c.partnership, _agenda.c.review, _agenda.c.audience, _agenda.c.digest)
    wanted = wanted.join(_review, _review.c.id == _agenda.c.review).where(*to_come)
    walk = iter(sorted(partnerships))
    while batch := list(islice(walk, _AT_ONCE)):
        for row in db.execute(wanted.where(_review.c.partnership.in_(batch))):
            yield OnRecord(row.partnership, row.review, row.audience or None, frozenset(row.digest.split()))


def remember(db: Connection, review: str, audience: str | None, digest: str, at: datetime, version: int = 0) -> None:
    """Keep the digest of an agenda's file, and from which version it was written, in the transaction that writes it."""
    row = {"review": review, "audience": audience or "", "digest": digest, "written_at": at, "version": version}
    upsert(db, _agenda, [row])


def remember_all(db: Connection, written: Collection[tuple[str, str | None, str, int]], at: datetime) -> None:
    """The same of many, each a review, an organisation, the digest and the version; those that are known so are left as
    they are."""
    known = _known_of(db, {review for review, *_ in written})
    rows = [
        {"review": review, "audience": audience or "", "digest": digest, "written_at": at, "version": version}
        for review, audience, digest, version in written
        if known.get((review, audience or "")) != (digest, version)
    ]
    upsert(db, _agenda, rows)


def _known_of(db: Connection, reviews: Collection[str]) -> dict[tuple[str, str], tuple[str, int]]:
    wanted = select(_agenda.c.review, _agenda.c.audience, _agenda.c.digest, _agenda.c.version)
    walk, found = iter(sorted(reviews)), {}
    while batch := list(islice(walk, _AT_ONCE)):
        for row in db.execute(wanted.where(_agenda.c.review.in_(batch))):
            found[row.review, row.audience] = row.digest, row.version
    return found


def announce(db: Connection, review: str, audience: str | None, digest: str, at: datetime) -> None:
    """Add the digest of an agenda that is about to be written to what is known of it, until `remember` settles it."""
    known = _known(db, review, audience)
    if digest not in known:
        remember(db, review, audience, " ".join([*known, digest]), at, written_from(db, review, audience))


def written_from(db: Connection, review: str, audience: str | None) -> int:
    """The number of the version from which the file was last written; 0 for the template's own."""
    mine = (_agenda.c.review == review, _agenda.c.audience == (audience or ""))
    return db.scalar(select(_agenda.c.version).where(*mine)) or 0


def is_ours(db: Connection, review: str, audience: str | None, digest: str) -> bool:
    """Whether we wrote the agenda of this digest last, or were about to when we were cut off."""
    return digest in _known(db, review, audience)


def _known(db: Connection, review: str, audience: str | None) -> list[str]:
    return (digest(db, review, audience) or "").split()


# What people made of them ------------------------------------------------------------------------------------------


def versions(db: Connection, review: str, audience: str | None) -> list[AgendaVersion]:
    """Every edit of the joint agenda (audience None) or of an organisation's internal brief, oldest first."""
    mine = (_version.c.review == review, _version.c.audience == (audience or ""))
    rows = db.execute(select(_version).where(*mine).order_by(_version.c.number)).mappings()
    return [_as_version(row) for row in rows]


def latest(db: Connection, review: str, audience: str | None) -> AgendaVersion | None:
    """The edit that counts."""
    return next(reversed(versions(db, review, audience)), None)


def numbers(db: Connection, partnership: str) -> dict[tuple[str, str | None], int]:
    """The number of the newest version of each agenda of a partnership that was ever edited."""
    wanted = select(_version.c.review, _version.c.audience, _version.c.number)
    rows = db.execute(wanted.where(_version.c.partnership == partnership).order_by(_version.c.number)).all()
    return {(row.review, row.audience or None): row.number for row in rows}


def add(db: Connection, version: AgendaVersion) -> None:
    """Keep an edit. Nothing is ever removed."""
    partnership = ReviewId(version.review).partnership
    insert_many(db, _version, [{**asdict(version), "audience": version.audience or "", "partnership": partnership}])


def _as_version(row: Any) -> AgendaVersion:
    return AgendaVersion(**{name: row[name] for name in _COLUMNS} | {"audience": row["audience"] or None})
