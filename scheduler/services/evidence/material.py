"""What evidence is made of, for one reader and span: the rows that they may see, as they are sealed, and the definition
as it stood on the last day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import Connection

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.seal import Seal, SealableRow, SealEntry, latest_entries
from scheduler.rules.access import Audience, may_see
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.minutes.audience import readable_by
from scheduler.services.app import App
from scheduler.services.evidence.audiences import Owners, parts_of
from scheduler.services.evidence.checking import SealStanding, against
from scheduler.services.views.known_partnership import KnownPartnership
from scheduler.store import reviews, seals, versions
from scheduler.store.tables import PartnershipRow
from scheduler.store.versions import VersionHeader

_DEFINITION = "definition_version"


@dataclass(frozen=True)
class MinutesVersion:
    """The `number`-th minutes of a review: the row of the history that `filing` them made, and the one that they are
    `kept_in`: the review, or the history of what replaced them. `text` is None where it was let go of."""

    review: str
    number: int
    filing: SealableRow
    kept_in: SealableRow
    sha256: str
    text: str | None


@dataclass(frozen=True)
class Span:
    """The civil dates of a pack, both included."""

    first: date
    until: date

    def holds(self, on: str) -> bool:
        return self.first.isoformat() <= on <= self.until.isoformat()


class Material:
    """A partnership's record for an audience, read in one transaction."""

    def __init__(
        self, app: App, db: Connection, row: PartnershipRow, audience: Audience, span: Span, now: datetime
    ) -> None:
        self.app, self.db, self.row, self.audience, self.span, self._now = app, db, row, audience, span, now
        self.known = KnownPartnership(app, db, row, audience)
        self.owners = Owners(app, db, row)
        self.chain: list[Seal] = seals.chain(db, row.id)
        self.sealed: Mapping[str, tuple[SealEntry, Seal]] = latest_entries(self.chain)
        every = [*seals.rows(db, row.id, self.sealed)]
        self.standing: SealStanding = against(row.id, self.chain, every, is_untouched=seals.is_untouched(db, row.id))
        self._visible = [each for each in every if self.may_see(each)]

    def may_see(self, row: SealableRow) -> bool:
        mine = parts_of(self.audience)
        return mine is None or not mine.isdisjoint(self.owners.parts(row))

    def rows(self, table: str) -> Iterator[SealableRow]:
        """The rows of a table that are of the span."""
        return (each for each in self._of(table) if self.span.holds(each.on))

    def until(self, table: str) -> Iterator[SealableRow]:
        """The rows of a table up to its last day, those of before too."""
        return (each for each in self._of(table) if each.on <= self.span.until.isoformat())

    def _of(self, table: str) -> Sequence[SealableRow]:
        return self._by_table.get(table, ())

    @cached_property
    def _by_table(self) -> dict[str, list[SealableRow]]:
        found: dict[str, list[SealableRow]] = {}
        for each in self._visible:
            found.setdefault(each.table, []).append(each)
        return found

    def packed(self, named: Collection[str]) -> list[SealableRow]:
        """What goes into a pack: the rows of the span, and those of before that are `named`."""
        return [each for each in self._visible if self.span.holds(each.on) or each.row in named]

    @cached_property
    def recorded(self) -> Mapping[str, Recorded]:
        return reviews.recorded(self.db, self.row.id)

    @cached_property
    def zone(self) -> str:
        return self.known.definition.zone

    @property
    def end(self) -> datetime:
        """The moment at which the last day has ended in the partnership's zone."""
        return moment(self.span.until + timedelta(days=1), time(0), self.zone)

    @property
    def as_of(self) -> datetime:
        """The moment as of which reviews are looked at: that, or now, where the day has not ended yet."""
        return min(self.end, self._now)

    def local(self, written: str) -> date:
        """The civil date of a moment in the partnership's zone."""
        return datetime.fromisoformat(written).astimezone(zone(self.zone)).date()

    # The definition ------------------------------------------------------------------------------------------------

    @cached_property
    def version(self) -> VersionHeader | None:
        """The version that was in force on the last day; None where the next cycle takes up the first."""
        known = versions.listing(self.db, self.row.id)
        return next((each for each in reversed(known) if each.taken_up_at < self.end), known[0] if known else None)

    @cached_property
    def definition(self) -> Partnership:
        if self.version is None or self.version.content_hash == self.row.content_hash:
            return self.known.definition
        text = versions.texts(self.db, [self.version.id])[self.version.id]
        return self.app.read_as(self.row, self.version.content_hash, text)

    @property
    def defined_in(self) -> tuple[str, ...]:
        """The row that holds that definition."""
        return (f"{_DEFINITION}/{self.version.id}",) if self.version else ()

    def kpis(self) -> Iterator[tuple[str, Kpi]]:
        """The KPIs of that definition that the reader may see, then as well as today, by id."""
        parts = [(ScopeId(self.row.id), self.definition.kpis)]
        parts += [(ScopeId.of(self.row.id, key), layer.kpis) for key, layer in self.definition.layers.items()]
        for scope, kpis in parts:
            for key, kpi in kpis.items():
                id = scope.kpi(key)
                if may_see(kpi, self.audience) and (self.audience.sees_all or self.known.kpi(id)):
                    yield id, kpi

    def name(self, person: str | None) -> str | None:
        return self.known.name(person)

    @cached_property
    def minutes(self) -> list[MinutesVersion]:
        """Every version of minutes that was filed up to the last day, in the order of their filing. What was replaced
        stands in the history of what replaced it."""
        filings: dict[str, list[SealableRow]] = {}
        for row in self._of("revision"):
            if "minutes" in (row.says["before"] or {}):
                filings.setdefault(row.says["review"], []).append(row)
        reviews = {each.id: each for each in self._of("review")}
        found = (_versions(reviews[id], of_it) for id, of_it in filings.items() if id in reviews)
        last = self.span.until.isoformat()
        return [each for versions in found for each in versions if each.filing.on <= last]

    # Minutes -------------------------------------------------------------------------------------------------------

    def readable(self, text: str) -> str:
        """Minutes without what stands under another side's heading."""
        if self.audience.sees_all:
            return text
        organisation = self.known.definition.organisations.get(self.audience.organisation or "")
        own = {self.audience.organisation or "", organisation.name} if organisation else set[str]()
        return readable_by(text, own)


def _versions(review: SealableRow, filings: Sequence[SealableRow]) -> Iterator[MinutesVersion]:
    for number, filing in enumerate(filings, 1):
        later = filings[number] if number < len(filings) else None
        if later:
            said, text, kept_in = later.says["before"]["minutes"], later.texts.get("before.minutes"), later
        else:
            said, text, kept_in = review.says["minutes"], review.texts.get("minutes"), review
        if said:  # else it was taken back
            yield MinutesVersion(review.id, number, filing, kept_in, said["sha256"], text)
