"""What an edit of a definition would do to what is on record: told before it does it.

Two decisions of one moment are held against one another, by the definition in force and by the edited one. What would
start ladders over periods that had ended, or call a formal review, waits for a person's word; a fact of today (a seat
that falls vacant, a document that ends earlier) calls its review at once, as ever.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.version import Version
from scheduler.domain.ids import KpiId, SeriesId
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.series_hour import under_names
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.services.definition_versions import part_of
from scheduler.services.pipeline import renaming
from scheduler.services.pipeline.decide import GovernanceDecision, decide
from scheduler.services.pipeline.renaming import Renames, kpi_ids, kpis_of, renamed
from scheduler.services.state import PartnershipState

FACTS = ("vacant/", "expired/")
"""So start the keys of causes that an edit does not make but tells of, where the trigger was there before."""
_FEW = 3


@dataclass(frozen=True)
class DroppedPeriods:
    """A KPI that an edit takes out: the begun periods that it would owe no more, those of them whose flags would close,
    how many readings stay on record, and whether anybody was told of a period that is overdue."""

    id: str
    owed: tuple[str, ...]
    flags: tuple[str, ...]
    readings: int
    is_told: bool

    @property
    def says(self) -> str:
        count = _counted(len(self.owed), "period")
        parts = [f"{count} would be owed no more ({_listed(self.owed)})"] if self.owed else []
        if self.flags:
            parts.append(f"the flag{'' if len(self.flags) == 1 else 's'} of {_listed(self.flags)} would close")
        if self.readings:
            stay = "stays" if self.readings == 1 else "stay"
            parts.append(f"{_counted(self.readings, 'reading')} of it {stay} on record")
        if self.is_told:
            parts.append("people were told that it is overdue")
        key = KpiId(self.id).key
        way = f"if it goes on under another key, write renamed_from: {key} there"
        return f"{self.id} is taken out: {'; '.join(parts)}; {way}"


@dataclass(frozen=True)
class Effects:
    """What taking up an edit would do. `dropped` are the KPIs that it takes out, with what is on record of them; `owed`
    the periods that had ended and would be owed; `ladders` those of which somebody would be told at once; `fires` the
    triggers that would fire. `tells` is what to know besides. `cancels` counts the reviews that it would cancel, where
    KPIs are others in it, too, and the guard lets it wait: then nothing of it is taken up."""

    dropped: tuple[DroppedPeriods, ...] = ()
    owed: tuple[Measurement, ...] = ()
    ladders: tuple[Measurement, ...] = ()
    fires: tuple[TriggerEvent, ...] = ()
    tells: tuple[str, ...] = ()
    cancels: int = 0

    @property
    def needs_a_word(self) -> bool:
        return bool(self.ladders or self.fires)

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, in a line each."""
        return (*self.warnings, *self.tells)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of it a person should not overlook."""
        owed = (
            f"{id} would owe {_listed(names)}, which ended before this: {' and '.join(asked)} would be asked at once"
            for id, names, asked in _by_kpi(self.owed)
        )
        fires = (f"a trigger would fire: {each.cause.says}" for each in self.fires)
        return (*(each.says for each in self.dropped), *owed, *fires)


NOTHING = Effects()


def edited(state: PartnershipState, definition: Partnership) -> PartnershipState:
    """The state, were a definition taken up now."""
    after = renamed(state, definition, state.playbooks)
    names = renaming.of(state, definition, state.playbooks).series
    definition = definition.keeping_hours(under_names(state.definition.hours, names))
    known = state.definition
    definition = definition.with_renewals(known.renewals).with_requests(known.requests)
    definition = definition.winding_down(known.wind_downs)
    versions = (*after.versions, Version(definition, state.now))
    return replace(after, definition=definition, versions=versions, taken_up_at=state.now)


def effects(state: PartnershipState, after: Partnership) -> Effects:
    """What taking up `after` now would do. Raises UserError where either definition cannot be planned."""
    return between(decide(state), decide(edited(state, after)), state, after)


def between(was: GovernanceDecision, will: GovernanceDecision, state: PartnershipState, after: Partnership) -> Effects:
    """What tells two decisions of one moment apart, the one by the definition in force and the one by `after`."""
    before, now, named = state.definition, state.now, renaming.of(state, after, state.playbooks)
    names = named.kpis
    known = {(names.get(each.id, each.id), each.period.label): each for each in was.measurements}
    owed = [each for each in will.measurements if _is_new(each, known.get((each.id, each.period.label)), now)]
    fired = {each.cause.identity for each in renaming.causes(was.causes.fired, named)}
    out = _put_back(state, after)
    if out and not any(out.date() <= each.period.last < now.date() for each in will.measurements):
        owed, fired = [], fired | {each.cause.identity for each in state.causes}
    fires = [each for each in will.causes.fired if each.cause.identity not in fired]
    return Effects(
        dropped=tuple(_dropped(was, will, state, names)),
        owed=tuple(owed),
        ladders=tuple(each for each in owed if each.due <= now.date()),
        fires=tuple(each for each in fires if not _is_a_fact(each, before, after)),
        tells=(
            *_tells(was, will, names, state),
            *_of_kpis(was, named),
            *_of_names(named),
            *_of_people(before, after, named.people),
        ),
        cancels=will.cancelled if will.refused and kpis_of(before) != kpis_of(after) else 0,
    )


def _is_new(owed: Measurement, before: Measurement | None, now: datetime) -> bool:
    """Whether a period that has ended would be asked for and was not, or would be late all at once."""
    if owed.status not in ("open", "overdue") or owed.period.last >= now.date():
        return False
    return before is None or (before.status == "open" and owed.status == "overdue")


def _dropped(
    was: GovernanceDecision, will: GovernanceDecision, state: PartnershipState, names: Mapping[str, str]
) -> Iterator[DroppedPeriods]:
    """The KPIs that are taken out and of which anything is on record or owed."""
    today = state.now.date()
    defined = {scope.id.kpi(key) for scope in will.scopes for key in scope.kpis}
    readings = Counter(kpi for kpi, _ in state.readings)
    for id in (scope.id.kpi(key) for scope in was.scopes for key in scope.kpis):
        if names.get(id, id) in defined:
            continue
        mine = [each for each in was.measurements if each.id == id and each.period.first <= today]
        owed = tuple(each.period.name for each in mine if each.status in ("open", "overdue"))
        flags = tuple(each.period.name for each in mine if each.status == "overdue")
        is_told = any(
            each.delivered == "told" for (kpi, _), told in state.notified.items() if kpi == id for each in told
        )
        if owed or readings[id]:
            yield DroppedPeriods(id, owed, flags, readings[id], is_told)


def _is_a_fact(fired: TriggerEvent, before: Partnership, after: Partnership) -> bool:
    """Whether an edit tells of what has come about, and does not change what is asked of it."""
    return fired.cause.key.startswith(FACTS) and before.triggers == after.triggers


def _tells(
    was: GovernanceDecision, will: GovernanceDecision, names: Mapping[str, str], state: PartnershipState
) -> Iterator[str]:
    old = {names.get(id := scope.id.kpi(key), id): kpi for scope in was.scopes for key, kpi in scope.kpis.items()}
    for scope in will.scopes:
        for key, kpi in scope.kpis.items():
            id = scope.id.kpi(key)
            periods = [each for each in will.measurements if each.id == id]
            before = old.get(id)
            if before is None:
                yield _of_a_new_one(id, kpi, periods, taken_out(state.versions, id))
            elif before.every is not kpi.every:
                yield _of_a_changed_frequency(id, kpi, before, periods)
            elif before.target != kpi.target:
                turn = next((each for each in periods if each.kpi.target == kpi.target and not each.reading), None)
                when = f" from {turn.period.name} on" if turn else ""
                correct = f"cadence plan {scope.partnership} --correct --since DATE"
                yield f"{id}: {kpi.target} holds{when}; what ended before is judged as it was ({correct} mends a slip)"
            if before and before.owner != kpi.owner and (late := [each for each in periods if each.ladder_from]):
                yield f"{id}: {kpi.owner} is asked first for {_listed([each.period.name for each in late])}"


def _of_a_changed_frequency(id: str, kpi: Kpi, before: Kpi, periods: Sequence[Measurement]) -> str:
    """From when on it is measured as it says now, and how until then: what was to begin later still never does."""
    others = [index for index, each in enumerate(periods) if each.kpi.every is not kpi.every]
    if periods and not others:
        return f"{id} goes on to be measured each {kpi.every.value}: each {before.every.value} had not begun"
    until = periods[others[-1]].kpi.every if others else before.every
    coming = periods[others[-1] + 1 :] if others else []
    when = f" from {coming[0].period.name} on, which begins on {coming[0].period.first}" if coming else ""
    return f"{id} is measured each {kpi.every.value}{when}; until then each {until.value}"


def _of_people(before: Partnership, after: Partnership, names: Mapping[str, str]) -> Iterator[str]:
    """Who bears another key, and who has another mail address: they alone hear of it."""
    formerly = {new: old for old, new in names.items() if old in before.people}
    for new, old in formerly.items():
        yield f"{new} was {old}: what is on record of {old} goes on under {new}"
    for key, person in after.people.items():
        known = before.people.get(formerly.get(key, key))
        if known and known.email.casefold() != person.email.casefold():
            who = person.name if person.name == known.name else f"{person.name}, and no more {known.name},"
            yield f"{who} is written to at {person.email}: invitations go there, cancellations to {known.email}"


def _of_kpis(was: GovernanceDecision, named: Renames) -> Iterator[str]:
    """The KPIs that bear another key from now on; those of a renamed layer go along with it."""
    defined = {scope.id.kpi(key) for scope in was.scopes for key in scope.kpis}
    for old, new in named.kpis.items():
        if old in defined and not _goes_along(old, new, named):
            yield f"{new} was {KpiId(old).key}: what is on record of it goes on"


def _of_names(named: Renames) -> Iterator[str]:
    """The layers and the series that bear another key; those of a renamed layer go along. What a file goes on saying
    of a name that was given before is no news."""
    moving = {SeriesId(old).scope for old in named.series}
    layers = {old: new for old, new in named.layers.items() if old in moving}
    alone = {old: new for old, new in named.series.items() if not _goes_along(old, new, named)}
    for old, new in {**layers, **alone}.items():
        yield f"{new} was {old.rpartition('/')[2]}: its reviews keep their ids"


def _goes_along(old: str, new: str, named: Renames) -> bool:
    scope, _, key = old.rpartition("/")
    return scope in named.layers and new == f"{named.layers[scope]}/{key}"


def _of_a_new_one(id: str, kpi: Kpi, periods: Sequence[Measurement], dropped: date | None) -> str:
    what = f"{id} was dropped on {dropped} and is put back" if dropped else f"{id} is new"
    waiting = [each for each in periods if each.status in ("open", "overdue")]
    if not waiting:
        return f"{what}, and owes nothing within the horizon"
    first, why = waiting[0].period, "" if kpi.from_ or dropped else "; `from:` says otherwise"
    return f"{what}, and owes from {first.name} on, which begins on {first.first}{why}"


def taken_out(versions: Sequence[Version], id: str) -> date | None:
    """The civil date, in the reviews' zone, on which a KPI was last dropped; None for one that never was."""
    for version, following in zip(reversed(versions[:-1]), reversed(versions[1:]), strict=True):
        if id in kpi_ids(version.definition) and id not in kpi_ids(following.definition):
            zone = ZoneInfo(following.definition.zone)
            return following.since or following.taken_up_at.astimezone(zone).date()
    return None


def _put_back(state: PartnershipState, after: Partnership) -> datetime | None:
    """When what an edit puts back was in force last: a definition that says of KPIs and triggers what an earlier one
    said. What was owed and told by then is no news."""
    part, before = part_of(after), state.definition
    for version, following in zip(reversed(state.versions[:-1]), reversed(state.versions[1:]), strict=True):
        if part_of(version.definition) == part:
            is_same = after.triggers in (before.triggers, version.definition.triggers)
            return following.taken_up_at if is_same else None
    return None


def _by_kpi(owed: Sequence[Measurement]) -> Iterator[tuple[str, list[str], list[str]]]:
    for id, group in groupby(owed, key=lambda each: each.id):
        periods = list(group)
        yield id, [each.period.name for each in periods], list(dict.fromkeys(each.asked for each in periods))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_FEW])
    return shown + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
