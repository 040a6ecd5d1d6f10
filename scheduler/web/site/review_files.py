"""A review's agenda and its minutes as files, as far as their reader sees them."""

from collections.abc import Callable

from scheduler.domain.manner import Manner
from scheduler.render.languages import speaking, spoken
from scheduler.render.office.word_archive import WORD
from scheduler.rules.access import Audience
from scheduler.services.briefings import manner_of_agenda
from scheduler.services.pipeline.agendas import page as agenda_page
from scheduler.services.viewer import NotThere
from scheduler.services.views.figures import agenda_figures
from scheduler.services.views.review_page import Looked
from scheduler.services.views.word_files import agenda_file, minutes_paper, written
from scheduler.transports.pdf import pdf_of

from .page import Asked, Download

_MARKDOWN, _HTML, _PDF = "text/markdown; charset=utf-8", "text/html; charset=utf-8", "application/pdf"


def agenda(asked: Asked, looked: Looked) -> Download:
    """An agenda as Markdown, for Word, as a page to print, or PDF. Raises NotThere."""
    organisation, kind = asked.query.get("of") or None, asked.query["download"]
    found = next((each for each in looked.sheet.agendas if each.organisation == organisation), None)
    if found is None:
        raise NotThere
    name, app, record = _name(looked, organisation), asked.app, looked.record
    as_written = spoken()
    if found.language != as_written.language:
        as_written = manner_of_agenda(looked.state, Audience(organisation))
    if kind == "md":
        return Download(f"{name}.md", _MARKDOWN, found.markdown.encode())
    if kind == "docx":
        made = _said(as_written, lambda: agenda_file(app, record, found.markdown, asked.now))
        return Download(f"{name}.docx", WORD, made)
    with speaking(as_written):
        figures = agenda_figures(looked.state, record, Audience(organisation))
    html = agenda_page(app, record, found.markdown, as_written, figures=figures).text
    if kind == "html":
        return Download(f"{name}.html", _HTML, html.encode())
    if kind == "pdf":
        return Download(f"{name}.pdf", _PDF, lambda: pdf_of(html))
    raise NotThere


def minutes(asked: Asked, looked: Looked) -> Download:
    """The minutes as they were filed, or for Word. Raises NotThere."""
    theirs, app, paper = spoken(), asked.app, minutes_paper(looked, asked.now)
    if paper is None:
        raise NotThere
    name = f"{_name(looked, None)}-minutes"
    if asked.query["download"] == "minutes.docx":
        return Download(f"{name}.docx", WORD, _said(theirs, lambda: written(app, paper)))
    if asked.query["download"] == "minutes.md":
        return Download(f"{name}.md", _MARKDOWN, paper.markdown.encode())
    raise NotThere


def _name(looked: Looked, organisation: str | None) -> str:
    return "-".join([*looked.sheet.id.split("/"), *([organisation] if organisation else [])])


def _said(whose: Manner, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a file afterwards, in the reader's language."""

    def made() -> bytes:
        with speaking(whose):
            return make()

    return made
