"""Agendas and calendars as files: current, never over a person's words, and never before the wrong eyes."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.definition.partnership import Partnership
from scheduler.rules.reviews import scopes as cadence
from scheduler.rules.reviews.transitions import moved, skipped
from scheduler.services import state
from scheduler.store import faults as store_faults
from scheduler.store import partnerships, readings, reviews
from scheduler.transports.delivery_errors import DiskError
from tests.builders import DEV, INES, LANDED_COST, TOM, a_reading, at, written
from tests.services.town import Town

NOVEMBER_16 = at("2026-11-16 09:00")
"""The agenda of November's operating review is open; October's cells are overdue."""
OPERATING = "acme-globex/operating/2026-11"
AGENDA = f"agendas/{OPERATING}.md"
BESIDE = f"agendas/{OPERATING}.figures.md"


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    return build(horizon_days=14)


def report_cells(town: Town, value: str) -> None:
    with town.app.store.write() as db:
        readings.add(db, a_reading(value, "2026-10"))


def write(town: Town, path: str, old: str, new: str) -> None:
    """What a person does with an editor."""
    text = town.read(path)
    assert old in text
    (town.data / path).write_bytes(text.replace(old, new).encode())


# A person's words ---------------------------------------------------------------------------------------------------


def test_a_persons_edit_stays_through_all_cycles_and_fresh_figures_reach_it(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    words = "Decided:\n\n- [ ] Dev orders a second press by 4 December\r\n"
    write(town, AGENDA, "Decided:\n", words)
    for day, value in enumerate(("0.27", "0.31", "0.355"), 1):
        report_cells(town, value)
        town.cycle(NOVEMBER_16 + timedelta(days=day))
        assert words in town.read(AGENDA)
        assert f"{value} GWh" in town.read(AGENDA)
        assert "second press" in town.read(AGENDA.replace(".md", ".html"))
    assert "Cells delivered for 2026-10, overdue" not in town.read(AGENDA)


def test_an_agenda_that_nobody_edited_follows_the_definition(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    town.define(goal="5 GWh of cells a year.")
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "5 GWh of cells a year" in town.read(AGENDA)


def test_where_a_person_broke_the_marks_their_agenda_stays_and_the_figures_lie_beside_it(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    write(town, AGENDA, "<!-- end figures: kpis -->\n", "")
    theirs = town.read(AGENDA)
    report_cells(town, "0.27")
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert town.read(AGENDA).endswith(f"-->\n{theirs}")
    assert "0.27 GWh" in town.read(BESIDE)
    (event,) = town.log.of("agenda.not_renewed")
    assert event["review"] == OPERATING


def test_an_agenda_whose_marks_are_broken_says_so_at_its_head_and_is_a_fault_until_they_are_mended(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    write(town, AGENDA, "<!-- end figures: kpis -->\n", "")
    for hours, value in ((1, "0.27"), (2, "0.28")):
        report_cells(town, value)
        town.cycle(NOVEMBER_16 + timedelta(hours=hours))
    lines = town.read(AGENDA).splitlines()
    assert lines[1].startswith("> **The figures in this agenda are not renewed:** line ")
    assert f"in {OPERATING.rpartition('/')[2]}.figures.md" in lines[1]
    assert lines[3:5] == ["<!-- end figures not renewed -->", lines[4]] and "not renewed" not in "".join(lines[4:])
    named = int(lines[1].split("line ")[1].split(":")[0])
    assert "figures:" in lines[named - 1], "the line that is named is that of the file as it stands"
    assert "are not renewed" in town.read(AGENDA.replace(".md", ".html"))
    [fault] = town.rows("fault")
    assert fault["key"] == AGENDA and "are not renewed: line" in fault["what"]
    write(town, AGENDA, "\n## Overdue owners", "<!-- end figures: kpis -->\n\n## Overdue owners")
    report_cells(town, "0.31")
    town.cycle(NOVEMBER_16 + timedelta(hours=3))
    assert "not renewed" not in town.read(AGENDA)
    assert town.rows("fault") == []


def test_the_fault_of_a_broken_agenda_ends_with_its_review(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    write(town, AGENDA, "<!-- end figures: kpis -->\n", "")
    report_cells(town, "0.27")
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert len(town.rows("fault")) == 1
    report_cells(town, "0.28")
    town.cycle(NOVEMBER_16 + timedelta(days=40))
    assert town.rows("fault") == []


def test_once_the_marks_are_mended_the_figures_are_back_in_the_agenda_and_nothing_lies_beside_it(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    write(town, AGENDA, "<!-- end figures: kpis -->\n", "")
    report_cells(town, "0.27")
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    write(town, AGENDA, "\n## Overdue owners", "<!-- end figures: kpis -->\n\n## Overdue owners")
    report_cells(town, "0.31")
    town.cycle(NOVEMBER_16 + timedelta(hours=2))
    assert "0.31 GWh" in town.read(AGENDA)
    assert BESIDE not in town.files()


def test_an_agenda_saved_in_another_encoding_is_left_alone_and_holds_nothing_up(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    theirs = "# Was beschlossen wurde: Prüfstand für Halle 3\n".encode("latin-1")
    (town.data / AGENDA).write_bytes(theirs)
    report_cells(town, "0.27")
    assert town.cycle(NOVEMBER_16 + timedelta(hours=1)).problems == 0
    assert (town.data / AGENDA).read_bytes() == theirs
    assert "0.27 GWh" in town.read(BESIDE)


def test_an_agenda_whose_file_was_deleted_is_written_again_at_the_next_change(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    (town.data / AGENDA).unlink()
    report_cells(town, "0.27")
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "0.27 GWh" in town.read(AGENDA)


# The right eyes -----------------------------------------------------------------------------------------------------


def test_an_actor_level_kpi_is_in_no_file_of_another_organisation(town: Town) -> None:
    """Every file that the program wrote is read: the KPI's name, target, values and notes are marked words."""
    people = {
        **written()["people"],
        "zoe": {**TOM, "name": "Zoë Lang", "email": "zoe.lang@elsewhere.example", "of": None},
    }
    secret = {**LANDED_COST, "name": "Landed zebra cost", "target": "<= 92.0625", "unit": "ZEBRADOLLAR"}
    town.define(people=people, kpis={**written()["kpis"], "landed-cost": secret})
    town.cycle(NOVEMBER_16)
    kpi = "acme-globex/landed-cost"
    note = "zebra crossing"
    with town.app.store.write() as db:
        readings.add(db, a_reading("97.1875", "2026-10", kpi=kpi, met=False, by="uwe", note=note))
    town.define(people=people, kpis={**written()["kpis"], "landed-cost": {**secret, "decides": "ines"}})
    town.cycle(NOVEMBER_16 + timedelta(days=1))
    town.cycle(at("2026-12-15 09:00"))

    marked = {
        path for path, content in town.files().items() if _says(content, "zebra", "landed-cost", "92.0625", "97.1875")
    }
    acme = {"uwe.brandt", "ines.falk", "marta.bauer"}
    assert {path for path in marked if not _is_acmes(path, acme)} == set()
    assert f"agendas/{OPERATING}.acme.md" in marked
    assert f"agendas/{OPERATING}.acme.html" in marked
    assert "calendars/people/uwe.brandt@acme.example.ics" in marked


def _says(content: bytes, *words: str) -> bool:
    text = content.replace(b"\r\n ", b"").decode().casefold()
    return any(word in text for word in words)


def _is_acmes(path: str, people: set[str]) -> bool:
    name = Path(path).name
    return ".acme." in name if path.startswith("agendas/") else name.partition("@")[0] in people


# Templates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("operating.md.j2", "# {{ b.no_such_thing }}\n"),
        ("operating.md.j2", "# {% if %}\n"),
        ("page.html.j2", "<html>{{ nothing }}\n"),
    ],
)
def test_an_operators_template_that_fails_gives_way_to_the_shipped_one_and_is_told(
    town: Town, template: str, text: str
) -> None:
    own = town.app.settings.templates / "agenda"
    own.mkdir(parents=True)
    (own / template).write_text(text)
    town.define()
    assert town.cycle(NOVEMBER_16).problems == 0
    assert "# Operating review, 2026-11" in town.read(AGENDA)
    assert "<h1>Operating review, 2026-11</h1>" in town.read(AGENDA.replace(".md", ".html"))
    faults = [str(event["fault"]) for event in town.log.of("template.failed")]
    assert faults
    assert all(template in fault and "line 1" in fault for fault in faults)
    with town.database() as db:
        assert [each.key for each in store_faults.listing(db)] == [f"template:agenda/{template.partition('.')[0]}"]
    (own / template).unlink()
    town.define(goal="Another one")
    town.cycle(NOVEMBER_16 + timedelta(minutes=15))
    with town.database() as db:
        assert store_faults.listing(db) == []


def test_an_operators_template_that_works_is_used(town: Town) -> None:
    own = town.app.settings.templates / "agenda"
    own.mkdir(parents=True)
    (own / "operating.md.j2").write_text("# Our own: {{ b.title }}\n")
    town.define()
    town.cycle(NOVEMBER_16)
    assert town.read(AGENDA) == "# Our own: Operating review\n"


# One of many --------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_written_keeps_no_other_partnership_from_being_published(town: Town) -> None:
    town.define()
    town.define(partnership="halden-line")
    in_the_way = town.data / "calendars" / "acme-globex.ics"
    in_the_way.mkdir(parents=True)
    report = town.cycle(NOVEMBER_16)
    assert (report.published, report.problems) == (1, 1)
    assert "calendars/halden-line.ics" in town.files()
    (event,) = town.log.of("publish.failed")
    assert (event["partnership"], event["what"]) == (
        "acme-globex",
        f"{in_the_way} cannot be written: a folder stands where the file is to be",
    )
    with town.database() as db:
        assert [each.key for each in store_faults.listing(db)] == ["publish:acme-globex"]
    in_the_way.rmdir()
    report = town.cycle(NOVEMBER_16 + timedelta(minutes=15))
    with town.database() as db:
        assert store_faults.listing(db) == []
    assert (report.governed, report.published, report.problems) == (0, 1, 0)
    assert "calendars/acme-globex.ics" in town.files()


def test_a_link_out_of_the_data_is_not_followed(town: Town) -> None:
    outside = town.folder / "outside"
    outside.mkdir()
    (town.data / "agendas").symlink_to(outside)
    town.define()
    assert town.cycle(NOVEMBER_16).problems == 1
    assert list(outside.iterdir()) == []


def test_somebodys_calendar_stays_as_it_was_while_one_of_their_partnerships_cannot_be_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without that partnership it would look as if its reviews had been called off."""
    town.define()
    town.define(partnership="halden-line", people={**written()["people"], "ines": INES, "dev": DEV})
    town.cycle(NOVEMBER_16)
    theirs = town.read("calendars/people/dev.patel@globex.example.ics")
    scopes = cadence.scopes

    def failing(partnership: Partnership, *rest: Any) -> Any:
        if partnership.partnership == "halden-line":
            raise KeyError("no such playbook")
        return scopes(partnership, *rest)

    report_cells(town, "0.27")
    with monkeypatch.context() as during:
        during.setattr(state, "scopes", failing)
        assert town.cycle(NOVEMBER_16 + timedelta(hours=1)).problems == 1
        assert town.read("calendars/people/dev.patel@globex.example.ics") == theirs
        assert "0.27 GWh" in town.read(AGENDA)
    assert town.cycle(NOVEMBER_16 + timedelta(hours=2)).problems == 0


@pytest.mark.parametrize("room_for", [0, 1, 5, 17])
def test_a_full_disk_ends_the_cycle_and_the_files_are_whole_once_there_is_room(
    build: Callable[..., Town], monkeypatch: pytest.MonkeyPatch, room_for: int
) -> None:
    cramped, roomy = build("cramped", horizon_days=14), build("roomy", horizon_days=14)
    for town in (cramped, roomy):
        town.define()
    roomy.cycle(NOVEMBER_16)
    with monkeypatch.context() as during:
        _fill_the_disk(during, room_for)
        with pytest.raises(DiskError, match="the disk is full"):
            cramped.cycle(NOVEMBER_16)
    assert all(content == roomy.files()[path] for path, content in cramped.files().items())
    assert cramped.cycle(NOVEMBER_16).published == 1
    assert cramped.files() == roomy.files()


def _fill_the_disk(monkeypatch: pytest.MonkeyPatch, room_for: int) -> None:
    """From the n-th file on there is no room; each file is synced, and then its folder."""
    synced = 0
    fsync = os.fsync

    def cramped(number: int) -> None:
        nonlocal synced
        synced += 1
        if synced > 2 * room_for:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(number)

    monkeypatch.setattr(os, "fsync", cramped)


# What becomes of a review -------------------------------------------------------------------------------------------


def test_the_invitation_of_a_review_that_was_called_off_says_so(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    assert "STATUS:CONFIRMED" in town.read(f"agendas/{OPERATING}.ics")
    record = town.reviews()[OPERATING]
    with town.app.store.write() as db:
        reviews.save_many(db, [skipped(record, "Dev is ill", NOVEMBER_16)])
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "STATUS:CANCELLED" in town.read(f"agendas/{OPERATING}.ics")
    assert "SEQUENCE:1" in town.read(f"agendas/{OPERATING}.ics")


def test_the_agenda_of_a_review_that_a_person_put_off_tells_the_new_date(town: Town) -> None:
    """Its agenda would not be open yet; but it was written, and lies there."""
    town.define()
    town.cycle(NOVEMBER_16)
    start = at("2027-01-20 10:00")
    clocks = (("agenda_by", start.date()),)
    with town.app.store.write() as db:
        reviews.save_many(db, [moved(town.reviews()[OPERATING], start, clocks, "the plant is closed", NOVEMBER_16)])
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "Wed 20 Jan 2027" in town.read(AGENDA)


def test_an_agenda_is_left_alone_once_its_review_is_over(town: Town) -> None:
    town.define()
    end = max(record.review.end for id, record in _operating(town, NOVEMBER_16))
    town.cycle(end)
    before = town.read(AGENDA)
    report_cells(town, "0.27")
    town.cycle(end + timedelta(seconds=1))
    assert town.read(AGENDA) == before


def _operating(town: Town, now: Any) -> list[tuple[str, Any]]:
    town.cycle(now)
    return [(id, record) for id, record in town.reviews().items() if id == OPERATING]


def test_somebody_in_two_partnerships_has_one_calendar_for_both(town: Town) -> None:
    """However they spell the address."""
    town.define()
    town.define(
        partnership="halden-line",
        people={**written()["people"], "ines": {**INES, "email": "Ines.Falk@acme.example"}},
    )
    town.cycle(NOVEMBER_16)
    calendar = town.read("calendars/people/ines.falk@acme.example.ics").replace("\r\n ", "")
    uids = {town.reviews(id)[f"{id}/operating/2026-11"].review.uid for id in ("acme-globex", "halden-line")}
    assert all(f"UID:{uid}" in calendar for uid in uids)
    assert len([path for path in town.files() if "ines.falk" in path.casefold()]) == 1


@pytest.mark.parametrize(
    ("email", "file"),
    [
        ("o'neil+alliances@acme.example", "o'neil+alliances@acme.example.ics"),
        ("../x@acme.example", None),
        ("a/b@acme.example", None),
        (".hidden@acme.example", "%2Ehidden@acme.example.ics"),
        ("50%@acme.example", "50%25@acme.example.ics"),
    ],
)
def test_a_mail_address_names_a_file_and_nothing_else(town: Town, email: str, file: str | None) -> None:
    town.define(people={**written()["people"], "ines": {**INES, "email": email}})
    assert town.cycle(NOVEMBER_16).problems == (file is None)
    people = {path for path in town.files() if path.startswith("calendars/people/")}
    assert (f"calendars/people/{file}" in people) == (file is not None)
    assert {str(Path(path).parent) for path in people} <= {"calendars/people"}


def test_a_partnership_that_changes_while_it_is_published_is_published_again(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    report_cells(town, "0.27")

    corrections = ["0.28"]

    def a_colleague_corrects_what_was_just_written() -> None:
        if corrections and "0.27 GWh" in town.read(AGENDA):
            report_cells(town, corrections.pop())

    town.cycle(NOVEMBER_16 + timedelta(hours=1), between=a_colleague_corrects_what_was_just_written)
    assert not corrections
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "0.28 GWh" in town.read(AGENDA)
    with town.database() as db:
        assert partnerships.unpublished(db) == []


def test_figures_are_exact(town: Town) -> None:
    town.define()
    town.cycle(NOVEMBER_16)
    with town.app.store.write() as db:
        readings.add(db, replace(a_reading("0.30", "2026-10"), value=Decimal("0.2999999")))
    town.cycle(NOVEMBER_16 + timedelta(hours=1))
    assert "0.2999999 GWh" in town.read(AGENDA)
