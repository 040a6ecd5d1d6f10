"""A reading is reported: the one way in for the command line, the form, the API and the import of files.

All or nothing, in one transaction; what it changes (a flag that closes, a letter that need not be sent) is settled in
that same transaction. Whoever reports the same once more changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from scheduler.definitions.naming import person
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.people import numbers_of
from scheduler.domain.errors import BatchRefused, InvalidValue, NeedsConfirmation, NotTheirs, UserError
from scheduler.domain.ids import KpiId
from scheduler.domain.record.measurement import Measurement, Reading, Way
from scheduler.domain.user_input import pointed, without_unit, words
from scheduler.render.far_off import FarOff, far_off_words
from scheduler.render.languages import sentence
from scheduler.render.wording import one_line
from scheduler.rules.access import audience_of, may_see
from scheduler.rules.kpis.plausibility import is_far_off
from scheduler.services.app import App
from scheduler.services.kpi_lookup import NO_LIMITS, Call, Limits, before_the_first, calls_of, chosen, governing
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import StoreError, flags, readings

Key = tuple[str, str]
"""A KPI id and the label of a period."""


@dataclass(frozen=True)
class ReportedValue:
    """What somebody reports. `value` is as they wrote it; `period` is the label of one that has ended, None for the
    oldest that has and waits; `by` is a person's key or mail address.

    `way` is how it comes in. `numbers` is the convention that its value is written by, where that is known better than
    from the definition; an `exact` value has a decimal point and no other mark, as a number of JSON has. `confirmed` is
    that a value far from all others is meant.
    """

    kpi: str
    value: str
    period: str | None = None
    note: str | None = None
    by: str | None = None
    way: Way = "command"
    numbers: str | None = None
    exact: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class Reported:
    """A reading on record, the one that it corrects, and what that changed. Without `is_new` it was there before;
    `far_off` says what it is far from, where it is."""

    owed: Measurement
    reading: Reading
    corrects: Reading | None
    is_new: bool
    is_settled: bool = False
    """Whether its period was overdue until now."""
    far_off: FarOff | None = None

    @property
    def key(self) -> Key:
        return self.reading.kpi, self.reading.period


def report(
    app: App,
    kpi: str,
    period: str | None,
    value: str,
    note: str | None,
    by: str | None,
    now: datetime,
    way: Way = "command",
    confirmed: bool = False,
) -> Reported:
    """Report one reading. Raises `UserError`: an unknown KPI, period or person, a period that has not ended, what is no
    value of this KPI, a partnership that was ended, a KPI that this person may not see; NeedsConfirmation for a value
    that is far from all others."""
    try:
        return report_all(app, [ReportedValue(kpi, value, period, note, by, way, confirmed=confirmed)], now)[0]
    except BatchRefused as refused:
        raise refused.faults[0][1] from None


def report_all(app: App, entries: Sequence[ReportedValue], now: datetime, limits: Limits = NO_LIMITS) -> list[Reported]:
    """Report readings in their order, at an aware moment: all of them or, with every fault there is, none. Raises
    Refused."""
    with app.store.write(*(each.kpi for each in entries)) as db:
        return report_in(app, db, entries, now, limits)


def report_in(
    app: App, db: Connection, entries: Sequence[ReportedValue], now: datetime, limits: Limits = NO_LIMITS
) -> list[Reported]:
    """The same inside the caller's transaction, which must be given up where it raises Refused."""
    batch, taken, faults = _Batch(app, db, now, limits), list[Reported](), list[tuple[int, UserError]]()
    for index, entry in enumerate(entries):
        try:
            taken.append(batch.take(entry))
        except StoreError:
            raise
        except UserError as trouble:
            faults.append((index, trouble))
    if faults:
        raise BatchRefused(faults)
    settled = settle(app, db, {each.key for each in taken if each.is_new}, now, batch.states)
    return [replace(each, is_settled=each.key in settled) for each in taken]


def settle(
    app: App,
    db: Connection,
    keys: Collection[Key],
    now: datetime,
    states: Mapping[str, PartnershipState] | None = None,
) -> set[Key]:
    """Bring flags and letters up to date at once, in the same transaction; return those of `keys` that are overdue no
    longer. `states` are those of partnerships as they stand, where the caller has them."""

    def overdue() -> set[Key]:
        found = (flag for id in ids for flag in flags.open_flags(db, id))
        return {(each.kpi, each.period) for each in found} & set(keys)

    ids = sorted({KpiId(kpi).partnership for kpi, _ in keys})
    before = overdue()
    for id in ids:
        govern_in(app, db, id, now, (states or {}).get(id))
    return before - overdue()


def refuse_hidden(call: Call, by: str) -> None:
    """Raises NotTheirs where the KPI is hidden from this person, who so can say nothing of it."""
    if not may_see(call.kpi, audience_of(by, call.partnership)):
        raise NotTheirs(f"{call.id} is internal to {call.kpi.of}, and {by} is not of it", "name one of its people")


class _Batch:
    """Takes readings within one transaction; what each partnership owes is worked out once."""

    def __init__(self, app: App, db: Connection, now: datetime, limits: Limits) -> None:
        self._app, self._db, self._now, self._limits = app, db, now, limits
        self.states: dict[str, PartnershipState] = {}
        self._calls: dict[str, dict[str, Call]] = {}
        self._imported: dict[str, set[str | None]] = {}

    def take(self, entry: ReportedValue) -> Reported:
        call = self._call(entry.kpi)
        self._refuse_anothers(call)
        owed = self._period(call, entry)
        self._refuse_twice(owed, entry)
        by = self._reporter(call, entry.by)
        convention = entry.numbers or self._convention(call, by)
        value = read_value(owed.kpi, entry.value, convention, exact=entry.exact)
        reading = Reading(
            kpi=owed.id,
            period=owed.period.label,
            value=value,
            met=owed.kpi.target.met(value),
            reported_at=self._now,
            by=by,
            note=_note(entry.note),
            way="history" if owed.period.last < call.periods[0].period.first else entry.way,
        )
        before = owed.reading
        if before and (before.value, before.note) == (reading.value, reading.note):
            return Reported(owed, before, None, is_new=False)
        far_off = _far_off(call, owed, reading, convention) if before is None or before.value != value else None
        if far_off and not entry.confirmed and entry.way != "import":
            raise IsFarOff(far_off, entry.way)
        readings.add(self._db, reading)
        state = self.states[call.row.id]
        said = {**state.readings, (reading.kpi, reading.period): reading}
        self.states[call.row.id] = state.with_record(readings=said)
        self._remember(call, replace(owed, status="reported", reading=reading))
        return Reported(owed, reading, before, is_new=True, far_off=far_off)

    def _period(self, call: Call, entry: ReportedValue) -> Measurement:
        """What a value is for: the oldest period that waits, where none is named; of a file also one of before the
        first that is owed. Raises `UserError`."""
        if entry.period is None:
            return call.oldest_owed()
        if entry.way == "import" and (past := before_the_first(call, entry.period)):
            known = self.states[call.row.id].readings.get((call.id, past.period.label))
            return replace(past, reading=known)
        return call.ended(entry.period)

    def _call(self, id: str) -> Call:
        row = governing(self._app, self._db, id, self._limits)
        if row.id not in self._calls:
            self.states[row.id] = remembered(self._app, self._db, row, self._now)
            self._calls[row.id] = calls_of(row, self.states[row.id])
        return chosen(self._calls[row.id], row, id, self._limits)

    def _refuse_twice(self, owed: Measurement, entry: ReportedValue) -> None:
        """A file says one thing of a period once; and of lines without one, who knows which is which? Raises
        `UserError`."""
        if entry.way != "import":
            return
        taken = self._imported.setdefault(owed.id, set())
        if entry.period is None and None in taken:
            raise UserError(
                f"{owed.id} stands twice in the file, both times without a period", "name the period of each"
            )
        if owed.period.label in taken:
            raise UserError(
                f"{owed.id} stands in the file a second time for {owed.period.name}", "leave one of the two"
            )
        taken.update({owed.period.label} | ({None} if entry.period is None else set()))

    def _convention(self, call: Call, by: str | None) -> str | None:
        """How numbers are written by whoever reports: a person, else the organisation that the token is of, else all
        organisations alike."""
        people, organisations = call.partnership.people, call.partnership.organisations
        if by is not None:
            return numbers_of(people[by], organisations)
        known = organisations.get(self._limits.organisation or "")
        said = {each.numbers for each in ((known,) if known else organisations.values())}
        return said.pop() if len(said) == 1 else None

    def _remember(self, call: Call, owed: Measurement) -> None:
        periods = tuple(owed if each.period == owed.period else each for each in call.periods)
        self._calls[call.row.id][call.id] = replace(call, periods=periods)

    def _refuse_anothers(self, call: Call) -> None:
        """An organisation reports what one of its own people owes; what another side owes it only sees."""
        mine = self._limits.organisation
        owners = {call.partnership.organisation_of(key) for key in (call.kpi.owner, call.kpi.deputy) if key}
        if mine is not None and mine not in owners:
            raise NotTheirs(f"{call.id} is owed by {call.kpi.owner}, who is not of {mine}", "leave it to its owner")

    def _reporter(self, call: Call, written: str | None) -> str | None:
        """The key of who reports. Raises `UserError` for a stranger, NotTheirs for whom this is hidden from."""
        by = person(call.partnership, written)
        if by is None:
            return None
        mine = self._limits.organisation
        if mine is not None and call.partnership.organisation_of(by) != mine:
            raise NotTheirs(f"{by} is not of {mine}", "name one of your own people, or nobody")
        refuse_hidden(call, by)
        return by


_ASKED: dict[Way, str] = {
    "command": "if it is meant, say so: --confirm",
    "api": 'if it is meant, send it again with "confirm": true',
    "form": sentence("if it is meant, say so and send it again"),
    "mail": sentence('if it is meant, answer "yes"; else with the number that is'),
}


class IsFarOff(NeedsConfirmation):
    """A value is `far` from what it can be held against."""

    def __init__(self, far: FarOff, way: Way) -> None:
        super().__init__(far_off_words(far), _ASKED[way])
        self.far = far


def _far_off(call: Call, owed: Measurement, reading: Reading, convention: str | None) -> FarOff | None:
    """What a value is far from: the target, and what was reported for other periods."""
    others = [(each.period, each.reading) for each in call.periods if each.reading and each.period != owed.period]
    if not is_far_off(reading.value, owed.kpi.target, (each.value for _, each in others)):
        return None
    return FarOff(owed.kpi, reading, convention, others[-1] if others else None)


def read_value(kpi: Kpi, written: str, convention: str | None, *, exact: bool = False) -> Decimal:
    """What somebody writes as a value of a KPI. Raises `UserError`."""
    try:
        if kpi.target.kind != "yes" and not exact:
            written = pointed(without_unit(written, kpi.unit), convention)
        return kpi.target.value(written)
    except InvalidValue as fault:
        raise UserError(one_line(fault.what), fault.hint) from None


def _note(written: str | None) -> str | None:
    """What should be known about a value; an empty note is none. Raises `UserError`."""
    if written is None or not written.strip():
        return None
    try:
        return words(written)
    except InvalidValue as fault:
        raise UserError(f"the note cannot be kept: {fault.what}", fault.hint) from None
