"""What calendars and every agenda of a review tell alike: what follows from its record and its definition alone."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.review import Recorded, Review
from scheduler.render.languages import known, say, sentence
from scheduler.render.reasons import moment_words, moved_words
from scheduler.render.wording import day_words
from scheduler.rules.reviews.scopes import Scope

from .attendance import Attendee, People
from .items import AgendaItem, items

_CLOCKS = {
    "notice": sentence("Notice by"),
    "agenda": sentence("Agenda out by"),
    "items": sentence("Items until"),
    "minutes": sentence("Draft minutes by"),
    "objections": sentence("Objections until"),
}


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date around the review, by its name."""

    name: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What follows from a review's record and its definition alone: no figure, no answer, no hour of the day."""

    title: str
    partnership: str
    layer: str | None
    kind: Kind
    goal: str | None
    period: str
    moved_because: str | None
    owner: Attendee
    owner_note: str | None
    chair: Attendee | None
    host: str | None
    minutes_by: str | None
    clocks: tuple[NamedDate, ...]
    items: tuple[AgendaItem, ...]


def sketch(scope: Scope, partnership: Partnership, recorded: Recorded) -> Sketch:
    """The part of a briefing that calendars tell: the same for every audience, at any moment."""
    review, people = recorded.review, People(scope, partnership, recorded.review)
    owner, owner_note = people.owner()
    return Sketch(
        title=review.title,
        partnership=partnership.name,
        layer=scope.name if scope.layer else None,
        kind=review.kind,
        goal=_goal(scope, partnership),
        period=review.period,
        moved_because=_moved(recorded),
        owner=owner,
        owner_note=owner_note,
        chair=people.chair(),
        host=people.organisation(review.host),
        minutes_by=people.acting_for(review.minutes_by),
        clocks=clock_dates(review, scope),
        items=items(scope.agendas[review.model][review.kind].topics, review.start, _length(review)),
    )


def clock_dates(review: Review, scope: Scope) -> tuple[NamedDate, ...]:
    """What falls due around a review, each day by its name."""
    return tuple(NamedDate(_clock_name(name, scope), day_words(on)) for name, on in review.clocks)


def _length(review: Review) -> timedelta:
    """Real time: the wall clock gains or loses an hour where clocks change during the review."""
    return review.end.astimezone(UTC) - review.start.astimezone(UTC)


def _goal(scope: Scope, partnership: Partnership) -> str | None:
    layer = partnership.layers.get(scope.layer or "")
    return (layer.goal if layer else None) or partnership.goal


def _moved(recorded: Recorded) -> str | None:
    """Why it is not held on its nominal date, in words that follow on "this review was"."""
    review = recorded.review
    if not recorded.moved_by_person:
        return moved_words(recorded, review.timezone) or None
    if recorded.moved_from is None:  # of an earlier program, whose sentence could not be read
        reason = recorded.because or review.moved_because
        return _by_hand(day_words(review.nominal_date), known(reason or ""))
    return _by_hand(moment_words(recorded.moved_from, review.timezone), recorded.because)


def _by_hand(before: str, because: str | None) -> str:
    if because:
        return say("moved by hand from %(before)s: %(because)s", before=before, because=because)
    return say("moved by hand from %(before)s", before=before)


def _clock_name(name: str, scope: Scope) -> str:
    """A clock's name in words; a milestone of the launch track is called what its playbook says."""
    track = {step.key: step.says for step in scope.playbook.launch_track}
    short = name.removesuffix("_by").removesuffix("_until")
    return known(_CLOCKS.get(short) or track.get(name) or "") or name.replace("_", " ").replace("-", " ").capitalize()
