"""A partnership as it stood on a day that is past, for whoever looks at its pages as of then: the same views, at the
moment at which that day ended where the reader lives, on the record as it was.

A reader sees what they may see now *and* might have seen then: what is another organisation's by the definition of
today stays hidden, whatever level it was on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import UserError
from scheduler.domain.ids import ScopeId
from scheduler.rules.access import Audience, may_see
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.definition_versions import recorded
from scheduler.services.pipeline.renaming import former_kpis, goes_on_as, kpi_ids
from scheduler.store import past, renames
from scheduler.store.partnerships import InForce
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class PastApp(App):
    """An app on the record as it was. What a reader may not see by the definitions `taken_up` until today keeps the
    level that it has by them; `names` are the ids that KPIs bore, with those that they bear today."""

    taken_up: tuple[Partnership, ...] = ()
    audience: Audience = field(default_factory=Audience)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_of_a_past_day(self) -> bool:
        return True

    def read_as(self, row: "PartnershipRow | InForce", content_hash: str, text: str) -> Partnership:
        then = super().read_as(row, content_hash, text)
        return then if self.audience.sees_all else self._hidden(then)

    def _hidden(self, then: Partnership) -> Partnership:
        """The definition of then, with the levels of today for KPIs that the audience may not see today."""
        id = then.partnership
        layers = {
            key: layer.model_copy(update={"kpis": self._levelled(layer.kpis, ScopeId.of(id, key))})
            for key, layer in then.layers.items()
        }
        return then.model_copy(update={"kpis": self._levelled(then.kpis, ScopeId(id)), "layers": layers})

    def _levelled(self, kpis: Mapping[str, Kpi], scope: ScopeId) -> dict[str, Kpi]:
        return {key: self._as_of_today(kpi, scope.kpi(key)) for key, kpi in kpis.items()}

    def _as_of_today(self, kpi: Kpi, id: str) -> Kpi:
        """By what became of it, also under another id; of one that is dropped by what was said of it last."""
        since = goes_on_as(self.taken_up, id)
        hidden = next((each for each in since if not may_see(each, self.audience)), None)
        return kpi.model_copy(update={"level": hidden.level, "of": hidden.of}) if hidden else kpi


@dataclass(frozen=True)
class Past:
    """What pages of a past day are looked up in, and the moment that they are of. `ids` are the ids that KPIs bear
    today, with those that they bore then, where those differ."""

    app: App
    db: Connection
    now: datetime
    ids: Mapping[str, str]


def end_of(day: date, zone_name: str) -> datetime:
    """The last moment of a day where its reader lives."""
    return moment(day + timedelta(days=1), time(0), zone_name) - timedelta(microseconds=1)


@contextmanager
def as_it_stood(app: App, db: Connection, id: str, audience: Audience, at: datetime) -> Iterator[Past]:
    """A partnership's record as it was at a moment, for an audience. Raises UserError where nothing was known of it
    then, or that organisation was no partner in it yet."""
    row = lookup.partnership(db, id)
    today, taken_up = app.in_force(row), tuple(each.definition for each in recorded(app, db, row))
    store = past.empty()
    try:
        with store.read() as target:
            names = former_kpis(taken_up)
            then = PastApp(
                app.basis, store, app.log, is_scratch=True, taken_up=taken_up, audience=audience, names=names
            )
            known = past.copy(db, target, id, at)
            if not known or not _is_partner(then, target, id, audience):
                raise _unknown(app, db, id, today)
            ids = _under_former_names(then, target, id)
            yield Past(then, target, at.astimezone(zone(today.zone)), ids)
    finally:
        store.close()


def _is_partner(then: App, db: Connection, id: str, audience: Audience) -> bool:
    organisations = then.in_force(lookup.partnership(db, id)).organisations
    return audience.organisation is None or audience.organisation in organisations


def _under_former_names(then: PastApp, db: Connection, id: str) -> Mapping[str, str]:
    """What is on record of KPIs bears the ids of today: those that they had then are given back to it, and returned."""
    borne = kpi_ids(then.in_force(lookup.partnership(db, id)))
    ids = {now: old for old, now in then.names.items() if old in borne and now not in borne}
    renames.kpis(db, id, ids)
    return ids


def _unknown(app: App, db: Connection, id: str, today: Partnership) -> UserError:
    first = lookup.partnership(db, id).first_seen.astimezone(zone(today.zone)).date()
    return UserError("Nothing that you may see was known of it on that day", f"it is governed since {first}")
