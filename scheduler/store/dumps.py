"""Whole copies of a database on PostgreSQL, by the server's own programs: pg_dump reads one consistent state while
others write, pg_restore and psql lay it in place in one transaction.

They are asked by name from the PATH, and have to be of the server's release or newer; no password is an argument of
theirs, where others on the machine could read it.
"""

import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import sleep

from sqlalchemy import URL, create_engine, inspect, text
from sqlalchemy import exc as sql

from . import half_restored
from .copies import FoundInCopy, NotWhole, checked
from .errors import StoreError
from .unfinished import written_whole

MAGIC = b"PGDMP"
"""What a file in pg_dump's own format begins with."""
_LOOKS, _BETWEEN_LOOKS = 10, 0.1
_AS_IT_IS = ("--no-owner", "--no-privileges")


def copy(url: URL, target: Path) -> FoundInCopy:
    """Dump a database into a file of its own, over whatever lies there. Raises StoreError, OSError."""
    with written_whole(target) as part:
        _run(
            url,
            "pg_dump",
            "--format=custom",
            f"--file={part.absolute()}",
            way=f"pg_dump --format=custom --file={target}",
        )
        return examined(part)


def examined(file: Path) -> FoundInCopy:
    """Read what a dump holds. Raises NotWhole where it is none of cadence's, cannot be read to its end, or is newer
    than this program."""
    said = _run(None, "pg_restore", "--file=-", *_AS_IT_IS, str(file.absolute()), way=f"pg_restore --list {file}")
    found = re.search(r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n(\w+)$", said, re.MULTILINE)
    if found is None:
        raise NotWhole(f"{file} is no database of cadence", "name a file that a backup made")
    checked(found[1], str(file))
    return FoundInCopy(found[1], file.stat().st_size)


def made_at(file: Path) -> datetime:
    """When a dump was made, by its own word to the day: it names zones that nobody can look up."""
    said = _run(None, "pg_restore", "--list", str(file.absolute()), way=f"pg_restore --list {file}")
    found = re.search(r"Archive created at (\d{4}-\d\d-\d\d)", said)
    return datetime.combine(date.fromisoformat(found[1]) if found else date.min, time(), UTC)


def others(url: URL) -> int:
    """How many others have the database open; a session that has just ended takes the server a moment to let go."""
    for _ in range(_LOOKS):
        if not (found := _sessions_of_others(url)):
            return 0
        sleep(_BETWEEN_LOOKS)
    return found


def _sessions_of_others(url: URL) -> int:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    engine = create_engine(url)
    try:
        with engine.connect() as db:
            return int(db.scalar(text(f"{asked} AND backend_type = 'client backend'")) or 0)
    except sql.DBAPIError as error:
        raise StoreError(" ".join(str(error.orig).split()), "check that the database runs") from None
    finally:
        engine.dispose()


def has_tables(url: URL) -> bool:
    return bool(_tables(url))


def _tables(url: URL) -> list[str]:
    engine = create_engine(url)
    try:
        with engine.connect() as db:
            return [db.dialect.identifier_preparer.quote(name) for name in inspect(db).get_table_names()]
    finally:
        engine.dispose()


def put_in_place(url: URL, file: Path, aside: Path | None = None) -> None:
    """Lay a dump in the place of all tables that are there: all of it, or nothing. With what was there `aside`, it is
    marked in the same step as half restored. Raises StoreError."""
    tables = _tables(url)
    script = _run(None, "pg_restore", "--file=-", *_AS_IT_IS, str(file.absolute()), way=f"pg_restore {file}")
    gone = f"DROP TABLE {', '.join(tables)} CASCADE;\n" if tables else ""
    quiet = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    _run(
        url,
        "psql",
        *quiet,
        way=f"pg_restore --dbname=ADDRESS {file}",
        script=f"{gone}{script}{half_restored.mark(aside) if aside else ''}",
    )


def cut_off(url: URL) -> Path | None:
    """What a restore laid aside that was cut off half done; None where none was."""
    engine = create_engine(url)
    try:
        with engine.connect() as db:
            return half_restored.aside_of(db)
    finally:
        engine.dispose()


def _run(url: URL | None, program: str, *arguments: str, way: str, script: str = "") -> str:
    """What one of the server's programs says. Raises StoreError where it is not there, or fails."""
    if shutil.which(program) is None:
        raise StoreError(
            f"{program} is not on this machine",
            f"install PostgreSQL's client programs, of its version or a newer one, or call them where they are: {way}",
        )
    address, environ = _address(url) if url else ([], {})
    done = subprocess.run(  # noqa: S603  the server's own programs, with no word of anybody else's
        [program, *arguments, *address],
        input=script.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, **environ, "PGCONNECT_TIMEOUT": "10"},
    )
    if done.returncode:
        said = _last_words(program, done.stderr.decode(errors="replace"), environ.get("PGPASSWORD"))
        what = f"{program}: {said or f'it ended with {done.returncode}'}"
        raise StoreError(what, _NEWER.format(way=way) if _IS_TOO_OLD.search(what) else "see what it says")
    return done.stdout.decode(errors="replace")


_IS_TOO_OLD = re.compile("version mismatch|unsupported version")
_NEWER = (
    "the client programs here are older than the server's: install those of its version or a newer one, put them first "
    "in PATH, and try again, or call them where they are: {way}"
)


def _last_words(program: str, stderr: str, password: str | None) -> str:
    """Why a program gave up, from its first error on, with what it adds of its own. What a server adds is left out:
    rows of the record may be in it."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    begun = next((at for at, line in enumerate(lines) if _IS_AN_ERROR.search(line)), 0)
    added = (line for line in lines[begun + 1 :] if line.startswith(f"{program}: detail:"))
    said = "; ".join(line.removeprefix(f"{program}: ") for line in [*lines[begun : begun + 1], *added])
    return said.replace(password, "***") if password else said


_IS_AN_ERROR = re.compile(r"\b(error|ERROR|FATAL):")


def _address(url: URL) -> tuple[list[str], dict[str, str]]:
    """A database as PostgreSQL's programs are told of it; the password by the environment alone."""
    plain = url.set(drivername="postgresql")
    if url.password is None:
        return [f"--dbname={plain.render_as_string()}"], {}
    without = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return [f"--dbname={without.render_as_string()}"], {"PGPASSWORD": str(url.password)}
