"""Decisions without a meeting: who votes for a party, what votes come to, until when they count and can be vetoed.

A party's last vote before the end of the last day counts; a party that is silent has not voted, and is not for it. What
a proposal came to is put on record once, at its end, and stays so whatever the clock says later.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from scheduler.domain.definition.deciding_body import Body, Rule, WithoutMeeting
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.proposal import PERSON, VETO, BallotTerms, Outcome, Proposal, Vote
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.reviews.scopes import Scope

_VOTES_FOR_A_SIDE = (Role.SPONSOR, Role.ALLIANCE_MANAGER, Role.DIRECTOR, Role.CHIEF_EXECUTIVE)
"""Who votes for a side of which no member of the body is named; the first role that it has."""
Standing = Literal["open", "open to veto", "adopted", "rejected", "no quorum", "deadlocked", "vetoed", "withdrawn"]


# Who votes ---------------------------------------------------------------------------------------------------------


def body_named(partnership: Partnership, name: str | None) -> Body | None:
    """The body of that name, however it is spelled; without a name the first one, where there are any."""
    bodies = partnership.agreement.bodies
    if name is None:
        return next(iter(bodies), None)
    return next((each for each in bodies if each.body.casefold() == name.casefold()), None)


def parties(body: Body | None, scope: Scope) -> tuple[str, ...]:
    """The sides that have a vote, by key: those of the body's members; of a body in words all that take part."""
    sides = tuple(scope.organisations)
    if body is None or not body.members:
        return sides
    seated = {scope.people[key].of for key in body.members if key in scope.people}
    return tuple(side for side in sides if side in seated)


def terms_of(body: Body | None, scope: Scope, standard: WithoutMeeting) -> BallotTerms:
    """By what a body decides: its own rule, else the playbook's."""
    says_so = body is not None and body.rule is not None
    rule = body.rule if body and body.rule else standard.rule
    chair = _party_of(body.chair, scope) if body and body.chair else None
    return BallotTerms(
        rule=rule,
        parties=parties(body, scope),
        share=body.share if body and says_so else standard.share,
        quorum=body.quorum if body and body.quorum else standard.quorum,
        chair=chair if rule is Rule.CHAIR else None,
        veto=standard.veto.duration.days if standard.veto else 0,
        reminder=standard.reminder.duration.days,
    )


def _party_of(person: str, scope: Scope) -> str:
    known = scope.people.get(person)
    return known.of if known and known.of else f"{PERSON}{person}"


def seats(proposal: Proposal) -> tuple[str, ...]:
    """The parties that are asked: those that vote, and a chair of none of them."""
    chair = proposal.terms.chair
    return proposal.terms.parties if chair in (None, *proposal.terms.parties) else (*proposal.terms.parties, str(chair))


def voters(proposal: Proposal, party: str, scope: Scope, partnership: Partnership, today: date) -> tuple[str, ...]:
    """Who may vote for a party on a civil date, whoever stands in first: the body's members who act for it; where it
    has none, those of the first role that the side has. Nobody who has left. The first of them who is not away is
    asked."""
    people = {key: each for key, each in scope.people.items() if not each.has_left(today)}
    if party.startswith(PERSON):
        key = party.removeprefix(PERSON)
        return (key,) if key in people else ()
    body = body_named(partnership, proposal.body)
    members = [key for key in (body.members if body else ()) if key in people and people[key].of == party]
    found = members or next(filter(None, (_with_role(people, party, role) for role in _VOTES_FOR_A_SIDE)), [])
    return tuple(sorted(found or _of(people, party)[:1], key=lambda key: people[key].is_away(today)))


def _with_role(people: dict[str, Person], party: str, role: Role) -> list[str]:
    return [key for key in _of(people, party) if people[key].role is role]


def _of(people: dict[str, Person], party: str) -> list[str]:
    return [key for key, each in people.items() if each.of == party]


# What it comes to --------------------------------------------------------------------------------------------------


def is_same(before: Vote | None, says: str, because: str | None) -> bool:
    """Whether a party says nothing new: the same, and no other reason."""
    return before is not None and before.says == says and because in (None, before.because)


class Tally(NamedTuple):
    """How many parties are for it, against it, for neither, and silent."""

    yes: int
    no: int
    abstain: int
    silent: int


def closes_at(proposal: Proposal) -> datetime:
    """The moment from which on no vote counts any more: the end of its last day, in UTC."""
    return moment(proposal.closes_on + timedelta(days=1), time(), proposal.timezone).astimezone(UTC)


def counting(votes: Iterable[Vote], until: datetime) -> dict[str, Vote]:
    """The vote of each party that counts: its last before a moment, in the order in which they came. A veto is none."""
    return {each.party: each for each in votes if each.at < until and each.says != VETO}


def tally(proposal: Proposal) -> Tally:
    """The votes as they stand."""
    cast = counting(proposal.votes, closes_at(proposal))
    said = [cast[party].says for party in proposal.terms.parties if party in cast]
    yes, no, abstain = (said.count(each) for each in ("yes", "no", "abstain"))
    return Tally(yes, no, abstain, len(proposal.terms.parties) - len(said))


def result(proposal: Proposal) -> Outcome:
    """What the votes that count come to, once it is closed."""
    terms, found = proposal.terms, tally(proposal)
    whole = len(terms.parties)
    if (terms.quorum and whole - found.silent < terms.quorum.of(whole)) or found.yes + found.no + found.abstain == 0:
        return "no quorum"
    match terms.rule:
        case Rule.CONSENT:
            return "adopted" if found.yes and not found.no else "deadlocked" if found.yes else "rejected"
        case Rule.SHARE:
            needed = terms.share.of(whole) if terms.share else whole
            return "adopted" if found.yes >= needed else "rejected"
        case _ if found.yes != found.no:
            return "adopted" if found.yes > found.no else "rejected"
        case Rule.CHAIR:
            return _of_the_chair(proposal)
        case _:
            return "deadlocked" if found.yes else "rejected"


def _of_the_chair(proposal: Proposal) -> Outcome:
    vote = counting(proposal.votes, closes_at(proposal)).get(proposal.terms.chair or "")
    return "adopted" if vote and vote.says == "yes" else "rejected" if vote and vote.says == "no" else "deadlocked"


def needed_words(terms: BallotTerms) -> str:
    """``2 of 3 parties have to be for it``."""
    whole = len(terms.parties)
    voting = terms.quorum.of(whole) if terms.quorum else 0
    of = "; all of them have to vote" if voting == whole else f"; {voting} of {whole} have to vote" if voting else ""
    match terms.rule:
        case Rule.CONSENT:
            return f"no party may be against it{of}"
        case Rule.SHARE:
            share = terms.share.value if terms.share else Fraction(1)
            named = f" ({terms.share} of all)" if terms.share else ""
            return f"{-(-whole * share.numerator // share.denominator)} of {whole} parties have to be for it{named}{of}"
        case Rule.CHAIR:
            return f"more parties for it than against it; in a tie the chair's vote decides{of}"
        case _:
            return f"more parties for it than against it{of}"


# What it stands at -------------------------------------------------------------------------------------------------


def veto_until(proposal: Proposal) -> date | None:
    """The last civil date on which a result that was adopted can be vetoed, counted from the day on which it was put on
    record, which is when the parties are told; None without a veto."""
    if proposal.settled_at is None or not proposal.terms.veto:
        return None
    return settled_on(proposal) + timedelta(days=proposal.terms.veto)


def settled_on(proposal: Proposal) -> date:
    """The civil date, in its zone, on which its outcome was put on record."""
    at = proposal.settled_at or closes_at(proposal)
    return at.astimezone(zone(proposal.timezone)).date()


def binding_from(proposal: Proposal) -> date:
    """The first civil date on which it binds, were it adopted and nobody vetoes it."""
    until = veto_until(proposal)
    return until + timedelta(days=1) if until else settled_on(proposal)


def today_of(proposal: Proposal, now: datetime) -> date:
    return now.astimezone(zone(proposal.timezone)).date()


def standing(proposal: Proposal, now: datetime) -> Standing:
    """How it stands at an aware moment."""
    if proposal.withdrawn_at:
        return "withdrawn"
    if proposal.outcome is None:
        return "open"
    until = veto_until(proposal)
    if proposal.outcome == "adopted" and until and today_of(proposal, now) <= until:
        return "open to veto"
    return proposal.outcome


def to_settle(proposals: Iterable[Proposal], now: datetime) -> Iterator[tuple[Proposal, Outcome]]:
    """Those whose last day is over and of which nothing is on record, with what they came to."""
    for each in proposals:
        if each.is_open and closes_at(each) <= now:
            yield each, result(each)


def next_change(proposals: Sequence[Proposal], now: datetime) -> Iterator[datetime]:
    """When something becomes of them by itself, in UTC."""
    return (at for each in proposals if each.is_open and (at := closes_at(each)) > now)
