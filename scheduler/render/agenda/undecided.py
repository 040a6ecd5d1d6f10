"""What waits for a decision beside the meeting: what is put to a vote without one, and what the sides cannot agree
on."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from scheduler.domain.record.proposal import Deadlock, Proposal
from scheduler.render.languages import known, say
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.decisions import deadlocks as ladder
from scheduler.rules.decisions import voting
from scheduler.rules.reviews.scopes import Scope


def undecided(
    proposals: Iterable[Proposal], deadlocks: Iterable[Deadlock], scope: Scope, now: datetime
) -> tuple[str, ...]:
    """``Put to a vote without a meeting, until Fri 11 Dec 2026 (1 of 2 have voted): the second line is bought``, ``The
    sides cannot agree; with the sponsors since Tue 22 Dec 2026: who pays``: those of a scope, at an aware moment."""
    votes = (line for each in proposals if each.scope == scope.id for line in _vote(each, now))
    stuck = (line for each in deadlocks if each.scope == scope.id for line in _deadlock(each, scope, now))
    return (*votes, *stuck)


def _vote(proposal: Proposal, now: datetime) -> Iterator[str]:
    match voting.standing(proposal, now):
        case "open":
            found, whole = voting.tally(proposal), len(proposal.terms.parties)
            yield say(
                "Put to a vote without a meeting, until %(day)s (%(voted)s of %(whole)s have voted): %(what)s",
                day=day_words(proposal.closes_on),
                voted=whole - found.silent,
                whole=whole,
                what=proposal.says,
            )
        case "open to veto" if until := voting.veto_until(proposal):
            yield say(
                "Adopted without a meeting, and open to veto until %(day)s: %(what)s",
                day=day_words(until),
                what=proposal.says,
            )


def _deadlock(deadlock: Deadlock, scope: Scope, now: datetime) -> Iterator[str]:
    today = now.astimezone(zone(scope.timezone)).date()
    at = None if deadlock.ended_at else ladder.at_level(deadlock, scope, today)
    if at:
        yield say(
            "The sides cannot agree; with the %(level)s since %(day)s: %(what)s",
            level=known(at.level.words),
            day=day_words(at.on),
            what=deadlock.says,
        )
