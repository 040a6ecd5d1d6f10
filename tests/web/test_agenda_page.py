"""The page of an agenda: for everybody of the partnership, or as one organisation sees it."""

import re
from typing import Any

import pytest

from scheduler.render.signed_links import AGENDA, signed
from scheduler.services.cases.kpis import report
from scheduler.store import secrets
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import link as report_link
from tests.web.forms.test_report_form import text

PIPELINE, OPERATING = f"{CELLS}/pipeline/2026-W49", f"{CELLS}/operating/2026-12"


def page(site: Site, review: str, organisation: str | None = None, person: str | None = None) -> Any:
    with site.app.store.write() as db:
        key = secrets.signing_key(db)
    said = {"review": review, "organisation": organisation, "person": person}
    return site.client.get(f"/agendas/{signed(key, AGENDA, said, None)}")


def test_an_agenda_is_a_page_that_loads_and_runs_nothing(still: Site) -> None:
    answer = page(still, OPERATING)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Operating review" in text(answer) and "Cells delivered" in text(answer)
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"


def test_each_audience_reads_its_own(still: Site) -> None:
    """The landed cost is Acme's own."""
    assert "Landed cost" in text(page(still, OPERATING, "acme"))
    for other in (None, "globex"):
        assert "Landed cost" not in text(page(still, OPERATING, other))


def test_an_agenda_shows_its_clocks_and_the_kpis_as_lines_in_pictures_without_a_style_of_their_own(
    site: Site,
) -> None:
    report(site.app, f"{CELLS}/landed-cost", "2026-10", "93.71", None, "uwe", NOW, "form", True)
    report(site.app, f"{CELLS}/cells-delivered", "2026-10", "0.24", None, "tom", NOW, "form", True)
    joint, own = page(site, OPERATING).text, page(site, OPERATING, "acme").text
    assert "Cells delivered: 0.24 GWh in 2026-10, missed, 20% below the target" in joint
    assert "93.71" not in joint and "93.71" in own
    assert 'class="pic-clocks" role="img" aria-label="' in joint
    assert "Agenda out" in joint and "style=" not in joint


def test_the_agenda_of_a_review_that_is_over_has_no_pictures_of_today(site: Site) -> None:
    site.clock.forward(days=40)
    assert "<svg" not in page(site, OPERATING).text


def test_what_a_person_wrote_into_the_agenda_is_on_the_page(site: Site) -> None:
    [file] = (site.app.settings.data / "agendas" / CELLS).glob("pipeline/2026-W48.md")
    file.write_text(file.read_text("utf-8") + "\n<script>alert(1)</script> bring the drawings\n", encoding="utf-8")
    shown = page(site, f"{CELLS}/pipeline/2026-W48")
    assert "bring the drawings" in text(shown) and "<script" not in shown.text


@pytest.mark.parametrize(
    ("review", "organisation"),
    [(f"{CELLS}/pipeline/2019-W01", None), ("nowhere/pipeline/2026-W49", None), (PIPELINE, "initech"), ("", None)],
)
def test_a_review_or_a_reader_that_is_there_no_more_opens_nothing(
    still: Site, review: str, organisation: str | None
) -> None:
    answer = page(still, review, organisation)
    assert answer.status_code == 410 and "This link is no longer good" in text(answer)


def test_a_foreign_token_opens_nothing_and_nothing_can_be_posted(still: Site) -> None:
    report = report_link(still)
    foreign = still.client.get(re.sub("^/report", "/agendas", report))
    assert foreign.status_code == 404
    assert still.client.post("/agendas/x").status_code == 405


def test_the_agenda_of_a_person_begins_with_the_time_on_their_own_clock(still: Site) -> None:
    shown = page(still, OPERATING, person="dev").text
    assert "<strong>Fri 18 Dec 2026, 09:00–10:00</strong>" in shown and "Dev Patel (America/Detroit)" in shown
    assert "on your clock" not in page(still, OPERATING).text


def test_tables_scroll_in_regions_with_a_name_and_no_element_has_a_style(still: Site) -> None:
    shown = page(still, OPERATING).text
    assert shown.count("<table") == shown.count('<div class="scroll" role="region" tabindex="0" aria-label="')
    assert " style=" not in shown
