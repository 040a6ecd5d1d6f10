"""Who was at a review, and whether it could decide. Acme sends Inès and Marta, Globex Dev and June."""

from dataclasses import replace

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says
from scheduler.rules.reviews.presence import expected, held_before, quorate
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, a_review, at, playbooks

SCOPE = scopes(a_partnership(), playbooks())[0]
STEERING = replace(a_review(), quorum="two of each side", attendees=("ines", "marta", "dev", "june"))
SAID_AT = at("2026-12-18 17:00")


def was(person: str, there: bool = True, stand_in: str | None = None) -> Presence:
    return Presence(STEERING.id, person, there, stand_in, None, SAID_AT)


def found(*said: Presence, quorum: str = STEERING.quorum) -> bool | None:
    return quorate(replace(STEERING, quorum=quorum), SCOPE, {each.person: each for each in said})


def test_of_whom_nobody_said_anything_both_may_be_true() -> None:
    assert found(was("ines"), was("marta"), was("dev")) is None
    assert found(was("ines"), was("marta"), was("dev"), was("june")) is True
    assert found(was("dev", False)) is False


def test_a_stand_in_counts_in_the_seat_and_the_role_of_whoever_they_stand_for() -> None:
    assert found(was("marta", stand_in="Ada"), was("june"), quorum="both sponsors") is True
    assert found(was("marta", False), was("june"), quorum="both sponsors") is False


def test_nobody_counts_twice_for_one_side() -> None:
    there = (was("ines"), was("marta"), was("dev"))
    assert found(*there, was("june", stand_in="dev")) is False
    assert found(*there, was("june", stand_in="tom")) is True
    assert found(was("ines"), was("marta"), was("dev", stand_in="Ada"), was("june", stand_in="Ada")) is False


def test_nobody_of_one_side_fills_a_seat_of_another_or_two_seats_of_two_sides() -> None:
    of_each = "one of each side"
    assert found(was("ines"), was("marta"), was("dev", stand_in="ines"), was("june", False), quorum=of_each) is False
    assert found(was("ines"), was("dev", stand_in="marta"), was("june", False), quorum=of_each) is False
    assert found(was("ines", stand_in="Ada"), was("dev", stand_in="ada"), was("june", False), quorum=of_each) is False
    assert found(was("ines"), was("dev", stand_in="June Okafor"), was("june", False), quorum=of_each) is True


def test_who_came_without_being_invited_counts_for_their_side() -> None:
    here = replace(STEERING, attendees=("ines", "dev"), quorum="one of each side")
    said = {"ines": was("ines"), "dev": was("dev", False), "june": was("june")}
    assert quorate(here, SCOPE, said) is True


def test_words_that_cannot_be_counted_leave_it_unknown() -> None:
    assert found(was("ines"), was("marta"), was("dev"), was("june"), quorum="six of twelve") is None


def test_those_who_accepted_are_proposed_as_present_and_those_who_declined_as_absent() -> None:
    def said(says: Says, *, is_void: bool = False) -> RsvpStanding:
        return RsvpStanding(Answer("", says, 0, SAID_AT, SAID_AT), is_void)

    people = SCOPE.people
    answers = {
        people["ines"].email.casefold(): said(Says.ACCEPTED),
        people["marta"].email.casefold(): said(Says.DECLINED),
        people["dev"].email.casefold(): said(Says.TENTATIVE),
        people["june"].email.casefold(): said(Says.ACCEPTED, is_void=True),
    }
    assert expected(STEERING, people, answers) == {"ines": True, "marta": False, "dev": None, "june": None}


def test_the_meeting_before_is_the_last_of_its_series_that_was_held() -> None:
    def record(id: str, start: str, status: Status) -> Recorded:
        return Recorded(replace(STEERING, id=id, start=at(start), end=at(start)), status)

    records = [
        record("a", "2026-09-18 15:00", Status.HELD),
        record("b", "2026-10-18 15:00", Status.HELD),
        record("c", "2026-11-18 15:00", Status.SKIPPED),
    ]
    known = {each.id: each for each in records}
    assert held_before(replace(STEERING, start=at("2026-12-18 15:00")), known) == known["b"]
    assert held_before(replace(STEERING, start=at("2026-09-01 15:00")), known) is None
