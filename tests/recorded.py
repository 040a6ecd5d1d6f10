"""The record of an earlier program, unpacked: what an upgraded one finds. `tests/examples/recorded/README.md` tells of
it."""

import gzip
import shutil
import sqlite3
from pathlib import Path

from tests.builders import at

RECORD = Path(__file__).parent / "examples" / "recorded"
LAST_CYCLE = at("2027-03-08 15:00")
NEXT_DAY = at("2027-03-09 15:00")


def unpack(folder: Path) -> Path:
    """Put the settings, the definitions and the database into a folder; return the settings file."""
    for name in ("partnerships", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path in (RECORD / "partnerships").glob("*.yaml"):
        shutil.copy(path, folder / "partnerships")
    shutil.copy(RECORD / "cadence.yaml", folder)
    dump = gzip.decompress((RECORD / "database.sql.gz").read_bytes()).decode()
    database = sqlite3.connect(folder / "data" / "cadence.db")
    database.executescript(dump.replace("@FOLDER@", str(folder)))
    database.close()
    return folder / "cadence.yaml"
