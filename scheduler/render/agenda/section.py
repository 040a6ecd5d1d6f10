"""An agenda as HTML for a narrow screen and a strict policy: each table scrolls in a region of its own, and no style
stands in it; on a page that has a frame and a title of its own, as a section of that."""

import re
from collections import Counter
from collections.abc import Collection
from html import unescape

from markupsafe import Markup

_MARK = re.compile(
    r"<h(?P<level>[1-6])>(?P<words>[^\n]*?)</h[1-6]>|<table>|</table>|<th\b|(?P<style> style=\"[^\"]*\")"
)
_FIRST = re.compile(r"\s*<p>(?P<words>.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def with_regions(html: Markup, *, is_section: bool = False) -> Markup:
    """The agenda with its tables in regions that bear the name of their heading. A section of another page is without
    the agenda's own title, which that has, and its headings begin at the third level."""
    heading, seen, is_first = "Agenda", Counter[str](), True

    def mended(mark: re.Match[str]) -> str:
        nonlocal heading, is_first
        if mark["level"]:
            heading = _TAG.sub("", mark["words"]).strip() or heading
            is_title, is_first = is_first and mark["level"] == "1", False
            if not is_section:
                return mark[0]
            level = min(max(int(mark["level"]) + 1, 3), 6)
            return "" if is_title else f"<h{level}>{mark['words']}</h{level}>"
        if mark["style"]:
            return ' class="num"' if "right" in mark["style"] else ""
        if mark[0] == "<table>":
            seen[heading] += 1
            name = heading if seen[heading] == 1 else f"{heading}, {seen[heading]}"
            return f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table class="table">'
        return {"</table>": "</table></div>"}.get(mark[0], '<th scope="col"')

    return Markup(_MARK.sub(mended, str(html)))  # noqa: S704  (only our own tags are changed)


def without_beginning(html: Markup, words: Collection[str]) -> Markup:
    """The agenda without its first paragraph, where that is one of these `words` and no more."""
    first = _FIRST.match(html)
    is_said = first and " ".join(unescape(_TAG.sub("", first["words"])).split()) in words
    return Markup(html[first.end() :]) if first and is_said else html  # noqa: S704  (the end of what was Markup)
