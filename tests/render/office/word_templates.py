"""Word files as operators have them, and as nobody should."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.shared import Cm


def letterhead() -> bytes:
    """With a head of its own, a style for titles, and words that are to go."""
    document: Any = Document()
    document.sections[0].header.paragraphs[0].text = "Acme Motors SE, Berlin"
    document.sections[0].left_margin = Cm(5)
    document.styles["Title"].font.name = "Gill Sans"
    document.add_paragraph("Write here.")
    return _saved(document)


def bare() -> bytes:
    """Without any of the styles that agendas like."""
    document: Any = Document()
    for name in ("Title", "Heading 1", "Heading 2", "List Bullet", "List Bullet 2", "Table Grid", "Quote"):
        document.styles[name].delete()
    return _saved(document)


def changed(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same file with other parts: None takes one away."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, part in parts.items():
            if part is not None:
                after.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


def _saved(document: Any) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()
