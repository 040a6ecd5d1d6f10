"""One KPI with everything that was ever said of its periods: every value, every excuse, who gave it, when, why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scheduler.cli import formats
from scheduler.render.agenda.kpi_lines import target_words, value_words
from scheduler.render.wording import WAYS

if TYPE_CHECKING:
    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.record.measurement import Excuse, Measurement, Reading
    from scheduler.services.cases.kpi_lookup import Call
    from scheduler.services.views.dropped_kpi import Dropped


@dataclass(frozen=True)
class Period:
    """A period that has begun, and what was said of it, the earliest first: the last of each counts."""

    owed: "Measurement"
    values: "Sequence[Reading]"
    excuses: "Sequence[Excuse]"


def begun(call: "Call", history: "Sequence[Reading]", excuses: "Sequence[Excuse]") -> list[Period]:
    """The periods of a KPI that have begun, oldest first."""
    return [
        Period(
            owed,
            [owed.judged(each) for each in history if each.period == owed.period.label],
            [each for each in excuses if each.period == owed.period.label],
        )
        for owed in call.periods
        if owed.period.first <= call.today
    ]


def page(call: "Call", periods: Sequence[Period], every: bool) -> Iterator[str]:
    """As text: without `every`, the periods of which something was said, those that wait, and the running one."""
    kpi = call.kpi
    yield f"{call.id}: {kpi.name}"
    yield f"  owner    {_named(call, kpi.owner)}" + (f", deputy {_named(call, kpi.deputy)}" if kpi.deputy else "")
    yield f"  target   {target_words(kpi)}, every {kpi.every}"
    yield f"  decides  {_named(call, kpi.decides)}"
    if not periods:
        yield f"  {call.first_ends()}"
    for each in periods if every else [each for each in periods if each.values or not _is_settled(each)]:
        yield from _period(call, each)


def as_dict(call: "Call", periods: Sequence[Period]) -> formats.Object:
    return {
        **_kpi_as_dict(call.id, call.kpi, call.partnership.partnership, call.scope.layer),
        "dropped_on": None,
        "periods": [{**formats.measurement(each.owed), **_said_as_dict(each.values, each.excuses)} for each in periods],
    }


# One that the definition has no more ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was said of a period, by its label, the earliest first: the last value counts."""

    period: str
    values: "Sequence[Reading]"
    excuses: "Sequence[Excuse]"


def said(history: "Sequence[Reading]", excuses: "Sequence[Excuse]") -> list[Said]:
    """What is on record of a KPI, period by period."""
    periods = sorted({each.period for each in history} | {each.period for each in excuses})
    return [
        Said(
            period,
            [each for each in history if each.period == period],
            [each for each in excuses if each.period == period],
        )
        for period in periods
    ]


def dropped_page(gone: "Dropped", periods: Sequence[Said]) -> Iterator[str]:
    """As text: what it was when it was last in the definition, and what was said of its periods."""
    kpi = gone.kpi
    yield f"{gone.id}: {kpi.name}"
    yield f"  no longer in the definition since {gone.since}; what was reported stays on record"
    yield f"  owner    {gone.name(kpi.owner)}" + (f", deputy {gone.name(kpi.deputy)}" if kpi.deputy else "")
    yield f"  target   {target_words(kpi)}, every {kpi.every}"
    yield f"  decides  {gone.name(kpi.decides)}"
    if not periods:
        yield "  nothing was ever reported"
    for each in periods:
        yield each.period
        yield from _values(kpi, each.values, gone.name)
        yield from _excuses(each.excuses, gone.name)


def dropped_as_dict(gone: "Dropped", periods: Sequence[Said]) -> formats.Object:
    return {
        **_kpi_as_dict(gone.id, gone.kpi, gone.definition.partnership, gone.layer),
        "dropped_on": gone.since,
        "periods": [{"period": each.period, **_said_as_dict(each.values, each.excuses)} for each in periods],
    }


# Parts of both -----------------------------------------------------------------------------------------------------


def _kpi_as_dict(id: str, kpi: "Kpi", partnership: str, layer: str | None) -> formats.Object:
    return {
        "id": id,
        "name": kpi.name,
        "partnership": partnership,
        "layer": layer,
        "level": kpi.level,
        "organisation": kpi.of,
        "owner": kpi.owner,
        "deputy": kpi.deputy,
        "decides": kpi.decides,
        "target": str(kpi.target),
        "unit": kpi.unit,
        "every": kpi.every,
    }


def _said_as_dict(values: "Sequence[Reading]", excuses: "Sequence[Excuse]") -> formats.Object:
    return {
        "values": [formats.reading(value, value is values[-1]) for value in values],
        "excuses": [formats.excuse(excuse) for excuse in excuses],
    }


def _is_settled(period: Period) -> bool:
    return period.owed.status in ("reported", "excused") and not period.excuses


def _period(call: "Call", period: Period) -> Iterator[str]:
    owed = period.owed
    is_todays = (owed.kpi.target, owed.kpi.unit) == (call.kpi.target, call.kpi.unit)
    is_todays = is_todays and owed.judged_by is not None
    judged_by = target_words(owed.kpi) if owed.judged_by else "not on record"
    then = "" if is_todays else f", target then {judged_by}"
    yield f"{owed.period.name}  {owed.status}, due {owed.due}{then}"
    name = partial(_named, call)
    yield from _values(owed.kpi, period.values, name)
    yield from _excuses(period.excuses, name)


def _values(kpi: "Kpi", values: "Sequence[Reading]", name: Callable[[str | None], str]) -> Iterator[str]:
    for n, value in enumerate(values, 1):
        verdict = "" if kpi.target.kind == "yes" else ", met" if value.met else ", missed"
        replaced = "" if n == len(values) else " (corrected since)"
        way = f", {WAYS[value.way]}" if value.way else ""
        note = f": {value.note}" if value.note else ""
        who = name(value.by) if value.by else "the operator"
        said = f"{value_words(kpi, value)}{verdict}{replaced}"
        yield f"  {formats.minute(value.reported_at)}  {said}, {who}{way}{note}"


def _excuses(excuses: "Sequence[Excuse]", name: Callable[[str | None], str]) -> Iterator[str]:
    for excuse in excuses:
        until = f" until {excuse.until}" if excuse.until else ""
        who = name(excuse.by) if excuse.by else "the operator"
        at = formats.minute(excuse.given_at)
        yield f"  {at}  {excuse.kind}{until}, {who}: {excuse.because}"


def _named(call: "Call", key: str | None) -> str:
    return call.partnership.name_of(str(key))
