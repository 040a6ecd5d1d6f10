"""When and where a review is held, who comes, and whether they are enough."""

from dataclasses import dataclass
from typing import NamedTuple

from scheduler.render.hardship import burden_words
from scheduler.render.wording import day_words, span_words
from scheduler.rules.reviews.burdens import burdens
from scheduler.rules.reviews.chairing import stand_in_chair

from .agenda_facts import AgendaFacts
from .attendance import Attendee, LocalTime, clock_note, local_times
from .rsvps import expected, forecast_words, in_short, outlook, proposals


@dataclass(frozen=True, kw_only=True)
class WhenAndWhere:
    """When and where a review is held; times are in words."""

    date: str
    nominal_date: str
    place: str | None
    times: tuple[LocalTime, ...]
    clock_note: str | None
    hardship: tuple[str, ...]


class StandIn(NamedTuple):
    """Who takes the chair where its holder is away or has declined; None where there is nobody."""

    who: Attendee | None
    has_declined: bool


@dataclass(frozen=True, kw_only=True)
class WhoComes:
    """Who is expected at a review, what they have answered, and what is wanted of them."""

    attendees: tuple[Attendee, ...]
    chaired_by: StandIn | None
    answers: tuple[tuple[str, str], ...]
    proposals: tuple[str, ...]
    quorum: str
    forecast: str | None
    without_quorum: str | None
    reconvened_within: str | None


def when_and_where(facts: AgendaFacts) -> WhenAndWhere:
    review, zones = facts.review, facts.people.zones()
    return WhenAndWhere(
        date=day_words(facts.day),
        nominal_date=day_words(review.nominal_date),
        place=review.place,
        times=local_times(review.start, review.end, zones),
        clock_note=clock_note(review.start, zones),
        hardship=_hardship(facts),
    )


def who_comes(facts: AgendaFacts) -> WhoComes:
    scope, review, people, answers = facts.scope, facts.review, facts.people, facts.answers
    told = outlook(review, scope, people, answers)
    return WhoComes(
        attendees=expected(review, scope, people, answers),
        chaired_by=_chaired_by(facts),
        answers=_answers(facts),
        proposals=proposals(people, answers, facts.partnership),
        quorum=review.quorum,
        forecast=forecast_words(told) if told else None,
        without_quorum=_without_quorum(facts),
        reconvened_within=_reconvened_within(facts),
    )


def _hardship(facts: AgendaFacts) -> tuple[str, ...]:
    """Who sits outside their hours, and who has the day off: of what is over as it was noted then."""
    review, noted = facts.review, facts.recorded.burdens
    names = {key: organisation.name for key, organisation in facts.scope.organisations.items()}
    return tuple(burden_words(review, burdens(facts.scope, review) if noted is None else noted, names))


def _chaired_by(facts: AgendaFacts) -> StandIn | None:
    found = stand_in_chair(facts.review, facts.scope, facts.answers)
    if found is None:
        return None
    return StandIn(facts.people.attendee(found.stand_in) if found.stand_in else None, found.why == "declined")


def _without_quorum(facts: AgendaFacts) -> str | None:
    """The day of the last meeting of the series, where it had no quorum."""
    last = facts.last
    if last is None or last.quorate is not False:
        return None
    return day_words(last.held_on or last.review.start.date())


def _reconvened_within(facts: AgendaFacts) -> str | None:
    """Within how long a meeting without quorum is convened again, where it is."""
    series = facts.scope.series_of(facts.review)
    if series is None or series.reconvene is None or facts.review.is_reconvened:
        return None
    return span_words(str(series.reconvene.within))


def _answers(facts: AgendaFacts) -> tuple[tuple[str, str], ...]:
    """Who of the attendees has answered what, in short."""
    people, partnership = facts.partnership.people, facts.partnership
    expected = [people[key] for key in facts.review.attendees if key in people]
    said = ((person.name, in_short(facts.answers.get(person.email.casefold()), partnership)) for person in expected)
    return tuple((name, short) for name, short in said if short)
