"""What stands is neither rendered nor written, and is what a program that knows of nothing would write."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.rules.reviews.transitions import moved, skipped
from scheduler.services.cases.credentials import revoke_links
from scheduler.services.published_files import File, PublishedFiles
from scheduler.store import open_store, partnerships, readings, reviews
from scheduler.store.secrets import signing_key
from scheduler.transports import files
from scheduler.transports.delivery_errors import DeliveryError
from tests.builders import INES, Written, a_reading, at, written
from tests.services.town import Town, settings_of, under

NOON = at("2026-11-16 12:00")
CELLS, CHIPS = "acme-globex", "chips"
OPERATING = f"{CELLS}/operating/2026-11"
AGENDA = f"agendas/{OPERATING}.md"
PIPELINE = f"agendas/{CELLS}/pipeline/2026-W48.md"
INES_CALENDAR = "calendars/people/ines.falk@acme.example.ics"


SETTINGS: Written = {"horizon_days": 40, "web": {"public_url": "https://alliances.example"}}


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    opened = build(**SETTINGS)
    a_template(opened, "operating.md.j2", "# {{ b.title }} as it was\n")
    a_template(opened, "page.html.j2", "{{ body }}")
    opened.define()
    opened.define(partnership=CHIPS, name="Chips")
    with opened.app.store.write() as db:
        signing_key(db)
    opened.cycle(NOON)
    return opened


def with_person(town: Town, key: str, **said: Any) -> None:
    people = written()["people"]
    town.define(people=people | {key: people[key] | said})


def with_kpi(town: Town, key: str, **said: Any) -> None:
    kpis = written()["kpis"]
    town.define(kpis=kpis | {key: kpis[key] | said})


def edited(town: Town, path: str, old: str, new: str) -> None:
    text = town.read(path)
    assert old in text
    (town.data / path).write_text(text.replace(old, new), "utf-8")


def a_template(town: Town, name: str, text: str) -> None:
    path = town.folder / "templates" / "agenda" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def put_off(town: Town, later: timedelta) -> None:
    with town.app.store.write() as db:
        record = reviews.recorded(db, CELLS)[OPERATING]
        start = record.review.start + later
        reviews.save_many(db, [moved(record, start, record.review.clocks, "the plant is closed", NOON)])


def called_off(town: Town) -> None:
    with town.app.store.write() as db:
        record = next(each for each in reviews.recorded(db, CELLS).values() if each.review.series == "pipeline")
        reviews.save_many(db, [skipped(record, "a holiday", NOON)])


def reported(town: Town, value: str, period: str) -> None:
    with town.app.store.write() as db:
        readings.add(db, a_reading(value, period))


def links_end(town: Town) -> None:
    revoke_links(town.app, INES["email"], None, None, NOON)


EDITS: dict[str, Callable[[Town], object]] = {
    "nothing": lambda town: None,
    "another name": lambda town: town.define(name="Cells, renamed"),
    "somebody is called otherwise": lambda town: with_person(town, "ines", name="Inès Falk-Berg"),
    "somebody has another address": lambda town: with_person(town, "ines", email="falk@acme.example"),
    "somebody leaves": lambda town: with_person(town, "tom", leaves="2026-11-20", successor="dev"),
    "another unit": lambda town: with_kpi(town, "landed-cost", unit="USD"),
    "a reading": lambda town: reported(town, "3", "2026-10"),
    "a reading that missed": lambda town: reported(town, "0.1", "2026-10"),
    "a review is put off": lambda town: put_off(town, timedelta(hours=3)),
    "a review is called off": called_off,
    "links end": links_end,
    "a person edits an agenda": lambda town: edited(town, PIPELINE, "Pipeline review", "Our review"),
    "a person breaks the marks": lambda town: edited(town, PIPELINE, "<!-- end figures: kpis -->", ""),
    "an agenda is deleted": lambda town: (town.data / AGENDA).unlink(),
    "a page is deleted": lambda town: (town.data / AGENDA).with_suffix(".html").unlink(),
    "a calendar is deleted": lambda town: (town.data / f"calendars/{CELLS}.ics").unlink(),
    "the calendars are deleted": lambda town: shutil.rmtree(town.data / "calendars"),
    "a calendar of the same size": lambda town: edited(town, INES_CALENDAR, "Inès", "Inés"),
    "a template of an agenda": lambda town: a_template(town, "operating.md.j2", "# {{ b.title }} by us\n"),
    "a template that fails": lambda town: a_template(town, "operating.md.j2", "# {{ b.no_such }}\n"),
    "a template of pages": lambda town: a_template(town, "page.html.j2", "<p>{{ title }}</p>{{ body }}"),
}


def looked_at(town: Town, now: datetime) -> dict[str, bytes]:
    """What lies there once every partnership was looked at."""
    with town.app.store.write() as db:
        partnerships.wake_all(db, now)
    town.cycle(now)
    return town.files()


def from_scratch(town: Town, folder: Path, now: datetime) -> dict[str, bytes]:
    """What a program that was just started writes in a copy of the town that has only the agendas in Markdown left."""
    shutil.copytree(town.folder, folder)
    for path in [*folder.rglob("*.ics"), *folder.rglob("*.html")]:
        path.unlink()
    settings = settings_of(folder, **SETTINGS)
    copied = replace(under(town.app, settings), store=open_store(settings.database), _parsed={})
    found = looked_at(Town(folder, copied, town.log), now)
    copied.close()
    return found


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_files_are_those_that_are_written_from_scratch(town: Town, tmp_path: Path, edit: str) -> None:
    looked_at(town, NOON + timedelta(hours=1))
    EDITS[edit](town)
    for days in (0, 9):
        now = NOON + timedelta(days=days, hours=2)
        warm = looked_at(town, now)
        fresh = from_scratch(town, tmp_path / f"after-{days}-{time.monotonic_ns()}", now)
        assert len(fresh) > 30
        assert {path: warm.get(path) for path in fresh} == fresh
        assert all(path.startswith("agendas/") for path in warm.keys() - fresh.keys()), "of reviews that are over"


def test_a_second_look_renders_and_writes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at(town, NOON + timedelta(hours=1))
    put: list[str] = []

    def noted(root: Path, relative: str, content: bytes | str) -> files.WrittenFile:
        put.append(relative)
        return plain(root, relative, content)

    plain = files.put
    monkeypatch.setattr(files, "put", noted)
    looked_at(town, NOON + timedelta(hours=2))
    assert put == []


# One file -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(tmp_path: Path) -> PublishedFiles:
    found = PublishedFiles(tmp_path)
    found.write("calendars/a.ics", b"said", b"one")
    return found


def test_a_file_stands_as_long_as_it_says_the_same_and_nobody_touched_it(known: PublishedFiles, tmp_path: Path) -> None:
    path = tmp_path / "calendars" / "a.ics"
    assert known.stands("calendars/a.ics", b"said")
    assert not known.stands("calendars/a.ics", b"something else")
    assert not known.stands("calendars/b.ics", b"said")
    path.write_bytes(b"two")
    assert not known.stands("calendars/a.ics", b"said"), "of the same size"
    path.unlink()
    assert not known.stands("calendars/a.ics", b"said")


def test_a_link_in_the_place_of_a_file_does_not_stand(known: PublishedFiles, tmp_path: Path) -> None:
    path = tmp_path / "calendars" / "a.ics"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not known.stands("calendars/a.ics", b"said")


def test_a_file_that_was_identical_when_it_was_to_be_written_stands(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(b"one")
    known = PublishedFiles(tmp_path)
    known.publish(File("a.ics", b"said", lambda: b"one"))
    assert known.stands("a.ics", b"said")


def test_what_could_not_be_written_does_not_stand(known: PublishedFiles, tmp_path: Path) -> None:
    (tmp_path / "calendars" / "a.ics").unlink()
    (tmp_path / "calendars" / "a.ics").mkdir()
    with pytest.raises(DeliveryError):
        known.publish(File("calendars/a.ics", b"said", lambda: b"one"))
    (tmp_path / "calendars" / "a.ics").rmdir()
    known.publish(File("calendars/a.ics", b"said", lambda: b"one"))
    assert (tmp_path / "calendars" / "a.ics").read_bytes() == b"one"
