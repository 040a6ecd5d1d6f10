"""What is said in a chat, within the limits that every service keeps: a title, a few lines, and one link."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from scheduler.render.languages import say_count, sentence
from scheduler.render.wording import one_line

OPEN = sentence("Open in cadence")
TITLE = 150
"""Characters of a title: those of Slack's header."""
_MOST_BYTES = 20_000
"""Of all paragraphs together, as JSON: Teams takes a post of 28 KB at most."""
_PARAGRAPHS = 46
"""Of the 50 blocks of Slack's post, title, link and remark need three."""
_SHOWN = 2000
"""Characters of one paragraph."""


@dataclass(frozen=True)
class Message:
    """What is said: each paragraph is a line, and `link` is where its reader goes from there."""

    title: str
    paragraphs: tuple[str, ...] = ()
    link: str | None = None


def within_limits(message: Message) -> Message:
    """The same on plain lines. What is too long for a chat is cut, and says so."""
    return Message(one_line(message.title), tuple(_fitting(message.paragraphs)), message.link)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _fitting(paragraphs: tuple[str, ...]) -> Iterator[str]:
    lines = [cut(one_line(each), _SHOWN) for each in paragraphs]
    lines = [line for line in lines if line]
    sizes = accumulate(len(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")) for line in lines)
    fitting = min(sum(size <= _MOST_BYTES for size in sizes), _PARAGRAPHS)
    yield from lines[:fitting]
    if fitting < len(lines):
        yield say_count("… and %(number)s line more", "… and %(number)s lines more", len(lines) - fitting)
