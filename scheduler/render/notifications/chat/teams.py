"""The shape teams: runs of text on a card."""

from typing import Any

from scheduler.render.languages import say

from .message import OPEN, TITLE, Message, cut


def post(message: Message) -> dict[str, Any]:
    """An Adaptive Card 1.4 in the envelope that the webhooks of Teams' workflows read."""
    title = _text(cut(message.title, TITLE), weight="Bolder", size="Medium")
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, *(_text(line) for line in message.paragraphs)],
    }
    if message.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": say(OPEN), "url": message.link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _text(text: str, **style: str) -> dict[str, Any]:
    # Two opening braces would begin a function of the card's language, such as {{DATE(…)}}.
    run = {"type": "TextRun", "text": text.replace("{{", "{\u2060{"), **style}
    return {"type": "RichTextBlock", "inlines": [run]}
