"""A document of a kind expired, and none has taken its place."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from scheduler.domain.definition.document import Document
from scheduler.domain.definition.trigger import Expired
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause

_DAY = timedelta(days=1)


def in_words(trigger: Expired) -> str:
    return f"{_name(trigger.document)} expired"


def causes(trigger: Expired, at: Situation) -> Iterator[Cause]:
    document = _lapsed(trigger.document, at.partnership.agreement.documents, at.today)
    if document and document.expires:
        name = _name(document.kind)
        says = f"The {name} expired on {plainly(document.expires)}, and none has taken its place"
        signed = [Evidence(document.signed, f"{name} signed")] if document.signed else []
        evidence = [*signed, Evidence(document.expires, f"last day of the {name}")]
        yield cause(at, in_words(trigger), f"expired/{document.kind}/{document.expires}", says, evidence)


def forecast(trigger: Expired, at: Situation) -> Iterator[TriggerForecast]:
    documents = at.partnership.agreement.documents
    day, name = _lapses_on(trigger.document, documents), _name(trigger.document)
    if day is None:
        there = any(document.kind == trigger.document for document in documents)
        holds, says = False, f"the {name} has no end" if there else f"no {name} on record"
    else:
        holds = day <= at.today
        says = f"the {name} {'expired' if holds else 'expires'} on {plainly(day - _DAY)}"
    yield TriggerForecast(at.scope.id, in_words(trigger), trigger.document, holds, says, None if holds else day)


def wakes(trigger: Expired, at: Situation) -> Iterator[datetime]:
    """The day after the document's last."""
    return after_today(at, _lapses_on(trigger.document, at.partnership.agreement.documents))


def _lapsed(kind: str, documents: tuple[Document, ...], today: date) -> Document | None:
    """The document of a kind that expired last, where none of that kind is in force on the day; it is, on the day it
    expires."""
    alike = [document for document in documents if document.kind == kind]
    if not alike or any(document.expires is None or document.expires >= today for document in alike):
        return None
    return max(alike, key=lambda document: document.expires or date.min)


def _lapses_on(kind: str, documents: tuple[Document, ...]) -> date | None:
    """The first day without a document of that kind in force; None where one has no end, or there is none."""
    ends = [document.expires for document in documents if document.kind == kind]
    known = [day for day in ends if day is not None]
    return max(known) + _DAY if known and len(known) == len(ends) else None


def _name(kind: str) -> str:
    """``NDA``, ``partnership agreement``."""
    return kind.upper() if len(kind) <= 3 else kind.replace("_", " ")


RULES = TriggerRules(in_words, causes, forecast, wakes)
