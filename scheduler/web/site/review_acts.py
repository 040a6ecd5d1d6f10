"""What is done with a review on its page: it is moved, skipped, closed and opened again, its minutes are filed and
objected to, its invitation is answered."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Says
from scheduler.render.languages import known, say, sentence
from scheduler.rules import permissions
from scheduler.rules.minutes.filings import circulated_to
from scheduler.services import lookup
from scheduler.services.cases import attendance, objections, reviews, undoing
from scheduler.services.cases.presence import Attended
from scheduler.services.competition import guard_at
from scheduler.services.viewer import NotThere
from scheduler.services.views.understood_minutes import UnderstoodPart, has_found_nothing, understood_parts
from scheduler.store import presence as presence_store
from scheduler.store import reviews as reviews_store
from scheduler.web.forms.lifecycle import Wrong, remark

from . import paths
from .page import Acting, Done, Preview

MOST_MINUTES = 1024 * 1024
NO_MINUTES = "No minutes were taken: nothing was decided.\n"
_MOST_WORDS = 2000


@dataclass(frozen=True)
class ReviewActedOn:
    """A review that something is done with, and by whom: a person's key, None for an operator who is nobody there."""

    record: Recorded
    partnership: Partnership
    person: str | None


def acted_on(acting: Acting, what: str | None) -> ReviewActedOn:
    """The review, for whoever may do `what` with it; None: for whoever may see it. Raises NotThere, Refused."""
    id = acting.params["id"]
    audience = acting.viewer.audience(ReviewId(id).partnership)
    with acting.app.store.read() as db:
        record = reviews_store.find(db, id)
        if record is None:
            raise NotThere
        partnership = acting.app.in_force(lookup.partnership(db, record.review.partnership)).as_of(acting.now)
    if not audience.is_of(partnership.organisations):
        raise NotThere
    if what is not None:
        acting.check(partnership, permissions.who_runs(record.review, partnership), what)
    return ReviewActedOn(record, partnership, acting.person(partnership.partnership))


def names_of(partnership: Partnership, people: frozenset[str]) -> list[str]:
    return [partnership.name_of(key) for key in sorted(people) if key in partnership.people]


def readers_of_minutes(db: Connection, record: Recorded) -> frozenset[str]:
    """Who may object to the minutes of a review."""
    return circulated_to(record.review, presence_store.of_review(db, record.id))


def words_in(acting: Acting, name: str, what: str) -> str:
    """What stands in a field that has to be filled in. Raises Wrong."""
    said = remark(acting.said, name)
    if said is None:
        raise Wrong(name, InvalidValue(what, sentence("all partners read it")))
    return said


def when_of(written: str) -> date | datetime:
    """A date, or a date and a time of day on the clocks of the review. Raises InvalidValue."""
    text = written.strip().replace(" ", "T")
    try:
        found = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            sentence("This is no day and time"), sentence("write year-month-day, and the time as 15:30")
        ) from None
    if isinstance(found, datetime) and (found.second or found.microsecond):
        raise InvalidValue(sentence("A review begins at a full minute"), sentence("write the time as 15:30"))
    return found


def _move(acting: Acting) -> Done:
    review = acted_on(acting, "move this review")
    try:
        to = when_of(acting.said.get("to", ""))
    except InvalidValue as fault:
        raise Wrong("to", fault) from None
    because = words_in(acting, "why_moved", sentence("Say why it is moved"))
    moved = reviews.move(acting.app, review.record.id, to, because, review.person, acting.now)
    title = moved.after.review.title
    return Done(
        lambda: say("%(review)s is moved. Everybody who is invited is told.", review=known(title)),
        paths.review(review.record.id),
    )


def _skip(acting: Acting) -> Done:
    review = acted_on(acting, "skip this review")
    because = words_in(acting, "why_skipped", sentence("Say why it is not held"))
    reviews.skip(acting.app, review.record.id, because, review.person, acting.now)
    return Done(lambda: say("The review is skipped. Its period keeps its place; the next one stays as it is."))


def _reopen(acting: Acting) -> Done:
    review = acted_on(acting, "open this review again")
    because = words_in(acting, "why_reopened", sentence("Say why it is open again"))
    undoing.reopen(acting.app, review.record.id, because, review.person, acting.now)
    return Done(lambda: say("The review is open again."))


def _hold(acting: Acting) -> Done:
    review = acted_on(acting, "close this review")
    on = acting.said.get("on", "").strip()
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise Wrong("on", InvalidValue(sentence("This is no day"), sentence("write year-month-day"))) from None
    attended = _attended(review, acting.said, day)
    closed = reviews.hold(acting.app, review.record.id, None, review.person, acting.now, attended)
    again = closed.again.review.full_title if closed.again else None

    def told() -> str:
        parts = [say("It is on record that the review was held.")]
        if closed.after.quorate is False:
            parts.append(say("There was no quorum."))
        if again:
            parts.append(say("It is convened again: %(review)s.", review=known(again)))
        return " ".join(parts)

    return Done(told)


def _attended(review: ReviewActedOn, said: Mapping[str, str], on: date | None) -> Attended:
    present, absent = [], []
    for key in dict.fromkeys(review.record.review.attendees):
        was, instead = said.get(f"was-{key}", ""), " ".join(said.get(f"instead-{key}", "").split())
        if instead and was != "absent":
            present.append(f"{key}={instead}")
        elif was == "there":
            present.append(key)
        elif was == "absent":
            absent.append(key)
    return Attended(tuple(present), tuple(absent), on)


class Understood(NamedTuple):
    """What was read out of minutes that are not kept yet; `seen` is a digest of them."""

    text: str
    parts: tuple[UnderstoodPart, ...]
    is_empty: bool
    seen: str


def _file(acting: Acting) -> Done:
    """File minutes that were pasted or uploaded: what is understood of them is shown before they are kept."""
    review = acted_on(acting, "file the minutes of this review")
    if "minutes_file_fault" in acting.said:
        raise Wrong(
            "minutes_file",
            InvalidValue(sentence("This file is no text"), sentence("save the minutes as text in UTF-8")),
        )
    text = acting.said.get("minutes_file") or acting.said.get("minutes", "")
    text = NO_MINUTES if "none" in acting.said else text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Wrong(
            "minutes", InvalidValue(sentence("There are no minutes yet"), sentence("paste them, or choose a file"))
        )
    if len(text) > MOST_MINUTES or "\0" in text:
        raise Wrong(
            "minutes",
            InvalidValue(sentence("This is no text of a few pages"), sentence("paste the minutes as plain text")),
        )
    seen = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if "none" not in acting.said and acting.said.get("seen") != seen:
        found = reviews.holding(acting.app, review.record.id, text, review.person, acting.now).filed
        assert found is not None
        names = {key: person.name for key, person in review.partnership.people.items()}
        is_empty = has_found_nothing(found)
        guard = guard_at(acting.app, review.partnership, review.record)
        raise Preview(lambda: Understood(text, understood_parts(found, names, guard), is_empty, seen))
    closed = reviews.hold(acting.app, review.record.id, text, review.person, acting.now)
    if closed.goes_out:
        return Done(lambda: say("The minutes are filed. They go out to everybody who was to attend or was there."))
    return Done(lambda: say("The minutes are filed."))


def _answer(acting: Acting) -> Done:
    review = acted_on(acting, None)
    if review.person is None:
        raise permissions.NotPermitted(
            sentence("You are not invited to this review"), sentence("who is invited answers for themselves")
        )
    says = acting.said.get("says", "")
    if says not in (Says.ACCEPTED, Says.TENTATIVE, Says.DECLINED):
        raise Wrong("says", InvalidValue(sentence("Say whether you come"), sentence("choose one of the three")))
    sequence = acting.said.get("sequence", "")
    attendance.answer(
        acting.app,
        review.record.id,
        review.person,
        Says(says),
        acting.now,
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else None,
        because=acting.said.get("word", "").strip()[:_MOST_WORDS] or None,
    )
    return Done(lambda: say("Your answer is on record."))


def _object(acting: Acting) -> Done:
    review = acted_on(acting, None)
    with acting.app.store.read() as db:
        may = readers_of_minutes(db, review.record)
    if review.person is None or review.person not in may:
        names = " or ".join(names_of(review.partnership, may))
        raise permissions.NotPermitted("You may not object to these minutes", f"{names} may: they were to attend")
    says = words_in(acting, "objection", sentence("Say what is not right"))
    item = acting.said.get("item", "")
    objections.object_to(acting.app, review.record.id, [item] if item else [], says, review.person, acting.now)
    return Done(lambda: say("Your objection is on record. The agenda owner and the chair are told of it."))


def _settle(acting: Acting) -> Done:
    objection = acting.said.get("objection_id", "")
    review = acted_on(acting, "settle what is objected to these minutes")
    if not objection.startswith(f"{review.record.id}~"):
        raise NotThere
    because = words_in(acting, "settled", sentence("Say how it is settled"))
    by = review.person
    if by is None:
        raise permissions.NotPermitted(
            sentence("An objection is settled by somebody of the partnership"), sentence("its chair, say")
        )
    objections.settle(acting.app, objection, because, by, acting.now)
    return Done(lambda: say("The objection is settled."))


ACTS: Mapping[str, Callable[[Acting], Done]] = {
    "move": _move,
    "skip": _skip,
    "reopen": _reopen,
    "hold": _hold,
    "file": _file,
    "answer": _answer,
    "object": _object,
    "settle": _settle,
}
