"""The partnerships under governance, one line each. It is read off the record: a definition is read only where an
organisation asks, to know what is another's own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.store.tables import FlagRow, PartnershipRow


WAITS = "waits for a word"
"""The state of a partnership whose plan would cancel many reviews, which nobody has approved: programs know it so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A partnership: its `state`, the next review that is still to begin (a moment in its zone), and how many periods
    of KPIs are overdue as of the last cycle."""

    id: str
    name: str
    model: str
    state: str
    ended_at: datetime | None
    file: str
    next_review: str | None
    next_start: datetime | None
    overdue: int


def portfolio(app: "App", now: datetime, audience: "Audience") -> tuple[Entry, ...]:
    """Every partnership by id, ended ones too; of an organisation those in which it is a partner. Raises `UserError`
    for an organisation that is a partner nowhere."""
    from scheduler.services import lookup
    from scheduler.store import flags, reviews

    with app.store.read() as db:
        rows = [*lookup.partnerships_of(app, db, None, audience.organisation)]
        late = Counter(flag.partnership for flag in _seen(app, rows, flags.open_flags(db), audience))
        coming = reviews.next_planned(db, now)
        return tuple(_entry(row, None if row.ended_at else coming.get(row.id), late[row.id]) for row in rows)


def as_json(entry: Entry) -> dict[str, Any]:
    """A partnership as `list --json` shows it."""
    return {**asdict(entry), "needs_approval": entry.state == WAITS}


def state(row: "PartnershipRow") -> str:
    """``in force``, ``ended``, or `WAITS`."""
    if row.ended_at:
        return "ended"
    return WAITS if row.problem else "in force"


def in_words(state: str) -> str:
    """A state as people read it."""
    return "needs approval" if state == WAITS else state


def overdue_on_record(app: "App", db: "Connection", rows: "list[PartnershipRow]", audience: "Audience") -> int:
    """How many periods of KPIs that this audience may see are overdue in these partnerships as of the last cycle."""
    from scheduler.store import flags

    return sum(1 for _ in _seen(app, rows, flags.open_flags(db), audience))


def _entry(row: "PartnershipRow", coming: tuple[str, datetime] | None, overdue: int) -> Entry:
    return Entry(
        id=row.id,
        name=row.name,
        model=row.model,
        state=state(row),
        ended_at=row.ended_at,
        file=row.file,
        next_review=coming[0] if coming else None,
        next_start=coming[1] if coming else None,
        overdue=overdue,
    )


def _seen(
    app: "App", rows: "list[PartnershipRow]", flags: "list[FlagRow]", audience: "Audience"
) -> "Iterator[FlagRow]":
    """The flags of these partnerships that this audience may see. One of a KPI that the definition has no more is the
    operator's alone: nothing says any longer whose it was."""
    from scheduler.rules.access import may_see

    shown = {row.id: row for row in rows}
    for flag in flags:
        row = shown.get(flag.partnership)
        if row is None:
            continue
        kpi = None if audience.sees_all else app.in_force(row).kpi(flag.kpi)
        if audience.sees_all or (kpi and may_see(kpi, audience)):
            yield flag
