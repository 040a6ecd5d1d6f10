"""What people said of exits. Only added to: the latest word on a scope counts, the earlier stay.

What is in force stands beside the partnership's definition too, which is read with it.
"""

from sqlalchemy import Connection, insert, select

from scheduler.domain.ids import Id
from scheduler.domain.record.wind_down import ExitWord, WindDown

from . import core_tables, partnerships

_word = core_tables.exit_word


def add(db: Connection, word: ExitWord) -> None:
    """Add a word on the exit of a scope; it takes the place of the one before, which is kept."""
    partnership = Id(word.scope).partnership
    db.execute(
        insert(_word),
        {
            "partnership": partnership,
            "scope": word.scope,
            "says": word.says,
            **word.wind_down._asdict(),
            "because": word.because,
            "person": word.by,
            "at": word.at,
        },
    )
    known = words(db, partnership)
    in_force = {scope: each.wind_down for scope, each in known.items() if each.is_in_force}
    partnerships.keep_wind_downs(db, partnership, in_force)
    partnerships.touch(db, [partnership])


def words(db: Connection, partnership: str) -> dict[str, ExitWord]:
    """The word that counts, by scope, with those that it replaces."""
    counting: dict[str, ExitWord] = {}
    for each in db.execute(select(_word).where(_word.c.partnership == partnership).order_by(_word.c.id)):
        said_of = WindDown(each.review, each.decided_on, each.ends)
        before = counting.get(each.scope)
        counting[each.scope] = ExitWord(each.scope, each.says, said_of, each.because, each.person, each.at, before)
    return counting
