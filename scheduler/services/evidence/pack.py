"""An evidence pack: a ZIP file with the index by the stages of a standard, the gaps first; every row that it rests on;
the chain of seals; a manifest; and the script that verifies all of it without this program.

The same record makes the same bytes, in the language that it is asked for in: the index is, the rows are as they are.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection

from scheduler import __version__
from scheduler.domain.definition.standard import EvidenceKind, Standard
from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.domain.record.seal import SealableRow
from scheduler.render.evidence_words import KINDS, day_of_record, gap_words
from scheduler.render.languages import known, say, speaking
from scheduler.render.templating import rendered
from scheduler.rules.access import Audience
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.evidence import Entries, EvidenceEntry, gaps
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.evidence import of_definition, of_figures, of_reviews, verify
from scheduler.services.evidence.audiences import parts_of
from scheduler.services.evidence.checking import SealFault
from scheduler.services.evidence.material import Material, Span
from scheduler.services.evidence.sealing import seal
from scheduler.store.tables import PartnershipRow

FORMAT = 1
"""Of the pack: a later program that writes another one says so."""
_DATE = (2000, 1, 1, 0, 0, 0)
_COLLECTORS: Mapping[EvidenceKind, Callable[[Material], Iterator[EvidenceEntry]]] = {
    "agreement": of_definition.agreement,
    "documents": of_definition.documents,
    "bodies": of_definition.bodies,
    "people": of_definition.people,
    "figures": of_definition.figures,
    "definition": of_definition.definition,
    "launch": of_reviews.launch,
    "checkpoint": of_reviews.checkpoint,
    "meetings": of_reviews.meetings,
    "minutes": of_reviews.minutes,
    "agendas": of_reviews.agendas,
    "decisions": of_reviews.decisions,
    "votes": of_reviews.votes,
    "actions": of_reviews.actions,
    "parked": of_reviews.parked,
    "objections": of_reviews.objections,
    "triggers": of_reviews.triggers,
    "readings": of_figures.readings,
    "excuses": of_figures.excuses,
    "lateness": of_figures.lateness,
    "letters": of_figures.letters,
    "disputes": of_figures.disputes,
    "deadlocks": of_figures.deadlocks,
    "terms": of_figures.terms,
    "pauses": of_figures.pauses,
    "exits": of_figures.exits,
    "health": of_figures.health,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pack is asked for: of which civil dates (None: since it is governed, until today; what is to come is
    never of it), for whom, by which standard, in whose language (ISO 639; None: in English, as the record is)."""

    audience: Audience
    standard: Standard
    first: date | None = None
    until: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StatedGap:
    """What is missing at a stage, by its number, in words."""

    stage: int
    says: str


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage: what it asks, what is missing there, and what answers it, by kind."""

    number: int
    title: str
    asks: str
    gaps: tuple[str, ...]
    entries: tuple[tuple[str, tuple[EvidenceEntry, ...]], ...]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What is on record of a partnership by a standard, for one audience: the `gaps`, by the number of their stage, and
    how the record stands to its seals. `since` is the day on which the first seal was made."""

    partnership: str
    name: str
    standard: str
    reader: str | None
    first: date
    until: date
    gaps: tuple[StatedGap, ...]
    stages: tuple[StageFacts, ...]
    seals: int
    head: str | None
    sealed_at: datetime | None
    since: datetime | None
    faults: tuple[SealFault, ...]


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """The bytes of a pack, the SHA-256 of its manifest, and what it says."""

    content: bytes
    manifest: str
    facts: EvidenceFacts
    rows: int


def make(app: App, id: str, now: datetime, asked: Asked) -> EvidencePack:
    """A pack of a partnership; what came to its record since its last seal is sealed before, so that all of it stands
    under one. Raises `UserError`."""
    with app.store.read() as db:
        lookup.known_partnership(db, id)
    with app.store.write(id) as db:
        seal(app, db, id, now, also=parts_of(asked.audience))
    with speaking(Manner(asked.language)), app.store.read() as db:
        row = lookup.partnership(db, id)
        material, found = _collected(app, db, row, now, asked)
        facts = _facts(material, found, asked)
        named = {each for entries in found.values() for entry in entries for each in entry.rows}
        rows = material.packed(named)
        files = dict(_files(material, facts, rows))
    manifest = _json(_manifest(material, facts, files, asked.language))
    return EvidencePack(
        _zipped({**files, "manifest.json": manifest}), hashlib.sha256(manifest).hexdigest(), facts, len(rows)
    )


def look(app: App, db: Connection, row: PartnershipRow, now: datetime, asked: Asked) -> EvidenceFacts:
    """What a pack would say, without one, in the language that is spoken. Raises `UserError`."""
    material, found = _collected(app, db, row, now, asked)
    return _facts(material, found, asked)


Found = dict[EvidenceKind, tuple[EvidenceEntry, ...]]


def _collected(app: App, db: Connection, row: PartnershipRow, now: datetime, asked: Asked) -> tuple[Material, Found]:
    definition = app.in_force(row)
    known, organisation = definition.organisations, asked.audience.organisation
    if organisation is not None and organisation not in known:
        raise lookup.unknown("organisation", organisation, known, f"cadence show {row.id} tells who the partners are")
    today = now.astimezone(zone(definition.zone)).date()
    governed_since = min(row.first_seen.astimezone(zone(definition.zone)).date(), today)
    span = Span(asked.first or governed_since, min(asked.until or today, today))
    if span.first > span.until:
        raise UserError(
            f"{span.first} lies after {span.until}", "name the first day first; evidence ends today at the latest"
        )
    material = Material(app, db, row, asked.audience, span, now)
    return material, {kind: _in_order(collect(material)) for kind, collect in _COLLECTORS.items()}


def _in_order(entries: Iterator[EvidenceEntry]) -> tuple[EvidenceEntry, ...]:
    return tuple(sorted(entries, key=lambda each: each.on or date.min))


def _facts(material: Material, found: Entries, asked: Asked) -> EvidenceFacts:
    row, span, standing = material.row, material.span, material.standing
    first = max(span.first, material.definition.agreement.effective)
    missing = tuple(
        StatedGap(each.stage, gap_words(each))
        for each in gaps(
            asked.standard, found, min(first, span.until), span.until, material.definition.agreement.effective
        )
    )
    organisation = material.known.definition.organisations.get(asked.audience.organisation or "")
    stages = (
        StageFacts(
            number,
            known(stage.title),
            known(stage.asks),
            tuple(each.says for each in missing if each.stage == number),
            tuple((say(KINDS[kind]), tuple(found[kind])) for kind in stage.shows if found[kind]),
        )
        for number, stage in enumerate(asked.standard.stages, 1)
    )
    return EvidenceFacts(
        partnership=row.id,
        name=row.name,
        standard=asked.standard.name,
        reader=organisation.name if organisation else None,
        first=span.first,
        until=span.until,
        gaps=missing,
        stages=tuple(stages),
        seals=standing.seals,
        head=standing.head,
        sealed_at=standing.sealed_at,
        since=standing.since,
        faults=tuple(each for each in standing.faults if _is_told(material, each)),
    )


def _is_told(material: Material, fault: SealFault) -> bool:
    """Whether a reader learns of a fault: of the chain, or of a row that is in a part of theirs."""
    mine = parts_of(material.audience)
    if mine is None or fault.row is None:
        return True
    parts = (part for seal in material.chain for name, part in seal.parts.items() if name in mine)
    return any(entry["row"] == fault.row for part in parts for entry in part["entries"])


# The files ---------------------------------------------------------------------------------------------------------


def _files(material: Material, facts: EvidenceFacts, rows: Sequence[SealableRow]) -> Iterator[tuple[str, bytes]]:
    folders = material.app.settings.template_folders
    sealed_on = {name: f"{seal.sealed_at:%Y-%m-%d}" for name, (_, seal) in material.sealed.items()}
    values = {"facts": facts, "sealed_on": sealed_on, "day": day_of_record, "program": __version__}
    yield "index.html", rendered("evidence/index.html.j2", folders, **values).text.encode()
    yield "README.txt", rendered("evidence/README.txt.j2", folders, **values).text.encode()
    yield "records.jsonl", _lines(_row(material, each) for each in rows)
    yield "seals.jsonl", _lines(_seals(material))
    yield "verify.py", Path(verify.__file__).read_bytes()
    yield from _minutes(material)
    if material.audience.sees_all:
        for each in rows:
            if each.table == "definition_version" and "definition" in each.texts:
                yield f"definitions/{each.id}-{each.on}.yaml", each.texts["definition"].encode()


def _row(material: Material, row: SealableRow) -> dict[str, Any]:
    texts = {name: text for name, text in row.texts.items() if _may_have_text(material, row, name, text)}
    told = {"row": row.row, "on": row.on, "says": row.says}
    return {**told, "texts": texts} if texts else told


def _may_have_text(material: Material, row: SealableRow, name: str, text: str) -> bool:
    """Whether a reader may have a text as it was sealed: a definition and what a criterion was judged by may hold what
    is another side's; so may minutes, unless nothing in these is."""
    if material.audience.sees_all:
        return True
    if name.rpartition(".")[2] == "minutes":
        return material.readable(text) == text
    return row.table == "agenda_version"


def _minutes(material: Material) -> Iterator[tuple[str, bytes]]:
    """Each version of minutes as the reader may read it, by the review and its number."""
    for each in material.minutes:
        if each.text is not None and material.span.holds(each.filing.on):
            yield f"minutes/{each.review.replace('/', '_')}-{each.number}.md", material.readable(each.text).encode()


def _seals(material: Material) -> Iterator[dict[str, Any]]:
    mine = parts_of(material.audience)
    for each in material.chain:
        parts = {name: part for name, part in each.parts.items() if mine is None or name in mine}
        yield {"document": each.document, "head": each.head, "parts": parts}


def _manifest(
    material: Material, facts: EvidenceFacts, files: Mapping[str, bytes], language: str | None
) -> dict[str, Any]:
    return {
        "pack": "cadence evidence",
        "format": FORMAT,
        "program": __version__,
        "partnership": facts.partnership,
        "from": facts.first.isoformat(),
        "until": facts.until.isoformat(),
        "for": material.audience.organisation,
        "standard": facts.standard,
        "language": language or "en",
        "chain": {
            "seals": facts.seals,
            "head": facts.head,
            "since": facts.since.isoformat() if facts.since else None,
            "sealed_at": facts.sealed_at.isoformat() if facts.sealed_at else None,
        },
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }


def _lines(values: Iterator[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(each, sort_keys=True, ensure_ascii=False)}\n" for each in values).encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in ("index.html", *sorted(set(files) - {"index.html"})):
            archive.writestr(ZipInfo(name, _DATE), files[name], ZIP_DEFLATED)
    return made.getvalue()
