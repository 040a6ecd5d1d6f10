"""The form for a criterion: Dev (Globex) judges whether both sides report from one dashboard.

It is Saturday 21 November 2026, 09:00 in Berlin; the 90-day checkpoint is on 30 December.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.verdict import Judgement
from scheduler.render.signed_links import judge_link
from scheduler.store import partnerships, secrets, verdicts
from tests.web.conftest import CELLS, NOW, AppOf, Site, definition, served
from tests.web.forms.test_report_form import FORM, text

CHECKPOINT = f"{CELLS}/checkpoint"
DASHBOARDS, COST = "dashboards", "cost"


@pytest.fixture
def inner(made: AppOf) -> Iterator[Site]:
    """A partnership with a criterion that rests on Acme's own KPI; nobody is named to judge it."""
    criteria = [
        {"id": DASHBOARDS, "says": "Both sides report from one <b>dashboard</b>", "owner": "dev"},
        {"id": COST, "says": "Cells cost what was agreed", "kpi": "landed-cost"},
    ]
    app = made(acme_globex=definition(success_at_90_days={"criteria": criteria}))
    yield from served(app)
    app.close()


def link(site: Site, criterion: str = DASHBOARDS, person: str = "dev", checkpoint: str = CHECKPOINT) -> str:
    with site.app.store.write() as db:
        key = secrets.signing_key(db)
    return judge_link("", key, checkpoint, criterion, person, NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def said(site: Site) -> dict[tuple[str, str], Judgement]:
    with site.app.store.read() as db:
        return verdicts.judgements(db, CELLS)


def test_it_says_what_is_judged_for_whom_and_when(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in (
        "Both sides report from one KPI dashboard",
        "90-day success checkpoint, Wed 30 Dec 2026",
        "Dev Patel",
    ):
        assert words in shown
    assert all(verdict in shown for verdict in ("Met", "Partly", "Missed", "Not measured")) and said(still) == {}


def test_a_verdict_is_recorded_and_can_be_corrected(site: Site) -> None:
    path = link(site)
    assert post(site, path, verdict="partly", evidence="mailed sheets").status_code == 303
    assert post(site, path, verdict="met", evidence="since Friday, all of it").headers["location"] == "?recorded"
    found = said(site)[CHECKPOINT, DASHBOARDS]
    assert (found.verdict, found.evidence, found.by, found.at) == ("met", "since Friday, all of it", "dev", NOW)
    shown = site.client.get(f"{path}?recorded")
    assert "Recorded. Thank you, Dev Patel" in text(shown) and 'value="met" checked' in shown.text
    assert site.changes == [NOW, NOW]


def test_the_same_word_once_more_is_not_written_twice(site: Site) -> None:
    for _ in range(2):
        post(site, link(site), verdict="met", evidence="all of it")
    with site.app.store.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM judgement").scalar_one() == 1


@pytest.mark.parametrize("verdict", ["", "great", "to be judged", "<b>"])
def test_what_is_no_verdict_comes_back_with_what_was_typed(still: Site, verdict: str) -> None:
    answer = post(still, link(still), verdict=verdict, evidence="as shown")
    assert answer.status_code == 422 and 'id="verdict-error"' in answer.text and "as shown</textarea>" in answer.text
    assert said(still) == {}


def test_evidence_that_cannot_be_kept_is_told_beside_it(still: Site) -> None:
    answer = post(still, link(still), verdict="met", evidence="x" * 2001)
    assert answer.status_code == 422 and 'id="evidence-error"' in answer.text and 'value="met" checked' in answer.text


def test_a_criterion_that_rests_on_one_organisations_kpi_is_its_own_to_judge(inner: Site) -> None:
    """Inès and Uwe of Acme may; Dev of Globex reads nothing of it."""
    assert inner.client.get(link(inner, COST, "dev")).status_code == 410
    assert post(inner, link(inner, COST, "dev"), verdict="met").status_code == 410
    assert "Landed cost per kWh" in text(inner.client.get(link(inner, COST, "ines")))
    assert post(inner, link(inner, COST, "uwe"), verdict="met", evidence="91.40 EUR").status_code == 303
    assert "<b>" not in inner.client.get(link(inner)).text


@pytest.mark.parametrize(
    ("criterion", "person", "checkpoint"),
    [
        ("gone", "dev", CHECKPOINT),
        (DASHBOARDS, "gone", CHECKPOINT),
        (DASHBOARDS, "dev", f"{CELLS}/gone/checkpoint"),
        (DASHBOARDS, "dev", f"{CELLS}/pipeline/2026-W49"),
        (DASHBOARDS, "dev", "nowhere/checkpoint"),
    ],
)
def test_what_is_there_no_more_is_judged_no_more(still: Site, criterion: str, person: str, checkpoint: str) -> None:
    path = link(still, criterion, person, checkpoint)
    assert still.client.get(path).status_code == post(still, path, verdict="met").status_code == 410
    assert said(still) == {}


def test_after_the_partnerships_end_nothing_is_judged(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert post(site, path, verdict="met").status_code == 410
