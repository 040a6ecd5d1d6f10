"""Words within a paragraph of a Word file: bold, italic, links, code, each read from its own side.

`docx` is imported by whoever calls; nothing here is reached without it.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .untrusted import held, is_from_right

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run
    from markdown_it.tree import SyntaxTreeNode

_LONGEST_LINK = 2000
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")
_CODE = "Consolas"


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of words looks."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None


def write_inline(paragraph: "Paragraph", inline: "SyntaxTreeNode", look: Look, *, keeps_lines: bool) -> None:
    """What an inline node of Markdown says; where a line ended, another one begins if `keeps_lines`, else a blank
    stands there."""
    for node in inline.children:
        match node.type:
            case "text":
                add_run(paragraph, node.content, look)
            case "code_inline":
                add_run(paragraph, node.content, replace(look, code=True))
            case "softbreak" if not keeps_lines:
                add_run(paragraph, " ", look)
            case "softbreak" | "hardbreak":
                add_run(paragraph, "\n", look)
            case "strong":
                write_inline(paragraph, node, replace(look, bold=True), keeps_lines=keeps_lines)
            case "em":
                write_inline(paragraph, node, replace(look, italic=True), keeps_lines=keeps_lines)
            case "link":
                there = replace(look, link=_address(node.attrGet("href")))
                write_inline(paragraph, node, there, keeps_lines=keeps_lines)
            case _:
                add_run(paragraph, node.content, look)


def add_run(paragraph: "Paragraph", words: str, look: Look) -> None:
    """Anybody's words as a run at the end of a paragraph."""
    run = paragraph.add_run(held(words))
    run.bold, run.italic = look.bold or None, look.italic or None
    if look.code:
        run.font.name = _CODE
    if is_from_right(words):
        run.font.rtl = True
    if look.link is not None:
        _lead(paragraph, run, look.link)


def set_direction(paragraph: "Paragraph", words: str, otherwise: bool) -> None:
    """Have a paragraph begin at the side from which its words are read."""
    from docx.oxml import OxmlElement

    if is_from_right(words, otherwise):
        properties: Any = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
            "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl",
            "w:rPr", "w:sectPr",
        )  # fmt: skip


def _address(written: object) -> str | None:
    """Where a link leads; None for what is no address of the web or of mail, for which Word would take the whole file
    to be damaged."""
    address = str(written or "")
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        return None
    is_good = is_good or (parts.scheme == "mailto" and "@" in parts.path)
    plain = address.isascii() and not any(each in address for each in ' <>"\\^`{|}')
    return address if is_good and plain and len(address) <= _LONGEST_LINK else None


def _lead(paragraph: "Paragraph", run: "Run", address: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run.font.underline, run.font.color.rgb = True, RGBColor(0x14, 0x53, 0x2D)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run._r.addprevious(link)
    link.append(run._r)
