"""How the installation is doing: what is governed, counted off the record as far as it goes; and, for the operator, how
the program itself does."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.services.views import actions, portfolio
from scheduler.services.views.installation.daemons import last_heard_of
from scheduler.services.views.installation.upkeep import Upkeep, upkeep

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App

_WEEK = timedelta(days=7)
_LATELY = timedelta(days=400)
_OPEN = (Status.PLANNED, Status.UNRECORDED)


@dataclass(frozen=True, slots=True)
class GovernedCounts:
    """The partnerships of whoever asks. `overdue` counts the periods of KPIs that they may see, as of the last cycle;
    `vacant` names seats that nobody fills, ``acme-globex: sponsor of globex``; `paused` names the
    partnerships that are; reviews are named by their ids."""

    partnerships: int
    ended: int
    next_week: tuple[str, ...]
    to_close: tuple[str, ...]
    overdue: int
    vacant: tuple[str, ...]
    actions_open: int
    actions_overdue: int
    paused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstallationStanding:
    """What is governed; and how the program does, which only the operator is shown."""

    governed: GovernedCounts
    upkeep: Upkeep | None


def status(app: "App", settings_file: Path, now: datetime, audience: "Audience") -> InstallationStanding:
    """How it all stands at `now`; `settings_file` is the one in force. Raises `UserError` for an organisation that is a
    partner nowhere."""
    with app.store.read() as db:
        governed = _governed(app, db, now, audience)
        return InstallationStanding(governed, upkeep(app, db, settings_file, now) if audience.sees_all else None)


def as_json(standing: InstallationStanding) -> dict[str, Any]:
    """How the installation is doing as `status --json` shows it; to an organisation without what is the operator's."""
    governed = asdict(standing.governed)
    kept = standing.upkeep
    if kept is None:
        return governed
    of_program = {name: getattr(kept, name) for name in _OF_PROGRAM}
    return {
        **of_program,
        **governed,
        **asdict(kept.running),
        "daemon": last_heard_of(kept.running.daemons),
        "daemons": [each.as_json() for each in kept.running.daemons],
        "scratch_copy": kept.scratch_copy,
        "last_backup": kept.last_backup,
        "restored": kept.restored,
    }


_OF_PROGRAM = (
    "settings", "definitions", "data", "database", "exposed", "problems", "waiting", "notices", "letters",
    "lately_dead", "faults", "to_read", "replies"
)  # fmt: skip


def _governed(app: "App", db: "Connection", now: datetime, audience: "Audience") -> GovernedCounts:
    from scheduler.store import reviews

    theirs = portfolio.Theirs(app, db, audience)
    briefs = theirs.briefs()
    in_force = {each.id for each in briefs if each.ended_at is None}
    over = reviews.ids(db, since=now - _LATELY, until=now, statuses=_OPEN, ended_before=now)
    coming = reviews.ids(db, since=now, until=now + _WEEK, statuses=(Status.PLANNED,))
    promises = [each for each in actions.all_open(app, db, now) if each.action.partnership in theirs]
    return GovernedCounts(
        partnerships=len(in_force),
        ended=len(briefs) - len(in_force),
        next_week=tuple(str(id) for id in coming if id.partnership in theirs),
        to_close=tuple(str(id) for id in over if id.partnership in in_force),
        overdue=sum(1 for _ in theirs.overdue()),
        vacant=tuple(_vacant(app, db, in_force, now)),
        actions_open=len(promises),
        actions_overdue=sum(each.is_overdue for each in promises),
        paused=tuple(each.id for each in briefs if portfolio.paused_now(app, db, each, now)),
    )


def _vacant(app: "App", db: "Connection", in_force: Collection[str], now: datetime) -> Iterator[str]:
    """The seats that nobody fills. Of an empty one a cycle has put up a notice, so only such partnerships need be
    looked at."""
    from scheduler.store import notifications, partnerships

    for id in notifications.partnerships_with(db, "seat"):
        row = partnerships.get(db, id) if id in in_force else None
        if row:
            from scheduler.rules.reminders.agreement import vacancies
            from scheduler.rules.reviews.scopes import scopes

            definition = app.in_force(row).as_of(now)
            today = now.astimezone(ZoneInfo(definition.zone)).date()
            for seat in vacancies(scopes(definition, app.playbooks), today):
                yield f"{id}: {seat.role.words} of {seat.organisation}"
