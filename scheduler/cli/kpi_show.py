"""One KPI with everything that was ever said of its periods, as lines for a person."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from scheduler.cli import formats
from scheduler.render.agenda.kpi_lines import target_words, value_words
from scheduler.render.notifications.notified import told_in_short, untold_in_short
from scheduler.render.wording import WAYS, unnamed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.record.measurement import Excuse, Measurement, Reading
    from scheduler.services.views.kpi_history import History, KpiPeriod


def page(history: "History", every: bool) -> Iterator[str]:
    """Without `every`, the periods of which something was said, those that wait, and the running one."""
    kpi = history.kpi
    yield f"{history.id}: {kpi.name}"
    if history.dropped_on:
        yield f"  no longer in the definition since {history.dropped_on}; what was reported stays on record"
    deputy = f", deputy {history.name(kpi.deputy)}" if kpi.deputy else ""
    yield f"  owner    {history.name(kpi.owner)}{deputy}"
    yield f"  target   {target_words(kpi)}, every {kpi.every}"
    yield f"  decides  {history.name(kpi.decides)}"
    if not history.periods:
        yield f"  {history.first_ends or 'nothing was ever reported'}"
    for period in history.periods:
        if every or not _is_silent(period):
            yield from _period(history, period)


def _is_silent(period: "KpiPeriod") -> bool:
    is_settled = period.owed is not None and period.owed.status in ("reported", "excused")
    return is_settled and not period.values and not period.excuses


def _period(history: "History", period: "KpiPeriod") -> Iterator[str]:
    owed = period.owed
    yield _head(history, owed) if owed else period.label
    kpi = owed.kpi if owed else history.kpi
    yield from _values(kpi, period.values, history.name)
    for said in period.disputes:
        stands = said.stands(owed.reading if owed else None)
        ended = "" if stands else f" ({said.how or 'corrected since'}{f': {said.because}' if said.because else ''})"
        yield f"  {formats.minute(said.said_at)}  contested by {history.name(said.by)}: {said.says}{ended}"
    yield from _excuses(period.excuses, history.name)
    yield from _ladder(history, period)


def _head(history: "History", owed: "Measurement") -> str:
    is_todays = (owed.kpi.target, owed.kpi.unit) == (history.kpi.target, history.kpi.unit)
    judged_by = target_words(owed.kpi) if owed.judged_by else "not on record"
    then = "" if is_todays and owed.judged_by is not None else f", target then {judged_by}"
    return f"{owed.period.name}  {owed.status}, due {owed.due}{then}"


def _ladder(history: "History", period: "KpiPeriod") -> Iterator[str]:
    """The steps of one that is not reported; who was told, and who could not be."""
    waiting = period.owed is not None and period.owed.status in ("open", "overdue")
    if waiting and period.owed and (ahead := [each for each in period.owed.behind if each.status == "overdue"]):
        yield f"  ladder: that of {ahead[0].period.name}, which is overdue as well: one matter"
    elif period.ladder:
        yield f"  ladder: {', '.join(f'{step.rung} {step.on}' for step in period.ladder)}"
    if told := told_in_short(period.notified, history.name, history.definition.zone):
        yield f"  told: {told}"
    if untold := untold_in_short(period.notified, history.name):
        yield f"  not told: {untold}"


def _values(kpi: "Kpi", values: "Sequence[Reading]", name: Callable[[str | None], str]) -> Iterator[str]:
    for n, value in enumerate(values, 1):
        verdict = "" if kpi.target.kind == "yes" else ", met" if value.met else ", missed"
        replaced = "" if n == len(values) else " (corrected since)"
        way = f", {WAYS[value.way]}" if value.way else ""
        note = f": {value.note}" if value.note else ""
        who = name(value.by) if value.by else unnamed(value.way)
        said = f"{value_words(kpi, value)}{verdict}{replaced}"
        yield f"  {formats.minute(value.reported_at)}  {said}, {who}{way}{note}"


def _excuses(excuses: "Sequence[Excuse]", name: Callable[[str | None], str]) -> Iterator[str]:
    for excuse in excuses:
        until = f" until {excuse.until}" if excuse.until else ""
        who = name(excuse.by) if excuse.by else "the operator"
        at = formats.minute(excuse.given_at)
        yield f"  {at}  {excuse.kind}{until}, {who}: {excuse.because}"
