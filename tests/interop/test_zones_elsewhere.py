"""Our VTIMEZONEs give the offsets of `zoneinfo` in every program that reads them, at every time that a clock can show.

Left out is the hour of autumn that a clock shows twice. RFC 5545 3.3.5 takes such a time for the first of the two, and
so does dateutil; ical.js and libical take it for the second.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from dateutil.tz import tzical

from tests.interop.tools import javascript, libical
from tests.publish.test_zones import ALL_ZONES, HOURS, around, changes, ics, in_zone

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
@pytest.mark.parametrize(("reader", "zones"), [("ical.js", PRODUCT), ("libical", SAMPLES), ("dateutil", SAMPLES[1:])])
def test_the_zones_of_the_examples_are_right_at_every_hour_of_ten_years(reader: str, zones: tuple[str, ...]) -> None:
    assert wrong(READERS[reader], {tzid: in_zone(tzid, HOURS) for tzid in zones}) == {}


@pytest.mark.parametrize("reader", READERS)
def test_every_zone_is_right_around_every_change(reader: str) -> None:
    assert wrong(READERS[reader], {tzid: in_zone(tzid, around(changes(tzid))) for tzid in ALL_ZONES}) == {}


@pytest.mark.parametrize("reader", READERS)
def test_a_rule_that_is_a_week_off_is_noticed(reader: str) -> None:
    def late(questions: Questions) -> Answers:
        return READERS[reader]([each | {"zone": each["zone"].replace("BYDAY=-1SU", "BYDAY=1SU")} for each in questions])

    assert list(wrong(late, {"Europe/Berlin": in_zone("Europe/Berlin", around(changes("Europe/Berlin")))}))
