"""Who was at a review and, by the rule for its quorum, whether it could decide.

Whoever stands in for somebody sits in their seat: they count for that side and in that role (alternates by written
notice: contract clauses). Nobody sits in two seats, and nobody of another organisation in one of this side.
"""

from collections.abc import Callable, Iterator, Mapping

from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.rsvp import RsvpStanding, Says

from .quorum import QuorumSeat, is_investors, is_quorate
from .scope import Scope


def quorate(review: Review, scope: Scope, presence: Mapping[str, Presence]) -> bool | None:
    """Whether there was a quorum; None: not known. `presence` is what was said, by person."""
    return is_quorate(review.quorum, [*_seats(review, scope, presence)], [*scope.organisations])


def _seats(review: Review, scope: Scope, presence: Mapping[str, Presence]) -> Iterator[QuorumSeat]:
    counted: set[str] = set()
    invited = dict.fromkeys(review.attendees)
    # Those who were there themselves come first: a stand-in who has a seat of their own there fills no other one.
    for key in sorted((*invited, *(each for each in presence if each not in invited)), key=_fills_another(presence)):
        person, said = scope.people.get(key), presence.get(key)
        if person is None:
            continue
        sits = sitting(said) if said else None
        says = Says.OPEN if said is None else Says.ACCEPTED if sits else Says.DECLINED
        if sits and (sits in counted or is_of_another_side(scope.people, key, said.stand_in if said else None)):
            says = Says.DECLINED
        elif sits:
            counted.add(sits)
        investors, is_guest = is_investors(scope, person.of), key not in invited
        yield QuorumSeat(person.name, person.of, person.role, says, False, investors, is_guest)


def sitting(said: Presence) -> str | None:
    """Who sat in somebody's seat: a key, or the name of somebody who is not in the partnership, as one compares names.
    None for nobody."""
    return (said.stand_in or said.person).casefold() if said.was_present else None


def is_of_another_side(people: Mapping[str, Person], seat: str, stand_in: str | None) -> bool:
    """Whether a person of the partnership acts for another organisation than whoever has the seat. Of somebody else it
    is not known, and whoever acts for none, such as a neutral chair, is of no other one."""
    theirs, other = people[seat].of, people[stand_in].of if stand_in and stand_in in people else None
    return theirs is not None and other is not None and theirs != other


def _fills_another(presence: Mapping[str, Presence]) -> Callable[[str], bool]:
    return lambda key: key in presence and presence[key].stand_in is not None


def expected(
    review: Review, people: Mapping[str, Person], answers: Mapping[str, RsvpStanding]
) -> dict[str, bool | None]:
    """Of everybody who is to attend, whether they were there if they did as they answered; None where they did not
    answer, or may come. `answers` are by mail address in lower case."""
    meant = {Says.ACCEPTED: True, Says.DECLINED: False}
    found: dict[str, bool | None] = {}
    for key in review.attendees:
        standing = answers.get(people[key].email.casefold()) if key in people else None
        found[key] = meant.get(standing.says) if standing else None
    return found


def sent_by(seat: str, review: Review, people: Mapping[str, Person], answers: Mapping[str, RsvpStanding]) -> str | None:
    """Who comes instead of somebody who declined (a key), by their answer: None where they send nobody, or somebody who
    cannot sit there, because they have a seat of their own, act for another organisation, or decline themselves."""
    standing = answers.get(people[seat].email.casefold()) if seat in people else None
    if standing is None or standing.says is not Says.DECLINED or not standing.answer.delegate:
        return None
    key = next((key for key, each in people.items() if each.writes_from(standing.answer.delegate)), None)
    if key is None or key in review.attendees or is_of_another_side(people, seat, key):
        return None
    own = answers.get(people[key].email.casefold())
    return None if own is not None and own.says is Says.DECLINED else key


def held_before(review: Review, recorded: Mapping[str, Recorded]) -> Recorded | None:
    """The last review of the same series that was held before this one."""
    earlier = (
        each
        for each in recorded.values()
        if each.status is Status.HELD and each.review.series_id == review.series_id and each.review.start < review.start
    )
    return max(earlier, key=lambda each: each.review.start, default=None)
