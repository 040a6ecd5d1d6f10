"""What happened, the latest first, a page at a time: changes of reviews, objections to their minutes, readings and
excuses, versions of definitions, triggers that fired, what people were told.

Each of these is a table that is only added to, read backwards by its number: a page goes on where the last one ended,
whatever was added since. What became of objections has no table, nor what was said of terms and documents that run out:
they are numbered in the order in which they happened.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, exists, func, literal, select, text, union_all
from sqlalchemy.sql.selectable import FromClause

from scheduler.domain.record.renewal import RenewalWord, from_rows

from . import core_tables

_review, _revision = core_tables.review, core_tables.revision
_reading, _excuse = core_tables.reading, core_tables.excuse
_version, _cause = core_tables.definition_version, core_tables.cause
_notice, _letter = core_tables.notice, core_tables.letter
_objection, _partnership = core_tables.objection, core_tables.partnership


class HistorySpan(NamedTuple):
    """Which entries of a table: those of these `partnerships` (None: of all), numbered below `below` (None: from the
    last), that happened before `until`, and with `by_people` that somebody did who is named; `most` of them."""

    partnerships: Collection[str] | None
    below: int | None
    until: datetime
    most: int
    by_people: bool = False


def review_changes(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """Changes of reviews: id, at, partnership, review, title, period, timezone, action, because, person, before, after.
    That the program planned a review is none, but for a formal one."""
    of = _revision.c
    # In the words of the index `ix_revision_changes`.
    changed = text("(revision.action <> 'schedule' OR revision.person IS NOT NULL)")
    wanted = select(
        of.id, of.at, _review.c.partnership, of.review, _review.c.title, _review.c.period, _review.c.timezone,
        of.action, of.because, of.person, of.before, of.after,
    ).join_from(_revision, _review, of.review == _review.c.id)  # fmt: skip
    return _page(db, wanted.where(changed), _revision, _review.c.partnership, of.at, span, of.person)


def objection_entries(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """What was said against minutes, and how it ended: id, at, partnership, review, title, period, action (objection,
    settled or withdrawn: by whom it came), item_says, because, person."""
    of = _objection.c
    ended = case((of.settled_by == of.by, "withdrawn"), else_="settled")
    said = select(
        of.partnership, of.review, of.item_says, of.id.label("of"), of.at.label("at"),
        literal("objection").label("action"), of.says.label("because"), of.by.label("person"),
    )  # fmt: skip
    settled = select(
        of.partnership, of.review, of.item_says, of.id, of.settled_at, ended, of.settled_because, of.settled_by
    ).where(of.settled_at.is_not(None))
    both = union_all(said, settled).subquery()
    number = func.row_number().over(order_by=(both.c.at, both.c.of, both.c.action)).label("id")
    every = select(number, *both.c).subquery()
    wanted = select(*every.c, _review.c.title, _review.c.period).join_from(
        every, _review, every.c.review == _review.c.id
    )
    return _page(db, wanted, every, every.c.partnership, every.c.at, span, every.c.person)


def reading_entries(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """Readings: id, at, partnership, kpi, period, value, person, note, way; whether it `corrects` an earlier one."""
    of, earlier = _reading.c, _reading.alias("earlier")
    corrects = exists().where(earlier.c.kpi == of.kpi, earlier.c.period == of.period, earlier.c.id < of.id)
    wanted = select(
        of.id, of.reported_at.label("at"), of.partnership, of.kpi, of.period, of.value, of.person, of.note, of.way,
        corrects.label("corrects"),
    )  # fmt: skip
    return _page(db, wanted, _reading, of.partnership, of.reported_at, span, of.person)


def excuse_entries(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """Excuses and promises: id, at, partnership, kpi, period, kind, until, because, person."""
    of = _excuse.c
    wanted = select(of.id, of.at, of.partnership, of.kpi, of.period, of.kind, of.until, of.because, of.person)
    return _page(db, wanted, _excuse, of.partnership, of.at, span, of.person)


def version_entries(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """Versions of definitions: id, at, partnership, kind, content_hash, person, since."""
    of = _version.c
    wanted = select(
        of.id, of.taken_up_at.label("at"), of.partnership, of.kind, of.content_hash, of.person, of.since
    )  # fmt: skip
    return _page(db, wanted, _version, of.partnership, of.taken_up_at, span, of.person)


class RenewalEntry(NamedTuple):
    """A word on a term or document, `at` the moment at which it was said or, with `is_undone`, taken back."""

    id: int
    at: datetime
    partnership: str
    word: RenewalWord
    is_undone: bool


def renewal_entries(db: Connection, span: HistorySpan) -> Sequence[RenewalEntry]:
    """What was said of terms and documents that run out, and what was taken back."""
    wanted = select(_partnership.c.id, _partnership.c.renewals).where(_partnership.c.renewals.is_not(None))
    if span.partnerships is not None:
        wanted = wanted.where(_partnership.c.id.in_(sorted(span.partnerships)))
    words = [(row.id, word) for row in db.execute(wanted) for word in from_rows(row.renewals)]
    said = [(word.said_at, partnership, word, False) for partnership, word in words]
    said += [(word.taken_back_at, partnership, word, True) for partnership, word in words if word.taken_back_at]
    said.sort(key=lambda each: each[:2])
    every = [RenewalEntry(number, *each) for number, each in enumerate(said, 1)]
    found = (
        each
        for each in reversed(every)
        if each.at < span.until
        and (span.below is None or each.id < span.below)
        and not (span.by_people and (each.word.taken_back_by if each.is_undone else each.word.by) is None)
    )
    return [*islice(found, span.most)]


def trigger_entries(db: Connection, span: HistorySpan) -> Sequence[Row[Any]]:
    """Triggers that fired: id, at, partnership, says, of, review."""
    of = _cause.c
    wanted = select(of.id, of.fired_at.label("at"), of.partnership, of.says, of.of, of.review)
    return _page(db, wanted, _cause, of.partnership, of.fired_at, span)


def told_entries(db: Connection, span: HistorySpan, emails: Collection[str] | None) -> Sequence[Row[Any]]:
    """What people (of these mail addresses; None: anybody) were told in letters of the day: id, at, partnership, about,
    subject, period, rung, facts, title, detail, email, of."""
    of = _notice.c
    wanted = select(
        of.id, of.told_at.label("at"), of.partnership, of.about, of.subject, of.period, of.rung, of.facts, of.title,
        of.detail, of.email, of.of,
    ).where(of.state == "told", of.told_at.is_not(None), of.email != "")  # fmt: skip
    return _page(db, _to(wanted, of.email, emails), _notice, of.partnership, of.told_at, span)


def letter_entries(db: Connection, span: HistorySpan, emails: Collection[str] | None) -> Sequence[Row[Any]]:
    """Invitations, their changes, and minutes that left, to the same: id, at, partnership, subject, method, title,
    channel, email, state."""
    of = _letter.c
    wanted = select(
        of.id, of.created_at.label("at"), of.partnership, of.subject, of.method, of.title, of.channel, of.email,
        of.state,
    ).where(of.method != "NOTICE", of.state != "replaced")  # fmt: skip
    return _page(db, _to(wanted, of.email, emails), _letter, of.partnership, of.created_at, span)


def _to(wanted: Select[Any], email: ColumnElement[str], emails: Collection[str] | None) -> Select[Any]:
    return wanted if emails is None else wanted.where(email.in_(sorted(emails)))


def _page(
    db: Connection,
    wanted: Select[Any],
    table: FromClause,
    partnership: ColumnElement[str],
    at: ColumnElement[datetime],
    span: HistorySpan,
    person: ColumnElement[str | None] | None = None,
) -> Sequence[Row[Any]]:
    if span.by_people:
        if person is None:
            return []
        wanted = wanted.where(person.is_not(None))
    wanted = wanted.where(at < span.until)
    if span.partnerships is not None:
        wanted = wanted.where(partnership.in_(sorted(span.partnerships)))
    if span.below is not None:
        wanted = wanted.where(table.c.id < span.below)
    return db.execute(wanted.order_by(table.c.id.desc()).limit(span.most)).all()
