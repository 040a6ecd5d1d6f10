"""What a side bears at a review, in words: its hours are not kept, or it has the day off."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from scheduler.domain.record.burden import Burden
from scheduler.domain.record.review import Review

from .wording import clock_words


def burden_words(review: Review, burdens: Iterable[Burden], names: Mapping[str, str]) -> Iterator[str]:
    """``08:00–09:00 for Globex, 60 min beyond its hours, 09:00–17:00``, ``Sun 6 Jun 2027 for Globex, off there:
    weekend (US)``. `names` are the organisations' by their keys; one that has none goes by its key."""
    for each in burdens:
        name = names.get(each.organisation, each.organisation)
        if each.minutes:
            start, end = (moment.astimezone(ZoneInfo(each.zone)) for moment in (review.start, review.end))
            span = f"{clock_words(start)}–{clock_words(end)}"
            yield f"{span} for {name}, {each.minutes} min beyond its hours, {_hours(each)}"
        if each.day_off:
            from scheduler.rules.calendar.working_days import in_words  # loads much that a listing seldom needs

            yield f"{in_words(each.day_off)} for {name}, off there: {each.why}"


def own_burden_words(burden: Burden) -> Iterator[str]:
    """The same to somebody of that side: ``60 min beyond your hours, 09:00–17:00 (America/Detroit)``."""
    if burden.minutes:
        yield f"{burden.minutes} min beyond your hours, {_hours(burden)} ({burden.zone})"
    if burden.day_off:
        yield f"a day off with you: {burden.why}"


def _hours(burden: Burden) -> str:
    return burden.hours.replace("-", "–")
