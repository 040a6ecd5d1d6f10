"""Minutes as people attach them: text, a Word file (where python-docx is installed), a page of HTML; as the text that
is read and kept. What they look like is let go of but for what says how they are meant: headings, lists, tables.

They come from strangers: an archive that would unpack into very much is not unpacked, and nothing that it refers to is
loaded.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from scheduler.render.incoming_mail.html_lines import html_lines
from scheduler.render.office.extra import is_installed
from scheduler.render.office.word_archive import UNREADABLE, WORD, defines_entities, is_too_large

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_MOST_UNPACKED, _MOST_PARTS = 8 * 1024 * 1024, 500
_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]{0,500}>", re.IGNORECASE)
_LISTS = ("list bullet", "list number", "list paragraph")


def is_word(name: str, kind: str = "") -> bool:
    return name.lower().endswith(".docx") or kind == WORD


def is_html(name: str, kind: str = "") -> bool:
    return name.lower().endswith((".html", ".htm")) or kind == "text/html"


def text_of_html(html: str) -> str:
    """Headings and list items as Markdown has them."""
    marked = _ITEM.sub(lambda _: "<li>- ", _HEADING.sub(lambda found: f"<h{found[1]}>## ", html))
    return "\n".join(" ".join(each.split()) for each in html_lines(marked)).strip() + "\n"


def text_of_word(content: bytes) -> str | None:
    """None for what is no Word file, or one that cannot be read here."""
    if not is_installed("docx") or not _is_harmless(content):
        return None
    from docx import Document

    try:
        return "\n".join(_lines(Document(BytesIO(content)).iter_inner_content())).strip() + "\n"
    except Exception:  # whatever it stumbles over in somebody's file, the file is what cannot be read
        return None


def _is_harmless(content: bytes) -> bool:
    """Whether it is an archive of a few megabytes, whose parts define no entities."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if is_too_large(archive, _MOST_UNPACKED, _MOST_PARTS):
                return False
            names = (each.filename for each in archive.infolist() if each.filename.endswith((".xml", ".rels")))
            return not any(defines_entities(archive.read(name)) for name in names)
    except UNREADABLE:
        return False


def _lines(parts: "Iterator[Paragraph | Table]") -> Iterator[str]:
    from docx.table import Table

    for each in parts:
        yield from _table(each) if isinstance(each, Table) else _paragraph(each)


def _paragraph(paragraph: "Paragraph") -> Iterator[str]:
    text, style = " ".join(paragraph.text.split()), (paragraph.style.name or "").lower() if paragraph.style else ""
    if not text:
        yield ""
    elif style.startswith("heading") or style == "title":
        yield from ("", f"## {text}", "")
    elif style.startswith(_LISTS) or (paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None):
        yield f"- {text}"
    else:
        yield text


def _table(table: "Table") -> Iterator[str]:
    rows = [[" ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells] for row in table.rows]
    yield ""
    for number, cells in enumerate(rows):
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'---|' * len(cells)}"
    yield ""
