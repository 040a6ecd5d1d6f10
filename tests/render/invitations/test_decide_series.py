"""Who is told what of a series that is one invitation."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import OFF
from scheduler.domain.record.review import Recorded
from scheduler.render.invitations.compose import Post
from tests.builders import at
from tests.render.invited import A_WEEK, NOW, PostOffice, a_pipeline, moved, told_in_short, tuesdays

ALL = [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev")]
DECEMBER_15 = date(2026, 12, 15)
IN_SUMMER = date(2027, 6, 15)


@pytest.fixture
def unit_of_work() -> PostOffice:
    return PostOffice()


def skipped(record: Recorded) -> Recorded:
    return replace(record, status=Status.SKIPPED, sequence=record.sequence + 1, because="nobody is there")


def days_told(sent: list[Post]) -> list[date | None]:
    return [post.letter.day for post in sent]


def test_a_series_is_one_letter_to_each_and_none_when_the_plan_rolls_on(unit_of_work: PostOffice) -> None:
    series = a_pipeline()
    assert told_in_short(unit_of_work.about_series(series, tuesdays(40).values())) == ALL
    for week in range(1, 10):
        assert unit_of_work.about_series(series, tuesdays(40 + week).values(), NOW + week * A_WEEK) == []


@pytest.mark.parametrize(("moment", "invited"), [("2026-10-02 01:59", False), ("2026-10-02 02:00", True)])
def test_a_series_is_told_from_sixty_days_before_its_first_review(
    unit_of_work: PostOffice, moment: str, invited: bool
) -> None:
    assert bool(unit_of_work.about_series(a_pipeline(), tuesdays(10).values(), at(moment))) is invited


def test_nobody_is_invited_to_a_series_of_which_nothing_is_to_come(unit_of_work: PostOffice) -> None:
    assert unit_of_work.about_series(a_pipeline(), tuesdays(3).values(), at("2027-01-04 09:00")) == []
    assert unit_of_work.about_series(a_pipeline(), map(skipped, tuesdays(3).values())) == []


def test_what_is_shifted_moved_or_left_out_already_stands_in_the_first_letter(unit_of_work: PostOffice) -> None:
    records = tuesdays(10)
    records[DECEMBER_15] = moved(records[DECEMBER_15], at("2026-12-16 15:00"), moved_by_person=False)
    del records[date(2026, 12, 22)]
    letter = unit_of_work.about_series(a_pipeline(), records.values())[0].letter
    stands_out = {day: each.digest for day, each in letter.instances.items() if each.digest}
    assert list(stands_out) == [DECEMBER_15, date(2026, 12, 22)]
    assert stands_out[date(2026, 12, 22)] == OFF
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []


def test_what_a_person_moves_is_told_at_once_and_of_that_day_alone(unit_of_work: PostOffice) -> None:
    records = tuesdays(40)
    unit_of_work.about_series(a_pipeline(), records.values())
    records[IN_SUMMER] = moved(records[IN_SUMMER], at("2027-06-16 10:00"))
    sent = unit_of_work.about_series(a_pipeline(), records.values())
    assert told_in_short(sent) == [("REQUEST", 1, "ines"), ("REQUEST", 1, "dev")]
    assert days_told(sent) == [IN_SUMMER, IN_SUMMER]
    records[IN_SUMMER] = moved(records[IN_SUMMER], at("2027-06-17 10:00"))
    assert told_in_short(unit_of_work.about_series(a_pipeline(), records.values()))[0] == ("REQUEST", 2, "ines")
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []


def test_what_a_person_skips_is_cancelled_at_once_and_of_that_day_alone(unit_of_work: PostOffice) -> None:
    records = tuesdays(40)
    unit_of_work.about_series(a_pipeline(), records.values())
    records[IN_SUMMER] = skipped(records[IN_SUMMER])
    sent = unit_of_work.about_series(a_pipeline(), records.values())
    assert told_in_short(sent) == [("CANCEL", 1, "ines"), ("CANCEL", 1, "dev")]
    assert days_told(sent) == [IN_SUMMER, IN_SUMMER]
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []


def test_the_last_meeting_on_record_is_cancelled_at_once_too(unit_of_work: PostOffice) -> None:
    """Of a quarter's or a year's meetings only one may be planned, and after a series' last one there is none."""
    records = tuesdays(1)
    [day] = records
    unit_of_work.about_series(a_pipeline(), records.values())
    records[day] = skipped(records[day])
    sent = unit_of_work.about_series(a_pipeline(), records.values())
    assert told_in_short(sent) == [("CANCEL", 1, "ines"), ("CANCEL", 1, "dev")] and days_told(sent) == [day, day]
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []


@pytest.mark.parametrize(("moment", "told"), [("2027-04-16 01:59", False), ("2027-04-16 02:00", True)])
def test_what_a_day_off_shifts_far_ahead_is_told_when_it_comes_near(
    unit_of_work: PostOffice, moment: str, told: bool
) -> None:
    """Else every day on which the plan rolls on could bring a mail about next year."""
    unit_of_work.about_series(a_pipeline(), tuesdays(20).values())
    records = tuesdays(40)
    records[IN_SUMMER] = moved(records[IN_SUMMER], at("2027-06-16 15:00"), moved_by_person=False, sequence=0)
    assert days_told(unit_of_work.about_series(a_pipeline(), records.values(), at(moment))) == [IN_SUMMER] * 2 * told


def test_a_date_that_the_plan_leaves_out_is_cancelled_when_it_comes_near(unit_of_work: PostOffice) -> None:
    unit_of_work.about_series(a_pipeline(), tuesdays(20).values())
    records = tuesdays(40)
    del records[IN_SUMMER]
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []
    sent = unit_of_work.about_series(a_pipeline(), records.values(), at("2027-05-01 09:00"))
    assert [(post.letter.method, post.letter.day, post.letter.record) for post in sent] == [
        ("CANCEL", IN_SUMMER, None)
    ] * 2


def test_a_meeting_back_where_the_rule_has_it_is_told_again(unit_of_work: PostOffice) -> None:
    records = tuesdays(10)
    records[DECEMBER_15] = moved(records[DECEMBER_15], at("2026-12-17 15:00"))
    unit_of_work.about_series(a_pipeline(), records.values())
    records[DECEMBER_15] = moved(records[DECEMBER_15], at("2026-12-15 15:00"))
    sent = unit_of_work.about_series(a_pipeline(), records.values())
    assert told_in_short(sent) == [("REQUEST", 1, "ines"), ("REQUEST", 1, "dev")]
    assert days_told(sent) == [DECEMBER_15] * 2


def test_what_was_called_off_and_takes_place_after_all_is_told_with_the_whole_series(unit_of_work: PostOffice) -> None:
    """A program that has an EXDATE, or a cancelled instance, takes it back only with the series as a whole."""
    records = tuesdays(10)
    unit_of_work.about_series(a_pipeline(), records.values())
    called_off = {**records, DECEMBER_15: skipped(records[DECEMBER_15])}
    unit_of_work.about_series(a_pipeline(), called_off.values())
    sent = unit_of_work.about_series(a_pipeline(), records.values())
    assert told_in_short(sent) == [("REQUEST", 2, "ines"), ("REQUEST", 2, "dev")]
    assert days_told(sent) == [None, None]
    assert unit_of_work.about_series(a_pipeline(), records.values()) == []


def test_another_title_is_told_with_the_whole_series_under_the_same_sequence(unit_of_work: PostOffice) -> None:
    unit_of_work.about_series(a_pipeline(), tuesdays(10).values())
    sent = unit_of_work.about_series(a_pipeline(title="Sales pipeline"), tuesdays(10).values())
    assert told_in_short(sent) == ALL
    assert days_told(sent) == [None, None]


def test_a_far_shift_that_nobody_was_told_of_is_no_part_of_an_update(unit_of_work: PostOffice) -> None:
    """It would raise SEQUENCE, and with it undo every answer to the series."""
    unit_of_work.about_series(a_pipeline(), tuesdays(20).values())
    records = tuesdays(40)
    records[IN_SUMMER] = moved(records[IN_SUMMER], at("2027-06-16 15:00"), moved_by_person=False, sequence=0)
    sent = unit_of_work.about_series(a_pipeline(title="Sales pipeline"), records.values())
    assert told_in_short(sent) == ALL
    assert sent[0].letter.instances[IN_SUMMER].digest == ""


@pytest.mark.parametrize("change", [{"length": timedelta(hours=1)}, {"place": "Halden, room 4"}, {"ends": IN_SUMMER}])
def test_another_length_place_or_end_raises_the_sequence_of_the_series(
    unit_of_work: PostOffice, change: dict[str, Any]
) -> None:
    unit_of_work.about_series(a_pipeline(), tuesdays(5).values())
    sent = unit_of_work.about_series(a_pipeline(**change), tuesdays(5).values())
    assert told_in_short(sent)[0] == ("REQUEST", 1, "ines")


def test_who_leaves_the_series_hears_cancel_alone_and_who_comes_gets_all_of_it(unit_of_work: PostOffice) -> None:
    unit_of_work.about_series(a_pipeline(attendees=("ines", "dev", "marta")), tuesdays(10).values())
    sent = unit_of_work.about_series(a_pipeline(attendees=("ines", "dev", "june")), tuesdays(10).values())
    assert told_in_short(sent) == [
        ("CANCEL", 1, "marta"), ("REQUEST", 0, "ines"), ("REQUEST", 0, "dev"), ("REQUEST", 0, "june")
    ]  # fmt: skip
    assert sent[0].letter.uninvites


def test_who_comes_back_to_a_series_raises_nobody_elses_sequence(unit_of_work: PostOffice) -> None:
    """RFC 5546 asks for a higher number than that of their CANCEL, of them alone: the answers of all others stand."""
    with_marta, without = a_pipeline(attendees=("ines", "dev", "marta")), a_pipeline()
    for series in (with_marta, without):
        unit_of_work.about_series(series, tuesdays(10).values())
    back = unit_of_work.about_series(with_marta, tuesdays(10).values())
    assert told_in_short(back) == [("REQUEST", 0, "ines"), ("REQUEST", 0, "dev"), ("REQUEST", 2, "marta")]
    records = tuesdays(10)
    records[DECEMBER_15] = moved(records[DECEMBER_15], at("2026-12-16 15:00"))
    one = unit_of_work.about_series(with_marta, records.values())
    assert told_in_short(one) == [("REQUEST", 1, "ines"), ("REQUEST", 1, "dev"), ("REQUEST", 3, "marta")]
    moved_whole = a_pipeline(at="15:30", attendees=("ines", "dev", "marta"))
    whole = unit_of_work.about_series(moved_whole, records.values())
    assert told_in_short(whole) == [("REQUEST", 2, "ines"), ("REQUEST", 2, "dev"), ("REQUEST", 4, "marta")]


def test_a_review_to_which_people_were_invited_by_itself_is_left_out_of_the_series(unit_of_work: PostOffice) -> None:
    records = tuesdays(10)
    letter = unit_of_work.about_series(a_pipeline(), records.values(), alone=[records[DECEMBER_15].id])[0].letter
    assert [day for day, each in letter.instances.items() if each.digest == OFF] == [DECEMBER_15]


def test_what_is_over_changes_nothing_in_anybodys_calendar(unit_of_work: PostOffice) -> None:
    records = tuesdays(10)
    unit_of_work.about_series(a_pipeline(), records.values())
    records[date(2026, 12, 1)] = skipped(records[date(2026, 12, 1)])
    assert unit_of_work.about_series(a_pipeline(), records.values(), at("2026-12-01 15:31")) == []


def test_a_series_that_ends_keeps_what_was_held_and_loses_the_rest(unit_of_work: PostOffice) -> None:
    unit_of_work.about_series(a_pipeline(), tuesdays(10).values())
    sent = unit_of_work.about_the_end(a_pipeline(), tuesdays(10).values(), at("2026-12-17 09:00"))
    assert told_in_short(sent) == [("REQUEST", 1, "ines"), ("REQUEST", 1, "dev")]
    recurring = sent[0].letter.invited.recurring
    assert recurring and recurring.until == DECEMBER_15
    assert sent[0].letter.invited.closed


def test_a_series_that_ends_before_it_began_is_cancelled(unit_of_work: PostOffice) -> None:
    unit_of_work.about_series(a_pipeline(), tuesdays(10).values())
    sent = unit_of_work.about_the_end(a_pipeline(), tuesdays(10).values())
    assert told_in_short(sent) == [("CANCEL", 1, "ines"), ("CANCEL", 1, "dev")]
    assert not sent[0].letter.uninvites


def test_of_the_end_of_a_series_nobody_hears_who_was_not_invited_or_for_whom_it_is_over(
    unit_of_work: PostOffice,
) -> None:
    assert unit_of_work.about_the_end(a_pipeline(), tuesdays(10).values()) == []
    ending = a_pipeline(ends=DECEMBER_15)
    unit_of_work.about_series(ending, tuesdays(3).values())
    assert unit_of_work.about_the_end(ending, tuesdays(3).values(), at("2026-12-15 15:31")) == []
