"""The year of the simulation, as it stood at the end of a few chapters: its pages are served, its people have links and
are signed in, programs have tokens; and it stands again as it was for each input."""

import shutil
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scheduler.services.cases import credentials
from scheduler.services.cases.sessions import SignedIn, open_session
from scheduler.settings import Web
from tests.services.town import LEFT_OUT, under
from tests.simulation.chapters import CHAPTERS
from tests.simulation.forms import Form, forms_of
from tests.simulation.installation import URL, Installation, installed, served
from tests.simulation.people import Person, links_in
from tests.simulation.test_links_at_random import Link, links
from tests.simulation.worlds import again
from tests.simulation.year import BEGIN, Year, begun
from tests.simulation.year_definition import ID, PEOPLE, playbook

from .kept_town import Record, same_files

OPERATOR = "root@acme.example"
READERS = (*(email for _, email, _, _ in PEOPLE.values()), OPERATOR, "stranger@nowhere.example")


@dataclass
class Standing:
    """The installation at the end of a chapter: `links` of each kind, and what its people and programs sign in by."""

    at: Installation
    links: dict[str, list[Link]]
    sessions: dict[str, SignedIn]
    tokens: list[str]
    codes: list[Person] = field(default_factory=list)

    def code(self, person: str) -> str:
        """The last code that was sent to somebody."""
        return Person(person, PEOPLE[person][1], self.at).code()


class KeptYear:
    """``year.at(chapter)`` is how things stand then; `put_back` undoes what was done since."""

    def __init__(self, folder: Path, chapters: tuple[str, ...]) -> None:
        self.chapters = chapters
        self._folder, self._year, self._here = folder, ExitStack(), ExitStack()
        living = self._year.enter_context(installed(folder / "home", BEGIN, playbook()))
        self._lived: Year = begun(living, folder / "kept", CHAPTERS)
        self._lived.live(next(each for each in CHAPTERS if each.__name__ == chapters[-1]))
        self._standing: dict[str, Standing] = {}
        self._chapter = ""

    def at(self, chapter: str) -> Standing:
        if chapter != self._chapter:
            self._leave()
            self._chapter = chapter
            self._standing[chapter] = self._enter(chapter)
        return self._standing[chapter]

    def _enter(self, chapter: str) -> Standing:
        world = self._here.enter_context(again(self._lived, chapter))
        its = world.app.settings.model_copy(
            update={"operators": (OPERATOR,), "web": Web(listen="127.0.0.1:0", public_url=URL)}
        )
        world = self._here.enter_context(served(under(world.app, its), world.mailbox, world.log, world.now))
        kept = self._lived.lived[chapter]
        world.letters, world.is_still = self._lived.at.letters[: kept.letters], True
        sessions = {email: open_session(world.app, email, "mail", "Firefox", world.now) for email in READERS}
        of_acme = {"partnership": ID, "organisation": "acme"}
        of_all = {"partnership": None, "organisation": None}
        tokens = [
            credentials.create_token(world.app, name, now=world.now, **limits).secret
            for name, limits in (
                ("all", of_all),
                ("acme", of_acme),
                ("reads all", {**of_all, "reads": True}),
                ("reads acme", {**of_acme, "reads": True}),
            )
        ]
        found: dict[str, list[Link]] = {}
        for link in sorted(links(world), key=lambda each: (each.kind, each.person)):
            found.setdefault(link.kind, []).append(link)
        self._copy = self._folder / "copy"
        shutil.rmtree(self._copy, ignore_errors=True)
        self._home = world.app.settings.definitions.parent
        shutil.copytree(self._home / "data", self._copy / "data", ignore=shutil.ignore_patterns("cadence.db*"))
        shutil.copytree(self._home / "partnerships", self._copy / "partnerships")
        self._database = self._here.enter_context(closing(sqlite3.connect(self._home / "data" / "cadence.db")))
        self._kept = self._here.enter_context(closing(sqlite3.connect(":memory:")))
        self._database.backup(self._kept)
        self._version = self._data_version()
        return Standing(world, found, sessions, tokens)

    def _data_version(self) -> int:
        [version] = self._database.execute("PRAGMA data_version").fetchone()
        return int(version)

    def put_back(self) -> None:
        """As it was at the end of the chapter."""
        standing = self._standing[self._chapter]
        standing.at.log.said.clear()
        if self._data_version() != self._version:
            self._kept.backup(self._database)
            self._version = self._data_version()
            for name in ("partnerships", "data"):
                same_files(self._copy / name, self._home / name)

    def has_changed(self) -> bool:
        """Whether anything was written since it was put back."""
        return self._data_version() != self._version

    def record(self, leaving_out: tuple[str, ...] = ()) -> Record:
        """All that is on record."""
        return _all(self._database, leaving_out)

    def record_before(self, leaving_out: tuple[str, ...] = ()) -> Record:
        """All that was on record at the end of the chapter."""
        return _all(self._kept, leaving_out)

    def _leave(self) -> None:
        self._here.close()
        self._here = ExitStack()

    def close(self) -> None:
        self._leave()
        self._year.close()


def _all(db: sqlite3.Connection, leaving_out: tuple[str, ...]) -> Record:
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        if name not in leaving_out:
            rows = db.execute(f'SELECT * FROM "{name}"')
            columns = [each[0] for each in rows.description]
            whole = (dict(zip(columns, row, strict=True)) for row in rows)
            found[name] = sorted(({key: row[key] for key in row if key not in LEFT_OUT} for row in whole), key=repr)
    return found


def forms_on(page: str) -> list[Form]:
    """The forms of a page that can be sent."""
    return [each for each in forms_of(page) if each.buttons]


__all__ = ["READERS", "KeptYear", "Standing", "forms_on", "links_in"]
