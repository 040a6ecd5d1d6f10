"""Agendas and minutes as Word files, as one reader may have them, in the operator's own template."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from scheduler.domain.errors import UserError
from scheduler.render.languages import known, say
from scheduler.render.office.word_file import Paper, word_file
from scheduler.render.office.word_template import NAME, word_template
from scheduler.render.wording import clock_words, day_words, in_a_row

if TYPE_CHECKING:
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.views.review_page import Looked, MinutesAt, ObjectionAt, ReviewSheet, SeatAt


def agenda_file(app: "App", record: "Recorded", markdown: str, now: datetime) -> bytes:
    """An agenda as it stands. Raises UserError where python-docx is not installed."""
    title = f"{known(record.review.title)} {record.review.period}"
    return written(app, Paper(title, markdown, now, has_title=True))


def minutes_file(app: "App", id: str, now: datetime, audience: "Audience") -> bytes:
    """The minutes of a review, as the audience may see them. Raises UserError where there are none."""
    from scheduler.services import lookup
    from scheduler.services.views.review_page import review_sheet

    with app.store.read() as db:
        record = lookup.review(db, id)
        if audience.organisation is not None:
            row = lookup.partnership(db, record.review.partnership)
            lookup.organisation(app.in_force(row), audience.organisation)
        looked = review_sheet(app, db, record.id, now, audience)
    paper = minutes_paper(looked, now) if looked else None
    if paper is None:
        raise UserError(f"{record.id} has no minutes", f"file them: cadence review hold {record.id} --minutes FILE")
    return written(app, paper)


def minutes_paper(looked: "Looked", now: datetime) -> Paper | None:
    """What stands in the file of minutes: when, who was there, how they stand, their words, and the objections to them;
    None where there are none."""
    sheet, minutes = looked.sheet, looked.sheet.minutes
    if minutes is None:
        return None
    title = say("Minutes of %(review)s", review=known(sheet.title))
    objections = [_objection_words(each) for each in minutes.objections if each.state == "open"]
    return Paper(
        title,
        minutes.text,
        now,
        facts=[*_facts(looked, minutes)],
        parts=[(say("Objections"), objections)] if objections else (),
        keeps_lines=True,
    )


def written(app: "App", paper: Paper) -> bytes:
    """The paper in the operator's template; where that cannot be used it is logged, and the paper is plain."""
    template = word_template(app.settings.template_folders)
    if template.fault:
        app.log.error("template.failed", template=NAME, fault=template.fault)
    return word_file(paper, template.content)


def _facts(looked: "Looked", minutes: "MinutesAt") -> Iterator[tuple[str, str]]:
    sheet = looked.sheet
    yield say("Partnership"), sheet.partnership_name + (f" / {sheet.layer}" if sheet.layer else "")
    yield say("Held on"), _when(looked)
    there = [_named(each) for each in sheet.seats if each.was_present]
    absent = [each.name for each in sheet.seats if each.was_present is False]
    for label, people in ((say("Present"), there), (say("Absent"), absent)):
        if people:
            yield label, in_a_row(people)
    if sheet.quorate is not None:
        outcome = say("there was one") if sheet.quorate else say("there was none")
        yield say("Quorum"), f"{known(sheet.quorum)}: {outcome}"
    yield say("Minutes"), _standing(sheet, minutes)


def _when(looked: "Looked") -> str:
    held_on, start = looked.record.held_on, looked.sheet.start
    if held_on is not None and held_on != start.date():
        return day_words(held_on)
    return say(
        "%(day)s, %(time)s %(zone)s", day=day_words(start.date()), time=clock_words(start), zone=looked.sheet.timezone
    )


def _named(seat: "SeatAt") -> str:
    if seat.stand_in:
        return say("%(person)s for %(other)s", person=seat.stand_in, other=seat.name)
    return f"{seat.name} ({seat.organisation})" if seat.organisation else seat.name


def _standing(sheet: "ReviewSheet", minutes: "MinutesAt") -> str:
    match minutes.state:
        case "accepted":
            return say("accepted")
        case "objected":
            return say("draft, objected to")
        case _ if minutes.until:
            until = day_words(minutes.until)
            return say("draft, open to objections until the end of %(day)s (%(zone)s)", day=until, zone=sheet.timezone)
        case _:
            return say("draft")


def _objection_words(each: "ObjectionAt") -> str:
    if each.to is None:
        return say("%(who)s objects to the minutes as a whole: %(words)s", who=each.by, words=each.says)
    return say('%(who)s objects to "%(item)s": %(words)s', who=each.by, item=each.to, words=each.says)
