"""Why a review is not where it was: facts on record, put into words on the clock of whoever reads them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import moment

from .languages import known, say
from .wording import clock_words, day_words

UNSAID = "the definition no longer has it"
"""What the plan says of a review that it has no more: words for who writes definitions, and for nobody else."""


def moved_words(record: Recorded, zone: str) -> str:
    """``moved from Tue 8 Dec 2026, 08:00 (America/Toronto): Dev is ill`` on the clock of the IANA `zone`; of a day off
    the date alone, ``moved from Fri 1 Jan 2027: New Year's Day (DE)``. Empty where it stands where it was planned."""
    review = record.review
    if record.moved_by_person and record.moved_from:
        before = moment_words(record.moved_from, zone)
        if record.because:
            return say("moved from %(before)s: %(because)s", before=before, because=record.because)  # a person's words
        return say("moved from %(before)s", before=before)
    if review.moved_because is None:
        return ""
    if review.gave_way_from is not None and not record.moved_by_person:
        return known(review.moved_because)  # its hours bear their zone
    _, _, cause = review.moved_because.partition(": ")
    planned = moment(review.nominal_date, review.start.time(), review.timezone).astimezone(ZoneInfo(zone))
    if record.moved_by_person or planned.date() == review.nominal_date or not cause:
        return known(review.moved_because)
    return say(
        "moved from %(day)s (%(zone)s): %(because)s", day=day_words(planned.date()), zone=zone, because=known(cause)
    )


@dataclass(frozen=True, slots=True)
class MovedByHand:
    """From which moment a person moved a review, and why: for the words on a reader's clock."""

    at: datetime
    because: str | None


def moved_by_hand(record: Recorded) -> MovedByHand | None:
    """None of one that nobody moved, and of one of which something else is to be remarked: that it was called off."""
    is_remarked = record.remark == record.review.moved_because
    if not (is_remarked and record.moved_by_person and record.moved_from):
        return None
    return MovedByHand(record.moved_from, record.because)


def remark_words(record: Recorded, zone: str) -> str:
    """What is remarked of a review, on the clock of the IANA `zone`: why it was moved, skipped or cancelled, or that it
    was held without quorum."""
    is_of_a_move = record.remark == record.review.moved_because
    if record.status is Status.SKIPPED:
        return record.remark  # a person's words
    return moved_words(record, zone) if is_of_a_move else known(record.remark)


def off_words(record: Recorded) -> str:
    """Why a review does not take place: of one that was skipped the words of whoever did so, whatever they are; of one
    that was cancelled the program's reason, in the reader's language."""
    if record.status is Status.SKIPPED:
        return record.because or ""
    return say("it is no longer planned") if record.because == UNSAID else known(record.because or "")


def moment_words(at: datetime, zone: str) -> str:
    """``Tue 8 Dec 2026, 08:00 (America/Toronto)``."""
    local = at.astimezone(ZoneInfo(zone))
    return say("%(day)s, %(time)s (%(zone)s)", day=day_words(local.date()), time=clock_words(local), zone=zone)
