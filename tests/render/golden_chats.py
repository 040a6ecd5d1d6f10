"""What is posted into a chat, in each shape: the bodies that one can open in `golden/chats/`."""

import json
from pathlib import Path
from typing import get_args

from scheduler.domain.definition.vocabulary import ChatShape
from scheduler.render.notifications.chat import body
from scheduler.render.notifications.chat.message import Message

FOLDER = Path(__file__).parent / "golden" / "chats"
MESSAGE = Message(
    "Acme × Globex: 2 matters are yours, Inès",
    (
        "Overdue since Fri 13 Nov 2026: Cells delivered, 2026-10. Dev Patel has been told; Marta Bauer is told next.",
        'Due on Mon 30 Nov 2026: <script>alert("1 & 2")</script> *bold* _x_ @channel <!channel> {{DATE(2026-11-30)}}',
    ),
    "https://cadence.acme.example/report/abc-DEF_123",
)


def files() -> dict[str, bytes]:
    """Each shape by its name, laid out for a reader; what is posted has the same content on one line."""
    laid_out = {f"{shape}.json": json.loads(body(MESSAGE, shape)) for shape in get_args(ChatShape)}
    return {name: f"{json.dumps(post, indent=2, ensure_ascii=False)}\n".encode() for name, post in laid_out.items()}
