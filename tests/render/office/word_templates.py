"""Word files as operators have them, and as nobody should."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile
from zlib import crc32

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


def lying(content: bytes, name: str, real: bytes, told: bytes) -> bytes:
    """The same file with a part that says of itself to be `told`, and unpacks into what is `real`."""
    made = BytesIO(changed(content, {name: None}))
    with ZipFile(made, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, real)
        part = archive.getinfo(name)
        part.file_size, part.CRC = len(told), crc32(told)
    return made.getvalue()


def torn(content: bytes, name: str) -> bytes:
    """The same file with a part that cannot be unpacked."""
    with ZipFile(BytesIO(content)) as archive:
        part = archive.getinfo(name)
    begins = part.header_offset + 30 + len(part.filename)
    return content[:begins] + b"\xff" * part.compress_size + content[begins + part.compress_size :]


def packed_otherwise(content: bytes) -> bytes:
    """The same file, packed by a way that Word does not know."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(made, "w", ZIP_LZMA) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


def _saved(document: Any) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()
