"""Who was at a review and whether there was a quorum, in words."""

from collections.abc import Iterator, Mapping

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import Recorded, Review

from .languages import say
from .wording import in_a_row


def presence_lines(
    review: Review, partnership: Partnership, presence: Mapping[str, Presence]
) -> Iterator[tuple[str, str]]:
    """``Present``: Inès Falk, Tom Bauer for Dev Rao; then who was absent, and of whom it is not known. Nothing where
    nobody said who was there."""
    if not presence:
        return
    name = partnership.name_of
    there = [_named(partnership, each) for each in presence.values() if each.was_present]
    absent = [name(each.person) for each in presence.values() if not each.was_present]
    unknown = [name(key) for key in dict.fromkeys(review.attendees) if key not in presence]
    for label, people in ((say("Present"), there), (say("Absent"), absent), (say("Not known"), unknown)):
        if people:
            yield label, in_a_row(people)


def _named(partnership: Partnership, each: Presence) -> str:
    name = partnership.name_of(each.person)
    if not each.stand_in:
        return name
    return say("%(person)s for %(other)s", person=partnership.name_of(each.stand_in), other=name)


def quorum_outcome(record: Recorded) -> str:
    """``there was one``, ``held without quorum``, ``not known whether there was one``."""
    if record.quorate is None:
        return say("not known whether there was one")
    return say("there was one") if record.quorate else say("held without quorum")
