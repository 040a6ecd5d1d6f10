"""Minutes and decisions of a span of days as one file: what an assessor, a successor or a lawyer asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.views.decisions import DecisionStanding
    from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True, slots=True)
class MinutesInSpan:
    """The minutes of a review on a civil date of its zone, as their reader may see them; `stands` says how."""

    review: str
    title: str
    on: date
    stands: str
    text: str


@dataclass(frozen=True, slots=True)
class PartnershipInSpan:
    """What of a partnership lies in a span: its minutes and its decisions, the oldest first."""

    id: str
    name: str
    minutes: tuple[MinutesInSpan, ...]
    decisions: "tuple[DecisionStanding, ...]"


@dataclass(frozen=True, slots=True)
class MinutesSpan:
    """The days from `first` to `last`, both included, as of a moment."""

    first: date
    last: date
    at: datetime
    partnerships: tuple[PartnershipInSpan, ...]


def minutes_span(
    app: "App",
    db: "Connection",
    whose: "Iterable[tuple[PartnershipRow, Audience]]",
    first: date,
    last: date,
    now: datetime,
) -> MinutesSpan:
    """What of these partnerships, each as its audience may see it, lies in the span; without those of which nothing
    does."""
    found = (_of(app, db, row, audience, first, last, now) for row, audience in whose)
    return MinutesSpan(first, last, now, tuple(each for each in found if each.minutes or each.decisions))


def _of(
    app: "App", db: "Connection", row: "PartnershipRow", audience: "Audience", first: date, last: date, now: datetime
) -> PartnershipInSpan:
    from scheduler.services.views.decisions import of_partnership

    decided = (each for each in of_partnership(app, db, row, now) if first <= each.decision.decided_on <= last)
    return PartnershipInSpan(
        row.id,
        row.name,
        tuple(_minutes(app, db, row, audience, first, last, now)),
        tuple(each for each in decided if each.state != "withdrawn"),
    )


def _minutes(
    app: "App", db: "Connection", row: "PartnershipRow", audience: "Audience", first: date, last: date, now: datetime
) -> Iterator[MinutesInSpan]:
    from scheduler.services.views.minutes import minutes_of
    from scheduler.store import reviews

    definition = app.in_force(row)
    for record in reviews.recorded(db, row.id).values():
        on = record.held_on or record.review.start.date()
        if first <= on <= last and record.minutes:
            known = minutes_of(db, record, definition, now, audience)
            if known:
                yield MinutesInSpan(record.id, record.review.full_title, on, known.words, known.text)


def page(app: "App", span: MinutesSpan) -> str:
    """The same as one Markdown text."""
    from scheduler.render.templating import rendered

    found = rendered("files/minutes.md.j2", app.settings.template_folders, span=span, quoted=_quoted)
    if found.fault:
        app.log.error("template.failed", template="files/minutes.md", fault=found.fault)
    return found.text


def _quoted(text: str) -> "Markup":
    """The words of minutes as a quotation of Markdown, so that none of their headings is one of the file's."""
    from markupsafe import Markup

    return Markup("\n".join(f"> {line}".rstrip() for line in text.splitlines()))  # noqa: S704  (Markdown already)
