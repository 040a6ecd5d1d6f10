"""A partnership as one reader sees it, over all the definitions that were in force: what things were called, which KPIs
are not theirs to know of, and what an edit changed of what they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.ids import KpiId
from scheduler.domain.record.dispute import ChangeFacts
from scheduler.rules.access import Audience, may_see
from scheduler.rules.reminders.definition_changes import changes
from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.services.pipeline.renaming import goes_on_as, kpi_ids
from scheduler.store import versions
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True, slots=True)
class Difference:
    """What was otherwise before, in words; None where there was, or is, nothing. `what` is told in English, of the
    `field` of a `part` of the definition that has a `name`; of a review's own record, the field alone."""

    what: str
    was: str | None
    now: str | None
    part: str = ""
    name: str | None = None
    field: str | None = None


class KnownPartnership:
    """A partnership, as one reader sees it."""

    def __init__(self, app: App, db: Connection, row: PartnershipRow, audience: Audience) -> None:
        self.app, self.db, self.row, self.audience = app, db, row, audience
        self.definition = app.in_force(row)
        self.own_side = {
            person.email.casefold() for person in self.definition.people.values() if person.of == audience.organisation
        }
        self._names: Mapping[str, str] | None = None
        self._kpis: Mapping[str, Kpi] | None = None
        self._versions: Sequence[versions.VersionHeader] | None = None

    def name(self, person: str | None) -> str | None:
        """What somebody is called, also who is in the definition no more."""
        if person is None:
            return None
        if person in self.definition.people:
            return self.definition.people[person].name
        if self._names is None:
            self._names = definition_versions.names(definition_versions.recorded(self.app, self.db, self.row))
        return self._names.get(person, person)

    def kpi(self, id: str) -> Kpi | None:
        """A KPI by its id, also one that is dropped, as the last definition that has it says; None where the reader may
        not see it, or nobody knows it."""
        kpi = self.definition.kpi(id)
        since = [kpi] if kpi else goes_on_as(self.taken_up, id)
        return since[0] if since and all(may_see(each, self.audience) for each in since) else None

    @cached_property
    def taken_up(self) -> list[Partnership]:
        """The definitions that were in force, the last one as well."""
        return [each.definition for each in definition_versions.recorded(self.app, self.db, self.row)]

    @cached_property
    def unseen(self) -> set[str]:
        """The keys of KPIs, under whatever key they ever stood, that the reader may not see today."""
        if self.audience.sees_all:
            return set()
        ever = {id for each in self.taken_up for id in kpi_ids(each)}
        since = ((id, goes_on_as(self.taken_up, id)) for id in ever)
        return {KpiId(id).key for id, kpis in since if not all(may_see(each, self.audience) for each in kpis)}

    def differences(self, number: int) -> tuple[Difference, ...] | None:
        """What a version changed, as far as the reader may see it; None for the first one."""
        if self._versions is None:
            self._versions = versions.listing(self.db, self.row.id)
        place = next((n for n, each in enumerate(self._versions) if each.id == number), 0)
        if place == 0:
            return None
        before, after = (self._read(self._versions[n]) for n in (place - 1, place))
        return tuple(_difference(each) for each in changes(before, after, self.audience, self.unseen))

    def _read(self, header: versions.VersionHeader) -> Partnership:
        if header.content_hash == self.row.content_hash:
            return self.definition
        is_at_hand = self.app.has_read(self.row, header.content_hash)
        text = "" if is_at_hand else versions.texts(self.db, [header.id])[header.id]
        return self.app.read_as(self.row, header.content_hash, text)


def _difference(change: ChangeFacts) -> Difference:
    what = " ".join(part for part in (change["part"], change["name"], change["field"]) if part)
    return Difference(what, change["was"], change["now"], change["part"], change["name"], change["field"])
