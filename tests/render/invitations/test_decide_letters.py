"""Who is told what of a single review, and of what nobody is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from tests.builders import a_partnership, a_recorded, a_review, at
from tests.render.invited import DEV, INES, MARTA, NOW, PostOffice, mail_of, moved, told_in_short


@pytest.fixture
def unit_of_work() -> PostOffice:
    return PostOffice()


def pipeline(**changes: Any) -> Recorded:
    """Tuesday 8 December, 15:00 in Berlin: Inès and Dev."""
    return a_recorded(a_review(**changes))


def test_everybody_on_the_list_is_invited_once(unit_of_work: PostOffice) -> None:
    assert told_in_short(unit_of_work.about(pipeline())) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
    assert unit_of_work.about(pipeline()) == []
    assert unit_of_work.about(pipeline(), NOW + timedelta(days=3)) == []


@pytest.mark.parametrize(("moment", "invited"), [("2026-10-09 01:59", False), ("2026-10-09 02:00", True)])
def test_people_are_invited_from_sixty_days_before_the_review(
    unit_of_work: PostOffice, moment: str, invited: bool
) -> None:
    """From the midnight in UTC, which is two o'clock in Berlin."""
    assert bool(unit_of_work.about(pipeline(), at(moment))) is invited


def test_where_a_notice_is_due_the_sixty_days_count_from_it(unit_of_work: PostOffice) -> None:
    record = pipeline(clocks=(("notice_by", date(2026, 11, 8)),))
    assert not unit_of_work.about(record, at("2026-09-08 12:00"))
    assert unit_of_work.about(record, at("2026-09-09 12:00"))


@pytest.mark.parametrize(("moment", "invited"), [("15:30:00", True), ("15:30:01", False)])
def test_nobody_is_invited_to_what_is_over(unit_of_work: PostOffice, moment: str, invited: bool) -> None:
    assert bool(unit_of_work.about(pipeline(), at(f"2026-12-08 {moment}"))) is invited


def test_a_move_is_told_to_all_with_the_sequence_on_record(unit_of_work: PostOffice) -> None:
    record = pipeline()
    unit_of_work.about(record)
    later = moved(record, at("2026-12-10 16:00"))
    assert told_in_short(unit_of_work.about(later)) == [("REQUEST", 1, "ines"), ("REQUEST", 1, "dev")]
    assert unit_of_work.about(later) == []


def test_another_title_or_agenda_owner_is_told_under_the_same_sequence(unit_of_work: PostOffice) -> None:
    record = pipeline()
    unit_of_work.about(record)
    renamed = replace(record, review=replace(record.review, title="Sales pipeline"))
    assert told_in_short(unit_of_work.about(renamed)) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
    handed_over = replace(renamed, review=replace(renamed.review, agenda_owner="ines"))
    assert told_in_short(unit_of_work.about(handed_over)) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]


@pytest.mark.parametrize(
    "change",
    [
        {"quorum": "2 per side"},
        {"clocks": (("agenda_by", date(2026, 12, 4)),)},
        {"moved_because": "moved from Mon 7 Dec 2026: weekend"},
        {"deputy": "ines"},
    ],
)
def test_what_calendars_show_anyway_is_worth_no_mail(unit_of_work: PostOffice, change: dict[str, Any]) -> None:
    record = pipeline()
    unit_of_work.about(record)
    assert unit_of_work.about(replace(record, review=replace(record.review, **change))) == []


def test_somebody_who_is_added_gets_the_list_and_so_do_all_others(unit_of_work: PostOffice) -> None:
    record = pipeline()
    unit_of_work.about(record)
    with_marta = replace(record, review=replace(record.review, attendees=("ines", "dev", "marta")))
    sent = unit_of_work.about(with_marta)
    assert told_in_short(sent) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev"), ("REQUEST", 0, "marta")]
    assert all(b"Updated invitation" in mail_of(post) for post in sent[:2])
    assert b"Subject: Invitation" in mail_of(sent[2])


def test_somebody_who_is_removed_alone_hears_cancel_and_the_rest_the_new_list(unit_of_work: PostOffice) -> None:
    record = pipeline(attendees=("ines", "dev", "marta"))
    unit_of_work.about(record)
    without_marta = replace(record, review=replace(record.review, attendees=("ines", "dev")))
    sent = unit_of_work.about(without_marta)
    assert told_in_short(sent) == [("CANCEL", 1, "marta"), ("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
    assert [post.letter.uninvites for post in sent] == [True, False, False]
    assert unit_of_work.about(without_marta) == []


def test_somebody_who_comes_back_is_told_a_higher_sequence_than_when_they_left(unit_of_work: PostOffice) -> None:
    """Their program would take the invitation for older than the cancellation otherwise."""
    record = pipeline(attendees=("ines", "dev", "marta"))
    unit_of_work.about(record)
    unit_of_work.about(replace(record, review=replace(record.review, attendees=("ines", "dev"))))
    assert told_in_short(unit_of_work.about(record)) == [
        ("REQUEST", 0, "ines"),
        ("REQUEST", 0, "dev"),
        ("REQUEST", 2, "marta"),
    ]
    renamed = replace(record, review=replace(record.review, title="Sales pipeline"))
    assert [number for _, number, _ in told_in_short(unit_of_work.about(renamed))] == [0, 0, 2]
    later = moved(renamed, at("2026-12-10 16:00"))
    assert [number for _, number, _ in told_in_short(unit_of_work.about(later))] == [1, 1, 3]
    off = replace(later, status=Status.CANCELLED, sequence=2)
    assert told_in_short(unit_of_work.about(off)) == [
        ("CANCEL", 2, "ines"),
        ("CANCEL", 2, "dev"),
        ("CANCEL", 4, "marta"),
    ]


def test_answers_stand_in_the_letter_to_who_comes_back(unit_of_work: PostOffice) -> None:
    record = pipeline(attendees=("ines", "dev", "marta"))
    unit_of_work.about(record)
    unit_of_work.about(replace(record, review=replace(record.review, attendees=("ines", "dev"))))
    letters = {post.guest.email: post.letter for post in unit_of_work.about(record)}
    guests = {guest.email: guest for guest in letters[MARTA].guests}
    assert [letters[MARTA].number_of(guests[email]) for email in (INES, DEV, MARTA)] == [0, 0, 2]
    assert letters[INES].number_of(guests[MARTA]) == 2


def test_somebody_who_has_left_the_partnership_is_told_at_the_address_they_had(unit_of_work: PostOffice) -> None:
    record = pipeline(attendees=("ines", "dev", "marta"))
    unit_of_work.about(record)
    people = {key: each for key, each in unit_of_work.partnership.people.items() if key != "marta"}
    unit_of_work.partnership = unit_of_work.partnership.model_copy(update={"people": people})
    assert told_in_short(unit_of_work.about(record))[0] == ("CANCEL", 1, "marta")


def test_an_address_that_nobody_was_told_is_another_guest(unit_of_work: PostOffice) -> None:
    """Where the definition says that it is the same person, what all others were told is put under it first: see
    tests/services/pipeline/test_invitations.py."""
    unit_of_work.about(pipeline())
    dev = unit_of_work.partnership.people["dev"].model_copy(update={"email": "d.patel@globex.example"})
    unit_of_work.partnership = unit_of_work.partnership.model_copy(
        update={"people": {**unit_of_work.partnership.people, "dev": dev}}
    )
    sent = [(post.letter.method, post.guest.email) for post in unit_of_work.about(pipeline())]
    assert sent == [("CANCEL", DEV), ("REQUEST", INES), ("REQUEST", "d.patel@globex.example")]


def test_an_address_that_is_spelled_otherwise_is_the_same_guest(unit_of_work: PostOffice) -> None:
    unit_of_work.about(pipeline())
    dev = unit_of_work.partnership.people["dev"].model_copy(update={"email": "Dev.Patel@Globex.example"})
    unit_of_work.partnership = unit_of_work.partnership.model_copy(
        update={"people": {**unit_of_work.partnership.people, "dev": dev}}
    )
    assert unit_of_work.about(pipeline()) == []


def test_two_people_with_one_address_are_one_guest() -> None:
    uwe = {**a_partnership().people["uwe"].model_dump(), "email": INES}
    unit_of_work = PostOffice(a_partnership(people={**a_partnership().model_dump()["people"], "uwe": uwe}))
    assert told_in_short(unit_of_work.about(pipeline(attendees=("ines", "uwe", "dev")))) == [
        ("REQUEST", 0, "ines"),
        ("REQUEST", 0, "dev"),
    ]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.SKIPPED])
def test_what_does_not_take_place_is_cancelled_for_those_who_were_invited(
    unit_of_work: PostOffice, status: Status
) -> None:
    record = pipeline()
    called_off = replace(record, status=status, sequence=1, because="the launch comes first")
    assert unit_of_work.about(called_off) == []
    unit_of_work.about(record)
    assert told_in_short(unit_of_work.about(called_off)) == [("CANCEL", 1, "ines"), ("CANCEL", 1, "dev")]
    assert unit_of_work.about(called_off) == []


def test_what_takes_place_after_all_is_invited_to_again(unit_of_work: PostOffice) -> None:
    record = pipeline()
    unit_of_work.about(record)
    unit_of_work.about(replace(record, status=Status.CANCELLED, sequence=1))
    again = replace(record, sequence=2)
    assert told_in_short(unit_of_work.about(again)) == [("REQUEST", 2, "ines"), ("REQUEST", 2, "dev")]


def test_what_was_held_or_called_off_after_its_end_is_told_to_nobody(unit_of_work: PostOffice) -> None:
    record = pipeline()
    unit_of_work.about(record)
    after = at("2026-12-08 16:00")
    assert unit_of_work.about(replace(record, status=Status.HELD), after) == []
    assert unit_of_work.about(replace(record, status=Status.SKIPPED, sequence=1), after) == []


def test_each_later_letter_is_later_by_its_stamp_though_the_clock_stands_still(unit_of_work: PostOffice) -> None:
    record = pipeline()
    first = unit_of_work.about(record)[0]
    renamed = replace(record, review=replace(record.review, title="Sales pipeline"))
    second = unit_of_work.about(renamed)[0]
    back = unit_of_work.about(record)[0]
    stamps = [post.told[0].at for post in (first, second, back)]
    assert stamps == [NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)]
    assert len({post.key for post in (first, second, back)}) == 3


def test_a_new_address_for_answers_is_told_to_all(unit_of_work: PostOffice) -> None:
    unit_of_work.about(pipeline())
    unit_of_work.organizer = "meet+5f0c@acme.example"
    assert told_in_short(unit_of_work.about(pipeline())) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
