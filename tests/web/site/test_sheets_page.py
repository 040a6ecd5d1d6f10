"""KPIs, actions and decisions for spreadsheets, from the pages of a partnership and of the portfolio."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from scheduler.render.office import extra
from scheduler.web.site import paths, portfolio_page
from tests.web.conftest import CELLS, CHIPS, DEV, INES, Site
from tests.web.site.conftest import OPERATOR, SignIn

SHEETS = paths.sheets(CELLS)
SAVED = "content-disposition"


def kpis(answer: Any) -> set[str]:
    """The ids of the KPIs in a workbook."""
    assert answer.status_code == 200, answer.text
    heads, *rows = load_workbook(BytesIO(answer.content))["KPIs"].iter_rows(values_only=True)
    return {str(row[heads.index("Id")]) for row in rows}


def test_each_side_has_its_own_and_an_operator_all_or_what_a_side_has(sign_in: SignIn) -> None:
    cost, cells = f"{CELLS}/landed-cost", f"{CELLS}/cells-delivered"
    for browser, query, has_cost in (
        (sign_in(INES), "", True),
        (sign_in(DEV), "", False),
        (sign_in(OPERATOR), "", True),
        (sign_in(OPERATOR), "?as=globex", False),
    ):
        found = kpis(browser.get(f"{SHEETS}{query}"))
        assert cells in found and (cost in found) is has_cost
        told = browser.get(f"{SHEETS}{query}{'&' if query else '?'}of=kpis")
        assert told.headers["content-type"] == "text/csv; charset=utf-8" and (cost in told.text) is has_cost


def test_what_is_no_table_and_what_is_anothers_is_not_there(sign_in: SignIn) -> None:
    assert sign_in(INES).get(f"{SHEETS}?of=people").status_code == 404
    assert sign_in(INES).get(paths.sheets(CHIPS)).status_code == 404
    assert sign_in(OPERATOR).get(f"{SHEETS}?as=nobody").status_code == 404


def test_it_is_offered_where_it_can_be_had(pages: Site, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    page, portfolio = paths.partnership(CELLS), paths.PORTFOLIO
    assert "as a workbook" in sign_in(INES).text(page) and "as a workbook" in sign_in(INES).text(portfolio)
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    for each in (page, portfolio):
        assert "as a workbook" not in sign_in(INES).text(each) and "of=actions" in sign_in(INES).get(page).text
    refused = sign_in(INES).get(SHEETS)
    assert refused.status_code == 422 and "XlsxWriter, which is not installed" in refused.text
    assert sign_in(INES).get(f"{SHEETS}?of=decisions").status_code == 200, "CSV needs no extra"


def test_as_of_a_past_day_it_is_what_was_on_record_then(pages: Site, sign_in: SignIn) -> None:
    pages.clock.forward(days=30)
    today, then = (sign_in(INES).get(f"{SHEETS}?of=kpis{on}").text for on in ("", "&on=2026-11-21"))
    assert "2026-12" in today and "2026-12," not in then and "2026-11" in then


def test_the_portfolio_has_those_that_it_was_filtered_to(sign_in: SignIn) -> None:
    of_all = kpis(sign_in(DEV).get(f"{paths.PORTFOLIO}?export=xlsx"))
    assert {each.partition("/")[0] for each in of_all} == {CELLS, CHIPS} and f"{CELLS}/landed-cost" not in of_all
    found = sign_in(DEV).get(f"{paths.PORTFOLIO}?export=kpis&q=initech")
    assert CHIPS in found.text and CELLS not in found.text
    assert "partnerships-kpis.csv" in found.headers[SAVED]
    assert sign_in(INES).get(f"{paths.PORTFOLIO}?export=nothing").status_code == 404
    assert {each.partition("/")[0] for each in kpis(sign_in(INES).get(f"{paths.PORTFOLIO}?export=xlsx"))} == {CELLS}


def test_of_very_many_the_way_out_is_told(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio_page, "MOST", 1)
    refused = sign_in(OPERATOR).get(f"{paths.PORTFOLIO}?export=xlsx")
    assert refused.status_code == 422 and "cadence sheets --out" in refused.text
    told = sign_in(DEV).get(f"{paths.PORTFOLIO}?export=xlsx")
    assert told.status_code == 422 and "choose fewer" in told.text and "cadence sheets" not in told.text
