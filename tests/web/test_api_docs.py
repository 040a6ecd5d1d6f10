"""What docs/api.md shows is what is asked and answered. It is Saturday 21 November 2026; a program of Globex reports
October."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from scheduler.store import api_tokens, subscriptions
from scheduler.web import api
from tests.web.conftest import CELLS, NOW, Site

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def shown_request() -> Any:
    """The body of the page's curl call."""
    call = next(text for text in blocks("sh") if text.startswith("curl"))
    words = shlex.split(call)
    return json.loads(words[words.index("--json") + 1])


def test_the_page_shows_a_call_and_its_two_kinds_of_answer(site: Site) -> None:
    token = subscriptions.new_token()
    with site.app.store.write() as db:
        api_tokens.add(db, token, "erp", NOW, partnership=CELLS, organisation="globex")
    headers = {"authorization": f"Bearer {token}"}
    taken = site.client.post("/api/readings", json=shown_request(), headers=headers)
    too_soon = site.client.post("/api/readings", json={**shown_request(), "period": "2026-11"}, headers=headers)
    assert [taken.status_code, too_soon.status_code] == [200, 422]
    assert [taken.json(), too_soon.json()] == [json.loads(text) for text in blocks("json")]


def test_every_status_that_the_page_names_is_one_that_the_api_has() -> None:
    named = {int(status) for cell in re.findall(r"^\| ([\d, ]+) \|", PAGE, re.MULTILINE) for status in cell.split(",")}
    assert named == set(api._TITLES)
