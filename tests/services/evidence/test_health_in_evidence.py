"""Of a health check evidence has the result that both sides read, and nothing by which one could count who answered."""

import json
from io import BytesIO
from zipfile import ZipFile

from scheduler.definitions.standards import standard
from scheduler.rules.access import asked_for
from scheduler.services.app import App
from scheduler.services.evidence.pack import Asked, make
from scheduler.settings.whole import shipped
from tests.health import CELLS, CLOSED, OPENS, ROUND, HealthCheck
from tests.services.cases.test_health_checks import app, check, everybody_says  # noqa: F401  (fixtures)
from tests.web.conftest import made  # noqa: F401  (a fixture)


def test_a_round_that_is_open_is_no_part_of_a_pack_yet(app: App, check: HealthCheck) -> None:  # noqa: F811
    wanted = Asked(asked_for("globex"), standard("iso-44001", shipped("standards")))
    pack = make(app, CELLS, OPENS, wanted)
    with ZipFile(BytesIO(pack.content)) as archive:
        assert "Health check 2027-H1" not in archive.read("index.html").decode()


def test_each_side_has_the_means_of_both_under_seal(app: App, check: HealthCheck) -> None:  # noqa: F811
    everybody_says(check, acme=5, globex=2)
    check.cycle(CLOSED)
    wanted = Asked(asked_for("globex"), standard("iso-44001", shipped("standards")))
    pack = make(app, CELLS, CLOSED, wanted)
    with ZipFile(BytesIO(pack.content)) as archive:
        rows = [json.loads(line) for line in archive.read("records.jsonl").decode().splitlines()]
        page = archive.read("index.html").decode()
    results = [each["says"] for each in rows if each["row"].startswith("health_result/")]
    assert {each["side"] for each in results} == {"acme", "globex"} and {each["round"] for each in results} == {ROUND}
    assert all(set(each) == {"round", "area", "side", "light", "mean", "change", "gap"} for each in results)
    assert not any(each["row"].startswith(("health_answer", "health_asked", "health_spent")) for each in rows)
    assert "Health check 2027-H1" in page and pack.facts.faults == ()
