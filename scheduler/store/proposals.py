"""Proposals that are decided without a meeting, with all that was ever said of them. A vote is only added to; of a
party's the last counts."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from scheduler.domain.definition.deciding_body import Portion, Rule
from scheduler.domain.record.proposal import BallotTerms, Outcome, Proposal, Vote

from . import core_tables, partnerships

_proposal, _vote = core_tables.proposal, core_tables.vote
_KEPT = (
    "id",
    "partnership",
    "scope",
    "says",
    "body",
    "proposed_by",
    "proposed_at",
    "asked_on",
    "closes_on",
    "timezone",
    "outcome",
    "settled_at",
    "withdrawn_at",
    "withdrawn_by",
    "withdrawn_because",
)


def recorded(db: Connection, partnership: str) -> tuple[Proposal, ...]:
    """Every proposal of a partnership, in the order in which they were made."""
    found = db.execute(select(_proposal).where(_proposal.c.partnership == partnership)).mappings().all()
    votes = _votes(db, partnership) if found else {}
    made = (
        Proposal(**{n: row[n] for n in _KEPT}, terms=_terms(row["terms"]), votes=votes.get(row["id"], ()))
        for row in found
    )
    return tuple(sorted(made, key=lambda each: (each.scope, each.number)))


def _votes(db: Connection, partnership: str) -> dict[str, tuple[Vote, ...]]:
    votes: dict[str, list[Vote]] = defaultdict(list)
    for each in db.execute(select(_vote).where(_vote.c.partnership == partnership).order_by(_vote.c.id)):
        votes[each.proposal].append(Vote(each.party, each.person, each.says, each.because, each.at))
    return {id: tuple(of_it) for id, of_it in votes.items()}


def add(db: Connection, proposal: Proposal) -> None:
    row = {name: getattr(proposal, name) for name in _KEPT}
    db.execute(insert(_proposal), {**row, "terms": _as_json(proposal.terms)})
    partnerships.touch(db, [proposal.partnership])


def add_vote(db: Connection, proposal: Proposal, vote: Vote) -> None:
    said = {"party": vote.party, "person": vote.person, "says": vote.says, "because": vote.because, "at": vote.at}
    db.execute(insert(_vote), {"partnership": proposal.partnership, "proposal": proposal.id, **said})
    partnerships.touch(db, [proposal.partnership])


def settle(db: Connection, proposal: Proposal, outcome: Outcome, now: datetime) -> None:
    """Put on record what it came to. A veto keeps the moment at which the result was."""
    at = proposal.settled_at or now
    _write(db, proposal, outcome=outcome, settled_at=at)


def withdraw(db: Connection, proposal: Proposal, by: str, because: str, now: datetime) -> None:
    _write(db, proposal, withdrawn_at=now, withdrawn_by=by, withdrawn_because=because)


def _write(db: Connection, proposal: Proposal, **values: Any) -> None:
    db.execute(update(_proposal).where(_proposal.c.id == proposal.id).values(**values))
    partnerships.touch(db, [proposal.partnership])


def _as_json(terms: BallotTerms) -> dict[str, Any]:
    return {
        "rule": terms.rule.value,
        "parties": list(terms.parties),
        "share": str(terms.share) if terms.share else None,
        "quorum": str(terms.quorum) if terms.quorum else None,
        "chair": terms.chair,
        "veto": terms.veto,
        "reminder": terms.reminder,
    }


def _terms(kept: dict[str, Any]) -> BallotTerms:
    return BallotTerms(
        rule=Rule(kept["rule"]),
        parties=tuple(kept["parties"]),
        share=Portion.read(kept["share"]) if kept["share"] else None,
        quorum=Portion.read(kept["quorum"]) if kept["quorum"] else None,
        chair=kept["chair"],
        veto=kept["veto"],
        reminder=kept["reminder"],
    )
