"""How people wish to be told by their own word: the last one of each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from scheduler.domain.record.own_setting import OwnSetting, Tell, from_row

from . import core_tables, partnerships
from .statements import upsert

_setting = core_tables.own_setting
_of = _setting.c


def say(db: Connection, email: str, tell: Tell | None, now: datetime) -> None:
    upsert(db, _setting, [{"email": email.casefold(), "tell": tell, "said_at": now}])


def of_person(db: Connection, email: str) -> OwnSetting | None:
    return of_people(db, [email]).get(email.casefold())


def of_people(db: Connection, emails: Collection[str]) -> dict[str, OwnSetting]:
    """The last word of each of several people, by mail address in lower case; without those who said nothing."""
    wanted = select(_setting).where(_of.email.in_({each.casefold() for each in emails}))
    return {each.email: _noun(each) for each in db.execute(wanted)}


def follow(db: Connection, old: str, new: str) -> None:
    """Whoever has another mail address goes on being told as they said, unless they said otherwise under the new one;
    under the old one they do so too, where a partnership still knows them by that."""
    said = of_person(db, old)
    if said is not None and of_person(db, new) is None:
        say(db, new, said.tell, said.said_at)


def forget(db: Connection, email: str) -> int:
    """Erase what somebody said; return how many words that were."""
    return db.execute(delete(_setting).where(_of.email == email.casefold())).rowcount


def keep(db: Connection, partnership: str) -> None:
    """Have a partnership know how its people wish to be told by their own word."""
    said = of_people(db, partnerships.members_of(db, partnership))
    partnerships.keep_own_tell(db, partnership, {email: each.tell for email, each in said.items() if each.tell})


def _noun(row: Any) -> OwnSetting:
    return OwnSetting(row.email, from_row({row.email: row.tell or ""}).get(row.email), row.said_at)
