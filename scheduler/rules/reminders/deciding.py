"""What parties hear of decisions without a meeting, and the levels of a deadlock of what has become theirs.

Whoever votes for a party is asked on the day of the proposal, and again some days before its last if the party is
silent. What it came to is told to all who may vote and to whoever proposed it. A level of a deadlock is told once.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import DeadlockFacts, ProposalFacts
from scheduler.domain.record.proposal import PERSON, VETO, Deadlock, Proposal
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.decisions import deadlocks, voting
from scheduler.rules.reviews.scopes import Scope

VOTE, REMINDER, RESULT, VETOED, WITHDRAWN, ENDED = "vote", "reminder", "result", "vetoed", "withdrawn", "ended"
_IS_NEWS = timedelta(days=14)
"""So long the end of a matter is told; whoever takes somebody's place later is not told of what was over before."""
_LONGEST = 400
"""So many characters of what is proposed stand in a letter; all of it on its page."""


def proposal_notices(
    proposal: Proposal, scope: Scope, partnership: Partnership, today: date, until: date
) -> Iterator[Notification]:
    """Every step of a proposal up to the civil date `until` in its zone, as who votes for whom stands `today`."""
    if proposal.withdrawn_at:
        steps = _withdrawn(proposal, scope, partnership, today)
    elif proposal.outcome:
        steps = _results(proposal, scope, partnership, today)
    else:
        steps = _asked(proposal, scope, partnership, today)
    return (each for each in steps if each.on <= until)


def _asked(proposal: Proposal, scope: Scope, partnership: Partnership, today: date) -> Iterator[Notification]:
    """Each party that is silent is asked, and asked again."""
    cast = voting.counting(proposal.votes, voting.closes_at(proposal))
    again = proposal.closes_on - timedelta(days=proposal.terms.reminder)
    for party in voting.seats(proposal):
        people = voting.voters(proposal, party, scope, partnership, today)[:1]
        if party in cast or not people:
            continue
        for rung, on in ((VOTE, proposal.asked_on), (REMINDER, again)):
            asks: Literal["vote", "reminder"] = "reminder" if rung == REMINDER else "vote"
            facts = _facts(proposal, scope, partnership, asks) | {"party": _party_name(party, scope, partnership)}
            if rung == VOTE or again > proposal.asked_on:
                yield _notice(proposal, f"{rung}/{party}", on, people, facts, people, by=proposal.closes_on)


def _results(proposal: Proposal, scope: Scope, partnership: Partnership, today: date) -> Iterator[Notification]:
    people = everybody(proposal, scope, partnership, today)
    facts = _facts(proposal, scope, partnership, "result")
    if proposal.outcome != "vetoed":
        if today <= max(voting.settled_on(proposal) + _IS_NEWS, voting.veto_until(proposal) or date.min):
            yield _notice(proposal, RESULT, voting.settled_on(proposal), people, facts)
        return
    veto = next(each for each in reversed(proposal.votes) if each.says == VETO)
    on = veto.at.astimezone(zone(proposal.timezone)).date()
    if today > on + _IS_NEWS:
        return
    said = facts | {"who": _said_by(veto.person, veto.party, scope, partnership), "because": veto.because}
    yield _notice(proposal, VETOED, on, people, said)


def _withdrawn(proposal: Proposal, scope: Scope, partnership: Partnership, today: date) -> Iterator[Notification]:
    assert proposal.withdrawn_at
    by = partnership.name_of(proposal.withdrawn_by or "")
    facts = _facts(proposal, scope, partnership, "withdrawn") | {"who": by, "because": proposal.withdrawn_because}
    on = proposal.withdrawn_at.astimezone(zone(proposal.timezone)).date()
    if today <= on + _IS_NEWS:
        yield _notice(proposal, WITHDRAWN, on, everybody(proposal, scope, partnership, today), facts)


def everybody(proposal: Proposal, scope: Scope, partnership: Partnership, today: date) -> tuple[str, ...]:
    """All who may vote, and who proposed it, by key."""
    seats = voting.seats(proposal)
    voters = [key for party in seats for key in voting.voters(proposal, party, scope, partnership, today)]
    return tuple(dict.fromkeys((*voters, proposal.proposed_by)))


def _party_name(party: str, scope: Scope, partnership: Partnership) -> str:
    if party.startswith(PERSON):
        return partnership.name_of(party.removeprefix(PERSON))
    return scope.organisations[party].name if party in scope.organisations else party


def _said_by(person: str, party: str, scope: Scope, partnership: Partnership) -> str:
    return f"{partnership.name_of(person)} of {_party_name(party, scope, partnership)}"


def _facts(
    proposal: Proposal,
    scope: Scope,
    partnership: Partnership,
    asks: Literal["vote", "reminder", "result", "withdrawn"],
) -> ProposalFacts:
    found, is_adopted = voting.tally(proposal), proposal.outcome == "adopted"
    vetoed = voting.veto_until(proposal) if is_adopted else None
    return {
        "asks": asks,
        "scope": scope.name,
        "says": _cut(proposal.says),
        "body": proposal.body,
        "proposed_by": partnership.name_of(proposal.proposed_by),
        "party": None,
        "needed": voting.needed_words(proposal.terms),
        "closes_on": proposal.closes_on.isoformat(),
        "zone": proposal.timezone,
        "outcome": proposal.outcome,
        "yes": found.yes,
        "no": found.no,
        "abstain": found.abstain,
        "silent": found.silent,
        "binding_from": voting.binding_from(proposal).isoformat() if is_adopted else None,
        "veto_until": vetoed.isoformat() if vetoed else None,
        "who": None,
        "because": None,
    }


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _notice(
    of: Proposal | Deadlock,
    rung: str,
    on: date,
    people: tuple[str, ...],
    facts: ProposalFacts | DeadlockFacts,
    asked: tuple[str, ...] = (),
    by: date | None = None,
) -> Notification:
    return Notification(
        partnership=of.partnership,
        about="proposal" if isinstance(of, Proposal) else "deadlock",
        subject=of.id,
        period="",
        rung=rung,
        occasion=(of.closes_on if isinstance(of, Proposal) else of.opened_on).isoformat(),
        on=on,
        people=people,
        facts=facts,
        by=by,
        asked=asked,
    )


def deadlock_notices(
    deadlock: Deadlock, scope: Scope, partnership: Partnership, today: date, until: date
) -> Iterator[Notification]:
    """The levels that a deadlock has reached by the civil date `until` of the scope's zone, where it is `today`; once
    it has ended, that alone, to those whose it was by then."""
    reached = tuple(deadlocks.climbed(deadlock, scope))
    if deadlock.ended_at:
        on = deadlock.ended_at.astimezone(zone(scope.timezone)).date()
        last = [each for each in reached if each.on <= on] or list(reached[:1])
        people = tuple(dict.fromkeys(key for each in last for key in deadlocks.told(each.level, scope)))
        by = partnership.name_of(deadlock.ended_by or "")
        if last and on <= until and today <= on + _IS_NEWS:
            facts = _level_facts(deadlock, scope, last[-1], reached) | {
                "asks": "ended",
                "who": by,
                "because": deadlock.ended_because,
            }
            yield _notice(deadlock, ENDED, on, people, facts)
        return
    for each in reached:
        is_over = each.until is not None and each.until < today
        if each.on <= until and not (is_over and each.until and each.until + _IS_NEWS < today):
            people = deadlocks.told(each.level, scope)
            facts = _level_facts(deadlock, scope, each, reached)
            yield _notice(deadlock, f"level-{each.number}", each.on, people, facts, () if is_over else people)


def _level_facts(
    deadlock: Deadlock, scope: Scope, at: deadlocks.Reached, reached: tuple[deadlocks.Reached, ...]
) -> DeadlockFacts:
    return {
        "asks": "settle",
        "scope": scope.name,
        "says": _cut(deadlock.says),
        "body": deadlock.body,
        "level": at.level.words,
        "on": at.on.isoformat(),
        "until": at.until.isoformat() if at.until else None,
        "following": reached[at.number].level.words if at.number < len(reached) else None,
        "who": None,
        "because": None,
    }
