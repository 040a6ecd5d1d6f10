"""The form on which a review is closed, by whoever is asked whether it was held: held, with who was there, or skipped
and why. Those who answered the invitation are proposed.

Its link is good for one word: once that is said it shows what is on record, and once anybody else has closed the
review, or opened it again, it is closed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import RECONVENED, Recorded
from scheduler.render.languages import known, say, sentence
from scheduler.render.presence import presence_lines, quorum_outcome
from scheduler.render.signed_links import CLOSE
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases import presence as attendance
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold, skip
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.services.views.presence import by_answers
from scheduler.store import presence, reviews
from scheduler.web.links import payload, review_of
from scheduler.web.pages import FormLimits

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, moment_words, name_of, refusal_at, remark

_THERE, _ABSENT = "there", "absent"


@dataclass(frozen=True)
class SeatLine:
    """Somebody who was to attend: whether they were there (``there``, ``absent`` or empty: not known), and who stood in
    for them."""

    key: str
    name: str
    of: str | None
    was: str
    stand_in: str


@dataclass(frozen=True)
class ClosePage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness. Where something is on
    record, that alone is shown, with who was there and what follows."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    told: tuple[tuple[str, str], ...]
    outcome: str
    because: str
    seats: tuple[SeatLine, ...]
    is_proposed: bool
    """Whether the answers to the invitation say anything of the seats."""


@dataclass(frozen=True)
class _Asked:
    """What a link is for; where its one word is on record, `closing` is that."""

    partnership: Partnership
    record: Recorded
    person: str
    closing: reviews.Revision | None


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where review or person are there no more, it is still to come, or somebody
    else has closed it."""
    said = payload(db, CLOSE, token, now)
    record, partnership = review_of(app, db, said["review"], now, (Status.CANCELLED,))
    person, review = holder(app, db, partnership, said, now), record.review
    has_duty(partnership, person, (review.agenda_owner, review.deputy), now)
    since = [each for each in reviews.history(db, record.id) if each.action in reviews.CLOSINGS][int(said["words"]) :]
    is_said = record.settled and since and all(each.person == person and each.action != "reopen" for each in since)
    if record.settled and not is_said:
        raise Gone("it was closed since")
    if not record.settled and (since or not record.is_past(now)):
        raise Gone("it is open again, or still to come")
    return _Asked(partnership, record, person, since[0] if is_said else None)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> ClosePage:
    asked, typed = _asked(app, db, now, token), said or {}
    review, partnership = asked.record.review, asked.partnership
    there = presence.of_review(db, asked.record.id)
    seats = () if asked.closing else tuple(_seats(db, asked, typed))
    return ClosePage(
        partnership=partnership.name,
        title=say("%(review)s: was it held?", review=known(review.full_title)),
        reader=name_of(partnership, asked.person),
        facts=(
            (say("It was to be on"), day_words(review.start.date()), False),
            (say("Quorum"), known(review.quorum), False),
        ),
        on_record=tuple(_on_record(asked)),
        told=tuple(_told(db, asked, there)) if asked.closing else (),
        outcome=typed.get("outcome", ""),
        because=typed.get("because", ""),
        seats=seats,
        is_proposed=not typed and any(seat.was for seat in seats),
    )


def _on_record(asked: _Asked) -> list[HistoryLine]:
    closing, record = asked.closing, asked.record
    if closing is None:
        return []
    says = say("Held") if record.status is Status.HELD else say("Not held")
    note = record.because if record.status is Status.SKIPPED else None
    by, at = name_of(asked.partnership, closing.person), moment_words(asked.partnership, asked.person, closing.at)
    return [HistoryLine(says, by, at, note)]


def _told(db: Connection, asked: _Asked, there: dict[str, Presence]) -> list[tuple[str, str]]:
    """Who was there, whether there was a quorum, and when it is convened again."""
    lines = [*presence_lines(asked.record.review, asked.partnership, there)]
    if there:
        lines.append((say("Quorum"), quorum_outcome(asked.record)))
    again = reviews.find(db, f"{asked.record.id}{RECONVENED}")
    if again is not None and again.status is Status.PLANNED:
        lines.append((say("Convened again"), day_words(again.review.start.date())))
    return lines


def _seats(db: Connection, asked: _Asked, typed: Said) -> list[SeatLine]:
    partnership, proposed = asked.partnership, by_answers(db, asked.record, asked.partnership)
    instead = {key: other for key, _, other in (each.partition("=") for each in proposed.there)}
    found = []
    for key in dict.fromkeys(asked.record.review.attendees):
        if key not in partnership.people:
            continue
        was = _THERE if key in instead else _ABSENT if key in proposed.absent else ""
        of = partnership.organisations.get(partnership.people[key].of or "")
        stand_in = partnership.name_of(instead.get(key, "")) if instead.get(key) else ""
        found.append(
            SeatLine(
                key,
                partnership.name_of(key),
                of.name if of else None,
                typed.get(f"was-{key}", was),
                typed.get(f"instead-{key}", stand_in),
            )
        )
    return found


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
        is_known = asked.closing is not None and _is_on_record(db, asked, said, now)
    if is_known:
        return
    if asked.closing is not None:
        raise NotKept
    outcome, because = said.get("outcome", ""), remark(said, "because")
    with refusal_at(""):
        if outcome == "held":
            hold(app, asked.record.id, None, asked.person, now, _attended(asked, said))
        elif outcome == "skipped" and because:
            skip(app, asked.record.id, because, asked.person, now)
        elif outcome == "skipped":
            raise Wrong("because", InvalidValue(sentence("Say why it was not held"), sentence("all partners read it")))
        else:
            raise Wrong("outcome", InvalidValue(sentence("Say whether it was held"), sentence("choose one of the two")))


def _is_on_record(db: Connection, asked: _Asked, said: Said, now: datetime) -> bool:
    """Whether that is what was said before."""
    record, outcome = asked.record, said.get("outcome", "")
    if record.status is Status.SKIPPED:
        return outcome == "skipped" and remark(said, "because") == record.because
    try:
        given = attendance.said(asked.partnership, record.id, _attended(asked, said), asked.person, now)
    except UserError:
        return False
    return outcome == "held" and not attendance.news(db, record, given)


def _attended(asked: _Asked, said: Said) -> Attended:
    present, absent = [], []
    for key in dict.fromkeys(asked.record.review.attendees):
        was, instead = said.get(f"was-{key}", ""), " ".join(said.get(f"instead-{key}", "").split())
        if key not in asked.partnership.people:
            continue
        if instead and was != _ABSENT:
            present.append(f"{key}={instead}")
        elif was == _THERE:
            present.append(key)
        elif was == _ABSENT:
            absent.append(key)
    return Attended(tuple(present), tuple(absent))


FORM = FormKind("close.html.j2", _shown, _taken, limits=FormLimits(most_fields=400))
