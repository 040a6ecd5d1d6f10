"""Inès puts it to the steering committee, without a meeting, to buy a second line. Marta (Acme) and June (Globex) sit
in it; it is Tuesday 1 December 2026, in the morning in Berlin."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.errors import NotTheirs, UserError, WrongDay
from scheduler.domain.phrases import Span
from scheduler.domain.record.decision import WITHOUT_MEETING
from scheduler.domain.record.proposal import Proposal
from scheduler.rules.access import JOINT, Audience
from scheduler.services.cases import deadlocks as stuck
from scheduler.services.cases.formal_review import call
from scheduler.services.cases.pauses import pause
from scheduler.services.cases.proposals import propose, vote, withdraw
from scheduler.services.views.agenda import agenda
from scheduler.services.views.decisions import decisions as registered
from scheduler.services.views.proposals import DeadlockLine, ProposalLine
from scheduler.services.views.proposals import proposals as listed
from scheduler.store import decisions, notifications
from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE, at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import DAY_ONE, Town

ID, SAYS = "acme-globex/proposal/1", "the second line is bought"
TUESDAY = at("2026-12-01 09:00")
CLOSED = at("2026-12-12 00:00")
"""The first moment after the end of Friday 11 December, ten days later."""
COMMITTEE = {"body": "Steering committee", "members": ["marta", "ines", "june"]}
EVERYBODY = {"ines": INES, "marta": MARTA, "dev": DEV, "june": JUNE, "tom": TOM, "uwe": UWE}
BOARD = {"body": "Board", "members": ["marta", "june"], "rule": "majority", "quorum": "half"}


def a_town(town: Town, decides: Any = COMMITTEE, **people: Any) -> Town:
    town.define(agreement={"effective": "2026-10-01", "decides": decides}, people={**EVERYBODY, **people})
    town.cycle(DAY_ONE)
    town.cycle(TUESDAY - timedelta(hours=1))
    return town


@pytest.fixture
def governed(town: Town) -> Town:
    return a_town(town)


def put(town: Town, now: datetime = TUESDAY, until: date | None = None, body: str | None = None) -> Proposal:
    return propose(town.app, "acme-globex", SAYS, body, until, "ines", now).proposal


def told(town: Town, subject: str = ID) -> set[tuple[str, str]]:
    """Who hears of a matter, on which rung."""
    with town.app.store.read() as db:
        known = notifications.known(db, "acme-globex")
    mine = ((key, each) for key, each in known.items() if key.subject == subject and each.state != "dropped")
    return {(key.rung, key.email.partition(".")[0]) for key, _ in mine}


def line(town: Town, now: datetime = TUESDAY) -> ProposalLine:
    found, _ = listed(town.app, "acme-globex", now, Audience(), only_open=False)
    return found[-1]


def deadlock(town: Town, now: datetime) -> DeadlockLine:
    _, found = listed(town.app, "acme-globex", now, Audience(), only_open=False)
    return found[-1]


def test_each_side_is_asked_once_by_the_first_of_its_members(governed: Town) -> None:
    made = put(governed)
    assert (made.id, made.body, made.closes_on) == (ID, "Steering committee", date(2026, 12, 11))
    assert told(governed) == {("vote/acme", "marta"), ("vote/globex", "june")}
    governed.cycle(TUESDAY + timedelta(hours=2))
    assert told(governed) == {("vote/acme", "marta"), ("vote/globex", "june")}


def test_who_is_silent_is_asked_again_three_days_before_the_last(governed: Town) -> None:
    put(governed)
    vote(governed.app, ID, "yes", "marta", TUESDAY + timedelta(days=1))
    governed.cycle(at("2026-12-07 23:00"))
    assert not any(rung.startswith("reminder") for rung, _ in told(governed))
    governed.cycle(at("2026-12-08 00:00"))
    assert [each for each in told(governed) if each[0].startswith("reminder")] == [("reminder/globex", "june")]


def test_the_deadline_is_at_least_that_of_the_playbook(governed: Town) -> None:
    with pytest.raises(WrongDay, match="leaves less than 10 days"):
        put(governed, until=date(2026, 12, 10))
    with pytest.raises(WrongDay, match="more than a year away"):
        put(governed, until=date(2028, 12, 10))
    assert put(governed, until=date(2026, 12, 24)).closes_on == date(2026, 12, 24)


def test_the_same_once_more_is_refused_while_it_is_open(governed: Town) -> None:
    put(governed)
    with pytest.raises(UserError, match="acme-globex/proposal/1 proposes the same"):
        put(governed)
    withdraw(governed.app, ID, "not yet", "ines", TUESDAY)
    assert put(governed).id == "acme-globex/proposal/2"


def test_at_its_end_the_result_is_on_record_by_itself_and_told_to_all(governed: Town) -> None:
    put(governed)
    for who in ("marta", "june"):
        vote(governed.app, ID, "yes", who, TUESDAY + timedelta(days=1))
    governed.cycle(CLOSED - timedelta(minutes=1))
    assert line(governed, CLOSED).state == "open"
    governed.cycle(CLOSED)
    assert (line(governed, CLOSED).state, line(governed, CLOSED).decision) == ("adopted", f"{ID}!1")
    assert {who for rung, who in told(governed) if rung == "result"} == {"marta", "ines", "june"}
    with governed.app.store.read() as db:
        [found] = [each for each in decisions.recorded(db, "acme-globex") if each.kind == WITHOUT_MEETING]
    assert (found.id, found.says, found.review, found.decided_on, found.binding_from) == (
        f"{ID}!1", SAYS, None, date(2026, 12, 12), date(2026, 12, 12)
    )  # fmt: skip


def test_the_daemon_wakes_at_the_end_of_the_last_day(governed: Town) -> None:
    put(governed, until=date(2026, 12, 12))
    governed.cycle(at("2026-12-12 09:00"))
    [row] = governed.rows("partnership")
    assert row["wake_at"] <= at("2026-12-13 00:00")


@pytest.mark.parametrize("days", [0, 1, 40])
def test_a_program_that_was_down_puts_the_same_on_record_later(governed: Town, days: int) -> None:
    put(governed)
    vote(governed.app, ID, "yes", "marta", TUESDAY)
    governed.cycle(CLOSED + timedelta(days=days))
    assert line(governed, CLOSED).proposal.outcome == "no quorum", "June was silent"
    before = governed.remembered()
    governed.cycle(CLOSED + timedelta(days=days))
    assert governed.remembered() == before


def test_a_vote_is_changed_until_the_end_and_kept_and_no_later(governed: Town) -> None:
    put(governed)
    for says in ("no", "no", "abstain", "yes"):
        vote(governed.app, ID, says, "Marta.Bauer@acme.example", TUESDAY)
    assert [each.says for each in line(governed).proposal.votes] == ["no", "abstain", "yes"]
    with pytest.raises(UserError, match="counted until the end of Fri 11 Dec 2026"):
        vote(governed.app, ID, "no", "marta", CLOSED)
    governed.cycle(CLOSED)
    with pytest.raises(UserError, match="counted until"):
        vote(governed.app, ID, "no", "june", TUESDAY)
    assert line(governed, CLOSED).proposal.outcome == "no quorum"


def test_a_reason_can_be_added_and_the_same_without_one_is_nothing_new(governed: Town) -> None:
    put(governed)
    for because in (None, "we need it", "we need it", None, "it is cheap"):
        vote(governed.app, ID, "yes", "marta", TUESDAY, because)
    assert [each.because for each in line(governed).proposal.votes] == [None, "we need it", "it is cheap"]


def test_two_of_one_side_have_one_vote_and_the_last_of_them_counts(governed: Town) -> None:
    put(governed)
    vote(governed.app, ID, "yes", "marta", TUESDAY)
    vote(governed.app, ID, "no", "ines", TUESDAY)
    [acme, globex] = line(governed).votes
    assert (acme.says, acme.by, acme.asked, globex.says, globex.asked) == (
        "no", "Inès Falk", "Marta Bauer", None, "June Okafor"
    )  # fmt: skip


def test_who_has_no_vote_is_told_who_has(governed: Town) -> None:
    put(governed)
    with pytest.raises(NotTheirs, match="Dev Patel has no vote") as told_:
        vote(governed.app, ID, "yes", "dev", TUESDAY)
    assert told_.value.hint == "those who vote: Marta Bauer, June Okafor"
    with pytest.raises(UserError, match="no person"):
        vote(governed.app, ID, "yes", "nobody", TUESDAY)


def test_a_seat_that_is_handed_over_votes_by_whoever_has_it(town: Town) -> None:
    leaving = {**JUNE, "leaves": "2026-12-03", "successor": "dev"}
    a_town(town, june=leaving)
    put(town)
    vote(town.app, ID, "no", "june", TUESDAY)
    thursday = at("2026-12-03 09:00")
    with pytest.raises(NotTheirs, match="June Okafor has left"):
        vote(town.app, ID, "yes", "june", thursday)
    vote(town.app, ID, "yes", "dev", thursday)
    assert [each.says for each in line(town, thursday).votes] == [None, "yes"]


def test_who_takes_a_seat_before_the_side_has_voted_is_asked(town: Town) -> None:
    a_town(town, june={**JUNE, "leaves": "2026-12-03", "successor": "dev"})
    put(town)
    town.cycle(at("2026-12-03 09:00"))
    assert ("vote/globex", "dev") in told(town)


def test_who_takes_a_seat_later_is_not_told_of_what_was_decided_before(town: Town) -> None:
    a_town(town, june={**JUNE, "leaves": "2027-01-11", "successor": "dev"})
    put(town)
    town.cycle(CLOSED)
    town.cycle(at("2027-01-12 09:00"))
    assert not {who for _, who in told(town)} & {"dev"}


def test_it_is_withdrawn_before_its_end_and_those_who_were_asked_hear_so(governed: Town) -> None:
    put(governed)
    withdraw(governed.app, ID, "we meet on Friday", "ines", TUESDAY)
    assert line(governed).state == "withdrawn"
    assert ("withdrawn", "june") in told(governed)
    with pytest.raises(UserError, match="counted until"):
        vote(governed.app, ID, "yes", "june", TUESDAY)
    with pytest.raises(UserError, match="is withdrawn"):
        withdraw(governed.app, ID, "again", "ines", TUESDAY)
    governed.cycle(CLOSED)
    assert line(governed, CLOSED).state == "withdrawn"


def test_an_edit_of_the_body_changes_no_vote_that_is_on_its_way(governed: Town) -> None:
    put(governed)
    for who in ("marta", "june"):
        vote(governed.app, ID, "yes" if who == "june" else "no", who, TUESDAY)
    governed.define(
        agreement={"effective": "2026-10-01", "decides": {**COMMITTEE, "rule": "chair", "chair": "june"}},
        people=EVERYBODY,
    )
    governed.cycle(CLOSED)
    assert line(governed, CLOSED).proposal.outcome == "deadlocked"


def test_unknown_bodies_and_proposals_and_one_side_alone_are_refused(town: Town) -> None:
    a_town(town, [COMMITTEE, {"body": "Acme's own", "members": ["ines", "marta"]}])
    with pytest.raises(UserError, match="there is no body"):
        put(town, body="Steering comitee")
    with pytest.raises(UserError, match="nobody but one side votes"):
        put(town, body="acme's OWN")
    with pytest.raises(UserError, match="there is no proposal"):
        vote(town.app, ID, "yes", "marta", TUESDAY)
    with pytest.raises(UserError, match="is no vote"):
        vote(town.app, ID, "perhaps", "marta", TUESDAY)


def test_in_an_ended_partnership_nothing_is_put_to_anybody(governed: Town) -> None:
    from scheduler.services.cases.partnerships import end

    put(governed)
    end(governed.app, "acme-globex", "it ran out", "ines", TUESDAY)
    with pytest.raises(UserError, match="was ended"):
        vote(governed.app, ID, "yes", "marta", TUESDAY)
    governed.cycle(CLOSED)
    assert line(governed, CLOSED).state == "lapsed"


ACTS: list[Callable[[Town], object]] = [
    lambda town: propose(town.app, "acme-globex", "another", None, None, "ines", TUESDAY),
    lambda town: vote(town.app, ID, "yes", "marta", TUESDAY),
    lambda town: withdraw(town.app, ID, "not yet", "ines", TUESDAY),
    lambda town: stuck.record(town.app, "acme-globex", "who pays", None, "ines", TUESDAY),
]


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_recorded_with_all_that_follows_or_not_at_all(
    governed: Town, breaks_off: BreaksOff, act: Callable[[Town], object]
) -> None:
    put(governed)
    with breaks_off(governed):
        act(governed)


# Veto --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def adopted(town: Town) -> Town:
    """As DESCA has it: fifteen days for a veto."""
    basis = copy(town.app.basis)
    basis.playbooks = {model: with_veto(book) for model, book in town.app.playbooks.items()}
    town = a_town(replace(town, app=replace(town.app, basis=basis)), BOARD)
    put(town)
    vote(town.app, ID, "yes", "marta", TUESDAY)
    town.cycle(CLOSED)
    return town


def with_veto(book: Playbook) -> Playbook:
    terms = book.decisions.without_meeting.model_copy(update={"veto": Span(15, "day")})
    return book.model_copy(update={"decisions": book.decisions.model_copy(update={"without_meeting": terms})})


def test_what_was_adopted_is_vetoed_with_a_reason_and_does_not_bind(adopted: Town) -> None:
    assert (line(adopted, CLOSED).state, line(adopted, CLOSED).veto_until) == ("open to veto", date(2026, 12, 27))
    monday = at("2026-12-14 09:00")
    with pytest.raises(UserError, match="a veto wants its reason"):
        vote(adopted.app, ID, "veto", "june", monday)
    vote(adopted.app, ID, "veto", "june", monday, "it stops our own line")
    assert line(adopted, monday).state == "vetoed"
    with adopted.app.store.read() as db:
        found = decisions.find(db, f"{ID}!1")
    assert found and found.withdrawn_at and found.withdrawn_because == "vetoed by June Okafor: it stops our own line"
    assert ("vetoed", "marta") in told(adopted)


def test_while_it_can_be_vetoed_its_decision_is_a_draft_that_says_from_when_it_binds(adopted: Town) -> None:
    [found] = registered(adopted.app, at("2026-12-27 23:59"), JOINT, partnership="acme-globex")
    assert (found.state, found.binding_from, found.draft_because) == ("draft", date(2026, 12, 28), None)
    [found] = registered(adopted.app, at("2026-12-28 00:00"), JOINT, partnership="acme-globex")
    assert found.state == "binding"


def test_a_veto_that_comes_too_early_too_late_or_twice_is_refused(adopted: Town) -> None:
    with pytest.raises(UserError, match="cannot be vetoed now"):
        vote(adopted.app, ID, "veto", "june", at("2026-12-28 00:00"), "too late")
    vote(adopted.app, ID, "veto", "june", at("2026-12-27 23:00"), "in time")
    with pytest.raises(UserError, match="cannot be vetoed now"):
        vote(adopted.app, ID, "veto", "marta", at("2026-12-27 23:00"), "as well")
    other = propose(adopted.app, "acme-globex", "another", None, None, "ines", TUESDAY).proposal
    with pytest.raises(UserError, match="cannot be vetoed now") as early:
        vote(adopted.app, other.id, "veto", "june", TUESDAY, "too early")
    assert early.value.hint == "only a result that was adopted can be vetoed"


# Deadlocks ---------------------------------------------------------------------------------------------------------

STUCK = "acme-globex/deadlock/1"


def test_a_vote_on_which_the_sides_disagree_goes_to_the_first_level_by_itself(governed: Town) -> None:
    put(governed)
    vote(governed.app, ID, "yes", "marta", TUESDAY)
    vote(governed.app, ID, "no", "june", TUESDAY)
    governed.cycle(CLOSED)
    found = deadlock(governed, CLOSED)
    assert (found.deadlock.id, found.level, found.deadlock.proposal) == (STUCK, "alliance managers", ID)
    assert told(governed, STUCK) == {("level-1", "ines"), ("level-1", "dev")}


def test_each_level_is_told_once_and_after_the_last_nobody(governed: Town) -> None:
    stuck.record(governed.app, "acme-globex", "who pays", None, "ines", TUESDAY)
    for day in ("2026-12-21 09:00", "2026-12-22 09:00", "2026-12-23 09:00", "2026-12-30 09:00"):
        governed.cycle(at(day))
    assert told(governed, STUCK) == {
        ("level-1", "ines"), ("level-1", "dev"), ("level-2", "marta"), ("level-2", "june")
    }  # fmt: skip


def test_the_next_level_comes_when_the_days_are_over_and_not_before(governed: Town) -> None:
    """15 working days of both sides from Tue 1 December, on which it was recorded: Tue 22 December."""
    stuck.record(governed.app, "acme-globex", "who pays", None, "ines", TUESDAY)
    governed.cycle(at("2026-12-21 23:00"))
    assert {rung for rung, _ in told(governed, STUCK)} == {"level-1"}
    governed.cycle(at("2026-12-22 00:00"))
    assert {rung for rung, _ in told(governed, STUCK)} == {"level-1", "level-2"}


def test_what_was_decided_ends_it_and_stands_in_the_register(governed: Town) -> None:
    stuck.record(governed.app, "acme-globex", "who pays", None, "ines", TUESDAY)
    stuck.resolve(governed.app, STUCK, "each side pays half", "marta", at("2026-12-03 09:00"))
    governed.cycle(at("2026-12-04 09:00"))
    assert told(governed, STUCK) == {("ended", "ines"), ("ended", "dev")}, "what has not left says how it stands now"
    with governed.app.store.read() as db:
        found = decisions.find(db, f"{STUCK}!1")
    assert found and (found.says, found.decided_by, found.binding_from) == (
        "each side pays half", "marta", date(2026, 12, 3)
    )  # fmt: skip
    with pytest.raises(UserError, match="was ended on 2026-12-03"):
        stuck.resolve(governed.app, STUCK, "again", "marta", at("2026-12-04 09:00"))


def test_recorded_twice_it_is_one_and_an_edit_leaves_its_ladder_alone(governed: Town) -> None:
    for _ in range(2):
        found = stuck.record(governed.app, "acme-globex", "who pays", None, "ines", TUESDAY)
    own = {**COMMITTEE, "deadlock": [{"tell": "tom"}]}
    governed.define(agreement={"effective": "2026-10-01", "decides": own}, people=EVERYBODY)
    governed.cycle(at("2026-12-22 09:00"))
    assert found.id == STUCK == deadlock(governed, TUESDAY).deadlock.id
    assert deadlock(governed, at("2026-12-22 09:00")).level == "sponsors"
    again = stuck.record(governed.app, "acme-globex", "who hosts", None, "ines", at("2026-12-22 09:00"))
    assert [each.tell for each in again.levels] == [("tom",)]


# Pauses ------------------------------------------------------------------------------------------------------------


def test_while_a_partnership_is_paused_nothing_is_proposed_and_nothing_settled(governed: Town) -> None:
    """What was asked before can still be answered; the result, and with it a veto, waits until people are told."""
    put(governed)
    pause(governed.app, "acme-globex", None, date(2026, 12, 20), "the plant is shut", "ines", at("2026-12-02 09:00"))
    thursday = at("2026-12-03 09:00")
    asked: tuple[Callable[[], object], ...] = (
        lambda: put(governed, thursday),
        lambda: stuck.record(governed.app, "acme-globex", "who pays", None, "ines", thursday),
    )
    for act in asked:
        with pytest.raises(UserError, match="is paused until Sun 20 Dec 2026"):
            act()
    for who in ("marta", "june"):
        vote(governed.app, ID, "yes", who, thursday)
    governed.cycle(at("2026-12-20 23:00"))
    assert line(governed, CLOSED).proposal.outcome is None
    governed.cycle(at("2026-12-21 00:00"))
    found = line(governed, at("2026-12-21 00:00")).proposal
    assert (found.outcome, found.settled_at) == ("adopted", at("2026-12-21 00:00"))


# Agendas -----------------------------------------------------------------------------------------------------------


def test_what_is_put_to_a_vote_or_stuck_stands_on_the_next_agendas(governed: Town) -> None:
    put(governed)
    vote(governed.app, ID, "yes", "marta", TUESDAY)
    stuck.record(governed.app, "acme-globex", "who pays", None, "ines", TUESDAY)
    shown = agenda(governed.app, "acme-globex/operating/2026-12", None, at("2026-12-02 09:00"), html=False)
    assert (
        "Put to a vote without a meeting, until Fri 11 Dec 2026 (1 of 2 have voted): the second line is bought" in shown
    )
    assert "The sides cannot agree; with the alliance managers since Tue 1 Dec 2026: who pays" in shown
    governed.cycle(CLOSED)
    stuck.resolve(governed.app, STUCK, "each side pays half", "marta", CLOSED)
    assert "Not yet decided" not in agenda(governed.app, "acme-globex/operating/2026-12", None, CLOSED, html=False)


def test_a_formal_review_says_who_decides_on_what_and_where_a_deadlock_goes(town: Town) -> None:
    a_town(town, {**COMMITTEE, "matters": ["scope"], "deadlock": [{"tell": "sponsors"}]})
    called = call(town.app, "acme-globex", "the line stands still", "ines", TUESDAY).record.id
    shown = agenda(town.app, called, None, TUESDAY, html=False)
    assert "- Steering committee (Marta Bauer, Inès Falk, June Okafor) on scope; in a deadlock sponsors" in shown
