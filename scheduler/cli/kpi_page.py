"""One KPI with everything that was ever said of its periods: every value, every excuse, who gave it, when, why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.cli import views
from scheduler.publish.figures import target_words, value_words
from scheduler.publish.wording import WAYS

if TYPE_CHECKING:
    from scheduler.cycle.owed import Call
    from scheduler.domain.measure import Excuse, Measurement, Reading


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


def as_dict(call: "Call", periods: Sequence[Period]) -> views.Object:
    return {
        "id": call.id,
        "name": call.kpi.name,
        "partnership": call.partnership.partnership,
        "layer": call.scope.layer,
        "level": call.kpi.level,
        "organisation": call.kpi.of,
        "owner": call.kpi.owner,
        "deputy": call.kpi.deputy,
        "decides": call.kpi.decides,
        "target": str(call.kpi.target),
        "unit": call.kpi.unit,
        "every": call.kpi.every,
        "periods": [
            {
                **views.measurement(each.owed),
                "values": [views.reading(value, value is each.values[-1]) for value in each.values],
                "excuses": [views.excuse(excuse) for excuse in each.excuses],
            }
            for each in periods
        ],
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
    for n, value in enumerate(period.values, 1):
        verdict = "" if owed.kpi.target.kind == "yes" else ", met" if value.met else ", missed"
        replaced = "" if n == len(period.values) else " (corrected since)"
        way = f", {WAYS[value.way]}" if value.way else ""
        note = f": {value.note}" if value.note else ""
        who = _named(call, value.by) if value.by else "the operator"
        said = f"{value_words(owed.kpi, value)}{verdict}{replaced}"
        yield f"  {views.minute(value.reported_at)}  {said}, {who}{way}{note}"
    for excuse in period.excuses:
        until = f" until {excuse.until}" if excuse.until else ""
        who = _named(call, excuse.by) if excuse.by else "the operator"
        at = views.minute(excuse.given_at)
        yield f"  {at}  {excuse.kind}{until}, {who}: {excuse.because}"


def _named(call: "Call", key: str | None) -> str:
    return call.partnership.name_of(str(key))
