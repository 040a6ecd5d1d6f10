"""The form on which somebody who is invited says whether they come, sends somebody of their side, or proposes another
time. It answers to the review as it is shown: where that was changed meanwhile, nothing is recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.review import Recorded, people_of
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import ANSWER
from scheduler.render.wording import clock_words, day_words
from scheduler.rules.calendar.wall_clock import moment
from scheduler.services.app import App
from scheduler.services.cases.attendance import answer, stand_ins
from scheduler.services.still_theirs import Gone, holder, whom_to_ask
from scheduler.store import rsvps
from scheduler.web.links import payload, review_of

from .lifecycle import FormKind, Said, Wrong, moment_words, name_of, refusal_at, remark

_CHOICES = (
    (Says.ACCEPTED, sentence("I come")),
    (Says.TENTATIVE, sentence("I may come")),
    (Says.DECLINED, sentence("I do not come")),
)

_STANDING = {
    Says.ACCEPTED: sentence("You come."),
    Says.TENTATIVE: sentence("You may come."),
    Says.DECLINED: sentence("You do not come."),
}

_OPEN = sentence("You have not said.")

_FARTHEST = timedelta(days=366)
"""A time that somebody proposes instead is no further from that of the review."""


@dataclass(frozen=True)
class AnswerPage:
    """The form as it is shown. `standing` is what is on record in words, `sequence` the state of the review that is
    answered; `choices` and `people` are a value and its words, `zone` that of the fields `day` and `time`."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    standing: str
    sequence: str
    choices: tuple[tuple[str, str], ...]
    says: str
    people: tuple[tuple[str, str], ...]
    instead: str
    day: str
    time: str
    zone: str
    because: str


@dataclass(frozen=True)
class _Asked:
    partnership: Partnership
    record: Recorded
    person: str
    last: Answer | None

    @property
    def zone(self) -> str:
        known = self.partnership
        return zone_of(known.people[self.person], known.organisations, known.zone).key


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where the review is over or off, or the person is not invited any more."""
    said = payload(db, ANSWER, token, now)
    record, partnership = review_of(app, db, said["review"], now)
    if record.status is not Status.PLANNED or record.is_past(now):
        raise Gone("its review is over, or is not held")
    person = holder(app, db, partnership, said, now)
    if person not in people_of(record.review):
        raise Gone("it is for those who are invited", whom_to_ask(partnership, partnership.people[person], now))
    return _Asked(partnership, record, person, rsvps.latest(db, record.id, partnership.people[person].email.casefold()))


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> AnswerPage:
    asked, typed = _asked(app, db, now, token), said or {}
    partnership, review, last = asked.partnership, asked.record.review, asked.last
    stands = last if last and last.sequence >= asked.record.sequence else None
    return AnswerPage(
        partnership=partnership.name,
        title=known(review.full_title),
        reader=name_of(partnership, asked.person),
        facts=tuple(_facts(asked)),
        standing=_standing(asked, stands) if stands else "",
        sequence=str(asked.record.sequence),
        choices=tuple((str(value), say(words)) for value, words in _CHOICES),
        says=typed.get("says", str(stands.says) if stands else ""),
        people=tuple(stand_ins(partnership, asked.person, now).items()),
        instead=typed.get("instead", ""),
        day=typed.get("day", ""),
        time=typed.get("time", ""),
        zone=asked.zone,
        because=typed.get("because", ""),
    )


def _facts(asked: _Asked) -> list[tuple[str, str, bool]]:
    review = asked.record.review
    there = say(
        "%(day)s, %(time)s %(zone)s",
        day=day_words(review.start.date()),
        time=clock_words(review.start),
        zone=review.timezone,
    )
    found = [(say("When"), moment_words(asked.partnership, asked.person, review.start), False)]
    if asked.zone != review.timezone:
        found.append((say("That is"), there, False))
    if review.place:
        found.append((say("Where"), review.place, False))
    return [*found, (say("Agenda by"), name_of(asked.partnership, review.agenda_owner), False)]


def _standing(asked: _Asked, last: Answer) -> str:
    """``You do not come; Dev Patel comes instead. You propose Fri 18 Dec 2026, 09:00 (UTC-5).``"""
    instead = next((p.name for p in asked.partnership.people.values() if p.email.casefold() == last.delegate), None)
    said = (
        say("You do not come; %(person)s comes instead.", person=instead)
        if instead
        else say(_STANDING.get(last.says, _OPEN))
    )
    if last.proposed:
        then = moment_words(asked.partnership, asked.person, last.proposed[0])
        proposes = say("You propose %(then)s.", then=then)
        said = f"{said} {proposes}"
    return said


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    chosen = said.get("says", "")
    if chosen not in [str(value) for value, _ in _CHOICES]:
        raise Wrong("says", InvalidValue(sentence("Choose one"), sentence("whether you come")))
    sequence, instead = said.get("sequence", ""), said.get("instead") or None
    proposed, because = _proposed(asked, said), remark(said, "because")
    if instead and chosen != Says.DECLINED:
        raise Wrong(
            "instead",
            InvalidValue(sentence("Somebody comes instead only of who does not come"), sentence("choose one of them")),
        )
    seen = int(sequence) if sequence.isascii() and sequence.isdigit() else -1
    with refusal_at(""):
        answer(
            app, asked.record.id, asked.person, Says(chosen), now,
            sequence=seen, instead=instead, proposed=proposed, because=because,
        )  # fmt: skip


def _proposed(asked: _Asked, said: Said) -> datetime | None:
    """Another start, on the reader's own clock. Raises Wrong."""
    day, at = said.get("day", "").strip(), said.get("time", "").strip()
    if not day and not at:
        return None
    try:
        written = datetime.fromisoformat(f"{day}T{at}")
        if written.tzinfo is not None or abs(written.date() - asked.record.review.start.date()) > _FARTHEST:
            raise ValueError
        return moment(written.date(), written.time(), asked.zone)
    except ValueError:
        raise Wrong(
            "day", InvalidValue(sentence("Name a day and a time"), sentence("like 2026-12-18 and 15:00"))
        ) from None


FORM = FormKind("answer.html.j2", _shown, _taken)
