"""What a cycle works with: settings, playbooks, the store, a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from scheduler.domain.record import wind_down
from scheduler.domain.record.absence import from_rows as absences_from
from scheduler.domain.record.own_setting import from_row as own_tell_from
from scheduler.domain.record.own_setting import manners_from_row
from scheduler.domain.record.pause import from_rows as pauses_from
from scheduler.domain.record.renewal import from_rows as renewals_from
from scheduler.domain.record.review_request import from_rows as requests_from
from scheduler.domain.record.series_hour import from_rows
from scheduler.services.processes import new_name
from scheduler.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.playbook import Playbook
    from scheduler.domain.definition.vocabulary import Model
    from scheduler.services.calendar_entries import CalendarEntries
    from scheduler.services.environment import Environment
    from scheduler.services.lru_cache import LruCache
    from scheduler.services.published_files import PublishedFiles
    from scheduler.services.views.now_matters import StandingMatter
    from scheduler.settings import Settings
    from scheduler.store.partnerships import InForce
    from scheduler.store.tables import PartnershipRow

_KEPT = 64


class EventLog(Protocol):
    """Structured events: a name, and what is known of it."""

    def info(self, event: str, **known: object) -> object: ...
    def warning(self, event: str, **known: object) -> object: ...
    def error(self, event: str, **known: object) -> object: ...
    def exception(self, event: str, **known: object) -> object: ...


class Silent:
    """A log that nobody reads: for measurements and tests."""

    def info(self, event: str, **known: object) -> None: ...
    def warning(self, event: str, **known: object) -> None: ...
    def error(self, event: str, **known: object) -> None: ...
    def exception(self, event: str, **known: object) -> None: ...


class Basis:
    """What plans rest on besides their definitions, read when it is first asked for: a listing off the record asks for
    none of it. `settings` raises UserError for a file that is wrong."""

    def __init__(self, settings: "Callable[[], Settings]") -> None:
        self._read = settings

    @cached_property
    def settings(self) -> "Settings":
        return self._read()

    @cached_property
    def playbooks(self) -> "Mapping[Model, Playbook]":
        """The playbook of each model. Raises UserError with whatever is wrong in them."""
        from scheduler.definitions.playbooks import playbooks

        return playbooks(*self.settings.playbook_folders)

    @cached_property
    def environment(self) -> "Environment":
        """All of it. Raises as `playbooks` does."""
        from scheduler.services.environment import of_this_process

        return of_this_process(self.settings, self.playbooks)


@dataclass(frozen=True)
class App:
    """Settings, what plans rest on, the open store, a log."""

    basis: Basis
    store: Store
    log: EventLog
    is_scratch: bool = False
    """Whether this is a scratch copy, from which nothing may leave."""
    by: str = field(default_factory=new_name)
    """The name in which work is claimed: of this process, since another one may share the database."""
    _parsed: "dict[str, Partnership]" = field(default_factory=dict, repr=False)

    @property
    def is_of_a_past_day(self) -> bool:
        """Whether the record is as it was once, while the files under `data` are those of today."""
        return False

    @property
    def settings(self) -> "Settings":
        return self.basis.settings

    @property
    def playbooks(self) -> "Mapping[Model, Playbook]":
        return self.basis.playbooks

    @cached_property
    def calendar_entries(self) -> "CalendarEntries":
        """What calendars showed lately, rendered."""
        from scheduler.services.calendar_entries import CalendarEntries

        return CalendarEntries()

    @cached_property
    def open_matters(self) -> "LruCache[tuple[object, ...], tuple[StandingMatter, ...]]":
        """What stood open for readers of pages lately, by reader, partnership, its revision, the minute and the
        manner in which it is told."""
        from scheduler.services.lru_cache import LruCache

        return LruCache(1000)

    @cached_property
    def published(self) -> "PublishedFiles":
        """What this process wrote under `data`."""
        from scheduler.services.published_files import PublishedFiles

        return PublishedFiles(self.settings.data)

    @property
    def environment(self) -> str:
        """The fingerprint of what a plan rests on besides its definition."""
        return self.basis.environment.fingerprint

    def in_force(self, row: "PartnershipRow | InForce") -> "Partnership":
        """The definition in force. It was found good when it was taken over, so here it is only read.

        The last few are kept: one person's calendar asks for all of that person's partnerships.
        """
        return self.read_as(row, row.content_hash, row.definition)

    def has_read(self, row: "PartnershipRow | InForce", content_hash: str) -> bool:
        """Whether a definition of a partnership, of that content, is at hand."""
        return _cache_key(row, content_hash) in self._parsed

    def read_as(self, row: "PartnershipRow | InForce", content_hash: str, text: str) -> "Partnership":
        """A definition of a partnership that once was found good, from its text."""
        key = _cache_key(row, content_hash)
        if key not in self._parsed:
            from scheduler.definitions.yaml_text.reading import read
            from scheduler.domain.definition.partnership import Partnership

            while len(self._parsed) >= _KEPT:
                self._parsed.pop(next(iter(self._parsed)))
            self._parsed[key] = counted(Partnership.model_validate(read(text, row.file).tree), row)
        self._parsed[key] = read_so = as_on_record(self._parsed[key], row)
        return read_so

    def for_another_thread(self) -> "App":
        """The same app with caches of its own: only one thread at a time may use them."""
        return replace(self, _parsed={})

    def close(self) -> None:
        self.store.close()


def _cache_key(row: "PartnershipRow | InForce", content_hash: str) -> str:
    own = f"{row.own_tell or ''} {row.own_manner or ''}"
    said = f"{row.absences or ''} {own} {row.pauses or ''} {row.renewals or ''} {row.requests or ''}"
    return f"{row.id} {content_hash} {row.days_off_from} {row.keeps_invited} {said}"


def counted(definition: "Partnership", row: "PartnershipRow | InForce") -> "Partnership":
    """A definition, with what was said of its terms and who asks for a formal review, when it is paused, when its
    people are away and how and in which language they are told by their own word, and the day from which the periods of
    its KPIs count days off by the present rule; none do while an earlier program's record waits for its first cycle."""
    waits = row.keeps_invited and row.days_off_from is None
    known = definition.with_absences(absences_from(row.absences)).with_own_tell(own_tell_from(row.own_tell))
    known = known.with_own_manner(manners_from_row(row.own_manner))
    known = known.with_pauses(pauses_from(row.pauses))
    known = known.with_renewals(renewals_from(row.renewals)).with_requests(requests_from(row.requests))
    return known.counting_days_off_from(date.max if waits else row.days_off_from)


def as_on_record(definition: "Partnership", row: "PartnershipRow | InForce") -> "Partnership":
    """A definition, with the times of day that people know of its series, and the exits that were decided."""
    known = definition.keeping_hours(from_rows(row.series_hours or ()))
    return known.winding_down(wind_down.from_rows(row.wind_downs or ()))


def open_app(
    settings: "Settings", log: EventLog, *, create: bool = False, is_scratch: bool = False, only_looks: bool = False
) -> App:
    """Read the playbooks and open the database, or `create` it where there is none. Who `only_looks` has the playbooks
    read once they are asked for. Raises UserError."""
    basis = Basis(lambda: settings)
    if not only_looks:
        _ = basis.environment
    return App(basis, open_store(settings.database, create=create), log, is_scratch)


def looking(file: "Path", log: EventLog) -> App:
    """The app of who only looks, by a settings file of which the rest is read once something asks for more of it than
    where the database is. Raises UserError."""
    from scheduler import settings

    return App(Basis(lambda: settings.load(file)), open_store(settings.database(file)), log)
