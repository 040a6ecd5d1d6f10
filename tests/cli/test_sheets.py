"""KPIs, actions and decisions for spreadsheet programs; agendas and minutes for Word. Saturday 21 November 2026."""

import csv
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.cli.conftest import Cadence
from tests.render.office.word_templates import letterhead

CELLS = "acme-globex/cells-delivered"
NEXT = "acme-globex/pipeline/2026-W48"
HELD = "acme-globex/operating/2026-10"


def rows(file: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig"), newline=""))]


def page(file: Path, name: str) -> list[dict[str, Any]]:
    heads, *values = load_workbook(file)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), each, strict=True)) for each in values]


def words_of(file: Path) -> str:
    return "\n".join(each.text for each in Document(str(file)).paragraphs)


def test_a_workbook_has_every_reading_with_what_was_corrected_and_what_is_missing(
    installation: Cadence, home: Path
) -> None:
    for value in ("0.25", "0.31"):
        assert (
            installation("kpi", "report", CELLS, value, "--period", "2026-10", "--note", "=1+1", "--by", "dev").status
            == 0
        )
    written = installation("sheets", "--partnership", "acme-globex", "--out", "acme.xlsx")
    assert written.status == 0 and written.out == "acme.xlsx is written.\n"
    assert load_workbook(home / "acme.xlsx").sheetnames == ["KPIs", "Actions", "Decisions"]
    october = [each for each in page(home / "acme.xlsx", "KPIs") if each["Id"] == CELLS and each["Period"] == "2026-10"]
    assert [(each["Value"], each["Counts"], each["Met"], each["Note"]) for each in october] == [
        (0.25, "no", "no", "=1+1"),
        (0.31, "yes", "yes", "=1+1"),
    ]
    [november] = [
        each for each in page(home / "acme.xlsx", "KPIs") if each["Id"] == CELLS and each["Period"] == "2026-11"
    ]
    assert (november["Status"], november["Value"], november["Target from"]) == ("open", None, 0.3)


def test_each_organisation_has_its_own_kpis_and_nobody_elses(installation: Cadence, home: Path) -> None:
    for side in ("acme", "globex"):
        assert installation("sheets", "--for", side, "--of", "kpis", "--out", f"{side}.csv").status == 0
    assert "Landed cost per kWh" in {each["kpi"] for each in rows(home / "acme.csv")}
    assert "Landed cost" not in (home / "globex.csv").read_text(encoding="utf-8-sig")


def test_decisions_and_actions_have_who_and_by_when(installation: Cadence, home: Path) -> None:
    (home / "minutes.md").write_text(
        "# Decisions\n- =cmd|' /C calc'!A0\n\n# Actions\n- Dev Patel: send the drawings by 2026-12-01\n",
        encoding="utf-8",
    )
    held = installation("review", "hold", HELD, "--minutes", "minutes.md", "--by", "ines", "--yes")
    assert held.status == 0, held.err
    assert installation("sheets", "--of", "decisions", "--out", "decided.csv").status == 0
    assert [each["says"] for each in rows(home / "decided.csv")] == ["'=cmd|' /C calc'!A0"]
    assert installation("sheets", "--of", "actions", "--out", "todo.xlsx").status == 0
    [action] = page(home / "todo.xlsx", "Actions")
    assert (action["Owner"], f"{action['Due']:%Y-%m-%d}", action["Status"]) == ("Dev Patel", "2026-12-01", "open")
    assert load_workbook(home / "todo.xlsx").sheetnames == ["Actions"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("--out", "x.ods"), "neither .xlsx nor .csv"),
        (("--out", "x.csv"), "a CSV file holds one table"),
        (("--of", "kpi", "--out", "x.csv"), "'kpi' is not one of"),
    ],
)
def test_a_file_that_is_none_is_a_wrong_call(installation: Cadence, call: tuple[str, ...], said: str) -> None:
    refused = installation("sheets", *call)
    assert refused.status == 2 and said in refused.err


def test_where_nothing_can_be_written_it_is_said(installation: Cadence) -> None:
    refused = installation("sheets", "--out", "nowhere/x.xlsx")
    assert refused.status == 1 and "cannot be written" in refused.err
    refused = installation("sheets", "--partnership", "acme-globx", "--out", "x.xlsx")
    assert refused.status == 1 and "did you mean acme-globex?" in refused.err


def test_an_agenda_is_written_for_word_each_brief_for_its_side(installation: Cadence, home: Path) -> None:
    for call, has_cost in ((("--for", "acme"), True), (("--for", "globex"), False), ((), False)):
        id = "acme-globex/operating/2026-12"
        assert installation("agenda", id, *call, "--docx", "agenda.docx").out == "agenda.docx is written.\n"
        tables = "".join(cell.text for t in Document(str(home / "agenda.docx")).tables for cell in t._cells)
        assert ("Landed cost" in tables) is has_cost
        assert words_of(home / "agenda.docx").startswith("Operating review")


def test_minutes_are_written_for_word_with_how_they_stand(installation: Cadence, home: Path) -> None:
    refused = installation("review", "show", HELD, "--docx", "minutes.docx")
    assert refused.status == 1 and f"{HELD} has no minutes" in refused.err
    (home / "minutes.md").write_text("# Decisions\n- go on\n\n# Internal: Acme\n- our margin\n", encoding="utf-8")
    call = ("review", "hold", HELD, "--minutes", "minutes.md", "--present", "ines,dev", "--by", "ines", "--yes")
    assert installation(*call).status == 0
    objection = ("review", "object", HELD, "--item", "!1", "--says", "we stop", "--by", "dev")
    assert installation(*objection).status == 0
    assert installation("review", "show", HELD, "--docx", "minutes.docx").status == 0
    words = words_of(home / "minutes.docx")
    assert words.startswith("Minutes of Operating review") and "Minutes\tdraft, objected to" in words
    assert "Present\tInès Falk (Acme" in words and 'objects to "go on": we stop' in words
    assert installation("review", "show", HELD, "--for", "globex", "--docx", "globex.docx").status == 0
    assert "our margin" in words and "our margin" not in words_of(home / "globex.docx")
    refused = installation("review", "show", HELD, "--for", "globx", "--docx", "other.docx")
    assert refused.status == 1 and "did you mean globex?" in refused.err


def test_the_operators_template_is_used_and_a_broken_one_is_told_and_gives_way(
    installation: Cadence, home: Path
) -> None:
    own = home / "config" / "templates" / "office" / "document.docx"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(letterhead())
    assert installation("agenda", NEXT, "--docx", "agenda.docx").status == 0
    assert Document(str(home / "agenda.docx")).sections[0].header.paragraphs[0].text == "Acme Motors SE, Berlin"
    assert installation("check").status == 0
    own.write_bytes(letterhead()[:-400])
    written = installation("agenda", NEXT, "--docx", "agenda.docx")
    assert written.status == 0 and "no .docx file" in written.err
    found = installation("check")
    assert found.status == 1 and "document.docx" in found.out and "no .docx file" in found.out
    shutil.move(own, own.with_name("Document.docx"))
    assert "is never read" in installation("check").out
