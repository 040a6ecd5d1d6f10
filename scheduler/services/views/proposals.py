"""What is decided without a meeting, as it stands: who has voted how, what it needs, what it came to; and deadlocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scheduler.rules.calendar.wall_clock import zone

if TYPE_CHECKING:
    from scheduler.domain.record.proposal import Deadlock, Proposal
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState

LAPSED = "lapsed"
"""How a proposal stands, or a deadlock, whose partnership or layer ended before anything became of it."""


@dataclass(frozen=True, slots=True)
class PartyVote:
    """What a party said, on a civil date of the proposal's zone, by whom; or who is asked. Names besides keys."""

    party: str
    name: str
    says: str | None
    by: str | None
    on: date | None
    because: str | None
    asked: str | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal and how it stands; `veto_until` and `decision` where it was adopted."""

    proposal: "Proposal"
    state: str
    needed: str
    votes: tuple[PartyVote, ...]
    proposed_by: str
    veto_until: date | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class DeadlockLine:
    """A deadlock and the level at which it is; `until` is the eve of the next one."""

    deadlock: "Deadlock"
    state: str
    level: str | None
    since: date | None
    until: date | None


def proposals(
    app: "App", partnership: str | None, now: datetime, audience: "Audience", *, only_open: bool
) -> tuple[tuple[ProposalLine, ...], tuple[DeadlockLine, ...]]:
    """What was proposed in that partnership, or in all of the audience's, and their deadlocks: parties share them.
    Raises UserError."""
    from scheduler.services import lookup
    from scheduler.services.state import remembered

    lines: list[ProposalLine] = []
    stuck: list[DeadlockLine] = []
    with app.store.read() as db:
        for row in lookup.partnerships_of(app, db, partnership, audience.organisation):
            if partnership or not row.ended_at:
                known = remembered(app, db, row, now)
                lines += _lines(known, has_ended=row.ended_at is not None)
                stuck += _deadlocks(known, has_ended=row.ended_at is not None)
    return (
        tuple(each for each in lines if not only_open or each.state in ("open", "open to veto")),
        tuple(each for each in stuck if not only_open or each.state == "open"),
    )


def proposal(app: "App", id: str, now: datetime, audience: "Audience") -> ProposalLine:
    """The proposal of that id. Raises UserError, alike for one of partnerships that are none of the audience's."""
    from scheduler.services.lookup import unknown

    found, _ = proposals(app, id.partition("/")[0], now, audience, only_open=False)
    for each in found:
        if each.proposal.id == id:
            return each
    raise unknown("proposal", id, [each.proposal.id for each in found], "cadence decide list --all shows them")


def _lines(known: "PartnershipState", *, has_ended: bool) -> Iterator[ProposalLine]:
    from scheduler.rules.decisions import voting

    for each in known.proposals:
        is_gone = has_ended or each.scope not in known.scopes
        adopted = each.outcome == "adopted"
        yield ProposalLine(
            proposal=each,
            state=LAPSED if is_gone and each.is_open else voting.standing(each, known.now),
            needed=voting.needed_words(each.terms),
            votes=tuple(_votes(each, known)),
            proposed_by=known.partnership.name_of(each.proposed_by),
            veto_until=voting.veto_until(each) if adopted else None,
            decision=each.decision_id if adopted else None,
        )


def _votes(proposal: "Proposal", known: "PartnershipState") -> Iterator[PartyVote]:
    from scheduler.domain.record.proposal import PERSON, VETO
    from scheduler.rules.decisions import voting

    scope, partnership = known.scopes.get(proposal.scope), known.partnership
    cast = voting.counting(proposal.votes, voting.closes_at(proposal))
    vetoes = {each.party: each for each in proposal.votes if each.says == VETO}
    today = voting.today_of(proposal, known.now)
    for party in voting.seats(proposal):
        vote = vetoes.get(party) or cast.get(party)
        people = voting.voters(proposal, party, scope, partnership, today) if scope else ()
        organisation = partnership.organisations.get(party)
        yield PartyVote(
            party=party,
            name=organisation.name if organisation else partnership.name_of(party.removeprefix(PERSON)),
            says=vote.says if vote else None,
            by=partnership.name_of(vote.person) if vote else None,
            on=vote.at.astimezone(zone(proposal.timezone)).date() if vote else None,
            because=vote.because if vote else None,
            asked=partnership.name_of(people[0]) if people else None,
        )


def _deadlocks(known: "PartnershipState", *, has_ended: bool) -> Iterator[DeadlockLine]:
    from scheduler.rules.decisions.deadlocks import at_level

    for each in known.deadlocks:
        scope = None if has_ended else known.scopes.get(each.scope)
        if each.ended_at or scope is None:
            yield DeadlockLine(each, "ended" if each.ended_at else LAPSED, None, None, None)
            continue
        at = at_level(each, scope, known.now.astimezone(zone(scope.timezone)).date())
        level = (at.level.words, at.on, at.until) if at else (None, None, None)
        yield DeadlockLine(each, "open", *level)


def as_json(line: ProposalLine) -> dict[str, Any]:
    """A proposal as `decide list --json` and `decide show --json` have it."""
    of = line.proposal
    return {
        **_matter(of, line.state),
        "proposed_by": of.proposed_by,
        "proposed_at": of.proposed_at,
        "closes_on": of.closes_on,
        "timezone": of.timezone,
        "rule": of.terms.rule,
        "needed": line.needed,
        "votes": [
            {"party": each.party, "says": each.says, "by": each.by, "on": each.on, "because": each.because}
            for each in line.votes
        ],
        "outcome": of.outcome,
        "veto_until": line.veto_until,
        "decision": line.decision,
        "withdrawn_because": of.withdrawn_because,
    }


def deadlock_as_json(line: DeadlockLine) -> dict[str, Any]:
    of = line.deadlock
    return {
        **_matter(of, line.state),
        "proposal": of.proposal,
        "opened_on": of.opened_on,
        "opened_by": of.opened_by,
        "level": line.level,
        "since": line.since,
        "until": line.until,
        "ended_at": of.ended_at,
        "ended_by": of.ended_by,
        "ended_because": of.ended_because,
    }


def _matter(of: "Proposal | Deadlock", state: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "partnership": of.partnership,
        "scope": of.scope,
        "body": of.body,
        "says": of.says,
        "state": state,
    }
