"""What proposals came to, put on record when their last day is over: the outcome; of one that was adopted a decision in
the register; of one on which the parties disagree a deadlock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.decision import WITHOUT_MEETING, Decision
from scheduler.domain.record.proposal import Deadlock, Proposal
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.decisions import deadlocks as ladder
from scheduler.rules.decisions import voting
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services.app import App
from scheduler.store import deadlocks, decisions, proposals
from scheduler.store.tables import PartnershipRow


def settle_votes(app: App, db: Connection, row: PartnershipRow, made: Iterable[Proposal], now: datetime) -> bool:
    """Settle those of a partnership's proposals whose last day is over; say whether there were any. While it is paused
    nobody is told anything, so nothing is settled: a veto counts from the day on which the parties hear."""
    ended = list(voting.to_settle(made, now))
    if not ended:
        return False
    partnership = app.in_force(row).as_of(now)
    if partnership.pause_at(now):
        return False
    parts: dict[str, Scope] = {scope.id: scope for scope in scopes(partnership, app.playbooks)}
    for proposal, outcome in ended:
        proposals.settle(db, proposal, outcome, now)
        app.log.info("proposal.settled", proposal=proposal.id, outcome=outcome)
        if outcome == "adopted":
            decisions.save(db, [decision_of(replace(proposal, outcome=outcome, settled_at=now))])
        elif outcome == "deadlocked" and proposal.scope in parts:
            add_deadlock(db, parts[proposal.scope], partnership, proposal.says, proposal.body, None, now, proposal)
    return True


def decision_of(proposal: Proposal) -> Decision:
    """A proposal that was adopted, as the register has it: it binds once it can be vetoed no more."""
    assert proposal.settled_at
    return Decision(
        id=proposal.decision_id,
        partnership=proposal.partnership,
        review=None,
        scope=proposal.scope,
        kind=WITHOUT_MEETING,
        says=proposal.says,
        decided_on=voting.settled_on(proposal),
        recorded_at=proposal.settled_at,
        binding_from=voting.binding_from(proposal),
    )


def add_deadlock(
    db: Connection,
    scope: Scope,
    partnership: Partnership,
    says: str,
    body: str | None,
    by: str | None,
    now: datetime,
    proposal: Proposal | None = None,
) -> Deadlock:
    """Record that the sides cannot agree: it is the first level's from today on, in the scope's zone."""
    known = deadlocks.recorded(db, partnership.partnership)
    named = voting.body_named(partnership, body) if body else None
    deadlock = Deadlock(
        id=f"{scope.id}/deadlock/{next_number(scope, known)}",
        partnership=partnership.partnership,
        scope=scope.id,
        says=says,
        body=body,
        levels=ladder.levels_of(named, scope.playbook.decisions),
        opened_by=by,
        opened_at=now,
        opened_on=now.astimezone(zone(scope.timezone)).date(),
        proposal=proposal.id if proposal else None,
    )
    deadlocks.add(db, deadlock)
    return deadlock


def next_number(scope: Scope, known: Iterable[Proposal | Deadlock]) -> int:
    """The number after those of a scope; ids bear the key that the layer had when they were made."""
    mine = (each.number for each in known if each.id.rpartition("/")[0].rpartition("/")[0] == scope.id)
    return max(mine, default=0) + 1
