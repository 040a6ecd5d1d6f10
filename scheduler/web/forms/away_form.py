"""The form on which a person says when they are away, and takes back what they said: at the foot of each letter.

It counts in all their partnerships. Said twice it is on record once.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Days
from scheduler.render import languages
from scheduler.render.signed_links import AWAY
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases.absences import StatedAbsences, say, stated, take_back
from scheduler.services.still_theirs import holder
from scheduler.store import partnerships
from scheduler.web.links import partnership_of, payload

from .lifecycle import FormKind, Said, Wrong, day_of, refusal_at


@dataclass(frozen=True)
class StatedDays:
    """An absence on record: in words, and the day on which it begins, by which it is taken back."""

    says: str
    first: str
    has_begun: bool


@dataclass(frozen=True)
class AwayPage:
    """The form as it is shown; `stated` is what is on record, `first` and `last` what was typed, `today` the first day
    that can be named."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    stated: tuple[StatedDays, ...]
    first: str
    last: str
    today: str


def _asked(app: App, db: Connection, now: datetime, token: str) -> tuple[str, str]:
    """The partnership and the key of whoever has the link. Raises BadLink, ExpiredLink, Gone."""
    said = payload(db, AWAY, token, now)
    partnership = partnership_of(app, db, said["partnership"], now)
    return partnership.partnership, holder(app, db, partnership, said, now)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> AwayPage:
    partnership, person = _asked(app, db, now, token)
    known, typed = stated(app, db, person, partnership, now), said or {}
    return AwayPage(
        partnership=languages.say("All your partnerships")
        if len(known.partnerships) > 1
        else _name(app, db, partnership),
        title=languages.say("When you are away"),
        reader=known.person.name,
        facts=(),
        stated=tuple(_days(known)),
        first=typed.get("first", ""),
        last=typed.get("last", ""),
        today=known.today.isoformat(),
    )


def _name(app: App, db: Connection, partnership: str) -> str:
    row = partnerships.get(db, partnership)
    return row.name if row else partnership


def _days(known: StatedAbsences) -> list[StatedDays]:
    return [
        StatedDays(_in_words(each.days), each.days.first.isoformat(), each.days.first < known.today)
        for each in known.absences
    ]


def _in_words(days: Days) -> str:
    """``Mon 21 Dec 2026 to Sat 2 Jan 2027``."""
    if days.first == days.last:
        return day_words(days.first)
    return languages.say("%(first)s to %(last)s", first=day_words(days.first), last=day_words(days.last))


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        partnership, person = _asked(app, db, now, token)
    with refusal_at("" if "take_back" in said else "first"):
        if "take_back" in said:
            take_back(app, person, _day(said, "take_back"), now, partnership=partnership)
        else:
            first, last = _day(said, "first"), _day(said, "last")
            if last < first:
                raise Wrong(
                    "last",
                    InvalidValue(
                        languages.sentence("This day is before the first"),
                        languages.sentence("write the earlier day first"),
                    ),
                )
            say(app, person, Days(first, last), person, now, partnership=partnership)


def _day(said: Said, field: str) -> date:
    """Raises Wrong."""
    return day_of(
        said, field, (languages.sentence("Name the day"), languages.sentence("write year-month-day, like 2026-12-24"))
    )


FORM = FormKind("away.html.j2", _shown, _taken)
