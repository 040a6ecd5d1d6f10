"""Proposals, votes and deadlocks come back as they went in, on both engines, also under other names."""

from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain.definition.deciding_body import Portion, Rule
from scheduler.domain.phrases import Span
from scheduler.domain.record.proposal import BallotTerms, Deadlock, DeadlockLevel, Proposal, Vote
from scheduler.store import Store, deadlocks, proposals, renames
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

NOW = at("2026-12-01 09:00")
LAYER = "acme-globex/asia"
TERMS = BallotTerms(
    Rule.CHAIR, ("acme", "globex"), quorum=Portion.read("two thirds"), chair="person:olga", veto=15, reminder=3
)
PROPOSAL = Proposal(
    id="acme-globex/asia/proposal/9",
    partnership=ACME_GLOBEX,
    scope=LAYER,
    says="the second line is bought",
    body="Steering committee",
    terms=TERMS,
    proposed_by="ines",
    proposed_at=NOW,
    asked_on=date(2026, 12, 1),
    closes_on=date(2026, 12, 11),
    timezone="Europe/Berlin",
)
YES = Vote("acme", "marta", "yes", "we need it", NOW)
CHAIR = Vote("person:olga", "olga", "no", None, NOW - timedelta(hours=1))
STUCK = Deadlock(
    id="acme-globex/deadlock/1",
    partnership=ACME_GLOBEX,
    scope=LAYER,
    says="who pays",
    body=None,
    levels=(
        DeadlockLevel("managers", ("alliance_manager", "olga"), Span(15, "working day")),
        DeadlockLevel("last", ("june",)),
    ),
    opened_by="ines",
    opened_at=NOW,
    opened_on=date(2026, 12, 1),
    proposal=PROPOSAL.id,
)


def test_a_proposal_comes_back_with_its_votes_in_the_order_in_which_they_came(store: Store) -> None:
    """Also where the clock was set back in between."""
    later = replace(PROPOSAL, id="acme-globex/asia/proposal/10", terms=BallotTerms(Rule.SHARE, (), Portion.read("51%")))
    with store.write() as db:
        for each in (later, PROPOSAL):
            proposals.add(db, each)
        for vote in (YES, CHAIR):
            proposals.add_vote(db, PROPOSAL, vote)
    with store.read() as db:
        assert proposals.recorded(db, ACME_GLOBEX) == (replace(PROPOSAL, votes=(YES, CHAIR)), later)
        assert proposals.recorded(db, "nobody") == ()


def test_what_it_came_to_is_kept_and_a_veto_leaves_the_day_of_the_result(store: Store) -> None:
    with store.write() as db:
        proposals.add(db, PROPOSAL)
        proposals.settle(db, PROPOSAL, "adopted", NOW)
        [settled] = proposals.recorded(db, ACME_GLOBEX)
        proposals.settle(db, settled, "vetoed", NOW + timedelta(days=3))
        [vetoed] = proposals.recorded(db, ACME_GLOBEX)
        proposals.withdraw(db, PROPOSAL, "ines", "we meet", NOW)
        [withdrawn] = proposals.recorded(db, ACME_GLOBEX)
    assert settled == replace(PROPOSAL, outcome="adopted", settled_at=NOW)
    assert vetoed == replace(PROPOSAL, outcome="vetoed", settled_at=NOW)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_because, withdrawn.withdrawn_at) == ("ines", "we meet", NOW)


def test_a_deadlock_comes_back_and_ends_once(store: Store) -> None:
    with store.write() as db:
        deadlocks.add(db, STUCK)
        assert deadlocks.recorded(db, ACME_GLOBEX) == (STUCK,)
        deadlocks.end(db, STUCK, "marta", "each pays half", NOW)
    with store.read() as db:
        [ended] = deadlocks.recorded(db, ACME_GLOBEX)
    assert ended == replace(STUCK, ended_at=NOW, ended_by="marta", ended_because="each pays half")


def test_they_go_along_with_new_keys_of_layers_and_people(store: Store) -> None:
    with store.write() as db:
        proposals.add(db, PROPOSAL)
        for vote in (YES, CHAIR):
            proposals.add_vote(db, PROPOSAL, vote)
        deadlocks.add(db, STUCK)
        renames.layers(db, ACME_GLOBEX, {LAYER: "acme-globex/apac"})
        renames.people(db, ACME_GLOBEX, {"olga": "olga-ruiz", "ines": "ines-falk"})
        [proposal], [stuck] = proposals.recorded(db, ACME_GLOBEX), deadlocks.recorded(db, ACME_GLOBEX)
    chair = replace(CHAIR, party="person:olga-ruiz", person="olga-ruiz")
    assert proposal == replace(
        PROPOSAL,
        scope="acme-globex/apac",
        proposed_by="ines-falk",
        terms=replace(TERMS, chair="person:olga-ruiz"),
        votes=(YES, chair),
    )
    assert (stuck.scope, stuck.opened_by) == ("acme-globex/apac", "ines-falk")
    assert [each.tell for each in stuck.levels] == [("alliance_manager", "olga-ruiz"), ("june",)]
