"""Has anybody changed the database since? On SQLite a look into shared memory tells, for the price of a few
microseconds."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL

from .sqlite_file import address, reading


class CommitWatch:
    """Counts what others have committed to a database. For use in one thread at a time."""

    def __init__(self, url: URL) -> None:
        self._db: sqlite3.Connection | None = None
        if url.get_backend_name() == "sqlite":
            path = Path(str(url.database))
            where = address(path, reading(path))  # one that could write would move the log when it is closed last
            self._db = sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False)

    def count(self) -> int | None:
        """A number that differs after any commit, by whatever process; None where only a question to the database
        itself would tell."""
        if self._db is None:
            return None
        try:
            # sqlite.org/pragma.html#pragma_data_version: compares only within one connection, so it is kept open.
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
