"""How people wish to be told by their own word, and in which language: the last one of each."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from scheduler.domain.manner import AS_EVER, Manner
from scheduler.domain.record.own_setting import OwnSetting, Tell, from_row

from . import core_tables, members, partnerships
from .statements import upsert

_setting = core_tables.own_setting
_of = _setting.c


def say(db: Connection, email: str, tell: Tell | None, now: datetime) -> None:
    before = of_person(db, email)
    _write(db, OwnSetting(email.casefold(), tell, now, before.manner if before else AS_EVER))


def say_manner(db: Connection, email: str, manner: Manner, now: datetime) -> None:
    before = of_person(db, email)
    _write(db, OwnSetting(email.casefold(), before.tell if before else None, now, manner))


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
        _write(db, replace(said, email=new.casefold()))


def forget(db: Connection, email: str) -> int:
    """Erase what somebody said; return how many words that were."""
    return db.execute(delete(_setting).where(_of.email == email.casefold())).rowcount


def keep(db: Connection, partnership: str) -> None:
    """Have a partnership know how its people wish to be told by their own word, and in which language."""
    said = of_people(db, members.of(db, partnership))
    partnerships.keep_own_tell(db, partnership, {email: each.tell for email, each in said.items() if each.tell})
    manners = {email: each.manner for email, each in said.items() if each.manner != AS_EVER}
    partnerships.keep_own_manner(db, partnership, manners)


def _noun(row: Any) -> OwnSetting:
    tell = from_row({row.email: row.tell or ""}).get(row.email)
    return OwnSetting(row.email, tell, row.said_at, Manner(row.language, row.numbers, row.dates))


def _write(db: Connection, said: OwnSetting) -> None:
    row = {"email": said.email, "tell": said.tell, "said_at": said.said_at, **said.manner._asdict()}
    upsert(db, _setting, [row])
