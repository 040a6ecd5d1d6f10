"""A meeting in a calendar: a timed event, and around it a day's mark for each of its clocks."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Event

from scheduler.domain.partnership import Partnership
from scheduler.domain.review import uid
from scheduler.domain.terms import Kind, Status
from scheduler.plan.days import in_words

from .components import begun, line, on_day, paragraphs
from .entries import Meeting, name_of, whole_name
from .wording import clock_words

_CLOCKS = {
    "notice_by": "Notice due",
    "agenda_by": "Agenda due",
    "items_until": "Last day for items",
    "minutes_by": "Draft minutes due",
    "objections_until": "Last day for objections",
}
PLACE = 500
"""The most characters of a LOCATION."""
_SOON = timedelta(minutes=-15)
_DAY_BEFORE = timedelta(days=-1)
_ALARMS = {Kind.PIPELINE: _SOON, Kind.OPERATING: _SOON}
"""When a review calls: what comes weekly or monthly just before, what comes more rarely the day before."""


def review_event(meeting: Meeting, *, alarm: bool) -> Event:
    """The review as a VEVENT in its own zone. With `alarm` it has one, unless it is over or does not take place."""
    review, event = meeting.review, Event()
    begun(event, review.uid, meeting.recorded.sequence, meeting.recorded.created_at, meeting.recorded.modified_at)
    for name, moment in zip(("DTSTART", "DTEND"), _times(meeting), strict=True):
        event.add(name, moment)
    event.add("SUMMARY", _summary(meeting, f"{_title(meeting)} – {_where(meeting)}"))
    event.add("DESCRIPTION", paragraphs(_standing(meeting), meeting.gist, _with(meeting)))
    if place := line(review.place or "", PLACE):
        event.add("LOCATION", place)
    event.add("CONTACT", name_of(meeting.partnership, meeting.owner))
    event.add("CATEGORIES", ["Review", review.kind.value.replace("-", " ").capitalize()])
    event.add("STATUS", "CANCELLED" if meeting.off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.off else "OPAQUE")
    event.add("RELATED-TO", uid(f"series:{_series(meeting)}"), parameters={"RELTYPE": "PARENT"})
    if alarm and meeting.recorded.status is Status.PLANNED:
        event.add_component(_alarm(review.kind, str(event["SUMMARY"])))
    return event


def clock_events(meeting: Meeting) -> list[Event]:
    """The review's clocks, for a checkpoint its launch track too: an all-day VEVENT each."""
    return [_clock_event(meeting, name) for name, _ in meeting.review.clocks]


def _clock_event(meeting: Meeting, name: str) -> Event:
    review, event = meeting.review, Event()
    begun(
        event,
        uid(f"clock:{review.id}/{name}"),
        meeting.recorded.sequence,
        meeting.recorded.created_at,
        meeting.recorded.modified_at,
    )
    on_day(event, dict(review.clocks)[name])
    event.add("SUMMARY", _summary(meeting, _clock_title(meeting, name)))
    event.add("DESCRIPTION", paragraphs(_standing(meeting), _about(meeting)))
    event.add("CONTACT", name_of(meeting.partnership, meeting.owner))
    event.add("CATEGORIES", ["Launch track" if name in meeting.track else "Clock"])
    event.add("STATUS", "CANCELLED" if meeting.off else "CONFIRMED")
    event.add("RELATED-TO", review.uid, parameters={"RELTYPE": "PARENT"})
    return event


def _times(meeting: Meeting) -> tuple[datetime, datetime]:
    """Start and end on the review's own clock; in UTC where that clock shows either of them twice. RFC 5545 3.3.5 takes
    such a local time for the first of the two, but half of the programs take it for the second."""
    start, end = meeting.start, meeting.end
    return (start.astimezone(UTC), end.astimezone(UTC)) if _comes_twice(start) or _comes_twice(end) else (start, end)


def _comes_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).astimezone(UTC) < moment.replace(fold=1).astimezone(UTC)


def _summary(meeting: Meeting, words: str) -> str:
    """Some programs show a cancelled event like any other, so the words say it too."""
    return f"Cancelled: {words}" if meeting.off else words


def _title(meeting: Meeting) -> str:
    return line(meeting.review.title) or meeting.review.kind.value.replace("-", " ").capitalize()


def _where(meeting: Meeting) -> str:
    return whole_name(meeting.partnership, meeting.review.layer)


def _clock_title(meeting: Meeting, name: str) -> str:
    """``Agenda due: Pipeline review – Acme × Globex``; a milestone of the launch track speaks for itself."""
    if name in _CLOCKS:
        return f"{_CLOCKS[name]}: {_title(meeting)} – {_where(meeting)}"
    said = line(meeting.track.get(name, "")) or name.replace("_", " ").replace("-", " ").capitalize()
    return f"{said} – {_where(meeting)}"


def _standing(meeting: Meeting) -> str:
    """What has become of the review, where that is not to be expected."""
    because = f": {meeting.recorded.because}" if meeting.recorded.because else "."
    match meeting.recorded.status:
        case Status.CANCELLED:
            return f"Cancelled{because}"
        case Status.SKIPPED:
            return f"Skipped{because}"
        case Status.UNRECORDED:
            return "Not on record yet whether this review was held or skipped."
        case _:
            return ""


def _about(meeting: Meeting) -> str:
    when = f"{in_words(meeting.start.date())}, {clock_words(meeting.start)} ({meeting.review.timezone})"
    return f"{_title(meeting)}: {when}\nAgenda owner: {name_of(meeting.partnership, meeting.owner)}"


def _with(meeting: Meeting) -> str:
    """Who comes, by name. No addresses: what stands in a file that many subscribe to would be mailed to by programs."""
    names = [_named(meeting.partnership, key) for key in meeting.review.attendees]
    return f"With: {', '.join(names)}" if names else ""


def _named(partnership: Partnership, key: str) -> str:
    """``Inès Falk (Acme Motors SE)``."""
    organisation = partnership.organisations.get(partnership.organisation_of(key) or "")
    name = name_of(partnership, key)
    return f"{name} ({line(organisation.name)})" if organisation else name


def _series(meeting: Meeting) -> str:
    return "/".join(filter(None, (meeting.review.partnership, meeting.review.layer, meeting.review.series)))


def _alarm(kind: Kind, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", _ALARMS.get(kind, _DAY_BEFORE))
    alarm.add("DESCRIPTION", words)
    return alarm
