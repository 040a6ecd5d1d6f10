"""A line of Markdown as the words that it shows."""

import re

from scheduler.domain.text import one_line

_STRONG = re.compile(
    r"(?<!\\)(?:\*\*(?=\S)((?:[^*\\]|\\.|\*(?!\*))++)(?<=\S)\*\*|__(?=\S)((?:[^_\\]|\\.|_(?!_))++)(?<=\S)__)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash before ASCII punctuation, which Markdown takes for that character itself (CommonMark 2.4)."""


def plain(markdown: str) -> str:
    """A line of Markdown as the words it shows: bold marks and backslashes gone, so that carrying it on never adds
    more."""
    shown = _STRONG.sub(lambda strong: strong[1] or strong[2], markdown)
    return one_line(_ESCAPED.sub(r"\1", shown))
