"""What votes come to: Acme, Globex and Initech decide without a meeting, until the end of Mon 11 January 2027 in
Berlin."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.deciding_body import Portion, Rule
from scheduler.domain.record.proposal import BallotTerms, Proposal, Vote
from scheduler.rules.decisions.voting import (
    binding_from,
    closes_at,
    needed_words,
    next_change,
    parties,
    result,
    seats,
    standing,
    tally,
    terms_of,
    to_settle,
    veto_until,
    voters,
)
from scheduler.rules.reviews.scopes import scopes
from tests.builders import DEV, INES, JUNE, MARTA, TOM, a_partnership, at, playbooks

ASKED = at("2027-01-01 09:00")
LATE = at("2027-01-12 00:00")
THREE = ("acme", "globex", "initech")
SHARE = BallotTerms(Rule.SHARE, THREE, Portion.read("51%"), veto=15)
CONSENT = BallotTerms(Rule.CONSENT, THREE[:2], quorum=Portion.read("all"))


def a_proposal(terms: BallotTerms = SHARE, *votes: tuple[str, str], **more: Any) -> Proposal:
    cast = tuple(Vote(party, f"of-{party}", says, None, ASKED) for party, says in votes)
    return replace(
        Proposal(
            id="acme-globex/proposal/1",
            partnership="acme-globex",
            scope="acme-globex",
            says="the second line is bought",
            body="Steering committee",
            terms=terms,
            proposed_by="ines",
            proposed_at=ASKED,
            asked_on=date(2027, 1, 1),
            closes_on=date(2027, 1, 11),
            timezone="Europe/Berlin",
            votes=cast,
        ),
        **more,
    )


def votes(**said: str) -> list[tuple[str, str]]:
    return [*said.items()]


@pytest.mark.parametrize(
    ("rule", "said", "becomes"),
    [
        # 51 % of three parties are two, whoever is silent (DESCA for Horizon Europe).
        (SHARE, votes(acme="yes", globex="yes"), "adopted"),
        (SHARE, votes(acme="yes", globex="yes", initech="no"), "adopted"),
        (SHARE, votes(acme="yes"), "rejected"),
        (SHARE, votes(acme="yes", globex="abstain", initech="abstain"), "rejected"),
        # Nothing is decided against one side; silence is no consent.
        (CONSENT, votes(acme="yes", globex="yes"), "adopted"),
        (CONSENT, votes(acme="yes", globex="abstain"), "adopted"),
        (CONSENT, votes(acme="yes"), "no quorum"),
        (CONSENT, votes(acme="yes", globex="no"), "deadlocked"),
        (CONSENT, votes(acme="no", globex="no"), "rejected"),
        (CONSENT, votes(acme="abstain", globex="abstain"), "rejected"),
        # A majority of those who vote; a tie is nobody's.
        (BallotTerms(Rule.MAJORITY, THREE), votes(acme="yes"), "adopted"),
        (BallotTerms(Rule.MAJORITY, THREE), votes(acme="no", globex="abstain"), "rejected"),
        (BallotTerms(Rule.MAJORITY, THREE), votes(acme="yes", globex="no"), "deadlocked"),
        (BallotTerms(Rule.MAJORITY, THREE), votes(acme="abstain"), "rejected"),
        (BallotTerms(Rule.MAJORITY, THREE, quorum=Portion.read("2/3")), votes(acme="yes"), "no quorum"),
        # The chair's vote decides a tie, and nothing else.
        (BallotTerms(Rule.CHAIR, THREE, chair="globex"), votes(acme="yes", globex="no"), "rejected"),
        (BallotTerms(Rule.CHAIR, THREE, chair="acme"), votes(acme="yes", globex="no"), "adopted"),
        (BallotTerms(Rule.CHAIR, THREE, chair="acme"), votes(acme="yes", globex="no", initech="no"), "rejected"),
        (BallotTerms(Rule.CHAIR, THREE[:2], chair="person:olga"), votes(acme="yes", globex="no"), "deadlocked"),
    ],
)
def test_what_the_votes_come_to(rule: BallotTerms, said: list[tuple[str, str]], becomes: str) -> None:
    assert result(a_proposal(rule, *said)) == becomes


@pytest.mark.parametrize("rule", [SHARE, CONSENT, BallotTerms(Rule.MAJORITY, THREE)])
def test_where_nobody_votes_nothing_is_adopted(rule: BallotTerms) -> None:
    assert result(a_proposal(rule)) == "no quorum"


def test_a_chair_of_no_side_has_a_vote_in_a_tie_alone() -> None:
    terms = BallotTerms(Rule.CHAIR, THREE[:2], chair="person:olga")
    tie = a_proposal(terms, ("acme", "yes"), ("globex", "no"), ("person:olga", "yes"))
    assert (seats(tie), result(tie)) == (("acme", "globex", "person:olga"), "adopted")
    assert tally(tie) == (1, 1, 0, 0), "it is the vote of no party"
    assert result(a_proposal(terms, ("acme", "no"), ("globex", "no"), ("person:olga", "yes"))) == "rejected"


def test_the_last_vote_of_a_party_counts_and_one_after_the_end_of_the_last_day_does_not() -> None:
    first = a_proposal(SHARE, ("acme", "no"), ("globex", "yes"), ("acme", "yes"))
    assert tally(first) == (2, 0, 0, 1)
    last_minute = Vote("acme", "ines", "no", None, LATE - timedelta(minutes=1))
    late = Vote("globex", "dev", "no", None, LATE)
    assert tally(replace(first, votes=(*first.votes, last_minute))) == (1, 1, 0, 1)
    assert tally(replace(first, votes=(*first.votes, late))) == (2, 0, 0, 1)


def test_the_last_day_ends_at_midnight_in_the_zone_of_the_body() -> None:
    assert closes_at(a_proposal()) == LATE
    assert closes_at(a_proposal(timezone="America/Los_Angeles")) == LATE + timedelta(hours=9)


def test_it_is_settled_once_when_its_last_day_is_over() -> None:
    open_ = a_proposal(SHARE, ("acme", "yes"), ("globex", "yes"))
    assert [*to_settle([open_], LATE - timedelta(seconds=1))] == []
    assert [*to_settle([open_], LATE)] == [(open_, "adopted")]
    settled = replace(open_, outcome="adopted", settled_at=LATE)
    withdrawn = replace(open_, withdrawn_at=ASKED)
    assert [*to_settle([settled, withdrawn], LATE)] == []
    assert [*next_change([open_, settled, withdrawn], ASKED)] == [LATE]


def adopted(at_: datetime = LATE, terms: BallotTerms = SHARE) -> Proposal:
    return a_proposal(terms, ("acme", "yes"), ("globex", "yes"), outcome="adopted", settled_at=at_)


def test_the_veto_runs_from_the_day_on_which_the_result_was_put_on_record() -> None:
    """That is when the parties are told: a program that was down for a week takes nothing of it away."""
    assert (veto_until(adopted()), binding_from(adopted())) == (date(2027, 1, 27), date(2027, 1, 28))
    late = adopted(at("2027-01-20 10:00"))
    assert veto_until(late) == date(2027, 2, 4)
    assert standing(late, at("2027-02-04 23:59")) == "open to veto"
    assert standing(late, at("2027-02-05 00:00")) == "adopted"


def test_without_a_veto_it_binds_from_the_day_of_its_result() -> None:
    found = adopted(terms=CONSENT)
    assert (veto_until(found), binding_from(found), standing(found, LATE)) == (None, date(2027, 1, 12), "adopted")


def test_what_is_on_record_stays_when_the_clock_is_set_back() -> None:
    assert standing(adopted(), ASKED) == "open to veto"
    assert standing(a_proposal(outcome="rejected", settled_at=LATE), ASKED) == "rejected"
    assert standing(a_proposal(withdrawn_at=LATE), ASKED) == "withdrawn"
    assert standing(a_proposal(), LATE) == "open", "until a cycle has put on record what it came to"


# Who votes ---------------------------------------------------------------------------------------------------------


def seated(members: list[str] | None = None, **changes: Any) -> Any:
    body = {"body": "Steering committee", **({"members": members} if members else {})}
    people = {"ines": INES, "marta": MARTA, "dev": DEV, "june": JUNE, "tom": TOM, **changes}
    partnership = a_partnership(agreement={"decides": body}, people=people)
    return partnership, scopes(partnership, playbooks())[0]


def who(
    party: str, members: list[str] | None = None, today: date = date(2027, 1, 4), **changes: Any
) -> tuple[str, ...]:
    partnership, scope = seated(members, **changes)
    return voters(a_proposal(), party, scope, partnership, today)


def test_the_members_of_a_body_vote_for_their_side_and_the_first_is_asked() -> None:
    assert who("acme", ["ines", "june", "marta"]) == ("ines", "marta")
    assert who("globex", ["ines", "june", "marta"]) == ("june",)


def test_who_is_away_is_asked_after_those_who_are_there() -> None:
    away = {**INES, "away": ["2027-01-04"]}
    assert who("acme", ["ines", "june", "marta"], ines=away) == ("marta", "ines")
    assert who("acme", ["ines", "june", "marta"], date(2027, 1, 5), ines=away) == ("ines", "marta")


def test_who_has_left_votes_no_more() -> None:
    assert who("acme", ["ines", "june", "marta"], ines={**INES, "leaves": "2027-01-04"}) == ("marta",)


def test_of_a_body_without_members_the_sponsor_votes_for_a_side_else_the_alliance_manager() -> None:
    assert (who("acme"), who("globex")) == (("marta",), ("june",))
    no_role = {key: value for key, value in JUNE.items() if key != "role"}
    assert who("globex", june=no_role) == ("dev",)


def test_the_sides_that_vote_are_those_of_the_members() -> None:
    partnership, scope = seated(["ines", "marta"])
    assert parties(partnership.agreement.bodies[0], scope) == ("acme",)
    assert parties(None, scope) == ("acme", "globex")


def test_a_body_decides_by_its_own_rule_else_by_the_playbooks() -> None:
    books = playbooks()
    partnership = a_partnership(agreement={"decides": {"body": "Board", "rule": "majority", "quorum": "half"}})
    scope, [board] = scopes(partnership, books)[0], partnership.agreement.bodies
    standard = scope.playbook.decisions.without_meeting
    own, theirs = terms_of(board, scope, standard), terms_of(None, scope, standard)
    assert (own.rule, str(own.quorum), own.veto) == (Rule.MAJORITY, "half", 0)
    assert (theirs.rule, str(theirs.quorum), theirs.reminder) == (Rule.CONSENT, "all", 3)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (SHARE, "2 of 3 parties have to be for it (51% of all)"),
        (CONSENT, "no party may be against it; all of them have to vote"),
        (
            BallotTerms(Rule.MAJORITY, THREE, quorum=Portion.read("2/3")),
            "more parties for it than against it; 2 of 3 have to vote",
        ),
        (
            BallotTerms(Rule.CHAIR, THREE, chair="acme"),
            "more parties for it than against it; in a tie the chair's vote decides",
        ),
    ],
)
def test_what_it_takes_is_said_in_numbers(terms: BallotTerms, said: str) -> None:
    assert needed_words(terms) == said
