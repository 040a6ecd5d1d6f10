"""`cadence decide`: it is Saturday 21 November 2026, the day on which Acme × Globex is taken up."""

import json

import pytest

from tests.cli.conftest import Cadence

ID, STUCK = "acme-globex/proposal/1", "acme-globex/deadlock/1"
SAYS = "the second line is bought"
LATER = ("--now", "2026-12-02T09:00+01:00")


def propose(cadence: Cadence, *more: str) -> str:
    made = cadence("decide", "propose", "acme-globex", "--says", SAYS, "--by", "ines", *more)
    assert made.status == 0, made.err
    return made.out


def test_a_proposal_says_until_when_what_it_takes_and_who_votes(installation: Cadence) -> None:
    assert propose(installation) == (
        f"{ID}: votes are asked for until the end of Tue 1 Dec 2026.\n"
        "No party may be against it; all of them have to vote.\n"
        "  Acme Motors SE: Marta Bauer\n"
        "  Globex Cells Inc: June Okafor\n"
    )


def test_a_vote_says_how_it_stands(installation: Cadence) -> None:
    propose(installation)
    said = installation("decide", "vote", ID, "yes", "--because", "we need it", "--by", "marta")
    needed = "no party may be against it; all of them have to vote"
    assert said.out == f"{ID}: Marta Bauer says yes.\nSo far: 1 yes, 1 silent; {needed}.\n"
    shown = installation("decide", "show", ID).out
    assert f"{SAYS}  ({ID})" in shown and "yes, Marta Bauer on Sat 21 Nov 2026: we need it" in shown
    assert "silent; June Okafor votes for it" in shown


def test_what_is_open_is_listed_and_with_all_what_was(installation: Cadence) -> None:
    propose(installation)
    assert SAYS in installation("decide", "list").out
    installation("decide", "vote", ID, "yes", "--by", "marta")
    installation("decide", "vote", ID, "no", "--by", "june")
    installation(*LATER, "once")
    listed = installation(*LATER, "decide", "list").out
    assert ID not in listed and f"{STUCK}" in listed and "deadlock, alliance managers" in listed
    known = json.loads(installation(*LATER, "decide", "list", "--all", "--json").out)
    assert [(each["id"], each["state"], each["outcome"]) for each in known["proposals"]] == [
        (ID, "deadlocked", "deadlocked")
    ]
    assert [(each["id"], each["proposal"], each["level"]) for each in known["deadlocks"]] == [
        (STUCK, ID, "alliance managers")
    ]


def test_what_is_adopted_stands_in_the_register(installation: Cadence) -> None:
    propose(installation)
    for who in ("marta", "june"):
        installation("decide", "vote", ID, "yes", "--by", who)
    installation(*LATER, "once")
    found = json.loads(installation(*LATER, "decide", "show", ID, "--json").out)
    assert (found["state"], found["decision"]) == ("adopted", f"{ID}!1")
    assert f"in the register: {ID}!1" in installation(*LATER, "decide", "show", ID).out


def test_it_is_taken_back_and_a_deadlock_is_recorded_and_ended(installation: Cadence) -> None:
    propose(installation)
    taken = installation("decide", "withdraw", ID, "--because", "we meet on Friday", "--by", "ines")
    assert taken.out == f"{ID} is withdrawn.\n"
    assert "withdrawn: we meet on Friday" in installation("decide", "show", ID).out
    made = installation("decide", "deadlock", "acme-globex", "--says", "who pays", "--by", "ines")
    assert made.out == f"{STUCK}: recorded.\n  alliance managers, for 15 working days\n  sponsors\n"
    ended = installation("decide", "resolve", STUCK, "--says", "each pays half", "--by", "marta")
    assert ended.out == f"{STUCK} has ended; in the register: {STUCK}!1.\n"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("vote", ID, "yes", "--by", "tom"), "Tom Reyes has no vote"),
        (("vote", "acme-globex/proposal/2", "yes", "--by", "marta"), "there is no proposal"),
        (("vote", "gone/proposal/1", "yes", "--by", "marta"), "there is no partnership"),
        (("vote", ID, "veto", "--by", "marta", "--because", "x"), "cannot be vetoed now"),
        (("propose", "acme-globex/gone", "--says", "x", "--by", "ines"), "there is no partnership or layer"),
        (
            ("propose", "acme-globex", "--says", "x", "--until", "2026-11-30", "--by", "ines"),
            "leaves less than 10 days",
        ),
        (("propose", "acme-globex", "--says", SAYS, "--by", "ines"), "proposes the same"),
        (("resolve", STUCK, "--says", "x", "--by", "ines"), "there is no deadlock"),
        (("show", f"{ID}0"), "there is no proposal"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(installation: Cadence, call: tuple[str, ...], told: str) -> None:
    propose(installation)
    refused = installation("decide", *call)
    assert refused.status == 1 and told in refused.err and len(refused.err.splitlines()) >= 2
