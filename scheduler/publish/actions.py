"""Open actions: what the last minutes left to do.

Minutes are Markdown, and an action is a task in a list: ``- [ ] Dev: send the drawings by Fri 18 Dec``. Read
forgivingly: any bullet (``-``, ``*``, ``+``, ``1.``, ``1)``), at any depth, with brackets that hold nothing but
blanks. A ticked one (``[x]``, or any other mark) is done; one without words is a place to write.
"""

import re

from .wording import one_line

_OPEN = re.compile(r"[ \t>]*(?:[-*+]|\d{1,4}[.)])[ \t]+\[[ \t]*\][ \t]*(?P<text>.*)")
_STRONG = re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=\S)(?<!\\)\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash before ASCII punctuation, which Markdown takes for that character itself (CommonMark 2.4)."""


def open_actions(markdown: str) -> tuple[str, ...]:
    """The unticked tasks of some minutes, as plain text in their order, each once."""
    found = (_OPEN.fullmatch(line) for line in markdown.splitlines())
    texts = (plain(task["text"]) for task in found if task)
    return tuple(dict.fromkeys(text for text in texts if text))


def plain(markdown: str) -> str:
    """A line of Markdown as the words it shows: bold marks and backslashes gone, so that carrying it on never adds
    more."""
    return one_line(_ESCAPED.sub(r"\1", _STRONG.sub(r"\2", markdown)))
