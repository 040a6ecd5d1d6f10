"""What is let go of once it is old: letters, the text of minutes, files to be read before a review, ended sessions and
codes.

Of a letter, a text and a file its SHA-256 stays, by which whoever still has it can show that it is the one. What is
under a dispute that runs stays as it is.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, or_, select, union, update

from . import core_tables
from .outbox import IS_OVER

_letter, _file = core_tables.letter, core_tables.pre_read
_review, _revision = core_tables.review, core_tables.revision
_session, _sign_in, _code = core_tables.session, core_tables.sign_in, core_tables.confirmation
_LET_GO = "The text of these minutes was let go of on "
_GONE = re.compile(rf"{_LET_GO}\d{{4}}-\d{{2}}-\d{{2}}\. Its SHA-256 was ([0-9a-f]{{64}})\.")
_CODES_KEPT = timedelta(days=1)
_FORMAL = "formal-review"


class Aged(NamedTuple):
    """How many are old enough to go, and since when the oldest is (None: there is none); how many of that age stay,
    because a dispute runs."""

    rows: int
    oldest: datetime | None
    kept: int


def under_dispute(db: Connection) -> frozenset[str]:
    """The partnerships in which a formal review, its cure, a deadlock or a dispute runs."""
    dispute, deadlock, action = core_tables.dispute.c, core_tables.deadlock.c, core_tables.action.c
    formal = select(_review.c.partnership).where(
        _review.c.kind == _FORMAL, _review.c.status.in_(("planned", "unrecorded"))
    )
    cure = select(action.partnership).where(action.done_at.is_(None), action.id.like("%#C%"))
    disputed = select(dispute.partnership).where(dispute.settled_at.is_(None))
    stuck = select(deadlock.partnership).where(deadlock.ended_at.is_(None))
    return frozenset(db.scalars(union(formal, cure, disputed, stuck)))


# Letters -----------------------------------------------------------------------------------------------------------


def old_letters(db: Connection, before: datetime, held: Collection[str]) -> Aged:
    """The letters that were settled before a moment whose bytes are still there."""
    return _aged(db, _letter, _letter.c.settled_at, _has_bytes(before), held)


def forget_letters(db: Connection, before: datetime, held: Collection[str], now: datetime, most: int) -> int:
    """Let go of the bytes of up to `most` of them; return how many. What became of them stays on record."""
    wanted = select(_letter.c.id).where(*_has_bytes(before), *_but(_letter, held))
    oldest = wanted.order_by(_letter.c.settled_at).limit(most)
    ids = list(db.scalars(oldest.with_for_update(skip_locked=True)))
    forget_bytes(db, ids, now)
    return len(ids)


def forget_bytes(db: Connection, letters: Iterable[int], now: datetime) -> None:
    """Let go of the bytes of these letters; their SHA-256 stays, by which whoever has one can show that it is it."""
    for id in letters:
        content: bytes = db.execute(select(_letter.c.content).where(_letter.c.id == id)).scalar_one()
        kept = {"sha256": hashlib.sha256(content).hexdigest()} if content else {}
        db.execute(update(_letter).where(_letter.c.id == id).values(content=b"", forgotten_at=now, **kept))


def _has_bytes(before: datetime) -> list[ColumnElement[bool]]:
    return [_letter.c.forgotten_at.is_(None), _letter.c.settled_at < before, IS_OVER]


# Minutes -----------------------------------------------------------------------------------------------------------


def old_minutes(db: Connection, before: datetime, held: Collection[str]) -> Aged:
    """The minutes of reviews that ended before a moment, whose text is still there."""
    return _aged(db, _review, _review.c.end_utc, _has_minutes(before), held)


def forget_minutes(db: Connection, before: datetime, held: Collection[str], now: datetime, most: int) -> int:
    """Put the digest of up to `most` of them in the place of their text, in the history of their review too; return how
    many."""
    wanted = select(_review.c.id, _review.c.minutes).where(*_has_minutes(before), *_but(_review, held))
    found = db.execute(wanted.order_by(_review.c.end_utc, _review.c.id).limit(most)).all()
    for id, text in found:
        is_as_read = (_review.c.id == id, _review.c.minutes == text)  # somebody may just be correcting them
        if db.execute(update(_review).where(*is_as_read).values(minutes=_digest_of(text, now))).rowcount:
            _forget_in_history(db, id, now)
    return len(found)


def _has_minutes(before: datetime) -> list[ColumnElement[bool]]:
    """Those that are still to be read into the register, from an earlier program, wait until they were."""
    of = _review.c
    unread = (core_tables.unread_minutes, core_tables.unregistered_minutes)
    is_read = [~select(table.c.review).where(table.c.review == of.id).exists() for table in unread]
    return [of.end_utc < before, of.minutes.is_not(None), ~of.minutes.startswith(_LET_GO), *is_read]


def _forget_in_history(db: Connection, review: str, now: datetime) -> None:
    of = _revision.c
    for id, before, after in db.execute(select(of.id, of.before, of.after).where(of.review == review)).all():
        fresh = {"before": _without_text(before, now), "after": _without_text(after, now)}
        if fresh != {"before": before, "after": after}:
            db.execute(update(_revision).where(of.id == id).values(fresh))


def _without_text(said: dict[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    text = said.get("minutes") if said else None
    if not said or not isinstance(text, str) or text.startswith(_LET_GO):
        return said
    return {**said, "minutes": _digest_of(text, now)}


def digest_let_go(text: str) -> str | None:
    """The SHA-256 of a text that was let go of, from what stands in its place; None of one that is still there."""
    found = _GONE.fullmatch(text)
    return found[1] if found else None


def _digest_of(text: str, now: datetime) -> str:
    return f"{_LET_GO}{now.date()}. Its SHA-256 was {hashlib.sha256(text.encode()).hexdigest()}."


# Files to be read before a review ----------------------------------------------------------------------------------


def old_files(db: Connection, before: datetime, held: Collection[str]) -> Aged:
    """The files given before a moment whose content is still there."""
    return _aged(db, _file, _file.c.at, _has_content(before), held)


def forget_files(db: Connection, before: datetime, held: Collection[str], now: datetime, most: int) -> int:
    """Let go of the content of up to `most` of them; return how many."""
    wanted = select(_file.c.id).where(*_has_content(before), *_but(_file, held)).order_by(_file.c.at).limit(most)
    ids = list(db.scalars(wanted))
    for id in ids:
        content: bytes = db.execute(select(_file.c.content).where(_file.c.id == id)).scalar_one()
        gone = {"content": None, "forgotten_at": now, "sha256": hashlib.sha256(content).hexdigest()}
        db.execute(update(_file).where(_file.c.id == id).values(gone))
    return len(ids)


def _has_content(before: datetime) -> list[ColumnElement[bool]]:
    return [_file.c.at < before, _file.c.content.is_not(None)]


# Sessions, sign-ins, codes -----------------------------------------------------------------------------------------


def old_sessions(db: Connection, before: datetime) -> Aged:
    """The sessions that ended, or were good for nothing any more, before a moment."""
    return _aged(db, _session, func.coalesce(_session.c.ended_at, _session.c.expires_at), [_is_over(before)], ())


def forget_sessions(db: Connection, before: datetime, most: int) -> int:
    return _dropped(db, _session, select(_session.c.id).where(_is_over(before)), most)


def _is_over(before: datetime) -> ColumnElement[bool]:
    return or_(_session.c.ended_at < before, _session.c.expires_at < before)


def old_codes(db: Connection, now: datetime) -> Aged:
    """Sign-ins that somebody began, and codes that were sent, more than a day ago."""
    parts = [_aged(db, table, table.c.created_at, [_is_long_ago(table, now)], ()) for table in (_sign_in, _code)]
    oldest = min((each.oldest for each in parts if each.oldest), default=None)
    return Aged(sum(each.rows for each in parts), oldest, 0)


def forget_codes(db: Connection, now: datetime, most: int) -> int:
    return sum(
        _dropped(db, table, select(table.c.id).where(_is_long_ago(table, now)), most) for table in (_sign_in, _code)
    )


def _is_long_ago(table: Table, now: datetime) -> ColumnElement[bool]:
    is_old: ColumnElement[bool] = table.c.created_at < now - _CODES_KEPT
    return is_old


# -------------------------------------------------------------------------------------------------------------------


def _but(table: Table, held: Collection[str]) -> list[ColumnElement[bool]]:
    return [table.c.partnership.not_in(sorted(held))] if held else []


def _aged(
    db: Connection, table: Table, at: ColumnElement[Any], which: list[ColumnElement[bool]], held: Collection[str]
) -> Aged:
    count, oldest = db.execute(select(func.count(), func.min(at)).where(*which, *_but(table, held))).one()
    kept = 0
    if held:
        mine = select(func.count()).where(*which, table.c.partnership.in_(sorted(held)))
        kept = int(db.execute(mine).scalar_one())
    return Aged(int(count), oldest, kept)


def _dropped(db: Connection, table: Table, which: Select[Any], most: int) -> int:
    return db.execute(delete(table).where(table.c.id.in_(list(db.scalars(which.limit(most)))))).rowcount


# Health checks -----------------------------------------------------------------------------------------------------


def old_answers(db: Connection, before: datetime) -> Aged:
    """What was answered in rounds that were closed before a moment. What it came to is not among it, and stays."""
    round, answer = core_tables.health_round.c, core_tables.health_answer.c
    found = select(func.count(), func.min(round.closed_at)).where(answer.round == round.id, round.closed_at < before)
    count, oldest = db.execute(found).one()
    return Aged(count, oldest, 0)


def forget_answers(db: Connection, before: datetime, most: int) -> int:
    """Let go of up to `most` of them; return how many went."""
    round, answer = core_tables.health_round.c, core_tables.health_answer.c
    wanted = select(answer.key).where(answer.round == round.id, round.closed_at < before).limit(most)
    return db.execute(delete(core_tables.health_answer).where(answer.key.in_(wanted))).rowcount
