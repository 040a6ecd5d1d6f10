"""Makes `schemas.tar.xz`: for each schema that ever was, a database as the program of its time left it.

    python -m tests.store.schemas.make FOLDER

The program is taken out of the history of this checkout: the last commit that had the schema. It sets up a folder, and
lives there for a day. Of a schema that no program ever had (two steps came with one commit) the database of the
one before is brought to it. Tables in which nothing is then get a row that fits.
"""

import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from scheduler.store import migrate
from tests.store.lived import invented
from tests.store.remembered import migrated_to

STORED = Path(__file__).with_name("schemas.tar.xz")
REPOSITORY = Path(__file__).parents[3]
STEPS = "scheduler/store/migrations/versions"
LIVED = (("2026-11-21T15:00+01:00", "once"),)
"""What is done, and when. What a program of then cannot do yet is left out."""
PROGRAM = "from scheduler.cli import main; main()"


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(REPOSITORY), *words], capture_output=True, text=True, check=True).stdout


def programs() -> dict[str, str]:
    """The last commit that had each schema."""
    found = {}
    for commit in [*git("log", "--format=%H", "--reverse", "--", STEPS).split(), git("rev-parse", "HEAD").strip()]:
        names = git("ls-tree", "--name-only", commit, f"{STEPS}/").splitlines()
        latest = max(re.findall(r"/(\d{4})_", " ".join(names)), default="")
        for before in git("rev-list", "-1", f"{commit}^").split():
            earlier = git("ls-tree", "--name-only", before, f"{STEPS}/").splitlines()
            found[max(re.findall(r"/(\d{4})_", " ".join(earlier)), default="")] = before
        found[latest] = commit
    return found


def lived(commit: str, folder: Path) -> Path | None:
    """The database that the program of a commit leaves in a folder."""
    checkout = folder / "program"
    checkout.mkdir()
    archive = subprocess.run(["git", "-C", str(REPOSITORY), "archive", commit], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(checkout, filter="data")
    home = folder / "home"
    home.mkdir()
    environ = {**os.environ, "PYTHONPATH": str(checkout), "CADENCE_CLOCK": "free", "TZ": "Europe/Berlin"}
    for moment, *words in ((LIVED[0][0], "init", "."), *LIVED):
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, "--now", moment, *words]
        done = subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True, check=False)
        if words[0] == "init":
            settings = home / "config" / "cadence.yaml"
            if settings.exists():
                settings.write_text(re.sub(r"(?m)^horizon_days:.*$", "", settings.read_text()) + "\nhorizon_days: 30\n")
        if done.returncode:
            print(f"  {words[0]} ends with {done.returncode}:", *done.stderr.strip().splitlines()[-1:])
    return next(iter(home.rglob("cadence.db")), None)


def filled(file: Path, schema: str) -> None:
    """Bring a database to a schema, and put a row into each table that has none."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as db:
        found = db.scalar(sa.text("SELECT version_num FROM alembic_version")) if _has_tables(db) else None
        if found != schema:
            migrated_to(db, schema)
        tables = sa.MetaData()
        tables.reflect(db)
        for table in tables.sorted_tables:
            if not db.scalar(sa.select(sa.func.count()).select_from(table)):
                try:
                    with db.begin_nested():
                        db.execute(table.insert(), [dict(invented(table))])
                except sa.exc.IntegrityError as error:
                    print("  stays empty:", table.name, error.orig)
    engine.dispose()
    with closing(sqlite3.connect(file)) as db:  # of what nothing is there to refer to there is no row
        while lost := db.execute("PRAGMA foreign_key_check").fetchall():
            for table, row, *_ in lost:
                db.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))
            db.commit()


def _has_tables(db: sa.Connection) -> bool:
    return bool(sa.inspect(db).get_table_names())


def dumped(file: Path, folder: Path) -> str:
    """A database in words, without a path of the machine on which it was made."""
    with closing(sqlite3.connect(file)) as db:
        return "\n".join(db.iterdump()).replace(str(folder / "home"), "@FOLDER@")


def make(work: Path) -> None:
    """Whatever is in the folder already stays, so that whoever was interrupted goes on."""
    known = programs()
    last: Path | None = None
    for schema in migrate.KNOWN:
        folder, kept = work / schema, work / f"{schema}.db"
        if not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            found = lived(known[schema], folder) if schema in known else last
            if found:
                shutil.copy(found, folder / "cadence.db")
            filled(folder / "cadence.db", schema)
            (work / f"{schema}.sql").write_text(dumped(folder / "cadence.db", folder), encoding="utf-8")
            (folder / "cadence.db").rename(kept)
            shutil.rmtree(folder)
            print(schema, known.get(schema, "of no program")[:10], kept.stat().st_size)
        last = kept


def main() -> None:
    work = Path(sys.argv[1])
    make(work)
    with tarfile.open(STORED, "w:xz") as archive:
        for schema in migrate.KNOWN:
            entry = tarfile.TarInfo(f"{schema}.sql")
            content = (work / entry.name).read_bytes()
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    main()
