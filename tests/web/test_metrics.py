"""/metrics: what a monitoring program is told, and who is told nothing.

Dev owes a KPI since October; the letters of the first cycle lie in their channels.
"""

import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from scheduler.domain.record.rsvp import Outcome
from scheduler.rules.access import OPERATOR
from scheduler.services.app import App
from scheduler.services.pipeline.cycle import run
from scheduler.services.views.installation.monitored import ProcessCounts
from scheduler.services.views.overdue import overdue
from scheduler.services.views.status import status
from scheduler.settings import Web
from scheduler.store import clock, faults, rsvps
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.builders import at

from .conftest import DEV, NOW, AppOf, Clock, subscribe

DOCS = Path(__file__).resolve().parents[2] / "docs" / "monitoring"


class Watched:
    """An app, the counts of its process, and clients at the other end of a connection."""

    def __init__(self, app: App) -> None:
        self.app, self.clock, self.counts = app, Clock(NOW), ProcessCounts()
        copies = FeedCache(app, self.clock)
        work = UnitOfWork(app, self.clock, lambda: None)
        self._asgi = application(lambda: copies, lambda: work, lambda: True, self.counts)

    def ask(self, path: str = "/metrics", peer: str = "127.0.0.1", **headers: str) -> Any:
        with TestClient(self._asgi, base_url="http://127.0.0.1:8377", client=(peer, 50000)) as client:
            return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def status(self, peer: str = "127.0.0.1", **headers: str) -> int:
        return int(self.ask(peer=peer, **headers).status_code)

    def figures(self) -> dict[tuple[str, ...], float]:
        text = self.ask().text
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
def watched(app: App) -> Watched:
    return Watched(app)


@pytest.fixture
def inside(made: AppOf) -> Iterator[Watched]:
    """One that may be watched from 10.20.0.0/16."""
    opened = made(web=Web(listen="127.0.0.1:0", metrics_from=(ip_network("10.20.0.0/16"), ip_network("2001:db8::/32"))))
    yield Watched(opened)
    opened.close()


def test_figures_are_read_on_the_machine_itself(watched: Watched) -> None:
    assert watched.status("127.0.0.1") == watched.status("::1") == 200


@pytest.mark.parametrize(
    ("peer", "status"),
    [
        ("10.20.255.255", 200),
        ("10.21.0.0", 404),
        ("::ffff:10.20.0.1", 200),
        ("2001:db8::9", 200),
        ("2001:db9::9", 404),
        ("127.0.0.1", 404),
        ("testclient", 404),
    ],
)
def test_figures_are_read_from_the_named_networks_alone(inside: Watched, peer: str, status: int) -> None:
    assert inside.status(peer) == status


def test_a_request_that_a_proxy_passed_on_is_answered_like_an_address_that_is_not_there(watched: Watched) -> None:
    for header in (
        "x_forwarded_for",
        "forwarded",
        "via",
        "x_real_ip",
        "x_forwarded_proto",
        "x_forwarded_host",
        "remote_email",
    ):
        assert watched.status("127.0.0.1", **{header: "127.0.0.1"}) == 404
    assert watched.ask(x_real_ip="127.0.0.1").text == watched.ask("/not-there").text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8377", 200), ("[::1]:8377", 200), ("localhost:8377", 200), (socket.gethostname(), 200),
        ("cadence.acme.example", 404), ("cadence", 404), ("evil.example:8377", 404), ("", 404), ("[::1", 404),
    ],
)  # fmt: skip
def test_figures_are_asked_for_by_an_address_or_the_machines_own_name(watched: Watched, host: str, status: int) -> None:
    """A proxy that says nothing of itself still brings the name that people asked for, or its own word for us."""
    assert watched.status("127.0.0.1", host=host) == status


def test_what_is_on_record_is_counted(watched: Watched) -> None:
    found = watched.figures()
    assert found["cadence_partnerships",] == 2
    assert found["cadence_last_cycle_age_seconds",] == 0
    assert found["cadence_definition_problems",] == found["cadence_plans_waiting",] == 0
    assert found["cadence_database_bytes",] > 100_000
    assert ("cadence_build_info", "0.1.0") in found


def test_the_age_of_the_last_backup_is_told_once_there_is_one_and_the_room_on_the_disk(watched: Watched) -> None:
    assert ("cadence_last_backup_age_seconds",) not in watched.figures()
    with watched.app.store.write() as db:
        clock.keep(db, clock.BACKUP, NOW, note="/srv/backups/cadence.db")
    watched.clock.forward(hours=49)
    found = watched.figures()
    assert found["cadence_last_backup_age_seconds",] == 49 * 3600
    assert found["cadence_disk_free_bytes",] > 0


def test_the_age_of_the_last_cycle_grows(watched: Watched) -> None:
    watched.clock.forward(minutes=45)
    assert watched.figures()["cadence_last_cycle_age_seconds",] == 45 * 60


def test_what_is_overdue_is_counted_by_the_rung_it_has_reached(watched: Watched) -> None:
    watched.clock.now = at("2027-01-29 12:00")
    run(watched.app, watched.clock.now)
    late = overdue(watched.app, None, watched.clock.now, OPERATOR)
    counted = {key[1]: value for key, value in watched.figures().items() if key[0] == "cadence_overdue_kpis"}
    assert counted == Counter(each.flag.rung for each in late) and counted


def test_letters_are_counted_by_channel_and_state_and_the_oldest_has_its_age(watched: Watched) -> None:
    now = at("2027-01-29 12:00")
    run(watched.app, now)
    watched.clock.now = now
    watched.clock.forward(hours=2)
    found = watched.figures()
    assert found["cadence_letters", "mail", "due"] > 0
    assert found["cadence_oldest_due_letter_age_seconds",] == 2 * 3600


def test_reviews_that_are_over_are_counted_as_the_status_counts_them(watched: Watched) -> None:
    watched.clock.now = at("2027-01-29 12:00")
    told = status(watched.app, Path("cadence.yaml"), watched.clock.now, OPERATOR).governed
    assert watched.figures()["cadence_reviews_to_close",] == len(told.to_close) > 0


def test_faults_are_counted_by_what_has_them(watched: Watched) -> None:
    with watched.app.store.write() as db:
        faults.note(db, "channel:mail", "it is down", "wait", NOW)
        faults.note(db, "channel:acme-teams", "it is down", "wait", NOW)
    assert watched.figures()["cadence_faults", "channel"] == 2


def test_mail_that_came_is_counted_by_what_became_of_it(watched: Watched) -> None:
    with watched.app.store.write() as db:
        for number, outcome in enumerate((Outcome.AUTOMATIC, Outcome.UNAUTHENTIC, Outcome.AUTOMATIC)):
            rsvps.note_letter(db, f"digest-{number}", outcome, NOW)
    found = watched.figures()
    assert found["cadence_mail_received_total", "automatic"] == 2
    assert found["cadence_mail_received_total", "unauthentic"] == 1


def test_cycles_of_the_process_are_counted_by_their_seconds(watched: Watched) -> None:
    for seconds in (0.05, 0.051, 400.0):
        watched.counts.cycle_took(seconds)
    watched.counts.cycles_failed += 1
    found = watched.figures()
    assert found["cadence_cycle_seconds_bucket", "0.05"] == 1
    assert found["cadence_cycle_seconds_bucket", "0.25"] == found["cadence_cycle_seconds_bucket", "300.0"] == 2
    assert found["cadence_cycle_seconds_bucket", "+Inf"] == found["cadence_cycle_seconds_count",] == 3
    assert found["cadence_cycle_seconds_sum",] == pytest.approx(400.101)
    assert found["cadence_cycles_failed_total",] == 1


def test_requests_for_feeds_are_counted_by_their_answer(watched: Watched) -> None:
    token = subscribe(watched.app, email=DEV)
    for path in (token, token, "A" * 43):
        watched.ask(f"/calendars/{path}.ics")
    found = watched.figures()
    assert found["cadence_feed_requests_total", "200"] == 2 and found["cadence_feed_requests_total", "404"] == 1


def test_figures_name_nobody_and_nothing_that_is_governed(watched: Watched) -> None:
    text = watched.ask().text
    assert not re.search(r"acme|globex|initech|@|dev|cells", text.replace("cadence_", ""), re.IGNORECASE)


def test_who_speaks_openmetrics_is_answered_so(watched: Watched) -> None:
    answer = watched.ask(accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


# What stands in the docs --------------------------------------------------------------------------------------------


def _names(expression: str) -> set[str]:
    return set(re.findall(r"\bcadence_[a-z_]+", expression))


def _exposed(watched: Watched) -> set[str]:
    """Every name of a sample that there can be: of each labelled family, too, of which nothing is counted yet."""
    text = watched.ask().text
    of_samples = {name for name, *_ in watched.figures()}
    return of_samples | set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


def test_every_alert_rule_refers_to_figures_that_there_are(watched: Watched) -> None:
    rules = yaml.safe_load((DOCS / "alerts.yaml").read_text("utf-8"))
    all_rules = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len(all_rules) >= 8
    for rule in all_rules:
        assert _names(rule["expr"]) and _names(rule["expr"]) <= _exposed(watched), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"] and rule["annotations"]["what_to_do"]


def test_every_panel_of_the_dashboard_shows_figures_that_there_are(watched: Watched) -> None:
    board = json.loads((DOCS / "dashboard.json").read_text("utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    assert len(shown) >= 10
    for expression in shown:
        assert _names(expression) and _names(expression) <= _exposed(watched), expression


def test_the_docs_explain_every_figure(watched: Watched) -> None:
    page = (DOCS.parent / "monitoring.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(cadence_[a-z_]+)", page, re.MULTILINE))
    text = watched.ask().text
    assert told == set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
