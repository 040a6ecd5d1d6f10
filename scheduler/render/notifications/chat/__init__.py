"""What is said in a chat, as each service reads it: one file for each shape, and this is their registry.

Whatever people wrote shows as they wrote it. Only those parts of the services' formats are used in which nothing is
markup: plain text of Slack's blocks, runs of text of Teams' cards. So no name rings a channel or turns bold.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from scheduler.domain.definition.vocabulary import ChatShape

from . import signed_json, slack, teams
from .message import Message, within_limits

SHAPES: Mapping[ChatShape, Callable[[Message], dict[str, Any]]] = {
    "json": signed_json.post,
    "slack": slack.post,
    "teams": teams.post,
}


def body(message: Message, shape: ChatShape) -> bytes:
    """The post, as UTF-8; the same message gives the same bytes. What is too long for a chat is cut, and says so."""
    post = SHAPES[shape](within_limits(message))
    return json.dumps(post, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
