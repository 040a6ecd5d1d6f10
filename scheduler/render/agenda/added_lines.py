"""What an agenda shows of items that people added, and of the minutes of the meeting before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.objections import standing


@dataclass(frozen=True, slots=True)
class AddedLine:
    """An item that somebody added: its title, the minutes that they would like (None where they do not say), and their
    name with their organisation's. Where a health check put it there, `of_health_check`, they own it."""

    title: str
    minutes: int | None
    by: str
    of_health_check: bool = False


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """How the minutes of the meeting on a day stand; `until` is the last day for objections, `accepted_on` the day with
    whose end they were accepted. `objections` say who objects to what, each in a line."""

    held_on: str
    state: str
    until: str | None
    accepted_on: str | None
    objections: tuple[str, ...]


def added_lines(items: Iterable[AddedItem], named: Callable[[str], str]) -> tuple[AddedLine, ...]:
    """The items that stand, in the order in which they were added; `named` gives a person's name and side."""
    return tuple(
        AddedLine(known(each.says) if each.out_of else each.says, each.minutes, named(each.by), each.out_of is not None)
        for each in items
        if each.is_open
    )


def minutes_line(
    last: Recorded | None, minutes: MinutesRecord | None, now: datetime, name: Callable[[str], str]
) -> MinutesLine | None:
    """How the minutes of the meeting before stand; None where there was none, or they were filed before any were
    sent."""
    if last is None or minutes is None or not minutes.filings:
        return None
    found = standing(last, minutes, now.astimezone(zone(last.review.timezone)).date())
    if found is None:
        return None
    objections = (_objection(each.item_says, name(each.by), each.says) for each in found.objections)
    return MinutesLine(
        held_on=day_words(last.review.start.date()),
        state=found.state,
        until=_day(found.until),
        accepted_on=_day(found.accepted_on),
        objections=tuple(objections),
    )


def _objection(item: str | None, person: str, says: str) -> str:
    if item:
        return say('%(person)s objects to "%(item)s": %(words)s', person=person, item=item, words=says)
    return say("%(person)s objects to the minutes as a whole: %(words)s", person=person, words=says)


def _day(day: date | None) -> str | None:
    return day_words(day) if day else None
