"""The frame of all pages: who is let in, what is not there, whose forms are taken, and what every answer says."""

from datetime import timedelta

import pytest

from scheduler.store import members, sessions
from scheduler.web.site import PAGES, paths
from tests.web.conftest import CELLS, DEV, INES, Site
from tests.web.site.conftest import OPERATOR, SignIn

SESSIONS = paths.SESSIONS


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(pages: Site) -> None:
    answer = pages.client.get(f"{SESSIONS}?on=2026-01-02")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fme%2Fsessions%3Fon%3D2026-01-02"
    assert pages.client.get(paths.twin(SESSIONS)).status_code == 401


def test_a_page_names_its_reader_their_organisation_and_their_clock(sign_in: SignIn) -> None:
    page = sign_in(INES).get(SESSIONS).text
    assert "Inès Falk" in page and "Acme Motors SE" in page and "Europe/Berlin" in page


def test_a_stranger_with_a_session_is_not_let_in(sign_in: SignIn) -> None:
    assert sign_in("eve@evil.example").get(SESSIONS).status_code == 303


def test_somebody_who_has_left_is_out_at_once(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.get(SESSIONS).status_code == 200
    with pages.app.store.write() as db:
        [member] = members.memberships(db, INES)
        members.save(db, CELLS, [member._replace(leaves_at=pages.clock.now)])
    assert ines.get(SESSIONS).status_code == 303


def test_somebody_of_a_record_that_does_not_say_who_they_are_is_known_by_the_definition(
    pages: Site, sign_in: SignIn
) -> None:
    with pages.app.store.write() as db:
        unknown = [each._replace(person=None, name=None) for each in members.memberships(db, INES)]
        members.save(db, CELLS, unknown)
        assert not members.knows_keys(db, CELLS)
    assert "Inès Falk" in sign_in(INES).get(SESSIONS).text


def test_an_operator_is_let_in_without_being_in_a_partnership(sign_in: SignIn) -> None:
    page = sign_in(OPERATOR).get(SESSIONS).text
    assert "/status" in page and "/status" not in sign_in(INES).get(SESSIONS).text


def test_a_session_ends_when_it_lies_unused_and_when_its_time_is_over(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    pages.clock.forward(hours=11)
    assert ines.get(SESSIONS).status_code == 200
    pages.clock.forward(hours=11)
    assert ines.get(SESSIONS).status_code == 200, "it was used meanwhile"
    pages.clock.forward(hours=12)
    assert ines.get(SESSIONS).status_code == 303
    dev = sign_in(DEV)
    for _ in range(28):
        pages.clock.forward(hours=11)
        dev.get(SESSIONS)
    pages.clock.forward(days=1)
    assert dev.get(SESSIONS).status_code == 303


def test_a_session_of_a_clock_that_was_ahead_is_not_believed_after_it_was_set_back(
    pages: Site, sign_in: SignIn
) -> None:
    ines = sign_in(INES)
    pages.clock.forward(days=-2)
    assert ines.get(SESSIONS).status_code == 303


def test_a_form_is_taken_with_the_word_of_the_session_alone(pages: Site, sign_in: SignIn) -> None:
    ines, dev = sign_in(INES), sign_in(DEV)
    assert ines.act(SESSIONS, "end_all", csrf="").status_code == 403
    assert ines.act(SESSIONS, "end_all", csrf=dev.signed_in.csrf).status_code == 403
    assert ines.act(SESSIONS, "no such act").status_code == 400
    assert ines.get(SESSIONS).status_code == 200
    assert ines.act(SESSIONS, "end_all").status_code == 303
    assert ines.get(SESSIONS).status_code == 303 and dev.get(SESSIONS).status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_of_another_site_is_not_taken(pages: Site, sign_in: SignIn, headers: dict[str, str]) -> None:
    ines = sign_in(INES)
    cookie = {"cookie": f"__Host-cadence={ines.signed_in.token}"}
    fields = {"csrf": ines.signed_in.csrf, "act": "end_all"}
    assert pages.client.post(SESSIONS, data=fields, headers={**cookie, **headers}).status_code == 403


def test_another_host_than_ones_own_is_answered_by_nothing(sign_in: SignIn) -> None:
    assert sign_in(INES).get(SESSIONS, host="evil.example").status_code == 404


def test_ones_own_session_can_be_ended_and_another_ones_cannot(pages: Site, sign_in: SignIn) -> None:
    ines, other, dev = sign_in(INES), sign_in(INES), sign_in(DEV)
    refused = ines.act(SESSIONS, "end", id=str(dev.signed_in.session.id))
    assert refused.status_code == 422 and "there is no session" in refused.text
    assert "has ended" in ines.done(SESSIONS, "end", id=str(other.signed_in.session.id))
    assert other.get(SESSIONS).status_code == 303 and dev.get(SESSIONS).status_code == 200
    assert "that browser is signed out" not in ines.text(SESSIONS), "it is told once"


def test_which_of_ones_sessions_this_browser_has_is_said(sign_in: SignIn) -> None:
    sign_in(INES)
    rows = sign_in(INES).get(SESSIONS).text.partition("<tbody>")[2].split("<tr>")[1:]
    assert ["This browser" in each for each in rows] == [True, False], "the last one comes first"


def test_each_page_has_a_way_to_sign_out(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    for path in (each.path for each in PAGES if "{" not in each.path):
        answer = operator.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            assert 'name="act" value="sign_out"' in answer.text, path


def test_signing_out_ends_the_session(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.act(SESSIONS, "sign_out").headers["location"] == "/sign-in?signed_out=1"
    assert ines.get(SESSIONS).status_code == 303


def test_no_page_is_kept_or_runs_anything(sign_in: SignIn) -> None:
    answer = sign_in(INES).get(SESSIONS)
    policy = answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'") and "unsafe" not in policy
    assert "style=" not in answer.text and "<script" not in answer.text


def test_the_style_sheet_is_kept_by_its_content(pages: Site, sign_in: SignIn) -> None:
    [address] = [each for each in sign_in(INES).get(SESSIONS).text.split('"') if each.startswith("/static/")]
    answer = pages.client.get(address)
    assert answer.headers["content-type"].startswith("text/css") and "immutable" in answer.headers["cache-control"]
    assert pages.client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_a_twin_is_the_same_value_for_programs(sign_in: SignIn) -> None:
    [session] = sign_in(INES).get(paths.twin(SESSIONS)).json()["sessions"]
    assert (session["email"], session["browser"], session["goes_on"]) == (INES, "Firefox", True)


@pytest.mark.parametrize("path", [SESSIONS, paths.CALENDAR, paths.LOAD])
@pytest.mark.parametrize("day", ["tomorrow", "2031-01-01", "0001-01-01"])
def test_a_day_that_is_none_is_to_come_or_lies_before_all_records_is_told(sign_in: SignIn, path: str, day: str) -> None:
    answer = sign_in(INES).get(f"{path}?on={day}")
    assert answer.status_code == 422 and "cannot be shown" in answer.text


def test_who_looks_as_another_organisation_does_nothing_there(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    assert "You see what globex sees" in operator.get(f"{SESSIONS}?as=globex").text
    assert operator.act(f"{SESSIONS}?as=globex", "end_all").status_code == 403
    assert "You see what" not in sign_in(INES).get(f"{SESSIONS}?as=globex").text


def test_sessions_that_ended_long_ago_are_let_go_of(pages: Site, sign_in: SignIn) -> None:
    sign_in(INES)
    pages.clock.forward(days=60)
    sign_in(DEV)
    with pages.app.store.read() as db:
        assert [each.email for each in sessions.listing(db)] == [DEV]
        assert sessions.listing(db)[0].created_at - timedelta(0) == pages.clock.now


def test_paths_carry_what_is_asked_for_besides() -> None:
    assert paths.with_query("/portfolio", on="2026-01-02", q=None) == "/portfolio?on=2026-01-02"
    assert paths.review("acme-globex/operating/2026-12") == "/reviews/acme-globex/operating/2026-12"
    assert paths.twin(paths.NOW) == "/now.json"


@pytest.mark.parametrize(
    "path", ["/reviews/a%00b", "/kpis/a%00/b", "/partnerships/x%00", "/search?q=%00", "/horizon?x=%00"]
)
def test_a_character_that_no_database_keeps_is_nowhere(sign_in: SignIn, path: str) -> None:
    page, _, query = path.partition("?")
    assert sign_in(INES).get(path).status_code == 404
    assert sign_in(INES).get(f"{page}.json?{query}").status_code == 404
