"""Agendas and minutes for Word: what stands in the Markdown stands in the file, in styles, and nothing more."""

import subprocess
import sys
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.render.languages import speaking
from scheduler.render.office import extra
from scheduler.render.office.word_file import Paper, word_file
from tests.builders import at

NOW = at("2026-11-21 09:00")
AGENDA = """<!-- figures: when -->
# Operating review, 2026-12

**Acme × Globex**: 4 GWh a year
<!-- end figures: when -->
## Agenda: 60 minutes

| At | Min | Item |
|---|---:|---|
| 09:00 | 10 | Actions **carried** over |

- one
  - two
    - three
- [ ] to tick
- [x] ticked

3. third
4. fourth

> quoted

`code` and [the plan](https://acme.example/plan?a=1&b=2)
"""


PIECES = (
    "# ", "- ", "  - ", "1. ", "999999999. ", "> ", "| a | b |\n|---|---|\n", "| x |", "\n", "    ", "```\n", "`", "**",
    "[", "](", "http://[", "<!-- x -->", "\x00", "\ud800", "\ufffe", "\u202e", "&#xD800;", "- [ ] ", "\r", "\x0b",
    "---\n",
)  # fmt: skip


def opened(content: bytes) -> Any:
    return Document(BytesIO(content))


def of(markdown: str, **more: Any) -> Any:
    return opened(word_file(Paper("A title", markdown, NOW, **more)))


def lines(document: Any) -> list[tuple[str, str]]:
    return [(each.style.name, each.text) for each in document.paragraphs if each.text]


def test_an_agenda_is_its_markdown_in_styles() -> None:
    assert lines(of(AGENDA, has_title=True)) == [
        ("Title", "Operating review, 2026-12"),
        ("Normal", "Acme × Globex: 4 GWh a year"),
        ("Heading 1", "Agenda: 60 minutes"),
        ("List Bullet", "one"),
        ("List Bullet 2", "two"),
        ("List Bullet 3", "three"),
        ("Normal", "☐ to tick"),
        ("Normal", "☑ ticked"),
        ("Normal", "3.\tthird"),
        ("Normal", "4.\tfourth"),
        ("Quote", "quoted"),
        ("Normal", "code and the plan"),
    ]


def test_a_table_is_one_whose_head_is_repeated_and_whose_columns_have_room() -> None:
    [table] = of(AGENDA, has_title=True).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["At", "Min", "Item"],
        ["09:00", "10", "Actions carried over"],
    ]
    assert table.style.name == "Table Grid"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert str(table.rows[1].cells[1].paragraphs[0].alignment).startswith("RIGHT")
    widths = [column.width for column in table.columns]
    assert widths[2] > widths[0] and sum(widths) <= 16.61 * 360_000


def test_a_table_that_is_too_wide_for_word_is_lines() -> None:
    made = of(f"|{'a|' * 64}\n|{'-|' * 64}\n|{'x|' * 64}")
    assert not made.tables and made.paragraphs[-1].text == " | ".join("x" * 64)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=30).map("".join), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_makes_a_file_that_opens(text: str, is_agenda: bool) -> None:
    paper = Paper(text, text, NOW, facts=[(text, text)], parts=[(text, [text])], has_title=is_agenda, keeps_lines=True)
    content = word_file(paper)
    assert opened(content).paragraphs and content == word_file(paper)


def test_minutes_have_a_title_what_is_known_of_them_and_each_line_as_it_was_written() -> None:
    made = of(
        "Decisions\n- go on\nand on\n\n# Actions\nDev: send it",
        facts=[("Present", "Inès, Dev")],
        parts=[("Objections", ["Dev objects: no"])],
        keeps_lines=True,
    )
    assert lines(made) == [
        ("Title", "A title"),
        ("Normal", "Present\tInès, Dev"),
        ("Normal", "Decisions"),
        ("List Bullet", "go on\nand on"),
        ("Heading 1", "Actions"),
        ("Normal", "Dev: send it"),
        ("Heading 1", "Objections"),
        ("List Bullet", "Dev objects: no"),
    ]


def test_a_link_leads_to_the_web_or_to_mail_and_no_other_does() -> None:
    made = of("[a](https://acme.example/x) [b](mailto:dev@globex.example) [c](file:///etc/passwd) [d](http://[bad)")
    led = [each.target_ref for each in made.part.rels.values() if each.reltype.endswith("/hyperlink")]
    assert led == ["https://acme.example/x", "mailto:dev@globex.example"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<script>alert(1)</script> & <w:p/>", "<script>alert(1)</script> & <w:p/>"),
        ("a\x00b\x1b[31mc\ufffe", "a�b�[31mc�"),
        ("half\ud800", "half�"),
        ("gnp\u202eexe", "gnp�exe"),
        ("x" * 1900, "x" * 1900),
        ("![](https://evil.example/pixel.png)", "!"),
        ("{{ 7*7 }} DDEAUTO c:\\\\x.exe", "{{ 7*7 }} DDEAUTO c:\\x.exe"),
        ("مرحبا بكم", "مرحبا بكم"),
    ],
)
def test_words_are_words_whatever_is_in_them(words: str, shown: str) -> None:
    made = of(f"- {words}", facts=[(words, words)])
    assert made.paragraphs[-1].text == shown


def test_a_paragraph_begins_where_its_words_are_read_from() -> None:
    made = of("مرحبا Acme\n\nAcme مرحبا")
    assert [each._p.pPr is not None and each._p.pPr.find(qn("w:bidi")) is not None for each in made.paragraphs] == [
        False,
        True,
        False,
    ]


def test_a_reader_of_arabic_has_the_whole_of_it_from_the_right() -> None:
    with speaking(Manner("ar")):
        made = of("- 2026\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert made.paragraphs[1]._p.pPr.find(qn("w:bidi")) is not None
    assert made.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    assert made.core_properties.language == "ar"


def test_the_same_paper_makes_the_same_bytes_all_day() -> None:
    first, later, tomorrow = (
        word_file(Paper("A title", AGENDA, NOW + after)) for after in (timedelta(), timedelta(hours=5), timedelta(1))
    )
    assert first == later != tomorrow


def test_nobody_and_no_program_is_named_in_its_properties() -> None:
    known = of("words").core_properties
    assert (known.title, known.author, known.last_modified_by, known.comments) == ("A title", "", "", "")
    assert known.created.replace(tzinfo=None) == datetime(2026, 11, 21)


def test_a_page_is_a4_and_numbered() -> None:
    page = of("words").sections[0]
    assert round(page.page_width.cm, 1) == 21 and "PAGE" in page.footer._element.xml


def test_every_part_of_it_is_well_formed() -> None:
    from xml.etree import ElementTree

    with ZipFile(BytesIO(word_file(Paper("<&>", AGENDA, NOW)))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))


def test_who_writes_none_does_not_load_the_library() -> None:
    said = (
        "import sys; import scheduler.services.views.word_files, scheduler.services.views.spreadsheets;"
        "from scheduler.render.office.extra import is_installed; is_installed('docx'), is_installed('xlsxwriter');"
        "print([each for each in ('docx', 'xlsxwriter', 'lxml') if each in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True).stdout == "[]\n"


def test_where_the_extra_is_not_installed_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(UserError) as refused:
        word_file(Paper("A title", AGENDA, NOW))
    assert "python-docx, which is not installed" in refused.value.what
    assert refused.value.hint == "pip install 'governance-cadence[office]'"
