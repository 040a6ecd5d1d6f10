"""Triggers in words, and what the counting ones have in common: what they watch, and whether a turn went wrong."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from scheduler.domain.definition.agreement import Document, after
from scheduler.domain.definition.target import Target
from scheduler.domain.definition.trigger import (
    ANY,
    CheckpointFailed,
    Expired,
    Missed,
    OffTarget,
    OnDate,
    Skipped,
    Trigger,
    Unreported,
    Vacant,
)
from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.phrases import Percent, Span
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.kpis.measurements import owners_calendar
from scheduler.rules.reviews.scopes import Scope

_WORSE = {"partly": ("partly", "missed")}
"""A partly met success calls a review, so a missed one does too."""
_MANY = 4


def in_words(trigger: Trigger) -> str:
    """``any KPI missed 3 periods in a row``, ``nobody is sponsor``."""
    match trigger:
        case Missed():
            return f"{_whose(trigger.kpi)} missed {times_in_words(trigger)}"
        case OffTarget():
            return f"{_whose(trigger.kpi)} off its target by {trigger.by}"
        case Unreported():
            return f"{_whose(trigger.kpi)} unreported for {trigger.for_}"
        case Skipped():
            return f"{trigger.review} skipped {times_running(trigger.times)}"
        case Vacant():
            return f"a side without {with_article(trigger.role)}"
        case CheckpointFailed():
            return f"90-day checkpoint {trigger.verdict}"
        case Expired():
            return f"{document_name(trigger.document)} expired"
        case OnDate():
            return f"on {plainly(trigger.date)}"


def times_in_words(trigger: Missed) -> str:
    if trigger.of is not None and trigger.of > trigger.times:
        return f"{trigger.times} of the last {trigger.of} periods"
    return f"{trigger.times} periods in a row" if trigger.times > 1 else "once"


def document_name(kind: str) -> str:
    """``NDA``, ``partnership agreement``."""
    return kind.upper() if len(kind) <= 3 else kind.replace("_", " ")


def with_article(role: Role) -> str:
    """``a sponsor``, ``an alliance manager``."""
    return f"{'an' if role.words[0] in 'aeiou' else 'a'} {role.words}"


def _whose(kpi: str) -> str:
    return "any KPI" if kpi == ANY else kpi


def times_running(number: int) -> str:
    """``once``, ``twice running``, ``3 times running``."""
    return {1: "once", 2: "twice running"}.get(number, f"{number} times running")


def listed(labels: list[str]) -> str:
    """``2026-10, 2026-11``; of many, the first and how many more there are."""
    return ", ".join(labels) if len(labels) <= _MANY else f"{labels[0]} and {len(labels) - 1} more"


# Conditions --------------------------------------------------------------------------------------------------------


def is_missed(owed: Measurement) -> bool:
    return owed.reading is not None and not owed.reading.met


def is_skipped(record: Recorded) -> bool:
    return record.status is Status.SKIPPED


def is_off(value: Decimal, target: Target, by: Percent) -> bool:
    """Whether a value misses its target by at least so many hundredths of the end that it missed, compared exactly.

    Of a target of 0 every miss is more than any share; a milestone (`yes`) is met or not, and never off by a share.
    """
    if target.kind == "yes" or target.met(value):
        return False
    low, high = Fraction(target.low), Fraction(target.high)
    missed = high if target.kind == "<=" or (target.kind != ">=" and Fraction(value) > high) else low
    return abs(Fraction(value) - missed) * 100 >= Fraction(by.value) * abs(missed)


def is_off_target(owed: Measurement, by: Percent) -> bool:
    """Whether the period's reading misses the target that held at its end by at least that share."""
    return owed.reading is not None and not owed.reading.met and is_off(owed.reading.value, owed.kpi.target, by)


def silent_from(owed: Measurement, span: Span, scope: Scope, asked_since: date) -> date:
    """The day from which a period counts as unreported for so long: the working days are those of the owner's
    organisation, counted from the due day, or from the first day on which anybody was asked for it where that is
    later. Within its grace it is not overdue, and does not count."""
    calendar, start = owners_calendar(scope, owed.kpi, owed.period), max(owed.due, asked_since)
    silent = calendar.add(start, span.count) if span.unit == "working day" else after(start, span)
    return max(silent, owed.overdue_since)


def fires_from(owed: Measurement, span: Span, scope: Scope, asked_since: date) -> date | None:
    """The day from which silence about a period fires unless it is reported; None where it is, or is excused for good.

    An excuse holds it back; an acknowledgement holds the ladder, never the trigger.
    """
    excused_until = owed.held_until if owed.status == "excused" else None
    if owed.status == "reported" or excused_until == date.max:
        return None
    silent = silent_from(owed, span, scope, asked_since)
    return max(silent, excused_until + timedelta(days=1)) if excused_until else silent


def empty_sides(role: Role, scope: Scope) -> list[str]:
    """The organisations of the scope on whose side nobody has the role. Somebody of no organisation (a neutral
    coordinator, a joint venture's chief executive) has it for all."""
    holders = {person.of for person in scope.people.values() if person.role is role}
    return [] if None in holders else [key for key in scope.organisations if key not in holders]


def calls_for(verdict: str, trigger: CheckpointFailed) -> bool:
    return verdict in _WORSE.get(trigger.verdict, (trigger.verdict,))


def lapsed(kind: str, documents: tuple[Document, ...], today: date) -> Document | None:
    """The document of a kind that expired last, where none of that kind is in force on the day; it is, on the day it
    expires."""
    alike = [document for document in documents if document.kind == kind]
    if not alike or any(document.expires is None or document.expires >= today for document in alike):
        return None
    return max(alike, key=lambda document: document.expires or date.min)


def lapses_on(kind: str, documents: tuple[Document, ...]) -> date | None:
    """The first day without a document of that kind in force; None where one has no end, or there is none."""
    ends = [document.expires for document in documents if document.kind == kind]
    known = [day for day in ends if day is not None]
    return max(known) + timedelta(days=1) if known and len(known) == len(ends) else None
