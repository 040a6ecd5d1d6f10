"""Agendas as files: written when a review is near, kept current until it is held.

A file is a copy of what the database has, for whoever likes an editor: where a person edits it, it is read back before
it is written again. An agenda that a person has edited keeps every word of theirs; only the figures between its marks
are renewed. So that a person's edit can be told from our own, what we are about to write is remembered before.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.agenda.editing import folded, merged
from scheduler.render.agenda.markdown import ReadersTime, Refreshed, agenda, as_html, renewed_or_warned, without_warning
from scheduler.render.languages import known as spoken_of
from scheduler.render.languages import speaking
from scheduler.render.templating import Rendered
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.briefings import audiences, briefing, manner_of_agenda
from scheduler.services.competition import rouse_for_counsel
from scheduler.services.pipeline.waking import agenda_is_open
from scheduler.services.state import PartnershipState
from scheduler.store import agendas, faults
from scheduler.transports import files

Digest = tuple[str, str | None, str, int]
"""A review, an organisation (None: the joint agenda), the digest of the agenda's file as it was written, and from which
version."""

_TEMPLATE = "template:agenda/"


def agenda_path(review: str, audience: Audience) -> str:
    """``agendas/acme-globex/pipeline/2026-W49.md``; an internal brief bears its organisation before the ending."""
    return f"agendas/{review}{f'.{audience.organisation}' if audience.organisation else ''}.md"


def written(
    app: App, known: PartnershipState, record: Recorded, audience: Audience, manner: Manner | None = None
) -> str | None:
    """A review's agenda for an audience in Markdown, fresh from the templates, in its own language or, with a `manner`,
    in that of a reader; None where its layer is gone."""
    with speaking(manner or manner_of_agenda(known, audience)):
        brief = briefing(known, record, audience)
        return None if brief is None else _from_template(app, record, brief).text


def _from_template(app: App, record: Recorded, brief: Briefing) -> Rendered:
    text = agenda(brief, app.settings.template_folders)
    if text.fault:
        app.log.error("template.failed", review=record.id, fault=text.fault)
    return text


def page(
    app: App,
    record: Recorded,
    markdown: str,
    manner: Manner,
    reader: ReadersTime | None = None,
    figures: object | None = None,
) -> Rendered:
    """An agenda as a page of HTML that prints well, in the language of the agenda; for a `reader` with their own time
    first, and with `figures`."""
    with speaking(manner):
        title = f"{spoken_of(record.review.title)} {record.review.period}"
        text = as_html(markdown, title, app.settings.template_folders, reader, figures)
    if text.fault:
        app.log.error("template.failed", review=record.id, fault=text.fault)
    return text


class AsRead(NamedTuple):
    """An agenda, and how it is written."""

    text: str
    manner: Manner


def agenda_as_read(
    app: App,
    db: Connection,
    known: PartnershipState,
    record: Recorded,
    audience: Audience,
    reader: Manner | None = None,
) -> AsRead | None:
    """The agenda as it stands: with what people wrote, on a page or into its file, and fresh figures; once the review
    is over, the file as it was at the table. A `reader` has it in their own language where nobody has written into it:
    what people wrote, and what was at the table, is read as it is. Who has no language reads it in the agenda's."""
    manner = manner_of_agenda(known, audience)
    kept = _content(app, agenda_path(record.id, audience)) if record.is_past(known.now) or record.settled else None
    if kept is not None:
        return AsRead(kept, manner)
    fresh = written(app, known, record, audience)
    if fresh is None:
        return None
    edited = edited_agenda(app, db, Draft(record, audience, fresh, manner))
    if reader is None or reader.language is None or reader == manner or edited.text is not None or edited.renewed.fault:
        return AsRead(edited.renewed.text, manner)
    return AsRead(written(app, known, record, audience, reader) or fresh, reader)


class Draft(NamedTuple):
    """A review's agenda for an audience, fresh from the templates; `fault` is what is wrong with the operator's own.
    `said` is a digest of all that the text follows from."""

    record: Recorded
    audience: Audience
    text: str
    manner: Manner
    fault: str | None = None
    said: bytes = b""

    @property
    def path(self) -> str:
        return agenda_path(self.record.id, self.audience)

    @property
    def of(self) -> tuple[str, str | None]:
        return self.record.id, self.audience.organisation


class Edited(NamedTuple):
    """An agenda with what people made of it: their text (None: they left it as the template has it), the number of the
    version that it is, and what is to stand in its file. `unread` is a file that somebody edited since it was
    written; one that cannot be read as text has no words to keep, and stays."""

    text: str | None
    version: int
    renewed: Refreshed
    unread: str | None = None
    is_no_text: bool = False


def keep_agendas(
    app: App, db: Connection, known: PartnershipState, near: Iterable[Recorded], templates: bytes
) -> Iterator[Digest]:
    """Write the agendas of the reviews that are near; give the digests of their files. What stands as it was written,
    of the same facts and `templates` (their digest), stays so."""
    planned = [record for record in near if record.status is Status.PLANNED]
    drafts = [draft for record in planned for draft in _drafts(app, db, known, record, templates)]
    found = _read_back(app, db, [(draft, edited_agenda(app, db, draft)) for draft in drafts], known.now)
    _note_broken(app, db, known, {draft.path: edited.renewed.fault for draft, edited in found})
    of_templates: dict[str, str | None] = {draft.record.review.kind: draft.fault for draft in drafts}
    for draft, edited in found:
        fault = _write(app, draft, edited)
        of_templates["page"] = of_templates.get("page") or fault
        if not edited.is_no_text:
            yield *draft.of, digest(edited.renewed.text), edited.version
    _note_templates(app, db, of_templates, known.now)


def near_reviews(app: App, db: Connection, known: PartnershipState) -> Iterator[Recorded]:
    """The reviews whose files are kept: from when the agenda opens until the review is over. What was once written is
    kept though the review was put off, and tells of it where it was called off."""
    written = agendas.written_of(db, known.partnership.partnership)
    for record in known.recorded.values():
        is_kept = record.id in written and not record.is_past(known.now) and record.status is not Status.HELD
        if is_kept or agenda_is_open(record, app.settings.agenda_days, known.now):
            yield record


def _drafts(app: App, db: Connection, known: PartnershipState, record: Recorded, templates: bytes) -> Iterator[Draft]:
    """The agendas of a review that do not stand."""
    versions = agendas.numbers(db, known.partnership.partnership)
    for audience in audiences(known, record.review):
        version = versions.get((record.id, audience.organisation), 0)
        if draft := _draft(app, known, record, audience, version, templates):
            yield draft


def _draft(
    app: App, known: PartnershipState, record: Recorded, audience: Audience, version: int, templates: bytes
) -> Draft | None:
    """The agenda that people have made `version` of; None where it stands, and where its layer is gone."""
    with speaking(manner := manner_of_agenda(known, audience)):
        brief = briefing(known, record, audience)
        if brief is None:
            return None
        path, said = agenda_path(record.id, audience), hashlib.blake2b(templates)
        follows = (record.review.title, record.review.period, brief, *([version] if version else []))
        said.update(repr((*follows, manner) if manner.language else follows).encode("utf-8", "surrogatepass"))
        if all(app.published.stands(each, said.digest()) for each in (path, _page_path(path))):
            return None
        fresh = _from_template(app, record, brief)
    return Draft(record, audience, fresh.text, manner, fresh.fault, said.digest())


def _page_path(agenda: str) -> str:
    return f"{agenda.removesuffix('.md')}.html"


def _read_back(
    app: App, db: Connection, found: list[tuple[Draft, Edited]], now: datetime
) -> list[tuple[Draft, Edited]]:
    """Keep what people wrote into files, and remember what is about to be written. Without the latter, a cycle that was
    cut off would leave files that look as if a person had edited them; it is kept before anything is written, so that
    one which was cut off has lost nothing."""
    if all(not e.unread and agendas.is_ours(db, *d.of, digest(e.renewed.text)) for d, e in found):
        return found
    with app.store.write(*(review for draft, _ in found for review in draft.of[:1])) as pen:
        kept = [(draft, read_back(app, pen, draft, now) if edited.unread else edited) for draft, edited in found]
        for draft, edited in kept:
            if not edited.is_no_text:
                agendas.announce(pen, *draft.of, digest(edited.renewed.text), now)
    return kept


def read_back(app: App, pen: Connection, draft: Draft, now: datetime) -> Edited:
    """Keep what a person wrote into an agenda's file as its newest version, joined with what was written elsewhere
    meanwhile; the agenda as it is then. Nothing is kept where the file says nothing new."""
    edited = edited_agenda(app, pen, draft)
    if edited.unread is None:
        return edited
    review, organisation = draft.of
    version = AgendaVersion(
        review=review,
        audience=organisation,
        number=edited.version + 1,
        text=edited.text,
        way="file",
        by=None,
        at=now,
    )
    agendas.add(pen, version)
    if organisation is None:
        rouse_for_counsel(app, pen, draft.record, now)
    app.log.info("agenda.read_back", review=review, audience=organisation, version=version.number)
    return edited._replace(version=version.number, unread=None)


def _note_templates(app: App, db: Connection, found: Mapping[str, str | None], now: datetime) -> None:
    """An operator's template that fails is a fault until it renders."""
    stand = faults.keys(db, _TEMPLATE)
    for template, fault in found.items():
        key = f"{_TEMPLATE}{template}"
        if fault is not None or key in stand:
            with app.store.write() as pen:
                if fault is None:
                    faults.clear(pen, key)
                else:
                    faults.note(pen, key, fault, "correct it, or delete it to use the shipped one", now)


def _note_broken(app: App, db: Connection, known: PartnershipState, found: Mapping[str, str | None]) -> None:
    """Agendas whose figures cannot be renewed are faults until they can, or until their reviews are over."""
    broken = {path: fault for path, fault in found.items() if fault}
    mended = faults.keys(db, f"agendas/{known.partnership.partnership}/") - broken.keys()
    new = [path for path in broken if not faults.stands(db, path)]
    if new or mended:
        with app.store.write() as pen:
            for path in mended:
                faults.clear(pen, path)
            for path in new:
                what = f"the figures of {app.settings.data / path} are not renewed: {broken[path]}"
                faults.note(
                    pen,
                    path,
                    what,
                    "mend its marks there or on the page of its review, or begin it anew: cadence agenda reset",
                    known.now,
                )


def _write(app: App, draft: Draft, edited: Edited) -> str | None:
    """Write an agenda and its page; beside one whose figures cannot be renewed, the fresh ones. Returns what is wrong
    with the operator's template of the page."""
    data, stem, renewed = app.settings.data, draft.path.removesuffix(".md"), edited.renewed
    html = page(app, draft.record, renewed.text, draft.manner)
    said = b"" if draft.fault or renewed.fault or html.fault else draft.said
    if not edited.is_no_text:
        app.published.write(draft.path, said, renewed.text)
    if renewed.fault:
        files.write(data, f"{stem}.figures.md", draft.text)
        app.log.warning("agenda.not_renewed", review=draft.record.id, fault=renewed.fault)
    else:
        files.remove(data, f"{stem}.figures.md")
    app.published.write(_page_path(draft.path), said, html.text)
    return html.fault


def edited_agenda(app: App, db: Connection, draft: Draft) -> Edited:
    """The agenda as it is to be: the draft or, where people have edited it, theirs with fresh figures. An edit of its
    file counts from the version of which that was a copy; of a past day what was on record counts alone."""
    kept = agendas.latest(db, *draft.of)
    text, version = (kept.text, kept.number) if kept else (None, 0)
    try:
        file = None if app.is_of_a_past_day else _content(app, draft.path)
    except UnicodeDecodeError:
        return Edited(text, version, Refreshed(text or draft.text, "the file is no UTF-8 text"), is_no_text=True)
    if file is not None and "\0" in file:
        return Edited(text, version, Refreshed(text or draft.text, "the file is no text"), is_no_text=True)
    if file is None or agendas.is_ours(db, *draft.of, digest(file)):
        return Edited(text, version, _renewed(draft, text))
    standing, theirs = text or draft.text, without_warning(file)
    copied = agendas.written_from(db, *draft.of)
    base = next((each.text for each in agendas.versions(db, *draft.of) if each.number == copied), None)
    joined = merged(base or draft.text, standing, theirs)
    if folded(joined) == folded(standing):
        return Edited(text, version, _renewed(draft, text))
    return Edited(joined, version, _renewed(draft, joined), unread=file)


def _renewed(draft: Draft, text: str | None) -> Refreshed:
    """With a `fault`, which is told at its head, the text is to stay as people wrote it."""
    if text is None:
        return Refreshed(draft.text)
    with speaking(draft.manner):
        return renewed_or_warned(text, draft.text, f"{Path(draft.path).stem}.figures.md")


def _content(app: App, path: str) -> str | None:
    """The text of an agenda's file, None where there is none. Raises UserError where it cannot be read."""
    try:
        return (app.settings.data / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"{app.settings.data / path} cannot be read: {error.strerror}"
        raise UserError(what, "check who may read it, or move it away") from None


def digest(text: str) -> str:
    """By which an agenda's file is known as ours."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
