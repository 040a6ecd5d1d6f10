"""The health checks of a partnership, as one side may see them.

While a round is open a side learns how many of its own people have answered, and nothing else; once it is closed, the
means of every side of which enough have. How many of another side answered, and its distribution in numbers, are not
told: of each side stand the shares. What was written in words is read by that side alone, the operator not excepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from scheduler.domain.record.health import AreaResult, HealthRound
from scheduler.render.health_findings import sentences
from scheduler.rules.access import Audience
from scheduler.rules.health_checks import rounds
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline import health_rounds
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import health_checks


@dataclass(frozen=True)
class SideOfArea:
    """What a side said of an area; `shares` are those of the answers 1 to 5, in whole percent. All is None where too
    few answered."""

    side: str
    name: str
    light: str
    mean: Decimal | None
    spread: Decimal | None
    change: Decimal | None
    shares: tuple[int, ...]


@dataclass(frozen=True)
class AreaLine:
    """An area of a closed round: how it stands, what it says in words, and each side of it."""

    area: str
    title: str
    light: str
    says: str
    gap: Decimal | None
    sides: tuple[SideOfArea, ...]


@dataclass(frozen=True)
class OwnWords:
    """What the reader's side wrote to a question, in the order of the words."""

    asks: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Taking:
    """How many of a side were asked, and have answered; to how many a link was sent once more."""

    side: str
    name: str
    asked: int
    answered: int
    sent_again: int


@dataclass(frozen=True)
class RoundLine:
    """A round: `state` is "open", "closed", "skipped" or "to come". `taking_part` is of the sides that the reader may
    count. `skipped_by` and `opened_by` are names."""

    id: str
    period: str
    state: str
    opens_on: date
    closes_on: date
    because: str | None
    opened_by: str | None
    review: str | None
    skipped_by: str | None
    skipped_because: str | None
    taking_part: tuple[Taking, ...]
    areas: tuple[AreaLine, ...]
    words: tuple[OwnWords, ...]


@dataclass(frozen=True)
class Lacking:
    """A side that is not asked, since too few of it would be: `people` of `fewest`."""

    side: str
    name: str
    people: int
    fewest: int


@dataclass(frozen=True)
class HealthChecks:
    """Every round of a partnership, the latest first; `following` is the next regular one. `is_served` is whether there
    is a page on which people can answer."""

    partnership: str
    name: str
    rounds: tuple[RoundLine, ...]
    following: RoundLine | None
    lacking: tuple[Lacking, ...]
    is_served: bool

    @property
    def latest(self) -> RoundLine | None:
        """The round that was closed last."""
        return next((each for each in self.rounds if each.state == "closed"), None)

    @property
    def running(self) -> RoundLine | None:
        return next((each for each in self.rounds if each.state == "open"), None)


def health_checks_of(app: App, partnership: str, now: datetime, audience: Audience) -> HealthChecks:
    """Raises UserError for an unknown partnership, or one that is not the audience's."""
    with app.store.read() as db:
        [row] = lookup.partnerships_of(app, db, partnership, audience.organisation)
        return shown(app, db, remembered(app, db, row, now), audience)


def shown(app: App, db: Connection, state: PartnershipState, audience: Audience) -> HealthChecks:
    """The same of a state that is known."""
    coming = (
        None
        if state.is_paused
        else rounds.following(health_rounds.planning(state), state.health_rounds, health_rounds.today_of(state))
    )
    umbrella = health_rounds.umbrella_of(state)
    planned = health_rounds.planned_round(umbrella, coming, state.now) if coming else None
    return HealthChecks(
        partnership=state.partnership.partnership,
        name=state.partnership.name,
        rounds=tuple(_line(app, db, each, state, audience) for each in reversed(state.health_rounds)),
        following=_line(app, db, planned, state, audience) if planned else None,
        lacking=tuple(_lacking(state)),
        is_served=app.settings.web.address is not None,
    )


def _lacking(state: PartnershipState) -> Iterator[Lacking]:
    fewest = health_rounds.umbrella_of(state).playbook.health_check.fewest
    for side, people in health_rounds.would_be_asked(state).items():
        if len(people) < fewest:
            yield Lacking(side, state.partnership.organisations[side].name, len(people), fewest)


def _line(app: App, db: Connection, round: HealthRound, state: PartnershipState, audience: Audience) -> RoundLine:
    names = side_names(state)
    known = state.partnership.name_of
    return RoundLine(
        id=round.id,
        period=round.period,
        state="skipped"
        if round.skipped_at
        else "closed"
        if round.closed_at
        else "open"
        if round.is_open
        else "to come",
        opens_on=round.opens_on,
        closes_on=round.closes_on,
        because=round.because,
        opened_by=known(round.opened_by) if round.opened_by else None,
        review=round.review,
        skipped_by=known(round.skipped_by) if round.skipped_by else None,
        skipped_because=round.skipped_because,
        taking_part=tuple(_taking(db, round, names, audience)),
        areas=tuple(_areas(app, round, names)) if round.closed_at else (),
        words=own_words(db, round, audience),
    )


def side_names(state: PartnershipState) -> dict[str, str]:
    return {key: each.name for key, each in state.partnership.organisations.items()}


def _taking(db: Connection, round: HealthRound, names: Mapping[str, str], audience: Audience) -> Iterator[Taking]:
    counted = health_checks.answered(db, round.id) if round.is_open else round.answered
    for side, asked in sorted(round.asked.items()):
        if audience.sees_all or audience.organisation == side:
            again = round.sent_again.get(side, 0)
            yield Taking(side, names.get(side, side), asked, counted.get(side, 0), again)


def _areas(app: App, round: HealthRound, names: Mapping[str, str]) -> Iterator[AreaLine]:
    for finding, says in sentences(round, names, app.settings.template_folders):
        sides = tuple(_side(each, names) for each in round.of_area(finding.area))
        yield AreaLine(finding.area, finding.title, finding.light.value, says, finding.gap, sides)


def _side(result: AreaResult, names: Mapping[str, str]) -> SideOfArea:
    return SideOfArea(
        side=result.side,
        name=names.get(result.side, result.side),
        light=result.light.value,
        mean=result.mean,
        spread=result.spread,
        change=result.change,
        shares=shares(result.counts),
    )


def shares(counts: Sequence[int]) -> tuple[int, ...]:
    """In whole percent."""
    whole = sum(counts)
    return tuple(round(100 * each / whole) for each in counts) if whole else ()


def own_words(db: Connection, round: HealthRound, audience: Audience) -> tuple[OwnWords, ...]:
    """What the audience's own side wrote, once the round is closed and if enough of it have answered: of fewer nothing
    is kept."""
    side = audience.organisation
    if side is None or round.closed_at is None or not round.has_enough(side):
        return ()
    said = health_checks.words(db, round.id, side)
    return tuple(OwnWords(each.asks, said[each.key]) for each in round.terms.in_words if each.key in said)
