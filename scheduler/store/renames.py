"""What is on record of a KPI, a review series, a layer or a person, under a new key or mail address: it goes on as one
history.

Only names change: no value, no moment, no order. What the new name has already stays as it is, and the old name keeps
what would stand twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, literal, select, update

from scheduler.domain.definition.trigger import TRIGGERS, OfKpi
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.ids import KpiId, SeriesId
from scheduler.domain.record import series_hour
from scheduler.domain.record.proposal import PERSON

from . import core_tables
from .notifications import Key

_BY_KPI: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (core_tables.reading, "kpi", ()),
    (core_tables.excuse, "kpi", ()),
    (core_tables.measure, "kpi", ("period",)),
    (core_tables.flag, "kpi", ("period",)),
    (core_tables.notice, "subject", ("period", "rung", "occasion", "email")),
    (core_tables.dispute, "subject", ()),
    (core_tables.letter_question, "subject", ()),
)
"""Where a KPI's id stands, and what beside it tells one row from the next."""
_OF_KPIS = tuple(when for when, kind in TRIGGERS.items() if issubclass(kind, OfKpi))
"""So start the keys of causes that name a KPI."""
_OF_SERIES = ("skipped", "not_closed", "quorum_missed", "adherence")
"""So start the keys of causes that name a series."""
_BY_SERIES = (
    (core_tables.parked_item, "series"),
    (core_tables.action, "series"),
    (core_tables.invited, "subject"),
    (core_tables.answer, "subject"),
    (core_tables.reply, "subject"),
    (core_tables.letter, "subject"),
)
"""Where a series' id stands."""
_PEOPLE = (
    (core_tables.reading, ("person",)),
    (core_tables.excuse, ("person",)),
    (core_tables.measure, ("asked",)),
    (core_tables.flag, ("owner",)),
    (core_tables.notice, ("person",)),
    (core_tables.letter_question, ("person",)),
    (core_tables.action, ("owner", "done_by", "due_given_by", "handed_by")),
    (core_tables.judgement, ("person",)),
    (core_tables.decision, ("decided_by", "carried_out_by", "carried_out_said_by", "superseded_said_by")),
    (core_tables.launch_tick, ("person",)),
    (core_tables.exit_word, ("person",)),
    (core_tables.agenda_item, ("by", "dropped_by")),
    (core_tables.agenda_version, ("by",)),
    (core_tables.pre_read, ("by",)),
    (core_tables.minutes_filing, ("filed_by",)),
    (core_tables.objection, ("by", "settled_by")),
    (core_tables.presence, ("person", "stand_in", "said_by")),
    (core_tables.dispute, ("person", "settled_by")),
    (core_tables.proposal, ("proposed_by", "withdrawn_by")),
    (core_tables.vote, ("person",)),
    (core_tables.deadlock, ("opened_by", "ended_by")),
    (core_tables.health_round, ("opened_by", "skipped_by")),
    (core_tables.health_asked, ("person",)),
    (core_tables.health_token, ("person",)),
    (core_tables.review, ("agenda_owner", "deputy", "chair")),
)


def kpis(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join what is on record of KPIs to the ids that they bear now."""
    for old, new in names.items():
        for table, column, unique in _BY_KPI:
            _rename(db, table, table.c[column], old, new, unique)
        layer, key = _parts(partnership, new)
        measure = core_tables.measure
        db.execute(update(measure).where(measure.c.kpi == new).values(key=key, layer=layer))
        for kind in _OF_KPIS:
            _rename_causes(db, f"{kind}/{old}/", f"{kind}/{new}/", KpiId(new).scope)


def series(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join what is on record of review series to the ids that they bear now. Reviews keep their ids and UIDs, and so do
    the invitations to them and to their series."""
    review = core_tables.review
    for old, new in names.items():
        (layer, key), (new_layer, new_key) = (_parts(partnership, id) for id in (old, new))
        mine = and_(
            review.c.partnership == partnership, review.c.layer.is_not_distinct_from(layer), review.c.series == key
        )
        db.execute(update(review).where(mine).values(layer=new_layer, series=new_key))
        for table, column in _BY_SERIES:
            if column == "series" or key != Kind.CHECKPOINT:  # a checkpoint's own id reads like that of its series
                of_it = and_(table.c.partnership == partnership, table.c[column] == old)
                db.execute(update(table).where(of_it).values({column: new}))
        _rename_recurring(db, partnership, old, new)
        for kind in _OF_SERIES:
            _rename_causes(db, f"{kind}/{old}/", f"{kind}/{new}/", SeriesId(new).scope)


def hours(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join the times of day that people know of review series to the ids that they bear now."""
    of = core_tables.partnership.c
    kept = db.scalar(select(of.series_hours).where(of.id == partnership))
    if kept:
        after = series_hour.as_rows(series_hour.under_names(series_hour.from_rows(kept), names))
        db.execute(update(core_tables.partnership).where(of.id == partnership).values(series_hours=after))


def layers(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join what is on record of layers as such, by their ids, to those that they bear now."""
    seen, notice = core_tables.scope_seen, core_tables.notice
    for old, new in names.items():
        of_scopes = (core_tables.cause, core_tables.decision, core_tables.exit_word)
        for table in (*of_scopes, core_tables.proposal, core_tables.deadlock):
            mine = and_(table.c.partnership == partnership, table.c.scope == old)
            db.execute(update(table).where(mine).values(scope=new))
        _rename(db, seen, seen.c.scope, old, new, ("partnership",))
        stood = core_tables.past_standing
        _rename(db, stood, stood.c.scope, old, new, ("reader", "on"))
        told = and_(
            notice.c.partnership == partnership,
            notice.c.about == "trigger",
            notice.c.subject.startswith(f"{old}/", autoescape=True),
        )
        renamed = literal(f"{new}/") + func.substr(notice.c.subject, len(old) + 2)
        db.execute(update(notice).where(told).values(subject=renamed))


def wind_downs(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join the exits in force of layers to the ids that those bear now."""
    of = core_tables.partnership.c
    kept = db.scalar(select(of.wind_downs).where(of.id == partnership))
    if kept:
        after = [{**row, "scope": names.get(row["scope"], row["scope"])} for row in kept]
        db.execute(update(core_tables.partnership).where(of.id == partnership).values(wind_downs=after))


def _parts(partnership: str, id: str) -> tuple[str | None, str]:
    """The layer and the key of a series or a KPI, from its id."""
    layer, _, key = id.removeprefix(f"{partnership}/").rpartition("/")
    return layer or None, key


def people(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Have what is on record of people say the keys that they bear now."""
    for old, new in names.items():
        for table, columns in _PEOPLE:
            for column in columns:
                mine = and_(table.c.partnership == partnership, table.c[column] == old)
                db.execute(update(table).where(mine).values({column: new}))
        _rename_attendees(db, partnership, old, new)
        _rename_deciders(db, partnership, old, new)


class Move(NamedTuple):
    """From which mail address somebody went to which; both in lower case."""

    old: str
    new: str


def addresses(db: Connection, partnership: str, moves: Mapping[str, Move]) -> list[int]:
    """Have the notices of people, by the keys that they bear now, count for the addresses that they have now; return
    those that do. None is told anew for it: each keeps its state and the letter that carried it."""
    notice, movers, staying = core_tables.notice, dict[Key, Any](), dict[Key, Any]()
    for key, row in _notices(db, partnership, {each for move in moves.values() for each in move}):
        move = moves.get(row.person or "")
        goal = key._replace(email=move.new) if move and move.old == key.email else key
        if goal == key or goal in movers:
            staying[key] = row
        else:
            movers[goal] = row
    while blocked := [goal for goal, row in movers.items() if _is_taken(staying.get(goal), row)]:
        for goal in blocked:
            row = movers.pop(goal)
            staying[goal._replace(email=row.email)] = row
    untold = [{"this": staying[goal].id} for goal in movers if goal in staying]
    if untold:
        db.execute(delete(notice).where(notice.c.id == bindparam("this")), untold)
    # First out of each other's way: two people may have changed addresses with each other.
    for aside in ("\n", ""):
        if movers:
            to = [{"this": row.id, "goal": aside + goal.email} for goal, row in movers.items()]
            db.execute(update(notice).where(notice.c.id == bindparam("this")).values(email=bindparam("goal")), to)
    return [row.id for row in movers.values()]


def answers(db: Connection, partnership: str, moves: Iterable[Move]) -> None:
    """Have the answers to invitations count for the addresses that people have now."""
    answer, moved = core_tables.answer, list(moves)
    for prefix in ("\n", ""):  # first out of each other's way: two people may have changed addresses with each other
        for move in moved:
            old, new = (move.old, f"\n{move.new}") if prefix else (f"\n{move.new}", move.new)
            mine = and_(answer.c.partnership == partnership, answer.c.email == old)
            db.execute(update(answer).where(mine).values(email=new))


def _notices(db: Connection, partnership: str, emails: set[str]) -> Iterator[tuple[Key, Any]]:
    of = core_tables.notice.c
    wanted = select(of.id, of.subject, of.period, of.rung, of.occasion, of.email, of.person, of.state)
    for row in db.execute(wanted.where(of.partnership == partnership, of.email.in_(emails)).order_by(of.id)).all():
        yield Key(row.subject, row.period, row.rung, row.occasion, row.email), row


def _is_taken(there: Any, row: Any) -> bool:
    """Whether what is there already counts at least as much: a notice that was told gives way to none."""
    return there is not None and (there.state == "told" or row.state != "told")


def _rename(db: Connection, table: Table, column: Any, old: str, new: str, unique: tuple[str, ...]) -> None:
    wanted = update(table).where(column == old)
    if unique:
        other = table.alias("other")
        alike = and_(other.c[column.name] == new, *(other.c[name] == table.c[name] for name in unique))
        wanted = wanted.where(~select(literal(1)).select_from(other).where(alike).exists())
    db.execute(wanted.values({column.name: new}))


def _rename_causes(db: Connection, old: str, new: str, scope: str) -> None:
    """Rename the causes whose keys start so, of a scope's, and what was told of them, by scope and key."""
    cause, notice = core_tables.cause, core_tables.notice
    mine = cause.c.key.startswith(old, autoescape=True)
    for former in set(db.scalars(select(cause.c.scope).where(mine))):
        told = f"{former}/{old}"
        of_it = and_(notice.c.about == "trigger", notice.c.subject.startswith(told, autoescape=True))
        renamed = literal(f"{scope}/{new}") + func.substr(notice.c.subject, len(told) + 1)
        db.execute(update(notice).where(of_it).values(subject=renamed))
    db.execute(update(cause).where(mine).values(key=literal(new) + func.substr(cause.c.key, len(old) + 1), scope=scope))


def _rename_recurring(db: Connection, partnership: str, old: str, new: str) -> None:
    """Have the invitations to a series, ended ones too, say whose meetings they are."""
    invited, (layer, key) = core_tables.invited, _parts(partnership, new)
    wanted = select(invited.c.uid, invited.c.recurring).where(
        invited.c.partnership == partnership, invited.c.subject == new
    )
    for uid, meetings in [(each.uid, each.recurring) for each in db.execute(wanted) if each.recurring]:
        first = {**meetings["first"], "id": new, "layer": layer, "series": key}
        db.execute(update(invited).where(invited.c.uid == uid).values(recurring={**meetings, "first": first}))


def _rename_attendees(db: Connection, partnership: str, old: str, new: str) -> None:
    review = core_tables.review
    found = db.execute(select(review.c.id, review.c.attendees).where(review.c.partnership == partnership))
    for id, attendees in [(each.id, each.attendees) for each in found if old in each.attendees]:
        renamed = [new if key == old else key for key in attendees]
        db.execute(update(review).where(review.c.id == id).values(attendees=renamed))


def _rename_deciders(db: Connection, partnership: str, old: str, new: str) -> None:
    """Have the terms of proposals and the levels of deadlocks name people by the keys that they bear now."""
    proposal, deadlock = core_tables.proposal, core_tables.deadlock
    chair = f"{PERSON}{old}"
    for id, terms in _of(db, proposal, proposal.c.terms, partnership):
        if terms["chair"] == chair:
            renamed = {**terms, "chair": f"{PERSON}{new}"}
            db.execute(update(proposal).where(proposal.c.id == id).values(terms=renamed))
    for id, levels in _of(db, deadlock, deadlock.c.levels, partnership):
        tells = [{**each, "tell": [new if who == old else who for who in each["tell"]]} for each in levels]
        if tells != levels:
            db.execute(update(deadlock).where(deadlock.c.id == id).values(levels=tells))
    vote = core_tables.vote
    of_the_chair = and_(vote.c.partnership == partnership, vote.c.party == chair)
    db.execute(update(vote).where(of_the_chair).values(party=f"{PERSON}{new}"))


def _of(db: Connection, table: Table, column: Any, partnership: str) -> list[tuple[str, Any]]:
    return [
        (id, value) for id, value in db.execute(select(table.c.id, column).where(table.c.partnership == partnership))
    ]
