"""What the program has on record of its letters, read beside it on either engine; and the passing of a lease."""

from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

_STATES = "SELECT state, count(*) AS number FROM letter GROUP BY state"


class Record:
    """The database at an address, each look over a connection of its own."""

    def __init__(self, url: str) -> None:
        at = make_url(url)
        drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
        self._engine = create_engine(at.set(drivername=drivers[at.get_backend_name()]), poolclass=NullPool)

    def rows(self, question: str, **values: Any) -> list[Any]:
        with self._engine.connect() as db:
            return list(db.execute(text(question), values))

    def letters(self) -> list[Any]:
        """All letters, in the order in which they were written."""
        return self.rows("SELECT * FROM letter ORDER BY id")

    def states(self) -> dict[str, int]:
        """How many letters stand how."""
        return {row.state: row.number for row in self.rows(_STATES)}

    def open(self) -> int:
        return sum(number for state, number in self.states().items() if state in ("due", "claimed"))

    def let_leases_pass(self) -> None:
        """The time for which anything is claimed passes: whoever holds it holds it no longer. Leases last for minutes;
        no test waits for them."""
        with self._engine.begin() as db:
            db.execute(text("UPDATE letter SET claimed_until = created_at WHERE state = 'claimed'"))
            long_ago = "0" if db.dialect.name == "sqlite" else "'2000-01-01'"
            db.execute(text(f"UPDATE claim SET claimed_until = {long_ago}"))

    def is_not_heard_of(self, process: int) -> None:
        """Minutes pass in which the daemon of this process says nothing: the others go on without it."""
        with self._engine.begin() as db:
            db.execute(text("UPDATE daemon SET seen_at = '2000-01-01' WHERE pid = :pid"), {"pid": process})
