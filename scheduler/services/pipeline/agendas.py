"""Agendas as files: written when a review is near, kept current until it is held.

An agenda that a person has edited keeps every word of theirs; only the figures between its marks are renewed. So that
the two can be told apart, what we are about to write is remembered before it is written.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.agenda.markdown import Refreshed, agenda, as_html, renewed_or_warned
from scheduler.render.templating import Rendered
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.briefings import audiences, briefing
from scheduler.services.pipeline.decide import agenda_is_open
from scheduler.services.state import PartnershipState
from scheduler.store import agendas, faults
from scheduler.transports import files

Digest = tuple[str, str | None, str]
"""A review, an organisation (None: the joint agenda), and the digest of the agenda as it was written."""


def agenda_path(review: str, audience: Audience) -> str:
    """``agendas/acme-globex/pipeline/2026-W49.md``; an internal brief bears its organisation before the ending."""
    return f"agendas/{review}{f'.{audience.organisation}' if audience.organisation else ''}.md"


def written(app: App, known: PartnershipState, record: Recorded, audience: Audience) -> str | None:
    """A review's agenda for an audience in Markdown, fresh from the templates; None where its layer is gone."""
    text = _rendered(app, known, record, audience)
    return text.text if text else None


def _rendered(app: App, known: PartnershipState, record: Recorded, audience: Audience) -> Rendered | None:
    brief = briefing(known, record, audience)
    return None if brief is None else _from_template(app, record, brief)


def _from_template(app: App, record: Recorded, brief: Briefing) -> Rendered:
    text = agenda(brief, app.settings.template_folders)
    if text.fault:
        app.log.error("template.failed", review=record.id, fault=text.fault)
    return text


def page(app: App, record: Recorded, markdown: str) -> str:
    """An agenda as a page of HTML that prints well."""
    return _rendered_page(app, record, markdown).text


def _rendered_page(app: App, record: Recorded, markdown: str) -> Rendered:
    text = as_html(markdown, f"{record.review.title} {record.review.period}", app.settings.template_folders)
    if text.fault:
        app.log.error("template.failed", review=record.id, fault=text.fault)
    return text


def agenda_now(app: App, db: Connection, known: PartnershipState, record: Recorded, audience: Audience) -> str | None:
    """The agenda as it stands: the daemon's file with what people wrote into it and fresh figures, else a fresh one.
    Once the review is over, the file as it was at the table."""
    kept = _content(app, agenda_path(record.id, audience)) if record.is_past(known.now) or record.settled else None
    if kept is not None:
        return kept
    fresh = written(app, known, record, audience)
    return None if fresh is None else _renewed(app, db, Draft(record, audience, fresh)).text


class Draft(NamedTuple):
    """A review's agenda for an audience, fresh from the templates; `fault` is what is wrong with the operator's own.
    `said` is a digest of all that the text follows from."""

    record: Recorded
    audience: Audience
    text: str
    fault: str | None = None
    said: bytes = b""

    @property
    def path(self) -> str:
        return agenda_path(self.record.id, self.audience)

    @property
    def digest(self) -> Digest:
        return self.record.id, self.audience.organisation, _digest(self.text)


def keep_agendas(
    app: App, db: Connection, known: PartnershipState, near: Iterable[Recorded], templates: bytes
) -> Iterator[Digest]:
    """Write the agendas of the reviews that are near; give the digests of those that are ours. What stands as it was
    written, of the same facts and `templates` (their digest), stays so."""
    planned = [record for record in near if record.status is Status.PLANNED]
    drafts = [draft for record in planned for draft in _drafts(app, known, record, templates)]
    _announce(app, db, drafts, known.now)
    _note_broken(app, db, known, {draft.path: _renewed(app, db, draft).fault for draft in drafts})
    for kind, fault in {draft.record.review.kind: draft.fault for draft in drafts}.items():
        _note_template(app, db, kind, fault, known.now)
    return (draft.digest for draft in drafts if _keep_agenda(app, db, draft, known.now))


def near_reviews(app: App, db: Connection, known: PartnershipState) -> Iterator[Recorded]:
    """The reviews whose files are kept: from when the agenda opens until the review is over. What was once written is
    kept though the review was put off, and tells of it where it was called off."""
    written = agendas.written_of(db, known.partnership.partnership)
    for record in known.recorded.values():
        is_kept = record.id in written and not record.is_past(known.now) and record.status is not Status.HELD
        if is_kept or agenda_is_open(record, app.settings.agenda_days, known.now):
            yield record


def _drafts(app: App, known: PartnershipState, record: Recorded, templates: bytes) -> Iterator[Draft]:
    """The agendas of a review that do not stand."""
    for audience in audiences(known, record.review):
        brief = briefing(known, record, audience)
        if brief is None:
            continue
        path, said = agenda_path(record.id, audience), hashlib.blake2b(templates)
        said.update(repr((record.review.title, record.review.period, brief)).encode("utf-8", "surrogatepass"))
        if not all(app.published.stands(each, said.digest()) for each in (path, _page_path(path))):
            fresh = _from_template(app, record, brief)
            yield Draft(record, audience, fresh.text, fresh.fault, said.digest())


def _page_path(agenda: str) -> str:
    return f"{agenda.removesuffix('.md')}.html"


def _announce(app: App, db: Connection, drafts: list[Draft], now: datetime) -> None:
    """Remember what is about to be written. Without it, a cycle that was cut off would leave files that look as if a
    person had edited them."""
    new = [draft for draft in drafts if not agendas.is_ours(db, *draft.digest) and not _is_theirs(app, db, draft)]
    if new:
        with app.store.write() as pen:
            for draft in new:
                agendas.announce(pen, *draft.digest, now)


def _note_template(app: App, db: Connection, template: str, fault: str | None, now: datetime) -> None:
    """An operator's template that fails is a fault until it renders."""
    key = f"template:agenda/{template}"
    if fault is None and not faults.stands(db, key):
        return
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
                faults.note(pen, path, what, "mend its marks, or delete it and it is written anew", known.now)


def _keep_agenda(app: App, db: Connection, draft: Draft, now: datetime) -> bool:
    """Write an agenda and say whether it is ours. One that a person has made theirs has only its figures renewed."""
    data, stem = app.settings.data, draft.path.removesuffix(".md")
    renewed = _renewed(app, db, draft)
    html = _rendered_page(app, draft.record, renewed.text)
    said = b"" if draft.fault or renewed.fault or html.fault else draft.said
    if renewed.fault:
        if renewed.text != draft.text:  # that of a file which is no text is the draft's
            files.write(data, draft.path, renewed.text)
        files.write(data, f"{stem}.figures.md", draft.text)
        app.log.warning("agenda.not_renewed", review=draft.record.id, fault=renewed.fault)
    else:
        app.published.write(draft.path, said, renewed.text)
        files.remove(data, f"{stem}.figures.md")
    _note_template(app, db, "page", html.fault, now)
    app.published.write(_page_path(draft.path), said, html.text)
    return renewed == Refreshed(draft.text)


def _renewed(app: App, db: Connection, draft: Draft) -> Refreshed:
    """The agenda as it is to be: the draft or, where a person has edited the file, theirs with fresh figures. With a
    `fault` the file is to stay as it is."""
    try:
        edited = _content(app, draft.path)
    except UnicodeDecodeError:
        return Refreshed(draft.text, "the file is no UTF-8 text")
    if edited is None or _wrote(db, draft, edited):
        return Refreshed(draft.text)
    return renewed_or_warned(edited, draft.text, f"{Path(draft.path).stem}.figures.md")


def _is_theirs(app: App, db: Connection, draft: Draft) -> bool:
    try:
        text = _content(app, draft.path)
    except UnicodeDecodeError:
        return True
    return text is not None and not _wrote(db, draft, text)


def _wrote(db: Connection, draft: Draft, text: str) -> bool:
    """Whether an agenda's text is one of ours."""
    return text == draft.text or agendas.is_ours(db, draft.record.id, draft.audience.organisation, _digest(text))


def _content(app: App, path: str) -> str | None:
    """The text of an agenda's file, None where there is none. Raises UserError where it cannot be read."""
    try:
        return (app.settings.data / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"{app.settings.data / path} cannot be read: {error.strerror}"
        raise UserError(what, "check who may read it, or move it away") from None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
