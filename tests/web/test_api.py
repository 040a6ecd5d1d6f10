"""The API: the program of Globex's plant reports its readings, all of a request or none of it.

It is Saturday 21 November 2026, 09:00 in Berlin: October is owed by Tom of Globex (cells, shared by all) and by Uwe of
Acme (landed cost, Acme's own); in Globex's alliance with Initech by Yuki (wafers).
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.record.measurement import Reading
from scheduler.services.app import App
from scheduler.services.pipeline.cycle import run
from scheduler.store import api_tokens, flags, partnerships, readings, subscriptions
from tests import builders
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, NOW, Site, definition

OCTOBER = {"kpi": f"{CELLS}/cells-delivered", "period": "2026-10", "value": "0.31"}
COST = {"kpi": f"{CELLS}/landed-cost", "period": "2026-10", "value": "91.5"}
WAFERS = {"kpi": f"{CHIPS}/wafers", "period": "2026-10", "value": "0.3"}


def a_token(app: App, **limits: Any) -> str:
    token = subscriptions.new_token()
    with app.store.write() as db:
        api_tokens.add(db, token, "plant", NOW, **limits)
    return token


def send(site: Site, token: str | None, said: object, kind: str = "application/json") -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = {"content-type": kind, **({"authorization": f"Bearer {token}"} if token else {})}
    return site.client.post("/api/readings", content=body, headers=headers)


def on_record(app: App, kpi: str) -> list[Reading]:
    with app.store.read() as db:
        return readings.history(db, kpi)


def nothing_recorded(app: App) -> bool:
    return not any(on_record(app, each["kpi"]) for each in (OCTOBER, COST, WAFERS))


# Taken --------------------------------------------------------------------------------------------------------------


def test_one_reading_is_taken_and_told_as_it_is_on_record(site: Site) -> None:
    answer = send(site, a_token(site.app), {**OCTOBER, "note": "two lines", "by": "tom.reyes@globex.example"})
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "recorded": [
            {
                "kpi": OCTOBER["kpi"],
                "period": "2026-10",
                "value": "0.31",
                "met": True,
                "corrects": None,
                "is_new": True,
                "no_longer_overdue": True,
            }
        ]
    }
    [reading] = on_record(site.app, OCTOBER["kpi"])
    assert (reading.by, reading.note) == ("tom", "two lines") and site.changes == [NOW]
    with site.app.store.read() as db:
        assert OCTOBER["kpi"] not in {flag.kpi for flag in flags.open_flags(db)}


def test_numbers_are_taken_as_they_are_written_and_never_as_floats(site: Site) -> None:
    token = a_token(site.app)
    for written, kept in (("0.30", "0.30"), ("0.1000000001", "0.1000000001"), ('"0.3"', "0.3"), ("-2", "-2")):
        said = f'{{"kpi": "{OCTOBER["kpi"]}", "period": "2026-10", "value": {written}}}'
        [recorded] = send(site, token, said.encode()).json()["recorded"]
        assert recorded["value"] == kept


def test_readings_of_several_partnerships_are_taken_in_one_go(site: Site) -> None:
    answer = send(site, a_token(site.app), [OCTOBER, COST, WAFERS])
    assert [each["kpi"] for each in answer.json()["recorded"]] == [OCTOBER["kpi"], COST["kpi"], WAFERS["kpi"]]


def test_without_a_period_it_is_the_oldest_that_waits_then_the_next(site: Site) -> None:
    site.clock.now = at("2026-12-20 09:00")
    said = {"kpi": OCTOBER["kpi"], "value": 0.31}
    answer = send(site, a_token(site.app), [said, said])
    assert [each["period"] for each in answer.json()["recorded"]] == ["2026-10", "2026-11"]


def test_the_same_once_more_changes_nothing_and_another_value_corrects(site: Site) -> None:
    token = a_token(site.app)
    send(site, token, OCTOBER)
    [again] = send(site, token, OCTOBER).json()["recorded"]
    [corrected] = send(site, token, {**OCTOBER, "value": "0.28"}).json()["recorded"]
    assert (again["is_new"], again["corrects"]) == (False, None)
    assert (corrected["is_new"], corrected["corrects"], corrected["met"]) == (True, "0.31", False)
    assert [str(each.value) for each in on_record(site.app, OCTOBER["kpi"])] == ["0.31", "0.28"]


def test_a_thousand_readings_are_taken_and_one_more_is_too_much(site: Site) -> None:
    token = a_token(site.app)
    many = [{**OCTOBER, "value": f"0.{n:03d}", "confirm": True} for n in range(1, 1001)]
    refused = send(site, token, [*many, OCTOBER])
    assert refused.status_code == 413 and "1,000 are the most" in refused.json()["detail"]
    assert nothing_recorded(site.app)
    assert len(send(site, token, many).json()["recorded"]) == 1000


# Refused ------------------------------------------------------------------------------------------------------------


def test_all_or_nothing_and_every_fault_by_its_index(still: Site) -> None:
    answer = send(
        still,
        a_token(still.app),
        [
            OCTOBER,
            {**OCTOBER, "kpi": f"{CELLS}/cells-deliverd"},
            {**OCTOBER, "period": "2026-11"},
            {**OCTOBER, "value": "a lot"},
            {**OCTOBER, "by": "nobody"},
        ],
    )
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"], told["title"]) == ("about:blank", 422, "Nothing was recorded")
    assert [(fault["index"], fault["status"]) for fault in told["faults"]] == [(1, 404), (2, 422), (3, 422), (4, 422)]
    assert "did you mean" in told["faults"][0]["hint"] and "ends on 2026-11-30" in told["faults"][1]["detail"]
    assert nothing_recorded(still.app) and still.changes == []


@pytest.mark.parametrize(
    "value", ["nan", "inf", "1e400", "1" + "0" * 400, "1,500", "1_000", "met", "", "=1+1", None, [], {}]
)
def test_what_is_no_value_is_refused(still: Site, value: object) -> None:
    answer = send(still, a_token(still.app), {**OCTOBER, "value": value})
    assert answer.status_code == 422 and answer.json()["faults"][0]["index"] == 0 and len(answer.text) < 1000


def test_figures_of_another_script_are_figures_and_one_that_is_far_off_is_asked_back(still: Site) -> None:
    answer = send(still, a_token(still.app), {**OCTOBER, "value": "٣"})
    assert answer.status_code == 409 and nothing_recorded(still.app)


@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e400", "1" + "0" * 400, "true"])
def test_nor_is_a_bare_word_or_a_number_nobody_can_keep(still: Site, written: str) -> None:
    said = f'{{"kpi": "{OCTOBER["kpi"]}", "period": "2026-10", "value": {written}}}'
    assert send(still, a_token(still.app), said.encode()).status_code == 422
    assert nothing_recorded(still.app)


@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        (b"{", 400, "cannot be read"),
        (b"\xff", 400, "cannot be read"),
        (b'{"kpi": "a", "kpi": "b"}', 400, "key twice"),
        (b"[" * 100_000, 400, "cannot be read"),
        ([], 422, "no reading in it"),
        ("text", 422, "1 of 1"),
        ({"kpi": "x"}, 422, "1 of 1"),
        ({**OCTOBER, "kpi": [7]}, 422, "1 of 1"),
        ({**OCTOBER, "vlaue": 7}, 422, "1 of 1"),
        (b'{"kpi": "a\\ud800", "value": "1"}', 422, "1 of 1"),
        (b" " * 1_048_577, 413, "1 MiB"),
    ],
)
def test_what_is_no_request_is_told_in_plain_words(still: Site, said: object, status: int, says: str) -> None:
    answer = send(still, a_token(still.app), said)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


def test_only_json_is_read(still: Site) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert send(still, a_token(still.app), OCTOBER, kind).status_code == 415
    assert send(still, a_token(still.app), b"{", "application/json; charset=utf-8").status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_readings_are_posted_and_nothing_else(still: Site, method: str) -> None:
    assert still.client.request(method, "/api/readings").status_code == 405


def test_a_value_nobody_can_keep_is_refused_of_an_ended_partnership_too(site: Site) -> None:
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    answer = send(site, a_token(site.app), OCTOBER)
    assert answer.status_code == 422 and "was ended" in answer.json()["faults"][0]["detail"]


def test_a_text_that_can_be_read_in_two_ways_is_refused_and_a_number_never_is(site: Site) -> None:
    token = a_token(site.app)
    refused = send(site, token, {**OCTOBER, "value": "1.240"})
    assert refused.status_code == 422
    assert "as 1240 or as 1.240" in refused.json()["faults"][0]["detail"]
    said = f'{{"kpi": "{OCTOBER["kpi"]}", "period": "2026-10", "value": 1.240}}'
    assert send(site, token, said.encode()).json()["recorded"][0]["value"] == "1.240"
    assert [each.way for each in on_record(site.app, OCTOBER["kpi"])] == ["api"]


def test_a_text_is_read_by_the_convention_of_the_tokens_organisation(site: Site) -> None:
    organisations = {"acme": builders.ACME, "globex": {**builders.GLOBEX, "numbers": "1.234,5"}}
    (site.app.settings.definitions / "acme-globex.yaml").write_text(definition(organisations=organisations))
    run(site.app, NOW)
    token = a_token(site.app, organisation="globex")
    for written, kept in (("0,301", "0.301"), ("1,240", "1.240")):
        assert send(site, token, {**OCTOBER, "value": written}).json()["recorded"][0]["value"] == kept


def test_a_token_of_earlier_days_keeps_its_point_and_is_warned_once(site: Site) -> None:
    token = a_token(site.app)
    with site.app.store.write() as db:
        db.exec_driver_sql("UPDATE api_token SET decimal_point = true")
    plain = send(site, token, OCTOBER).json()
    first, second = (send(site, token, {**OCTOBER, "value": value}).json() for value in ("1.240", "1.241"))
    assert [each["recorded"][0]["value"] for each in (first, second)] == ["1.240", "1.241"]
    assert ["warnings" in each for each in (plain, first, second)] == [False, True, False]
    assert len([line for line in site.log if "api.decimal_point" in line]) == 1


def test_a_value_far_from_all_others_waits_for_a_stated_answer(site: Site) -> None:
    token, said = a_token(site.app), {**OCTOBER, "value": 310}
    asked = send(site, token, said)
    assert asked.status_code == 409 and '"confirm": true' in asked.json()["faults"][0]["hint"]
    assert "× the target (at least 0.3 GWh): really?" in asked.json()["faults"][0]["detail"] and nothing_recorded(
        site.app
    )
    assert send(site, token, {**said, "confirm": "yes"}).status_code == 422
    assert send(site, token, {**said, "confirm": True}).status_code == 200


# Tokens -------------------------------------------------------------------------------------------------------------


def test_without_a_good_token_nothing_is_taken_and_nothing_told(site: Site) -> None:
    revoked = a_token(site.app)
    with site.app.store.write() as db:
        api_tokens.revoke(db, 1, NOW)
    answers = [send(site, token, OCTOBER) for token in (None, revoked, subscriptions.new_token(), "short", "a b")]
    assert {(each.status_code, each.headers["www-authenticate"]) for each in answers} == {(401, "Bearer")}
    assert len({each.text for each in answers}) == 1 and nothing_recorded(site.app)


def test_a_calendars_token_reports_nothing(still: Site) -> None:
    token = subscriptions.new_token()
    with still.app.store.write() as db:
        subscriptions.add(db, token, NOW)
    assert send(still, token, OCTOBER).status_code == 401


def test_another_organisations_kpi_is_answered_like_one_that_is_not_there(site: Site) -> None:
    token = a_token(site.app, partnership=CELLS, organisation="globex")
    hidden = send(site, token, COST)
    absent = send(site, token, {**COST, "kpi": f"{CELLS}/handed-cost"})
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text == absent.text.replace("handed-cost", "landed-cost")
    assert send(site, token, OCTOBER).status_code == 200 and not on_record(site.app, COST["kpi"])


def test_its_own_kpi_an_organisation_reports(site: Site) -> None:
    token = a_token(site.app, organisation="acme")
    assert send(site, token, {**COST, "by": "uwe"}).status_code == 200


def test_another_partnership_is_answered_like_none(still: Site) -> None:
    token = a_token(still.app, partnership=CELLS)
    elsewhere, nowhere = send(still, token, WAFERS), send(still, token, {**WAFERS, "kpi": "globex-nowhere/wafers"})
    assert elsewhere.status_code == nowhere.status_code == 404
    assert elsewhere.text.replace(CHIPS, "x") == nowhere.text.replace("globex-nowhere", "x")


def test_an_organisation_is_held_to_the_partnerships_it_is_in(still: Site) -> None:
    assert send(still, a_token(still.app, organisation="acme"), WAFERS).status_code == 404


def test_what_another_side_owes_an_organisation_sees_and_does_not_report(still: Site) -> None:
    """Cells delivered is shared by both; Tom of Globex owns it, and Dev of Globex is his deputy."""
    answer = send(still, a_token(still.app, organisation="acme"), OCTOBER)
    assert answer.status_code == 403 and "who is not of acme" in answer.json()["faults"][0]["detail"]
    assert nothing_recorded(still.app)


def test_an_organisation_speaks_for_its_own_people_alone(still: Site) -> None:
    answer = send(still, a_token(still.app, organisation="globex"), {**OCTOBER, "by": "ines"})
    assert answer.status_code == 403 and "ines is not of globex" in answer.json()["faults"][0]["detail"]


def test_nobody_reports_what_they_may_not_see(still: Site) -> None:
    assert send(still, a_token(still.app), {**COST, "by": "dev"}).status_code == 403


def test_the_last_use_is_noted_once_an_hour_also_of_a_request_that_was_refused(site: Site) -> None:
    token, seen = a_token(site.app), []
    for minutes in (0, 59, 1):
        site.clock.forward(minutes=minutes)
        send(site, token, b"{")
        with site.app.store.read() as db:
            row = api_tokens.get(db, 1)
            seen.append(row and row.last_used_at)
    assert seen == [NOW, NOW, NOW + timedelta(hours=1)]


def test_no_line_of_the_log_holds_a_token(site: Site) -> None:
    token = a_token(site.app)
    send(site, token, OCTOBER)
    with site.app.store.write() as db:
        db.exec_driver_sql("DROP TABLE excuse")
    assert send(site, token, OCTOBER).status_code in (500, 503)
    assert site.log and not any(token in line for line in site.log)
