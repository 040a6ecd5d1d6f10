"""The organisations of a partnership and the people who act for them."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text
from scheduler.domain.countries import SETTLED, customs, public_holidays, weekend_on, weekends
from scheduler.domain.json_schema import COUNTRY, ZONE, has, is_one_of, when
from scheduler.domain.languages import Dates, Language, Numbers
from scheduler.domain.manner import AS_EVER, Manner, preferred
from scheduler.domain.phrases import Days, Hours
from scheduler.domain.record.own_setting import Tell

from .vocabulary import MONTHS, WEEKDAYS, Role

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Month = Literal[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december"
]  # fmt: skip
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in zone_names():
        raise InvalidValue(
            f"there is no time zone {name[:60]!r}", "write an IANA name such as Europe/Berlin or America/Detroit"
        )
    return name


Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "format": ZONE})]
"""The name of an IANA time zone."""


def is_email(text: str) -> bool:
    """Whether a text is one plain addr-spec."""
    return bool(_EMAIL.fullmatch(text)) and ".." not in text


def _email(address: str) -> str:
    if not is_email(address):
        raise InvalidValue(
            f"{address[:80]!r} is not one e-mail address", "write one plain address, like ines.falk@acme.example"
        )
    return address


Email = Annotated[
    str, AfterValidator(_email), WithJsonSchema({"type": "string", "pattern": rf"^(?!.*\.\.){_EMAIL.pattern}$"})
]
"""One plain addr-spec. A list, a display name or a comment is refused, since a comma would make two recipients of
one; so is a slash, which RFC 5322 allows, since addresses become file names."""

Country = Annotated[str, WithJsonSchema({"type": "string", "format": COUNTRY})]
"""The code of a country by ISO 3166-1; whether there is such a one, the checks say."""


@cache
def _country_zones() -> dict[str, tuple[str, ...]]:
    """ISO 3166 country → its zones, from tzdata's own table."""
    table: dict[str, list[str]] = {}
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            table.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in table.items()}


def zones_of(country: str) -> tuple[str, ...]:
    """The IANA zones of an ISO 3166 country; empty for one that tzdata does not know."""
    return _country_zones().get(country.upper(), ())


@cache
def sole_zone(country: str) -> str | None:
    """The zone of a country in which all clocks agree; None for another, and for one that tzdata does not know.

    Germany has one: Büsingen's clocks once differed from Berlin's, but no longer do.
    """
    zones = zones_of(country)
    return zones[0] if len({_clocks(zone) for zone in zones}) == 1 else None


def _clocks(zone: str) -> tuple[timedelta | None, ...]:
    """A zone's offsets in every month of a year that all rules now in force govern."""
    return tuple(datetime(2027, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13))


class Organisation(Noun):
    """One company of the partnership: its place, its days off, its hours, its fiscal year.

    Public holidays, days off by custom and the weekend, unless it is written, come from `country` and `region`
    (ISO 3166-1 and 3166-2). `closed` are further days off, `works` are days on which it works all the same. `timezone`
    may be left out where the country has a single one; without a country it is UTC.
    """

    name: Text
    country: Country | None = None
    region: str | None = None
    timezone: Zone = "UTC"
    hours: Hours = Hours(time(9), time(17))
    weekend: tuple[Weekday, ...] | None = Field(
        default=None,
        description="the country's own, unless it is said here",
        json_schema_extra={"not": {"allOf": [{"contains": {"const": day}} for day in WEEKDAYS]}},
    )
    closed: tuple[Days, ...] = ()
    works: tuple[Days, ...] = Field(default=(), description="days on which it works though they would be off")
    fiscal_year_starts: Month = "january"
    numbers: Numbers | None = Field(default=None, description="how its people write numbers: 1,234.5 or 1.234,5")
    language: Language | None = Field(default=None, description="in which its people are written to, like de or en-GB")
    dates: Dates | None = Field(default=None, description="how its people write dates: 31 Dec 2026 or 31.12.2026")

    @model_validator(mode="before")
    @classmethod
    def _zone_of_the_country(cls, written: object) -> object:
        if not isinstance(written, dict) or "timezone" in written or not isinstance(written.get("country"), str):
            return written
        zone = sole_zone(written["country"])
        return {**written, "timezone": zone} if zone else written

    @field_validator("weekend")
    @classmethod
    def _leaves_working_days(cls, days: tuple[Weekday, ...] | None) -> tuple[Weekday, ...] | None:
        if days is not None and len(set(days)) > 6:
            raise InvalidValue(
                "a weekend of seven days leaves no working day", "write the days off, like [saturday, sunday]"
            )
        return days

    def weekend_on(self, day: date) -> frozenset[int]:
        """The weekdays off, Monday 0 to Sunday 6, in the week that begins on a day."""
        if self.weekend is None:
            return weekend_on(self.country, self.region, day)
        return frozenset(WEEKDAYS.index(name) for name in self.weekend)

    @property
    def manner(self) -> Manner:
        """How its people are written to, as far as it says."""
        return Manner(self.language, self.numbers, self.dates)

    @property
    def weekend_days(self) -> frozenset[int]:
        """The weekdays off by the rules that are in force, Monday 0 to Sunday 6."""
        return self.weekend_on(SETTLED)

    def weekends(self, year: int) -> frozenset[int]:
        """The ordinals of a year's weekend days, as far as they are off."""
        if self.weekend is None:
            return weekends(self.country, self.region, year)
        weekdays = self.weekend_on(date(year, 1, 1))
        return frozenset(n for n in _ordinals(year) if (n - 1) % 7 in weekdays)  # ordinal 1 was a monday

    def holidays(self, year: int) -> dict[date, str]:
        """A year's days off by law and by custom, with their names."""
        return {**customs(self.country, self.region, year), **public_holidays(self.country, self.region, year)}

    def is_off(self, day: date) -> bool:
        """Whether it has the day off, for whatever reason."""
        return day.toordinal() in days_off(self, day.year)

    def counted_as_before(self) -> "Organisation":
        """The same organisation, with the days off that the program knew before it knew weekends of countries and days
        off by custom: what was planned and owed then stays."""
        return _counted_as_before(self)

    @property
    def fiscal_start(self) -> int:
        """The month (1 to 12) in which the fiscal year starts."""
        return MONTHS.index(self.fiscal_year_starts) + 1


class _CountedAsBefore(Organisation):
    def weekend_on(self, day: date) -> frozenset[int]:
        return super().weekend_on(day) if self.weekend is not None else frozenset((5, 6))

    def weekends(self, year: int) -> frozenset[int]:
        return frozenset(n for n in _ordinals(year) if (n - 1) % 7 in self.weekend_on(date(year, 1, 1)))

    def holidays(self, year: int) -> dict[date, str]:
        return dict(public_holidays(self.country, self.region, year))


@lru_cache(maxsize=512)
def _counted_as_before(organisation: Organisation) -> Organisation:
    return _CountedAsBefore.model_construct(organisation.model_fields_set, **dict(organisation))


@lru_cache(maxsize=512)
def days_off(organisation: Organisation, year: int) -> frozenset[int]:
    """The ordinals of a year's days off of an organisation."""
    holidays = {day.toordinal() for day in organisation.holidays(year)}
    closed = _of_the_year(organisation.closed, year)
    return (organisation.weekends(year) | holidays | closed) - _of_the_year(organisation.works, year)


def _of_the_year(runs: tuple[Days, ...], year: int) -> frozenset[int]:
    days = _ordinals(year)
    spans = (range(max(run.first.toordinal(), days[0]), min(run.last.toordinal(), days[-1]) + 1) for run in runs)
    return frozenset(ordinal for span in spans for ordinal in span)


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


class Person(Noun):
    """Somebody with a duty in the partnership; of no organisation is, for example, a neutral chair.

    From the day `leaves` on, whatever they are named for is their successor's. They stay on record: the past names
    them.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [when(has("successor"), has("leaves")), when(is_one_of("tell", "chat", "both"), has("chat"))]
        }
    )

    name: Text
    email: Email
    also: tuple[Email, ...] = Field(
        default=(), description="further addresses that answers may come from; none is sent to"
    )
    of: Slug | None = None
    role: Role | None = None
    timezone: Zone | None = Field(default=None, description="the organisation's, unless it is said here")
    away: tuple[Days, ...] = ()
    tell: Tell = Field(default="mail", description="digest: one mail a week")
    chat: Slug | None = Field(default=None, description="the chat of the settings that reaches them")

    leaves: date | None = Field(default=None, description="the first day on which their duties are the successor's")
    successor: Slug | None = None
    numbers: Numbers | None = Field(default=None, description="the organisation's, unless it is said here")
    language: Language | None = Field(default=None, description="the organisation's, unless it is said here")
    dates: Dates | None = Field(default=None, description="the organisation's, unless it is said here")
    renamed_from: Slug | None = Field(default=None, description="the key they bore before")

    @model_validator(mode="after")
    def _is_succeeded_on_a_day(self) -> "Person":
        if self.successor is not None and self.leaves is None:
            raise InvalidValue("a successor is named, and not from when", "add a key such as leaves: 2027-01-31")
        return self

    @model_validator(mode="after")
    def _can_be_told(self) -> "Person":
        if not self.may_be_told(self.tell):
            raise InvalidValue(
                f"is to be told by {self.tell}, and no chat is named", "add a key such as chat: acme-teams"
            )
        return self

    def may_be_told(self, tell: Tell) -> bool:
        """Whether they can be told so: by chat only where one is named for them."""
        return tell not in ("chat", "both") or self.chat is not None

    def writes_from(self, address: str) -> bool:
        """Whether a mail address is one that they answer from: their own, or one of `also`, which serve nothing
        else."""
        return address.casefold() in (self.email.casefold(), *(each.casefold() for each in self.also))

    def in_manner(self, chosen: Manner | None) -> "Person":
        """The same person, written to as they chose themselves where they chose something."""
        said = {name: each for name, each in chosen._asdict().items() if each is not None} if chosen else {}
        return self.model_copy(update=said) if said else self

    def has_left(self, day: date) -> bool:
        """Whether somebody has left by a civil date: the day of leaving is the first without them."""
        return self.leaves is not None and self.leaves <= day

    def is_reached(self, unreached: Collection[str]) -> bool:
        """Whether what they are told arrives: in a chat, or at an address that is none of these, in lower case, which
        take no letters."""
        return self.tell == "chat" or self.email.casefold() not in unreached

    def is_away(self, day: date) -> bool:
        return any(day in days for days in self.away)


def zone_of(person: Person, organisations: Mapping[str, Organisation], fallback: str) -> ZoneInfo:
    """The zone a person lives in: their own, else their organisation's, else the partnership's."""
    of = organisations.get(person.of or "")
    return ZoneInfo(person.timezone or (of.timezone if of else fallback))


def numbers_of(person: Person, organisations: dict[str, Organisation]) -> str | None:
    """How a person writes numbers: as they say, else as their organisation does; None where neither says it."""
    of = organisations.get(person.of or "")
    return person.numbers or (of.numbers if of else None)


def manner_of(person: Person, organisations: Mapping[str, Organisation], otherwise: Manner) -> Manner:
    """How a person is written to: as they say, else as their organisation does, else as everybody is."""
    of = organisations.get(person.of or "")
    theirs = of.manner if of else AS_EVER
    return preferred(Manner(person.language, person.numbers, person.dates), theirs, otherwise)
