"""The form on which those whose deadlock it is say what was decided; it wants a code, since it binds all sides.

Its link is good for one word: once the deadlock has ended it shows to whoever ended it what is on record, and is closed
to the others.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.proposal import Deadlock
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import RESOLVE
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.decisions.deadlocks import climbed, told
from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, key_of
from scheduler.services.cases.deadlocks import Stuck, find, resolve
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.web.links import payload

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, moment_words, name_of, refusal_at, remark

_LONGEST = 120


@dataclass(frozen=True)
class ResolvePage:
    """The form as it is shown: `stuck` is what the sides cannot agree on, in full; `facts` are a name, a value, and
    whether it tells of lateness. Where it has ended, what is `on_record` alone is shown."""

    partnership: str
    title: str
    stuck: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    says: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for: its person is of a level that the deadlock has reached."""

    found: Stuck
    person: str

    @property
    def deadlock(self) -> Deadlock:
        return self.found.deadlock


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where it has ended otherwise, or is not this person's."""
    said = payload(db, RESOLVE, token, now)
    try:
        found = find(app, db, said["deadlock"], now)
    except UserError:
        raise Gone("what the sides could not agree on is not there") from None
    person = holder(app, db, found.partnership, said, now)
    if found.deadlock.ended_at and found.deadlock.ended_by != person:
        raise Gone("it has ended")
    today = now.astimezone(zone(found.scope.timezone)).date()
    reached = (each for each in climbed(found.deadlock, found.scope) if each.on <= today)
    has_duty(found.partnership, person, [key for each in reached for key in told(each.level, found.scope)], now)
    return _Asked(found, person)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ResolvePage:
    asked = _asked(app, db, now, token)
    deadlock, partnership = asked.deadlock, asked.found.partnership
    facts = [(say("Recorded"), day_words(deadlock.opened_on), False)]
    if deadlock.body:
        facts.insert(0, (say("Decides"), known(deadlock.body), False))
    on_record: tuple[HistoryLine, ...] = ()
    if deadlock.ended_at:
        at = moment_words(partnership, asked.person, deadlock.ended_at)
        on_record = (HistoryLine(deadlock.ended_because or "", name_of(partnership, deadlock.ended_by), at, None),)
    return ResolvePage(
        partnership=partnership.name,
        title=say("What was decided"),
        stuck=deadlock.says,
        reader=name_of(partnership, asked.person),
        facts=tuple(facts),
        on_record=on_record,
        says=(said or {}).get("says", ""),
    )


def _words(said: Said) -> str:
    """Raises Wrong."""
    words = remark(said, "says")
    if words is None:
        raise Wrong(
            "says",
            InvalidValue(
                sentence("Say what was decided"), sentence("all parties read it, and it stands in the register")
            ),
        )
    return words


def _act(app: App, db: Connection, now: datetime, token: str, said: Said) -> Act | None:
    asked = _asked(app, db, now, token)
    if asked.deadlock.ended_at:
        return None
    words = _words(said)
    about = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
    key = key_of(f"deadlock/{asked.deadlock.id}", words)
    return Act(asked.found.partnership, asked.person, key, say("that it was decided: “%(words)s”", words=about))


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    if asked.deadlock.ended_at:
        if remark(said, "says") == asked.deadlock.ended_because:
            return
        raise NotKept
    with refusal_at(""):
        resolve(app, asked.deadlock.id, _words(said), asked.person, now)


FORM = FormKind("resolve.html.j2", _shown, _taken, _act)
