"""Which version of a KPI is in force on which day.

Every version of a definition is kept. What a period is held against is read from the one in force at the end of the
period: midnight, where the KPI's owner lives. A handover on a date (`leaves`, `successor`) is a change within one.

The versions are taken in the order in which they were recorded: of those that count from a day or before, the one
recorded last is in force. So a correction that counts from a day in the past takes the place of all that was said
since that day, and of nothing before.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.succession import as_left
from scheduler.domain.definition.version import Version
from scheduler.domain.definition.vocabulary import Model, Unit
from scheduler.domain.record.measurement import Period
from scheduler.rules.reviews.scopes import Scope, scopes

_INSTANT = timedelta(microseconds=1)
Schedule = tuple[Unit, int | None]
"""How often a KPI is measured, and the month in which the fiscal year starts that it follows."""


@dataclass(frozen=True)
class Term:
    """A KPI as one version has it, or None where it has none, in force for the periods that end on or after `start`.

    `taken_up` is the civil date, where the owner lives, on which cadence came to know of it: nobody was asked before.
    None where that is not known. `asks_from` is, in a first version, the first day for whose period anybody is asked.
    """

    scope: Scope
    kpi: Kpi | None
    start: date = date.min
    taken_up: date | None = None
    asks_from: date = date.min
    corrected_at: datetime | None = None
    kept_until: date = date.min

    @property
    def day(self) -> date:
        """The day from which what it says anew counts."""
        return self.start if self.corrected_at else self.taken_up or self.start

    @property
    def schedule(self) -> Schedule | None:
        if self.kpi is None:
            return None
        fiscal = self.scope.organisations.get(self.kpi.fiscal or "")
        return self.kpi.every, fiscal.fiscal_start if fiscal else None


@dataclass(frozen=True)
class Timeline:
    """The terms of one KPI in the order in which they were recorded; the last is the definition in force.

    `kept` are due days on record that stay as they are, by the period's label: those of periods that ended before
    versions began to be kept.
    """

    terms: tuple[Term, ...]
    kept: Mapping[str, date] = field(default_factory=dict)

    def kept_due(self, period: Period) -> date | None:
        """The due day of a period that stays as it is on record."""
        term = self.at_the_end_of(period.last)
        is_kept = self.kept and term.corrected_at is None and period.last < self.terms[0].kept_until
        return self.kept.get(period.label) if is_kept else None

    @property
    def current(self) -> Term:
        return self.terms[-1]

    @cached_property
    def segments(self) -> tuple[tuple[date, Term], ...]:
        """The first days of what is in force by turns, each with its term."""
        found: list[tuple[date, Term]] = []
        for start in sorted({term.start for term in self.terms}):
            term = next(term for term in reversed(self.terms) if term.start <= start)
            if not found or found[-1][1] is not term:
                found.append((start, term))
        return tuple(found)

    def at_the_end_of(self, day: date) -> Term:
        """The term in force at the end of a civil date; before the first one, that one."""
        index = bisect_right(self.segments, day, key=lambda segment: segment[0])
        return self.segments[max(0, index - 1)][1]

    def owned_since(self) -> date | None:
        """The day on which the present owner became it; None for one who has been it from the beginning."""
        owner: date | None = None
        for start, term in reversed(self.segments):
            if term.kpi is None:
                continue
            if not _is_same_owner(term, self.current):
                return owner
            owner = max(start, term.taken_up or start)
        return None


Past = Mapping[str, Timeline]
"""The timelines of KPIs by id, of those that have one: the others have been as they are from the beginning."""
NO_PAST: Past = {}


def timelines(
    versions: Sequence[Version],
    parts: Sequence[Scope],
    playbooks: Mapping[Model, Playbook],
    now: datetime,
    dues: Mapping[tuple[str, str], date] | None = None,
) -> Past:
    """The timeline of every KPI of the scopes in force, at `now`, an aware moment.

    `versions` are those of the partnership in the order in which they were recorded, the last one in force; `parts` are
    its scopes as they stand. `dues` are due days on record that stay, by KPI id and period.
    """
    if not versions:
        return NO_PAST
    stages = [*_stages(versions, parts, playbooks, now)]
    kept: dict[str, dict[str, date]] = {}
    for (kpi, period), due in (dues or {}).items():
        kept.setdefault(kpi, {})[period] = due
    ids = ((scope.id.kpi(key), scope.layer, key) for scope in parts for key in scope.kpis)
    return {id: Timeline(tuple(_terms(stages, layer, key)), kept.get(id, {})) for id, layer, key in ids}


@dataclass(frozen=True)
class _Stage:
    """A version between two handovers. `on` is the civil date of the handover that it begins with."""

    version: Version
    parts: Mapping[str | None, Scope]
    on: date | None = None


def _stages(
    versions: Sequence[Version], parts: Sequence[Scope], playbooks: Mapping[Model, Playbook], now: datetime
) -> Iterator[_Stage]:
    in_force = {scope.layer: scope for scope in parts}
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        zone = ZoneInfo(version.definition.zone)
        first = version.taken_up_at.astimezone(zone).date()
        last = (following.taken_up_at if following else now).astimezone(zone).date()
        days = [None, *_handovers(version.definition, first, last)]
        for day, turn in zip(days, [*days[1:], None], strict=True):
            if following is None and turn is None:
                yield _Stage(version, in_force, day)
            else:
                yield _Stage(version, _scopes_on(version.definition, day or first, last, playbooks), day)


def _handovers(definition: Partnership, after: date, until: date) -> list[date]:
    return sorted({who.leaves for who in definition.people.values() if who.leaves and after < who.leaves <= until})


def _scopes_on(
    definition: Partnership, day: date, last: date, playbooks: Mapping[Model, Playbook]
) -> dict[str | None, Scope]:
    """The scopes of a version with the duties as on one day, and the agreement as renewed until another."""
    left = as_left(definition, day)
    standing = left.model_copy(update={"agreement": definition.agreement.as_of(last)})
    return {scope.layer: scope for scope in scopes(standing, playbooks)}


def _terms(stages: Sequence[_Stage], layer: str | None, key: str) -> Iterator[Term]:
    """The terms of a KPI that the last stage has, by the names that it bore."""
    scope = stages[-1].parts[layer]
    for stage, (part_of, name) in zip(stages, _names(stages, layer, key), strict=True):
        part = stage.parts.get(part_of)
        kpi = part.kpis.get(name) if part else None
        yield _term(stage, part if part and kpi else scope, kpi, key)


def _names(stages: Sequence[_Stage], layer: str | None, key: str) -> list[tuple[str | None, str]]:
    """The layer and the key of a KPI in each stage: going back, `renamed_from` leads on where a stage knows it not, or
    back to the other name where one was given and taken back."""
    names: list[tuple[str | None, str]] = []
    former_layer = former = None
    for index in range(len(stages) - 1, -1, -1):
        stage = stages[index]
        if layer not in stage.parts and former_layer is not None and former_layer in stage.parts:
            layer = former_layer
        kpis = stage.parts[layer].kpis if layer in stage.parts else {}
        if key not in kpis and former in kpis:
            key = str(former)
        elif key not in kpis and index + 1 < len(stages):
            layer, key = _taken_back(stages[: index + 1], stages[index + 1], (layer, key))
            kpis = stage.parts[layer].kpis if layer in stage.parts else {}
        if layer in stage.version.definition.layers:
            former_layer = stage.version.definition.layers[str(layer)].renamed_from
        if key in kpis:
            former = kpis[key].renamed_from
        names.append((layer, key))
    return names[::-1]


def _taken_back(stages: Sequence[_Stage], following: _Stage, name: tuple[str | None, str]) -> tuple[str | None, str]:
    """The name under which a KPI went on in the last of these stages, if the following one knows that no more: one
    that leads back to its own."""
    gone = _borne(stages[-1]) - _borne(following)
    found = (each for each in sorted(gone, key=str) if name in _names(stages, *each)[:-1])
    return next(found, name)


def _borne(stage: _Stage) -> set[tuple[str | None, str]]:
    return {(layer, key) for layer, part in stage.parts.items() for key in part.kpis}


def _term(stage: _Stage, scope: Scope, kpi: Kpi | None, key: str) -> Term:
    version = stage.version
    zone = zone_of(scope.people[(kpi or scope.kpis[key]).owner], scope.organisations, scope.timezone)
    taken_up = version.taken_up_at.astimezone(zone).date()
    corrected_at = version.taken_up_at if version.kind == "correction" else None
    if stage.on:
        return Term(scope, kpi, stage.on, stage.on, corrected_at=corrected_at)
    match version.kind:
        case "upgrade":
            return Term(scope, kpi, kept_until=taken_up)
        case "first":
            days = version.past_days
            asks_from = date.min if days is None else taken_up - timedelta(days=days)
            return Term(scope, kpi, date.min, taken_up, asks_from)
        case "correction":
            return Term(scope, kpi, version.since or taken_up, taken_up, corrected_at=corrected_at)
        case "edit":
            # A period that ends at the very midnight at which it is taken up ends in its time.
            return Term(scope, kpi, (version.taken_up_at - _INSTANT).astimezone(zone).date(), taken_up)


def _is_same_owner(one: Term, other: Term) -> bool:
    """Whether two terms have one owner: by mail address, or under one key and name, or where one key says that it
    was the other."""
    if one.kpi is None or other.kpi is None:
        return False
    before, after = one.scope.people[one.kpi.owner], other.scope.people[other.kpi.owner]
    if one.kpi.owner == other.kpi.owner:
        return before.email.casefold() == after.email.casefold() or before.name == after.name
    is_renamed = after.renamed_from == one.kpi.owner or before.renamed_from == other.kpi.owner
    return before.email.casefold() == after.email.casefold() or is_renamed
