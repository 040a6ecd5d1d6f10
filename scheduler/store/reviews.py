"""Reviews as they are remembered, and every change that ever befell them."""

from collections import namedtuple
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, func, select, update

from scheduler.domain.definition.vocabulary import Kind, Model, Status
from scheduler.domain.ids import ReviewId, SeriesId
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.event import Event, EventType
from scheduler.domain.record.review import Move, Recorded, Review

from . import core_tables, events, partnerships
from .statements import insert_many, upsert

_review = core_tables.review
_revision = core_tables.revision
_Columns: Any = namedtuple("_Columns", _review.columns.keys())  # type: ignore[misc]  # the table has the names
"""A row whose columns are read by name ten times as fast as SQLAlchemy's; a listing reads each of them."""

Action = Literal["schedule", "move", "revise", "cancel", "hold", "skip", "reopen"]


CLOSINGS: tuple[Action, ...] = ("hold", "skip", "reopen")
"""By which a review is closed, or opened again."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a review: the SEQUENCE it led to, and of each field that changed the value `before` and `after`.

    `person` is who did it, None the program itself. Dates and moments among the values are kept as ISO 8601 text.
    """

    review: str
    sequence: int
    action: Action
    at: datetime
    because: str | None = None
    person: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


_REVISED = tuple(field.name for field in fields(Revision))


def befell(action: str, before: Mapping[str, Any] | None) -> str:
    """What a change of a review is called: its action, but that a review is held once: what is put on record of it
    later are its ``minutes``, or who was there (``presence``). `before` is as a `Revision` has it."""
    known = before or {}
    if action != "hold" or "status" in known:
        return action
    return "minutes" if "minutes" in known else "presence"


def recorded(db: Connection, partnership: str) -> dict[str, Recorded]:
    """Every review of a partnership by its id, in the order in which they start."""
    return {each.id: each for each in _recorded(db, _ordered().where(_review.c.partnership == partnership))}


def find(db: Connection, id: str) -> Recorded | None:
    return next(_recorded(db, select(_review).where(_review.c.id == id)), None)


def with_uid(db: Connection, uid: str) -> Recorded | None:
    """The review of a calendar UID."""
    return next(_recorded(db, select(_review).where(_review.c.uid == uid)), None)


def in_series(db: Connection, partnership: str, series: str) -> Iterator[Recorded]:
    """The reviews of a series, by its id, in the order in which they start."""
    named = _review.c.series == SeriesId(series).key
    mine = _ordered().where(_review.c.partnership == partnership, named)
    return (each for each in _recorded(db, mine) if each.review.series_id == series)


def checkpoints(db: Connection, partnership: str) -> list[Recorded]:
    """The checkpoints of a partnership and its layers, in the order in which they start."""
    mine = (_review.c.partnership == partnership, _review.c.kind == Kind.CHECKPOINT.value)
    return [*_recorded(db, _ordered().where(*mine))]


def with_checkpoint(db: Connection) -> set[str]:
    """The partnerships that have a checkpoint that is planned or was held."""
    statuses = [Status.PLANNED.value, Status.HELD.value]
    wanted = select(_review.c.partnership).where(
        _review.c.kind == Kind.CHECKPOINT.value, _review.c.status.in_(statuses)
    )
    return set(db.scalars(wanted.distinct()))


def series_of(db: Connection, partnership: str) -> set[str]:
    """The ids of the series of which a partnership has reviews on record."""
    wanted = select(_review.c.layer, _review.c.series).where(_review.c.partnership == partnership).distinct()
    return {"/".join(part for part in (partnership, *each) if part) for each in db.execute(wanted)}


def listing(
    db: Connection,
    *,
    partnership: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    status: Status | None = None,
) -> Iterator[Recorded]:
    """The reviews that start at or after `since` and before `until`, by start and id; read as they are asked for."""
    wanted = _ordered().execution_options(yield_per=500)
    if partnership is not None:
        wanted = wanted.where(_review.c.partnership == partnership)
    if since is not None:
        wanted = wanted.where(_review.c.start_utc >= since)
    if until is not None:
        wanted = wanted.where(_review.c.start_utc < until)
    if status is not None:
        wanted = wanted.where(_review.c.status == status.value)
    return _recorded(db, wanted)


def in_several(db: Connection, partnerships: Collection[str], since: datetime, until: datetime) -> list[Recorded]:
    """The reviews of these partnerships that start at or after `since` and before `until`, by start and id."""
    theirs = _ordered().where(_review.c.partnership.in_(sorted(partnerships)))
    return [*_recorded(db, theirs.where(_review.c.start_utc >= since, _review.c.start_utc < until))]


def ids(
    db: Connection,
    *,
    since: datetime,
    until: datetime,
    statuses: Collection[Status],
    ended_before: datetime | None = None,
) -> list[ReviewId]:
    """The ids of the reviews that start at or after `since` and before `until` and stand so, by start and id; with
    `ended_before` those that had ended by then."""
    wanted = select(_review.c.id).where(_review.c.start_utc >= since, _review.c.start_utc < until)
    wanted = wanted.where(_review.c.status.in_([each.value for each in statuses]))
    if ended_before is not None:
        wanted = wanted.where(_review.c.end_utc < ended_before)
    return [ReviewId(id) for id in db.scalars(wanted.order_by(_review.c.start_utc, _review.c.id))]


def next_planned(db: Connection, now: datetime) -> dict[str, tuple[str, datetime]]:
    """Of each partnership the planned review that begins next, at or after `now`: its id and its start, a moment in its
    zone. One question for all, answered for each by the index of starts."""
    of, coming = core_tables.partnership, _review.alias()
    theirs = (coming.c.partnership == of.c.id, coming.c.start_utc >= now, coming.c.status == Status.PLANNED.value)
    first = (
        select(coming.c.id)
        .where(*theirs)
        .order_by(coming.c.start_utc, coming.c.id)
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )
    wanted = select(_review.c.partnership, _review.c.id, _review.c.start_utc, _review.c.timezone)
    found = db.execute(wanted.join(of, _review.c.id == first))
    return {each.partnership: (each.id, each.start_utc.astimezone(ZoneInfo(each.timezone))) for each in found}


def save_many(db: Connection, changed: Iterable[Recorded]) -> None:
    """Write reviews, new or changed, the last word on each; their partnerships have something to publish."""
    rows = {each.id: _columns(each) for each in changed}
    touched = sorted({row["partnership"] for row in rows.values()})
    there = set(db.scalars(select(_review.c.id).where(_review.c.partnership.in_(touched))))
    insert_many(db, _review, (row for id, row in rows.items() if id not in there))
    upsert(db, _review, (row for id, row in rows.items() if id in there))
    partnerships.touch(db, touched)


def note_burdens(db: Connection, found: Mapping[str, tuple[Burden, ...]]) -> None:
    """Write what sides bear at reviews, by their ids. It is no change of them."""
    rows = [{"noted": id, "bears": _as_lists(burdens)} for id, burdens in found.items()]
    if rows:
        db.execute(_NOTE_BURDENS, rows)


def append_revisions(db: Connection, revisions: Iterable[Revision]) -> None:
    """Add to the reviews' history; nothing ever changes or removes what is there. Programs are told of what they may
    want to act on."""
    added = [*revisions]
    insert_many(db, _revision, ({column: getattr(each, column) for column in _REVISED} for each in added))
    events.add(db, filter(None, map(_event, added)))


_TOLD: Mapping[Action, EventType] = {
    "move": "review.moved",
    "cancel": "review.cancelled",
    "hold": "review.held",
    "skip": "review.skipped",
    "reopen": "review.reopened",
}
_FORMAL = f"/{Kind.FORMAL_REVIEW.value}/"


def _event(revision: Revision) -> Event | None:
    """What programs are told of a change: of one that was planned only where it was called; of one that was held not
    once more for each correction."""
    before, type = revision.before or {}, _TOLD.get(revision.action)
    if revision.action == "schedule" and _FORMAL in revision.review:
        type = "review.called"
    if type is None or (revision.action == "hold" and "status" not in before):
        return None
    start = before.get("start")
    facts = {"from": start.isoformat() if isinstance(start, datetime) else start} if type == "review.moved" else {}
    return Event(type, ReviewId(revision.review).partnership, revision.review, revision.at, facts)


def history(db: Connection, review: str) -> list[Revision]:
    """Every change of a review, oldest first."""
    found = db.execute(
        select(*(_revision.c[column] for column in _REVISED))
        .where(_revision.c.review == review)
        .order_by(_revision.c.id)
    )
    return [Revision(*each) for each in found]


def zones(db: Connection, ids: Collection[str]) -> dict[str, str]:
    """The IANA zones of reviews, by their ids; an id that there is not has none."""
    wanted = select(_review.c.id, _review.c.timezone).where(_review.c.id.in_(ids))
    return {each.id: each.timezone for each in db.execute(wanted)} if ids else {}


def moves(db: Connection, partnership: str) -> dict[str, tuple[Move, ...]]:
    """The moves of a partnership's reviews that a person has moved, by id, the oldest first."""
    mine = (_review.c.partnership == partnership, _review.c.moved_by_person, _revision.c.action == "move")
    wanted = select(_revision.c.review, _revision.c.at, _revision.c.before, _review.c.clocks)
    wanted = wanted.join(_review, _review.c.id == _revision.c.review).where(*mine)
    found: dict[str, tuple[Move, ...]] = {}
    for each in db.execute(wanted.order_by(_revision.c.id)):
        notice = dict((each.before or {}).get("clocks") or each.clocks).get("notice_by")
        move = Move(each.at, date.fromisoformat(notice) if notice else None)
        found[each.review] = (*found.get(each.review, ()), move)
    return found


def closings(db: Connection, review: str) -> int:
    """How often a review was closed, corrected or opened again."""
    mine = (_revision.c.review == review, _revision.c.action.in_(CLOSINGS))
    return db.scalar(select(func.count()).select_from(_revision).where(*mine)) or 0


def _ordered() -> Select[Any]:
    return select(_review).order_by(_review.c.start_utc, _review.c.id)


def _recorded(db: Connection, wanted: Select[Any]) -> Iterator[Recorded]:
    return (_noun(_Columns._make(each)) for each in db.execute(wanted))


def _columns(recorded: Recorded) -> dict[str, Any]:
    review = recorded.review
    return {
        "id": review.id,
        "uid": review.uid,
        "partnership": review.partnership,
        "layer": review.layer,
        "series": review.series,
        "model": str(review.model),
        "kind": str(review.kind),
        "title": review.title,
        "period": review.period,
        "nominal_date": review.nominal_date,
        "start_utc": review.start,
        "end_utc": review.end,
        "timezone": review.timezone,
        "moved_because": review.moved_because,
        "agenda_owner": review.agenda_owner,
        "deputy": review.deputy,
        "chair": review.chair,
        "attendees": review.attendees,
        "quorum": review.quorum,
        "place": review.place,
        "clocks": review.clocks,
        "gave_way_from": review.gave_way_from,
        "status": str(recorded.status),
        "sequence": recorded.sequence,
        "moved_by_person": recorded.moved_by_person,
        "because": recorded.because,
        "created_at": recorded.created_at,
        "modified_at": recorded.modified_at,
        "minutes": recorded.minutes,
        "moved_from": recorded.moved_from,
        "host": review.host,
        "minutes_by": review.minutes_by,
        "burdens": None if recorded.burdens is None else _as_lists(recorded.burdens),
        "quorate": recorded.quorate,
        "held_on": recorded.held_on,
    }


def _as_lists(burdens: Iterable[Burden]) -> list[list[Any]]:
    return [[*each] for each in burdens]


def _as_burdens(kept: list[list[Any]] | None) -> tuple[Burden, ...] | None:
    if not kept:
        return None if kept is None else ()
    return tuple(
        Burden(organisation, zone, hours, minutes, date.fromisoformat(day) if day else None, why)
        for organisation, zone, hours, minutes, day, why in kept
    )


def _noun(row: Any) -> Recorded:
    zone = ZoneInfo(row.timezone)
    review = Review(
        id=row.id,
        partnership=row.partnership,
        layer=row.layer,
        series=row.series,
        model=Model(row.model),
        kind=Kind(row.kind),
        title=row.title,
        period=row.period,
        nominal_date=row.nominal_date,
        start=row.start_utc.astimezone(zone),
        end=row.end_utc.astimezone(zone),
        timezone=row.timezone,
        moved_because=row.moved_because,
        agenda_owner=row.agenda_owner,
        deputy=row.deputy,
        chair=row.chair,
        attendees=tuple(row.attendees),
        quorum=row.quorum,
        place=row.place,
        clocks=tuple((name, date.fromisoformat(day)) for name, day in row.clocks),
        host=row.host,
        minutes_by=row.minutes_by,
        gave_way_from=row.gave_way_from and row.gave_way_from.astimezone(zone),
    )
    return Recorded(
        review=review,
        status=Status(row.status),
        sequence=row.sequence,
        moved_by_person=row.moved_by_person,
        because=row.because,
        created_at=row.created_at,
        modified_at=row.modified_at,
        minutes=row.minutes,
        moved_from=row.moved_from,
        burdens=_as_burdens(row.burdens),
        quorate=row.quorate,
        held_on=row.held_on,
    )


_NOTE_BURDENS = update(_review).where(_review.c.id == bindparam("noted")).values(burdens=bindparam("bears"))
