"""Letters on their way, by mail or into a chat, and what has become of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.store.tables import LetterRow as LetterRow

_INSIDE = {"content", "claimed_by", "begun_at", "lapses"}


def letters(app: "App", state: str | None, partnership: str | None) -> "Sequence[LetterRow]":
    """Those that stand so, of one partnership (None: any), the oldest first."""
    from scheduler.store import outbox

    with app.store.read() as db:
        return outbox.listing(db, state=state, partnership=partnership)


def letter(app: "App", id: int) -> "LetterRow":
    """One of them. Raises `UserError` where there is none of that id."""
    from scheduler.store import outbox

    with app.store.read() as db:
        found = outbox.get(db, id)
    if found is None:
        raise UserError(f"there is no letter {id}", "cadence outbox list shows them")
    return found


def as_json(letter: "LetterRow") -> dict[str, Any]:
    """A letter as `outbox --json` shows it, without its text. `dot_at` is what programs have known `transmitting_at`
    by."""
    return {**letter.model_dump(exclude=_INSIDE), "dot_at": letter.transmitting_at}
