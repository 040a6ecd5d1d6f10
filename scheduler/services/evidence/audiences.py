"""Whose a row of the record is: everybody's in the partnership, one organisation's, or the operator's alone.

By this a seal has its parts. Nobody learns from a part that is not theirs what there is, or that there is anything.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from sqlalchemy import Connection

from scheduler.domain.ids import ReviewId, ScopeId
from scheduler.domain.record.seal import JOINT, OPERATORS, SealableRow
from scheduler.rules.access import JOINT as EVERYBODY
from scheduler.rules.access import OPERATOR, Audience
from scheduler.services.app import App
from scheduler.services.pipeline.renaming import goes_on_as
from scheduler.services.views.known_partnership import KnownPartnership
from scheduler.store import seals
from scheduler.store.tables import PartnershipRow

Parts = tuple[str, ...]


def parts_of(audience: Audience) -> frozenset[str] | None:
    """The parts that an audience reads; None: all."""
    if audience.sees_all:
        return None
    return frozenset({JOINT} if audience.organisation is None else {JOINT, audience.organisation})


class Owners:
    """Whose the rows of a partnership are; what that takes is read when a row asks for it."""

    def __init__(self, app: App, db: Connection, row: PartnershipRow) -> None:
        self._app, self._db, self._row = app, db, row
        self.of_addresses = seals.organisations(db, row.id)
        self.organisations = sorted({each for each in self.of_addresses.values() if each})
        self._seen_by = cache(self._as_seen_by)
        self._of_kpi = cache(self._owners_of)

    def parts(self, row: SealableRow) -> Parts:
        find = _BY_TABLE.get(row.table)
        return find(self, row) if find else (JOINT,)

    def of_kpi(self, id: str) -> Parts:
        return self._of_kpi(id)

    def of_criterion(self, review: str, criterion: str) -> Parts:
        """Of a criterion that rests on a KPI, that one's."""
        known = KnownPartnership(self._app, self._db, self._row, OPERATOR)
        layer = ScopeId(ReviewId(review).parent).layer
        for definition in (known.definition, *reversed(known.taken_up)):
            part = definition.layers.get(layer) if layer else definition
            success = part.success_at_90_days if part else None
            for each in success.criteria if success else ():
                if each.id == criterion:
                    scope = ScopeId.of(definition.partnership, layer)
                    return self.of_kpi(scope.kpi(each.kpi)) if each.kpi else (JOINT,)
        return (OPERATORS,)

    def of_version(self, number: int) -> Parts:
        """Who may know that a version was taken up: who may see anything of what it changed."""
        found = self._seen_by(None).differences(number)
        if found is None or found:
            return (JOINT,)
        own = tuple(each for each in self.organisations if self._seen_by(each).differences(number))
        return own or (OPERATORS,)

    def of_address(self, email: str) -> Parts:
        return (self.of_addresses.get(email.casefold()) or OPERATORS,)

    def _owners_of(self, id: str) -> Parts:
        everything = KnownPartnership(self._app, self._db, self._row, OPERATOR)
        kpi = everything.definition.kpi(id)
        since = [kpi] if kpi else goes_on_as(everything.taken_up, id)
        owners = {each.of for each in since if each.of}
        if not since or len(owners) > 1:
            return (OPERATORS,)
        return (owners.pop(),) if owners else (JOINT,)

    def _as_seen_by(self, organisation: str | None) -> KnownPartnership:
        audience = EVERYBODY if organisation is None else Audience(organisation)
        return KnownPartnership(self._app, self._db, self._row, audience)


def _of_kpi(owners: Owners, row: SealableRow) -> Parts:
    return owners.of_kpi(row.says["kpi"])


def _of_dispute(owners: Owners, row: SealableRow) -> Parts:
    return owners.of_kpi(row.says["subject"]) if row.says["period"] else (JOINT,)


def _of_judgement(owners: Owners, row: SealableRow) -> Parts:
    return owners.of_criterion(row.says["review"], row.says["criterion"])


def _of_audience(owners: Owners, row: SealableRow) -> Parts:
    return (row.says["audience"] or JOINT,)


def _of_cause(owners: Owners, row: SealableRow) -> Parts:
    return (row.says["of"] or JOINT,)


def _of_letter(owners: Owners, row: SealableRow) -> Parts:
    return owners.of_address(row.says["email"])


def _of_version(owners: Owners, row: SealableRow) -> Parts:
    return owners.of_version(int(row.id))


_BY_TABLE: Mapping[str, Callable[[Owners, SealableRow], Parts]] = {
    "definition_version": _of_version,
    "reading": _of_kpi,
    "excuse": _of_kpi,
    "flag": _of_kpi,
    "dispute": _of_dispute,
    "agenda_version": _of_audience,
    "pre_read": _of_audience,
    "cause": _of_cause,
    "judgement": _of_judgement,
    "letter": _of_letter,
}
"""Of the tables of which a row may be one side's alone. All others are the partnership's: who is in it reads them."""


def all_parts(owners: Owners) -> Iterator[str]:
    """The parts of a seal: the same each day, so that none tells by being there."""
    yield JOINT
    yield from owners.organisations
    yield OPERATORS
