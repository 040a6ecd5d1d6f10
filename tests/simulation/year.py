"""The year of a partnership, chapter by chapter: each is lived once, in their order, whichever is asked for first."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.review import Recorded
from scheduler.rules.access import audience_of
from scheduler.services import lookup
from scheduler.services.views.decisions import DecisionStanding, decisions
from scheduler.store import actions, open_store, reviews

from .installation import Installation
from .people import Person
from .year_definition import ID, PEOPLE, definition

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 9, 21, 11, tzinfo=BERLIN)


@dataclass(repr=False)
class Kept:
    """How things stood at the end of a chapter: a copy of all files, the moment, and how many letters had arrived."""

    folder: Path
    now: datetime
    letters: int


Chapter = Callable[["Year"], None]


@dataclass(repr=False)
class Year:
    at: Installation
    kept_in: Path
    chapters: Sequence[Chapter]
    lived: dict[str, Kept] = field(default_factory=dict)
    broken: str | None = None

    def __post_init__(self) -> None:
        self.ines, self.marta, self.dev, self.june = (
            Person(key, email, self.at) for key, (_, email, _, _) in PEOPLE.items()
        )

    def __repr__(self) -> str:
        return f"the year until {self.at.now}"

    @property
    def people(self) -> tuple[Person, ...]:
        return self.ines, self.marta, self.dev, self.june

    def live(self, until: Chapter | None = None) -> None:
        """Live on until the end of a chapter, or of the year."""
        for chapter in self.chapters:
            name = chapter.__name__
            if name not in self.lived:
                assert self.broken is None, f"the year ended in {self.broken}"
                self.broken = name
                chapter(self)
                self.broken = None
                copy = shutil.copytree(self.at.app.settings.definitions.parent, self.kept_in / name)
                self.lived[name] = Kept(Path(copy), self.at.now, len(self.at.letters))
            if chapter is until:
                break

    def until(self, moment: str) -> None:
        """Let time pass until a wall clock in Berlin shows that: ``2026-11-17 16:00``."""
        self.at.until(datetime.fromisoformat(moment).replace(tzinfo=BERLIN))

    def review(self, id: str) -> Recorded:
        with self.at.app.store.read() as db:
            found = reviews.find(db, f"{ID}/{id}")
        assert found is not None, id
        return found

    @contextmanager
    def reread(self) -> Iterator[Connection]:
        """The database as the last chapter left it."""
        [*_, last] = self.lived.values()
        with closing(open_store(f"sqlite:///{last.folder}/data/cadence.db")) as store, store.read() as db:
            yield db

    def formal_reviews(self) -> list[Recorded]:
        """Those that were called, in the order of their dates."""
        with self.at.app.store.read() as db:
            known = reviews.recorded(db, ID).values()
        called = [each for each in known if each.review.kind is Kind.FORMAL_REVIEW]
        return sorted(called, key=lambda each: each.review.start)

    def actions(self) -> list[Action]:
        with self.at.app.store.read() as db:
            return list(actions.recorded(db, ID))

    def person(self, key: str) -> Person:
        return next(each for each in self.people if each.key == key)

    def search(self, person: Person, words: str) -> tuple[DecisionStanding, ...]:
        """The decisions that somebody finds by these words."""
        with self.at.app.store.read() as db:
            partnership = self.at.app.in_force(lookup.partnership(db, ID))
        return decisions(self.at.app, self.at.now, audience_of(person.key, partnership), search=words)


def begun(at: Installation, kept_in: Path, chapters: Sequence[Chapter]) -> Year:
    """The operator writes the definition down; from then on nobody touches the server."""
    at.define(definition())
    return Year(at, kept_in, chapters)
