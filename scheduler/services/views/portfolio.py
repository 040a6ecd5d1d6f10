"""The partnerships under governance, one line each. It is read off the record: a definition is read only where an
organisation asks, to know what is another's own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.store.partnerships import Brief
    from scheduler.store.tables import PartnershipRow


WAITS = "waits for a word"
"""The state of a partnership whose plan would cancel many reviews, which nobody has approved: programs know it so."""


DIFFERS = "not planned: its file differs between hosts"
PAUSED = "paused"
LEAVING = "winding down"
"""The state of a partnership whose exit is decided, until its last day is over."""


@dataclass(frozen=True, slots=True)
class PausedNow:
    """The pause that today lies in: its first and its last day, None until it is resumed, and why."""

    since: date
    until: date | None
    because: str


@dataclass(frozen=True, slots=True)
class PortfolioEntry:
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
    paused: "PausedNow | None" = None


def portfolio(app: "App", now: datetime, audience: "Audience") -> tuple[PortfolioEntry, ...]:
    """Every partnership by id, ended ones too; of an organisation those in which it is a partner. Raises `UserError`
    for an organisation that is a partner nowhere."""
    from scheduler.services import folders
    from scheduler.store import reviews

    with app.store.read() as db:
        theirs = Theirs(app, db, audience)
        late = Counter(theirs.overdue())
        coming = reviews.next_planned(db, now)
        held = folders.held(app, db)
        return tuple(
            _entry(each, coming, late, paused_now(app, db, each, now), is_held=each.id in held)
            for each in theirs.briefs()
        )


def as_json(entry: PortfolioEntry) -> dict[str, Any]:
    """A partnership as `list --json` shows it."""
    return {**asdict(entry), "needs_approval": entry.state == WAITS}


def state(row: "PartnershipRow | Brief", paused: PausedNow | None = None, *, is_held: bool = False) -> str:
    """``in force``, ``ended``, `PAUSED`, `LEAVING`, `WAITS`, or `DIFFERS` where it `is_held` for that."""
    if row.ended_at:
        return "ended"
    if is_held:
        return DIFFERS
    if row.problem:
        return WAITS
    if paused:
        return PAUSED
    leaves = any(each["scope"] == row.id for each in row.wind_downs or ())
    return LEAVING if leaves else "in force"


def paused_now(app: "App", db: "Connection", row: "PartnershipRow | Brief", now: datetime) -> PausedNow | None:
    """The pause that the partnership's own date lies in at `now`: its definition is read only where there was any."""
    from scheduler.store import partnerships

    if not row.pauses or row.ended_at or (full := partnerships.get(db, row.id)) is None:
        return None
    pause = app.in_force(full).pause_at(now)
    return PausedNow(pause.first, pause.last, pause.because) if pause else None


def in_words(state: str) -> str:
    """A state as people read it."""
    return "needs approval" if state == WAITS else state


class Theirs:
    """The partnerships of an audience: for the operator all, and no definition is read; for an organisation those in
    which it is a partner. Raises `UserError` for an organisation that is a partner nowhere."""

    def __init__(self, app: "App", db: "Connection", audience: "Audience") -> None:
        from scheduler.services import lookup

        self._app, self._db, self._audience = app, db, audience
        theirs = () if audience.sees_all else lookup.partnerships_of(app, db, None, audience.organisation)
        self._rows = {row.id: row for row in theirs}

    def __contains__(self, id: str) -> bool:
        return self._audience.sees_all or id in self._rows

    def briefs(self) -> "list[Brief]":
        """Each of them, ended ones too, by id."""
        from scheduler.store import partnerships

        return [each for each in partnerships.briefs(self._db) if each.id in self]

    def overdue(self) -> Iterator[str]:
        """The partnership of each period of a KPI that this audience may see and that is overdue as of the last cycle.
        One of a KPI that the definition has no more is the operator's alone: nothing says any longer whose it was."""
        from scheduler.rules.access import may_see
        from scheduler.store import flags

        for flag in flags.open_kpis(self._db):
            if self._audience.sees_all:
                yield flag.partnership
            elif row := self._rows.get(flag.partnership):
                kpi = self._app.in_force(row).kpi(flag.kpi)
                if kpi and may_see(kpi, self._audience):
                    yield flag.partnership


def _entry(
    row: "Brief",
    coming: "Mapping[str, tuple[str, datetime]]",
    late: "Mapping[str, int]",
    paused: PausedNow | None,
    *,
    is_held: bool,
) -> PortfolioEntry:
    id, start = (None if row.ended_at else coming.get(row.id)) or (None, None)
    return PortfolioEntry(
        id=row.id,
        name=row.name,
        model=row.model,
        state=state(row, paused, is_held=is_held),
        ended_at=row.ended_at,
        file=row.file,
        next_review=id,
        next_start=start,
        overdue=late[row.id],
        paused=paused,
    )
