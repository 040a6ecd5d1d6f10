"""How far partnerships keep their own rhythm: of their past reviews, how many were held in time, and what became of the
others; of one as a whole, by series, by side or by quarter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from scheduler.rules.standing.adherence import AdherenceCount, PastOccurrence

if TYPE_CHECKING:
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState

By = Literal["series", "side", "quarter"]


@dataclass(frozen=True, slots=True)
class AdherenceTable:
    """Of a partnership, or of a `part` of it (None: the whole): a series by its id, a side by its organisation's key,
    a quarter. `percent` is None where there are too few to say; `reviews` are those that count, oldest first."""

    partnership: str
    part: str | None
    name: str
    since: date
    count: AdherenceCount
    percent: int | None
    reviews: tuple[PastOccurrence, ...]


def adherence(
    app: "App", partnership: str | None, by: By | None, now: datetime, audience: "Audience"
) -> Iterator[AdherenceTable]:
    """Of one partnership, or of each of the audience's that goes on, read as they are asked for: past reviews within
    the window of their playbook. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.services.state import remembered

    with app.store.read() as db:
        for row in lookup.partnerships_of(app, db, partnership, audience.organisation):
            if partnership is not None or row.ended_at is None:
                yield from of_state(remembered(app, db, row, now), by)


def of_state(state: "PartnershipState", by: By | None) -> Iterator[AdherenceTable]:
    """Of a partnership whose state is known."""
    from scheduler.rules.calendar.wall_clock import zone
    from scheduler.rules.standing import adherence as rules

    partnership = state.partnership
    terms = state.scopes[partnership.partnership].playbook.standing
    first = rules.since(terms, state.now.astimezone(zone(partnership.zone)).date())
    past = sorted((*state.past_reviews, *state.past_rounds), key=lambda each: (each.day, each.review))
    counting = tuple(rules.counting(past, first))
    parts: Mapping[str | None, tuple[PastOccurrence, ...]] = {None: counting} if by is None else _parts(counting, by)
    for part, reviews in parts.items():
        found = rules.count(reviews)
        name = _name(state, by, part, reviews)
        yield AdherenceTable(partnership.partnership, part, name, first, found, found.percent(terms.fewest), reviews)


def _parts(counting: tuple[PastOccurrence, ...], by: By) -> dict[str | None, tuple[PastOccurrence, ...]]:
    from scheduler.rules.standing.adherence import quarter

    keys: dict[By, Callable[[PastOccurrence], str | None]] = {
        "series": lambda each: each.series,
        "side": lambda each: each.side,
        "quarter": lambda each: quarter(each.day),
    }
    found: dict[str | None, tuple[PastOccurrence, ...]] = {}
    for each in counting:
        key = keys[by](each)
        found[key] = (*found.get(key, ()), each)
    return found


def _name(state: "PartnershipState", by: By | None, part: str | None, reviews: tuple[PastOccurrence, ...]) -> str:
    if by is None:
        return state.partnership.name
    if by == "series":
        record = state.recorded.get(reviews[-1].review)
        scope = state.scope_of(record.review) if record else None
        return f"{scope.name}: {reviews[-1].title}" if scope and scope.layer else reviews[-1].title
    if by == "side":
        side = state.partnership.organisations.get(part or "")
        return side.name if side else "of no organisation"
    return part or ""
