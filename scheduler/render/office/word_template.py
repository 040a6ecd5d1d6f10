"""An operator's own Word file, whose styles, page and letterhead agendas and minutes take: ``office/document.docx``
beside their templates. What stands in its text is not taken.

A Word file is an archive, and may hold programs or have others' machines asked for pictures: one of those is none. Nor
is one that would unpack into more than memory is given for it.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from .word_archive import UNREADABLE, WORD, defines_entities, is_too_large

NAME = "office/document.docx"
_MOST_BYTES, _MOST_UNPACKED, _MOST_PARTS = 10 * 1024 * 1024, 64 * 1024 * 1024, 2000
_MAIN = f"{WORD}.main+xml"
_PROGRAMS = ("vbaproject", "vbadata", "activex", "oleobject", "embeddings/")
_MAY_LEAD_OUT = ("/hyperlink", "/attachedTemplate")
"""Links are not loaded; which template a file was once made from is left out (`word_file`)."""


class WordTemplate(NamedTuple):
    """The bytes of the file, None where there is none or where it cannot be used: then `fault` says why."""

    content: bytes | None = None
    fault: str | None = None


def word_template(folders: Sequence[Path]) -> WordTemplate:
    """The operator's own file, looked through."""
    path = next((each / NAME for each in folders if (each / NAME).is_file()), None)
    if path is None:
        return WordTemplate()
    try:
        if path.stat().st_size > _MOST_BYTES:
            return WordTemplate(fault=f"it is larger than {_MOST_BYTES // 1024 // 1024} MB")
        content = path.read_bytes()
    except OSError as error:
        return WordTemplate(fault=f"it cannot be read: {error.strerror}")
    fault = fault_of(content)
    return WordTemplate(fault=fault) if fault else WordTemplate(content)


def fault_of(content: bytes) -> str | None:
    """Why a Word file cannot be used as a template; None where it can."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return next(_faults(archive), None)
    except BadZipFile:
        return "it is no .docx file, or one with a password"
    except (ElementTree.ParseError, *UNREADABLE) as error:
        return f"it is damaged: {error}"


def _faults(archive: ZipFile) -> Iterator[str]:
    if is_too_large(archive, _MOST_UNPACKED, _MOST_PARTS):
        yield f"it would unpack into more than {_MOST_UNPACKED // 1024 // 1024} MB"
        return
    names = {*archive.namelist()}
    if "[Content_Types].xml" not in names:
        yield "it is no .docx file"
        return
    kinds = _xml(archive, "[Content_Types].xml")
    if not any(each.get("ContentType") == _MAIN for each in kinds):
        yield "it is no .docx file: save it as one, without macros and not as a template (.dotx)"
    if any(word in name.lower() for name in names for word in _PROGRAMS):
        yield "it holds a program or an embedded file: save it without"
    for name in names:
        if name.endswith(".rels"):
            yield from (f"it loads a part of itself from elsewhere: {each[:100]}" for each in _led_out(archive, name))
    yield from _unread(archive)


def _led_out(archive: ZipFile, name: str) -> Iterator[str]:
    for each in _xml(archive, name):
        if each.get("TargetMode") == "External" and not each.get("Type", "").endswith(_MAY_LEAD_OUT):
            yield each.get("Target", "")


def _xml(archive: ZipFile, name: str) -> ElementTree.Element:
    """Raises ValueError for a part that defines entities."""
    content = archive.read(name)
    if defines_entities(content):
        raise ValueError(f"{name} defines entities")
    return ElementTree.fromstring(content)  # noqa: S314  (without entities)


def _unread(archive: ZipFile) -> Iterator[str]:
    """What python-docx finds wrong with it, where that is installed."""
    from .extra import is_installed

    for name in archive.namelist():
        if name.endswith(".xml"):
            _xml(archive, name)
    if is_installed("docx") and archive.fp is not None:
        from docx import Document

        archive.fp.seek(0)
        try:
            _ = Document(BytesIO(archive.fp.read())).sections[0]
        except Exception as error:  # whatever it stumbles over in somebody's file, the file is what cannot be used
            yield f"it is damaged: {type(error).__name__}: {str(error)[:100]}"
