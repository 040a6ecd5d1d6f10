"""A KPI that somebody names, and the periods of it that are owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from sqlalchemy import Connection

from scheduler.definitions.naming import unknown
from scheduler.definitions.problems import quoted
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue, UnknownKpi, UserError
from scheduler.domain.ids import KpiId
from scheduler.domain.record.measurement import Measurement
from scheduler.rules.access import Audience, asked_for, may_see
from scheduler.rules.calendar.periods import period_named, period_of
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.reviews.scopes import Scope
from scheduler.services import definition_versions, lookup
from scheduler.services.app import App
from scheduler.services.pipeline.renaming import former_kpis
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class Limits:
    """To what somebody is held: one `partnership` or all of them, as an `organisation` sees them or as the operator;
    `seen_by` says it where there is more to say: somebody of no organisation is no operator."""

    partnership: str | None = None
    organisation: str | None = None
    seen_by: Audience | None = None

    @classmethod
    def of(cls, audience: Audience, partnership: str | None = None) -> Self:
        """The limits of whoever reads."""
        return cls(partnership, audience.organisation, audience)

    def admit(self, definition: Partnership) -> bool:
        is_named = self.partnership in (None, definition.partnership)
        return is_named and self._audience.is_of(definition.organisations)

    def show(self, kpi: Kpi) -> bool:
        return may_see(kpi, self._audience)

    @property
    def _audience(self) -> Audience:
        return self.seen_by or asked_for(self.organisation)


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Call:
    """A KPI of the definition in force, the periods it owes or owed, oldest first, and its owner's date.

    `id` is ``<partnership>[/<layer>]/<key>``; `former` are the ids that it bore before."""

    id: str
    kpi: Kpi
    scope: Scope
    partnership: Partnership
    row: PartnershipRow
    periods: tuple[Measurement, ...]
    today: date
    former: frozenset[str] = frozenset()

    def oldest_owed(self) -> Measurement:
        """The oldest period that has ended and waits for a reading. Raises `UserError` where none does."""
        waiting = (each for each in self.periods if self.has_ended(each) and each.status in ("open", "overdue"))
        owed = next(waiting, None)
        if owed is None:
            ended = [each.period.label for each in self.periods if self.has_ended(each)]
            hint = f"to correct one, name it: --period {ended[-1]}" if ended else self.first_ends()
            raise UserError(f"{self.id} owes no reading: no period that has ended waits for one", hint)
        return owed

    def ended(self, label: str) -> Measurement:
        """The period of that name, which has ended. Raises `UserError`."""
        owed = self.named(label)
        if not self.has_ended(owed):
            what = f"{owed.period.name} ends on {owed.period.last}, and nothing can be reported before it has ended"
            raise UserError(what, "wait for its end, or name a period that has ended")
        return owed

    def named(self, label: str) -> Measurement:
        """The period of that name. Raises `UserError` for one that this KPI does not have."""
        by_label = {each.period.label: each for each in self.periods}
        if label not in by_label:
            ended = [each.period.label for each in self.periods if self.has_ended(each)]
            lately = f"the last ones are {', '.join(ended[-3:])}" if ended else self.first_ends()
            raise unknown(f"period of {self.id} called", label, by_label, lately)
        return by_label[label]

    def has_ended(self, owed: Measurement) -> bool:
        return owed.period.last < self.today

    def first_ends(self) -> str:
        return f"its first period, {self.periods[0].period.name}, ends on {self.periods[0].period.last}"


def before_the_first(call: Call, label: str) -> Measurement | None:
    """A period of that name as the KPI is measured today, from before the first that it owes: nobody is asked for it.
    None for another one, and for what names no such period."""
    kpi, fiscal = call.kpi, call.scope.organisations.get(call.kpi.fiscal or "")
    starts = fiscal.fiscal_start if fiscal else None
    try:
        period = period_named(label, starts)
    except InvalidValue:
        return None
    is_one = period_of(period.first, kpi.every, starts) == period
    if not is_one or period.last >= call.periods[0].period.first:
        return None
    return Measurement(
        id=call.id,
        partnership=call.partnership.partnership,
        layer=call.scope.layer,
        key=KpiId(call.id).key,
        kpi=kpi,
        period=period,
        asked=kpi.owner,
        asked_because=None,
        due=period.last,
        overdue_since=period.last + timedelta(days=1),
        status="open",
        reading=None,
        counts=False,
    )


def measured(
    app: App, db: Connection, row: PartnershipRow, now: datetime
) -> Iterator[tuple[Scope, tuple[Measurement, ...]]]:
    """Each scope of a partnership with what it owes, until the horizon. One that was ended owes nothing more, and
    keeps what was reported."""
    return _measured(row, remembered(app, db, row, now))


def _measured(row: PartnershipRow, state: PartnershipState) -> Iterator[tuple[Scope, tuple[Measurement, ...]]]:
    for id, owed in state.owed.items():
        is_over = row.ended_at is not None
        yield state.scopes[id], tuple(each for each in owed if each.status == "reported") if is_over else owed


def calls(app: App, db: Connection, row: PartnershipRow, now: datetime) -> dict[str, Call]:
    """Every KPI of a partnership, by id."""
    return calls_of(row, remembered(app, db, row, now))


def calls_of(row: PartnershipRow, state: PartnershipState) -> dict[str, Call]:
    """The same, of a state."""
    definition = state.definition.knowing(definition_versions.names(state.versions))
    former = former_kpis(each.definition for each in state.versions)
    return {
        (id := scope.id.kpi(key)): Call(
            id,
            kpi,
            scope,
            definition,
            row,
            tuple(each for each in owed if each.id == id),
            local_date(scope, kpi, state.now),
            frozenset(old for old, new in former.items() if new == id),
        )
        for scope, owed in _measured(row, state)
        for key, kpi in scope.kpis.items()
    }


def call(app: App, db: Connection, id: str, now: datetime, limits: Limits = NO_LIMITS, *, ended: bool = False) -> Call:
    """The KPI of that id, which may be reported; with `ended` also one that is only looked at. Raises UnknownKpi;
    `UserError` where it owes nothing at all."""
    row = governing(app, db, id, limits)
    of_partnership = calls(app, db, row, now)
    return known(of_partnership, row, id, limits) if ended else chosen(of_partnership, row, id, limits)


def governing(app: App, db: Connection, id: str, limits: Limits) -> PartnershipRow:
    """The partnership of a KPI. Raises UnknownKpi, which tells nobody but the operator what others there are."""
    row = partnerships.get(db, KpiId(id).partnership)
    if row is not None and limits.admit(app.in_force(row)):
        return row
    if limits != NO_LIMITS:
        raise UnknownKpi(f"there is no KPI {quoted(id)}", "check its id, and what this token is for")
    known = [each.id for each in partnerships.listing(db)]
    way_out = "cadence list shows them all" if known else "nothing is taken up yet: run cadence once"
    missing = unknown("partnership", KpiId(id).partnership, known, way_out)
    raise UnknownKpi(missing.what, missing.hint)


def chosen(of_partnership: dict[str, Call], row: PartnershipRow, id: str, limits: Limits) -> Call:
    """The KPI of that id among those of its partnership, which may be reported. Raises `UserError`."""
    found = known(of_partnership, row, id, limits)
    lookup.not_ended(row)
    if not found.periods:
        raise UserError(f"{id} has no period within the horizon", "see its `from` and `every`, and when it all starts")
    return found


def known(of_partnership: dict[str, Call], row: PartnershipRow, id: str, limits: Limits) -> Call:
    """The KPI of that id, or that bore it before, among those of its partnership. Raises UnknownKpi."""
    ids = [name for name, each in of_partnership.items() if limits.show(each.kpi)]
    if id not in ids:
        id = next((name for name in ids if id in of_partnership[name].former), id)
    if id not in ids:
        missing = unknown("KPI", id, ids, f"cadence kpi list --partnership {row.id} lists them")
        raise UnknownKpi(missing.what, missing.hint)
    return of_partnership[id]
