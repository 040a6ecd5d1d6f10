"""The shape json: title, lines and link as they are, for programs; signed where there is a key."""

from typing import Any

from .message import Message


def post(message: Message) -> dict[str, Any]:
    return {"title": message.title, "paragraphs": list(message.paragraphs), "link": message.link}
