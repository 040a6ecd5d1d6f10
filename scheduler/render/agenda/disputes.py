"""What people say is not right, as an agenda asks about it: readings that they contest, changes of the definition."""

from collections.abc import Iterable, Iterator, Mapping

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.domain.record.measurement import Reading
from scheduler.render.languages import say
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import zone
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
            sign = say(
                "%(person)s contests %(kpi)s for %(period)s, %(value)s: %(words)s",
                person=who,
                kpi=kpi.name,
                period=each.period,
                value=value_words(kpi, reading),
                words=each.says,
            )
            yield Risk(sign, say("Which figure is right, and who corrects it?"))
        elif each.about == "change" and each.is_open and scope.layer is None and each.subject in made_on:
            on = day_words(made_on[each.subject])
            sign = say(
                "%(person)s objects to what was changed in the definition on %(day)s: %(words)s",
                person=who,
                day=on,
                words=each.says,
            )
            yield Risk(sign, say("What was agreed, and who mends the definition?"))
