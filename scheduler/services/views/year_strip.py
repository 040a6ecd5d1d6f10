"""A year of a partnership's reviews: half a year back and half a year ahead, a lane for each series, with the days on
which each side does not work."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.render.pictures.strip import CellState

if TYPE_CHECKING:
    from scheduler.domain.definition.people import Organisation
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.standing.adherence import Outcome, PastOccurrence
    from scheduler.services.state import PartnershipState

MONTHS_BACK = 6
_DAY = timedelta(days=1)
_LAST_LANES = (Kind.CHECKPOINT, Kind.FORMAL_REVIEW, Kind.EXIT)
"""What stands outside the cadence comes below it."""
_OUTCOMES: "Mapping[Outcome, CellState]" = {
    "held": "held",
    "late": "late",
    "no_quorum": "without quorum",
    "skipped": "skipped",
    "not_closed": "not closed",
    "open": "not closed",
}


@dataclass(frozen=True, slots=True)
class StripReview:
    """A review on its civil date in its own zone, and how it stands. `because` is why it was skipped or moved."""

    id: str
    period: str
    on: date
    state: CellState
    because: str | None


@dataclass(frozen=True, slots=True)
class StripLane:
    """A series by its id."""

    series: str
    title: str
    reviews: tuple[StripReview, ...]


@dataclass(frozen=True, slots=True)
class OffDays:
    """Civil days in a row, both included, on which an organisation does not work, but for weekends, and why."""

    first: date
    last: date
    because: str


@dataclass(frozen=True, slots=True)
class StripSide:
    """An organisation by its key."""

    organisation: str
    name: str
    off: tuple[OffDays, ...]


@dataclass(frozen=True, slots=True)
class YearStrip:
    """The days from `first` to `last`, both included. `today` is the date in the partnership's zone."""

    first: date
    last: date
    today: date
    lanes: tuple[StripLane, ...]
    sides: tuple[StripSide, ...]

    def count(self, *states: CellState) -> int:
        """How many reviews stand in one of these states."""
        return sum(each.state in states for lane in self.lanes for each in lane.reviews)

    @property
    def next_planned(self) -> "StripReview | None":
        """The review that comes next."""
        ahead = (each for lane in self.lanes for each in lane.reviews if each.state in ("planned", "moved"))
        return min(ahead, key=lambda each: (each.on, each.id), default=None)


def year_strip(state: "PartnershipState", past: "Iterable[PastOccurrence]") -> YearStrip:
    """The strip of a partnership; `past` are its past reviews, each with what became of it."""
    from scheduler.rules.calendar.wall_clock import zone

    today = state.now.astimezone(zone(state.partnership.zone)).date()
    first, last = span(today)
    return YearStrip(
        first,
        last,
        today,
        tuple(lanes(state.recorded.values(), past, first, last, _layers(state))),
        tuple(
            StripSide(key, each.name, tuple(days_off(each, first, last)))
            for key, each in state.partnership.organisations.items()
        ),
    )


def _layers(state: "PartnershipState") -> Mapping[str, str]:
    return {key: layer.name for key, layer in state.partnership.layers.items()}


def span(today: date) -> tuple[date, date]:
    """The twelve months of which the seventh is the one of `today`."""
    month = today.year * 12 + today.month - 1 - MONTHS_BACK
    first = date(month // 12, month % 12 + 1, 1)
    return first, date(first.year + 1, first.month, 1) - _DAY


def lanes(
    recorded: "Iterable[Recorded]", past: "Iterable[PastOccurrence]", first: date, last: date, layers: Mapping[str, str]
) -> Iterator[StripLane]:
    """The series that have a review on these days: those of the cadence, the most frequent first, then the others.
    What a change cancelled is nobody's doing, and left out. `layers` are names by key."""
    became = {each.review: each for each in past}
    series: dict[str, list[Recorded]] = {}
    for record in recorded:
        day = record.held_on or record.review.start.date()
        if record.status is not Status.CANCELLED and first <= day <= last:
            series.setdefault(record.review.series_id, []).append(record)
    in_order = sorted(series.items(), key=lambda each: (each[1][0].review.kind in _LAST_LANES, -len(each[1]), each[0]))
    for id, records in in_order:
        review = records[-1].review
        title = f"{review.title}, {layers.get(review.layer, review.layer)}" if review.layer else review.title
        yield StripLane(id, title, tuple(_review(each, became.get(each.id)) for each in records))


def _review(record: "Recorded", became: "PastOccurrence | None") -> StripReview:
    day = record.held_on or record.review.start.date()
    state: CellState
    if became is not None:
        state = _OUTCOMES[became.outcome]
    elif record.status is Status.UNRECORDED:
        state = "not closed"
    else:
        state = "moved" if record.moved_by_person else "planned"
    because = (record.because if record.moved_by_person else None) or record.remark or None
    return StripReview(record.id, record.review.full_title, day, state, because)


def days_off(organisation: "Organisation", first: date, last: date) -> Iterator[OffDays]:
    """The holidays and closures of an organisation on these days; those that only a weekend parts are one run."""
    from scheduler.rules.calendar.working_days import why_off

    run: list[date] = []
    for day in (*_off(organisation, first, last), None):
        if run and (day is None or not _is_joined(organisation, run[-1], day)):
            reasons = dict.fromkeys(why_off([(organisation, each)], each) for each in run)
            yield OffDays(run[0], run[-1], "; ".join(reasons))
            run = []
        if day is not None:
            run.append(day)


def _off(organisation: "Organisation", first: date, last: date) -> list[date]:
    holidays = (day for year in range(first.year, last.year + 1) for day in organisation.holidays(year))
    closed = (each for days in organisation.closed for each in _days(max(days.first, first), min(days.last, last)))
    weekdays = (day for day in {*holidays, *closed} if first <= day <= last and organisation.is_off(day))
    return sorted(day for day in weekdays if day.toordinal() not in organisation.weekends(day.year))


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _is_joined(organisation: "Organisation", before: date, day: date) -> bool:
    return all(organisation.is_off(each) for each in _days(before + _DAY, day - _DAY))
