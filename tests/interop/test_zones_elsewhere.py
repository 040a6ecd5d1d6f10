"""Our VTIMEZONEs give the offsets of `zoneinfo` in every program that reads them, at every time that a clock can show.

Left out is the hour of autumn that a clock shows twice. RFC 5545 3.3.5 takes such a time for the first of the two, and
so does dateutil; ical.js and libical take it for the second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from tests.interop.tools import javascript, libical
from tests.render.ics.test_timezone import ALL_ZONES, HOURS, around, changes, ics, in_zone

PRODUCT = (
    "Europe/Berlin",
    "America/Detroit",
    "America/Toronto",
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/London",
    "Europe/Paris",
    "Europe/Lisbon",
    "America/Los_Angeles",
)
"""The zones of the worked examples."""

SAMPLES = PRODUCT[:2]
END = int(HOURS[-1].timestamp()) + 1

Questions = list[dict[str, Any]]
Answers = list[list[int]]


def by_icaljs(questions: Questions) -> Answers:
    answers: Answers = javascript(questions, "ical.js")
    return answers


def by_libical(questions: Questions) -> Answers:
    answers: Answers = libical(questions)
    return answers


def by_dateutil(questions: Questions) -> Answers:
    return [by_one_of_dateutil(each["zone"], each["at"]) for each in questions]


def by_one_of_dateutil(text: str, at: Sequence[int]) -> list[int]:
    zone = tzical(StringIO(text)).get()
    clocks = (datetime.fromtimestamp(each, UTC).replace(tzinfo=zone) for each in at)
    return [seconds(clock) for clock in clocks]


READERS = {"ical.js": by_icaljs, "libical": by_libical, "dateutil": by_dateutil}


def seconds(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def once(local: datetime) -> bool:
    """Whether the clock shows this time only once."""
    return local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset()


def wrong(read: Callable[[Questions], Answers], clocks: dict[str, list[datetime]]) -> dict[str, list[str]]:
    """By zone: the first few of the local times at which the program is off. Zones told alike are asked for once."""
    shown = {tzid: list(filter(once, locals_)) for tzid, locals_ in clocks.items()}
    asked = {tzid: question(tzid, locals_) for tzid, locals_ in shown.items()}
    different = list(dict.fromkeys(asked.values()))
    answers = dict(zip(different, read([{"zone": text, "at": at} for text, at in different]), strict=True))
    off: dict[str, list[str]] = {}
    for tzid, locals_ in shown.items():
        told = zip(locals_, answers[asked[tzid]], strict=True)
        off[tzid] = [local.isoformat() for local, offset in told if offset != seconds(local)][:5]
    return {tzid: times for tzid, times in off.items() if times}


def question(tzid: str, locals_: Iterable[datetime]) -> tuple[str, tuple[int, ...]]:
    """A VTIMEZONE, and what its clock shows, in seconds as if it were UTC."""
    text = ics(tzid).replace(f"TZID:{tzid}", "TZID:Any/Place")
    return text, tuple(int(local.replace(tzinfo=UTC).timestamp()) for local in locals_)


# dateutil takes three seconds a zone, libical two
@pytest.mark.parametrize(("reader", "zones"), [("libical", SAMPLES), ("dateutil", SAMPLES[1:])])
def test_the_zones_of_the_examples_are_right_at_every_hour_of_ten_years(reader: str, zones: tuple[str, ...]) -> None:
    assert wrong(READERS[reader], {tzid: in_zone(tzid, HOURS) for tzid in zones}) == {}


class Clock(NamedTuple):
    """What tells zones apart: the text of the VTIMEZONE, and from which second on (UTC) which offset is in force."""

    text: str
    since: tuple[tuple[int, int], ...]

    def hours(self) -> list[tuple[int, int]]:
        """Each full hour in UTC as the clock shows it, with the offset; but for what it shows twice."""
        jumps = [(begin + after, begin + before) for (_, before), (begin, after) in pairwise(self.since)]
        twice = {second for low, high in jumps for second in range(low, high)}
        ends = [*(begin for begin, _ in self.since[1:]), END]
        spans = zip(self.since, ends, strict=True)
        shown = ((hour + by, by) for (begin, by), end in spans for hour in range(-(-begin // 3600) * 3600, end, 3600))
        return [each for each in shown if each[0] not in twice]


def clock_of(tzid: str) -> Clock:
    moments = [HOURS[0], *changes(tzid)]
    offsets = [seconds(moment.astimezone(ZoneInfo(tzid))) for moment in moments]
    starts = [int(moment.timestamp()) for moment in moments]
    return Clock(question(tzid, ())[0], tuple(zip(starts, offsets, strict=True)))


CLOCKS = cache(lambda: sorted({clock_of(tzid) for tzid in ALL_ZONES}))
"""The clocks of all zones, each once: six hundred names go by a hundred of them."""


def off(reader: str, hours: Callable[[Clock], list[tuple[int, int]]]) -> list[str]:
    """The clocks that the program shows wrong at any of these hours; asked for a few at a time."""
    found = []
    for some in batched(CLOCKS(), 10):
        asked = [hours(clock) for clock in some]
        questions = [
            {"zone": clock.text, "at": [at for at, _ in each]} for clock, each in zip(some, asked, strict=True)
        ]
        answers = READERS[reader](questions)
        right = [[by for _, by in each] for each in asked]
        found += [clock.text for clock, got, by in zip(some, answers, right, strict=True) if got != by]
    return found


def batched(clocks: Sequence[Clock], size: int) -> Iterator[Sequence[Clock]]:
    return (clocks[start : start + size] for start in range(0, len(clocks), size))


def test_icaljs_shows_every_hour_of_ten_years_in_every_zone() -> None:
    assert off("ical.js", Clock.hours) == []


@pytest.mark.parametrize("reader", ["libical", "dateutil"])
def test_the_slow_ones_show_every_hour_near_a_change_and_one_of_each_49_between_in_every_zone(reader: str) -> None:
    """A zone has the same offset from one change to the next, so a mistake shows next to one, or lasts: every 49th hour
    comes by every hour of the day."""

    def some(clock: Clock) -> list[tuple[int, int]]:
        near = {(begin + by) // 3600 + n for begin, by in clock.since for n in range(-12, 13)}
        return [each for n, each in enumerate(clock.hours()) if n % 49 == 0 or each[0] // 3600 in near]

    assert off(reader, some) == []


def test_the_clocks_are_those_of_every_zone() -> None:
    for tzid in (*SAMPLES, "Africa/Casablanca", "Australia/Lord_Howe"):
        by_zoneinfo = [local for local in in_zone(tzid, HOURS) if once(local)]
        at = [int(local.replace(tzinfo=UTC, fold=0).timestamp()) for local in by_zoneinfo]
        assert clock_of(tzid).hours() == list(zip(at, map(seconds, by_zoneinfo), strict=True))
        assert clock_of(tzid) in CLOCKS()


@pytest.mark.parametrize("reader", READERS)
def test_every_zone_is_right_around_every_change(reader: str) -> None:
    assert wrong(READERS[reader], {tzid: in_zone(tzid, around(changes(tzid))) for tzid in ALL_ZONES}) == {}


@pytest.mark.parametrize("reader", READERS)
def test_a_rule_that_is_a_week_off_is_noticed(reader: str) -> None:
    def late(questions: Questions) -> Answers:
        return READERS[reader]([each | {"zone": each["zone"].replace("BYDAY=-1SU", "BYDAY=1SU")} for each in questions])

    assert list(wrong(late, {"Europe/Berlin": in_zone("Europe/Berlin", around(changes("Europe/Berlin")))}))
