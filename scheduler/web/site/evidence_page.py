"""The evidence of a partnership: what is missing by a standard, how the record stands to its seals, and the pack that
an assessor verifies. For its alliance managers, as far as their side may see, and for the operator."""

from collections.abc import Mapping
from datetime import date

from scheduler.domain.errors import UserError
from scheduler.render.languages import say, spoken
from scheduler.rules import permissions
from scheduler.rules.access import Audience
from scheduler.services.viewer import NotThere
from scheduler.services.views import evidence as view
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow

from .page import Asked, Download, Page, Shown


def _show(asked: Asked) -> Shown[view.EvidenceOverview]:
    row, audience = _found(asked)
    facts = view.evidence_overview(asked.app, asked.db, row, asked.now, audience, *_days(asked.query))
    return Shown(say("Evidence: %(partnership)s", partnership=facts.name), facts)


def _pack(asked: Asked) -> Download:
    row, audience = _found(asked)
    first, until = _days(asked.query)
    app, id, now, language = asked.app.for_another_thread(), row.id, asked.now, spoken().language
    return Download(
        f"evidence-{id}.zip",
        "application/zip",
        lambda: view.evidence_pack(app, id, now, audience, first, until, language).content,
    )


def _found(asked: Asked) -> tuple[PartnershipRow, Audience]:
    id = asked.params["id"]
    audience = asked.audience(id)
    row = partnerships.get(asked.db, id)
    if row is None or not may_have(asked, row):
        raise NotThere
    return row, audience


def may_have(asked: Asked, row: PartnershipRow) -> bool:
    """Whether a reader may have the evidence of a partnership: its alliance managers, and the operator, also while they
    look at it as one side."""
    definition = asked.app.in_force(row).as_of(asked.now)
    if asked.viewer.is_operator:
        organisation = asked.viewer.as_organisation
        return organisation is None or organisation in definition.organisations
    return asked.viewer.person(row.id) in permissions.managers(definition)


def _days(said: Mapping[str, str]) -> tuple[date | None, date | None]:
    return _day(said.get("from", "")), _day(said.get("until", ""))


def _day(written: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise UserError(f"{written[:20]!r} is no date", "write year-month-day, like 2026-12-24") from None


PAGE = Page("/partnerships/{id}/evidence", "evidence.html.j2", _show, has_twin=False)
PACK = Page("/partnerships/{id}/evidence/pack", "evidence.html.j2", _pack, has_twin=False)
