"""The wall clock of a VTIMEZONE is the wall clock of `zoneinfo`, whoever reads it."""

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from struct import pack
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar, Event, Timezone

from scheduler.render.ics.timezone import UnknownZone, exceptions, vtimezone
from tests.golden import Golden

START, UNTIL = date(2026, 11, 1), date(2036, 11, 30)
TWO_YEARS = date(2027, 1, 4), date(2028, 12, 20)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HOURS = [datetime(2026, 11, 1, tzinfo=UTC) + n * HOUR for n in range(24 * ((UNTIL - START).days + 1))]

GOLDEN = Path(__file__).parent / "golden"

# Both hemispheres and both sides of the date line, jumps of half an hour and of two hours, at midnight and at 02:45,
# no jump at all, a summer that its law calls standard, and changes that no yearly pair can say.
NAMED_ZONES = (
    "Europe/Berlin",
    "America/Detroit",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Jerusalem",
    "Africa/Casablanca",
    "America/Nuuk",
    "America/Santiago",
)
ALL_ZONES = sorted(zoneinfo.available_timezones())

Read = Callable[[datetime], timedelta | None]
"""A reader of a VTIMEZONE: the offset at a local time, which comes with the zone of `zoneinfo` and its fold."""


@cache
def ics(tzid: str, start: date = START, until: date = UNTIL) -> str:
    return str(vtimezone(tzid, start, until).to_ical(), "utf-8")


# Four readers: by hand from the text, icalendar's table of transitions, dateutil, and the zone that icalendar builds


def observances(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN" and value != "VTIMEZONE":
            found.append({"kind": value})
        elif found and name != "END":
            assert name not in found[-1], f"{name} twice"
            found[-1][name] = value
    return found


def duration(offset: str) -> timedelta:
    size = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]), seconds=int(offset[5:] or 0))
    return -size if offset[0] == "-" else size


def onsets(observance: dict[str, str]) -> Iterator[datetime]:
    """When the observance begins, each year until 2037, on the clock before the jump (RFC 5545 3.6.5)."""
    first = datetime.strptime(observance["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    if "RRULE" not in observance:
        yield first
        return
    rule = re.fullmatch(r"FREQ=YEARLY;BYDAY=(-?\d)(\w\w);BYMONTH=(\d+)", observance["RRULE"])
    assert rule is not None, observance
    month, weekday = int(rule[3]), ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(rule[2])
    for year in range(first.year, 2038):
        days = [first.replace(year=year, month=month, day=1) + timedelta(days=n) for n in range(31)]
        such = [day for day in days if day.month == month and day.weekday() == weekday]
        yield such[int(rule[1]) - (int(rule[1]) > 0)]


def read_by_hand(text: str) -> Read:
    begins = sorted(
        ((onset - duration(observance["TZOFFSETFROM"])).replace(tzinfo=UTC), duration(observance["TZOFFSETTO"]))
        for observance in observances(text)
        for onset in onsets(observance)
    )
    moments = [moment for moment, _ in begins]
    return lambda local: begins[bisect_right(moments, local.astimezone(UTC)) - 1][1]


def parsed(text: str) -> Timezone:
    timezone = Timezone.from_ical(text)
    assert isinstance(timezone, Timezone)
    return timezone


def read_by_icalendar(text: str) -> Read:
    moments, offsets = parsed(text).get_transitions()
    return lambda local: offsets[bisect_right(moments, local.astimezone(UTC).replace(tzinfo=None)) - 1][0]


def read_by_dateutil(text: str) -> Read:
    zone = tzical(StringIO(text)).get()
    return lambda local: local.replace(tzinfo=zone).utcoffset()


def read_by_icalendars_zone(text: str) -> Read:
    zone = parsed(text).to_tz(lookup_tzid=False)
    return lambda local: local.replace(tzinfo=zone).utcoffset()


# What zoneinfo says


def in_zone(tzid: str, moments: Iterable[datetime]) -> list[datetime]:
    zone = ZoneInfo(tzid)
    return [moment.astimezone(zone) for moment in moments]


def wrong(read: Read, locals_: Iterable[datetime]) -> list[str]:
    """The local times at which the reader of a VTIMEZONE would be off."""
    return [local.isoformat() for local in locals_ if read(local) != local.utcoffset()]


@cache
def changes(tzid: str) -> list[datetime]:
    """The seconds at which `zoneinfo` changes the offset: looked for every fourth day, found by halving."""
    zone, days = ZoneInfo(tzid), HOURS[::96]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [first_second(zone, days[n], days[n + 1]) for n in range(len(days) - 1) if offsets[n] != offsets[n + 1]]


def first_second(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    offset = high.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high


def around(moments: list[datetime]) -> list[datetime]:
    """An hour before each, the second before, the moment, and an hour after."""
    return [moment + step for moment in moments for step in (-HOUR, -SECOND, 0 * SECOND, HOUR - SECOND, HOUR)]


@contextmanager
def zones_of(*folders: str) -> Iterator[None]:
    """Inside, `zoneinfo` looks for zones in these folders, then in the `tzdata` package."""
    before = zoneinfo.TZPATH
    look_in(folders)
    try:
        yield
    finally:
        look_in(before)


def look_in(folders: tuple[str, ...]) -> None:
    zoneinfo.reset_tzpath(folders)
    ZoneInfo.clear_cache()
    for cached in (ics, changes, vtimezone, exceptions):
        cached.cache_clear()


@pytest.fixture(params=["the machine's zones", "the package's zones"])
def all_zones(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Two releases of the IANA database: `zoneinfo` prefers the machine's, which may be years older than `tzdata`."""
    with zones_of(*(zoneinfo.TZPATH if request.param == "the machine's zones" else ())):
        yield sorted(zoneinfo.available_timezones())


Write = Callable[..., str]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Write]:
    """Writes the file of a zone of our own, Test/Town: its footer, and (moment, offset in hours) before the footer."""

    def write(footer: str, *before: tuple[datetime, int]) -> str:
        (tmp_path / "Test").mkdir()
        (tmp_path / "Test" / "Town").write_bytes(tzif(footer, before))
        return "Test/Town"

    with zones_of(str(tmp_path)):
        yield write


def tzif(footer: str, before: tuple[tuple[datetime, int], ...]) -> bytes:
    """RFC 9636 section 3: an empty version 1 block, then one that knows STD (+2) and DST (+3), then the footer."""
    head = b"TZif2" + bytes(15)
    empty = head + pack(">6l", 0, 0, 0, 0, 1, 1) + bytes(7)
    moments = b"".join(pack(">q", int(moment.timestamp())) for moment, _ in before)
    types = pack(">lbb", 7200, 0, 0) + pack(">lbb", 10800, 1, 4) + b"STD\0DST\0"
    block = head + pack(">6l", 0, 0, 0, len(before), 2, 8) + moments + bytes(hour - 2 for _, hour in before) + types
    return empty + block + f"\n{footer}\n".encode()


# Right at every moment


@pytest.mark.parametrize("tzid", NAMED_ZONES)
def test_every_hour_of_ten_years_is_that_of_zoneinfo(tzid: str) -> None:
    assert wrong(read_by_hand(ics(tzid)), in_zone(tzid, HOURS)) == []


@pytest.mark.parametrize("tzid", NAMED_ZONES)
def test_the_zone_that_icalendar_builds_is_right_around_every_change(tzid: str) -> None:
    assert wrong(read_by_icalendars_zone(ics(tzid)), in_zone(tzid, around(changes(tzid)) + HOURS[::997])) == []


def test_every_zone_is_right_around_every_change_for_every_reader(all_zones: list[str]) -> None:
    readers = [cache(read) for read in (read_by_hand, read_by_icalendar, read_by_dateutil)]
    off = {}
    for tzid in all_zones:
        text = ics(tzid).replace(f"TZID:{tzid}", "TZID:Any/Place")  # zones told alike are read once
        moments = in_zone(tzid, around(changes(tzid)) + HOURS[::1999])
        off[tzid] = [wrong(reader(text), moments) for reader in readers]
    assert {tzid: times for tzid, times in off.items() if any(times)} == {}


# The form that every program reads


def test_a_zone_is_one_standard_and_at_most_one_daylight_unless_it_is_an_exception() -> None:
    named = exceptions(*TWO_YEARS)
    for tzid in set(ALL_ZONES) - set(named):
        kinds = [(o["kind"], "RRULE" in o) for o in observances(ics(tzid, *TWO_YEARS))]
        assert kinds in ([("STANDARD", False)], [("STANDARD", True), ("DAYLIGHT", True)]), tzid
    for tzid in named:
        assert all("RRULE" not in o for o in observances(ics(tzid, *TWO_YEARS))), tzid
        assert len(observances(ics(tzid, *TWO_YEARS))) > 1, tzid


# RDATE is cut to its first value by ical.js and ignored by Outlook; COMMENT fails libical's check
def test_an_observance_has_these_properties_and_no_other() -> None:
    needed = {"kind", "DTSTART", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"}
    for tzid in ALL_ZONES:
        assert ics(tzid, *TWO_YEARS).startswith(f"BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\n")
        assert all(needed == set(o) - {"RRULE"} for o in observances(ics(tzid, *TWO_YEARS))), tzid


def test_an_observance_begins_on_the_first_date_of_its_rule() -> None:
    for tzid in ALL_ZONES:
        for o in observances(ics(tzid, *TWO_YEARS)):
            assert next(onsets(o)).strftime("%Y%m%dT%H%M%S") == o["DTSTART"], tzid


# Each rule of the footer as the STANDARD, then the DAYLIGHT that it becomes: first date, day, name, offset before
@pytest.mark.parametrize(
    ("footer", "standard", "daylight"),
    [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "19701025T030000 -1SU CET +0200", "19700329T020000 -1SU CEST +0100"),
        ("EST5EDT,M3.2.0,M11.1.0", "19701101T020000 1SU EST -0400", "19700308T020000 2SU EDT -0500"),
        ("<-06>6<-05>,M9.1.6/22,M4.1.6/22", "19700404T220000 1SA -06 -0500", "19700905T220000 1SA -05 -0600"),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "19700405T020000 1SU +1030 +1100", "19701004T020000 1SU +11 +1030"),
        ("<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", "19701025T030000 -1SU +00 +0200", "19700329T010000 -1SU +02 +0000"),
        ("NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01", "19701101T000100 1SU NST -0230", "19700308T000100 2SU NDT -0330"),
        # In Dublin law winter is the exception; programs take DAYLIGHT for the greater offset
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "19701025T020000 -1SU GMT +0100", "19700329T010000 -1SU IST +0000"),
    ],
)
def test_the_footer_becomes_a_yearly_pair(footer: str, standard: str, daylight: str, town: Write) -> None:
    told = [
        f"{o['DTSTART']} {o['RRULE'].split('=')[2].split(';')[0]} {o['TZNAME']} {o['TZOFFSETFROM']}"
        for o in observances(ics(town(footer)))
    ]
    assert told == [standard, daylight]


def test_a_zone_without_changes_is_one_standard_without_a_rule(town: Write) -> None:
    [alone] = observances(ics(town("IST-5:30")))
    assert " ".join(alone.values()) == "STANDARD 19700101T000000 IST +0530 +0530"


def test_the_window_leaves_no_trace_in_the_bytes_of_a_yearly_pair() -> None:
    assert ics("Europe/Berlin", date(2026, 8, 3), date(2027, 12, 31)) == ics("Europe/Berlin")


# The exceptions


# A time outside the rule's own day is on another weekday, and on that day's "first" or "last" only in some years
@pytest.mark.parametrize(("time", "said"), [("0", True), ("-1", False), ("23:59:59", True), ("24", False)])
def test_a_jump_on_the_day_before_or_after_the_rules_day_is_an_exception(time: str, said: bool, town: Write) -> None:
    tzid = town(f"STD-2DST,M3.5.0/{time},M10.5.0/3")
    assert (tzid not in exceptions(*TWO_YEARS)) == said
    assert ("RRULE" in ics(tzid)) == said
    assert wrong(read_by_dateutil(ics(tzid)), in_zone(tzid, around(changes(tzid)))) == []


@pytest.mark.parametrize("footer", ["STD-2DST,J60/2,J300/3", "STD-2DST,59,299/3"])
def test_a_rule_that_counts_the_days_of_the_year_is_an_exception(footer: str, town: Write) -> None:
    tzid = town(footer)
    assert tzid in exceptions(*TWO_YEARS)
    assert wrong(read_by_dateutil(ics(tzid)), in_zone(tzid, around(changes(tzid)))) == []


def test_a_zone_that_gives_up_its_summers_lists_those_that_are_left(town: Write) -> None:
    spring, autumn = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)
    tzid = town("STD-2", (spring, 3), (autumn, 2))
    assert tzid in exceptions(*TWO_YEARS)
    assert [(o["kind"], o["DTSTART"], o["TZOFFSETFROM"]) for o in observances(ics(tzid))] == [
        ("STANDARD", "19700101T000000", "+0200"),
        ("DAYLIGHT", "20270328T030000", "+0200"),
        ("STANDARD", "20271031T040000", "+0300"),
    ]
    assert wrong(read_by_hand(ics(tzid)), in_zone(tzid, HOURS)) == []


# The shortest spells since 1970 last an hour or two less than seven days: Brazil in 2000, Gaza around Ramadan
def test_a_summer_of_a_week_is_told_whole(town: Write) -> None:
    begins = datetime(2027, 1, 4, tzinfo=UTC)
    tzid = town("STD-2", (begins, 3), (begins + timedelta(days=7) - HOUR, 2))
    assert [o["DTSTART"] for o in observances(ics(tzid, *TWO_YEARS))[1:]] == ["20270104T020000", "20270111T020000"]


# The pair of this zone's footer is law from 2030 on; before, there is no summer, not even in June
@pytest.mark.parametrize(
    ("start", "until", "kinds", "exception"),
    [
        (date(2029, 6, 1), date(2029, 6, 30), ["STANDARD"], False),
        (date(2027, 1, 4), date(2029, 12, 31), ["STANDARD"], False),
        (date(2027, 1, 4), date(2030, 12, 31), ["STANDARD", "DAYLIGHT", "STANDARD"], True),
        (date(2030, 1, 4), date(2031, 12, 31), ["STANDARD", "DAYLIGHT"], False),
    ],
)
def test_only_a_change_of_law_inside_the_window_makes_an_exception(
    start: date, until: date, kinds: list[str], exception: bool, town: Write
) -> None:
    tzid = town("STD-2DST,M3.5.0,M10.5.0/3", (datetime(2029, 12, 1, tzinfo=UTC), 2))
    assert [o["kind"] for o in observances(ics(tzid, start, until))] == kinds
    assert (tzid in exceptions(start, until)) == exception


def test_a_window_without_a_jump_is_one_standard_in_summer_too(town: Write) -> None:
    june = date(2027, 6, 1), date(2027, 6, 30)
    tzid = town("STD-2DST,M3.5.0/-1,M10.5.0/3")
    [alone] = observances(ics(tzid, *june))
    assert " ".join(alone.values()) == "STANDARD 19700101T000000 DST +0300 +0300"
    assert tzid not in exceptions(*june)


# One hour into the day after the fourth Thursday of March 2027, east of the date line; two before its end, west of it
@pytest.mark.parametrize("footer", ["STD-14DST,M3.4.4/25,M10.5.0", "STD12DST,M3.4.4/46,M10.5.0"])
def test_a_window_of_one_day_holds_the_whole_local_day_of_the_jump(footer: str, town: Write) -> None:
    tzid, day = town(footer), date(2027, 3, 26)
    midnight = datetime(2027, 3, 26, tzinfo=ZoneInfo(tzid)).astimezone(UTC)
    hours = [midnight + n * HOUR for n in range(23)]
    assert {hour.astimezone(ZoneInfo(tzid)).date() for hour in hours} == {day}
    assert len({hour.astimezone(ZoneInfo(tzid)).utcoffset() for hour in hours}) == 2
    assert wrong(read_by_hand(ics(tzid, day, day)), in_zone(tzid, hours)) == []


# Names


@pytest.mark.parametrize(
    ("alias", "name"),
    [("Europe/Kiev", "Europe/Kyiv"), ("US/Eastern", "America/New_York"), ("Israel", "Asia/Jerusalem")],
)
def test_an_old_name_works_under_that_name(alias: str, name: str) -> None:
    assert ics(alias) == ics(name).replace(f"TZID:{name}", f"TZID:{alias}")


@pytest.mark.parametrize("tzid", ["Mars/Olympus", "", "Europe", "../etc/passwd", "/etc/localtime", "a\0b", "a" * 5000])
def test_a_name_that_is_no_zone_is_refused_and_told(tzid: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        vtimezone(tzid, START, UNTIL)
    assert isinstance(refused.value, ValueError)
    assert repr(tzid) in str(refused.value)


@pytest.mark.parametrize("start, until", [(date(2027, 1, 2), date(2027, 1, 1)), (date(1970, 12, 31), date(2027, 1, 1))])
def test_a_window_that_cannot_be_answered_is_refused(start: date, until: date) -> None:
    with pytest.raises(ValueError, match=f"window .* {start}"):
        vtimezone("Europe/Berlin", start, until)


# Files that one can open: two health audits in each zone, Marta's at 14:00 in Munich and June's at 09:00 in Detroit,
# the day before and the day after the clocks change. (If Berlin or Detroit change their law, these files change.)


@pytest.mark.parametrize(
    ("file", "tzid", "starts"),
    [
        ("zone-europe-berlin.ics", "Europe/Berlin", ["2027-03-27T14:00+01:00", "2027-03-29T14:00+02:00"]),
        ("zone-america-detroit.ics", "America/Detroit", ["2027-11-06T09:00-04:00", "2027-11-08T09:00-05:00"]),
    ],
)
def test_the_calendar_that_one_can_open(file: str, tzid: str, starts: list[str], golden: Golden) -> None:
    moments = [datetime.fromisoformat(start) for start in starts]
    golden(GOLDEN / file, calendar(tzid, moments).to_ical())
    read = read_by_dateutil(ics(tzid))
    assert [read(moment.astimezone(ZoneInfo(tzid))) for moment in moments] == [m.utcoffset() for m in moments]


def calendar(tzid: str, moments: list[datetime]) -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//cadence//zones//EN")
    calendar.add_component(vtimezone(tzid, date(2026, 10, 1), date(2028, 1, 1)))
    for moment in moments:
        event = Event()
        event.add("UID", f"audit-{moment:%Y%m%d}@cadence.example")
        event.add("DTSTAMP", datetime(2026, 11, 2, 9, tzinfo=UTC))
        event.add("SUMMARY", f"Strategic health audit ({moment:%H:%M} in {tzid})")
        event.add("DTSTART", moment.astimezone(ZoneInfo(tzid)))
        event.add("DURATION", timedelta(minutes=90))
        calendar.add_component(event)
    return calendar
