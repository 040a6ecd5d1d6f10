"""Meetings and due KPIs to test calendars with: Acme and Globex, from October 2026."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.measurement import Measurement, MeasureStatus
from scheduler.domain.record.review import Recorded
from scheduler.render.ics import feed
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.ics.options import PLAIN, Choice, Reports
from scheduler.render.ics.selection import Dates, DueEntry, ReviewEntry, of_partnership, of_person, parts_of
from scheduler.rules.calendar.periods import period_named
from scheduler.rules.reviews.launch_steps import LaunchStep
from tests.builders import a_partnership, a_playbook, a_reading, a_review

CREATED = datetime(2026, 9, 28, 7, 30, tzinfo=UTC)
CHANGED = datetime(2027, 1, 4, 16, 5, 9, 123456, tzinfo=UTC)
YEAR = (date(2026, 10, 1), date(2027, 12, 31))
GIST = "Goal: 4 GWh of cells a year\n10 min  Pipeline: what moved, what stalled\n5 min  Next actions"


def a_step(key: str = "midpoint", says: str = "Midpoint", tick: LaunchTick | None = None) -> LaunchStep:
    """A step of Inès, due on Friday 13 November 2026."""
    return LaunchStep(key, says, 45, date(2026, 11, 15), date(2026, 11, 13), "ines", tick)


TRACK = {step.key: a_step(step.key, step.says) for step in a_playbook().launch_track}


def a_meeting(
    day: date = date(2027, 1, 12),
    status: Status = Status.PLANNED,
    *,
    zone: str = "Europe/Berlin",
    sequence: int = 0,
    because: str | None = None,
    partnership: Partnership | None = None,
    gist: str = GIST,
    **changes: Any,
) -> Meeting:
    """The pipeline review of a Tuesday, 15:00 to 15:30 in Berlin, its agenda Dev's; `changes` are of the review."""
    recorded = Recorded(
        a_review(day, zone, **changes),
        status=status,
        sequence=sequence,
        because=because,
        created_at=CREATED,
        modified_at=CHANGED if sequence else CREATED,
    )
    return Meeting(recorded, partnership or a_partnership(), gist, TRACK)


def a_due(
    status: MeasureStatus = "open",
    period: str = "2026-12",
    due: date = date(2027, 1, 14),
    *,
    key: str = "cells-delivered",
    sequence: int = 0,
    partnership: Partnership | None = None,
    **changes: Any,
) -> Due:
    """Cells delivered in December 2026, asked of Tom by 14 January; `changes` are of the measurement."""
    partnership = partnership or a_partnership()
    kpi = partnership.kpis[key]
    measurement = Measurement(
        id=f"{partnership.partnership}/{key}",
        partnership=partnership.partnership,
        layer=None,
        key=key,
        kpi=kpi,
        period=period_named(period),
        asked=kpi.owner,
        asked_because=None,
        due=due,
        overdue_since=due + timedelta(days=1),
        status=status,
        reading=a_reading(period=period) if status == "reported" else None,
    )
    return Due(replace(measurement, **changes), partnership, sequence, CREATED, CHANGED if sequence else CREATED)


def person(key: str, partnership: Partnership | None = None) -> Person:
    return (partnership or a_partnership()).people[key]


def an_entry(meeting: Meeting) -> ReviewEntry:
    return ReviewEntry(meeting, repr(meeting).encode())


def a_due_entry(due: Due) -> DueEntry:
    return DueEntry(due, repr(due).encode())


def partnership_calendar(
    partnership: Partnership,
    meetings: Iterable[Meeting],
    dues: Iterable[Due],
    window: Dates,
    choice: Choice = PLAIN,
) -> bytes:
    """The calendar that all partners share."""
    choice = replace(choice, reports=Reports.ALL)
    items = of_partnership(map(an_entry, meetings), map(a_due_entry, dues), window, choice=choice)
    return feed.calendar(feed.partnership_heading(partnership), parts_of(items), window)


def person_calendar(
    person: Person,
    zone: str,
    meetings: Iterable[Meeting],
    dues: Iterable[Due],
    window: Dates,
    choice: Choice = PLAIN,
) -> bytes:
    """What concerns one person in all their partnerships."""
    items = of_person(person.email, map(an_entry, meetings), map(a_due_entry, dues), window, choice)
    return feed.calendar(feed.person_heading(person.name, zone), parts_of(items), window)


def review_invitation(meeting: Meeting, *, alarm: bool = False) -> bytes:
    """One review as a file to import."""
    return feed.review_invitation(an_entry(meeting), alarm=alarm)
