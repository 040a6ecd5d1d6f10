"""What a calendar is made of: meetings and due KPIs, each with the partnership that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person, zone_of
from scheduler.domain.definition.vocabulary import DayOff, Status
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import EPOCH, Recorded, Review
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.launch_steps import LaunchStep

from .components import line


@dataclass(frozen=True, slots=True)
class Meeting:
    """A review on record, as calendars show it.

    `gist` is its agenda in a few lines, fit for every reader. `track` has the steps of a launch track among the
    review's clocks, by key, and what was said of them. `link` is the address of its agenda as all partners see it.
    `definition_changed_at` is when the words of its definition were last changed.
    """

    recorded: Recorded
    partnership: Partnership
    gist: str
    track: Mapping[str, LaunchStep] = field(default_factory=dict)
    link: str | None = None
    definition_changed_at: datetime = EPOCH

    @property
    def changed_at(self) -> datetime:
        """When the entry last changed: its record, or the words of its definition."""
        return max(self.recorded.modified_at, self.definition_changed_at)

    @property
    def review(self) -> Review:
        return self.recorded.review

    @property
    def off(self) -> bool:
        """Whether it does not take place."""
        return self.recorded.status in (Status.CANCELLED, Status.SKIPPED)

    @property
    def start(self) -> datetime:
        """The start on the clock of the review's own zone."""
        return self.review.start.astimezone(ZoneInfo(self.review.timezone))

    @property
    def end(self) -> datetime:
        return self.review.end.astimezone(ZoneInfo(self.review.timezone))

    @property
    def owner(self) -> str:
        """The key of who owns the agenda on the day: the deputy where the owner is away and the deputy is not."""
        owner, deputy = self.review.agenda_owner, self.review.deputy
        return deputy if deputy and self._away(owner) and not self._away(deputy) else owner

    def working_day(self, day: date) -> date:
        """The last day up to `day` on which all who meet work, so that a mark of what is due by then is seen in time;
        before the partnership began there is none, so then the first one after."""
        organisations = self.partnership.organisations
        meeting = {self.partnership.organisation_of(key) for key in (*self.review.attendees, self.review.agenda_owner)}
        try:
            calendar = working_calendar(tuple(each for key, each in organisations.items() if key in meeting))
            before = calendar.shift(day, DayOff.PREVIOUS)
            return before if before >= self.partnership.agreement.effective else calendar.shift(day, DayOff.NEXT)
        except InvalidValue:  # sides whose weekends leave no common day meet all the same
            return day

    def _away(self, key: str) -> bool:
        """Whether somebody has left, or is away on the day of the review as it is where they live."""
        person = self.partnership.people.get(key)
        return person is None or person.is_away(self.start.astimezone(_zone(self.partnership, person)).date())


@dataclass(frozen=True, slots=True)
class Due:
    """A KPI's period, due on a civil date in its owner's zone, with the history of its calendar entry."""

    measurement: Measurement
    partnership: Partnership
    sequence: int
    created_at: datetime
    modified_at: datetime
    definition_changed_at: datetime = EPOCH

    @property
    def kpi(self) -> Kpi:
        return self.measurement.kpi

    @property
    def date(self) -> date:
        return self.measurement.due

    @property
    def settled(self) -> bool:
        """Whether nobody is asked for it any more."""
        return self.measurement.status in ("reported", "excused")

    @property
    def changed_at(self) -> datetime:
        """When the entry last changed: a corrected reading changes its words, as does another definition, and neither
        its date nor its status."""
        reading = self.measurement.reading
        latest = max(self.modified_at, self.definition_changed_at)
        return max(latest, reading.reported_at).astimezone(UTC) if reading else latest

    @property
    def zone(self) -> str:
        """The zone in which the due day begins and ends: the owner's, also while a deputy is asked."""
        owner = self.partnership.people.get(self.kpi.owner)
        return (
            zone_of(owner, self.partnership.organisations, self.partnership.zone).key
            if owner
            else self.partnership.zone
        )


def name_of(partnership: Partnership, person: str) -> str:
    """The name of the person with that key, on one line, also of one who has left."""
    return line(partnership.name_of(person)) or person


def whole_name(partnership: Partnership, layer: str | None = None) -> str:
    """The partnership's name and its layer's, on one line: ``Acme × Globex / Cell licence, Asia-Pacific``."""
    name, beneath = line(partnership.name) or partnership.partnership, partnership.layers.get(layer or "")
    return f"{name} / {line(beneath.name) or layer}" if beneath else name


def _zone(partnership: Partnership, person: Person) -> ZoneInfo:
    return zone_of(person, partnership.organisations, partnership.zone)
