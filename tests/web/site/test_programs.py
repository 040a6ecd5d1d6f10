"""Programs read what pages show, as JSON, with a token: what its organisation may see, and nothing of a person's own.

Acme and Globex are governed; Globex and Initech have an alliance of their own. Landed cost is internal to Acme.
"""

import json
import re
from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator
from openapi_spec_validator import validate

from scheduler.domain.errors import UnknownKpi
from scheduler.rules.access import JOINT
from scheduler.services.program_viewer import program_viewer
from scheduler.services.viewer import NotThere, Viewer
from scheduler.services.views.kpi_overview import kpi_overview
from scheduler.store import api_tokens, subscriptions
from scheduler.web.site import PAGES, openapi, paths
from scheduler.web.site.programs import is_for_programs
from tests.web.conftest import CELLS, CHIPS, NOW, Site

COST, CELLS_DELIVERED = f"{CELLS}/landed-cost", f"{CELLS}/cells-delivered"


def token(site: Site, **may: Any) -> str:
    secret = subscriptions.new_token()
    with site.app.store.write() as db:
        api_tokens.add(db, secret, "erp", NOW, **{"reads": True, "reports": False, **may})
    return secret


def read(site: Site, path: str, secret: str) -> Any:
    return site.client.get(path, headers={"authorization": f"Bearer {secret}"})


def viewer(site: Site, **may: Any) -> Viewer:
    secret = token(site, **may)
    with site.app.store.read() as db:
        row = api_tokens.opened_by(db, subscriptions.hashed(secret))
        assert row
        return program_viewer(site.app, db, row)


# Who may -------------------------------------------------------------------------------------------------------------


def test_a_token_that_only_reports_reads_nothing_and_one_that_only_reads_reports_nothing(pages: Site) -> None:
    reports, reads = token(pages, reports=True, reads=False), token(pages)
    refused = read(pages, f"/kpis/{CELLS_DELIVERED}.json", reports)
    assert refused.status_code == 403 and refused.json()["hint"] == "cadence token create NAME --may read"
    reading = {"kpi": CELLS_DELIVERED, "value": 0.31}
    said = pages.client.post("/api/readings", json=reading, headers={"authorization": f"Bearer {reads}"})
    assert said.status_code == 403 and said.json()["title"] == "Not for this token"


@pytest.mark.parametrize("bearer", ["Bearer", "Bearer x", "Basic YTpi", f"Bearer {'a' * 43}", "bearer  "])
def test_what_is_no_good_token_reads_nothing(pages: Site, bearer: str) -> None:
    answer = pages.client.get(f"/kpis/{CELLS_DELIVERED}.json", headers={"authorization": bearer})
    assert answer.status_code == 401 and CELLS not in answer.text


def test_a_token_that_was_revoked_reads_nothing(pages: Site) -> None:
    secret = token(pages)
    assert read(pages, f"/kpis/{CELLS_DELIVERED}.json", secret).status_code == 200
    with pages.app.store.write() as db:
        api_tokens.revoke(db, 1, NOW)
    assert read(pages, f"/kpis/{CELLS_DELIVERED}.json", secret).status_code == 401


def test_a_token_opens_no_page_and_does_nothing_on_one(pages: Site) -> None:
    headers = {"authorization": f"Bearer {token(pages)}"}
    page = pages.client.get(f"/kpis/{CELLS_DELIVERED}", headers=headers)
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, paths.SIGN_IN)
    act = pages.client.post(f"/kpis/{CELLS_DELIVERED}", data={"act": "report"}, headers=headers)
    assert act.status_code in (303, 403)


# What it sees --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("may", "sees"),
    [
        ({"organisation": "acme"}, {CELLS_DELIVERED, COST}),
        ({"organisation": "globex"}, {CELLS_DELIVERED}),
        ({"organisation": "initech"}, set()),
        ({}, {CELLS_DELIVERED}),
        ({"actor_level": True}, {CELLS_DELIVERED, COST}),
        ({"actor_level": True, "partnership": CELLS}, {CELLS_DELIVERED, COST}),
        ({"actor_level": True, "partnership": CHIPS}, set()),
        ({"organisation": "acme", "partnership": CHIPS}, set()),
    ],
)
def test_a_program_reads_the_kpis_that_its_token_is_for(pages: Site, may: dict[str, Any], sees: set[str]) -> None:
    secret = token(pages, **may)
    answers = {kpi: read(pages, f"/kpis/{kpi}.json", secret).status_code for kpi in (CELLS_DELIVERED, COST)}
    assert answers == {kpi: 200 if kpi in sees else 404 for kpi in (CELLS_DELIVERED, COST)}


def test_what_is_not_there_and_what_is_anothers_are_answered_alike(pages: Site) -> None:
    secret = token(pages, organisation="globex")
    hidden, missing = (read(pages, f"/kpis/{CELLS}/{key}.json", secret) for key in ("landed-cost", "landed-kost"))
    assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text)


@pytest.mark.parametrize(
    "path", ["/now.json", "/calendar.json", "/me/sessions.json", "/status.json", "/search.json?q=a"]
)
def test_what_is_a_persons_own_or_the_operators_is_no_programs(pages: Site, path: str) -> None:
    assert read(pages, path, token(pages, actor_level=True)).status_code == 404


def test_a_program_looks_as_nobody_else(pages: Site) -> None:
    answer = read(pages, f"/kpis/{COST}.json?as=acme", token(pages, organisation="globex"))
    assert answer.status_code == 404


def test_a_program_of_an_organisation_reads_the_partnerships_in_which_that_is_a_partner(pages: Site) -> None:
    def reached(**may: Any) -> set[str]:
        return set(viewer(pages, **may).seats)

    assert reached(organisation="globex") == reached() == {CELLS, CHIPS}
    assert reached(organisation="acme") == {CELLS} and reached(partnership=CHIPS) == {CHIPS}
    with pytest.raises(NotThere):
        viewer(pages, organisation="acme").audience(CHIPS)
    assert viewer(pages, actor_level=True).sees_all and not viewer(pages, actor_level=True, partnership=CELLS).sees_all


# The document --------------------------------------------------------------------------------------------------------


def the_document(pages: Site) -> dict[str, Any]:
    answer = read(pages, openapi.PATH, token(pages))
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def test_the_document_is_one_of_openapi_and_has_every_page_that_programs_may_read(pages: Site) -> None:
    document = the_document(pages)
    validate(document)
    twins = {re.sub(r"{(\w+):\w+}", r"{\1}", paths.twin(each.path)) for each in PAGES if is_for_programs(each)}
    assert set(document["paths"]) == {"/api/readings", *twins}


def test_without_a_token_there_is_no_document(pages: Site) -> None:
    assert pages.client.get(openapi.PATH).status_code == 401


def _there(pages: Site) -> dict[str, str]:
    """For each part of a path something that there is."""
    with pages.app.store.read() as db:
        review = db.exec_driver_sql(
            "SELECT id FROM review WHERE kind <> 'checkpoint' ORDER BY start_utc LIMIT 1"
        ).scalar_one()
    return {
        "partnerships": CELLS,
        "reviews": str(review),
        "kpis": CELLS_DELIVERED,
        "checkpoints": f"{CELLS}/checkpoint",
    }


@pytest.mark.parametrize("may", [{"actor_level": True}, {"organisation": "globex"}, {}])
def test_every_answer_is_what_the_document_says(pages: Site, may: dict[str, Any]) -> None:
    document, secret, there = the_document(pages), token(pages, **may), _there(pages)
    known = {"components": document["components"]}
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        asked = re.sub(r"{\w+}", there.get(path.split("/")[1], "?"), path)
        answer = read(pages, asked, secret)
        assert answer.status_code == 200, (asked, answer.text)
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        faults = [*Draft202012Validator({**known, **schema}).iter_errors(json.loads(answer.content))]
        assert not faults, (asked, faults[:2])


def test_faults_are_what_the_document_says(pages: Site) -> None:
    fault = Draft202012Validator(the_document(pages)["components"]["schemas"]["Fault"])
    for path, secret in ((f"/kpis/{CELLS}/x.json", token(pages)), (f"/kpis/{COST}.json", token(pages, reads=False))):
        fault.validate(read(pages, path, secret).json())


def test_nobodys_organisation_is_no_operator_on_the_page_of_a_kpi(pages: Site) -> None:
    """A neutral chair, and a token of no organisation, see what all partners may."""
    with pages.app.store.read() as db, pytest.raises(UnknownKpi):
        kpi_overview(pages.app, db, COST, NOW, JOINT)
