"""What is remembered: reviews and their revisions, readings, due dates, flags, and which definition is in force.

Files are the truth about definitions; this is the truth about what happened. `engine` opens the database and gives
transactions; one module per noun holds plain functions that take the open transaction as `db`, receive nouns and give
nouns back. Callers decide what belongs into one transaction. `tables` is the schema, `migrations` how it came to be.

    store = open_store("sqlite:////var/lib/cadence/cadence.db")
    with store.write() as db:
        reviews.save_many(db, planned)
"""

from .engine import UNREACHABLE, Store, open_store, read_url
from .errors import DatabaseLost, OlderSchema, StoreError

__all__ = ["UNREACHABLE", "DatabaseLost", "OlderSchema", "Store", "StoreError", "open_store", "read_url"]
