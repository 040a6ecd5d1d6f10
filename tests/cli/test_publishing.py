"""`cadence agenda` and `cadence export`: agendas and calendars where people want them. Saturday 21 November 2026."""

import shutil
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.conftest import Cadence, define
from tests.recorded import RECORD

AUDIT = "acme-globex/health-audit/2027-Q1"
NEXT = "acme-globex/pipeline/2026-W48"
EXPORTED = RECORD / "exported"


class TestAgenda:
    def test_a_joint_agenda_shows_the_network_level_alone(self, installation: Cadence) -> None:
        printed = installation("agenda", "acme-globex/operating/2026-12").out
        assert "Cells delivered" in printed
        assert "Landed cost" not in printed
        assert "Agenda owner: **Inès Falk**" in printed

    def test_an_internal_brief_adds_the_organisations_own_and_nobody_elses(self, installation: Cadence) -> None:
        assert "Landed cost" in installation("agenda", "acme-globex/operating/2026-12", "--for", "acme").out
        assert "Landed cost" not in installation("agenda", "acme-globex/operating/2026-12", "--for", "globex").out

    def test_any_review_has_one_on_any_day(self, installation: Cadence) -> None:
        assert installation("agenda", AUDIT).out.startswith("<!--")
        assert installation("agenda", "acme-globex/pipeline/2026-W41").status == 0

    def test_what_people_wrote_into_the_daemons_file_is_kept(self, installation: Cadence, home: Path) -> None:
        file = home / "data" / "agendas" / f"{NEXT}.md"
        file.write_text(file.read_text(encoding="utf-8") + "\nBring the samples.\n", encoding="utf-8")
        assert installation("agenda", NEXT).out.endswith("\nBring the samples.\n")

    def test_a_page_of_html_can_be_had(self, installation: Cadence) -> None:
        page = installation("agenda", NEXT, "--html").out
        assert page.lower().startswith("<!doctype html>") and 'class="pic-clocks"' in page

    def test_it_is_edited_by_a_file_and_begun_anew(self, installation: Cadence, home: Path) -> None:
        before = installation("agenda", NEXT).out
        (home / "mine.md").write_text(before + "\nBring the samples.\n", encoding="utf-8")
        assert "is version 1 now" in installation("agenda", "edit", NEXT, "mine.md", "--by", "ines").out
        assert "reads so already" in installation("agenda", "edit", NEXT, "mine.md").out
        assert installation("agenda", NEXT).out.endswith("\nBring the samples.\n")
        assert "is as its template has it" in installation("agenda", "reset", NEXT, "--by", "ines").out
        assert "was never edited" in installation("agenda", "reset", NEXT).out
        assert installation("agenda", NEXT).out == before

    def test_a_file_that_is_no_agenda_is_refused_with_the_way_out(self, installation: Cadence, home: Path) -> None:
        (home / "mine.md").write_bytes(b"\xff\xfe\xff")
        (home / "empty.md").write_text(" \n", encoding="utf-8")
        (home / "broken.md").write_text("<!-- figures: kpis -->\n<!-- end figures: risks -->\n", encoding="utf-8")
        for file, told in (("mine.md", "no UTF-8 text"), ("empty.md", "is empty"), ("broken.md", "find their place")):
            refused = installation("agenda", "edit", NEXT, file)
            assert refused.status == 1 and told in refused.err

    def test_a_pdf_of_it_is_written(self, installation: Cadence, home: Path) -> None:
        assert installation("agenda", NEXT, "--pdf", "agenda.pdf").status == 0
        assert (home / "agenda.pdf").read_bytes().startswith(b"%PDF-")
        assert installation("agenda", NEXT, "--pdf", "nowhere/agenda.pdf").status == 1

    def test_an_organisation_that_is_none_gets_none(self, installation: Cadence) -> None:
        assert installation("agenda", NEXT, "--for", "globx").status == 1


class TestExport:
    @pytest.fixture
    def out(self, installation: Cadence, home: Path) -> Path:
        """A layer of few reviews would do; so the cadence is thinned to be quick."""
        define(home, reviews={"pipeline": {"every": "year"}, "operating": {"every": "half-year"}})
        installation("plan", "acme-globex", "--allow-cancellations")
        assert installation("once").status == 0
        assert installation("export", "--out", "out").status == 0
        return home / "out"

    def test_calendars_of_the_partnership_and_of_each_person(self, out: Path) -> None:
        assert [file.name for file in sorted((out / "calendars" / "people").iterdir())] == [
            "dev.patel@globex.example.ics",
            "ines.falk@acme.example.ics",
            "june.okafor@globex.example.ics",
            "marta.bauer@acme.example.ics",
            "tom.reyes@globex.example.ics",
            "uwe.brandt@acme.example.ics",
        ]
        calendar = Calendar.from_ical((out / "calendars" / "acme-globex.ics").read_bytes())
        assert any("90-day" in str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))

    def test_agendas_for_all_in_the_window_with_internal_briefs_of_those_who_have_kpis_of_their_own(
        self, out: Path
    ) -> None:
        audits = {file.name for file in (out / "agendas" / "acme-globex" / "health-audit").iterdir()}
        assert audits >= {"2027-Q1.md", "2027-Q1.html", "2027-Q1.ics", "2027-Q1.acme.md", "2027-Q4.md"}
        assert "2027-Q1.globex.md" not in audits

    def test_an_internal_kpi_is_in_nothing_that_all_may_read(self, out: Path) -> None:
        shared = [file for file in out.rglob("*") if file.is_file() and ".acme." not in file.name]
        to_all = [file for file in shared if "acme.example" not in file.name]
        assert len(to_all) > 30
        for file in to_all:
            text = file.read_bytes().replace(b"\r\n ", b"")
            assert b"Landed cost" not in text and b"landed-cost" not in text, file

    def test_a_second_time_nothing_is_written(self, installation: Cadence, out: Path) -> None:
        assert ", 0 of them new or changed." in installation("export", "--out", "out").out

    def test_an_edited_agenda_keeps_its_words_and_gets_fresh_figures(self, installation: Cadence, out: Path) -> None:
        file = out / "agendas" / f"{AUDIT}.md"
        file.write_text(file.read_text(encoding="utf-8") + "\nOur own words.\n", encoding="utf-8")
        installation("kpi", "report", "acme-globex/cells-delivered", "0.1234")
        installation("export", "--out", "out")
        text = file.read_text(encoding="utf-8")
        assert text.endswith("\nOur own words.\n")
        assert "0.1234" in text

    def test_one_that_an_earlier_version_exported_is_written_anew_unless_somebody_edited_it(
        self, installation: Cadence, out: Path
    ) -> None:
        """Head, styles and the regions around tables of its page are of another version, and no edit."""
        audits = out / "agendas" / "acme-globex" / "health-audit"
        for name in ("2027-Q1", "2027-Q2"):
            for ending in ("md", "html"):
                shutil.copy(EXPORTED / f"2027-Q1.{ending}", audits / f"{name}.{ending}")
        edited = audits / "2027-Q2.md"
        edited.write_text(edited.read_text(encoding="utf-8").replace("Balance:", "**Balance**:"), encoding="utf-8")
        assert installation("export", "--out", "out").status == 0
        assert (audits / "2027-Q1.md").read_text(encoding="utf-8") == installation("agenda", AUDIT).out
        assert "**Balance**:" in edited.read_text(encoding="utf-8")

    def test_the_agenda_of_a_review_that_was_held_stays_as_it_was(self, installation: Cadence, out: Path) -> None:
        audit = "acme-globex/health-audit/2026-Q4"
        file = out / "agendas" / f"{audit}.md"
        before = file.read_text(encoding="utf-8")
        installation("review", "hold", audit)
        installation("kpi", "report", "acme-globex/cells-delivered", "0.1234")
        installation("export", "--out", "out")
        assert file.read_text(encoding="utf-8") == before

    def test_one_partnership_can_be_exported(self, installation: Cadence) -> None:
        assert installation("export", "--out", "other", "--partnership", "acme-globx").status == 1

    def test_a_file_in_the_way_is_told(self, installation: Cadence, home: Path) -> None:
        (home / "out").write_text("in the way")
        assert installation("export", "--out", "out").status == 2


def test_once_and_status_name_an_agenda_whose_marks_somebody_broke(installation: Cadence, home: Path) -> None:
    [agenda, *_] = sorted((home / "data" / "agendas").rglob("2026-*.md"))
    agenda.write_text(
        agenda.read_text(encoding="utf-8").replace("<!-- end figures", "<!-- end figure"), encoding="utf-8"
    )
    define(home, goal="5 GWh of cells a year.")
    said = installation("once")
    assert f"the figures of {agenda} are not renewed: " in said.err
    assert f"the figures of {agenda} are not renewed: " in installation("status").out
    assert agenda.read_text(encoding="utf-8").startswith("<!-- figures not renewed -->\n> **The figures")
