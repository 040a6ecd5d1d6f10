"""`cadence token`: what lets programs report is shown once, held to what it was made for, and ended by a word."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence


def test_a_token_is_shown_once_with_a_call_to_paste(installation: Cadence, home: Path) -> None:
    told = installation("token", "create", "plant", "--partnership", "acme-globex", "--organisation", "globex").out
    assert "Token 1, plant, reports for acme-globex as globex" in told and "It is not shown again." in told
    [token] = set(re.findall(r"[A-Za-z0-9_-]{43}", told))
    assert f"curl http://127.0.0.1:8377/api/readings -H 'Authorization: Bearer {token}'" in told
    assert token not in installation("token", "list").out + installation("token", "list", "--json").out
    assert not any(token.encode() in file.read_bytes() for file in home.rglob("cadence.db*"))


def test_the_call_to_paste_is_for_a_kpi_and_a_period_that_the_token_may_report(
    installation: Cadence, home: Path
) -> None:
    def example(*options: str) -> dict[str, str]:
        told = installation("token", "create", "plant", *options).out
        found: dict[str, str] = json.loads(told.partition("--json '")[2].partition("'")[0])
        return found

    assert example() == {"kpi": "acme-globex/cells-delivered", "period": "2026-10", "value": "FIGURE"}
    installation("kpi", "report", "acme-globex/cells-delivered", "0.31")
    assert example("--organisation", "acme")["kpi"] == "acme-globex/landed-cost"
    hidden = installation("token", "create", "plant", "--organisation", "globex").out
    assert "curl" not in hidden and "nothing that it may report waits for a reading today" in hidden


def test_as_json_it_is_one_document(installation: Cadence) -> None:
    told = json.loads(installation("token", "create", "plant", "--json").out)
    assert len(told["token"]) == 43 and told["url"].endswith("/api/readings")
    assert (told["name"], told["partnership"], told["organisation"]) == ("plant", None, None)
    [listed] = json.loads(installation("token", "list", "--json").out)
    assert listed == {key: value for key, value in told.items() if key not in ("token", "url")}


def test_what_is_revoked_stays_on_the_list_and_is_not_revoked_twice(installation: Cadence) -> None:
    installation("token", "create", "plant")
    assert installation("token", "revoke", "1").out == "Token 1, plant, is revoked.\n"
    assert "2026-11-21 08:00 UTC" in installation("token", "list").out
    again = installation("token", "revoke", "1")
    assert (again.status, "was revoked on 2026-11-21" in again.err) == (1, True)


def test_without_any_it_says_how_to_create_one(installation: Cadence) -> None:
    assert "cadence token create NAME" in installation("token", "list").out
    assert installation("token", "list", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("call", "status", "says"),
    [
        (("create", "x", "--partnership", "acme-globx"), 1, "did you mean acme-globex?"),
        (("create", "x", "--organisation", "globx"), 1, "did you mean globex?"),
        (("create", "x", "--partnership", "acme-globex", "--organisation", "initech"), 1, "there is no organisation"),
        (("create", " "), 2, "it is empty"),
        (("create",), 2, "Missing argument"),
        (("revoke", "7"), 1, "there is no token 7"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(
    installation: Cadence, call: tuple[str, ...], status: int, says: str
) -> None:
    told = installation("token", *call)
    assert told.status == status and says in told.err and "Traceback" not in told.err
    assert installation("token", "list", "--json").out == "[]\n"


def test_a_token_says_what_it_may_and_one_that_reads_has_a_call_to_try(installation: Cadence) -> None:
    reads = installation("token", "create", "pack", "--organisation", "globex", "--may", "read").out
    assert "Token 1, pack, reads for all partnerships as globex" in reads and "/portfolio.json -H" in reads
    assert "--json" not in reads
    both = installation("token", "create", "erp", "--may", "read", "--may", "report", "--actor-level").out
    assert "Token 2, erp, reports and reads every level for all partnerships" in both
    listed = json.loads(installation("token", "list", "--json").out)
    assert [(each["reports"], each["reads"], each["actor_level"]) for each in listed] == [
        (False, True, False), (True, True, True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--actor-level",), "such a token reads nothing"),
        (("--may", "read", "--organisation", "acme", "--actor-level"), "an organisation reads what is internal to it"),
    ],
)
def test_what_does_not_go_together_makes_no_token(installation: Cadence, options: tuple[str, ...], says: str) -> None:
    told = installation("token", "create", "x", *options)
    assert told.status == 1 and says in told.err
