"""What people take into a spreadsheet: every reading of the KPIs, corrected ones and what is not reported too, every
action and every decision, of one partnership or of many, as a reader may see them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from scheduler.render.languages import known, sentence
from scheduler.render.office.sheet import Amount, Cell, Column, Sheet

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.measurement import Measurement, Reading
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.kpi_lookup import Call
    from scheduler.services.views.actions import ActionStanding
    from scheduler.services.views.decisions import DecisionStanding
    from scheduler.store.tables import PartnershipRow

    Whose = Sequence[tuple[str, Audience]]
    """The ids of partnerships, and for whom each is looked up."""

Key = Literal["kpis", "actions", "decisions"]
KEYS: tuple[Key, ...] = ("kpis", "actions", "decisions")

_PARTNERSHIP, _ID = Column("partnership", sentence("Partnership"), 30), Column("id", sentence("Id"), 30)
_SAYS = Column("says", sentence("Says"), 60)
_KPIS = (
    _PARTNERSHIP, Column("layer", sentence("Layer")), _ID, Column("kpi", "KPI", 28), Column("level", sentence("Level")),
    Column("organisation", sentence("Organisation"), 18), Column("owner", sentence("Owner"), 18),
    Column("deputy", sentence("Deputy"), 18), Column("period", sentence("Period"), 12),
    Column("from", sentence("From"), 12), Column("until", sentence("Until"), 12), Column("due", sentence("Due"), 12),
    Column("status", sentence("Status"), 12), Column("value", sentence("Value"), 16),
    Column("unit", sentence("Unit"), 10), Column("target", sentence("Target"), 20),
    Column("target_from", sentence("Target from"), 16), Column("target_to", sentence("Target to"), 16),
    Column("met", sentence("Met"), 8), Column("counts", sentence("Counts"), 8),
    Column("reported_at", sentence("Reported at (UTC)"), 18), Column("by", sentence("Reported by"), 18),
    Column("way", sentence("Way"), 10), Column("note", sentence("Note"), 40), Column("excuse", sentence("Excuse"), 40),
    Column("excused_until", sentence("Excused until"), 14),
)  # fmt: skip
_ACTIONS = (
    _PARTNERSHIP, _ID, _SAYS, Column("owner", sentence("Owner"), 18), Column("due", sentence("Due"), 12),
    Column("status", sentence("Status"), 12), Column("overdue_since", sentence("Overdue since"), 14),
    Column("opened_at", sentence("Opened at (UTC)"), 18), Column("done_at", sentence("Done at (UTC)"), 18),
    Column("done_by", sentence("Done by"), 18), Column("remark", sentence("Remark"), 40),
)  # fmt: skip
_DECISIONS = (
    _PARTNERSHIP, _ID, Column("body", sentence("Body"), 24), Column("decided_on", sentence("Decided on"), 14),
    Column("state", sentence("State"), 12), Column("course", sentence("Course"), 12), _SAYS,
    Column("binding_from", sentence("Binding from"), 14), Column("quorate", sentence("Quorum"), 8),
    Column("present", sentence("Present"), 30), Column("taken_by", sentence("Taken by"), 24),
    Column("carried_out_by", sentence("Carried out by"), 18),
    Column("carried_out_at", sentence("Carried out at (UTC)"), 18),
    Column("superseded_by", sentence("Superseded by"), 30), Column("remark", sentence("Remark"), 40),
)  # fmt: skip


def sheets(app: "App", db: "Connection", whose: "Whose", now: "datetime") -> tuple[Sheet, ...]:
    """KPIs, actions and decisions of these partnerships, each as its audience may see it. Rows are looked up as they
    are taken."""
    return (
        Sheet("kpis", sentence("KPIs"), _KPIS, _kpis(app, db, whose, now)),
        Sheet("actions", sentence("Actions"), _ACTIONS, _actions(app, db, whose, now)),
        Sheet("decisions", sentence("Decisions"), _DECISIONS, _decisions(app, db, whose, now)),
    )


# KPIs --------------------------------------------------------------------------------------------------------------


def _kpis(app: "App", db: "Connection", whose: "Whose", now: "datetime") -> Iterator[Sequence[Cell]]:
    from scheduler.rules.access import may_see
    from scheduler.services.kpi_lookup import calls

    for row, audience in _rows(db, whose):
        for call in calls(app, db, row, now).values():
            if may_see(call.kpi, audience):
                yield from _of_kpi(db, call)


def _of_kpi(db: "Connection", call: "Call") -> Iterator[Sequence[Cell]]:
    """A row for each reading, and one for each period that has none. Of the readings of a period the last counts."""
    from scheduler.store import readings

    given: dict[str, list[Reading]] = {}
    for each in readings.history(db, call.id):
        given.setdefault(each.period, []).append(each)
    owed = {each.period.label: each for each in call.periods if each.period.first <= call.today}
    for label in sorted(given.keys() - owed.keys()):
        yield from (_row(call, None, label, each, given[label]) for each in given[label])
    for label, period in owed.items():
        values = [period.judged(each) for each in given.get(label, ())]
        if values:
            yield from (_row(call, period, label, each, values) for each in values)
        else:
            yield _row(call, period, label, None, values)


def _row(
    call: "Call", owed: "Measurement | None", label: str, value: "Reading | None", values: "list[Reading]"
) -> Sequence[Cell]:
    kpi, name = owed.kpi if owed else call.kpi, call.partnership.name_of
    excuse = owed.excuse if owed else None
    return (
        call.partnership.name, call.scope.layer, call.id, kpi.name, kpi.level.value,
        call.partnership.organisation_name(kpi.of), name(kpi.owner), name(kpi.deputy) if kpi.deputy else None,
        label, *((owed.period.first, owed.period.last, owed.due) if owed else (None, None, None)),
        known(owed.status if owed else "reported"), *_value(kpi, value), kpi.unit, *_target(kpi, owed),
        value.met if value else None, value is values[-1] if value else None,
        value.reported_at if value else None, name(value.by) if value and value.by else None,
        value.way if value else None, value.note if value else None,
        excuse.because if excuse else None, excuse.until if excuse else None,
    )  # fmt: skip


def _value(kpi: "Kpi", value: "Reading | None") -> tuple[Cell]:
    if value is None:
        return (None,)
    if kpi.target.kind == "yes":
        return (known("met" if value.value else "missed"),)
    return (Amount(value.value, kpi.unit),)


def _target(kpi: "Kpi", owed: "Measurement | None") -> tuple[Cell, Cell, Cell]:
    """In words, and as numbers from which and to which it is met; nothing where a verdict was given against one that is
    not known any more."""
    from scheduler.render.agenda.kpi_lines import target_words

    target = owed.judged_by if owed else None
    if target is None:
        return None, None, None
    low = Amount(target.low, kpi.unit) if target.kind in (">=", "=", "range") else None
    high = Amount(target.high, kpi.unit) if target.kind in ("<=", "=", "range") else None
    return target_words(kpi), low, high


# Actions and decisions ---------------------------------------------------------------------------------------------


def _actions(app: "App", db: "Connection", whose: "Whose", now: "datetime") -> Iterator[Sequence[Cell]]:
    from scheduler.services.views.actions import promises
    from scheduler.store import actions

    for row, _ in _rows(db, whose):  # partners share their minutes
        definition = _named(app, db, row)
        for each in promises(app, db, actions.recorded(db, row.id), now):
            yield _action(each, definition)


def _action(each: "ActionStanding", definition: "Partnership") -> Sequence[Cell]:
    action, promise = each.action, each.commitment
    owner = promise.owner if promise else action.owner
    why = (promise.owner_because, promise.due_because) if promise else (action.done_because,)
    return (
        definition.name, action.id, action.says, definition.name_of(owner) if owner else None,
        promise.due if promise else action.due, known(each.status),
        promise.overdue_since if promise and each.is_overdue else None,
        action.opened_at, action.done_at, definition.name_of(action.done_by) if action.done_by else None,
        "; ".join(known(word) for word in why if word) or None,
    )  # fmt: skip


def _decisions(app: "App", db: "Connection", whose: "Whose", now: "datetime") -> Iterator[Sequence[Cell]]:
    from scheduler.services.views.decisions import of_partnership

    for row, _ in _rows(db, whose):
        definition = _named(app, db, row)
        for each in of_partnership(app, db, row, now):
            yield _decision(each, definition)


def _decision(each: "DecisionStanding", definition: "Partnership") -> Sequence[Cell]:
    decision, name = each.decision, definition.name_of
    remarks = (decision.withdrawn_because, each.draft_because, decision.carried_out_because)
    return (
        definition.name, decision.id, each.body, decision.decided_on, known(each.state),
        known(decision.course) if decision.course else None, decision.says, each.binding_from, each.quorate,
        ", ".join(name(key) for key in each.present) or None,
        decision.taken_by or (name(decision.decided_by) if decision.decided_by else None),
        name(decision.carried_out_by) if decision.carried_out_by else None, decision.carried_out_at,
        decision.superseded_by, "; ".join(filter(None, remarks)) or None,
    )  # fmt: skip


def _rows(db: "Connection", whose: "Whose") -> "Iterator[tuple[PartnershipRow, Audience]]":
    """One after the other: there may be very many."""
    from scheduler.store import partnerships

    for id, audience in whose:
        row = partnerships.get(db, id)
        if row is not None:
            yield row, audience


def _named(app: "App", db: "Connection", row: "PartnershipRow") -> "Partnership":
    """The definition in force, which knows who was in it before."""
    from scheduler.services import definition_versions

    return app.in_force(row).knowing(definition_versions.names(definition_versions.recorded(app, db, row)))
