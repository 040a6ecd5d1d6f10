"""What a person may do to a review, row by row of the table in `scheduler.rules.reviews.transitions`."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.transitions import held, moved, skipped
from tests.builders import a_recorded, a_review, at

REVIEW = a_review(date(2026, 12, 8), clocks=(("agenda_by", date(2026, 12, 7)),))  # Tuesday, 15:00 to 15:30 in Berlin
BEFORE = at("2026-12-01 09:00")
START = at("2026-12-08 15:00")
THURSDAY = at("2026-12-10 11:00")
CLOCKS = (("agenda_by", date(2026, 12, 9)),)
MINUTE = timedelta(minutes=1)


def to_thursday(record: Recorded, now: datetime = BEFORE, because: str | None = "Dev is ill") -> Recorded:
    return moved(record, THURSDAY, CLOCKS, because, now)


class TestMoving:
    def test_a_moved_review_keeps_its_length_and_has_the_clocks_of_its_new_date(self) -> None:
        review = to_thursday(a_recorded(REVIEW)).review
        assert (review.start, review.end) == (THURSDAY, at("2026-12-10 11:30"))
        assert review.clocks == CLOCKS

    def test_a_move_raises_sequence_by_one_and_changes_neither_id_nor_uid_nor_period(self) -> None:
        before = a_recorded(REVIEW, sequence=3)
        after = to_thursday(before)
        assert after.sequence == 4
        assert (after.id, after.review.uid, after.review.period) == (before.id, before.review.uid, before.review.period)
        assert after.review.nominal_date == date(2026, 12, 8)

    def test_a_move_explains_itself_and_is_known_as_a_persons(self) -> None:
        after = to_thursday(a_recorded(REVIEW))
        assert after.moved_by_person
        assert after.because == "Dev is ill"
        assert after.review.moved_because == "moved from Tue 8 Dec 2026, 15:00: Dev is ill"

    def test_a_move_without_a_reason_says_that_none_was_given(self) -> None:
        assert to_thursday(a_recorded(REVIEW), because=None).review.moved_because == (
            "moved from Tue 8 Dec 2026, 15:00: no reason was given"
        )

    def test_a_moment_of_another_zone_is_kept_on_the_clocks_of_the_review(self) -> None:
        after = moved(a_recorded(REVIEW), at("2026-12-10 05:00", "America/Detroit"), CLOCKS, None, BEFORE)
        assert after.review.start.isoformat() == "2026-12-10T11:00:00+01:00"

    def test_an_hour_stays_an_hour_where_clocks_are_changed_within_it(self) -> None:
        long = replace(REVIEW, end=REVIEW.start + timedelta(hours=3))
        night = at("2027-03-28 01:00")  # at 02:00 it is 03:00 in Berlin
        after = moved(a_recorded(long), night, CLOCKS, None, BEFORE).review
        assert after.end.isoformat() == "2027-03-28T05:00:00+02:00"

    def test_nobody_moves_into_the_past(self) -> None:
        record = a_recorded(REVIEW)
        assert moved(record, BEFORE + MINUTE, CLOCKS, None, BEFORE).review.start == BEFORE + MINUTE
        with pytest.raises(UserError, match="lies in the past"):
            moved(record, BEFORE - MINUTE, CLOCKS, None, BEFORE)

    def test_a_review_that_is_over_is_the_past_and_is_not_rewritten(self) -> None:
        end = at("2026-12-08 15:30")
        assert to_thursday(a_recorded(REVIEW), now=end).review.start == THURSDAY
        with pytest.raises(UserError, match="the past is never rewritten"):
            to_thursday(a_recorded(REVIEW), now=end + MINUTE)

    def test_a_move_to_the_same_moment_is_none(self) -> None:
        with pytest.raises(UserError, match="already on Tue 8 Dec 2026, 15:00"):
            moved(a_recorded(REVIEW), START, CLOCKS, None, BEFORE)

    def test_more_than_ten_years_ahead_is_a_slip(self) -> None:
        with pytest.raises(UserError, match="more than ten years ahead"):
            moved(a_recorded(REVIEW), at("2106-12-10 11:00"), CLOCKS, None, BEFORE)

    @pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED, Status.CANCELLED])
    def test_what_is_closed_is_not_moved(self, status: Status) -> None:
        with pytest.raises(UserError, match=f"acme-globex/pipeline/2026-W50 was {status}"):
            to_thursday(a_recorded(REVIEW, status=status))


class TestHolding:
    def test_a_review_can_be_held_from_the_moment_it_begins(self) -> None:
        record = a_recorded(REVIEW)
        with pytest.raises(UserError, match="cannot have been held"):
            held(record, None, START - MINUTE)
        assert held(record, None, START).status is Status.HELD

    @pytest.mark.parametrize("status", [Status.PLANNED, Status.UNRECORDED])
    def test_holding_closes_a_review_and_leaves_every_calendar_as_it_is(self, status: Status) -> None:
        after = held(a_recorded(REVIEW, status=status, sequence=2), "# Minutes", START + timedelta(days=3))
        assert (after.status, after.minutes, after.sequence) == (Status.HELD, "# Minutes", 2)
        assert after.review == REVIEW

    def test_minutes_are_filed_and_corrected_later(self) -> None:
        record = held(a_recorded(REVIEW), None, START)
        filed = held(record, "# Draft", START + timedelta(days=2))
        assert held(filed, "# Accepted", START + timedelta(days=9)).minutes == "# Accepted"

    def test_a_held_review_is_not_held_twice(self) -> None:
        with pytest.raises(UserError, match="was already held"):
            held(held(a_recorded(REVIEW), None, START), None, START)

    @pytest.mark.parametrize("status", [Status.SKIPPED, Status.CANCELLED])
    def test_what_did_not_take_place_was_not_held(self, status: Status) -> None:
        with pytest.raises(UserError, match=f"was {status}"):
            held(a_recorded(REVIEW, status=status), "# Minutes", START)


class TestSkipping:
    @pytest.mark.parametrize("now", [BEFORE, START + timedelta(days=40)])
    def test_a_review_is_skipped_before_or_after_its_date(self, now: datetime) -> None:
        after = skipped(a_recorded(REVIEW, sequence=1), "nobody is there", now)
        assert (after.status, after.because, after.sequence) == (Status.SKIPPED, "nobody is there", 2)
        assert after.review == REVIEW

    def test_an_unrecorded_review_is_closed_as_skipped(self) -> None:
        assert skipped(a_recorded(REVIEW, status=Status.UNRECORDED), "forgotten", START).status is Status.SKIPPED

    def test_a_held_review_cannot_be_skipped(self) -> None:
        with pytest.raises(UserError, match="was held"):
            skipped(held(a_recorded(REVIEW), None, START), "nobody came", START)

    def test_skipping_twice_tells_the_first_reason(self) -> None:
        with pytest.raises(UserError, match=r"was already skipped \(nobody is there\)"):
            skipped(skipped(a_recorded(REVIEW), "nobody is there", BEFORE), "again", BEFORE)
