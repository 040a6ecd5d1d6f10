"""What a side bears at a review, in words: its hours are not kept, or it has the day off."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from scheduler.domain.record.burden import Burden
from scheduler.domain.record.review import Review

from .languages import known, say
from .wording import clock_words, day_words


def burden_words(review: Review, burdens: Iterable[Burden], names: Mapping[str, str]) -> Iterator[str]:
    """``08:00–09:00 for Globex, 60 min beyond its hours, 09:00–17:00``, ``Sun 6 Jun 2027 for Globex, off there:
    weekend (US)``. `names` are the organisations' by their keys; one that has none goes by its key."""
    for each in burdens:
        name = names.get(each.organisation, each.organisation)
        if each.minutes:
            start, end = (moment.astimezone(ZoneInfo(each.zone)) for moment in (review.start, review.end))
            yield say(
                "%(start)s–%(end)s for %(side)s, %(minutes)s min beyond its hours, %(hours)s",
                start=clock_words(start),
                end=clock_words(end),
                side=name,
                minutes=each.minutes,
                hours=_hours(each),
            )
        if each.day_off:
            day = day_words(each.day_off)
            yield say("%(day)s for %(side)s, off there: %(why)s", day=day, side=name, why=known(each.why or ""))


def own_burden_words(burden: Burden) -> Iterator[str]:
    """The same to somebody of that side: ``60 min beyond your hours, 09:00–17:00 (America/Detroit)``."""
    if burden.minutes:
        yield say(
            "%(minutes)s min beyond your hours, %(hours)s (%(zone)s)",
            minutes=burden.minutes,
            hours=_hours(burden),
            zone=burden.zone,
        )
    if burden.day_off:
        yield say("a day off with you: %(why)s", why=known(burden.why or ""))


def _hours(burden: Burden) -> str:
    return burden.hours.replace("-", "–")
