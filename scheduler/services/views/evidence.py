"""What a pack of evidence would say, before it is made: what is missing by the stages of the standard, and how the
record stands to its seals."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.definitions.standards import standard
from scheduler.domain.definition.standard import Standard
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.evidence.pack import Asked, EvidencePack, look, make
from scheduler.settings.whole import shipped
from scheduler.store.tables import PartnershipRow

STANDARD = "iso-44001"
"""The one by which pages order evidence; the command line takes others."""


@dataclass(frozen=True, slots=True)
class StageGaps:
    """A stage of the standard by its number, how much of the record answers it, and what is missing there."""

    number: int
    title: str
    entries: int
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceOverview:
    """Of a partnership and the civil dates from `first` to `until`: the `stages` of the `standard`. The chain has so
    many `seals`, the first made at `since`, the last, with the `head`, at `sealed_at`; None where there is none yet.
    `not_as_sealed` says what on record is not as it was sealed."""

    partnership: str
    name: str
    first: date
    until: date
    standard: str
    stages: tuple[StageGaps, ...]
    seals: int
    head: str | None
    since: datetime | None
    sealed_at: datetime | None
    not_as_sealed: tuple[str, ...]


def evidence_overview(
    app: App,
    db: Connection,
    row: PartnershipRow,
    now: datetime,
    audience: Audience,
    first: date | None,
    until: date | None,
) -> EvidenceOverview:
    """Raises UserError for days that are none."""
    found = look(app, db, row, now, Asked(audience, _standard(), first, until))
    return EvidenceOverview(
        partnership=row.id,
        name=row.name,
        first=found.first,
        until=found.until,
        standard=found.standard,
        stages=tuple(
            StageGaps(each.number, each.title, sum(len(entries) for _, entries in each.entries), each.gaps)
            for each in found.stages
        ),
        seals=found.seals,
        head=found.head,
        since=found.since,
        sealed_at=found.sealed_at,
        not_as_sealed=tuple(each.says for each in found.faults),
    )


def evidence_pack(
    app: App, id: str, now: datetime, audience: Audience, first: date | None, until: date | None, language: str | None
) -> EvidencePack:
    """The pack itself. Raises UserError."""
    return make(app, id, now, Asked(audience, _standard(), first, until, language))


def _standard() -> Standard:
    return standard(STANDARD, shipped("standards"))
