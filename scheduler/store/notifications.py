"""What people are told: each step to each person once, waiting → told, or dropped where it was settled before.

A notice is recorded in the transaction of the change that it tells of. A letter that carries some is recorded, and they
are marked as told, in one transaction too; so each reaches the outbox once, however often the program is killed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, delete, func, or_, select, text, update

from scheduler.domain.record.notification import SETTLED
from scheduler.domain.record.notification_facts import Facts

from . import core_tables
from .repeats import earlier_times
from .statements import carries, insert_many, on_its_way

if TYPE_CHECKING:
    from .tables import NotificationRow

_notice = core_tables.notice
_letter = core_tables.letter
_partnership = core_tables.partnership
_of = _notice.c
_WAITS = text("notice.state = 'waiting'")
"""In the words of the index `ix_notice_waiting`, whatever the number of notices."""
_other = _notice.alias("other")
"""Another notice beside the one that is looked at: made once, since an alias is dear to make and often asked for."""


class Key(NamedTuple):
    """What makes a notice the same one: told to that address once."""

    subject: str
    period: str
    rung: str
    occasion: str
    email: str


class KnownNotice(NamedTuple):
    """What is known of a notice: its row, whether it was told, and its day."""

    id: int
    state: str
    due_on: date


def known(db: Connection, partnership: str) -> dict[Key, KnownNotice]:
    """Every notice of a partnership, each time of those that repeat."""
    columns = (_of.subject, _of.period, _of.rung, _of.occasion, _of.email, _of.id, _of.state, _of.due_on, _of.repeats)
    known: dict[Key, KnownNotice] = {}
    for *key, id, state, due_on, earlier in db.execute(select(*columns).where(_of.partnership == partnership)):
        last = Key(*key)
        known[last] = KnownNotice(id, state, due_on)
        for each in earlier_times(earlier):
            known[last._replace(occasion=each.occasion)] = KnownNotice(id, "told", each.due_on)
    return known


def add(db: Connection, rows: "Iterable[NotificationRow]") -> None:
    """Record notices that are not known yet."""
    insert_many(db, _notice, [row.model_dump(exclude={"id"}) for row in rows])


def drop(db: Connection, ids: Iterable[int]) -> None:
    """What was to be told is settled: it is told no more."""
    dropped = [{"mine": id} for id in ids]
    if dropped:
        db.execute(_DROP, dropped)


def revive(db: Connection, ids: Sequence[int], at: datetime) -> None:
    """What was dropped is to be told after all: from `at` on."""
    if ids:
        db.execute(update(_notice).where(_of.id.in_(ids), _of.state == "dropped").values(state="waiting", tell_at=at))


def was_told(db: Connection, subject: str) -> bool:
    """Whether anybody was told anything about this, or is by a letter that was written."""
    return db.scalar(select(_of.id).where(_of.subject == subject, _of.state == "told").limit(1)) is not None


def drop_all(db: Connection, partnership: str) -> None:
    """Tell nothing more of a partnership that was ended."""
    waiting = and_(_of.partnership == partnership, _of.state == "waiting")
    db.execute(update(_notice).where(waiting).values(state="dropped"))


def told_late(db: Connection, partnership: str) -> "list[NotificationRow]":
    """Of whose lateness people were told, by a letter that was accepted, who have not heard yet that it is settled: one
    row for each person. The steps of a launch track are not among them: their owners tick them."""
    is_settled = (
        select(_other.c.id)
        .where(_other.c.subject == _of.subject, _other.c.period == _of.period, _other.c.email == _of.email)
        .where(_other.c.rung == SETTLED, _other.c.id > _of.id)
        .exists()
    )
    accepted = select(_letter.c.id).where(carries(_letter.c.dedup_key, _of.letter), _letter.c.state == "sent")
    told = (
        select(func.max(_of.id))
        .where(_of.partnership == partnership, _of.state == "told", _of.late, _of.email != "", accepted.exists())
        .where(_of.about != "checkpoint")
    )
    latest = told.where(_of.email != "", ~is_settled).group_by(_of.subject, _of.period, _of.email)
    found = db.execute(select(_notice).where(_of.id.in_(latest)).order_by(_of.id))
    return [_row(each) for each in found.mappings()]


def settled_unread(db: Connection, partnership: str) -> "list[NotificationRow]":
    """That something is settled, where it waits or lies in a letter of which nothing has left."""
    open_ = select(_letter.c.instance).where(on_its_way(), _letter.c.state == "due")
    unread = or_(_of.state == "waiting", and_(_of.state == "told", _of.letter.in_(open_)))
    mine = select(_notice).where(_of.partnership == partnership, _of.rung == SETTLED, unread)
    return [_row(each) for each in db.execute(mine.order_by(_of.id)).mappings()]


def reword(db: Connection, row: "NotificationRow", facts: Facts | None) -> None:
    """What waits tells of other facts; with None it is forgotten, as if it had never been recorded."""
    mine = and_(_of.id == row.id, _of.state == "waiting")
    if facts is None:
        db.execute(delete(_notice).where(mine))
    else:
        db.execute(update(_notice).where(mine).values(facts=dict(facts), detail=""))


def due(db: Connection, now: datetime) -> list[str]:
    """The addresses for which something waits whose time has come; those of a partnership behind one another."""
    first: dict[str, str] = {}
    # Put in order here: grouped by address, SQLite would go through all notices there ever were.
    for email, partnership in db.execute(
        select(_of.email, _of.partnership).where(_WAITS, _of.tell_at <= now, _of.email != "")
    ):
        first[email] = min(partnership, first.get(email, partnership))
    return sorted(first, key=lambda email: (first[email], email))


def next_telling(db: Connection, after: datetime) -> datetime | None:
    """The first moment after that one from which something may be told; None where nothing waits for one."""
    ahead = select(func.min(_of.tell_at)).where(_WAITS, _of.tell_at > after, _of.email != "")
    found: datetime | None = db.scalar(ahead)
    return found


def waiting(db: Connection, emails: Collection[str]) -> "dict[str, list[NotificationRow]]":
    """All that waits for each of these people, a few hundred at the most, in the order in which it was recorded."""
    found: dict[str, list[NotificationRow]] = {email: [] for email in emails}
    wanted = select(_notice).where(_of.email.in_(emails), _of.state == "waiting").order_by(_of.id)
    for each in db.execute(wanted).mappings():
        found[each["email"]].append(_row(each))
    return found


def concerned(db: Connection, emails: Collection[str]) -> list[str]:
    """The partnerships of which something waits for these people, a few hundred at the most."""
    wanted = select(_of.partnership).where(_of.email.in_(emails), _of.state == "waiting")
    return list(db.scalars(wanted.distinct().order_by(_of.partnership)))


def unsettled(db: Connection, email: str, since: date) -> list[str]:
    """The partnerships in which something may stand open of what a person was told, or is about to be: steps since a
    day, and lateness that nobody has told them is settled; the longest late first."""
    settled = select(_other.c.id).where(
        _other.c.email == _of.email,
        _other.c.subject == _of.subject,
        _other.c.period == _of.period,
        _other.c.rung == SETTLED,
        _other.c.id > _of.id,
    )
    mine = (_of.email == email, _of.state != "dropped", or_(_of.due_on >= since, and_(_of.late, ~settled.exists())))
    late_since = func.min(case((_of.late, _of.due_on)))
    wanted = select(_of.partnership).where(*mine).group_by(_of.partnership)
    return list(db.scalars(wanted.order_by(late_since.is_(None), late_since, _of.partnership)))


def last_told(db: Connection, emails: Collection[str]) -> dict[str, datetime]:
    """When each of these people was last told of anything; without those who never were."""
    wanted = select(_of.email, func.max(_of.told_at).label("last")).where(
        _of.email.in_(emails), _of.told_at.is_not(None)
    )
    return {each.email: each.last for each in db.execute(wanted.group_by(_of.email))}


def look_again(db: Connection, email: str, now: datetime) -> None:
    """Have what waits for a person looked at in the next round: how they wish to be told has changed."""
    mine = (_of.email == email, _of.state == "waiting", _of.tell_at > now)
    db.execute(update(_notice).where(*mine).values(tell_at=now))


def postpone(db: Connection, until: Mapping[str, datetime]) -> None:
    """Nothing that waits for these people is told before their moment."""
    put_off = [{"whom": email, "until": moment} for email, moment in until.items()]
    if put_off:
        db.execute(_POSTPONE, put_off)


def tell(db: Connection, letters: Mapping[int, str], at: datetime) -> None:
    """Each of these is carried by its letter, named by its key."""
    told = [{"mine": id, "by": letter, "at": at} for id, letter in letters.items()]
    if told:
        db.execute(_TELL, told)


def tell_again(db: Connection, letters: Sequence[str], now: datetime) -> None:
    """What these letters were to carry was never told: it waits again, but of partnerships that have ended."""
    governed = select(_partnership.c.id).where(_partnership.c.ended_at.is_(None))
    mine = update(_notice).where(_of.letter.in_(letters), _of.state == "told", _of.partnership.in_(governed))
    db.execute(mine.values(state="waiting", letter=None, told_at=None, tell_at=now))


def told_of(db: Connection, letters: Sequence[str]) -> list[str]:
    """The partnerships of what these letters carry."""
    return list(db.scalars(select(_of.partnership).where(_of.letter.in_(letters)).distinct()))


def letters_of(db: Connection, ids: Iterable[int]) -> set[str]:
    """The letters that carry these, by their keys."""
    found = (db.scalar(select(_of.letter).where(_of.id == id, _of.state == "told")) for id in ids)
    return {each for each in found if each}


def undelivered(db: Connection, letters: Iterable[str]) -> list[str]:
    """Those of these letters that no channel has accepted, and none will: refused, or come too late."""
    states = {each: set(db.scalars(select(_letter.c.state).where(_letter.c.instance == each))) for each in letters}
    return sorted(
        each for each, of in states.items() if of & {"dead", "expired"} and of <= {"dead", "expired", "replaced"}
    )


def tell_these_again(db: Connection, ids: Iterable[int], letters: Sequence[str], now: datetime) -> None:
    """What those of these notices say that these letters carry was never told: it waits again. That a matter is
    settled is old news."""
    for id in ids:
        mine = update(_notice).where(_of.id == id, _of.letter.in_(letters), _of.state == "told", _of.rung != SETTLED)
        db.execute(mine.values(state="waiting", letter=None, told_at=None, tell_at=now))


def put_back(db: Connection, after: date, now: datetime) -> int:
    """Forget the steps of days after that one as if nobody had been told: their days have not come, and when they come
    they are told. Of those that repeat the earlier times stay; what was recorded later than `now` waits from now on.
    Returns how many steps were forgotten."""
    recorded_later = update(_notice).where(_of.state == "waiting", _of.recorded_at > now)
    db.execute(recorded_later.values(recorded_at=now, tell_at=now))
    ahead = [_row(each) for each in db.execute(select(_notice).where(_of.due_on > after)).mappings()]
    for row in ahead:
        stay = [each for each in earlier_times(row.repeats) if each.due_on <= after]
        if stay:
            last = stay[-1]
            kept = [each for each in row.repeats or () if each[0] in {one.occasion for one in stay[:-1]}]
            values: dict[str, Any] = {
                "times": len(stay),
                "repeats": kept or None,
                "told_at": last.told_at,
                "letter": last.letter,
            }
            values |= {"occasion": last.occasion, "due_on": last.due_on}
            db.execute(update(_notice).where(_of.id == row.id).values(values))
        else:
            db.execute(delete(_notice).where(_of.id == row.id))
    return len(ahead)


def carried(db: Connection, letters: Sequence[str]) -> "list[NotificationRow]":
    """What these letters carry."""
    found = db.execute(select(_notice).where(_of.letter.in_(letters)).order_by(_of.id))
    return [_row(each) for each in found.mappings()]


def listing(db: Connection, partnership: str | None = None) -> "list[NotificationRow]":
    """Every notice, in the order in which they were recorded."""
    wanted = select(_notice).order_by(_of.id)
    if partnership is not None:
        wanted = wanted.where(_of.partnership == partnership)
    return [_row(each) for each in db.execute(wanted).mappings()]


def unsent(db: Connection, partnership: str, until: date) -> dict[Key, str]:
    """What is carried by letters of which none has left by any channel, with the letter's key: steps up to a day."""
    open_ = select(_letter.c.instance).where(on_its_way(), _letter.c.state == "due")
    columns = (_of.subject, _of.period, _of.rung, _of.occasion, _of.email, _of.letter)
    mine = select(*columns).where(_of.partnership == partnership, _of.letter.in_(open_), _of.due_on <= until)
    return {Key(*each[:5]): each[5] for each in db.execute(mine)}


def partnerships_with(db: Connection, about: str) -> list[str]:
    """The partnerships that were ever to be told something about this."""
    wanted = select(_of.partnership).where(_of.about == about).distinct()
    return list(db.scalars(wanted.order_by(_of.partnership)))


def waiting_since(db: Connection, moment: datetime) -> int:
    """How many notices wait though their hour came before a moment."""
    late = select(func.count()).where(_WAITS, _of.tell_at < moment, _of.email != "")
    return db.scalar(late) or 0


def counts(db: Connection) -> dict[str, int]:
    """How many notices are in each state."""
    return {each.state: each.n for each in db.execute(select(_of.state, func.count().label("n")).group_by(_of.state))}


def _row(found: Any) -> "NotificationRow":
    from . import tables

    return tables.row(tables.NotificationRow, found)


_mine = _of.id == bindparam("mine")
_DROP = update(_notice).where(_mine, _of.state == "waiting").values(state="dropped")
_TELL = update(_notice).where(_mine).values(state="told", letter=bindparam("by"), told_at=bindparam("at"))
_waits_for = and_(_of.email == bindparam("whom"), _of.state == "waiting", _of.tell_at < bindparam("until"))
_POSTPONE = update(_notice).where(_waits_for).values(tell_at=bindparam("until"))
