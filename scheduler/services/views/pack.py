"""The pack of a partnership: what its page shows, its readings, its calendar and the agendas of its next reviews, as
one file that a reader can hand on within their side."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState
    from scheduler.services.views.partnership_overview import PartnershipOverview
    from scheduler.store.tables import PartnershipRow

_AHEAD = timedelta(days=60)
"""So far ahead a review's agenda is packed."""
_COLUMNS = ("kpi", "name", "period", "value", "unit", "met", "counts", "reported_at", "by", "way", "note")


def pack(app: "App", db: "Connection", row: "PartnershipRow", now: datetime, audience: "Audience") -> bytes:
    """The pack as a ZIP file, with nothing in it that this audience may not see. The same record makes the same
    bytes."""
    from scheduler.services.state import state_of
    from scheduler.services.views.partnership_overview import of_state

    state = state_of(app, db, row, now)
    overview = of_state(app, db, row, state, audience)
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in _files(app, db, state, overview, audience):
            archive.writestr(ZipInfo(f"{row.id}/{name}", (2000, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return made.getvalue()


def _files(
    app: "App", db: "Connection", state: "PartnershipState", overview: "PartnershipOverview", audience: "Audience"
) -> Iterator[tuple[str, bytes | str]]:
    from pydantic import TypeAdapter

    from scheduler.services.pipeline.calendars import partnership_files
    from scheduler.services.views import health

    told = TypeAdapter(type(overview)).dump_python(overview, mode="json")
    yield "overview.json", json.dumps(told, indent=2, ensure_ascii=False)
    yield "readings.csv", _readings(app, db, state, audience)
    checks = health.shown(app, db, state, audience)
    if checks.rounds:
        told = TypeAdapter(health.HealthChecks).dump_python(checks, mode="json")
        yield "health-checks.json", json.dumps(told, indent=2, ensure_ascii=False)
    for file in partnership_files(app, state):
        yield "calendar.ics", file.render()
    yield from _agendas(app, db, state, audience)


def _agendas(
    app: "App", db: "Connection", state: "PartnershipState", audience: "Audience"
) -> Iterator[tuple[str, bytes | str]]:
    """The joint agendas and, of an organisation, its own briefs, each as it can be edited and with its pictures; for
    the operator those of all."""
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.render.languages import speaking
    from scheduler.rules.access import JOINT
    from scheduler.services.briefings import audiences
    from scheduler.services.pipeline.agendas import agenda_as_read, agenda_path, page
    from scheduler.services.views.figures import agenda_figures

    for record in state.recorded.values():
        start = record.review.start
        if record.status is Status.PLANNED and state.now < start <= state.now + _AHEAD:
            for each in audiences(state, record.review):
                if each in (JOINT, audience) or audience.sees_all:
                    read = agenda_as_read(app, db, state, record, each)
                    if read is not None:
                        path = agenda_path(record.id, each)
                        name = path.replace(f"agendas/{record.review.partnership}/", "agendas/")
                        yield name, read.text
                        with speaking(read.manner):
                            figures = agenda_figures(state, record, each)
                        pictured = page(app, record, read.text, read.manner, figures=figures).text
                        yield f"{name.removesuffix('.md')}.html", pictured


def _readings(app: "App", db: "Connection", state: "PartnershipState", audience: "Audience") -> bytes:
    """Every value of the KPIs that the audience may see, corrected ones too, as a sheet."""
    from scheduler.render.office.csv_text import csv_bytes
    from scheduler.rules.access import may_see
    from scheduler.store import readings

    rows = list[tuple[Any, ...]]()
    for scope in state.scopes.values():
        for key, kpi in scope.kpis.items():
            if may_see(kpi, audience):
                id = scope.id.kpi(key)
                values = readings.history(db, id)
                last = {each.period: each for each in values}
                for each in values:
                    counts = "yes" if last[each.period] is each else "no"
                    by = state.partnership.name_of(each.by) if each.by else None
                    cells = (
                        id, kpi.name, each.period, each.value, kpi.unit, each.met, counts, each.reported_at, by,
                        each.way, each.note,
                    )  # fmt: skip
                    rows.append(cells)
    return csv_bytes(_COLUMNS, rows)
