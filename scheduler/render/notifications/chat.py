"""What is said in a chat, as each service reads it: a title, a few lines, and one link.

Whatever people wrote shows as they wrote it. Only those parts of the services' formats are used in which nothing is
markup: plain text of Slack's blocks, runs of text of Teams' cards. So no name rings a channel or turns bold.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

from scheduler.render.wording import counted, one_line

Shape = Literal["json", "slack", "teams"]
OPEN = "Open in cadence"
_MOST_BYTES = 20_000
"""Of all paragraphs together, as JSON: Teams takes a post of 28 KB at most."""
_TITLE, _SLACK_TEXT, _PARAGRAPHS = 150, 3000, 46
"""Characters of Slack's header and section; of the 50 blocks of its post, title, link and remark need three."""
_SHOWN = 2000
"""Characters of one paragraph."""


@dataclass(frozen=True)
class Message:
    """What is said: each paragraph is a line, and `link` is where its reader goes from there."""

    title: str
    paragraphs: tuple[str, ...] = ()
    link: str | None = None


def body(message: Message, shape: Shape) -> bytes:
    """The post, as UTF-8; the same message gives the same bytes. What is too long for a chat is cut, and says so."""
    said = Message(one_line(message.title), tuple(_within_limits(message.paragraphs)), message.link)
    post = {"json": _json, "slack": _slack, "teams": _teams}[shape](said)
    return json.dumps(post, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _within_limits(paragraphs: tuple[str, ...]) -> Iterator[str]:
    lines = [_cut(one_line(each), _SHOWN) for each in paragraphs]
    lines = [line for line in lines if line]
    sizes = accumulate(len(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")) for line in lines)
    fitting = min(sum(size <= _MOST_BYTES for size in sizes), _PARAGRAPHS)
    yield from lines[:fitting]
    if fitting < len(lines):
        yield f"… and {counted(len(lines) - fitting, 'line')} more"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _json(message: Message) -> dict[str, Any]:
    return {"title": message.title, "paragraphs": list(message.paragraphs), "link": message.link}


def _slack(message: Message) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _slack_text(message.title, _TITLE)}]
    blocks += [{"type": "section", "text": _slack_text(line, _SLACK_TEXT)} for line in message.paragraphs]
    if message.link:
        link = {"type": "mrkdwn", "text": f"<{_slack_escaped(message.link).replace('|', '%7C')}|{OPEN}>"}
        blocks.append({"type": "section", "text": link})
    whole = _slack_fitting(message.title, _SLACK_TEXT)
    return {
        "text": whole,
        "mrkdwn": False,
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks,
    }


def _slack_text(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _slack_fitting(text, most) or "…", "emoji": False}


def _slack_fitting(text: str, most: int) -> str:
    """The text escaped, and cut between two characters where it is longer than that."""
    sizes = accumulate(len(_slack_escaped(letter)) for letter in text)
    fitting = sum(size <= most - 1 for size in sizes)
    whole = _slack_escaped(text)
    return whole if len(whole) <= most else f"{_slack_escaped(text[:fitting])}…"


def _slack_escaped(text: str) -> str:
    """The three characters by which Slack marks links, channels and people."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(message: Message) -> dict[str, Any]:
    """An Adaptive Card 1.4 in the envelope that the webhooks of Teams' workflows read."""
    title = _teams_text(_cut(message.title, _TITLE), weight="Bolder", size="Medium")
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, *(_teams_text(line) for line in message.paragraphs)],
    }
    if message.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": OPEN, "url": message.link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _teams_text(text: str, **style: str) -> dict[str, Any]:
    # Two opening braces would begin a function of the card's language, such as {{DATE(…)}}.
    run = {"type": "TextRun", "text": text.replace("{{", "{\u2060{"), **style}
    return {"type": "RichTextBlock", "inlines": [run]}
