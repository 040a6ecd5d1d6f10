"""Who was notified of what: notices, joined with the letters that carried them and what their channels made of those.

A person counts as told once any channel has accepted a letter that carries the notice, and from that moment on. Before
that it waits; where every letter was refused, came too late or could not be written, they were not told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from scheduler.domain.record.notification import SETTLED, Delivered, Notified

from . import core_tables
from .repeats import earlier_times
from .statements import carries

Key = tuple[str, str]
"""A subject and, of a KPI, its period."""
_notice = core_tables.notice
_letter = core_tables.letter
_flag = core_tables.flag
_n, _l = _notice.c, _letter.c
_COLUMNS = [
    *(
        _n[name]
        for name in ("id", "subject", "period", "rung", "occasion", "due_on", "person", "of", "told_at", "repeats")
    ),
    _n.state.label("noticed"),
    _l.state,
    _l.settled_at,
    _l.said,
]
_MOST = 500
"""Subjects asked for at a time: databases limit how many values one question may have."""


def of_subjects(db: Connection, subjects: Iterable[str]) -> dict[Key, tuple[Notified, ...]]:
    """Everybody who was to be told of these subjects, by subject and period, in the order of the steps."""
    found: dict[Key, tuple[Notified, ...]] = {}
    for some in _parts(subjects):
        found |= _by_key(db, _n.subject.in_(some))
    return found


def of_overdue(db: Connection, partnership: str) -> dict[Key, tuple[Notified, ...]]:
    """The same of the KPIs of a partnership that are on record as overdue."""
    late = select(_flag.c.kpi).where(_flag.c.partnership == partnership, _flag.c.closed_at.is_(None))
    return _by_key(db, and_(_n.partnership == partnership, _n.subject.in_(late)))


def _by_key(db: Connection, mine: Any) -> dict[Key, tuple[Notified, ...]]:
    wanted = select(*_COLUMNS).select_from(_notice.outerjoin(_letter, carries(_l.dedup_key, _n.letter)))
    wanted = wanted.where(mine, _n.email != "", _n.rung != SETTLED, _n.state != "dropped")
    steps: dict[int, list[Any]] = defaultdict(list)
    for each in db.execute(wanted.order_by(_n.due_on, _n.id, _l.id)):
        steps[each.id].append(each)
    accepted = _accepted(db, [again.letter for [row, *_] in steps.values() for again in earlier_times(row.repeats)])
    found: dict[Key, list[Notified]] = defaultdict(list)
    for rows in steps.values():
        found[rows[0].subject, rows[0].period] += [*_earlier(rows[0], accepted), _notified(rows)]
    return {key: tuple(sorted(each, key=lambda one: one.on)) for key, each in found.items()}


def _notified(rows: Sequence[Any]) -> Notified:
    """One notice from its letters, one for each channel."""
    first, became = rows[0], _delivered(rows)
    return Notified(first.person, first.rung, first.occasion, first.due_on, first.of, *became)


def _earlier(row: Any, accepted: Mapping[str, datetime]) -> Iterator[Notified]:
    """The earlier times of one that repeats: those letters have all left."""
    for each in earlier_times(row.repeats):
        at = accepted.get(each.letter or "", each.told_at)
        yield Notified(row.person, row.rung, each.occasion, each.due_on, row.of, "told", at)


def _accepted(db: Connection, letters: Iterable[str | None]) -> dict[str, datetime]:
    """When the mail server took each of these letters, as far as they went by mail."""
    found: dict[str, datetime] = {}
    for some in _parts(letters):
        mine = select(_l.dedup_key, _l.settled_at).where(_l.dedup_key.in_(some), _l.state == "sent")
        found |= {each.dedup_key: each.settled_at for each in db.execute(mine) if each.settled_at}
    return found


def _parts(values: Iterable[str | None]) -> Iterator[list[str]]:
    wanted = sorted({each for each in values if each})
    for first in range(0, len(wanted), _MOST):
        yield wanted[first : first + _MOST]


class _Became(NamedTuple):
    delivered: Delivered
    at: datetime | None = None
    because: str | None = None


def _delivered(rows: Sequence[Any]) -> _Became:
    states = {row.state for row in rows}
    if "sent" in states:
        moments = (row.settled_at for row in rows if row.state == "sent" and row.settled_at)
        return _Became("told", min(moments, default=rows[0].told_at))
    if rows[0].noticed == "waiting" or states & {"due", "claimed"}:
        return _Became("waiting")
    if "expired" in states and "dead" not in states:
        return _Became("expired")
    said = next((row.said for row in rows if row.state == "dead" and row.said), None)
    return _Became("dead", because=said)


def touched(db: Connection, letters: Sequence[int]) -> list[str]:
    """The partnerships of what these letters carry of lateness: agendas say who was told."""
    mine = select(_n.partnership).join(_letter, _l.instance == _n.letter).where(_l.id.in_(letters), _n.late)
    return list(db.scalars(mine.distinct().order_by(_n.partnership)))
