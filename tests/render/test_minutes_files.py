"""Minutes as they are attached: a Word file and a page of HTML give the text that is read and kept; what is none, or is
made to do harm, gives nothing."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from scheduler.render.minutes_files import text_of_html, text_of_word
from tests.render.office.word_templates import lying, packed_otherwise, torn


def word(*, entity: bool = False, blown_up: bool = False) -> bytes:
    document = Document()
    document.add_heading("Decisions", 1)
    document.add_paragraph("Two shifts from March", style="List Bullet")
    document.add_paragraph("We met in   Halden.")
    table = document.add_table(2, 3)
    filled = ("Who", "What", "By"), ("Dev", "send the drawings | all", "20 Jan 2027")
    for row, cells in zip(table.rows, filled, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made = BytesIO()
    document.save(made)
    if not (entity or blown_up):
        return made.getvalue()
    again = BytesIO()
    with ZipFile(made) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each)
            if entity and each == "word/document.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
            new.writestr(each, content)
        if blown_up:
            new.writestr("word/media/a.xml", b" " * 20_000_000)
    return again.getvalue()


def test_headings_lists_and_tables_of_a_word_file_are_those_of_minutes() -> None:
    assert text_of_word(word()) == (
        "## Decisions\n\n- Two shifts from March\nWe met in Halden.\n\n"
        "| Who | What | By |\n|---|---|---|\n| Dev | send the drawings \\| all | 20 Jan 2027 |\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04\x00\x00",
        b"minutes",
        word()[:-40],
        word(entity=True),
        word(blown_up=True),
        torn(word(), "word/document.xml"),
        lying(word(), "word/media/a.xml", b" " * 20_000_000, b" "),
        packed_otherwise(word()),
    ],
    ids=["empty", "a stub", "text", "cut off", "entities", "blown up", "torn", "lying", "packed otherwise"],
)
def test_what_is_no_word_file_or_does_harm_is_not_read(content: bytes) -> None:
    assert text_of_word(content) is None


def test_headings_and_items_of_a_page_are_those_of_minutes() -> None:
    page = (
        "<html><head><title>x</title></head><body><h2 class='a'>Decisions</h2>"
        "<ul><li>Two shifts</li><li><b>No</b> fair</li></ul><p>Bye</p>"
    )
    assert [each for each in text_of_html(page).splitlines() if each] == [
        "## Decisions",
        "- Two shifts",
        "- No fair",
        "Bye",
    ]
