"""A review after its date: its agenda owner is asked whether it was held, then for the minutes; attendees hear of them.

Only a review that was planned is asked about: those that lay in the past when the program started (`unrecorded`) are
closed by whoever wants to, and nobody is told. Minutes go out by letters of their own; chair and agenda owner hear of
objections, and that they are accepted. Where a checkpoint or a formal review was held and its minutes are filed, they
are asked for the decision until it is on record. Days are working days of all organisations of the scope, counted from
the review's own date in its zone. Nothing is told before it could be: no reminder of minutes on a day when the review
was not over, or not yet on record as held.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.filing import MinutesRecord, Objection
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.notification_facts import Asks, ObjectionFacts, ended
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.escalation import ConcernedPeople, climbed, told
from scheduler.rules.minutes.objections import standing
from scheduler.rules.reminders.of_reviews import facts_of
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.reviews.turns import manager_of

MINUTES, LATE_MINUTES, OBJECTIONS = "minutes", "minutes_late", "objections"
OBJECTED, ACCEPTED, DECISION = "objected", "accepted", "decision"
"""The rungs that are no playbook's: a working day before the minutes are due, the first one after, and their filing;
that somebody objects to them, and that they are accepted; that what was decided is not on record."""


def notices(
    record: Recorded, scope: Scope, until: date, minutes: MinutesRecord | None = None, *, is_decided: bool = False
) -> Iterator[Notification]:
    """Every step that follows a review of this scope, up to the civil date `until` in the review's zone. `minutes` is
    what became of its minutes; None of those that were on record before that was. `is_decided` is that the course of a
    checkpoint or formal review is on record."""
    after = _After(record, scope)
    if record.status is Status.PLANNED:
        yield from _closing(after, until)
    elif record.status is Status.HELD:
        clock = _minutes_clock(after) if record.minutes is None else _after_filing(after, minutes, until)
        decision = () if is_decided else _decision(after, minutes)
        yield from (notice for notice in (*clock, *decision) if notice.on <= until)


def settlements(
    recorded: Iterable[Recorded], decisions: Mapping[str, CourseDecision], people: Mapping[str, Person]
) -> dict[tuple[str, str], Ending]:
    """How reviews were closed, by the subject and period of their notices: one that was held is not settled
    until its minutes are there, where they have a clock; and what was decided, where that was asked for."""
    found = {(id, DECISION): _decided(taken, people) for id, taken in decisions.items()}
    for record in recorded:
        if record.status is Status.SKIPPED:
            found[record.id, ""] = Ending(ended("skipped", because=record.because or None))
        elif record.status is Status.CANCELLED:
            found[record.id, ""] = Ending(ended("cancelled", because=record.because or None))
        elif record.status is Status.HELD and record.minutes is not None:
            found[record.id, ""] = Ending(ended("minutes_filed"))
        elif record.status is Status.HELD and "minutes_by" not in dict(record.review.clocks):
            found[record.id, ""] = Ending(ended("held"))
    return found


def _decided(taken: CourseDecision, people: Mapping[str, Person]) -> Ending:
    who = people[taken.by].name if taken.by in people else None
    return Ending(ended("decided", who, f"{taken.decision}: {taken.because}"), taken.by)


@dataclass(frozen=True, slots=True)
class _After:
    """A review and the scope it belongs to."""

    record: Recorded
    scope: Scope

    @property
    def day(self) -> date:
        return self.record.review.end.date()

    @property
    def owner(self) -> str:
        """The agenda owner or, where that person has left, whoever owns the agenda in their place."""
        review, people = self.record.review, self.scope.people
        named = (key for key in (review.agenda_owner, review.deputy) if key and key in people)
        return next(named, self.scope.default_agenda_owner)

    @property
    def closed_on(self) -> date:
        """When it was last changed by a person, in its zone: held, or its minutes filed."""
        return self.record.modified_at.astimezone(zone(self.record.review.timezone)).date()

    @property
    def writer(self) -> str:
        """Who owes the minutes: somebody of the side whose turn that is, else the agenda owner."""
        turn = self.record.review.minutes_by
        return (turn and manager_of(self.scope, turn)) or self.owner

    def clock(self, name: str) -> date | None:
        return dict(self.record.review.clocks).get(name)

    def notice(
        self,
        rung: str,
        occasion: str,
        on: date,
        people: tuple[str, ...],
        asks: Asks,
        due: date | None = None,
        objections: list[ObjectionFacts] | None = None,
    ) -> Notification:
        review = self.record.review
        facts = facts_of(self.record, self.scope, asks, self.day)
        facts |= {"due": due.isoformat() if due else None, "objections": objections}
        return Notification(
            partnership=review.partnership,
            about="review",
            subject=review.id,
            period="",
            rung=rung,
            occasion=occasion,
            on=on,
            people=people,
            facts=facts,
            asked=(self.owner,),
            deputy=review.deputy,
        )


def _closing(after: _After, until: date) -> Iterator[Notification]:
    """Whether it was held, asked on the rungs of the playbook that come after its date."""
    if until <= after.day:
        return
    scope, deputy = after.scope, after.record.review.deputy
    first = min((rung.at for rung in scope.playbook.closing if rung.at > 0), default=0)
    stands_in = deputy if deputy in scope.people else None
    chair = after.record.review.chair
    concerned = ConcernedPeople(
        after.owner, stands_in, scope.people[after.owner].of, chair if chair in scope.people else None
    )
    for step in climbed(scope.playbook.closing, after.day, scope.calendar, until):
        if step.on > after.day:
            people = told(step, concerned, scope)
            asked = after.notice(step.rung.name, step.occasion, step.on, people, "held")
            # The first time is a question; from the second on it is late.
            yield replace(asked, late=step.rung.at > first, agenda=step.rung.agenda)


def _minutes_clock(after: _After) -> Iterator[Notification]:
    """The minutes of a review that was held are asked for the working day before they are due, and the first one
    after."""
    due = after.clock("minutes_by")
    if due is None:
        return
    calendar, occasion, people = after.scope.calendar, due.isoformat(), (after.writer,)
    before = calendar.add(due, -1)
    if before > after.day and before >= after.closed_on:
        yield replace(after.notice(MINUTES, occasion, before, people, "minutes_due", due), by=due, asked=people)
    late = max(calendar.add(due, 1), calendar.add(after.closed_on, 1))
    overdue = after.notice(LATE_MINUTES, occasion, late, people, "minutes_late", due)
    yield replace(overdue, late=True, asked=people)


def _after_filing(after: _After, minutes: MinutesRecord | None, until: date) -> Iterator[Notification]:
    """Chair and agenda owner hear of each objection, until it is settled, and that the minutes are accepted."""
    if minutes is None or not minutes.filings:
        yield from _objections(after)
        return
    found = standing(after.record, minutes, until)
    people, there = _answerable(after), zone(after.record.review.timezone)
    said = [_said(after, each) for each in found.objections] if found else []
    for each in found.objections if found else ():
        on = each.at.astimezone(there).date()
        yield replace(after.notice(OBJECTED, each.id, on, people, "minutes_objected", objections=said), asked=people)
    if found and found.accepted_on and found.until:
        number, on = found.filings[-1].number, found.accepted_on + timedelta(days=1)
        accepted = after.notice(ACCEPTED, f"{number}", on, people, "minutes_accepted", found.accepted_on)
        yield replace(accepted, asked=())


def _decision(after: _After, minutes: MinutesRecord | None) -> Iterator[Notification]:
    """Chair and agenda owner are asked, the working day after the minutes were filed, what was decided."""
    filed = [each for each in minutes.filings if each.number > 0] if minutes else []
    if not filed or after.record.review.kind not in (Kind.CHECKPOINT, Kind.FORMAL_REVIEW):
        return
    filed_on = filed[0].filed_at.astimezone(zone(after.record.review.timezone)).date()
    people = _answerable(after)
    asked = after.notice(DECISION, filed_on.isoformat(), after.scope.calendar.add(filed_on, 1), people, "decision")
    yield replace(asked, period=DECISION, asked=people)


def _answerable(after: _After) -> tuple[str, ...]:
    """Who answers for the minutes: the agenda owner, and whoever chaired."""
    chair = after.record.review.chair
    return tuple(dict.fromkeys((after.owner, *([chair] if chair in after.scope.people and chair else []))))


def _said(after: _After, objection: Objection) -> ObjectionFacts:
    people = after.scope.people
    who = people[objection.by].name if objection.by in people else objection.by
    return {"id": objection.id, "who": who, "to": objection.item_says, "says": objection.says}


def _objections(after: _After) -> Iterator[Notification]:
    """Whoever was to attend hears once that the minutes are there, and until when they can object."""
    until = after.clock("objections_until")
    if until is None or after.closed_on > until:
        return
    people = tuple(key for key in after.record.review.attendees if key in after.scope.people)
    filed = after.notice(OBJECTIONS, until.isoformat(), after.closed_on, people, "minutes_filed", until)
    yield replace(filed, by=until, asked=())
