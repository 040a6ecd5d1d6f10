"""The pictures that several pages share: a KPI as a small line, and the clocks of a review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.definition.target import Target
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, say_count, sentence
from scheduler.render.pictures.clock_line import ClockLine, ClockStep, clock_line
from scheduler.render.pictures.line import ChartLine, PeriodValue, line
from scheduler.rules.access import Audience
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.clock_standing import ReviewClockStanding, clock_standings
from scheduler.services.state import PartnershipState
from scheduler.services.views.health_figure import HealthFigure, health_figure
from scheduler.services.views.kpi_glances import GlancePeriod, KpiGlance, kpi_glances

_SMALL = (330, 120)
_CLOCKS = {
    "notice_by": sentence("Notice"),
    "items_until": sentence("Items until"),
    "agenda_by": sentence("Agenda out"),
    "review": sentence("Review"),
    "minutes_by": sentence("Minutes"),
    "objections_until": sentence("Objections"),
}


@dataclass(frozen=True, slots=True)
class KpiFigure:
    """A KPI with its line."""

    kpi: KpiGlance
    line: ChartLine


@dataclass(frozen=True, slots=True)
class AgendaFigures:
    """The pictures of an agenda: its clocks, where there is room `wide`, else `narrow`; its KPIs; of a health audit the
    health check that it speaks of."""

    wide: ClockLine
    narrow: ClockLine
    kpis: tuple[KpiFigure, ...]
    health: HealthFigure | None = None


def agenda_figures(state: PartnershipState, record: Recorded, audience: Audience) -> AgendaFigures | None:
    """The pictures of a review that is to come; None of one that is over: its agenda stays as it was at the table."""
    if record.settled or record.is_past(state.now):
        return None
    today = state.now.astimezone(zone(record.review.timezone)).date()
    clocks = clock_standings(record, None, None, today)
    return AgendaFigures(
        clock_picture(clocks, today),
        clock_picture(clocks, today, upright=True),
        kpi_figures(state, record, audience),
        health_figure(state, record.review),
    )


def clock_picture(clocks: Sequence[ReviewClockStanding], today: date, *, upright: bool = False) -> ClockLine:
    """The clocks of a review on a line."""
    steps = [
        ClockStep(say(_CLOCKS[each.name]), each.on, each.standing, _late(each), each.name == "review")
        for each in clocks
    ]
    return clock_line(steps, today, upright=upright)


def _late(clock: ReviewClockStanding) -> str:
    if clock.standing != "late":
        return ""
    return say_count("%(number)s day late", "%(number)s days late", clock.days_late)


def kpi_figures(state: PartnershipState, record: Recorded, audience: Audience) -> tuple[KpiFigure, ...]:
    """The KPIs of a review's scope that have periods to show, as this audience may see them."""
    found = kpi_glances(state, audience, record.review.scope_id)
    return tuple(KpiFigure(each, small(each)) for each in found if each.periods)


def _words(period: GlancePeriod) -> str:
    said = known(period.words or str(period.status))
    if period.is_corrected:
        return say("%(period)s: %(reading)s, corrected", period=period.name, reading=said)
    return f"{period.name}: {said}"


def small(kpi: KpiGlance) -> ChartLine:
    """The line of a KPI as one of many."""
    shown = [
        PeriodValue(
            each.label,
            each.value,
            Target.read(each.target) if each.target else None,
            each.met,
            each.is_corrected,
            _words(each),
        )
        for each in kpi.periods
    ]
    return line(shown, *_SMALL)
