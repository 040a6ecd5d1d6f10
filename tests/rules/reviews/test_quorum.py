"""Will there be a quorum? Acme sends Inès and Marta, Globex Dev and June; the playbook's words say who is needed."""

from itertools import product
from pathlib import Path

import pytest

from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.quorum import Quorum, read
from scheduler.domain.definition.vocabulary import Model, Role
from scheduler.domain.record.rsvp import Says
from scheduler.rules.reviews.quorum import Forecast, Outlook, QuorumSeat, forecast, is_quorate

PLAYBOOKS = Path(__file__).parents[3] / "config" / "playbooks"
SIDES = ("Acme", "Globex")
YES, MAYBE, NO, OPEN = Says.ACCEPTED, Says.TENTATIVE, Says.DECLINED, Says.OPEN


def seats(ines: Says = OPEN, marta: Says = OPEN, dev: Says = OPEN, june: Says = OPEN) -> list[QuorumSeat]:
    return [
        QuorumSeat("Inès", "Acme", Role.ALLIANCE_MANAGER, ines),
        QuorumSeat("Marta", "Acme", Role.SPONSOR, marta),
        QuorumSeat("Dev", "Globex", Role.ALLIANCE_MANAGER, dev),
        QuorumSeat("June", "Globex", Role.SPONSOR, june),
    ]


def told(quorum: str, *said: Says) -> Forecast:
    return forecast(quorum, seats(*said), SIDES)


def test_a_side_that_has_not_answered_leaves_it_open_and_is_named_first() -> None:
    assert told("one of each side", YES).words == "still open: Globex has not answered, Acme has accepted"


def test_one_of_each_side_is_enough() -> None:
    assert told("one of each side", YES, NO, OPEN, YES) == Forecast(
        Outlook.REACHED, ("Acme has accepted", "Globex has accepted")
    )


def test_a_side_that_has_declined_puts_it_out_of_reach() -> None:
    found = told("one of each side", YES, OPEN, NO, NO)
    assert found.words == "out of reach: Globex has declined, Acme has accepted"


def test_with_nobody_to_spare_after_a_refusal_it_is_endangered() -> None:
    assert told("one of each side", YES, OPEN, NO, OPEN).words == (
        "endangered: Globex (1 not answered, 1 declined), Acme has accepted"
    )


def test_who_may_come_does_not_make_a_quorum() -> None:
    assert told("one of each side", YES, OPEN, MAYBE, MAYBE).words == "endangered: Globex may come, Acme has accepted"
    assert told("one of each side", YES, OPEN, MAYBE, OPEN).outlook is Outlook.OPEN


@pytest.mark.parametrize("quorum", ["two of each side", "2 per side", "2 of each owner", " Two of  each side "])
def test_two_of_each_side_are_two_acceptances_each(quorum: str) -> None:
    assert told(quorum, YES, YES, YES, YES).outlook is Outlook.REACHED
    assert (
        told(quorum, YES, YES, YES, OPEN).words == "still open: Globex (1 accepted, 1 not answered), Acme (2 accepted)"
    )
    assert told(quorum, YES, YES, YES, NO).outlook is Outlook.OUT_OF_REACH


@pytest.mark.parametrize("quorum", ["both sponsors", "all sponsors", "one sponsor of each side"])
def test_both_sponsors_are_the_sponsors_and_nobody_for_them(quorum: str) -> None:
    assert told(quorum, YES, OPEN, YES, YES).words == "still open: Acme has not answered, Globex has accepted"
    assert told(quorum, NO, YES, NO, YES).outlook is Outlook.REACHED


@pytest.mark.parametrize("quorum", ["both", "both sides", "all owners", "one of each owner"])
def test_all_owners_are_everybody_who_holds_a_part(quorum: str) -> None:
    assert told(quorum, YES, OPEN, OPEN, YES).outlook is Outlook.REACHED
    assert told(quorum, YES).outlook is Outlook.OPEN


def test_a_role_that_no_side_has_sent_anybody_for_cannot_come() -> None:
    found = told("one director of each owner", YES, YES, YES, YES)
    assert found.words == "out of reach: nobody of Acme is expected, nobody of Globex is expected"


def of_three(acme: Says, globex: Says, initech: Says) -> Outlook | None:
    sides = {"Acme": acme, "Globex": globex, "Initech": initech}
    each_one = [QuorumSeat(name, name, None, said) for name, said in sides.items()]
    return forecast("two thirds of the members", each_one, [*sides]).outlook


def test_two_thirds_of_three_members_are_any_two() -> None:
    assert of_three(YES, NO, YES) is Outlook.REACHED
    assert of_three(YES, OPEN, OPEN) is Outlook.OPEN
    assert of_three(YES, NO, OPEN) is Outlook.OPEN
    assert of_three(YES, NO, MAYBE) is Outlook.ENDANGERED
    assert of_three(YES, NO, NO) is Outlook.OUT_OF_REACH


def test_of_who_is_away_nothing_is_hoped_unless_they_say_they_come() -> None:
    dev = QuorumSeat("Dev", "Globex", None, away=True)
    ines = QuorumSeat("Inès", "Acme", None, YES)
    assert forecast("1 per side", [ines, dev], SIDES).words == "out of reach: Globex is away, Acme has accepted"
    assert forecast("1 per side", [ines, dev._replace(says=YES)], SIDES).outlook is Outlook.REACHED


def test_who_declines_and_sends_somebody_leaves_no_empty_seat() -> None:
    dev = QuorumSeat("Dev", "Globex", None, NO, sends_somebody=True)
    ines = QuorumSeat("Inès", "Acme", None, YES)
    assert forecast("1 per side", [ines, dev], SIDES).words == "reached: Acme has accepted, Globex sends a stand-in"


def test_a_neutral_chair_is_of_no_side() -> None:
    chair = QuorumSeat("Nora", None, None, YES)
    assert forecast("one of each side", [*seats(YES), chair], SIDES).outlook is Outlook.OPEN


@pytest.mark.parametrize(
    "quorum", ["a majority", "six of twelve", "both lawyers", "2 cats per side", "two thirds, rounded", ""]
)
def test_of_words_that_are_not_understood_only_the_answers_are_told(quorum: str) -> None:
    assert told(quorum, YES, OPEN, NO) == Forecast(None, ("Inès has accepted", "Dev has declined"))


def test_an_answer_never_makes_the_outlook_worse_by_being_better() -> None:
    """Of two sets of answers, the one in which each is at least as good has at least as good an outlook."""
    order = (NO, MAYBE, OPEN, YES)
    for quorum, answers in product(("one of each side", "2 per side", "half of the members"), product(order, repeat=4)):
        found = told(quorum, *answers).outlook
        assert found is not None
        for place, said in enumerate(answers):
            if said is not YES:
                better = told(quorum, *answers[:place], YES, *answers[place + 1 :]).outlook
                assert better is not None
                assert better >= found


def test_of_a_majority_of_those_invited_the_investors_director_must_be_one() -> None:
    quorum = "a majority, the investor's director among them"

    def found(*said: Says) -> Forecast:
        board = [
            QuorumSeat("Ada", "Acme", Role.DIRECTOR, said[0], is_investors=True),
            QuorumSeat("Dev", "Globex", Role.DIRECTOR, said[1]),
            QuorumSeat("June", "Globex", Role.CHIEF_EXECUTIVE, said[2]),
        ]
        return forecast(quorum, board, SIDES)

    assert found(YES, YES, OPEN).words == (
        "reached: 2 accepted, 1 not answered of 3 invited, the investor's director has accepted"
    )
    assert found(NO, YES, YES).outlook is Outlook.OUT_OF_REACH
    assert found(YES, NO, NO).outlook is Outlook.OUT_OF_REACH
    assert found(OPEN, YES, YES).words.endswith("the investor's director has not answered")
    assert found(OPEN, YES, YES).outlook is Outlook.OPEN


def test_more_than_half_of_four_members_are_three() -> None:
    assert read("a majority of the members").share.of(4) == 3  # type: ignore[union-attr]
    assert read("half of the members").share.of(4) == 2  # type: ignore[union-attr]


QUORUMS = (
    Quorum(per_side=1),
    Quorum(per_side=2, of=(Role.DIRECTOR,)),
    Quorum(per_side=7, of=(Role.DIRECTOR, Role.ALLIANCE_MANAGER)),
    Quorum.model_validate({"share": "2/3"}),
    Quorum.model_validate({"share": "half"}),
    Quorum.model_validate({"share": "3/5"}),
    Quorum.model_validate({"share": "majority"}),
    Quorum.model_validate({"share": "all"}),
    Quorum.model_validate({"share": "any"}),
    Quorum.model_validate({"seats": "any"}),
    Quorum.model_validate({"share": "all", "of": ["sponsor"]}),
    Quorum.model_validate({"share": "2/3", "of": ["sponsor"]}),
    Quorum(of=(Role.SPONSOR,)),
    Quorum(of=(Role.SPONSOR, Role.DIRECTOR)),
    Quorum.model_validate({"seats": "majority"}),
    Quorum.model_validate({"seats": "2/3"}),
    Quorum.model_validate({"seats": "majority", "including": {"role": "director", "of": "investor"}}),
    Quorum.model_validate({"seats": "3/4", "including": {"role": "alliance_manager"}}),
    Quorum.model_validate({"share": "2/3", "including": {"role": "coordinator"}}),
)


@pytest.mark.parametrize("quorum", QUORUMS, ids=str)
@pytest.mark.parametrize("model", Model)
def test_what_is_printed_of_a_structure_is_read_as_the_same_one(quorum: Quorum, model: Model) -> None:
    """Reviews are on record with the words, so these have to say all of it."""
    assert read(quorum.said(model)) == quorum


def test_every_quorum_of_the_shipped_playbooks_can_be_counted_and_says_what_it_said_before() -> None:
    books = playbooks(PLAYBOOKS).values()
    said = {
        (book.model, each.quorum.said(book.model))
        for book in books
        for _, each in book.meetings()
        if each.quorum.rule is not None and each.quorum.words is None
    }
    assert said == {
        (Model.CONSORTIUM, "half of the members"),
        (Model.CONSORTIUM, "two thirds of the members"),
        (Model.CONTRACTUAL_ALLIANCE, "one of each side"),
        (Model.CONTRACTUAL_ALLIANCE, "two of each side"),
        (Model.CONTRACTUAL_ALLIANCE, "both sponsors"),
        (Model.EQUITY_ALLIANCE, "one of each side"),
        (Model.EQUITY_ALLIANCE, "both sponsors"),
        (Model.EQUITY_ALLIANCE, "a majority, the investor's director among them"),
        (Model.JOINT_VENTURE, "two thirds"),
        (Model.JOINT_VENTURE, "one of each owner"),
        (Model.JOINT_VENTURE, "one director of each owner"),
        (Model.JOINT_VENTURE, "all owners"),
        (Model.REVENUE_SHARING, "one of each side"),
        (Model.REVENUE_SHARING, "both sponsors"),
    }


def test_who_was_there_is_counted_by_the_rule_by_which_answers_are() -> None:
    """There is "accepted", not there "declined"; of whom nobody said so, either may be true."""
    assert is_quorate("one of each side", seats(YES, OPEN, OPEN, YES), SIDES) is True
    assert is_quorate("one of each side", seats(YES, YES, NO, NO), SIDES) is False
    assert is_quorate("one of each side", seats(YES, YES, NO, OPEN), SIDES) is None
    assert is_quorate("six of twelve", seats(YES, YES, YES, YES), SIDES) is None


def test_who_came_unexpected_counts_for_their_side_and_not_among_those_invited() -> None:
    guest = QuorumSeat("Tom", "Globex", None, YES, is_guest=True)
    assert is_quorate("one of each side", [*seats(YES, NO, NO, NO), guest], SIDES) is True
    assert is_quorate("a majority of those invited", [*seats(YES, YES, NO, NO), guest], SIDES) is False
