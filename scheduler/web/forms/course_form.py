"""The form on which chair, agenda owner, alliance managers and sponsors say what a checkpoint or formal review decided.
It wants a code, since it binds their side.

Once a decision is on record it shows that, and asks nothing more: another one in its place is taken by whoever runs the
program, who is asked whether it is meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.verdict import COURSES, ENDINGS, Course, CourseDecision
from scheduler.render.agenda.deciding_lines import decided_by
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import COURSE
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases import course as cases
from scheduler.services.cases.confirmations import Act, key_of
from scheduler.services.still_theirs import has_duty, holder
from scheduler.store import actions, decisions
from scheduler.web.links import payload, review_of

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, day_of, moment_words, name_of, refusal_at, remark

WORDS: Mapping[Course, str] = {
    "continue": sentence("Continue: both sides would sign again"),
    "adjust": sentence("Adjust: the goal holds; targets, resources or owners change"),
    "relaunch": sentence("Relaunch: the start failed, and 90 new days begin"),
    "cure": sentence("Cure: an action plan, with an owner and a day"),
    "restructure": sentence("Restructure: targets, resources, owners or governance change"),
    "change-model": sentence("Change the model: it becomes another kind of partnership"),
    "exit": sentence("Exit: the wind-down begins"),
}
"""What each course means, for whoever chooses one."""


@dataclass(frozen=True)
class CoursePage:
    """The form as it is shown. `choices` are a value and its words, `people` keys and names of who can carry it out;
    `course`, `because`, `who`, `until` what was typed, `on` and `taken_by` also what is
    proposed. `has_plan` where a cure is among the choices."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    choices: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    has_plan: bool
    course: str
    because: str
    who: str
    until: str
    on: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose word on which review is asked for; `taken` is the decision on record."""

    partnership: Partnership
    record: Recorded
    person: str
    taken: CourseDecision | None

    @property
    def offered(self) -> tuple[Course, ...]:
        return COURSES if self.record.review.kind is Kind.CHECKPOINT else ENDINGS


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where the review is not held or the person has no duty in it any more."""
    said = payload(db, COURSE, token, now)
    record, partnership = review_of(app, db, said["review"], now, (Status.CANCELLED, Status.SKIPPED))
    person, review = holder(app, db, partnership, said, now), record.review
    has_duty(partnership, person, (review.agenda_owner, review.deputy, review.chair), now)
    return _Asked(partnership, record, person, decisions.courses(db, partnership.partnership).get(record.id))


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> CoursePage:
    asked, typed = _asked(app, db, now, token), said or {}
    review, today = asked.record.review, now.date()
    return CoursePage(
        partnership=asked.partnership.name,
        title=say("%(review)s: what was decided", review=known(review.title)),
        reader=name_of(asked.partnership, asked.person),
        facts=tuple(_facts(db, asked)),
        on_record=tuple(_on_record(asked)),
        choices=tuple((each, say(WORDS[each])) for each in asked.offered),
        people=tuple((key, each.name) for key, each in asked.partnership.people.items() if not each.has_left(today)),
        has_plan="cure" in asked.offered,
        **{name: typed.get(name, "") for name in ("course", "because", "who", "until")},
        on=typed.get("on", _day_of(asked.record, now).isoformat()),
        taken_by=typed.get("taken_by", _who_decides(asked)),
    )


def _day_of(record: Recorded, now: datetime) -> date:
    """The day of the meeting, in its zone; today, where it is still to come."""
    return min(record.held_on or record.review.start.date(), now.astimezone(record.review.start.tzinfo).date())


def _who_decides(asked: _Asked) -> str:
    """Who takes such decisions, as the agreement says, else who chairs the meeting."""
    chair = asked.record.review.chair
    return decided_by(asked.partnership) or (name_of(asked.partnership, chair) if chair else "")


def _facts(db: Connection, asked: _Asked) -> Iterator[tuple[str, str, bool]]:
    yield say("Review"), day_words(asked.record.review.start.date()), False
    if asked.taken and asked.taken.decision == "cure":
        known = actions.recorded(db, asked.partnership.partnership)
        for plan in [each for each in known if each.is_of_cure and each.review == asked.record.id][-1:]:
            due, owner = day_words(plan.due) if plan.due else "", name_of(asked.partnership, plan.owner)
            stands = (
                say("due by %(day)s, from %(person)s", day=due, person=owner) if plan.is_open else say("carried out")
            )
            yield say("Action plan"), stands, False


def _on_record(asked: _Asked) -> Iterator[HistoryLine]:
    found = asked.taken
    while found:
        at = moment_words(asked.partnership, asked.person, found.at)
        reports = name_of(asked.partnership, found.by)
        names = {"person": found.taken_by or reports, "reports": reports}
        who = (
            say("Decided by %(person)s on %(day)s; put on record by %(reports)s", day=day_words(found.on), **names)
            if found.on
            else say("Decided by %(person)s; put on record by %(reports)s", **names)
        )
        yield HistoryLine(say(WORDS[found.decision]), who, at, found.because)
        found = found.replaces


def _typed(asked: _Asked, said: Said) -> cases.CourseWord:
    """Raises Wrong."""
    course = said.get("course", "")
    if course not in asked.offered:
        raise Wrong("course", InvalidValue(sentence("Choose one"), sentence("nothing was chosen")))
    because = remark(said, "because")
    if because is None:
        raise Wrong("because", InvalidValue(sentence("The decision has no reason"), sentence("say in a few words why")))
    who = said.get("who", "") or None
    if who is not None and who not in asked.partnership.people:
        raise Wrong(
            "who", InvalidValue(sentence("There is nobody of that name"), sentence("choose somebody of the list"))
        )
    until, on = _day(said, "until") if course == "cure" else None, _day(said, "on")
    return cases.CourseWord(course, because, asked.person, who, until, on, remark(said, "taken_by"))


def _day(said: Said, field: str) -> date | None:
    """Raises Wrong."""
    return day_of(said, field) if said.get(field, "").strip() else None


def _act(app: App, db: Connection, now: datetime, token: str, said: Said) -> Act | None:
    asked = _asked(app, db, now, token)
    typed = _typed(asked, said)
    if asked.taken:
        return None
    review = asked.record.review
    says = say(
        "%(course)s (%(meeting)s): %(because)s",
        course=say(WORDS[typed.course]),  # type: ignore[index]
        meeting=_meeting_words(review, typed),
        because=typed.because,
    )
    key = key_of(f"course/{review.id}", *typed)
    return Act(asked.partnership, asked.person, key, says)


def _meeting_words(review: Review, typed: cases.CourseWord) -> str:
    """At which meeting something was decided, on which day and by whom, as far as it is said."""
    meeting = say("%(review)s, %(day)s", review=known(review.title), day=day_words(review.start.date()))
    on, by = typed.on and day_words(typed.on), typed.taken_by
    if on and by:
        return say("%(meeting)s, decided on %(day)s by %(person)s", meeting=meeting, day=on, person=by)
    if on:
        return say("%(meeting)s, decided on %(day)s", meeting=meeting, day=on)
    return say("%(meeting)s by %(person)s", meeting=meeting, person=by) if by else meeting


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    typed = _typed(asked, said)
    if asked.taken:
        if (asked.taken.decision, asked.taken.because, asked.taken.by) == typed[:3]:
            return
        raise NotKept
    with refusal_at("", "ask your alliance manager"):
        cases.decide(app, asked.record.id, typed, now)


FORM = FormKind("course.html.j2", _shown, _taken, _act)
