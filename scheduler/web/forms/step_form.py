"""The form on which the owner of a step on the way to a checkpoint says that it is done.

Its link is good for one word: once that is said it shows what is on record, and once anything else was said it is
closed. What was said by mistake is taken back by whoever looks after the partnership.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import known, say, sentence
from scheduler.render.signed_links import STEP
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.launch_steps import LaunchStep, launch_steps
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.services.cases.launch_track import tick
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import launch_ticks
from scheduler.web.links import payload, review_of

from .lifecycle import FormKind, HistoryLine, NotKept, Said, day_of, moment_words, name_of, refusal_at, remark

_CLOSED = (Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True)
class StepPage:
    """The form as it is shown; `facts` are a name, a value, and whether it tells of lateness. `today` is the last day
    that can be named, as a date field wants it. Where something is on record, that alone is shown."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    done_on: str
    because: str
    today: str


@dataclass(frozen=True)
class _Asked:
    """What a link is for; `is_said` where its one word is on record."""

    partnership: Partnership
    record: Recorded
    step: LaunchStep
    person: str
    is_said: bool


def _asked(app: App, db: Connection, now: datetime, token: str) -> _Asked:
    """Raises BadLink, ExpiredLink, and Gone where checkpoint, step or person are there no more, or something else was
    said of the step since."""
    said = payload(db, STEP, token, now)
    record, partnership = review_of(app, db, said["checkpoint"], now, _CLOSED)
    scope = next((each for each in scopes(partnership, app.playbooks) if each.id == record.review.scope_id), None)
    steps = launch_steps(record, scope, launch_ticks.ticks(db, partnership.partnership)) if scope else ()
    step = next((each for each in steps if each.key == said["step"]), None)
    if step is None:
        raise Gone("its step is not there")
    person, review = holder(app, db, partnership, said, now), record.review
    has_duty(partnership, person, (step.owner, review.agenda_owner, review.deputy), now)
    further = (step.tick.number if step.tick else 0) - int(said["words"])
    is_said = further == 1 and step.tick is not None and step.tick.by == person and step.done_on is not None
    if further and not is_said:
        raise Gone("something else was said of it since")
    return _Asked(partnership, record, step, person, is_said)


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> StepPage:
    asked = _asked(app, db, now, token)
    step, review, typed = asked.step, asked.record.review, said or {}
    today = now.astimezone(zone(review.timezone)).date()
    return StepPage(
        partnership=asked.partnership.name,
        title=known(step.says),
        reader=name_of(asked.partnership, asked.person),
        facts=(
            (
                say("On the way to"),
                say("%(review)s, %(day)s", review=known(review.title), day=day_words(review.start.date())),
                False,
            ),
            (say("Due"), day_words(step.on), False),
        ),
        on_record=tuple(_on_record(asked)),
        done_on=typed.get("done_on", min(step.on, today).isoformat()),
        because=typed.get("because", ""),
        today=today.isoformat(),
    )


def _on_record(asked: _Asked) -> list[HistoryLine]:
    tick, step = asked.step.tick, asked.step
    if not asked.is_said or tick is None or tick.done_on is None:
        return []
    done = day_words(tick.done_on)
    says = (
        say("Done on %(day)s; it was due on %(due)s", day=done, due=day_words(step.on))
        if tick.done_on > step.on
        else say("Done on %(day)s", day=done)
    )
    at = moment_words(asked.partnership, asked.person, tick.at)
    by = name_of(asked.partnership, tick.by)
    return [HistoryLine(says, by, at, tick.because)]


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        asked = _asked(app, db, now, token)
    done_on, because = (
        day_of(said, "done_on", (sentence("Name the day"), sentence("on which it was done"))),
        remark(said, "because"),
    )
    if asked.is_said:
        known = asked.step.tick
        if known and (known.done_on, known.because) == (done_on, because):
            return
        raise NotKept
    with refusal_at("done_on"):
        tick(app, asked.record.id, asked.step.key, done_on, asked.person, now, because)


FORM = FormKind("step.html.j2", _shown, _taken)
