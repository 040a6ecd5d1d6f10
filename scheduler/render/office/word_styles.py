"""The styles of a Word file: those of the operator's template where it has them, and what stands in for others."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_SIZES = {"Title": 20, "Heading 1": 15, "Heading 2": 13, "Heading 3": 12}
"""In points, of headings whose style a template lacks."""
_INDENT_CM = 0.63
"""How far each step of a list is indented, as Word does it: a quarter of an inch."""


class Styles:
    """Word's own names of styles are English in every language of it."""

    def __init__(self, document: "Document") -> None:
        self._ids = {each.name: each.style_id for each in document.styles if each.name}

    def heading(self, paragraph: "Paragraph", level: int) -> None:
        """Level 0 is the title of the whole."""
        name = f"Heading {level}" if level else "Title"
        if not self._given(paragraph, name):
            from docx.shared import Pt

            paragraph.paragraph_format.keep_with_next = True
            for run in paragraph.runs:
                run.bold, run.font.size = True, Pt(_SIZES.get(name, 11))

    def bullet(self, paragraph: "Paragraph", depth: int) -> bool:
        """Whether the style brings a mark of its own; else one is to be written."""
        return self._given(paragraph, f"List Bullet {depth}" if depth > 1 else "List Bullet")

    def quote(self, paragraph: "Paragraph") -> None:
        if not self._given(paragraph, "Quote"):
            self.indent(paragraph, 1)
            for run in paragraph.runs:
                run.italic = True

    def grid(self, table: "Table") -> None:
        if "Table Grid" in self._ids:
            table._tbl.tblStyle_val = self._ids["Table Grid"]
        else:
            _draw_lines(table)

    @staticmethod
    def indent(paragraph: "Paragraph", depth: int, *, hangs: int = 0) -> None:
        """By so many steps of a list; the first line by as many less as it `hangs`."""
        from docx.shared import Cm

        paragraph.paragraph_format.left_indent = Cm(_INDENT_CM * depth)
        if hangs:
            paragraph.paragraph_format.first_line_indent = Cm(-_INDENT_CM * hangs)

    def _given(self, paragraph: "Paragraph", name: str) -> bool:
        if name in self._ids:
            paragraph._p.style = self._ids[name]  # by its id: by its name all styles are gone through each time
        return name in self._ids


def _draw_lines(table: "Table") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties: Any = table._tbl.tblPr
    properties.insert_element_before(
        borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription"
    )
