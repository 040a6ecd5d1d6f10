"""The form on which the owner of an action of the minutes says that it is done, hands it to somebody else, or gives it
another date.

Its link is good for one such word: once that is said it shows it, and once anything else became of the action it is
closed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.ids import SeriesId
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, say_as, sentence
from scheduler.render.signed_links import ACTION
from scheduler.render.wording import day_words
from scheduler.rules.reminders.actions import Commitment, commitment, owners_zone, paper_of
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.services.cases.actions import finish, give_date, hand_on
from scheduler.services.state import has_left
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import actions, reviews
from scheduler.web.links import partnership_of, payload

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, day_of, moment_words, name_of, refusal_at, remark

LONGEST = timedelta(days=366)
"""So far ahead an action can be put off by its owner."""


@dataclass(frozen=True)
class ActionPage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness. `takers` are those to
    whom it can be handed, by key and name; `first` and `last` the dates that it can be given. Where the link's one word
    is on record, that alone is shown."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    takers: tuple[tuple[str, str], ...]
    first: str
    last: str
    act: str
    because: str
    to: str
    why: str
    due: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for; `said` is its one word, where that is on record."""

    partnership: Partnership
    action: Action
    commitment: Commitment | None
    source: str
    person: str
    today: date
    said: HistoryLine | None


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where action or person are there no more, or something else became of it
    since."""
    said = payload(db, ACTION, token, now)
    action = actions.find(db, said["action"])
    if action is None:
        raise Gone("its action is not there")
    partnership = partnership_of(app, db, action.partnership, now)
    person = holder(app, db, partnership, said, now)
    parts = scopes(partnership, app.playbooks)
    scope = next((each for each in parts if each.id == SeriesId(action.series).scope), parts[0])
    today = now.astimezone(owners_zone(commitment(action, scope, {}), scope)).date()
    owner = person if said["owner"] == said["person"] else said["owner"]  # under the key that they bear now
    said = {**said, "owner": owner}
    word, recorded = _word(partnership, action, said, person), reviews.recorded(db, action.partnership)
    source = _source(action, recorded)
    if word:
        return _Asked(partnership, action, None, source, person, today, word)
    if not action.is_open:
        raise Gone("it is done")
    found = commitment(action, scope, recorded)
    has_duty(partnership, person, (found.owner, found.deputy, found.presides), now)
    if (found.owner, _iso(found.due)) != (said["owner"], said["due"]):
        raise Gone("something else was said of it since")
    return _Asked(partnership, action, found, source, person, today, None)


def _source(action: Action, recorded: Mapping[str, Recorded]) -> str:
    """What an action comes from, as people call it: a meeting, the exit decided at one, or a paper."""
    if paper := paper_of(action):
        return say("the %(paper)s, as a milestone", paper=paper)
    record = recorded.get(action.review)
    meeting = (
        say("%(review)s, %(day)s", review=known(record.review.title), day=day_words(record.review.start.date()))
        if record
        else action.review
    )
    return say("the exit decided at %(meeting)s", meeting=meeting) if action.is_of_exit else meeting


def _word(partnership: Partnership, action: Action, said: dict[str, str], person: str) -> HistoryLine | None:
    """What the person said of the action last, where that is not how it stood when the link was made."""
    if action.done_at:
        is_theirs = action.done_by == person
        at = moment_words(partnership, person, action.done_at)
        line = HistoryLine(say("Done"), name_of(partnership, action.done_by), at, action.done_because)
        return line if is_theirs else None
    if action.handed_at and action.handed_by == person and action.owner != said["owner"]:
        at = moment_words(partnership, person, action.handed_at)
        says = say("Handed to %(person)s", person=name_of(partnership, action.owner))
        return HistoryLine(says, name_of(partnership, person), at, action.handed_because)
    is_dated = action.due_given_at and action.due_given_by == person and _iso(action.due) != said["due"]
    if is_dated and action.due and action.due_given_at and action.owner in (None, said["owner"]):
        at = moment_words(partnership, person, action.due_given_at)
        return HistoryLine(say("Due by %(day)s", day=day_words(action.due)), name_of(partnership, person), at, None)
    return None


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ActionPage:
    asked, typed = _asked(app, db, now, token), said or {}
    return ActionPage(
        partnership=asked.partnership.name,
        title=asked.action.says,
        reader=name_of(asked.partnership, asked.person),
        facts=tuple(_facts(asked)),
        on_record=(asked.said,) if asked.said else (),
        takers=tuple(_takers(asked, now)),
        first=asked.today.isoformat(),
        last=(asked.today + LONGEST).isoformat(),
        act=typed.get("act", "date" if asked.action.unread is not None else ""),
        because=typed.get("because", ""),
        to=typed.get("to", ""),
        why=typed.get("why", ""),
        due=typed.get("due", ""),
    )


def _facts(asked: _Asked) -> Iterator[tuple[str, str, bool]]:
    yield say_as("where it comes from", "From"), asked.source, False
    found = asked.commitment
    if found is None:
        return
    if found.owner != asked.person:
        yield say("Owner"), name_of(asked.partnership, found.owner), False
    if found.due:
        yield say("Due"), day_words(found.due), found.due < asked.today
    elif asked.action.unread is not None:
        yield say("Due"), say('by when? It says: "%(words)s"', words=asked.action.unread), False


def _takers(asked: _Asked, now: datetime) -> Iterator[tuple[str, str]]:
    """Those of the person's own side first."""
    owner = asked.commitment.owner if asked.commitment else None
    people, side = asked.partnership.people, asked.partnership.organisation_of(asked.person)
    there = [key for key, person in people.items() if key != owner and not has_left(asked.partnership, person, now)]
    for key in sorted(there, key=lambda key: (people[key].of != side, people[key].name)):
        of = asked.partnership.organisations.get(people[key].of or "")
        yield key, f"{people[key].name} ({of.name})" if of else people[key].name


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    if asked.said:
        if _is_on_record(asked.action, said):
            return
        raise NotKept
    act = {"done": _done, "hand": _hand, "date": _date}.get(said.get("act", ""))
    if act is None:
        raise Wrong(
            "",
            InvalidValue(
                sentence("Nothing was chosen"), sentence("say that it is done, hand it on, or give it a date")
            ),
        )
    with refusal_at(""):
        act(app, asked, said, now)


def _is_on_record(action: Action, said: Said) -> bool:
    """Whether that is what was said before."""
    if action.done_at:
        return said.get("act") == "done" and remark(said, "because") == action.done_because
    if said.get("act") == "hand":
        return (said.get("to"), remark(said, "why")) == (action.owner, action.handed_because)
    return said.get("act") == "date" and said.get("due", "").strip() == _iso(action.due)


def _done(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    finish(app, asked.action.id, remark(said, "because"), asked.person, now)


def _hand(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    to = said.get("to", "")
    if to not in dict(_takers(asked, now)):
        raise Wrong("to", InvalidValue(sentence("Choose who takes it"), sentence("nobody was chosen")))
    hand_on(app, asked.action.id, to, remark(said, "why"), asked.person, now)


def _date(app: App, asked: _Asked, said: Said, now: datetime) -> None:
    day = day_of(said, "due")
    if not asked.today <= day <= asked.today + LONGEST:
        raise Wrong("due", InvalidValue(sentence("Choose a day from today on"), sentence("and within a year")))
    give_date(app, asked.action.id, day, asked.person, now)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


FORM = FormKind("action.html.j2", _shown, _taken)
