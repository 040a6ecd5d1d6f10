"""The cadence of a partnership: its umbrella and layers as scopes, each with the series of its playbooks filled in.

A change of the structural model on a date divides the umbrella into phases, each with the playbook of its model; what
the definition says itself holds in all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from scheduler.domain.definition.agreement import Agreement, Requirements
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Layer, Partnership
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.playbook import Playbook, Rung, Terms
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.review import Series
from scheduler.rules.competition_law import with_counsel

from .scope import Phase, Scope
from .series import all_series

__all__ = ["Phase", "Scope", "scopes"]


def scopes(partnership: Partnership, playbooks: Mapping[Model, Playbook]) -> tuple[Scope, ...]:
    """The umbrella, then the layers as the definition orders them. `playbooks` must have every model that governs."""
    playbooks = {model: with_counsel(book, partnership) for model, book in playbooks.items()}
    umbrella = _umbrella(partnership, playbooks)
    layers = (_layer(partnership, key, layer, playbooks) for key, layer in partnership.layers.items())
    return (umbrella, *layers)


def _umbrella(partnership: Partnership, playbooks: Mapping[Model, Playbook]) -> Scope:
    agreement, leaving = partnership.agreement, partnership.wind_downs.get(partnership.partnership)
    phases = tuple(_phases(partnership.model, agreement))
    playbook = _with_ladder(playbooks[phases[0].model], partnership.ladder)
    scope = Scope(
        partnership=partnership.partnership,
        layer=None,
        name=partnership.name,
        model=phases[0].model,
        form=partnership.form,
        effective=agreement.effective,
        ends=agreement.ends,
        organisations=partnership.organisations,
        people=partnership.people,
        timezone=partnership.zone,
        phases=phases,
        series=(),
        kpis=_with_due(partnership.kpis, playbook),
        success=partnership.success_at_90_days,
        playbook=playbook,
        requirements=_on_record(agreement),
        agendas={model: book.agendas for model, book in playbooks.items()},
        days_off_from=partnership.days_off_from,
        hours=partnership.hours,
        pauses=partnership.pauses,
        wind_down=leaving,
        leaves_with=leaving,
    )
    return _with_series(scope, partnership, partnership.reviews, playbooks)


def _layer(partnership: Partnership, key: str, layer: Layer, playbooks: Mapping[Model, Playbook]) -> Scope:
    """A layer inherits organisations, people and zone; its model, dates, KPIs and reviews are its own."""
    ends = min((end for end in (layer.ends, partnership.agreement.ends) if end), default=None)
    playbook = _with_ladder(playbooks[layer.model], partnership.ladder)
    own = partnership.wind_downs.get(ScopeId.of(partnership.partnership, key))
    scope = Scope(
        partnership=partnership.partnership,
        layer=key,
        name=layer.name,
        model=layer.model,
        form=layer.form,
        effective=layer.effective,
        ends=ends,
        organisations=_meeting(partnership, layer),
        people=partnership.people,
        timezone=layer.timezone or partnership.zone,
        phases=(Phase(layer.effective, ends, layer.model),),
        series=(),
        kpis=_with_due(layer.kpis, playbook),
        success=layer.success_at_90_days,
        playbook=playbook,
        requirements=layer,
        agendas={model: book.agendas for model, book in playbooks.items()},
        days_off_from=partnership.days_off_from,
        hours=partnership.hours,
        pauses=partnership.pauses,
        named=frozenset(layer.organisations or ()),
        wind_down=own,
        leaves_with=own or partnership.wind_downs.get(partnership.partnership),
    )
    return _with_series(scope, partnership, layer.reviews, playbooks)


def _with_series(
    scope: Scope, partnership: Partnership, reviews: Mapping[str, Terms], playbooks: Mapping[Model, Playbook]
) -> Scope:
    fiscal_starts = {key: organisation.fiscal_start for key, organisation in partnership.organisations.items()}
    series = all_series(scope, reviews, playbooks, fiscal_starts)
    return replace(scope, series=tuple(_leaving(each, scope) for each in series))


def _leaving(series: Series, scope: Scope) -> Series:
    """A series that stops with the decision to exit is held on that day for the last time."""
    leaving = scope.leaves_with
    if leaving is None or series.kind not in scope.playbook.exit.stops:
        return series
    return replace(series, ends=min(leaving.decided_on, series.ends or leaving.decided_on))


def _phases(model: Model, agreement: Agreement) -> Iterator[Phase]:
    """The spans between amendments. One not after the effective date, or after the end, leaves no span of its own."""
    changes = sorted((amendment.effective, amendment.model) for amendment in agreement.amendments)
    turns = [(agreement.effective, model)]
    for day, amended in changes:
        if day <= turns[-1][0]:
            turns[-1] = (turns[-1][0], amended)
        elif agreement.ends is None or day <= agreement.ends:
            turns.append((day, amended))
    for (starts, governing), following in zip(turns, [*turns[1:], None], strict=True):
        yield Phase(starts, following[0] - timedelta(days=1) if following else agreement.ends, governing)


def _on_record(agreement: Agreement) -> Requirements:
    """What the models require, from the agreement or, where it is silent, from the first amendment that says it."""
    sources = (agreement, *sorted(agreement.amendments, key=lambda amendment: amendment.effective))
    return Requirements(
        equity=next((source.equity for source in sources if source.equity), None),
        entity=next((source.entity for source in sources if source.entity), None),
        formula=next((source.formula for source in sources if source.formula), None),
    )


def _meeting(partnership: Partnership, layer: Layer) -> dict[str, Organisation]:
    if layer.organisations is None:
        return partnership.organisations
    return {key: org for key, org in partnership.organisations.items() if key in layer.organisations}


def _with_due(kpis: Mapping[str, Kpi], playbook: Playbook) -> dict[str, Kpi]:
    due = playbook.kpis.due
    return {key: kpi if kpi.due else kpi.model_copy(update={"due": due[kpi.every]}) for key, kpi in kpis.items()}


def _with_ladder(playbook: Playbook, ladder: tuple[Rung, ...] | None) -> Playbook:
    """The playbook, with the definition's own ladder for late KPIs where it has one."""
    if ladder is None:
        return playbook
    return playbook.model_copy(update={"kpis": playbook.kpis.model_copy(update={"ladder": ladder})})
