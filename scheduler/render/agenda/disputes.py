"""What people say is not right, as an agenda asks about it: readings that they contest, changes of the definition."""

from collections.abc import Iterable, Iterator, Mapping

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.domain.record.measurement import Reading
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews.scope import Scope

from .kpi_lines import value_words
from .risks import Risk


def disputed(
    partnership: Partnership,
    scope: Scope,
    kpis: Mapping[str, Kpi],
    disputes: Iterable[Dispute],
    readings: Mapping[tuple[str, str], Reading],
    changes: Iterable[DefinitionChange],
) -> Iterator[Risk]:
    """Those that stand: of a scope's reviews the readings of these `kpis` (by key, those that all may see); of the
    umbrella's also what edits changed."""
    by_id: dict[str, Kpi] = {scope.id.kpi(key): kpi for key, kpi in kpis.items()}
    made_on = {str(each.number): each.at.astimezone(zone(partnership.zone)).date() for each in changes}
    for each in disputes:
        who, reading = partnership.name_of(each.by), readings.get((each.subject, each.period))
        if each.about == "reading" and each.subject in by_id and reading and each.stands(reading):
            kpi = by_id[each.subject]
            sign = f"{who} contests {kpi.name} for {each.period}, {value_words(kpi, reading)}: {each.says}"
            yield Risk(sign, "Which figure is right, and who corrects it?")
        elif each.about == "change" and each.is_open and scope.layer is None and each.subject in made_on:
            on = in_words(made_on[each.subject])
            sign = f"{who} objects to what was changed in the definition on {on}: {each.says}"
            yield Risk(sign, "What was agreed, and who mends the definition?")
