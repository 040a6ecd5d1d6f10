"""The signal of dates: what of the agreement, its documents and its checkpoints has to be decided, or ends, and by
when."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.agreement import after, before
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.standing_terms import Spans
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.renewal import of_paper, of_term
from scheduler.domain.record.standing import State
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reminders.agreement import decide_by, is_notice_asked, running
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.standing.known import FoundSignal, Known, by_day, found_signal


class _Ahead(NamedTuple):
    """A date that asks for something: which sentence tells it, and whose id is clicked."""

    on: date
    cause: str
    about: str
    what: str | None = None


def dates(known: Known) -> FoundSignal:
    """What is to be decided or done by a date: what stands worst, the nearest first. One whose day has passed with
    nothing done is at risk; so is one of the last days before it; a checkpoint needs attention then, and only then."""
    today, spans = known.today, known.terms.dates
    ahead = sorted(_ahead(known))
    if not ahead:
        return found_signal("dates", State.ON_COURSE, "no_dates", known.scope.id)
    state, first = min(((_by_date(each, spans, today), each) for each in ahead), key=lambda each: each[0].rank)
    edges = (before(each.on, span) for each in ahead for span in (spans.attention, spans.at_risk))
    next_days = (date.fromordinal(each.on.toordinal() + 1) for each in ahead)
    return found_signal(
        "dates",
        state,
        first.cause,
        first.about,
        turns=(day for day in (*edges, *next_days) if day > today),
        on=first.on.isoformat(),
        days=(first.on - today).days,
        what=first.what,
    )


def _by_date(ahead: _Ahead, spans: Spans, today: date) -> State:
    state, _ = by_day(before(ahead.on, spans.attention), before(ahead.on, spans.at_risk), today)
    if ahead.cause == "checkpoint":
        return State.ATTENTION if state is State.AT_RISK else State.ON_COURSE
    return state


_OF_THE_AGREEMENT = ("decide", "notice", "ends", "expires")


def next_of_agreement(known: Known) -> tuple[date, str] | None:
    """The next date of the agreement and its documents, and which it is; None where none is ahead."""
    return next(((each.on, each.cause) for each in sorted(_ahead(known)) if each.cause in _OF_THE_AGREEMENT), None)


def _ahead(known: Known) -> Iterator[_Ahead]:
    for part in known.parts:
        yield from _undecided(known, part)
        yield from _checkpoints(known, part)
        if part.layer and part.ends and part.ends >= known.today and _ends_by_itself(part, known.partnership):
            yield _Ahead(part.ends, "ends", part.id, part.name)
    if known.scope.layer is None:
        yield from _of_the_agreement(known)
        yield from _documents(known)


def _ends_by_itself(layer: Scope, partnership: Partnership) -> bool:
    """Whether nobody has decided that it ends, and it does not end with its umbrella, which tells of that."""
    return layer.leaves_with is None and layer.ends != partnership.agreement.ends


def _of_the_agreement(known: Known) -> Iterator[_Ahead]:
    """Decide-by, cancel-by and the end of a term; none where the end is decided anyway. A day to decide that has passed
    is told until the day of the notice, when nothing is left to decide."""
    agreement, umbrella = known.partnership.agreement, known.scope
    if agreement.ends is None or umbrella.wind_down is not None:
        return
    works, id = known.partnership.works, umbrella.id
    said = of_term(known.partnership.renewals, agreement.ends)
    cancel_by = agreement.cancel_by(works)
    is_open = cancel_by is not None and cancel_by >= known.today
    decide = decide_by(agreement, umbrella.playbook.agreement, works)
    if is_open and decide and said.decided is None and said.notice is None:
        yield _Ahead(decide, "decide", id)
    if is_open and cancel_by and said.decided is not None and is_notice_asked(agreement, said):
        yield _Ahead(cancel_by, "notice", id)
    if agreement.renewal.kind != "tacit" and agreement.ends >= known.today and not said.notice:
        yield _Ahead(agreement.ends, "ends", id)


def _documents(known: Known) -> Iterator[_Ahead]:
    for document, longer in running(known.partnership.agreement.documents, known.today):
        said = of_paper(known.partnership.renewals, document.kind, document.expires)
        if document.expires and longer is None and said is None:
            cause = "expires" if document.expires >= known.today else "expired"
            yield _Ahead(document.expires, cause, known.scope.id, document.words)


def _undecided(known: Known, part: Scope) -> Iterator[_Ahead]:
    """A checkpoint that was held and led to no decision: it was to be taken that day, so it is told from the day after
    on as long as nobody says what was decided."""
    held = [
        each
        for each in known.recorded.values()
        if each.review.scope_id == part.id and each.review.kind is Kind.CHECKPOINT and each.status is Status.HELD
    ]
    last = max(held, key=lambda each: each.review.start, default=None)
    if last and last.id not in known.decisions:
        on = last.held_on or last.review.start.date()
        yield _Ahead(after(on, known.terms.dates.attention), "undecided", last.id, last.review.title)


def _checkpoints(known: Known, part: Scope) -> Iterator[_Ahead]:
    """A checkpoint that is to come: its criteria are judged by then, and it decides whether to go on."""
    there = zone(known.partnership.zone)
    for each in known.recorded.values():
        review, on = each.review, each.review.start.astimezone(there).date()
        is_planned = review.kind is Kind.CHECKPOINT and each.status is Status.PLANNED and on >= known.today
        if is_planned and review.scope_id == part.id:
            yield _Ahead(on, "checkpoint", each.id, review.title)
