"""The shape slack: plain text in the blocks of a post."""

from itertools import accumulate
from typing import Any

from scheduler.render.languages import say

from .message import OPEN, TITLE, Message

_TEXT = 3000
"""Characters of a section."""


def post(message: Message) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _text(message.title, TITLE)}]
    blocks += [{"type": "section", "text": _text(line, _TEXT)} for line in message.paragraphs]
    if message.link:
        words = say(OPEN)
        link = f"<{_escaped(message.link).replace('|', '%7C')}|{words}>"
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": link}})
    whole = _fitting(message.title, _TEXT)
    return {
        "text": whole,
        "mrkdwn": False,
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks,
    }


def _text(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _fitting(text, most) or "…", "emoji": False}


def _fitting(text: str, most: int) -> str:
    """The text escaped, and cut between two characters where it is longer than that."""
    sizes = accumulate(len(_escaped(letter)) for letter in text)
    fitting = sum(size <= most - 1 for size in sizes)
    whole = _escaped(text)
    return whole if len(whole) <= most else f"{_escaped(text[:fitting])}…"


def _escaped(text: str) -> str:
    """The three characters by which Slack marks links, channels and people."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
