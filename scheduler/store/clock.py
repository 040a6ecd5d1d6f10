"""What is known of the clock: when the program last did what, and how far the record reaches."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, union_all

from . import core_tables
from .statements import upsert

CYCLE, ACCEPTED, SCRATCH, COPIED, PURGED = "cycle", "accepted", "scratch", "copied", "purged"
SEALED = "sealed"
"""When it was last looked for what is to be put under a seal."""
LOST = "lost:"
"""By partnership, the seals that a restore took away, as its note, until the next seal names them."""
BACKUP, RESTORED = "backup", "restored"
"""When the last backup was made, its note the file; and when one was laid in place, its note how far it reached."""
IMPORTING = "importing"
"""When an import put all its rows on record, its note the digest of the export: its files are still to be laid."""
PLACE = "place"
"""The folder that files are published into, by its mark as the note, and when that was done last, by the database's
clock."""
TRUSTED, SUSPECT, WORD = "trusted:", "suspect:", "word:"
"""By the start of a machine: the last reading of its clock that is believed, the first that is not, and the one for
which a person has given their word."""
HAPPENED: Mapping[str, tuple[str, ...]] = {
    "partnership": ("first_seen", "definition_changed_at", "ended_at"),
    "definition_version": ("taken_up_at",),
    "scope_seen": ("first_planned_at",),
    "definition_change": ("at",),
    "dispute": ("said_at", "settled_at"),
    "absence": ("said_at", "withdrawn_at"),
    "own_setting": ("said_at",),
    "draft": ("kept_at",),
    "review": ("created_at", "modified_at"),
    "revision": ("at",),
    "agenda": ("written_at",),
    "agenda_version": ("at",),
    "pre_read": ("at", "withdrawn_at", "forgotten_at"),
    "measure": ("created_at", "modified_at"),
    "reading": ("reported_at",),
    "imported": ("at",),
    "excuse": ("at",),
    "flag": ("opened_at", "closed_at"),
    "cause": ("fired_at", "ended_at"),
    "judgement": ("at",),
    "decision": ("recorded_at", "carried_out_at", "superseded_at", "withdrawn_at"),
    "launch_tick": ("at",),
    "exit_word": ("at",),
    "presence": ("said_at", "withdrawn_at"),
    "action": ("opened_at", "done_at", "due_given_at", "handed_at"),
    "proposal": ("proposed_at", "settled_at", "withdrawn_at"),
    "vote": ("at",),
    "deadlock": ("opened_at", "ended_at"),
    "health_round": ("planned_at", "opened_at", "closed_at", "skipped_at"),
    "parked_item": ("parked_at", "closed_at"),
    "agenda_item": ("at", "dropped_at"),
    "minutes_filing": ("filed_at", "sent_at"),
    "objection": ("at", "settled_at"),
    "answer": ("received_at",),
    "reply": ("received_at", "closed_at"),
    "notice": ("recorded_at", "told_at"),
    "told": ("at",),
    "letter": ("created_at", "transmitting_at", "settled_at"),
    "letter_question": ("asked_at",),
    "event": ("at",),
    "subscription": ("created_at", "revoked_at"),
    "api_token": ("created_at", "revoked_at"),
    "link_revocation": ("at",),
    "confirmation": ("created_at", "used_at"),
    "session": ("created_at", "ended_at"),
    "sign_in": ("created_at", "used_at"),
    "openid_account": ("pinned_at",),
    "seal": ("sealed_at",),
    "secret": ("made_at", "retired_at"),
}
"""The columns that say when something happened, by the clock of whoever wrote it, by table."""
OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "claim": ("claimed_until",),
    "clock": ("at",),
    "daemon": ("started_at", "seen_at", "looked_at"),
    "environment": ("first_used_at",),
    "fault": ("first_at", "last_at"),
    "partnership": ("wake_at",),
    "review": ("start_utc", "end_utc", "moved_from", "gave_way_from"),
    "standing": ("next_start",),
    "attendance": ("start_utc", "end_utc"),
    "answer": ("dtstamp", "proposed_start", "proposed_end"),
    "notice": ("tell_at",),
    "letter": ("due_at", "expires_at", "claimed_until", "begun_at", "refused_at", "forgotten_at"),
    "reply_count": ("last_at",),
    "taken_letter": ("at",),
    "subscription": ("last_used_at", "first_read_at"),
    "api_token": ("last_used_at", "warned_at"),
    "confirmation": ("expires_at",),
    "session": ("seen_at", "expires_at"),
    "sign_in": ("expires_at",),
    "member": ("leaves_at",),
}
"""The others: of what is to come, by somebody else's clock, or of how the program runs."""

_clock = core_tables.clock
_of = _clock.c


class ClockEntry(NamedTuple):
    """A row of the clock, as `ClockRow` has it."""

    key: str
    at: datetime
    uptime: float | None
    note: str | None


def get(db: Connection, key: str) -> ClockEntry | None:
    found = db.execute(select(_clock).where(_of.key == key)).one_or_none()
    return ClockEntry(*found) if found else None


def under(db: Connection, prefix: str) -> list[ClockEntry]:
    """Every row whose key starts so, the newest first."""
    wanted = select(_clock).where(_of.key.startswith(prefix, autoescape=True)).order_by(_of.at.desc(), _of.key)
    return [ClockEntry(*each) for each in db.execute(wanted)]


def keep(db: Connection, key: str, at: datetime, *, uptime: float | None = None, note: str | None = None) -> None:
    """Keep a moment under its key, instead of the one before."""
    upsert(db, _clock, [{"key": key, "at": at, "uptime": uptime, "note": note}])


def since(db: Connection, key: str, now: datetime) -> datetime:
    """The moment kept under a key; where there is none, `now`, which is kept from then on."""
    known = get(db, key)
    if known is None:
        keep(db, key, now)
    return known.at if known else now


def forget(db: Connection, *keys: str) -> None:
    db.execute(delete(_clock).where(_of.key.in_(keys)))


def forget_all(db: Connection) -> None:
    """Of a copy: what was known of the clock of its original is nothing to go by."""
    db.execute(delete(_clock))


def newest_moment(db: Connection) -> datetime | None:
    """The latest moment at which anything on record happened; None where nothing has. It reads whole tables: for who
    is called with a moment, and for a start."""
    columns = [getattr(core_tables, table).c[name] for table, names in HAPPENED.items() for name in names]
    latest = union_all(*(select(func.max(column)) for column in columns))
    cycle = get(db, CYCLE)
    found = [each for each in db.scalars(latest) if each]
    return max([*found, *([cycle.at] if cycle else [])], default=None)
