"""The agendas of a review as its page shows them, each with its edits, and what people gave to it: items, and files to
be read before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import spoken
from scheduler.rules.access import Audience, may_learn
from scheduler.services.app import App
from scheduler.services.briefings import audiences
from scheduler.services.pipeline.agendas import agenda_as_read
from scheduler.services.state import PartnershipState
from scheduler.store import agendas, pre_reads


@dataclass(frozen=True, slots=True)
class AgendaAt:
    """An agenda as it stands, in Markdown, for all (`organisation` None) or as the internal brief of one; the number of
    the edit that it is (0: nobody edited it), who made that when, and the language that it is written in, by its tag
    (None: English, as everybody is written to who says nothing else)."""

    organisation: str | None
    organisation_name: str | None
    markdown: str
    version: int
    edited_at: datetime | None
    edited_by: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ItemAt:
    """An item that somebody added to the agenda, until it was dropped; or owns, where a health check put it there."""

    id: str
    says: str
    minutes: int | None
    by: str
    by_person: str
    of_health_check: bool = False


@dataclass(frozen=True, slots=True)
class PreReadAt:
    """A file to be read before, for all or for one side alone; `size` in bytes. Of one whose content was let go of at
    `forgotten_at` the `sha256` stays."""

    id: str
    name: str
    size: int
    organisation: str | None
    by: str | None
    by_person: str | None
    at: datetime
    forgotten_at: datetime | None = None
    sha256: str | None = None


def _audiences(state: PartnershipState, record: Recorded, audience: Audience) -> Iterator[Audience]:
    """The joint agenda, and the internal briefs that this audience may see."""
    for each in audiences(state, record.review):
        if each.organisation is None or audience.sees_all or each.organisation == audience.organisation:
            yield each


def versions_of(
    db: Connection, record: Recorded, state: PartnershipState, audience: Audience
) -> dict[str | None, list[AgendaVersion]]:
    theirs = (each.organisation for each in _audiences(state, record, audience))
    return {each: agendas.versions(db, record.id, each) for each in theirs}


def agendas_of(
    app: App,
    db: Connection,
    state: PartnershipState,
    record: Recorded,
    audience: Audience,
    versions: Mapping[str | None, list[AgendaVersion]],
) -> Iterator[AgendaAt]:
    if record.status in (Status.SKIPPED, Status.CANCELLED):
        return
    for each in _audiences(state, record, audience):
        read = agenda_as_read(app, db, state, record, each, spoken())
        if read is None:
            continue
        last = next(reversed(versions[each.organisation]), None)
        yield AgendaAt(
            organisation=each.organisation,
            organisation_name=state.partnership.organisation_name(each.organisation),
            markdown=read.text,
            version=last.number if last else 0,
            edited_at=last.at if last and last.text is not None else None,
            edited_by=state.partnership.name_of(last.by) if last and last.by else None,
            language=read.manner.language,
        )


def items_of(state: PartnershipState, id: str) -> Iterator[ItemAt]:
    for each in state.added:
        if each.review == id:
            name, is_of_health = state.partnership.name_of(each.by), each.out_of is not None
            yield ItemAt(each.id, each.says, each.minutes, name, each.by, is_of_health)


def pre_reads_of(db: Connection, partnership: Partnership, id: str, audience: Audience) -> Iterator[PreReadAt]:
    for each in pre_reads.of_review(db, id):
        if each.stands and may_learn(each.audience, audience):
            yield PreReadAt(
                id=each.id,
                name=each.name,
                size=each.size,
                organisation=partnership.organisation_name(each.audience),
                by=partnership.name_of(each.by) if each.by else None,
                by_person=each.by,
                at=each.at,
                forgotten_at=each.forgotten_at,
                sha256=each.sha256,
            )
