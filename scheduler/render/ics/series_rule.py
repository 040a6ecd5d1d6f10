"""Series that one invitation can stand for: those whose cadence is a rule that every calendar program expands alike.

RRULE can say far more than programs read. Here are weekdays every n weeks, and every n months or quarters an n-th or
last weekday or a day of the month up to the 28th, which every month has. What comes half-yearly or yearly is too rare
for a series, and each time too different; a day counted in working days is no rule at all.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from dateutil.rrule import rrulestr

from scheduler.domain.definition.vocabulary import Unit
from scheduler.domain.phrases import LAST
from scheduler.domain.record.invitation import Recurring
from scheduler.domain.record.review import Recorded, Review, Series
from scheduler.render.languages import say, say_count, sentence
from scheduler.render.wording import weekday_name
from scheduler.rules.calendar.wall_clock import moment, start_and_end

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WHICH = {
    "1": sentence("the first %(weekday)s"),
    "2": sentence("the second %(weekday)s"),
    "3": sentence("the third %(weekday)s"),
    "4": sentence("the fourth %(weekday)s"),
    "-1": sentence("the last %(weekday)s"),
}
_LAST_DAY_OF_EVERY_MONTH = 28


def rule_of(series: Series) -> str | None:
    """The series' rule as an RRULE (RFC 5545 3.3.10), None where it is none that all programs read.

    Nor is it one where the hour goes round, or where different people are expected from time to time, such as a chair
    who else does not come.
    """
    on, unit = series.on, series.every.unit
    if series.slots or series.rule is not None or not set(series.chairs) <= {*series.attendees, series.agenda_owner}:
        return None
    if unit is Unit.WEEK:
        return _rule("WEEKLY", series.every.count, f"BYDAY={_DAYS[on.weekday]}") if on.kind == "weekday" else None
    if unit not in (Unit.MONTH, Unit.QUARTER):
        return None
    months = series.every.count * unit.months
    if on.kind == "nth weekday" and (on.number == LAST or on.number <= 4):
        return _rule("MONTHLY", months, f"BYDAY={on.number}{_DAYS[on.weekday]}")
    if on.kind == "day" and 1 <= on.number <= _LAST_DAY_OF_EVERY_MONTH:
        return _rule("MONTHLY", months, f"BYMONTHDAY={on.number}")
    return None


def _rule(frequency: str, interval: int, day: str) -> str:
    return f"FREQ={frequency};{f'INTERVAL={interval};' if interval > 1 else ''}{day}"


def recurring(series: Series, since: date) -> Recurring | None:
    """The series as one invitation from the nominal date `since`; None where its cadence is no such rule."""
    rule = rule_of(series)
    if rule is None:
        return None
    start, end = start_and_end(since, series.at.time, series.length, series.timezone)
    first = Review(
        id=series.id,
        partnership=series.partnership,
        layer=series.layer,
        series=series.key,
        model=series.model,
        kind=series.kind,
        title=series.title,
        period="",
        nominal_date=since,
        start=start,
        end=end,
        timezone=series.timezone,
        moved_because=None,
        agenda_owner=series.agenda_owner,
        deputy=series.deputy,
        chair=series.chairs[0] if len(set(series.chairs)) == 1 else None,
        attendees=tuple(dict.fromkeys((*series.attendees, series.agenda_owner))),
        quorum=series.quorum,
        place=series.place,
        clocks=(),
    )
    return Recurring(first, rule, series.ends)


def dates(meetings: Recurring, until: date) -> Iterator[date]:
    """The nominal dates from the first to `until`, as the rule alone gives them."""
    until = until if meetings.until is None else min(until, meetings.until)
    for day in rrulestr(meetings.rule, dtstart=datetime.combine(meetings.since, datetime.min.time())):
        if day.date() > until:
            return
        yield day.date()


def last_date(meetings: Recurring) -> date | None:
    """The nominal date of the last meeting; None of a series without an end, or that ends before its first."""
    return max(dates(meetings, meetings.until), default=None) if meetings.until else None


def by_rule(meetings: Recurring, day: date) -> tuple[datetime, datetime]:
    """When the meeting of a nominal date starts and ends if nothing moves it."""
    length = meetings.first.end.astimezone(UTC) - meetings.first.start.astimezone(UTC)
    return start_and_end(day, meetings.at, length, meetings.first.timezone)


def instance_id(meetings: Recurring, day: date) -> str:
    """The RECURRENCE-ID of a nominal date, in UTC: ``20261208T140000Z``."""
    return f"{moment(day, meetings.at, meetings.first.timezone).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def within(meetings: Recurring, records: Iterable[Recorded]) -> dict[date, Recorded | None]:
    """The meetings on record, by nominal date; None where the rule has a date on which the plan has no meeting.

    Of dates after the last on record nothing is known yet.
    """
    first = meetings.first
    theirs = {
        each.review.nominal_date: each
        for each in records
        if (each.review.layer, each.review.series) == (first.layer, first.series)
        and first.nominal_date <= each.review.nominal_date
        and not each.review.is_reconvened
    }
    last = max(theirs, default=None)
    return {day: theirs.get(day) for day in dates(meetings, last)} if last else {}


def rule_in_words(rule: str) -> str:
    """``every week on Tuesday``, ``every 3 months on the last Friday``, ``every month on day 15``."""
    said = dict(part.split("=") for part in rule.split(";"))
    interval = int(said.get("INTERVAL", 1))
    if "BYMONTHDAY" in said:
        day = say("day %(number)s", number=said["BYMONTHDAY"])
    else:
        which, weekday = said["BYDAY"][:-2], weekday_name(_DAYS.index(said["BYDAY"][-2:]))
        day = say(_WHICH[which], weekday=weekday) if which else weekday
    if said["FREQ"] == "WEEKLY":
        return say_count("every week on %(day)s", "every %(number)s weeks on %(day)s", interval, day=day)
    return say_count("every month on %(day)s", "every %(number)s months on %(day)s", interval, day=day)
