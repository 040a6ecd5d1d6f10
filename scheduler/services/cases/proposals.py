"""A decision is put to those who decide, without a meeting: proposed, voted on, vetoed, withdrawn.

Each is recorded in one transaction, in which the partnership is governed anew, so that who is asked is told, and who
has answered is asked no more. What cannot be recorded raises `UserError`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import NotTheirs, UserError, WrongDay
from scheduler.domain.record.proposal import CHOICES, VETO, Proposal, Vote
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.decisions import voting
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.votes import next_number
from scheduler.store import decisions, proposals

_FARTHEST = timedelta(days=366)


class Put(NamedTuple):
    """A proposal with the scope that it is put to, and its partnership as it stands."""

    proposal: Proposal
    scope: Scope
    partnership: Partnership


def propose(app: App, id: str, says: str, body: str | None, until: date | None, by: str, now: datetime) -> Put:
    """Put `says` to a body (by name; else the first that the definition names) of the partnership or layer `id`. Votes
    count until the end of `until`, by itself the first day that the playbook allows. `by` is a person's key or mail
    address."""
    with app.store.write(id) as db:
        scope, partnership = scope_of(app, db, id, now)
        person = known_person(partnership, by, now)
        refuse_while_paused(partnership, now)
        known, standard = proposals.recorded(db, scope.partnership), scope.playbook.decisions.without_meeting
        today = now.astimezone(zone(scope.timezone)).date()
        same = next((each for each in known if each.is_open and (each.scope, each.says) == (scope.id, says)), None)
        if same:
            raise UserError(
                f"{same.id} proposes the same, and is open", f"look at it with cadence decide show {same.id}"
            )
        proposal = Proposal(
            id=f"{scope.id}/proposal/{next_number(scope, known)}",
            partnership=scope.partnership,
            scope=scope.id,
            says=says,
            body=name_of_body(partnership, body),
            terms=voting.terms_of(voting.body_named(partnership, body), scope, standard),
            proposed_by=person,
            proposed_at=now,
            asked_on=today,
            closes_on=_last_day(until, today, standard.deadline.duration),
            timezone=scope.timezone,
        )
        if len(voting.seats(proposal)) < 2:
            raise UserError(f"nobody but one side votes in {proposal.body}", "name somebody of each side under members")
        proposals.add(db, proposal)
        govern_in(app, db, scope.partnership, now)
        return Put(proposal, scope, partnership)


def vote(app: App, id: str, says: str, by: str, now: datetime, because: str | None = None) -> Put:
    """A person says yes, no or abstain for their party; said anew it takes the place of what was said, which is kept.
    Or they veto what was adopted, `because` of something. The same once more changes nothing."""
    if says not in (*CHOICES, VETO):
        raise UserError(f"{says[:60]!r} is no vote", "say yes, no or abstain; or veto what was adopted")
    with app.store.write(id) as db:
        put = find(app, db, id, now)
        person = known_person(put.partnership, by, now)
        party = party_of(put, person, now)
        said = Vote(party, person, says, because, now)
        before = next((each for each in reversed(put.proposal.votes) if each.party == party), None)
        if voting.is_same(before, says, because):
            return put
        _check_time(put.proposal, says, because, now)
        proposals.add_vote(db, put.proposal, said)
        if says == VETO:
            _veto(db, put, said, now)
        govern_in(app, db, put.proposal.partnership, now)
        return find(app, db, id, now)


def withdraw(app: App, id: str, because: str, by: str, now: datetime) -> Put:
    """Take a proposal back, before anything has become of it."""
    with app.store.write(id) as db:
        put = find(app, db, id, now)
        person = known_person(put.partnership, by, now)
        if not put.proposal.is_open or voting.closes_at(put.proposal) <= now:
            raise UserError(
                f"{id} is {voting.standing(put.proposal, now)}", "what was decided is superseded by another decision"
            )
        proposals.withdraw(db, put.proposal, person, because, now)
        govern_in(app, db, put.proposal.partnership, now)
        return find(app, db, id, now)


# What it rests on --------------------------------------------------------------------------------------------------


def find(app: App, db: Connection, id: str, now: datetime) -> Put:
    """The proposal of that id. Raises UserError, also where its partnership or layer is there no more."""
    row = lookup.not_ended(lookup.partnership(db, id.partition("/")[0]))
    known = {each.id: each for each in proposals.recorded(db, row.id)}
    if id not in known:
        raise lookup.unknown("proposal", id, list(known), f"cadence decide list --partnership {row.id} shows them")
    scope, partnership = scope_of(app, db, known[id].scope, now)
    return Put(known[id], scope, partnership)


def scope_of(app: App, db: Connection, id: str, now: datetime) -> tuple[Scope, Partnership]:
    """The partnership or layer of that id, as it stands. Raises UserError."""
    row = lookup.not_ended(lookup.partnership(db, id.partition("/")[0]))
    partnership = app.in_force(row).as_of(now)
    parts = {str(scope.id): scope for scope in scopes(partnership, app.playbooks)}
    if id not in parts:
        raise lookup.unknown("partnership or layer", id, list(parts), f"{row.id} has {', '.join(parts)}")
    return parts[id], partnership


def party_of(put: Put, person: str, now: datetime) -> str:
    """The party for which a person votes. Raises NotTheirs, with who does."""
    today = voting.today_of(put.proposal, now)
    seats = {
        each: voting.voters(put.proposal, each, put.scope, put.partnership, today)
        for each in voting.seats(put.proposal)
    }
    found = next((party for party, people in seats.items() if person in people), None)
    if found is None:
        named = ", ".join(put.partnership.name_of(people[0]) for people in seats.values() if people)
        raise NotTheirs(
            f"{put.partnership.name_of(person)} has no vote on {put.proposal.id}", f"those who vote: {named}"
        )
    return found


def refuse_while_paused(partnership: Partnership, now: datetime) -> None:
    """Raises UserError: nobody would be told."""
    if pause := partnership.pause_at(now):
        until = f"until {in_words(pause.last)}" if pause.last else "until somebody resumes it"
        resume = f"cadence partnership resume {partnership.partnership}"
        raise UserError(
            f"{partnership.partnership} is paused {until}, so nobody would be asked", f"resume it first: {resume}"
        )


def known_person(partnership: Partnership, by: str, now: datetime) -> str:
    """Raises UserError for a stranger, and for somebody who has left."""
    person = lookup.person(partnership, by) or by
    if partnership.people[person].has_left(now.astimezone(zone(partnership.zone)).date()):
        raise NotTheirs(f"{partnership.name_of(person)} has left", "somebody who is there says it")
    return person


def name_of_body(partnership: Partnership, body: str | None) -> str:
    """Raises UserError for a body that the definition does not name; where it names none, any words are one."""
    found, bodies = voting.body_named(partnership, body), partnership.agreement.bodies
    if found:
        return found.body
    if bodies and body:
        names = [each.body for each in bodies]
        raise lookup.unknown("body", body, names, f"the definition names {', '.join(names)}")
    return body or partnership.decided_by or "all parties"


def _last_day(until: date | None, today: date, least: timedelta) -> date:
    """Raises WrongDay for one that leaves less time than the playbook asks for."""
    earliest = today + least
    if until is not None and until < earliest:
        what = f"{in_words(until)} leaves less than {least.days} days"
        raise WrongDay(what, f"name {earliest} or later; the playbook has it so (decisions: without_meeting)")
    if until is not None and until > today + _FARTHEST:
        raise WrongDay(f"{in_words(until)} is more than a year away", "name an earlier day")
    return until or earliest


def _check_time(proposal: Proposal, says: str, because: str | None, now: datetime) -> None:
    """Raises UserError for a vote that comes too late, a veto that comes too early or late, or without a reason."""
    stands = voting.standing(proposal, now)
    if says != VETO:
        if not proposal.is_open or voting.closes_at(proposal) <= now:
            what = f"votes on {proposal.id} counted until the end of {in_words(proposal.closes_on)}"
            raise UserError(what, f"cadence decide show {proposal.id} has what it came to")
        return
    if stands != "open to veto":
        how = "only a result that was adopted can be vetoed" if stands == "open" else f"it is {stands}"
        raise UserError(f"{proposal.id} cannot be vetoed now", how)
    if not because:
        raise UserError("a veto wants its reason", "all parties read it")


def _veto(db: Connection, put: Put, veto: Vote, now: datetime) -> None:
    proposals.settle(db, put.proposal, "vetoed", now)
    decision = decisions.find(db, put.proposal.decision_id)
    if decision:
        who = f"vetoed by {put.partnership.name_of(veto.person)}: {veto.because}"
        decisions.save(db, [replace(decision, withdrawn_at=now, withdrawn_because=who)])
