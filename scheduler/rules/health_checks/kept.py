"""Rounds that are over, as adherence counts them: one that was closed was held, one that was skipped counts as
skipped."""

from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.domain.record.health import MARK, HealthRound
from scheduler.rules.standing.adherence import PastOccurrence

TITLE = "Health check"


def past_rounds(rounds: Iterable[HealthRound]) -> tuple[PastOccurrence, ...]:
    """Each under the series ``<partnership>/health``, on its last day or, of one that was called off before, on the day
    on which it was."""
    return tuple(_occurrence(each) for each in rounds if each.closed_at or each.skipped_at)


def _occurrence(round: HealthRound) -> PastOccurrence:
    return PastOccurrence(
        review=round.id,
        series=f"{round.partnership}/{MARK}",
        title=TITLE,
        period=round.period,
        day=_day(round),
        outcome="skipped" if round.skipped_at else "held",
        because=round.skipped_because,
        side=None,
        minutes=None,
        closes_on=round.closes_on,
    )


def _day(round: HealthRound) -> date:
    if round.skipped_at is None:
        return round.closes_on
    return min(round.closes_on, round.skipped_at.astimezone(ZoneInfo(round.timezone)).date())


def skipped_last(rounds: Iterable[HealthRound]) -> Iterator[HealthRound]:
    """The rounds that were skipped since one was closed."""
    over = sorted((each for each in rounds if each.closed_at or each.skipped_at), key=lambda each: each.opens_on)
    for each in reversed(over):
        if each.closed_at:
            return
        yield each
