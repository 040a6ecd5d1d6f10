"""An operator's own Word file: its styles and letterhead are taken, and what may not be used says why."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from scheduler.render.office.word_file import Paper, word_file
from scheduler.render.office.word_template import NAME, fault_of, word_template
from tests.builders import at
from tests.render.office.test_word_file import AGENDA
from tests.render.office.word_templates import bare, changed, letterhead, lying, packed_otherwise, part, torn

NOW = at("2026-11-21 09:00")
RELATIONS, TYPES, SETTINGS = "word/_rels/document.xml.rels", "[Content_Types].xml", "word/settings.xml"


def made_in(template: bytes) -> Any:
    assert fault_of(template) is None
    return Document(BytesIO(word_file(Paper("A title", AGENDA, NOW, has_title=True), template)))


def test_its_letterhead_page_and_styles_are_taken_and_its_words_go() -> None:
    made = made_in(letterhead())
    assert made.sections[0].header.paragraphs[0].text == "Acme Motors SE, Berlin"
    assert made.styles["Title"].font.name == "Gill Sans" and round(made.sections[0].left_margin.cm) == 5
    assert made.paragraphs[0].text == "Operating review, 2026-12"
    assert "Write here." not in [each.text for each in made.paragraphs]


def test_what_it_has_no_style_for_looks_like_it_all_the_same() -> None:
    made = made_in(bare())
    title = made.paragraphs[0]
    assert title.style.name == "Normal" and title.runs[0].bold and title.runs[0].font.size.pt == 20
    assert "•\tone" in [each.text for each in made.paragraphs]
    assert made.tables[0]._tbl.tblPr.find(qn("w:tblBorders")) is not None


def test_the_same_template_makes_the_same_bytes() -> None:
    template = letterhead()
    assert len({word_file(Paper("A title", AGENDA, NOW), template) for _ in range(2)}) == 1


def test_from_which_file_it_was_made_is_not_handed_on() -> None:
    template = letterhead()
    settings = part(template, SETTINGS).replace(
        b"<w:zoom", b'<w:attachedTemplate r:id="rId77" xmlns:r='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships"/><w:zoom', 1
    )  # fmt: skip
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId77" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="file:///C:/Users/somebody/Normal.dotm" TargetMode="External"/></Relationships>'
    )
    template = changed(template, {SETTINGS: settings, "word/_rels/settings.xml.rels": relations})
    assert b"somebody" in part(template, "word/_rels/settings.xml.rels")
    assert fault_of(template) is None
    with ZipFile(BytesIO(word_file(Paper("A title", AGENDA, NOW), template))) as archive:
        for name in archive.namelist():
            assert b"somebody" not in archive.read(name), name


def _bomb() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(TYPES, "<Types/>")
        archive.writestr("word/document.xml", b"\0" * (65 * 1024 * 1024))
    return made.getvalue()


def _many() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}", "")
    return made.getvalue()


def _of_kind(kind: bytes) -> bytes:
    whole = letterhead()
    before = b"wordprocessingml.document.main+xml"
    types = part(whole, TYPES)
    assert before in types
    return changed(whole, {TYPES: types.replace(b"openxmlformats-officedocument." + before, kind)})


def _loading() -> bytes:
    whole = letterhead()
    image = b'<Relationship Id="rId99" Type="http://x/image" Target="http://evil.example/x.png" TargetMode="External"/>'
    return changed(whole, {RELATIONS: part(whole, RELATIONS).replace(b"</Rel", image + b"</Rel", 1)})


def _entities() -> bytes:
    whole = letterhead()
    document = part(whole, "word/document.xml").partition(b"?>")[2]
    return changed(whole, {"word/document.xml": b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + document})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no .docx file"),
        (b"\xd0\xcf\x11\xe0 an old file, or one with a password", "no .docx file, or one with a password"),
        (b"PK\x03\x04", "no .docx file"),
        (letterhead()[:-400], "no .docx file"),
        (_bomb(), "unpack into more than 64 MB"),
        (_many(), "unpack into more than 64 MB"),
        (_of_kind(b"ms-word.document.macroEnabled.main+xml"), "without macros and not as a template"),
        (_of_kind(b"openxmlformats-officedocument.wordprocessingml.template.main+xml"), "not as a template (.dotx)"),
        (changed(letterhead(), {"word/vbaProject.bin": b"x"}), "holds a program"),
        (changed(letterhead(), {"word/embeddings/oleObject1.bin": b"x"}), "holds a program"),
        (_loading(), "from elsewhere: http://evil.example/x.png"),
        (_entities(), "defines entities"),
        (changed(letterhead(), {"word/document.xml": b"<w:document"}), "it is damaged"),
        (changed(letterhead(), {"word/document.xml": None}), "it is damaged"),
        (changed(letterhead(), {RELATIONS: b"<a>"}), "it is damaged"),
        (torn(letterhead(), "word/document.xml"), "it is damaged: word/document.xml"),
        (lying(letterhead(), "word/a.xml", b"<a/>" + b" " * 5000, b"<a/>"), "it is damaged: word/a.xml"),
        (lying(letterhead(), "word/a.xml", b"<a/> ", b"<a/>"), "it is damaged: word/a.xml"),
        (packed_otherwise(letterhead()), "packed by a way that no Word file is"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_says_why(content: bytes, said: str) -> None:
    assert said in (fault_of(content) or "")


def test_it_lies_beside_the_operators_other_templates(tmp_path: Path) -> None:
    assert word_template([tmp_path]) == (None, None)
    file = tmp_path / NAME
    file.parent.mkdir()
    content = letterhead()  # it says when it was saved: another one is another file
    file.write_bytes(content)
    assert word_template([tmp_path]).content == content
    file.write_bytes(b"no such thing")
    assert word_template([tmp_path]) == (None, "it is no .docx file, or one with a password")
    file.write_bytes(b"\0" * (10 * 1024 * 1024 + 1))
    assert word_template([tmp_path]).fault == "it is larger than 10 MB"
