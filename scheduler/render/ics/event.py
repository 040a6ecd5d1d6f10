"""A meeting in a calendar: a timed event, and around it a day's mark for each of its clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import uid
from scheduler.render.languages import known, say, sentence
from scheduler.render.reasons import moved_words, off_words
from scheduler.render.wording import clock_words, day_words
from scheduler.rules.reviews.launch_steps import LaunchStep

from .components import DESCRIPTION, begun, line, on_day, paragraphs, shortened
from .model import Meeting, name_of, whole_name
from .serializer import Entry, parted

_CLOCKS = {
    "notice_by": sentence("Notice due"),
    "agenda_by": sentence("Agenda due"),
    "items_until": sentence("Last day for items"),
    "minutes_by": sentence("Draft minutes due"),
    "objections_until": sentence("Last day for objections"),
}
PLACE = 500
"""The most characters of a LOCATION."""
_SOON = timedelta(minutes=-15)
_DAY_BEFORE = timedelta(days=-1)
_ALARMS = {Kind.PIPELINE: _SOON, Kind.OPERATING: _SOON}
"""When a review calls: what comes weekly or monthly just before, what comes more rarely the day before."""


def review_event(meeting: Meeting, *, alarm: bool) -> Entry:
    """The review as a VEVENT in its own zone. With `alarm` it has one, unless it is over or does not take place."""
    review, event = meeting.review, _begun(meeting, meeting.review.uid)
    for name, moment in zip(("DTSTART", "DTEND"), _times(meeting), strict=True):
        event.add(name, moment)
    summary = _summary(meeting, f"{_title(meeting)} – {_where(meeting)}")
    event.add("SUMMARY", summary)
    event.add("DESCRIPTION", paragraphs(_standing(meeting), meeting.gist, _with(meeting)))
    if meeting.link:
        _link(event, meeting.link)
    if place := line(review.place or "", PLACE):
        event.add("LOCATION", place)
    event.add("CONTACT", name_of(meeting.partnership, meeting.owner))
    event.add("CATEGORIES", ["Review", review.kind.value.replace("-", " ").capitalize()])  # the same in every language
    event.add("STATUS", "CANCELLED" if meeting.off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.off else "OPAQUE")
    event.add("RELATED-TO", uid(f"series:{_series(meeting)}"), RELTYPE="PARENT")
    if alarm and meeting.recorded.status is Status.PLANNED:
        event.alarms.append(_alarm(review.kind, summary))
    return event


def clock_events(meeting: Meeting) -> Iterator[tuple[str, Entry]]:
    """The review's clocks by name, for a checkpoint its launch track too: an all-day VEVENT each, on a day on which
    all who meet work."""
    common = _begun(meeting, "")
    about = paragraphs(_standing(meeting), _about(meeting))
    common.add("DESCRIPTION", about)
    common.add("CONTACT", name_of(meeting.partnership, meeting.owner))
    common.add("STATUS", "CANCELLED" if meeting.off else "CONFIRMED")
    common.add("TRANSP", "TRANSPARENT")
    common.add("RELATED-TO", meeting.review.uid, RELTYPE="PARENT")
    title, where = _title(meeting), _where(meeting)
    for name, day in meeting.review.clocks:
        event = common.another("VEVENT")
        event.add("UID", uid(f"clock:{meeting.review.id}/{name}"))
        marked = meeting.working_day(day)
        on_day(event, marked)
        if marked != day:
            event.add(
                "DESCRIPTION", paragraphs(say("The day itself is %(day)s, a day off.", day=day_words(day)), about)
            )
        if step := meeting.track.get(name):
            _tell_step(event, meeting, step)
        said = (
            say("%(clock)s: %(review)s", clock=say(_CLOCKS[name]), review=title)
            if name in _CLOCKS
            else _milestone(meeting, name)
        )
        event.add("SUMMARY", _summary(meeting, f"{said} – {where}"))
        event.add("CATEGORIES", ["Launch track" if name in meeting.track else "Clock"])
        yield name, event


def _begun(meeting: Meeting, uid: str) -> Entry:
    record = meeting.recorded
    return begun("VEVENT", uid, record.sequence, record.created_at, meeting.changed_at)


def _link(event: Entry, link: str) -> None:
    """The link to the agenda comes last in the description, and is never cut off: some programs show no URL."""
    event.add("URL", link)
    told, said = str(event.properties["DESCRIPTION"].value), say("Agenda: %(link)s", link=link)
    event.add("DESCRIPTION", "\n\n".join(filter(None, (shortened(told, DESCRIPTION - len(said) - 2), said))))


class LinkedEvent:
    """A review's event, to which the link of whoever reads it is added: all its other lines are written once."""

    def __init__(self, event: Entry) -> None:
        self.zones, self.modified = event.zones, event.modified
        self._plain = event.properties["DESCRIPTION"]
        self._before, self._between, self._after = parted(event, "DESCRIPTION", "URL")

    def ics(self, link: str | None) -> bytes:
        told, url = Entry("VEVENT", {"DESCRIPTION": self._plain}), b""
        if link:
            _link(told, link)
            url = told.properties["URL"].line + b"\r\n"
        description = told.properties["DESCRIPTION"].line + b"\r\n"
        return b"".join((self._before, description, self._between, url, self._after))


def _times(meeting: Meeting) -> tuple[datetime, datetime]:
    """Start and end on the review's own clock; in UTC where that clock shows either of them twice. RFC 5545 3.3.5 takes
    such a local time for the first of the two, but half of the programs take it for the second."""
    start, end = meeting.start, meeting.end
    return (start.astimezone(UTC), end.astimezone(UTC)) if _comes_twice(start) or _comes_twice(end) else (start, end)


def _comes_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).astimezone(UTC) < moment.replace(fold=1).astimezone(UTC)


def _summary(meeting: Meeting, words: str) -> str:
    """Some programs show a cancelled event like any other, so the words say it too."""
    return say("Cancelled: %(review)s", review=words) if meeting.off else words


def _title(meeting: Meeting) -> str:
    return line(known(meeting.review.title)) or meeting.review.kind.value.replace("-", " ").capitalize()


def _where(meeting: Meeting) -> str:
    return whole_name(meeting.partnership, meeting.review.layer)


def _milestone(meeting: Meeting, name: str) -> str:
    """A step of the launch track speaks for itself, and says when it is done."""
    step = meeting.track.get(name)
    said = line(known(step.says) if step else "") or name.replace("_", " ").replace("-", " ").capitalize()
    return say("Done: %(step)s", step=said) if step and step.done_on else said


def _tell_step(event: Entry, meeting: Meeting, step: LaunchStep) -> None:
    """Whose a step is, where it is not the agenda owner's; on which day it was done, and when the entry last changed
    with that. That it is late is for no calendar to say: by the time that it is read somebody may have ticked it."""
    about = str(event.properties["DESCRIPTION"].value)
    if step.owner not in (meeting.owner, meeting.review.agenda_owner):
        event.add("CONTACT", name_of(meeting.partnership, step.owner))
        about = paragraphs(
            say("Owner of this step: %(person)s", person=name_of(meeting.partnership, step.owner)), about
        )
    if step.tick:
        for stamp in ("DTSTAMP", "LAST-MODIFIED"):
            event.add(stamp, max(meeting.changed_at, step.tick.at).astimezone(UTC))
    if step.tick and step.done_on:
        about = paragraphs(_done(meeting, step.on, step.done_on, step.tick.by), about)
    event.add("DESCRIPTION", about)


def _done(meeting: Meeting, due: date, on: date, by: str) -> str:
    who = name_of(meeting.partnership, by)
    if on <= due:
        return say("Done on %(day)s, says %(person)s.", day=day_words(on), person=who)
    days = {"day": day_words(on), "due": day_words(due)}
    return say("Done on %(day)s, says %(person)s; it was due on %(due)s.", person=who, **days)


def _standing(meeting: Meeting) -> str:
    """What has become of the review, where that is not to be expected."""
    record = meeting.recorded
    match record.status:
        case Status.CANCELLED if record.because:
            return say("Cancelled: %(because)s", because=off_words(record))
        case Status.CANCELLED:
            return say("Cancelled.")
        case Status.SKIPPED if record.because:
            return say("Skipped: %(because)s", because=off_words(record))
        case Status.SKIPPED:
            return say("Skipped.")
        case Status.UNRECORDED:
            return say("Not on record yet whether this review was held or skipped.")
        case _:
            moved = moved_words(record, meeting.review.timezone)
            return moved[:1].upper() + moved[1:]


def _about(meeting: Meeting) -> str:
    when = say(
        "%(day)s, %(time)s (%(zone)s)",
        day=day_words(meeting.start.date()),
        time=clock_words(meeting.start),
        zone=meeting.review.timezone,
    )
    owner = say("Agenda owner: %(person)s", person=name_of(meeting.partnership, meeting.owner))
    review = say("%(review)s: %(when)s", review=_title(meeting), when=when)
    return f"{review}\n{owner}"


def _with(meeting: Meeting) -> str:
    """Who comes, by name. No addresses: what stands in a file that many subscribe to would be mailed to by programs."""
    names = [_named(meeting.partnership, key) for key in meeting.review.attendees]
    return say("With: %(people)s", people=", ".join(names)) if names else ""


def _named(partnership: Partnership, key: str) -> str:
    """``Inès Falk (Acme Motors SE)``."""
    organisation = partnership.organisations.get(partnership.organisation_of(key) or "")
    name = name_of(partnership, key)
    return f"{name} ({line(organisation.name)})" if organisation else name


def _series(meeting: Meeting) -> str:
    return "/".join(filter(None, (meeting.review.partnership, meeting.review.layer, meeting.review.series)))


def _alarm(kind: Kind, words: str) -> Entry:
    alarm = Entry("VALARM")
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", _ALARMS.get(kind, _DAY_BEFORE))
    alarm.add("DESCRIPTION", words)
    return alarm
