"""The step of a form in which its reader confirms what they said by a code that was sent to them.

A form asks for it by its `act` (`lifecycle.FormKind`) and by the macros `confirmation` and `confirm` of its template.
What is posted without a code is not recorded: a code is sent, and the form comes back with a field for it. Posted with
the code, it is recorded.
"""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, are_possible, send, write_code
from scheduler.web.unit_of_work import UnitOfWork

CODE, ANEW = "code", "anew"
"""The fields: the code as it was typed, and the wish for another one."""


class CodeStep(NamedTuple):
    """`is_possible` where codes can be sent; `is_asked` once one was sent."""

    is_possible: bool
    is_asked: bool


def code_step(app: App, said: Mapping[str, str] | None) -> CodeStep:
    return CodeStep(are_possible(app), CODE in (said or {}))


def is_typed(said: Mapping[str, str]) -> bool:
    """Whether a form comes with a code, and does not ask for another one."""
    return bool(said.get(CODE, "").strip()) and ANEW not in said


async def send_code(unit_of_work: UnitOfWork, act: Act) -> None:
    """Send a code for an act to its person, while others are served. Raises UserError."""
    letter = await unit_of_work.note(lambda app, now: write_code(app, act, now))
    await asyncio.to_thread(send, unit_of_work.app, letter)
