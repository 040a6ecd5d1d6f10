"""KPIs as an agenda shows them: each against its target with its trend, and the owners who are overdue.

Whoever calls has chosen the KPIs for the audience; nothing is filtered here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.measurement import Flag, Measurement, Reading, Step
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.user_input import as_written
from scheduler.render.languages import known, say, say_as, say_count, sentence
from scheduler.render.languages.local_forms import decimal_mark
from scheduler.render.notifications.notified import told_in_short, untold_in_short
from scheduler.render.wording import day_words, figure, listed, period_words
from scheduler.rules.kpis.matter import keys
from scheduler.rules.kpis.trend import SPAN, as_judged, standing, trend

Names = Callable[[str], str]
"""A person's key → the name to show."""


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI on an agenda. `against` holds the latest reading against the target; `trend` is the last readings, oldest
    first, and `course` their direction; `reporting` says what is due or overdue, `attention` that there is something
    to discuss."""

    name: str
    target: str
    owner: str
    deputy: str | None
    decides: str
    leverage: str | None
    latest: str | None
    period: str | None
    met: bool | None
    against: str
    trend: tuple[str, ...]
    course: str | None
    reporting: str
    attention: bool


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """An owner who is overdue with a KPI: for which periods, since when, how far up the ladder, who was told and when,
    whose letter still waits or could not be delivered, and what comes next. `periods` counts them; `period`, `due`,
    `since` and `held`, by when it is promised, are those of the oldest;
    `periods_said` names them: ``October 2026 and 2 more``."""

    kpi: str
    owner: str
    because: str | None
    period: str
    periods: int
    due: str
    since: str
    days: str
    rung: str | None
    told: str
    next: str | None
    on_this_agenda: bool
    periods_said: str
    held: str | None = None
    untold: str = ""


def kpi_line(kpi: Kpi, measurements: Sequence[Measurement], readings: Sequence[Reading], name: Names) -> KpiLine:
    """One KPI from its own measurements and readings, both oldest first."""
    found = latest_by_period(readings)
    owed = {each.period.label: each for each in measurements}
    last = found[-1] if found else None
    judged = owed.get(last.period) if last else None
    then = judged.kpi if judged else kpi
    met = None if last is None else last.met if judged else kpi.target.met(last.value)
    current = _current(measurements)
    alike = [each for each in found if each.period not in owed or owed[each.period].kpi.every == then.every]
    moved = trend(alike, kpi.target)
    return KpiLine(
        name=kpi.name,
        target=target_words(kpi),
        owner=name(kpi.owner),
        deputy=name(kpi.deputy) if kpi.deputy else None,
        decides=name(kpi.decides),
        leverage=kpi.leverage.value if kpi.leverage else None,
        latest=value_words(then, last) if last else None,
        period=_period_words(last, judged) if last else None,
        met=met,
        against=_against(kpi, last, judged) if last else say("not measured yet"),
        trend=tuple(value_words(kpi, reading, unit=False) for reading in alike[-SPAN:]),
        course=known(str(moved)) if moved else None,
        reporting=_reporting(current) if current else say("nothing due yet"),
        attention=met is False or (current is not None and current.status == "overdue"),
    )


def _period_words(last: Reading, judged: Measurement | None) -> str:
    return period_words(judged.period) if judged else last.period


def _against(kpi: Kpi, last: Reading, judged: Measurement | None) -> str:
    """How the last reading stands: against the target that held at its period's end, which is named where it is not
    today's."""
    if judged is None:
        return known(standing(last, kpi.target))
    is_todays = (judged.kpi.target, judged.kpi.unit, judged.kpi.every) == (kpi.target, kpi.unit, kpi.every)
    found = known(as_judged(judged))
    if is_todays:
        return found
    return say("%(standing)s, which then was %(target)s", standing=found, target=target_words(judged.kpi))


def overdue_lines(
    flags: Iterable[Flag], kind: Kind, name: Names, notified: NotifiedOf, zone: str
) -> tuple[OverdueLine, ...]:
    """Overdue flags in words, for the agenda of a review of this kind: one line a KPI, however many periods it owes.

    The oldest is the one that was due first, which a changed frequency does not make the one that began first.
    `notified` is what became of telling people of them, with its days in
    `zone`.
    """
    by_kpi: dict[str, list[Flag]] = {}
    for flag in flags:
        by_kpi.setdefault(flag.measurement.id, []).append(flag)
    return tuple(_overdue_line(group, kind, name, notified, zone) for group in by_kpi.values())


def _overdue_line(flags: Sequence[Flag], kind: Kind, name: Names, notified: NotifiedOf, zone: str) -> OverdueLine:
    oldest = min(flags, key=lambda flag: (flag.measurement.due, flag.measurement.period.first))
    measurement = oldest.measurement
    of_matter = dict.fromkeys(key for flag in flags for key in keys(flag.measurement))
    people = [each for key in of_matter for each in notified.get(key, ())]
    coming = min((flag.next for flag in flags if flag.next), key=lambda step: step.on, default=None)
    return OverdueLine(
        kpi=measurement.kpi.name,
        owner=name(measurement.asked),
        because=known(measurement.asked_because) if measurement.asked_because else None,
        period=period_words(measurement.period),
        periods=len(flags),
        due=day_words(measurement.due),
        since=day_words(measurement.overdue_since),
        days=say_count("%(number)s working day", "%(number)s working days", oldest.working_days_overdue),
        rung=known(oldest.rung) if oldest.rung else None,
        told=told_in_short(people, name, zone),
        next=_next_rung(coming, name) if coming else None,
        on_this_agenda=any(step.agenda == kind for flag in flags for step in flag.reached),
        periods_said=_periods(period_words(measurement.period), len(flags) - 1),
        held=_held(measurement, name),
        untold=untold_in_short(people, name),
    )


def _periods(oldest: str, more: int) -> str:
    if not more:
        return oldest
    return say_count("%(period)s and %(number)s more", "%(period)s and %(number)s more", more, period=oldest)


_HELD: Mapping[str, tuple[str, str]] = {
    "excused": (
        sentence("excused by %(person)s until %(day)s: %(because)s"),
        sentence("excused until %(day)s: %(because)s"),
    ),
    "acknowledged": (
        sentence("acknowledged by %(person)s until %(day)s: %(because)s"),
        sentence("acknowledged until %(day)s: %(because)s"),
    ),
}


def _held(measurement: Measurement, name: Names) -> str | None:
    """By whom and until when the ladder of the oldest period is held, and why."""
    excuse = measurement.excuse
    if not excuse or not measurement.held_until:
        return None
    until, because = day_words(measurement.held_until), excuse.because
    if excuse.by is None:
        return say(_HELD[excuse.kind][1], day=until, because=because)
    return say(_HELD[excuse.kind][0], person=name(excuse.by), day=until, because=because)


def latest_by_period(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """One reading for each period, in the periods' order: a correction takes the place of what it corrects."""
    return tuple({reading.period: reading for reading in readings}.values())


def value_words(kpi: Kpi, reading: Reading, unit: bool = True) -> str:
    """``0.25 GWh``; a milestone is ``met`` or ``missed``."""
    if kpi.target.kind == "yes":
        return known("met" if kpi.target.met(reading.value) else "missed")
    return figure(reading.value, kpi.unit if unit else None)


def value_to_type(kpi: Kpi, reading: Reading, convention: str | None) -> str:
    """The same as whoever uses the convention can type it, without marks between thousands: ``1000 GWh``. Who names
    none writes numbers as their language does."""
    if kpi.target.kind == "yes":
        return value_words(kpi, reading)
    number = as_written(reading.value.normalize(), convention)
    if convention is None:
        number = number.replace(".", decimal_mark())
    return f"{number} {kpi.unit}" if kpi.unit else number


def target_words(kpi: Kpi) -> str:
    """``at least 0.3 GWh``, ``at most 92 EUR``, ``3 to 5``, ``yes``."""
    target = kpi.target
    low, high = figure(target.low), figure(target.high, kpi.unit)
    match target.kind:
        case ">=":
            return say("at least %(figure)s", figure=high)
        case "<=":
            return say("at most %(figure)s", figure=high)
        case "=":
            return say("exactly %(figure)s", figure=high)
        case "range":
            return say("%(low)s to %(high)s", low=low, high=high)
        case "yes":
            return say_as("a target", "yes")


def _current(measurements: Sequence[Measurement]) -> Measurement | None:
    """The measurement to speak of: the longest overdue, else the first still open, else the last."""
    for status in ("overdue", "open"):
        standing_so = [each for each in measurements if each.status == status]
        if standing_so:
            return min(standing_so, key=lambda each: each.due)
    return measurements[-1] if measurements else None


def _reporting(measurement: Measurement) -> str:
    period = period_words(measurement.period)
    match measurement.status:
        case "overdue":
            return say("%(period)s overdue since %(day)s", period=period, day=day_words(measurement.overdue_since))
        case "open":
            return say("%(period)s due %(day)s", period=period, day=day_words(measurement.due))
        case "excused" if measurement.excuse:
            return say("%(period)s excused: %(because)s", period=period, because=known(measurement.excuse.because))
        case "excused":
            return say("%(period)s excused", period=period)
        case _:
            return say("%(period)s reported", period=period)


def _next_rung(step: Step, name: Names) -> str:
    on = say("%(step)s on %(day)s", step=known(step.rung), day=day_words(step.on))
    agenda = step.agenda and say("the %(kind)s agenda", kind=known(step.agenda))
    whom = listed([name(key) for key in step.tell]) or agenda
    return f"{on}: {whom}" if whom else on


def by_id(measurements: Sequence[Measurement]) -> Mapping[str, tuple[Measurement, ...]]:
    """Measurements grouped by the KPI's id, keeping their order."""
    grouped: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        grouped.setdefault(measurement.id, []).append(measurement)
    return {id: tuple(group) for id, group in grouped.items()}
