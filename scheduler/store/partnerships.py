"""Partnerships: which definition is in force, what wakes them next, what of them is still to be published."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, func, literal, or_, select, union, update

from scheduler.domain.ids import ScopeId
from scheduler.domain.record import wind_down
from scheduler.domain.record.absence import Absences
from scheduler.domain.record.absence import as_rows as absences_as_rows
from scheduler.domain.record.own_setting import OwnManner, OwnTell
from scheduler.domain.record.pause import Pause
from scheduler.domain.record.pause import as_rows as pauses_as_rows
from scheduler.domain.record.renewal import RenewalWord
from scheduler.domain.record.renewal import as_rows as renewals_as_rows
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.domain.record.review_request import as_rows as requests_as_rows
from scheduler.domain.record.series_hour import SeriesHours, as_rows

from . import core_tables
from .column_types import Moment
from .statements import insert, insert_new

if TYPE_CHECKING:
    from .tables import PartnershipRow

_partnership = core_tables.partnership
_scope_seen = core_tables.scope_seen
_of = _partnership.c
LONGEST_SLEEP = timedelta(days=30)
"""No partnership is put to sleep for longer."""


class Brief(NamedTuple):
    """A partnership without its definition, as `PartnershipRow` has it."""

    id: str
    name: str
    model: str
    file: str
    ended_at: datetime | None
    problem: list[Any] | None
    pauses: list[Any] | None
    wind_downs: list[Any] | None


class InForce(NamedTuple):
    """What the definition in force of a partnership is read by, as `PartnershipRow` has it."""

    id: str
    file: str
    content_hash: str
    first_seen: datetime
    ended_at: datetime | None
    days_off_from: date | None
    keeps_invited: bool
    absences: dict[str, Any] | None
    own_tell: dict[str, Any] | None
    own_manner: dict[str, Any] | None
    pauses: list[Any] | None
    renewals: list[Any] | None
    requests: list[Any] | None
    series_hours: list[Any] | None
    wind_downs: list[Any] | None
    definition: str


def save(db: Connection, row: "PartnershipRow") -> None:
    """Write a partnership whose definition was read, or read anew.

    Its revision rises where the definition, or what it rests on, differs. Once the partnership is there, `first_seen`,
    `revision`, `published`, `approved`, `series_hours`, `wind_downs` and how its days off are counted are not taken
    from `row`.
    """
    db.execute(_save(db.dialect.name), row.model_dump())


@cache
def _save(dialect: str) -> Any:
    statement = insert(dialect, _partnership)
    new = statement.excluded
    written = {column: new[column] for column in _WRITTEN}
    differs = or_(_of.fingerprint != new.fingerprint, _of.content_hash != new.content_hash, _of.name != new.name)
    written["revision"] = _of.revision + case((differs, 1), else_=0)
    written["definition_changed_at"] = case((differs, new.definition_changed_at), else_=_of.definition_changed_at)
    return statement.on_conflict_do_update(index_elements=["id"], set_=written)


def get(db: Connection, id: str) -> "PartnershipRow | None":
    from . import tables

    found = db.execute(select(_partnership).where(_of.id == id)).mappings().one_or_none()
    return tables.row(tables.PartnershipRow, found) if found else None


def is_there(db: Connection, id: str) -> bool:
    return db.scalar(select(_of.id).where(_of.id == id)) is not None


def ids(db: Connection) -> list[str]:
    """The ids of all, ended ones too, in their order."""
    return list(db.scalars(select(_of.id).order_by(_of.id)))


def briefs(db: Connection) -> list[Brief]:
    """Every partnership, ended ones too, by id, without its definition."""
    return [Brief(*each) for each in db.execute(select(*(_of[name] for name in Brief._fields)).order_by(_of.id))]


def in_force(db: Connection, ids: Collection[str]) -> list[InForce]:
    """Those of these ids that there are, a few hundred at the most, by id."""
    wanted = select(*(_of[name] for name in InForce._fields)).where(_of.id.in_(ids))
    return [InForce(*each) for each in db.execute(wanted.order_by(_of.id))]


def listing(db: Connection) -> "Iterator[PartnershipRow]":
    """Every partnership, ended ones too, by id."""
    from . import tables

    found = db.execute(select(_partnership).order_by(_of.id).execution_options(yield_per=500))
    return (tables.row(tables.PartnershipRow, each) for each in found.mappings())


def defined_by(db: Connection, file: str) -> str | None:
    """The partnership whose definition in force came from this file, unless it has ended."""
    mine = select(_of.id).where(_of.file == file, _of.ended_at.is_(None))
    found: str | None = db.scalar(mine.order_by(_of.id).limit(1))
    return found


def is_defined_in(db: Connection, id: str, file: str) -> None:
    """The definition in force lies there by now; the same, under another path."""
    db.execute(update(_partnership).where(_of.id == id).values(file=file))


def due(db: Connection, now: datetime, fingerprint: str) -> list[str]:
    """The partnerships for which something is due at `now`, or that were last governed under another fingerprint.

    Those that have waited longest come first. One that has ended is due for what outlives it alone. One that means to
    sleep for longer than `LONGEST_SLEEP` was put to sleep by a clock that was wrong, and is due.
    """
    # Three questions with an index for each: asked as one, or for an order, SQLite would rather read the whole table.
    misled = _of.wake_at > now + LONGEST_SLEEP
    questions = (misled, _of.fingerprint < fingerprint, _of.fingerprint > fingerprint)
    in_force = (select(_of.wake_at, _of.id).where(asked, _of.ended_at.is_(None)) for asked in questions)
    wanted = union(select(_of.wake_at, _of.id).where(_of.wake_at <= now), *in_force)
    return [id for _, id in sorted((each.wake_at or now, each.id) for each in db.execute(wanted))]


def is_due(db: Connection, id: str, now: datetime, fingerprint: str) -> bool:
    """Whether a partnership is among those that are `due`."""
    misled = _of.wake_at > now + LONGEST_SLEEP
    asked = or_(_of.wake_at <= now, and_(_of.ended_at.is_(None), or_(misled, _of.fingerprint != fingerprint)))
    return db.scalar(select(_of.id).where(_of.id == id, asked)) is not None


def next_wake(db: Connection, after: datetime) -> datetime | None:
    """The first moment after that one at which something is due for any partnership; None for never."""
    found: datetime | None = db.scalar(select(func.min(_of.wake_at)).where(_of.wake_at > after))
    return found


def wake(db: Connection, id: str, at: datetime | None) -> None:
    """Say when something is next due; None: never again."""
    db.execute(update(_partnership).where(_of.id == id).values(wake_at=at))


def rouse(db: Connection, id: str, now: datetime) -> None:
    """Make a partnership due at `now`, where it sleeps longer."""
    mine = (_of.id == id, _of.wake_at > now, _of.ended_at.is_(None))
    db.execute(update(_partnership).where(*mine).values(wake_at=now))


def wake_all(db: Connection, now: datetime) -> None:
    """Make every partnership due that still sleeps at `now`."""
    db.execute(update(_partnership).where(_of.wake_at > now, _of.ended_at.is_(None)).values(wake_at=now))


def governed(db: Connection, id: str, fingerprint: str, wake_at: datetime | None, now: datetime) -> int:
    """Remember that a partnership was governed at `now`, under which fingerprint, and when it is due again; return its
    revision."""
    definition_changed_at = case(
        (_of.fingerprint != fingerprint, literal(now, Moment)), else_=_of.definition_changed_at
    )
    after = {
        "fingerprint": fingerprint,
        "wake_at": wake_at,
        "revision": _of.revision + 1,
        "definition_changed_at": definition_changed_at,
    }
    revision: int = db.execute(
        update(_partnership).where(_of.id == id).values(after).returning(_of.revision)
    ).scalar_one()
    return revision


def unpublished(db: Connection) -> list[str]:
    """The partnerships that have changed since they were last written out."""
    return list(db.scalars(select(_of.id).where(_of.revision > _of.published).order_by(_of.id)))


def published(db: Connection) -> list[tuple[str, int]]:
    """Which revision of each was last written out."""
    return [(row.id, row.published) for row in db.execute(select(_of.id, _of.published))]


def mark_published(db: Connection, id: str, revision: int) -> None:
    """Remember that `revision` is written out; a change made meanwhile stays unpublished."""
    db.execute(update(_partnership).where(_of.id == id, _of.published < revision).values(published=revision))


def touch(db: Connection, ids: Iterable[str]) -> None:
    """Raise the revision of partnerships of which something remembered has changed, so that they are published."""
    raised = [{"touched": id} for id in ids]
    if raised:
        db.execute(_TOUCH, raised)


def retell(db: Connection, ids: Iterable[str], now: datetime) -> None:
    """What is told of partnerships besides their definition has changed: calendars say that their entries have."""
    after = {"revision": _of.revision + 1, "definition_changed_at": now}
    db.execute(update(_partnership).where(_of.id.in_(sorted(ids))).values(after))


def set_problem(db: Connection, id: str, problem: list[Any] | None) -> None:
    """Keep what is wrong with the partnership's file (or that it has vanished); the definition stays in force."""
    db.execute(update(_partnership).where(_of.id == id).values(problem=problem))


def waiting(db: Connection) -> list[str]:
    """The partnerships whose plan waits for a person's word, by id."""
    refused = select(_of.id).where(_of.problem.is_not(None), _of.ended_at.is_(None))
    return list(db.scalars(refused.order_by(_of.id)))


def approve(db: Connection, id: str, fingerprint: str | None) -> None:
    """Keep a person's word that the plan of this fingerprint may cancel many reviews; None takes it back."""
    db.execute(update(_partnership).where(_of.id == id).values(approved=fingerprint))


def count_days_off_from(db: Connection, id: str, day: date) -> None:
    """Remember from which day on the periods of KPIs count days off by the present rule."""
    db.execute(update(_partnership).where(_of.id == id).values(days_off_from=day))


def count_launch_steps_from(db: Connection, id: str, day: date) -> None:
    """Remember from which day on a step of a launch track that nobody has ticked is late."""
    db.execute(update(_partnership).where(_of.id == id).values(launch_from=day))


def open_health_rounds_from(db: Connection, id: str, day: date) -> None:
    """Rounds of the health check whose first day is before that one are not opened."""
    db.execute(update(_partnership).where(_of.id == id).values(health_from=day))


def take_days_off(db: Connection, id: str) -> None:
    """Remember that nothing stays any more where a rule of days off that the program has learnt would move it."""
    db.execute(update(_partnership).where(_of.id == id).values(keeps_invited=False, keeps_joint_days=False))


def keep_hours(db: Connection, id: str, hours: SeriesHours) -> None:
    """Remember the times of day that people know of its series."""
    db.execute(update(_partnership).where(_of.id == id).values(series_hours=as_rows(hours)))


def keep_absences(db: Connection, id: str, absences: Absences) -> None:
    """Remember when its people are away by their own word."""
    db.execute(update(_partnership).where(_of.id == id).values(absences=absences_as_rows(absences) or None))


def keep_own_tell(db: Connection, id: str, own: OwnTell) -> None:
    """Remember how its people wish to be told by their own word."""
    db.execute(update(_partnership).where(_of.id == id).values(own_tell=dict(own) or None))


def keep_own_manner(db: Connection, id: str, own: OwnManner) -> None:
    """Remember in which language its people wish to be written to by their own word."""
    kept = {email: each._asdict() for email, each in own.items()}
    db.execute(update(_partnership).where(_of.id == id).values(own_manner=kept or None))


def keep_pauses(db: Connection, id: str, pauses: Iterable[Pause]) -> None:
    """Remember when it is or was paused."""
    db.execute(update(_partnership).where(_of.id == id).values(pauses=pauses_as_rows(pauses) or None))


def keep_renewals(db: Connection, id: str, words: Iterable[RenewalWord]) -> None:
    """Remember what was said of the agreement's terms."""
    db.execute(update(_partnership).where(_of.id == id).values(renewals=renewals_as_rows(words) or None))


def keep_requests(db: Connection, id: str, requests: Iterable[ReviewRequest]) -> None:
    """Remember who of its members asked for a formal review."""
    db.execute(update(_partnership).where(_of.id == id).values(requests=requests_as_rows(requests) or None))


def keep_wind_downs(db: Connection, id: str, wind_downs: wind_down.WindDowns) -> None:
    """Remember the exits that are in force. What calendars say of it changes with them."""
    rows = wind_down.as_rows(wind_downs) or None
    db.execute(update(_partnership).where(_of.id == id).values(wind_downs=rows))


def end(db: Connection, id: str, now: datetime) -> None:
    """Remember that a person ended the partnership; an end that is already there stays."""
    ended = update(_partnership).where(_of.id == id, _of.ended_at.is_(None))
    db.execute(ended.values(ended_at=now, wake_at=None, revision=_of.revision + 1))


def revisions(db: Connection, ids: Collection[str]) -> dict[str, int]:
    """At which revision each of these partnerships is."""
    found = db.execute(select(_of.id, _of.revision).where(_of.id.in_(sorted(ids))))
    return {each.id: each.revision for each in found}


def names(db: Connection, ids: Collection[str]) -> dict[str, str]:
    """What these partnerships are called, by id."""
    found = db.execute(select(_of.id, _of.name).where(_of.id.in_(sorted(ids))))
    return {each.id: each.name for each in found}


def seen_scopes(db: Connection, partnership: str) -> dict[str, datetime]:
    """When each scope of a partnership was first planned; only a first plan shows reviews of the past."""
    mine = select(_scope_seen.c.scope, _scope_seen.c.first_planned_at).where(_scope_seen.c.partnership == partnership)
    return {each.scope: each.first_planned_at for each in db.execute(mine)}


def remember_scopes(db: Connection, ids: Iterable[str], now: datetime) -> None:
    """Remember scopes as planned; the first time stays."""
    insert_new(
        db,
        _scope_seen,
        [{"scope": id, "partnership": ScopeId(id).partnership, "first_planned_at": now} for id in ids],
    )


_WRITTEN = ("file", "name", "model", "content_hash", "fingerprint", "definition", "ended_at", "wake_at", "problem")
_TOUCH = update(_partnership).where(_of.id == bindparam("touched")).values(revision=_of.revision + 1)
