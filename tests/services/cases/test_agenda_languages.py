"""An agenda is in its partnership's language, a brief in its organisation's; no word is lost by another language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.manner import Manner
from scheduler.rules.access import JOINT
from scheduler.services.pipeline.agendas import AsRead, agenda_as_read
from scheduler.services.state import state_of
from scheduler.services.views.agenda import agenda
from scheduler.store import partnerships, readings, reviews
from tests.builders import ACME, GLOBEX, a_reading, at
from tests.services.town import Town

NOW = at("2026-11-16 09:00")
REVIEW = "acme-globex/operating/2026-11"
FILE = f"agendas/{REVIEW}.md"
BRIEF = f"agendas/{REVIEW}.acme.md"
ASK, ASK_IN_GERMAN = (
    "## Decisions and new actions (who: what, by when)",
    "## Beschlüsse und neue Aufgaben (wer: was, bis wann)",
)


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    return build(horizon_days=14)


def lived(town: Town, hours: int = 0, **changes: Any) -> None:
    town.define(**changes)
    town.cycle(NOW + timedelta(hours=hours))


def as_read(town: Town, reader: Manner | None) -> AsRead:
    with town.database() as db:
        row, record = partnerships.get(db, "acme-globex"), reviews.find(db, REVIEW)
        assert row and record
        found = agenda_as_read(town.app, db, state_of(town.app, db, row, NOW), record, JOINT, reader)
        assert found
        return found


def in_the_file(town: Town, old: str, new: str) -> None:
    text = town.read(FILE)
    assert old in text
    (town.data / FILE).write_bytes(text.replace(old, new).encode())


def test_the_joint_agenda_is_in_the_partnerships_language_and_a_brief_in_its_organisations(town: Town) -> None:
    lived(town, language="de", organisations={"acme": {**ACME, "language": "fr"}, "globex": GLOBEX})
    assert ASK_IN_GERMAN in town.read(FILE) and ASK not in town.read(FILE)
    assert '<html lang="de">' in town.read(FILE.replace(".md", ".html"))
    assert "## Décisions et nouvelles actions (qui : quoi, pour quand)" in town.read(BRIEF)
    assert "## Interne : Acme Motors SE" in town.read(BRIEF)


def test_another_language_rewrites_what_nobody_edited_once(town: Town) -> None:
    lived(town)
    assert ASK in town.read(FILE)
    lived(town, 1, language="de")
    assert ASK_IN_GERMAN in town.read(FILE)
    written_at = (town.data / FILE).stat().st_mtime_ns
    town.cycle(NOW + timedelta(hours=2))
    later = town.reopened()
    later.cycle(NOW + timedelta(hours=3))
    assert (town.data / FILE).stat().st_mtime_ns == written_at
    assert later.rows("agenda_version") == [], "nobody has edited anything"


@pytest.mark.parametrize("before", [None, "de", "ja", "ar"])
@pytest.mark.parametrize("after", ["en", "es", "ar"])
def test_what_people_wrote_into_a_file_stays_in_any_language_with_fresh_figures(
    town: Town, before: str | None, after: str
) -> None:
    lived(town, language=before)
    heading = next(line for line in town.read(FILE).split("\n") if line.startswith("## ") and "(" in line)
    in_the_file(town, heading, f"Bring the drawings.\n\n{heading}")
    with town.app.store.write() as db:
        readings.add(db, a_reading("0.31", "2026-10"))
    lived(town, 1, language=after)
    assert f"Bring the drawings.\n\n{heading}" in town.read(FILE)
    assert [row["way"] for row in town.rows("agenda_version")] == ["file"]
    assert "0.31" in town.read(FILE) or "0,31" in town.read(FILE)


def test_a_reader_reads_it_in_their_own_language_until_somebody_has_written_into_it(town: Town) -> None:
    lived(town, language="de")
    assert ASK_IN_GERMAN in as_read(town, None).text
    assert ASK in as_read(town, Manner("en")).text
    assert as_read(town, Manner("ja")).manner == Manner("ja")
    in_the_file(town, ASK_IN_GERMAN, f"Die Zeichnungen mitbringen.\n\n{ASK_IN_GERMAN}")
    theirs = as_read(town, Manner("en"))
    assert "Die Zeichnungen mitbringen." in theirs.text and ASK_IN_GERMAN in theirs.text
    assert theirs.manner == Manner("de")


def test_who_has_no_language_reads_it_in_the_partnerships(town: Town) -> None:
    lived(town, language="de")
    for reader in (None, Manner(), Manner(dates="2026-12-31")):
        assert ASK_IN_GERMAN in as_read(town, reader).text


def test_a_language_is_no_news_to_calendars(town: Town) -> None:
    lived(town)
    before = {id: each.sequence for id, each in town.reviews().items()}
    lived(town, 1, language="de")
    assert {id: each.sequence for id, each in town.reviews().items()} == before
    assert "SUMMARY:Pipeline-Besprechung" in town.read("calendars/acme-globex.ics").replace("\r\n ", "")


def test_the_command_prints_it_as_it_is_written(town: Town) -> None:
    lived(town, language="de")
    assert ASK_IN_GERMAN in agenda(town.app, REVIEW, None, NOW, html=False)
    assert '<html lang="de">' in agenda(town.app, REVIEW, None, NOW, html=True)
