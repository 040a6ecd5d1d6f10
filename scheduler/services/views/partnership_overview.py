"""One partnership as its page shows it: how it stands and why, a year of its reviews, its KPIs, checkpoint, triggers,
what lies ahead, its people and empty seats."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.verdict import Course
from scheduler.rules.standing.adherence import AdherenceCount
from scheduler.services.views.horizon import PartnershipHorizon
from scheduler.services.views.kpi_glances import KpiGlance, kpi_glances
from scheduler.services.views.standing import StandingSheet
from scheduler.services.views.year_strip import YearStrip

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState
    from scheduler.services.views.adherence import AdherenceTable
    from scheduler.store.tables import PartnershipRow

COMING = 6
"""So many reviews to come are shown."""


@dataclass(frozen=True, slots=True)
class ReviewGlance:
    """A review, its start a moment, and the IANA zone of it."""

    id: str
    title: str
    start: datetime
    timezone: str
    kind: Kind
    status: Status
    chair: str | None
    agenda_owner: str


@dataclass(frozen=True, slots=True)
class CheckpointGlance:
    """A checkpoint: how many of its criteria people have judged, and what was decided there."""

    review: ReviewGlance
    layer: str | None
    criteria: int
    judged: int
    course: Course | None
    because: str | None


@dataclass(frozen=True, slots=True)
class TriggerGlance:
    """A trigger with one thing that it watches; `says` how that stands. `fires_on` is the civil date on which it calls
    a formal review unless somebody does something. `of` is the organisation that it is internal to."""

    scope: str
    trigger: str
    about: str
    holds: bool
    says: str
    fires_on: date | None
    of: str | None


@dataclass(frozen=True, slots=True)
class PersonGlance:
    """A person by their key; `leaves` and `away_until` are civil dates, None where they stay and are there."""

    key: str
    name: str
    organisation: str | None
    role: str
    leaves: date | None
    away_until: date | None


class SeatGlance(NamedTuple):
    """A seat that nobody fills, and since when."""

    organisation: str
    role: str
    since: date


class AdherenceGlance(NamedTuple):
    """Of the whole (None), or of a series by its title: what became of its past reviews since a day. `percent` is None
    where there are too few to say."""

    of: str | None
    counted: AdherenceCount
    percent: int | None
    because: tuple[str, ...]
    """Why reviews were skipped, each reason once."""


class BorneBySide(NamedTuple):
    """What the reviews of the strip's quarters ask of a side, by its name: how many, at how many of them it sits
    outside its hours, how often it has the chair."""

    side: str
    reviews: int
    outside_hours: int
    chairs: int


@dataclass(frozen=True, slots=True)
class PartnershipOverview:
    """A partnership by its id, on `today`, the civil date of its zone. What another organisation keeps to itself is not
    in it."""

    id: str
    name: str
    model: str
    function: str | None
    goal: str | None
    zone: str
    state: str
    ended_at: datetime | None
    today: date
    layers: tuple[tuple[str, str], ...]
    standing: StandingSheet
    since: date
    adherence: tuple[AdherenceGlance, ...]
    strip: YearStrip
    borne: tuple[BorneBySide, ...]
    kpis: tuple[KpiGlance, ...]
    coming: tuple[ReviewGlance, ...]
    to_close: tuple[ReviewGlance, ...]
    checkpoints: tuple[CheckpointGlance, ...]
    triggers: tuple[TriggerGlance, ...]
    ahead: PartnershipHorizon
    people: tuple[PersonGlance, ...]
    vacant: tuple[SeatGlance, ...]


def partnership_overview(
    app: "App", db: "Connection", row: "PartnershipRow", now: datetime, audience: "Audience"
) -> PartnershipOverview:
    """The partnership at `now`, an aware moment, as this audience may see it."""
    from scheduler.services.state import remembered

    return of_state(app, db, row, remembered(app, db, row, now), audience)


def of_state(
    app: "App", db: "Connection", row: "PartnershipRow", state: "PartnershipState", audience: "Audience"
) -> PartnershipOverview:
    """The same, where the state is known already."""
    from scheduler.services.folders import differs
    from scheduler.services.views import adherence, horizon, portfolio, standing
    from scheduler.services.views.year_strip import year_strip

    definition, past = state.partnership, state.past_reviews
    strip = year_strip(state, past)
    whole, by_series = [*adherence.of_state(state, None)], [*adherence.of_state(state, "series")]
    is_over = row.ended_at is not None
    return PartnershipOverview(
        id=row.id,
        name=definition.name,
        model=definition.model.words,
        function=definition.function.value.replace("_", " ") if definition.function else None,
        goal=definition.goal,
        zone=definition.zone,
        state=portfolio.in_words(
            portfolio.state(row, portfolio.paused_now(app, db, row, state.now), is_held=differs(app, db, row))
        ),
        ended_at=row.ended_at,
        today=strip.today,
        layers=tuple((scope.id, scope.name) for scope in state.scopes.values() if scope.layer),
        standing=standing.of_state(state, audience),
        since=whole[0].since,
        adherence=tuple(_kept(each) for each in (*whole, *by_series)),
        strip=strip,
        borne=tuple(_borne(state, strip)),
        kpis=tuple(kpi_glances(state, audience)),
        coming=() if is_over else tuple(_coming(state)[:COMING]),
        to_close=() if is_over else tuple(_to_close(state)),
        checkpoints=tuple(_checkpoints(state)),
        triggers=() if is_over else tuple(_triggers(state, audience)),
        ahead=horizon.of_partnership(app, db, row, state.now),
        people=tuple(_people(state, strip.today)),
        vacant=() if is_over else tuple(_vacant(state, strip.today)),
    )


def _kept(found: "AdherenceTable") -> AdherenceGlance:
    because = dict.fromkeys(each.because for each in found.reviews if each.because and each.outcome == "skipped")
    return AdherenceGlance(found.name if found.part else None, found.count, found.percent, tuple(because))


def _borne(state: "PartnershipState", strip: YearStrip) -> Iterator[BorneBySide]:
    from scheduler.rules.reviews.load import of_sides

    shown = (each for each in state.recorded.values() if strip.first <= each.review.start.date() <= strip.last)
    loads = of_sides(shown, {str(id): scope for id, scope in state.scopes.items()}, state.now)
    for key, organisation in state.partnership.organisations.items():
        own = [load for side, load in loads.items() if side.organisation == key]
        if own:
            counts = ((each.reviews, each.outside_hours, each.chairs) for each in own)
            yield BorneBySide(organisation.name, *map(sum, zip(*counts, strict=True)))


def _coming(state: "PartnershipState") -> list[ReviewGlance]:
    ahead = (each for each in state.recorded.values() if each.status is Status.PLANNED and not each.is_past(state.now))
    return sorted((_review(state, each) for each in ahead), key=lambda each: each.start)


def _to_close(state: "PartnershipState") -> Iterator[ReviewGlance]:
    standing = (each.as_of(state.now) for each in state.recorded.values())
    return (_review(state, each) for each in standing if each.status is Status.UNRECORDED)


def _review(state: "PartnershipState", record: "Recorded") -> ReviewGlance:
    review, name = record.review, state.partnership.name_of
    chair = name(review.chair) if review.chair else None
    return ReviewGlance(
        record.id,
        review.full_title,
        review.start,
        review.timezone,
        review.kind,
        record.status,
        chair,
        name(review.agenda_owner),
    )


def _checkpoints(state: "PartnershipState") -> Iterator[CheckpointGlance]:
    for record in state.recorded.values():
        scope = state.scope_of(record.review)
        if record.review.kind is not Kind.CHECKPOINT or record.status is Status.CANCELLED or scope is None:
            continue
        decision = state.decisions.get(record.id)
        criteria = scope.success.criteria if scope.success else ()
        yield CheckpointGlance(
            _review(state, record.as_of(state.now)),
            scope.name if scope.layer else None,
            len(criteria),
            sum((record.id, each.id) in state.judgements for each in criteria),
            decision.decision if decision else None,
            decision.because if decision else None,
        )


def _triggers(state: "PartnershipState", audience: "Audience") -> list[TriggerGlance]:
    """Those nearest to calling a review first."""
    from scheduler.rules.access import may_learn
    from scheduler.rules.triggers.forecast import forecast

    near = (each for situation in state.situations for each in forecast(situation) if may_learn(each.of, audience))
    found = [
        TriggerGlance(each.scope, each.trigger, each.about, each.holds, each.says, each.fires_on, each.of)
        for each in near
    ]
    return sorted(found, key=lambda each: (not each.holds, each.fires_on or date.max))


def _people(state: "PartnershipState", today: date) -> Iterator[PersonGlance]:
    definition = state.partnership
    for key, person in definition.people.items():
        if person.has_left(today):
            continue
        of = definition.organisations.get(person.of or "")
        away = max((days.last for days in person.away if today in days), default=None)
        role = person.role.words if person.role else "member"
        yield PersonGlance(key, person.name, of.name if of else None, role, person.leaves, away)


def _vacant(state: "PartnershipState", today: date) -> Iterator[SeatGlance]:
    from scheduler.rules.reminders.agreement import vacancies

    sides = state.partnership.organisations
    for each in vacancies([*state.scopes.values()], today):
        yield SeatGlance(sides[each.organisation].name, each.role.words, each.since)
