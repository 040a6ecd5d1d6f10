"""A series' terms: the definition's where it says them, the playbook's where it is silent, field by field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from scheduler.domain.definition.forward_agenda import merged
from scheduler.domain.definition.playbook import Clocks, Playbook, Seat, Standard, Terms
from scheduler.domain.definition.vocabulary import Kind, Model, Role
from scheduler.domain.phrases import Every, On
from scheduler.domain.record.review import Series
from scheduler.domain.record.series_hour import SeriesKey

from .hours import start_time
from .scope import Phase, Scope
from .sides import attending
from .turns import over_sides, slots

_TITLES = {
    "pipeline": "Pipeline review",
    "operating": "Operating review",
    "health-audit": "Strategic health audit",
    "strategy": "Annual strategy review",
    "sponsors": "Executive sponsors",
}


def all_series(
    scope: Scope, reviews: Mapping[str, Terms], playbooks: Mapping[Model, Playbook], fiscal_starts: Mapping[str, int]
) -> Iterator[Series]:
    """The series of every phase of a scope. `fiscal_starts` has the month in which each organisation's year starts.

    A key that both models have goes on under the same id with the new model's terms. A definition's words about a key
    hold in every phase that has the series: those whose playbook has it or, where none has, all.
    """
    standard_keys = {key for phase in scope.phases for key in playbooks[phase.model].series}
    renamed = renamed_standards(reviews, standard_keys)
    added = [key for key in reviews if key not in standard_keys and key not in renamed.values()]
    for phase in scope.phases:
        playbook = playbooks[phase.model]
        for key in (*(renamed.get(key, key) for key in playbook.series), *added):
            terms = reviews.get(key, Terms())
            if not terms.off:
                yield _resolved(scope, phase, key, terms, playbook, fiscal_starts)


def renamed_standards(reviews: Mapping[str, Terms], standard_keys: Collection[str]) -> dict[str, str]:
    """The playbook's series that a definition holds under keys of its own, by the playbook's keys."""
    return {
        former: key
        for key, terms in reviews.items()
        if (former := terms.renamed_from) in standard_keys
        and former is not None
        and key not in standard_keys
        and not terms.off
        and (former not in reviews or reviews[former].off)
    }


def standard_for(key: str, terms: Terms, playbook: Playbook) -> Standard:
    """The playbook's standard of that key, or of the one that the series bore before; for a key it does not have, that
    of the kind, under a title of its own."""
    for name in (key, terms.renamed_from):
        if name is not None and name in playbook.series:
            return playbook.series[name]
    kind = terms.kind or "operating"
    alike = [standard for standard in playbook.series.values() if standard.kind == kind]
    closest = alike[0] if alike else playbook.series.get("operating") or next(iter(playbook.series.values()))
    title = _TITLES.get(key, key.replace("-", " ").capitalize())
    return closest.model_copy(update={"kind": kind, "title": title, "fiscal": None})


def recurrence_of(terms: Terms, standard: Standard, playbook: Playbook) -> tuple[Every, On]:
    """How often and on which day. Another unit of frequency with no day said takes the playbook's day for that unit."""
    every = terms.every or standard.every
    if terms.on is not None:
        return every, terms.on
    return every, standard.on if every.unit is standard.every.unit else playbook.on[every.unit]


def chairs_of(scope: Scope, seat: Seat, agenda_owner: str) -> tuple[str, ...]:
    """Who takes turns in a playbook's seat: the people of its first role that is filled, else the alliance managers."""
    filled = (scope.with_roles((role,)) for role in (*seat.roles, Role.ALLIANCE_MANAGER))
    return next((people for people in filled if people), (agenda_owner,))


def with_duty(attendees: tuple[str, ...], *duties: str) -> tuple[str, ...]:
    """The attendees, and after them whoever else has a duty at the review."""
    return tuple(dict.fromkeys((*attendees, *duties)))


def _resolved(
    scope: Scope, phase: Phase, key: str, terms: Terms, playbook: Playbook, fiscal_starts: Mapping[str, int]
) -> Series:
    standard = standard_for(key, terms, playbook)
    every, on = recurrence_of(terms, standard, playbook)
    agenda_owner = terms.agenda_owner or scope.default_agenda_owner
    fiscal = terms.fiscal or (_investee(scope) if standard.fiscal == "investee" else None)
    rotate = standard.rotate if terms.rotate is None else terms.rotate
    chairs = terms.chair or chairs_of(scope, standard.chair, agenda_owner)
    attendees = with_duty(terms.attendees or scope.with_roles(standard.attendees), agenda_owner)
    attend = attending(scope, (*attendees, *chairs))
    if "chair" in rotate:
        chairs = over_sides(scope, attend, chairs, attendees)
    length = (terms.length or standard.length).duration
    timezone = terms.timezone or scope.timezone
    this = SeriesKey(scope.id.series(key), phase.model)
    start = start_time(scope, this, terms.at, standard.at, length, timezone, attend)
    series = Series(
        partnership=scope.partnership,
        layer=scope.layer,
        key=key,
        model=phase.model,
        kind=Kind(terms.kind or standard.kind),
        title=terms.title or standard.title,
        every=every,
        on=on,
        rule=terms.rule,
        at=start.at,
        length=length,
        timezone=timezone,
        anchor=scope.effective,
        starts=phase.starts,
        ends=phase.ends,
        day_off=terms.day_off or standard.day_off,
        fiscal_start=fiscal_starts.get(fiscal) if fiscal else None,
        agenda_owner=agenda_owner,
        deputy=terms.deputy,
        chairs=chairs,
        rotates="each" if terms.chair or "chair" in rotate else standard.chair.rotates,
        attendees=attendees,
        quorum=(terms.quorum or standard.quorum).said(phase.model),
        place=terms.place,
        clocks=_merged(terms.clocks, standard.clocks),
        reconvene=standard.reconvene,
        topics=merged(terms.topics, standard.topics),
        sides=attend,
        at_is_written=start.is_written,
        chosen_at=start.chosen,
        rotate=rotate,
    )
    return replace(series, slots=slots(scope, series, standard.at.time)) if "slot" in rotate else series


def _investee(scope: Scope) -> str | None:
    equity = scope.requirements.equity
    return equity.in_ if equity else None


def _merged(said: Clocks, standard: Clocks) -> Clocks:
    spans = {name: getattr(said, name) for name in Clocks.model_fields}
    return standard.model_copy(update={name: span for name, span in spans.items() if span is not None})
