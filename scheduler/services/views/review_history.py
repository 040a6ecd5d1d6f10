"""What ever befell a review: its own changes, the edits of its agendas, the objections to its minutes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.review import Recorded
from scheduler.store import reviews


@dataclass(frozen=True, slots=True)
class HistoryAt:
    """What befell the review, its agenda or its minutes: `what` is the word of a change of the review (``minutes`` and
    ``presence`` where one that was held before got them), ``agenda``, of which `version` was made by `way`, or
    ``objection``, ``settled`` and ``withdrawn``."""

    at: datetime
    what: str
    by: str | None
    because: str | None
    to: str | None = None
    version: int | None = None
    way: str | None = None


def history_of(
    db: Connection,
    record: Recorded,
    partnership: Partnership,
    versions: Mapping[str | None, list[AgendaVersion]],
    minutes: MinutesRecord | None,
) -> Iterator[HistoryAt]:
    """The changes of the review and of the agendas that the reader may see, and what became of its minutes, the newest
    first."""
    found = [
        HistoryAt(
            at=each.at.astimezone(UTC),
            what=reviews.befell(each.action, each.before),
            by=partnership.name_of(each.person) if each.person else None,
            because=each.because,
            to=(each.after or {}).get("start"),
        )
        for each in reviews.history(db, record.id)
    ]
    found += [
        HistoryAt(
            at=each.at.astimezone(UTC),
            what="agenda",
            by=partnership.name_of(each.by) if each.by else None,
            because=None,
            version=each.number,
            way="reset" if each.text is None else each.way,
        )
        for of_one in versions.values()
        for each in of_one
    ]
    found += _objected(minutes, partnership) if minutes else ()
    yield from sorted(found, key=lambda each: (each.at, each.version or 0), reverse=True)


def _objected(minutes: MinutesRecord, partnership: Partnership) -> Iterator[HistoryAt]:
    for each in minutes.objections:
        yield HistoryAt(each.at.astimezone(UTC), "objection", partnership.name_of(each.by), each.says)
        if each.settled_at:
            by = partnership.name_of(each.settled_by) if each.settled_by else None
            what = "withdrawn" if each.is_withdrawn else "settled"
            yield HistoryAt(each.settled_at.astimezone(UTC), what, by, each.settled_because)
