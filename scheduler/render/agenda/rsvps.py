"""What attendees have answered, as agendas tell it: who comes, who asks for another time, whether there is a quorum.

Comments stay out: an agenda is read by every side, and they were written to the organiser.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Review
from scheduler.domain.record.rsvp import RsvpStanding, Says
from scheduler.render.languages import known, say, sentence
from scheduler.render.wording import in_a_row
from scheduler.rules.reviews.presence import sent_by
from scheduler.rules.reviews.quorum import Forecast, QuorumSeat, forecast, is_investors
from scheduler.rules.reviews.scopes import Scope

from .attendance import Attendee, People, local_times

Answers = Mapping[str, RsvpStanding]
"""How each answer stands, by mail address in lower case."""
NONE: Answers = MappingProxyType({})
_SHORT = {
    Says.ACCEPTED: sentence("accepted"),
    Says.TENTATIVE: sentence("may come"),
    Says.DECLINED: sentence("declined"),
}


def in_short(standing: RsvpStanding | None, partnership: Partnership) -> str | None:
    """An answer in a word or two; None where there is none."""
    if standing is None or standing.answer.says is Says.OPEN:
        return None
    if standing.is_void:
        return say("answered for an earlier time")
    short = say(_SHORT[standing.says])
    if standing.answer.delegate:
        who = _named(standing.answer.delegate, partnership) or say("somebody else")
        short = say("%(answer)s, sends %(person)s", answer=short, person=who)
    return say("%(answer)s, proposes another time", answer=short) if standing.answer.proposed else short


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
    return "; ".join(
        say("%(day)s, %(start)s-%(end)s in %(place)s", day=each.date, start=each.start, end=each.end, place=each.place)
        for each in here
    )


def expected(review: Review, scope: Scope, people: People, answers: Answers) -> tuple[Attendee, ...]:
    """Who is to attend; of who declined, that they did and who comes instead."""
    return tuple(_expected(key, review, scope, people, answers) for key in review.attendees)


def _expected(key: str, review: Review, scope: Scope, people: People, answers: Answers) -> Attendee:
    told, person = people.attendee(key), scope.people.get(key)
    standing = answers.get(person.email.casefold()) if person else None
    if standing is None or standing.says is not Says.DECLINED:
        return told
    sent = sent_by(key, review, scope.people, answers)
    if sent:
        return replace(told, comes_not=say("has declined, %(person)s comes instead", person=people.name(sent)))
    return replace(told, comes_not=say("has declined"))


def outlook(review: Review, scope: Scope, people: People, answers: Answers) -> Forecast | None:
    """The forecast of the quorum; None while nobody has answered."""
    if not any(standing.answer.says is not Says.OPEN for standing in answers.values()):
        return None
    organisations = [organisation.name for organisation in scope.organisations.values()]
    return forecast(review.quorum, [*_seats(review, scope, people, answers)], organisations)


_COUNTED = re.compile(r"(?P<side>.+) \((?P<answers>\d+ [a-z -]+(?:, \d+ [a-z -]+)*)\)")
"""How a side has answered of which several are needed: ``Globex (1 accepted, 2 not answered)``."""
_OF_ALL = re.compile(r"(?P<answers>\d+ [a-z -]+(?:, \d+ [a-z -]+)*) of (?P<whole>\d+) invited")


def forecast_words(told: Forecast) -> str:
    """``still open: Globex has not answered, Acme has accepted``"""
    because = in_a_row(map(_clause, told.told))
    return because if told.outlook is None else f"{known(told.outlook.words)}: {because}"


def _clause(says: str) -> str:
    if found := _COUNTED.fullmatch(says):
        return f"{found['side']} ({_answers(found['answers'])})"
    if found := _OF_ALL.fullmatch(says):
        return say("%(answers)s of %(whole)s invited", answers=_answers(found["answers"]), whole=found["whole"])
    return known(says)


def _answers(counted: str) -> str:
    return in_a_row(map(known, counted.split(", ")))


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
