"""The versions of a partnership's definition: kept as they are taken up, and read back as nouns."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.version import Version, VersionKind
from scheduler.services.app import App
from scheduler.store import measurements, versions

if TYPE_CHECKING:
    from scheduler.store.partnerships import InForce
    from scheduler.store.tables import PartnershipRow


Key = tuple[str, str]
_REVIEWS: dict[str, Any] = {"__all__": {"renamed_from", "off"}}
"""Of review series their keys, which stand in any case, and whether they are held."""
_LAYER: dict[str, Any] = {
    **dict.fromkeys(("kpis", "effective", "ends", "timezone", "organisations", "renamed_from"), True),
    "reviews": _REVIEWS,
}
_RESTED_ON: dict[str, Any] = {
    **dict.fromkeys(("timezone", "organisations", "people", "kpis"), True),
    "agreement": {"effective", "ends", "renewal"},
    "layers": {"__all__": _LAYER},
    "reviews": _REVIEWS,
}
"""What KPIs and the names of review series rest on: versions that differ in nothing of it are one to them."""


def part_of(definition: Partnership) -> str:
    """The hash of what the KPIs of a definition rest on."""
    return hashlib.blake2b(definition.model_dump_json(include=_RESTED_ON).encode(), digest_size=16).hexdigest()


def keep(
    app: App, db: Connection, row: "PartnershipRow", definition: Partnership, now: datetime, *, is_new: bool = False
) -> None:
    """Put a definition that is taken up at `now` on record, unless it is the one that was last. Of a partnership that
    `is_new` there is none."""
    known = [] if is_new else versions.listing(db, row.id)
    if known and known[-1].content_hash == row.content_hash:
        return
    kind: VersionKind = "edit" if known else "first"
    past_days = None if known else app.settings.past_days
    add(db, row, definition, kind, now, past_days=past_days)


def add(
    db: Connection,
    row: "PartnershipRow",
    definition: Partnership,
    kind: VersionKind,
    now: datetime,
    *,
    since: date | None = None,
    past_days: int | None = None,
    person: str | None = None,
) -> None:
    from scheduler.store.tables import DefinitionVersionRow

    versions.add(
        db,
        DefinitionVersionRow(
            partnership=row.id,
            kind=kind,
            content_hash=row.content_hash,
            part=part_of(definition),
            taken_up_at=now,
            since=since,
            past_days=past_days,
            person=person,
            definition=row.definition,
        ),
    )


def recorded(app: App, db: Connection, row: "PartnershipRow") -> tuple[Version, ...]:
    """The versions of a partnership that differ in what its KPIs rest on, in the order in which they were recorded; the
    last is the definition in force."""
    return of_listing(app, db, row, versions.listing(db, row.id))


def of_listing(
    app: App, db: Connection, row: "PartnershipRow | InForce", listing: Sequence[versions.VersionHeader]
) -> tuple[Version, ...]:
    """The same, where what is on record of them has been read."""
    known: list[versions.VersionHeader] = []
    for each in listing:
        if known and each.kind == "edit" and each.part is not None and each.part == known[-1].part:
            continue
        known.append(each)
    if not known:  # one that the next cycle will take up
        return (Version(app.in_force(row), row.first_seen, "first", past_days=app.settings.past_days),)
    earlier = {each.id: each.content_hash for each in known[:-1]}
    texts = versions.texts(db, [id for id, content in earlier.items() if not app.has_read(row, content)])
    return tuple(
        Version(
            app.read_as(row, each.content_hash, texts.get(each.id, "")) if each.id in earlier else app.in_force(row),
            each.taken_up_at,
            cast(VersionKind, each.kind),
            each.since,
            each.past_days,
        )
        for each in known
    )


def taken_up_at(db: Connection, id: str) -> datetime | None:
    """When the definition in force was taken up, an aware moment; None for one that the next cycle takes up."""
    known = versions.listing(db, id)
    return known[-1].taken_up_at if known else None


def names(found: Sequence[Version]) -> dict[str, str]:
    """The names of everybody of any version, by key, as they were last."""
    return {key: person.name for version in found for key, person in version.definition.people.items()}


def kept_dues(db: Connection, id: str, found: Sequence[Version]) -> dict[Key, date]:
    """The due days that were on record when versions began to be kept, by KPI id and period."""
    if not found or found[0].kind != "upgrade":
        return {}
    rows = measurements.listing(db, id)
    return {(row.kpi, row.period): row.due for row in rows if row.created_at <= found[0].taken_up_at}
