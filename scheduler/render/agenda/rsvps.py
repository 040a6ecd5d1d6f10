"""What attendees have answered, as agendas tell it: who comes, who asks for another time, whether there is a quorum.

Comments stay out: an agenda is read by every side, and they were written to the organiser.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Review
from scheduler.domain.record.rsvp import RsvpStanding, Says
from scheduler.rules.reviews.presence import sent_by
from scheduler.rules.reviews.quorum import Forecast, QuorumSeat, forecast, is_investors
from scheduler.rules.reviews.scopes import Scope

from .attendance import Attendee, People, local_times

Answers = Mapping[str, RsvpStanding]
"""How each answer stands, by mail address in lower case."""
NONE: Answers = MappingProxyType({})
_SHORT = {Says.ACCEPTED: "accepted", Says.TENTATIVE: "may come", Says.DECLINED: "declined"}


def in_short(standing: RsvpStanding | None, partnership: Partnership) -> str | None:
    """An answer in a word or two; None where there is none."""
    if standing is None or standing.answer.says is Says.OPEN:
        return None
    if standing.is_void:
        return "answered for an earlier time"
    short = _SHORT[standing.says]
    if standing.answer.delegate:
        short += f", sends {_named(standing.answer.delegate, partnership) or 'somebody else'}"
    return f"{short}, proposes another time" if standing.answer.proposed else short


def proposals(people: People, answers: Answers, partnership: Partnership) -> tuple[str, ...]:
    """Who asks for which other time, on the clock of every place."""
    return tuple(
        f"{_named(email, partnership)}: {times(*standing.answer.proposed, people.zones())}"
        for email, standing in answers.items()
        if standing.answer.proposed and not standing.is_void and _named(email, partnership)
    )


def times(start: datetime, end: datetime, zones: Mapping[str, Sequence[str]]) -> str:
    """``Tue 15 Dec 2026, 16:00-17:00 in Berlin; Tue 15 Dec 2026, 10:00-11:00 in Detroit``"""
    here = local_times(start, end, {zone: tuple(names) for zone, names in zones.items()})
    return "; ".join(f"{each.date}, {each.start}-{each.end} in {each.place}" for each in here)


def expected(review: Review, scope: Scope, people: People, answers: Answers) -> tuple[Attendee, ...]:
    """Who is to attend; of who declined, that they did and who comes instead."""
    return tuple(_expected(key, review, scope, people, answers) for key in review.attendees)


def _expected(key: str, review: Review, scope: Scope, people: People, answers: Answers) -> Attendee:
    told, person = people.attendee(key), scope.people.get(key)
    standing = answers.get(person.email.casefold()) if person else None
    if standing is None or standing.says is not Says.DECLINED:
        return told
    sent = sent_by(key, review, scope.people, answers)
    instead = f", {people.name(sent)} comes instead" if sent else ""
    return replace(told, comes_not=f"has declined{instead}")


def outlook(review: Review, scope: Scope, people: People, answers: Answers) -> Forecast | None:
    """The forecast of the quorum; None while nobody has answered."""
    if not any(standing.answer.says is not Says.OPEN for standing in answers.values()):
        return None
    organisations = [organisation.name for organisation in scope.organisations.values()]
    return forecast(review.quorum, [*_seats(review, scope, people, answers)], organisations)


def _seats(review: Review, scope: Scope, people: People, answers: Answers) -> Iterator[QuorumSeat]:
    counted: set[str] = set()
    for key in review.attendees:
        sent = sent_by(key, review, scope.people, answers)
        is_filled = sent is not None and sent not in counted  # nobody sits in two seats
        counted |= {sent} if sent else set()
        told, person = people.attendee(key), scope.people.get(key)
        if person is not None:
            standing = answers.get(person.email.casefold())
            says = standing.says if standing else Says.OPEN
            away, investors = told.away is not None, is_investors(scope, person.of)
            yield QuorumSeat(told.name, told.organisation, person.role, says, away, investors, False, is_filled)


def _named(email: str, partnership: Partnership) -> str | None:
    return next((each.name for each in partnership.people.values() if each.email.casefold() == email), None)
