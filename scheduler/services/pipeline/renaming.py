"""Names that an edit gives: which KPI, review series, layer or person bears another key now, by what is written, and
where a name that an earlier definition gave is taken back (a file restored as it was).

What is on record is known by the last name; a review's own id and UID stay as they are (`plan/identity.py`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import RESERVED, Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.playbook import Playbook, Terms
from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.ids import ScopeId, SeriesId
from scheduler.domain.record.review import Recorded, under_keys
from scheduler.domain.record.trigger_event import COUNTED, TriggerEvent
from scheduler.rules.reviews.identity import borne_by_others
from scheduler.rules.reviews.series import renamed_standards
from scheduler.services.state import PartnershipState

Books = Mapping[Model, Playbook]
Names = dict[str, str]
OTHER_KEY = "give the new one another key, or the old one its former key back"
"""The way out where a key cannot be had."""


class _Sort(NamedTuple):
    """What bears names: the ids that a definition has, and those that it says others bore before, with the new ones."""

    ids: Callable[[Partnership], set[str]]
    written: Callable[[Partnership], Names]


@dataclass(frozen=True)
class Renames:
    """The ids borne before, with those borne now: of KPIs, of review series and of layers; and the keys of people."""

    kpis: Names = field(default_factory=dict)
    series: Names = field(default_factory=dict)
    layers: Names = field(default_factory=dict)
    people: Names = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kpis or self.series or self.layers or self.people)


def renames(
    definition: Partnership, earlier: Iterable[Partnership], books: Books, on_record: Collection[str]
) -> Renames:
    """What a definition gives other names, after the `earlier` ones that were in force. `on_record` are the ids of the
    series that have reviews: those that a renamed layer had once go along."""
    past = list(earlier)
    layers, by_series = _moved(_LAYERS, definition, past), _moved(_series_of(books), definition, past)
    found = {old: new for old, new in by_series.items() if old in on_record}
    for id in on_record:
        series = SeriesId(id)
        if series.scope in layers and id not in found:
            found[id] = ScopeId(layers[series.scope]).series(series.key)
    return Renames(kpi_renames(definition, past), found, layers, _people_moved(definition, past))


def kpi_renames(definition: Partnership, earlier: Iterable[Partnership] = ()) -> Names:
    """The ids that KPIs bore before, with those that they bear."""
    return _moved(_KPIS, definition, earlier)


def former_kpis(definitions: Iterable[Partnership]) -> Names:
    """Every id that a KPI ever bore in these definitions, the last one in force, with the one that it bears."""
    return _latest(_KPIS, definitions)


def goes_on_as(definitions: Sequence[Partnership], id: str) -> list[Kpi]:
    """What became of a KPI that bore this id in one of these definitions: as the last of them has it that has it still,
    under that id or any that it was given. More than one, where the id was given to another KPI meanwhile."""
    ids, before = {id}, set[str]()
    written = [pair for each in definitions for pair in _kpis_written(each).items()]
    while ids != before:
        before, ids = ids, ids | {new for old, new in written if old in ids}
    of_each = ([kpi for each in sorted(ids) if (kpi := known.kpi(each))] for known in reversed(definitions))
    return next((found for found in of_each if found), [])


def former_people(definitions: Iterable[Partnership]) -> Names:
    """Every key that somebody ever bore in these definitions, the last one in force, with the one that they bear."""
    return _latest(_PEOPLE, definitions)


def earlier(state: PartnershipState) -> list[Partnership]:
    """The definitions that have been in force, the last one in force now."""
    return [each.definition for each in state.versions]


def of(state: PartnershipState, definition: Partnership, books: Books) -> Renames:
    """What a definition would give other names, of what is remembered."""
    on_record = {record.review.series_id for record in state.recorded.values()}
    return renames(definition, earlier(state), books, on_record)


def keys_taken(state: PartnershipState, definition: Partnership, books: Books) -> list[str]:
    """Why keys of a definition cannot be had: reviews of a series that bears another key now keep ids that are made of
    them."""
    recorded = renamed(state, definition, books).recorded.values()
    return [
        f"{id} is what {other} was called before, and reviews of {other} keep ids that are made of it"
        for id, other in borne_by_others(recorded, _series_ids(definition, books)).items()
    ]


def kpis_of(definition: Partnership) -> dict[str, Kpi]:
    """The KPIs of a definition by their ids."""
    id = definition.partnership
    own: dict[str, Kpi] = {ScopeId(id).kpi(key): kpi for key, kpi in definition.kpis.items()}
    return own | {
        ScopeId.of(id, name).kpi(key): kpi
        for name, layer in definition.layers.items()
        for key, kpi in layer.kpis.items()
    }


def kpi_ids(definition: Partnership) -> set[str]:
    """The ids of the KPIs of a definition."""
    return {*kpis_of(definition)}


def renamed(state: PartnershipState, definition: Partnership, books: Books) -> PartnershipState:
    """What is remembered, under the names that a definition gives."""
    names = of(state, definition, books)
    if not names:
        return state
    kpis, series, layers = names.kpis, names.series, names.layers
    state = _of_people(state, names.people) if names.people else state
    readings = (replace(each, kpi=kpis.get(each.kpi, each.kpi)) for each in state.readings.values())
    excuses = (replace(each, kpi=kpis.get(each.kpi, each.kpi)) for each in state.excuses.values())
    return replace(
        state,
        readings={(each.kpi, each.period): each for each in readings},
        excuses={(each.kpi, each.period): each for each in excuses},
        kept_dues={(kpis.get(kpi, kpi), period): due for (kpi, period), due in state.kept_dues.items()},
        notified={(kpis.get(kpi, kpi), period): told for (kpi, period), told in state.notified.items()},
        causes=causes(state.causes, names),
        recorded={id: _of_series(record, series.get(record.review.series_id)) for id, record in state.recorded.items()},
        assigned=[replace(each, series=series.get(each.series, each.series)) for each in state.assigned],
        seen={layers.get(scope, scope): since for scope, since in state.seen.items()},
        keeps={series.get(each, each) for each in state.keeps},
    )


def _of_people(state: PartnershipState, names: Names) -> PartnershipState:
    """What is remembered, with people under the keys that they bear now."""

    def now(key: str | None) -> str | None:
        return names.get(key, key) if key else key

    return replace(
        state,
        recorded={
            id: replace(record, review=under_keys(record.review, names)) for id, record in state.recorded.items()
        },
        readings={id: replace(each, by=now(each.by)) for id, each in state.readings.items()},
        excuses={id: replace(each, by=now(each.by)) for id, each in state.excuses.items()},
        assigned=[replace(each, owner=now(each.owner)) for each in state.assigned],
        notified={id: [replace(each, person=now(each.person)) for each in told] for id, told in state.notified.items()},
    )


def _of_series(record: Recorded, id: str | None) -> Recorded:
    """The record, as one of a series with another id."""
    if id is None:
        return record
    series = SeriesId(id)
    return replace(record, review=replace(record.review, layer=series.scope.layer, series=series.key))


def causes(fired: Iterable[TriggerEvent], names: Renames) -> list[TriggerEvent]:
    """What fired, under the names given."""
    return [_renamed_cause(each, names) for each in fired]


def _renamed_cause(fired: TriggerEvent, names: Renames) -> TriggerEvent:
    cause, all_names = fired.cause, {**names.series, **names.kpis}
    key, scope = cause.key, names.layers.get(cause.scope, cause.scope)
    kind = next((kind for kind in COUNTED if key.startswith(kind)), None)
    if kind and (new := all_names.get(cause.matter.removeprefix(kind))):
        key, scope = f"{kind}{new}/{key.rpartition('/')[2]}", SeriesId(new).scope
    return replace(fired, cause=replace(cause, key=key, scope=scope))


# What earlier definitions gave -------------------------------------------------------------------------------------


def _moved(sort: _Sort, definition: Partnership, earlier: Iterable[Partnership]) -> Names:
    return _step(sort, definition, _latest(sort, earlier))


def _latest(sort: _Sort, definitions: Iterable[Partnership]) -> Names:
    """The ids that were borne, with the last ones under which what is on record of them goes on."""
    latest: Names = {}
    for definition in definitions:
        for old, new in _step(sort, definition, latest).items():
            latest = {former: new if last == old else last for former, last in latest.items()} | {old: new}
        defined = sort.ids(definition)
        latest = {former: last for former, last in latest.items() if former not in defined}
    return latest


def _step(sort: _Sort, definition: Partnership, latest: Mapping[str, str]) -> Names:
    """What is written; of a name that had gone on under another one, that too; and what is taken back."""
    defined, written = sort.ids(definition), sort.written(definition)
    back = {last: former for former, last in latest.items() if former in defined and last not in defined}
    onward = {latest[old]: new for old, new in written.items() if old in latest and latest[old] not in defined}
    return back | onward | written


def _kpis_written(definition: Partnership) -> Names:
    id, found = definition.partnership, Names()
    for key, kpi in definition.kpis.items():
        if kpi.renamed_from and kpi.renamed_from not in definition.kpis:
            found[ScopeId(id).kpi(kpi.renamed_from)] = ScopeId(id).kpi(key)
    for name, layer in definition.layers.items():
        former = layer.renamed_from if layer.renamed_from not in definition.layers else None
        for key, kpi in layer.kpis.items():
            before = kpi.renamed_from if kpi.renamed_from and kpi.renamed_from not in layer.kpis else key
            if former or before != key:
                found[ScopeId.of(id, former or name).kpi(before)] = ScopeId.of(id, name).kpi(key)
    return found


def _layer_ids(definition: Partnership) -> set[str]:
    return {ScopeId.of(definition.partnership, name) for name in definition.layers}


def _layers_written(definition: Partnership) -> Names:
    id, layers = definition.partnership, definition.layers
    return {
        ScopeId.of(id, layer.renamed_from): ScopeId.of(id, name)
        for name, layer in layers.items()
        if layer.renamed_from and layer.renamed_from not in layers
    }


class _Held(NamedTuple):
    """The series of an umbrella or a layer: its id, the one that it bore before, and what is written of its series."""

    scope: str
    former: str | None
    keys: frozenset[str]
    reviews: Mapping[str, Terms]


def _held(definition: Partnership, books: Books) -> Iterator[_Held]:
    id, changes = definition.partnership, definition.agreement.amendments
    models = (definition.model, *(amendment.model for amendment in changes))
    yield _Held(id, None, _keys(definition.reviews, models, books), definition.reviews)
    for name, layer in definition.layers.items():
        former = layer.renamed_from if layer.renamed_from not in definition.layers else None
        keys = _keys(layer.reviews, (layer.model,), books) | {*RESERVED, Kind.EXIT.value}
        yield _Held(ScopeId.of(id, name), ScopeId.of(id, former) if former else None, keys, layer.reviews)


def _keys(reviews: Mapping[str, Terms], models: Sequence[Model], books: Books) -> frozenset[str]:
    standard = {key for model in models if model in books for key in books[model].series}
    own = renamed_standards(reviews, standard)
    off = {key for key, terms in reviews.items() if terms.off}
    return frozenset({*(own.get(key, key) for key in standard), *reviews} - off)


def _series_ids(definition: Partnership, books: Books) -> set[str]:
    return {ScopeId(each.scope).series(key) for each in _held(definition, books) for key in each.keys}


def _series_of(books: Books) -> _Sort:
    def written(definition: Partnership) -> Names:
        found: Names = {}
        for scope, former, keys, reviews in _held(definition, books):
            for key in keys:
                said = reviews[key].renamed_from if key in reviews else None
                before = said if said and said not in keys else key
                if former or before != key:
                    found[ScopeId(former or scope).series(before)] = ScopeId(scope).series(key)
        return found

    return _Sort(lambda definition: _series_ids(definition, books), written)


def _people_written(definition: Partnership) -> Names:
    people = definition.people
    return {
        person.renamed_from: key
        for key, person in people.items()
        if person.renamed_from and person.renamed_from not in people
    }


def _people_moved(definition: Partnership, earlier: Sequence[Partnership]) -> Names:
    """The keys that people bore before, with those that they bear. What is not written goes to the same person alone:
    a key may have become somebody else's."""
    written = _people_written(definition)
    return {
        old: new
        for old, new in _moved(_PEOPLE, definition, earlier).items()
        if written.get(old) == new or _was_known(definition.people[new], (old, new), earlier)
    }


def _was_known(person: Person, keys: Collection[str], earlier: Iterable[Partnership]) -> bool:
    """Whether somebody of that address or that name bore one of these keys."""
    known = (each.people[key] for each in earlier for key in keys if key in each.people)
    return any(each.email.casefold() == person.email.casefold() or each.name == person.name for each in known)


_KPIS = _Sort(kpi_ids, _kpis_written)
_LAYERS = _Sort(_layer_ids, _layers_written)
_PEOPLE = _Sort(lambda definition: {*definition.people}, _people_written)
