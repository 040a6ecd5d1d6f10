"""An agenda as a section of a page that has a frame, a title and a style sheet of its own."""

import re
from collections import Counter

from markupsafe import Markup

from .markdown import body_of

_MARK = re.compile(
    r"<h(?P<level>[1-6])>(?P<words>[^\n]*?)</h[1-6]>|<table>|</table>|<th\b|(?P<style> style=\"[^\"]*\")"
)
_TAG = re.compile(r"<[^>]*>")


def section_of(markdown: str) -> Markup:
    """The agenda without its own title, which the page has, its headings from the third level on; each table scrolls in
    a region of its own that bears the name of its heading. No style stands in it: a strict policy lets none pass."""
    heading, seen, is_first = "Agenda", Counter[str](), True

    def mended(mark: re.Match[str]) -> str:
        nonlocal heading, is_first
        if mark["level"]:
            heading = _TAG.sub("", mark["words"] or "").strip() or heading
            is_title, is_first = is_first and mark["level"] == "1", False
            level = min(max(int(mark["level"]) + 1, 3), 6)
            return "" if is_title else f"<h{level}>{mark['words']}</h{level}>"
        if mark["style"]:
            return ' class="num"' if "right" in mark["style"] else ""
        if mark[0] == "<table>":
            seen[heading] += 1
            name = heading if seen[heading] == 1 else f"{heading}, {seen[heading]}"
            return f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table class="table">'
        return {"</table>": "</table></div>"}.get(mark[0], '<th scope="col"')

    return Markup(_MARK.sub(mended, str(body_of(markdown))))  # noqa: S704  (only our own tags are changed)
