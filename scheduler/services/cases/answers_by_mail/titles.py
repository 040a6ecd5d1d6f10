"""What a letter asked, in a few words, and the form on which it can be answered instead."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.domain.record.letter_question import LetterQuestion, QuestionKind
from scheduler.render.languages import known as known_words
from scheduler.rules.reviews.launch_steps import launch_steps
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.kpi_lookup import Limits, call
from scheduler.services.pipeline.digest_links import Links
from scheduler.services.state import PartnershipState
from scheduler.store import StoreError, actions


def title_of(app: App, db: Connection, archive: Archive, asks: LetterQuestion) -> str:
    """``Cells delivered, 2026-11``; the id of what is there no more."""
    known = archive[asks.partnership]
    match asks.kind:
        case "value" | "milestone":
            return _of_kpi(app, db, archive, asks)
        case "held" | "minutes":
            record = known.recorded.get(asks.subject)
            return known_words(record.review.full_title) if record else asks.subject
        case "verdict":
            return _of_criterion(known, asks.subject)
        case "action":
            found = actions.find(db, asks.subject)
            return found.says if found else asks.subject
        case "step":
            return _of_step(known, asks)


def _of_kpi(app: App, db: Connection, archive: Archive, asks: LetterQuestion) -> str:
    try:
        named = call(app, db, asks.subject, archive.now, Limits(asks.partnership))
        return f"{named.kpi.name}, {named.named(asks.period).period.name}"
    except StoreError:
        raise
    except UserError:
        return f"{asks.subject}, {asks.period}"


def _of_criterion(known: PartnershipState, subject: str) -> str:
    checkpoint, _, id = subject.rpartition("/")
    record = known.recorded.get(checkpoint)
    scope = known.scopes.get(record.review.scope_id) if record else None
    criteria = scope.success.criteria if scope and scope.success else ()
    return next((each.says for each in criteria if each.id == id), subject)


def _of_step(known: PartnershipState, asks: LetterQuestion) -> str:
    record = known.recorded.get(asks.subject)
    scope = known.scopes.get(record.review.scope_id) if record else None
    steps = launch_steps(record, scope, known.ticks) if record and scope else ()
    return next((known_words(each.says) for each in steps if each.key == asks.period), asks.period)


_LINKS: Mapping[QuestionKind, Callable[[Links, LetterQuestion, str], str | None]] = {
    "value": lambda links, asks, person: links.report(asks.subject, asks.period, person),
    "milestone": lambda links, asks, person: links.report(asks.subject, asks.period, person),
    "held": lambda links, asks, person: links.close(asks.subject, person),
    "minutes": lambda links, asks, person: links.minutes(asks.subject, person),
    "verdict": lambda links, asks, person: links.judge(asks.subject, person),
    "action": lambda links, asks, person: links.action(asks.subject, person),
    "step": lambda links, asks, person: links.step(asks.subject, asks.period, person),
}


def link_of(links: Links, asks: LetterQuestion, person: str) -> str | None:
    """The form on which the same is answered; None where nothing is served."""
    return _LINKS[asks.kind](links, asks, person)
