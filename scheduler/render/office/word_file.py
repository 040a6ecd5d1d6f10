"""Agendas and minutes as Word files, in the operator's own template where they have one.

What people edit of an agenda is its Markdown, so that is what the file is made of, block by block. Words are put in as
text alone. The same paper, of the same day, makes the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scheduler.render.agenda.markdown import blocks_of
from scheduler.render.languages import is_right_to_left, spoken

from .extra import needed
from .untrusted import held
from .word_styles import Styles
from .word_text import Look, add_run, set_direction, write_inline

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.text.paragraph import Paragraph
    from markdown_it.tree import SyntaxTreeNode

_PLAIN = Look()
_TITLE_LENGTH = 200
_IN_A_LINE, _TO_FILL_IN, _WIDEST = 80, 24, 60
"""Characters of a line, of a column that is empty, and the most that one column takes from the others."""
_MOST_COLUMNS = 63
"""Word opens no file with a table of more; the rows of one are lines."""
_LABEL = 6
"""The steps of indentation that a label has room for."""
_A4 = 7_560_000
"""Its width, in English Metric Units."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first that an archive can name."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written: `markdown` below `facts`, each a label and words. `title` heads it; where the Markdown
    `has_title`, its first heading does, as that of an agenda. Minutes are often no Markdown, and each line of theirs
    `keeps_lines`. `parts` follow: each a heading and its lines. `at` is when it is made; the day counts."""

    title: str
    markdown: str
    at: datetime
    facts: Sequence[tuple[str, str]] = ()
    parts: Sequence[tuple[str, Sequence[str]]] = ()
    has_title: bool = False
    keeps_lines: bool = False


def word_file(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as .docx; a `template` was looked through before. Raises UserError where python-docx is not
    installed."""
    needed("docx", "a Word file")
    from docx import Document

    document = Document(BytesIO(template) if template is not None else None)
    _clear(document)
    if template is None:
        _lay_out(document)
    _describe(document, paper)
    writer = _Writer(document, paper)
    writer.write()
    made = BytesIO()
    document.save(made)
    return _dated_alike(made.getvalue())


class _Writer:
    """Writes blocks of Markdown below each other; headings are a level up where the first one is the title."""

    def __init__(self, document: "Document", paper: Paper) -> None:
        self._document, self._paper, self._styles = document, paper, Styles(document)
        self._has_title, self._is_from_right = False, is_right_to_left()
        page = document.sections[0]
        self._room = (page.page_width or _A4) - (page.left_margin or 0) - (page.right_margin or 0)

    def write(self) -> None:
        if not self._paper.has_title:
            self._heading(self._paper.title, 0)
        for label, words in self._paper.facts:
            paragraph = self._paragraph(label)
            add_run(paragraph, f"{label}\t", Look(bold=True))
            add_run(paragraph, " ".join(words.split()), _PLAIN)
            self._styles.indent(paragraph, _LABEL, hangs=_LABEL)
            paragraph.paragraph_format.space_after = 0
        self._blocks(blocks_of(self._paper.markdown), 0)
        for head, lines in self._paper.parts:
            self._heading(head, 1)
            for line in lines:
                self._bullet(line, 1)

    def _heading(self, words: str, level: int) -> None:
        paragraph = self._paragraph(words)
        add_run(paragraph, words, _PLAIN)
        self._styles.heading(paragraph, level)

    def _blocks(self, blocks: "Sequence[SyntaxTreeNode]", depth: int) -> None:
        for block in blocks:
            match block.type:
                case "heading":
                    self._marked_heading(block)
                case "paragraph":
                    self._styles.indent(self._inline(block.children[0]), depth)
                case "bullet_list":
                    self._list(block, depth + 1, None)
                case "ordered_list":
                    self._list(block, depth + 1, int(block.attrs.get("start", 1)))
                case "table":
                    self._table(block)
                case "blockquote":
                    self._quote(block)
                case "hr":
                    self._paragraph("")
                case _:  # code: each line as it stands
                    paragraph = self._paragraph(block.content)
                    add_run(paragraph, block.content.rstrip("\n"), Look(code=True))
                    self._styles.indent(paragraph, depth)

    def _marked_heading(self, block: "SyntaxTreeNode") -> None:
        level = int(block.tag[1:])
        if self._paper.has_title:
            is_title = level == 1 and not self._has_title
            self._has_title = self._has_title or is_title
            level = 0 if is_title else max(level - 1, 1)
        self._styles.heading(self._inline(block.children[0]), level)

    def _list(self, block: "SyntaxTreeNode", depth: int, first: int | None) -> None:
        """Numbers are written out: Word would go on counting from the list before."""
        for number, item in enumerate(block.children, first or 0):
            mark = f"{number}." if first is not None else None
            for each in item.children:
                if each.type == "paragraph" and each is item.children[0]:
                    self._item(each.children[0], depth, mark)
                else:
                    self._blocks([each], depth)

    def _item(self, inline: "SyntaxTreeNode", depth: int, mark: str | None) -> None:
        paragraph = self._paragraph(inline.content)
        is_to_tick = inline.content[:1] in ("☐", "☑")
        has_mark = mark is None and not is_to_tick and self._styles.bullet(paragraph, min(depth, 3))
        if not has_mark:
            self._styles.indent(paragraph, depth, hangs=1)
            if not is_to_tick:
                add_run(paragraph, f"{mark or '•'}\t", _PLAIN)
        write_inline(paragraph, inline, _PLAIN, keeps_lines=self._paper.keeps_lines)

    def _bullet(self, words: str, depth: int) -> None:
        paragraph = self._paragraph(words)
        if not self._styles.bullet(paragraph, depth):
            self._styles.indent(paragraph, depth, hangs=1)
            add_run(paragraph, "•\t", _PLAIN)
        add_run(paragraph, words, _PLAIN)

    def _quote(self, block: "SyntaxTreeNode") -> None:
        for each in block.children:
            if each.type == "paragraph":
                self._styles.quote(self._inline(each.children[0]))
            else:
                self._blocks([each], 1)

    def _table(self, block: "SyntaxTreeNode") -> None:
        heads = [cell for part in block.children if part.type == "thead" for cell in part.children[0].children]
        rows = [row.children for part in block.children if part.type == "tbody" for row in part.children]
        if len(heads) > _MOST_COLUMNS:
            for cells in (heads, *rows):
                add_run(self._paragraph(cells[0].children[0].content), " | ".join(map(_plain_words, cells)), _PLAIN)
            return
        table = self._document.add_table(1 + len(rows), len(heads))
        self._styles.grid(table)
        widths = _widths([[cell.children[0].content for cell in row] for row in (heads, *rows)], self._room)
        if self._is_from_right:
            from docx.enum.table import WD_TABLE_DIRECTION

            table.table_direction = WD_TABLE_DIRECTION.RTL
        for made, cells in zip(table.rows, [heads, *rows], strict=True):
            for at, cell, width in zip(made.cells, cells, widths, strict=False):
                at.width = width
                self._cell(at.paragraphs[0], cell, is_head=cells is heads)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        _repeat(table.rows[0])
        self._document.add_paragraph()  # or the next table would be joined to it

    def _cell(self, paragraph: "Paragraph", cell: "SyntaxTreeNode", *, is_head: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        inline = cell.children[0]
        set_direction(paragraph, inline.content, self._is_from_right)
        write_inline(paragraph, inline, Look(bold=is_head), keeps_lines=False)
        paragraph.paragraph_format.space_after = 0
        if "right" in str(cell.attrs.get("style", "")):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _inline(self, inline: "SyntaxTreeNode") -> "Paragraph":
        paragraph = self._paragraph(inline.content)
        write_inline(paragraph, inline, _PLAIN, keeps_lines=self._paper.keeps_lines)
        return paragraph

    def _paragraph(self, words: str) -> "Paragraph":
        paragraph = self._document.add_paragraph()
        set_direction(paragraph, words, self._is_from_right)
        return paragraph


def _plain_words(cell: "SyntaxTreeNode") -> str:
    return cell.children[0].content


def _widths(rows: "Sequence[Sequence[str]]", room: int) -> list["Length"]:
    """The columns share the room by what stands in them: each has its longest word, one that is left to be filled in a
    short sentence, and what is over goes to those that have more to say."""
    from docx.shared import Emu

    least, more = list[int](), list[int]()
    for at in range(len(rows[0])):
        cells = [row[at] if at < len(row) else "" for row in rows]
        longest = max((len(word) for cell in cells for word in cell.split()), default=0)
        least.append(min(longest, _TO_FILL_IN) + 3)
        wanted = max(map(len, cells)) if any(cells[1:]) else _TO_FILL_IN
        more.append(max(min(wanted, _WIDEST) - least[-1], 0))
    over = max(_IN_A_LINE - sum(least), 0) / max(sum(more), 1)
    shares = [each + over * besides for each, besides in zip(least, more, strict=True)]
    return [Emu(int(room * share / sum(shares))) for share in shares]


def _repeat(row: Any) -> None:
    """The head of a table stands on each page of it."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _clear(document: "Document") -> None:
    """A template's text goes, its page and its letterhead stay; and where it was once made from: that names somebody's
    folders, and Word would look there."""
    from docx.oxml.ns import qn

    body: Any = document.element.body
    for each in [each for each in body if each.tag != qn("w:sectPr")]:
        body.remove(each)
    settings: Any = document.settings.element
    for each in settings.findall(qn("w:attachedTemplate")):
        settings.remove(each)
    parts = [each.target_part for each in document.part.rels.values() if each.reltype.endswith("/settings")]
    for relations in [part.rels for part in parts]:
        for id in [id for id, each in relations.items() if each.reltype.endswith("/attachedTemplate")]:
            del relations[id]


def _lay_out(document: "Document") -> None:
    """Without a template: A4, and pages that are numbered."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: "Paragraph", name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _describe(document: "Document", paper: Paper) -> None:
    day = datetime(*paper.at.astimezone(UTC).timetuple()[:3])  # noqa: DTZ001  (Word's own are UTC, and say no zone)
    known = document.core_properties
    known.title = held(" ".join(paper.title.split()))[:_TITLE_LENGTH]
    known.author = known.last_modified_by = known.comments = known.keywords = known.subject = known.category = ""
    known.created = known.modified = day
    known.revision, known.language = 1, spoken().language or "en"


def _dated_alike(content: bytes) -> bytes:
    """The same file without the hour at which it was packed."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as packed, ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for each in packed.namelist():
            archive.writestr(ZipInfo(each, _FIRST_DAY), packed.read(each), ZIP_DEFLATED)
    return made.getvalue()
