"""An invitation in words: what a person reads who opens the mail, with every time on the clock of where they live."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import OFF, Recurring
from scheduler.domain.record.review import Recorded
from scheduler.render.hardship import own_burden_words
from scheduler.render.ics.components import line
from scheduler.render.ics.model import Meeting, name_of, whole_name
from scheduler.render.ics.series_rule import by_rule, last_date, rule_in_words
from scheduler.render.languages import known, say, say_as
from scheduler.render.mime import header_text
from scheduler.render.reasons import UNSAID, moved_words, off_words
from scheduler.render.templating import rendered
from scheduler.render.wording import clock_words, day_words, listed

from .decide_letters import OFF_STATUS, Guest, Letter
from .itip import Setting, whole_meeting

_SHOWN = 6
"""So many dates of a series are written out."""


class InvitationText(NamedTuple):
    """A letter's subject and its words as plain text and as HTML; `fault` is what is wrong with an operator's
    template."""

    subject: str
    plain: str
    html: str
    fault: str | None


@dataclass(frozen=True)
class InvitationWords:
    """What the templates of a letter are given: values of people's own, unescaped."""

    headline: str
    what: str
    facts: tuple[tuple[str, str], ...]
    because: str
    dates: tuple[str, ...]
    agenda: tuple[str, ...]
    asks: bool
    answer_link: str | None = None
    item_link: str | None = None
    """Where the guest adds an item to the agenda."""
    away_link: str | None = None
    next_link: str | None = None
    """Of a series as a whole: where the guest reads the agenda of its next meeting, answers and adds to it."""
    is_read: bool = True
    """Whether anything reads the answer that a calendar program sends."""


def words_of(
    letter: Letter, guest: Guest, setting: Setting, folders: Sequence[Path], *, is_new: bool
) -> InvitationText:
    """The letter as this guest reads it; `is_new` where they hear of it for the first time."""
    meeting = _meeting(letter, setting)
    what = f"{line(known(meeting.review.title))} – {whole_name(setting.partnership, meeting.review.layer)}"
    when = _when_in_short(letter, meeting, guest)
    asks = letter.method == "REQUEST" and not letter.invited.closed
    words = InvitationWords(
        headline=_headline(letter, is_new),
        what=what,
        facts=tuple(_facts(letter, meeting, guest, setting)),
        because=_capital(_because(letter, guest, is_new)),
        dates=tuple(_dates(letter, guest, setting)),
        agenda=tuple(meeting.gist.splitlines()) if letter.record and letter.method == "REQUEST" else (),
        asks=asks,
        answer_link=setting.answer_link(letter.record, guest) if asks and letter.record else None,
        item_link=setting.item_link(letter.record, guest) if letter.record and letter.method == "REQUEST" else None,
        away_link=setting.away_link(guest),
        next_link=_next_link(letter, guest, setting),
        is_read=setting.is_read,
    )
    plain = rendered("mail/invitation.txt.j2", folders, letter=words)
    html = rendered("mail/invitation.html.j2", folders, letter=words)
    subject = header_text(f"{words.headline}: {what}, {when}")
    return InvitationText(subject, plain.text, html.text, plain.fault or html.fault)


def _meeting(letter: Letter, setting: Setting) -> Meeting:
    if letter.record is not None:
        return setting.meeting(letter.record)
    meetings = letter.invited.recurring
    if meetings is None:
        raise ValueError(f"{letter.invited.subject}: a letter about no review")
    return whole_meeting(meetings, setting)


def _headline(letter: Letter, is_new: bool) -> str:
    if letter.uninvites:
        return say("No longer expected")
    if letter.method == "CANCEL":
        return say_as("a review", "Cancelled")
    if letter.invited.closed and letter.successor:
        return say("Changed from %(day)s on", day=day_words(letter.successor.since))
    if letter.invited.closed:
        return say("No further meetings")
    return say("Invitation") if is_new else say("Updated invitation")


def _facts(letter: Letter, meeting: Meeting, guest: Guest, setting: Setting) -> Iterator[tuple[str, str]]:
    yield say_as("of a meeting", "When"), _when(letter, meeting, guest)
    if letter.method == "CANCEL":
        return
    if own := "; ".join(_own_hardship(letter.record, guest)):
        yield say("For you"), own
    if meeting.review.place:
        yield say_as("of a meeting", "Where"), line(meeting.review.place, 500)
    if meeting.review.host:
        yield say("Host"), _organisation(meeting.review.host, setting)
    if meeting.review.minutes_by:
        yield say("Minutes by"), _organisation(meeting.review.minutes_by, setting)
    if meeting.review.chair:
        yield say("Chair"), name_of(setting.partnership, meeting.review.chair)
    yield say("Agenda owner"), name_of(setting.partnership, meeting.owner)
    yield say("Quorum"), known(meeting.review.quorum)
    yield say_as("people at a meeting", "With"), listed([line(each.name) for each in letter.guests])


def _organisation(key: str, setting: Setting) -> str:
    known = setting.partnership.organisations.get(key)
    return line(known.name if known else key)


def _when(letter: Letter, meeting: Meeting, guest: Guest) -> str:
    """On the reader's own clock, and where the review's shows another time, on that too."""
    meetings = _whole(letter)
    if meetings:
        return _series_words(meetings)
    start, end = _span(letter, meeting)
    here = _span_words(start, end, guest.zone)
    there = _span_words(start, end, meeting.review.timezone)
    if here.partition("(")[0] == there.partition("(")[0]:
        return there
    return f"{here}; {there}"


def _own_hardship(record: Recorded | None, guest: Guest) -> Iterator[str]:
    """That a review lies beyond the hours of the reader's organisation, or on a day on which it does not work."""
    for each in (record.burdens if record else None) or ():
        if each.organisation == guest.of:
            yield from own_burden_words(each)


def _when_in_short(letter: Letter, meeting: Meeting, guest: Guest) -> str:
    meetings = _whole(letter)
    if meetings:
        return rule_in_words(meetings.rule)
    start = _span(letter, meeting)[0].astimezone(ZoneInfo(guest.zone))
    return say("%(day)s, %(time)s (%(zone)s)", day=day_words(start.date()), time=clock_words(start), zone=guest.zone)


def _span(letter: Letter, meeting: Meeting) -> tuple[datetime, datetime]:
    """When it is, or was to be by the rule where the plan has no such meeting."""
    if letter.record is None and letter.day and letter.invited.recurring:
        return by_rule(letter.invited.recurring, letter.day)
    return meeting.start, meeting.end


def _whole(letter: Letter) -> Recurring | None:
    """The series where the letter tells of it as a whole."""
    return letter.invited.recurring if letter.day is None else None


def _span_words(start: datetime, end: datetime, zone: str) -> str:
    """``Tue 12 Jan 2027, 15:00 – 15:30 (Europe/Berlin)``."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    until = clock_words(last) if first.date() == last.date() else f"{day_words(last.date())}, {clock_words(last)}"
    return say(
        "%(day)s, %(start)s – %(end)s (%(zone)s)",
        day=day_words(first.date()),
        start=clock_words(first),
        end=until,
        zone=zone,
    )


def _because(letter: Letter, guest: Guest, is_new: bool) -> str:
    """Why the letter is written, with every hour on the reader's clock or with its zone."""
    record = letter.record
    if letter.uninvites:
        return say("You are not on the list of attendees any more; the review itself stands.")
    if record is not None:
        reason = off_words(record) if record.status in OFF_STATUS else moved_words(record, guest.zone)
        return line(_named(reason, record.review.partnership), 500)
    if letter.day:
        return say("No meeting of the series is held on that day.")
    return _about_the_series(letter, is_new)


def _named(reason: str, partnership: str) -> str:
    """The reason, with the review that it gave way to as people know it: it is on record by its id."""

    def words(found: re.Match[str]) -> str:
        *_, series, last = f"{partnership}/{found['id']}".split("/")
        if last.startswith("checkpoint"):
            return f"at the {last.replace('-', ' ')} then"
        title = series.replace("-", " ")
        return f"at the {title if title.endswith('review') else f'{title} review'} then"

    return re.sub(rf"\bat {re.escape(partnership)}/(?P<id>\S+) then", words, reason)


def _about_the_series(letter: Letter, is_new: bool) -> str:
    """What became of a series: its end, or where it goes on."""
    cause = line(known(letter.cause), 500) if letter.cause != UNSAID else ""
    meetings = letter.invited.recurring
    if letter.invited.closed and letter.successor:
        goes_on = _series_words(letter.successor)
        if letter.method == "CANCEL" or meetings is None or meetings.until is None:
            return say("It goes on %(rule)s: that is an invitation of its own.", rule=goes_on)
        return say(
            "The series ends with its meeting of %(last)s; what was held stays in your calendar. "
            "From %(first)s it goes on %(rule)s: that is an invitation of its own.",
            last=day_words(meetings.until),
            first=day_words(letter.successor.since),
            rule=goes_on,
        )
    if letter.invited.closed:
        return _closed(cause, is_kept=letter.method != "CANCEL")
    if letter.ends_now and not is_new and meetings and (last := last_date(meetings)):
        if cause:
            return say("The series ends with its meeting of %(day)s: %(because)s.", day=day_words(last), because=cause)
        return say("The series ends with its meeting of %(day)s.", day=day_words(last))
    if letter.before and not is_new:
        return say("It was %(rule)s until now.", rule=_series_words(letter.before))
    if letter.ends:
        ends = day_words(letter.ends)
        return say("It takes the place of the series whose last meeting is that of %(day)s.", day=ends)
    return ""


def _closed(cause: str, *, is_kept: bool) -> str:
    if cause and is_kept:
        return say("The series goes on no longer: %(because)s; what was held stays in your calendar.", because=cause)
    if cause:
        return say("The series goes on no longer: %(because)s.", because=cause)
    if is_kept:
        return say("The series goes on no longer; what was held stays in your calendar.")
    return say("The series goes on no longer.")


def _series_words(meetings: Recurring) -> str:
    """``every week on Tuesday, 15:00 – 15:30 (Europe/Berlin)``."""
    start, end = by_rule(meetings, meetings.since)
    return say(
        "%(rule)s, %(start)s – %(end)s (%(zone)s)",
        rule=rule_in_words(meetings.rule),
        start=clock_words(start),
        end=clock_words(end),
        zone=meetings.first.timezone,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _dates(letter: Letter, guest: Guest, setting: Setting) -> Iterator[str]:
    """The next meetings of a series on the reader's own clock, with what stands out among them."""
    meetings = _whole(letter)
    if meetings is None or letter.method == "CANCEL":
        return
    ahead = [day for day in sorted(letter.instances) if by_rule(meetings, day)[1] >= setting.stamp]
    for day in ahead[:_SHOWN]:
        yield _date(meetings, day, letter, guest)


def _next_link(letter: Letter, guest: Guest, setting: Setting) -> str | None:
    if letter.record or letter.method == "CANCEL" or letter.invited.closed:
        return None
    held = (each.record for each in letter.instances.values() if each.record and each.digest != OFF)
    coming = [each for each in held if each.status is Status.PLANNED and not each.is_past(setting.stamp)]
    first = min(coming, key=lambda each: each.review.start, default=None)
    return setting.link(first, guest) if first else None


def _date(meetings: Recurring, day: date, letter: Letter, guest: Guest) -> str:
    record, digest = letter.instances[day]
    if digest == OFF:
        return say("not on %(day)s", day=day_words(day))
    own = "".join(f"; {each}" for each in _own_hardship(record, guest))
    if record is None or not digest:
        return _span_words(*by_rule(meetings, day), guest.zone) + own
    moved = moved_words(record, guest.zone)
    because = f", {line(moved, 200)}" if moved else ""
    return _span_words(record.review.start, record.review.end, guest.zone) + because + own
