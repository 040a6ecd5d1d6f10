"""Who goes on under a new mail address: what they were told under the old one counts, and the rest goes to the new."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.partnership import Partnership
from scheduler.store import notices, outbox, renames


def carry_over(db: Connection, before: Partnership, after: Partnership, now: datetime) -> None:
    """Have the notices of everybody whose address has changed count for the new one, in the caller's transaction.

    A letter that has not left is taken back: what it carries waits, and is written to the new address. So is what the
    old address never accepted. Nothing that was told is told again.
    """
    moves = dict(_moves(before, after))
    if not moves:
        return
    moved = renames.addresses(db, after.partnership, moves)
    letters = notices.letters_of(db, moved)
    notices.tell_again(db, outbox.withdraw(db, letters, now), now)
    notices.tell_these_again(db, moved, notices.undelivered(db, letters), now)


def _moves(before: Partnership, after: Partnership) -> Iterator[tuple[str, renames.Move]]:
    """Whose address is another, by the key that they bear now: the same person is who has the same key and name, or
    names the key that they bore before."""
    for key, person in after.people.items():
        former = person.renamed_from if person.renamed_from and person.renamed_from not in after.people else key
        known = before.people.get(former)
        if known is None or (former == key and known.name != person.name):
            continue
        move = renames.Move(known.email.casefold(), person.email.casefold())
        if move.old != move.new:
            yield key, move
