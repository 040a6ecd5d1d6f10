"""The lines of a mail that is written in HTML, without what it quotes.

It is read from strangers, so it is walked through once, piece by piece: a tag that opens something hidden or quoted
counts until it closes, and whatever is no tag is text.
"""

import re
from html import unescape

_MOST = 20_000
"""So many pieces between tags are looked at."""
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
)
_HIDDEN = frozenset({"style", "script", "head", "title"})
_QUOTE = re.compile(
    r"\b(?:id|class)\s*=\s*[\"']?[^\"'>]{0,80}(?:divrplyfwdmsg|appendonsend|gmail_signature|moz-signature|moz-cite-prefix)",
    re.IGNORECASE,
)
"""What frames the head of a quoted letter, or a signature: nothing behind is read."""


def html_lines(html: str) -> list[str]:
    """What stands between the tags, a line where the page has one."""
    lines, line, hidden, quoted = list[str](), "", "", 0
    for at, piece in enumerate(html.split("<")[:_MOST]):
        tag, closes, text = piece.partition(">") if at else ("", ">", piece)
        name = tag.lstrip("/").split(maxsplit=1)[0].rstrip("/").casefold() if tag.strip("/ ") else ""
        is_end = tag.startswith("/")
        if hidden:
            hidden = "" if is_end and name == hidden else hidden
            continue
        if name in _HIDDEN and not is_end:
            hidden = name
            continue
        if name == "blockquote":
            quoted = max(0, quoted - 1) if is_end else quoted + 1
        if name in _BREAKS or name == "blockquote":
            lines.append(line)
            line = ""
        if not is_end and _QUOTE.search(tag[:400]):
            break
        if not quoted:
            line += " ".join(unescape(text if closes else f"<{piece}").split("\n"))
    return [*lines, line]
