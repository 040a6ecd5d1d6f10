"""Which topics of the annual forward agenda a review takes up.

Those of `every` meeting stand on each agenda of the series; those of a month, a quarter or a half-year on the first
review of the series in it that is not skipped or cancelled, by the day on which the rule has it: what a skipped meeting
was to take up comes to the next one in the same span, and a review that is moved takes its topics along.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from scheduler.domain.definition.forward_agenda import EVERY, MONTHS
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded, Review, Series

_OFF = (Status.SKIPPED, Status.CANCELLED)


def topics_of(review: Review, series: Series, recorded: Iterable[Recorded]) -> tuple[str, ...]:
    """The topics of a review, in the order of the occasions, each once. `recorded` are the partnership's reviews."""
    earlier = [
        each.review.nominal_date
        for each in recorded
        if each.review.series_id == review.series_id
        and each.review.nominal_date < review.nominal_date
        and each.status not in _OFF
    ]
    fiscal = series.fiscal_start or 1
    return tuple(dict.fromkeys(_found(review.nominal_date, series.topics, earlier, fiscal)))


def _found(
    day: date, topics: Iterable[tuple[str, tuple[str, ...]]], earlier: Iterable[date], fiscal: int
) -> Iterator[str]:
    spans = spans_of(day, fiscal)
    before = [spans_of(each, fiscal) for each in earlier]
    for occasion, said in topics:
        is_first = occasion in spans and all(each.get(occasion) != spans[occasion] for each in before)
        if occasion == EVERY or is_first:
            yield from said


def spans_of(day: date, fiscal: int) -> dict[str, int]:
    """The month, quarter and half-year that a day lies in, each with the number of its year: a fiscal one has that of
    the calendar year in which it begins."""
    month, year = (day.month - fiscal) % 12, day.year - (day.month < fiscal)
    return {MONTHS[day.month - 1]: day.year, f"q{month // 3 + 1}": year, f"h{month // 6 + 1}": year}
