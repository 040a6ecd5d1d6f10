"""The form: Tom (Globex, Detroit) reports the cells of October from his reminder, three days after they were due.

It is Saturday 21 November 2026, 09:00 in Berlin and 03:00 in Detroit. Uwe (Acme) owns the landed cost, which no other
partner may see.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.render.signed_links import report_link
from scheduler.services.app import App
from scheduler.store import flags, partnerships, readings, secrets
from tests import builders
from tests.builders import CELLS_DELIVERED, LANDED_COST, at
from tests.web.conftest import CELLS, NOW, AppOf, Site, an_app, definition, rename, served
from tests.web.test_api import a_token, send

OCTOBER = f"{CELLS}/cells-delivered"
COST = f"{CELLS}/landed-cost"
READY = f"{CELLS}/line-ready"
MILESTONE = {**CELLS_DELIVERED, "name": "Line ready", "unit": None, "target": "yes"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def link(site: Site, kpi: str = OCTOBER, period: str = "2026-10", person: str = "tom", days: float = 30) -> str:
    """The path that a reminder leads to."""
    with site.app.store.write() as db:
        key = secrets.signing_key(db)
    return report_link("", key, kpi, period, person, NOW + timedelta(days=days))


def post(site: Site, path: str, headers: dict[str, str] | None = None, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers={**FORM, **(headers or {})})


def on_record(site: Site, kpi: str = OCTOBER) -> list[Reading]:
    with site.app.store.read() as db:
        return readings.history(db, kpi)


def text(answer: Any) -> str:
    """The words of a page."""
    bare = re.sub(r"<style.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(bare).split())


@pytest.fixture
def hostile(made: AppOf) -> Iterator[Site]:
    """An app whose definition holds markup, and a milestone."""
    tom = {**builders.TOM, "name": "<script>alert(1)</script>"}
    people = {**builders.written()["people"], "tom": tom}
    kpis = {"cells-delivered": {**CELLS_DELIVERED, "name": "{{ 7 * 7 }} <b>&"}, "line-ready": MILESTONE}
    success = {"criteria": [{"id": "cells", "says": "Cells arrive", "kpi": "cells-delivered"}]}
    text = definition(people=people, kpis=kpis, success_at_90_days=success)
    app = made(acme_globex=text)
    yield from served(app)
    app.close()


# What it shows ------------------------------------------------------------------------------------------------------


def test_it_says_for_whom_it_is_and_what_is_owed_since_when(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in (
        "Acme × Globex battery cells",
        "Cells delivered",
        "2026-10 (Thu 1 Oct 2026 to Sat 31 Oct 2026)",
        "at least 0.3 GWh",
        "Due Fri 13 Nov 2026",
        "Overdue since Sat 14 Nov 2026",
        "Value in GWh",
        "This form is for Tom Reyes",
    ):
        assert words in shown


def test_to_look_changes_nothing_however_often(still: Site) -> None:
    """Mail scanners follow every link before its reader does."""
    path = link(still)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        still.client.request(method, path, params={"value": "0.31"})
    assert on_record(still) == [] and still.changes == []


def test_a_page_loads_runs_keeps_and_tells_nothing(site: Site) -> None:
    path = link(site)
    for answer in (site.client.get(path), post(site, path, value="x"), site.client.get("/report/x")):
        policy = answer.headers["content-security-policy"]
        nonce = re.findall(r'<style nonce="([^"]+)"', answer.text)
        assert policy == (
            f"default-src 'none'; style-src 'nonce-{nonce[0]}'; form-action 'self'; frame-ancestors 'none'; "
            "base-uri 'none'"
        )
        assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
        assert "http" not in answer.text and "<script" not in answer.text and "style=" not in answer.text
        assert path.rpartition("/")[2] not in answer.text


def test_names_stay_text(hostile: Site) -> None:
    answer = hostile.client.get(link(hostile))
    assert "<script" not in answer.text and "<b>" not in answer.text
    assert "{{ 7 * 7 }} <b>&" in text(answer).replace("&lt;", "<")
    posted = post(hostile, link(hostile), value="0.31", note="<img src=x onerror=alert(1)>")
    assert posted.status_code == 303
    assert "<img" not in hostile.client.get(link(hostile)).text


def test_a_period_that_has_not_ended_says_when_it_can_be_reported(still: Site) -> None:
    """November ends in Detroit at 06:00 on 1 December in Berlin."""
    path = link(still, period="2026-11")
    still.clock.now = at("2026-12-01 05:59")
    shown = still.client.get(path)
    assert "from Tue 1 Dec 2026 on" in text(shown) and "<form" not in shown.text
    assert "ends on 2026-11-30" in text(post(still, path, value="0.3"))
    still.clock.forward(minutes=1)
    assert "<form" in still.client.get(path).text


# What it records ----------------------------------------------------------------------------------------------------


def test_a_value_is_recorded_under_the_persons_name_and_closes_the_flag(site: Site) -> None:
    path = link(site)
    answer = post(site, path, value="0.31", note="two lines\r\nof Halden")
    assert (answer.status_code, answer.headers["location"]) == (303, "?recorded")
    [reading] = on_record(site)
    assert (str(reading.value), reading.by, reading.note) == ("0.31", "tom", "two lines\nof Halden")
    with site.app.store.read() as db:
        assert OCTOBER not in {flag.kpi for flag in flags.open_flags(db)}
    assert site.changes == [NOW], "the daemon is called once, to publish what has changed"
    shown = text(site.client.get(f"{path}?recorded"))
    assert "Recorded. Thank you, Tom Reyes." in shown
    assert "0.31 GWh, target met Tom Reyes by the form, Sat 21 Nov 2026, 03:00 (UTC-5) two lines of Halden" in shown


def test_a_second_use_shows_what_was_reported_and_corrects_it(site: Site) -> None:
    path = link(site)
    post(site, path, value="0.31", note="estimate")
    site.clock.forward(days=3)
    shown = site.client.get(path)
    assert "Recorded." not in text(shown) and 'value="0.31"' in shown.text and "estimate</textarea>" in shown.text
    post(site, path, value="0.28", note="counted")
    again = text(site.client.get(path))
    assert "0.28 GWh, target missed Tom Reyes by the form, Tue 24 Nov 2026, 03:00 (UTC-5) counted" in again
    assert "before: 0.31 GWh" in again
    assert [str(each.value) for each in on_record(site)] == ["0.31", "0.28"]


def test_the_same_once_more_changes_nothing(site: Site) -> None:
    """A page loaded anew, a button pressed twice."""
    for _ in range(3):
        assert post(site, link(site), value=" 0,310 ", note="").status_code == 303
    assert len(on_record(site)) == 1


def test_somebody_elses_report_is_shown_with_their_name(site: Site) -> None:
    post(site, link(site, person="dev"), value="0.3")
    assert "0.3 GWh, target met Dev Patel" in text(site.client.get(link(site)))


def test_a_programs_report_is_not_shown_as_the_operators(site: Site) -> None:
    token = a_token(site.app)
    assert send(site, token, {"kpi": OCTOBER, "period": "2026-10", "value": 0.3}).status_code == 200
    assert "0.3 GWh, target met a program by the API" in text(site.client.get(link(site)))


def test_a_milestone_is_met_or_not(hostile: Site) -> None:
    path = link(hostile, READY)
    assert "Is it met?" in text(hostile.client.get(path))
    assert post(hostile, path).status_code == 422
    assert post(hostile, path, value="0.7").status_code == 422
    assert post(hostile, path, value="missed").status_code == 303
    assert [each.met for each in on_record(hostile, READY)] == [False]
    assert 'value="missed" checked' in hostile.client.get(path).text


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("nan", "is not a number"),
        ("1e400", "is not a number"),
        ("1" + "0" * 400, "is not a number"),
        ("a lot", "is not a number"),
        ("", "Write the value"),
        ("met", "is no number"),
        ("=1+1", "is not a number"),
        ("150,000", "can be read in two ways, as 150000 or as 150.000: write 150000 or 150.0,"),
        ("٣<b>", "is not a number"),
        ("Ⅸ", "is not a number cadence can keep"),
        ("1_000", "is not a number: write it with the digits 0 to 9"),
        ("0.310000000000000004", "10 are the most: round it: 0.31"),
    ],
)
def test_what_is_no_value_comes_back_beside_its_field_with_what_was_typed(still: Site, value: str, says: str) -> None:
    answer = post(still, link(still), value=value, note="as counted")
    assert answer.status_code == 422 and answer.text.count('aria-invalid="true"') == 1
    error = re.findall(r'<p class="error" id="value-error">(.*?)</p>', answer.text)
    assert says in unescape(error[0]) and 'aria-describedby="value-error"' in answer.text
    assert "as counted</textarea>" in answer.text
    assert unescape(re.findall(r'name="value" value="([^"]*)"', answer.text)[0]) == value
    assert on_record(still) == [] and still.changes == []


def test_a_value_far_from_all_others_is_asked_back_beside_its_field_and_taken_once_it_is_said_to_be_meant(
    site: Site,
) -> None:
    path = link(site)
    asked = post(site, path, value="310", note="as counted")
    assert asked.status_code == 422 and on_record(site) == []
    assert "310 GWh is 1,033 × the target (at least 0.3 GWh): really?" in text(asked)
    assert 'name="confirm" value="310"' in asked.text and "as counted</textarea>" in asked.text
    assert post(site, path, value="3100", confirm="310").status_code == 422, "another value is another question"
    assert post(site, path, value="310", confirm="310").status_code == 303
    assert [(str(each.value), each.way) for each in on_record(site)] == [("310", "form")]


def test_what_is_shown_to_be_corrected_can_be_sent_as_it_stands(site: Site) -> None:
    path = link(site)
    assert post(site, path, value="1,2400").status_code == 303
    assert post(site, path, value="1,125", note="x").status_code == 422
    assert post(site, path, value="1,1250").status_code == 303
    shown = unescape(re.findall(r'name="value" value="([^"]*)"', site.client.get(path).text)[0])
    assert post(site, path, value=shown, note="the same").status_code == 303
    assert [str(each.value) for each in on_record(site)] == ["1.2400", "1.1250", "1.1250"]


@pytest.mark.parametrize(("note", "says"), [("x" * 2001, "2,001 characters"), ("a\x00b", "control characters")])
def test_a_note_that_cannot_be_kept_is_told_beside_the_note(still: Site, note: str, says: str) -> None:
    answer = post(still, link(still), value="0.31", note=note)
    assert answer.status_code == 422
    assert says in re.findall(r'id="note-error">(.*?)</p>', answer.text)[0] and on_record(still) == []


def test_while_the_database_cannot_be_written_nothing_typed_is_lost(site: Site) -> None:
    """Another process goes on writing for longer than anybody waits, which here is not long."""
    path = link(site)
    with site.app.store.write() as db:
        db.exec_driver_sql("PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(str(site.app.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = post(site, path, value="0.31", note="as counted")
        other.execute("ROLLBACK")
    assert answer.status_code == 503 and on_record(site) == [] and site.changes == []
    assert "send it again in a minute" in text(answer)
    assert 'value="0.31"' in answer.text and "as counted</textarea>" in answer.text
    assert post(site, path, value="0.31", note="as counted").status_code == 303


# It will be later ---------------------------------------------------------------------------------------------------


def promise(site: Site, kpi: str = OCTOBER) -> Excuse | None:
    with site.app.store.read() as db:
        return readings.excuses(db, CELLS).get((kpi, "2026-10"))


def test_a_promise_is_recorded_under_the_persons_name_and_shown_to_all_who_have_a_link(site: Site) -> None:
    path = link(site)
    assert "It will be later" in text(site.client.get(path))
    answer = post(site, path, until="2026-11-27", because=" being\r\ncounted ")
    assert (answer.status_code, answer.headers["location"]) == (303, "?recorded")
    assert promise(site) == Excuse(OCTOBER, "2026-10", "being\ncounted", date(2026, 11, 27), "acknowledged", NOW, "tom")
    assert site.changes == [NOW] and on_record(site) == []
    assert "Recorded. Thank you, Tom Reyes. It is promised for Fri 27 Nov 2026." in text(
        site.client.get(f"{path}?recorded")
    )
    for person in ("tom", "dev"):
        shown = text(site.client.get(link(site, person=person)))
        assert "Overdue since Sat 14 Nov 2026" in shown, "no clock stops"
        assert "Promised for Fri 27 Nov 2026, by Tom Reyes: being counted" in shown


def test_a_promise_can_be_changed_and_the_value_ends_it(site: Site) -> None:
    path = link(site)
    post(site, path, until="2026-11-27", because="being counted")
    shown = site.client.get(path).text
    assert 'value="2026-11-27"' in shown and "being counted</textarea>" in shown and "Change the promise" in shown
    post(site, link(site, person="dev"), until="2026-12-01", because="the scale broke")
    assert "Promised for Tue 1 Dec 2026, by Dev Patel: the scale broke" in text(site.client.get(path))
    post(site, path, value="0.31")
    shown = text(site.client.get(path))
    assert "romise" not in shown and "It will be later" not in shown


def test_a_promise_that_was_not_kept_is_told_and_can_be_renewed(site: Site) -> None:
    """Friday ends in Detroit at 06:00 on Saturday in Berlin."""
    path = link(site)
    post(site, path, until="2026-11-27", because="being counted")
    kept = '<dd class="late">for Fri 27 Nov 2026'
    site.clock.now = at("2026-11-28 05:59")
    assert kept not in site.client.get(path).text
    site.clock.forward(minutes=1)
    shown = site.client.get(path).text
    assert kept in shown and "It will be later" in shown and 'value="2026-11-27"' not in shown


def test_the_days_that_can_be_promised_are_from_the_owners_today_on(still: Site) -> None:
    """At 05:59 in Berlin it is still the 20th in Detroit, also for Dev in Chicago."""
    still.clock.now = at("2026-11-21 05:59")
    shown = still.client.get(link(still, person="dev")).text
    assert 'min="2026-11-20" max="2026-12-20"' in shown and "at the latest Sun 20 Dec 2026" in shown


@pytest.mark.parametrize(
    ("until", "because", "field", "says"),
    [
        ("", "being counted", "until", "Name the day"),
        ("27.11.<b>", "being counted", "until", "This is no date: write year-month-day"),
        ("2026-11-20", "being counted", "until", "2026-11-20 is past"),
        ("2026-12-22", "being counted", "until", "more than 30 days away"),
        ("9999-12-31", "being counted", "until", "more than 30 days away"),
        ("2026-11-27", " \r\n", "because", "Say why"),
        ("2026-11-27", "x" * 2001, "because", "2,001 characters"),
        ("2026-11-27", "a\x07b", "because", "control characters"),
    ],
)
def test_what_is_no_promise_comes_back_beside_its_field_with_what_was_typed(
    still: Site, until: str, because: str, field: str, says: str
) -> None:
    answer = post(still, link(still), until=until, because=because)
    assert answer.status_code == 422 and answer.text.count('aria-invalid="true"') == 1
    assert says in unescape(re.findall(rf'<p class="error" id="{field}-error">(.*?)</p>', answer.text)[0])
    assert f'aria-describedby="{field}-error"' in answer.text and "<details open>" in answer.text
    assert unescape(re.findall(r'name="until" value="([^"]*)"', answer.text)[0]) == until
    typed = re.findall(r'name="because".*?>\n(.*?)</textarea>', answer.text, re.DOTALL)[0]
    assert unescape(typed) == because.replace("\r\n", "\n") or unescape(typed) == because
    assert promise(still) is None and still.changes == []


def test_a_wrong_value_opens_no_promise(still: Site) -> None:
    answer = post(still, link(still), value="a lot")
    assert "<details>" in answer.text and answer.text.count("autofocus") == 1


def test_nothing_is_promised_of_a_period_that_runs_is_reported_or_is_excused(site: Site) -> None:
    running = link(site, period="2026-11")
    assert "ends on 2026-11-30" in text(post(site, running, until="2026-11-27", because="being counted"))
    post(site, link(site), value="0.31")
    assert (
        "is reported for 2026-10" in text(post(site, link(site), until="2026-11-27", because="being counted"))
        and promise(site) is None
    )
    excused = Excuse(COST, "2026-10", "line down for the refit")
    with site.app.store.write() as db:
        readings.excuse(db, excused, NOW, "ines")
    path = link(site, COST, person="uwe")
    shown = text(site.client.get(path))
    assert "Excused line down for the refit" in shown and "It will be later" not in shown
    answer = post(site, path, until="2026-11-27", because="being counted")
    assert answer.status_code == 422 and "It is excused" in text(answer)
    assert promise(site, COST) == replace(excused, given_at=NOW, by="ines")


def test_to_look_promises_nothing_and_another_sites_form_neither(still: Site) -> None:
    path = link(still)
    still.client.get(path, params={"until": "2026-11-27", "because": "being counted"})
    assert (
        post(still, path, {"origin": "https://evil.example"}, until="2026-11-27", because="being counted").status_code
        == 403
    )
    assert post(still, path, until="2026-11-27", because="x" * 65536).status_code == 413
    assert promise(still) is None and still.changes == []


def test_whom_a_kpi_is_hidden_from_promises_nothing_of_it_and_learns_nothing(site: Site) -> None:
    the_mill = "the mill is closed"
    assert post(site, link(site, COST, person="uwe"), until="2026-11-27", because=the_mill).status_code == 303
    refused = post(site, link(site, COST, person="dev"), until="2026-11-27", because=the_mill)
    assert refused.status_code == 410 and "mill" not in refused.text
    given = promise(site, COST)
    assert given and given.by == "uwe"


def test_a_reason_stays_text(site: Site) -> None:
    post(site, link(site), until="2026-11-27", because="</textarea><script>alert(1)</script>")
    assert "<script" not in site.client.get(link(site)).text


def test_who_sends_a_promise_twice_has_given_one(site: Site) -> None:
    for _ in range(2):
        assert post(site, link(site), until="2026-11-27", because="being counted").status_code == 303
        site.clock.forward(minutes=1)
    given = promise(site)
    assert given and given.given_at == NOW


def test_while_the_database_cannot_be_written_a_promise_is_not_lost(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        db.exec_driver_sql("PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(str(site.app.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = post(site, path, until="2026-11-27", because="being counted")
        other.execute("ROLLBACK")
    assert answer.status_code == 503 and "<details open>" in answer.text
    assert 'value="2026-11-27"' in answer.text and "being counted</textarea>" in answer.text


# Links that open nothing --------------------------------------------------------------------------------------------


def test_an_expired_link_says_how_to_go_on(still: Site) -> None:
    path = link(still, days=1)
    still.clock.now = NOW + timedelta(days=1, seconds=-1)
    assert still.client.get(path).status_code == 200
    still.clock.forward(seconds=1)
    for answer in (still.client.get(path), post(still, path, value="0.31")):
        assert answer.status_code == 410
        assert "link of the latest letter, or ask the alliance manager of your side" in text(answer)
        assert "cadence" not in text(answer), "who has the letter alone has no shell"
        assert "Cells" not in text(answer)
    assert on_record(still) == []


def test_a_foreign_or_tampered_link_is_answered_like_one_that_never_was(still: Site) -> None:
    path = link(still)
    foreign = report_link("", "another key", OCTOBER, "2026-10", "tom", NOW + timedelta(days=1))
    spoilt = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]
    pages = [
        still.client.get(each) for each in (foreign, spoilt, "/report/x", path[:-1], path.replace("report", "judge"))
    ]
    assert {answer.status_code for answer in pages} == {404}
    bodies = {re.sub(r'nonce="[^"]*"', "", answer.text) for answer in pages[:4]}
    assert len(bodies) == 1
    assert post(still, foreign, value="0.31").status_code == 404 and on_record(still) == []


def test_before_the_first_link_was_made_none_opens_anything(site: Site) -> None:
    assert site.client.get("/report/x.y").status_code == 404


def test_who_has_left_the_definition_reports_nothing(still: Site) -> None:
    path = link(still, person="gone")
    assert still.client.get(path).status_code == post(still, path, value="0.31").status_code == 410
    assert on_record(still) == []


def test_what_somebody_may_see_no_more_they_report_no_more(still: Site) -> None:
    """Uwe may report Acme's own cost; Dev of Globex learns nothing, not even that there is such a KPI."""
    assert still.client.get(link(still, COST, person="uwe")).status_code == 200
    for person in ("dev", "tom"):
        path = link(still, COST, person=person)
        refused = still.client.get(path)
        assert refused.status_code == post(still, path, value="90").status_code == 410
        assert "cost" not in refused.text.lower()
    assert on_record(still, COST) == []


def test_a_kpi_or_a_period_that_is_there_no_more_is_answered_alike(still: Site) -> None:
    pages = [
        still.client.get(link(still, kpi, period))
        for kpi, period in ((f"{CELLS}/gone", "2026-10"), (OCTOBER, "2019-01"), ("nowhere/x", "2026-10"))
    ]
    assert {answer.status_code for answer in pages} == {410}
    assert len({re.sub(r'nonce="[^"]*"', "", answer.text) for answer in pages}) == 1


def test_of_a_partnership_that_was_ended_nothing_is_reported(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert site.client.get(path).status_code == post(site, path, value="0.31").status_code == 410


def test_a_definition_that_was_edited_leaves_the_link_good(site: Site) -> None:
    path = link(site)
    rename(site.app, CELLS, "Another name")
    assert "Another name" in text(site.client.get(path))


# Bodies that are no form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"value=0.31&" + b"x" * 65536, FORM["content-type"], 413),
        (b"{}", "application/json", 415),
        (b"value=0.31", "text/plain", 415),
        (b"value=0.31", "", 415),
        (b"value=%ff", FORM["content-type"], 400),
        (b"value=\xff", FORM["content-type"], 400),
        (b"&".join(b"a%d=1" % n for n in range(30)), FORM["content-type"], 400),
    ],
)
def test_what_is_no_form_or_too_long_is_refused(still: Site, content: bytes, kind: str, status: int) -> None:
    answer = still.client.post(link(still), content=content, headers={"content-type": kind})
    assert answer.status_code == status and on_record(still) == []


def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit(still: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 1024

    assert still.client.post(link(still), content=endless(), headers=FORM).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_another_sites_form_is_refused(still: Site, headers: dict[str, str]) -> None:
    assert post(still, link(still), headers, value="0.31").status_code == 403 and on_record(still) == []


@pytest.mark.parametrize(
    "headers",
    [{"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": "https://cadence.acme.example"}, {}],
)
def test_our_own_form_is_taken_whatever_the_browser_says_of_itself(site: Site, headers: dict[str, str]) -> None:
    assert post(site, link(site), headers, value="0.31").status_code == 303


# What is told elsewhere ---------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """In a folder of its own, since a process looks up once which templates an operator has in a folder."""
    app = an_app(tmp_path)
    yield from served(app)
    app.close()


def test_no_line_of_the_log_holds_a_token_not_even_of_a_template_that_fails(fresh: Site) -> None:
    own = fresh.app.settings.templates / "web"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("{{ form.nothing_like_that }}", encoding="utf-8")
    path = link(fresh)
    assert "Cells delivered" in text(fresh.client.get(path)), "the shipped page is shown instead"
    assert any("template.failed" in line and "report.html.j2" in line for line in fresh.log)
    with fresh.app.store.write() as db:
        db.exec_driver_sql("DROP TABLE excuse")
    fresh.client.get(path)
    assert any("web.failed" in line for line in fresh.log)
    assert not any(path.rpartition("/")[2] in line for line in fresh.log)


def test_an_operators_own_page_is_shown(fresh: Site) -> None:
    own = fresh.app.settings.templates / "web"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("<p>{{ form.title }} of ours</p>", encoding="utf-8")
    assert text(fresh.client.get(link(fresh))) == "Cells delivered of ours"


def test_landed_cost_is_acmes_own(lasting: App) -> None:
    """What the tests above rest on."""
    assert LANDED_COST["of"] == "acme"
