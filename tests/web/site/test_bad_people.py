"""Every page, asked for by those who are nobody here, and with what no browser of ours sends."""

import re
from collections.abc import Iterator

import pytest

from scheduler.store import members
from scheduler.web.site import PAGES, paths
from scheduler.web.site.page import Page
from tests.web.conftest import CELLS, DEV, INES, Site
from tests.web.site.conftest import OPERATOR, URL, Browser, SignIn

YUKI = "yuki.mori@initech.example"
"""Of a side that has no part in `CELLS`."""
IDS = {
    "partnerships": CELLS,
    "reviews": f"{CELLS}/operating/2026-12",
    "kpis": f"{CELLS}/cells-delivered",
    "checkpoints": f"{CELLS}/checkpoint",
}


def path_of(page: Page, *, never: bool = False) -> str:
    """An address of the page; of one that has an id that of something which is there, or that never was."""
    id = IDS.get(page.path.split("/")[1], "")
    return re.sub(r"{[^}]*}", id.replace(CELLS, "acme-nobody") if never else id, page.path)


EVERY = [path_of(each) for each in PAGES]
WITH_ID = [each for each in PAGES if "{" in each.path]


def answers(browser: Browser) -> Iterator[tuple[str, int]]:
    """What is answered to each page and to its twin."""
    for page in PAGES:
        yield path_of(page), browser.get(path_of(page)).status_code
        if page.has_twin:
            yield paths.twin(path_of(page)), browser.get(paths.twin(path_of(page))).status_code


def kept_out(browser: Browser) -> None:
    """Is sent to sign in by each page, and refused by each twin."""
    for path, status in answers(browser):
        assert status == (401 if path.endswith(".json") else 303), path


def test_a_stranger_with_a_session_sees_no_page(sign_in: SignIn) -> None:
    kept_out(sign_in("eve@evil.example"))


def test_who_has_left_sees_no_page(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    with pages.app.store.write() as db:
        [member] = members.memberships(db, INES)
        members.save(db, CELLS, [member._replace(leaves_at=pages.clock.now)])
    kept_out(ines)


def test_a_cookie_that_has_ended_or_was_made_up_opens_no_page(sign_in: SignIn) -> None:
    ended, made_up = sign_in(INES), sign_in(INES)
    assert ended.act(paths.SESSIONS, "sign_out").status_code == 303
    kept_out(ended)
    made_up.signed_in = type(made_up.signed_in)(made_up.signed_in.session, "A" * 43)
    kept_out(made_up)


def test_a_header_of_a_proxy_that_is_not_named_makes_nobody_somebody(pages: Site) -> None:
    said = {"remote-email": OPERATOR, "cadence-proxy-secret": "x" * 40, "x-forwarded-for": "127.0.0.1"}
    for path in EVERY:
        assert pages.client.get(path, headers=said).status_code == 303, path


def test_another_host_is_answered_by_nothing_whatever_the_page(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    for path in EVERY:
        assert operator.get(path, host="evil.example").status_code == 404, path


@pytest.mark.parametrize("page", WITH_ID, ids=[each.path for each in WITH_ID])
def test_what_is_anothers_is_answered_as_what_never_was(sign_in: SignIn, page: Page) -> None:
    """Word for word, to whoever has no part in it and to an operator who looks as they do."""
    for browser, asked in ((sign_in(YUKI), ""), (sign_in(OPERATOR), "?as=initech")):
        addresses = [(path_of(page), path_of(page, never=True))]
        if page.has_twin:
            addresses += [(paths.twin(theirs), paths.twin(never)) for theirs, never in addresses]
        for theirs, never in addresses:
            found, nothing = browser.get(theirs + asked), browser.get(never + asked)
            assert found.status_code == nothing.status_code == 404, theirs
            assert found.text.replace(theirs, "") == nothing.text.replace(never, "")


@pytest.mark.parametrize(
    "path", [paths.HORIZON, paths.HISTORY, paths.LOAD, f"{paths.MINUTES_FILE}?from=2026-01-01&until=2026-12-31"]
)
def test_anothers_partnership_that_a_page_is_asked_for_is_answered_as_what_never_was(
    sign_in: SignIn, path: str
) -> None:
    for browser, asked in ((sign_in(YUKI), None), (sign_in(OPERATOR), "initech")):
        for id in (CELLS, "acme-nobody"):
            assert browser.get(paths.with_query(path, partnership=id, **{"as": asked})).status_code == 404, id
    assert sign_in(OPERATOR).get(paths.with_query(path, partnership=CELLS, **{"as": "globex"})).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "https://a]b", "\xff", "null\x00"])
def test_an_origin_that_is_none_is_anothers(pages: Site, origin: str) -> None:
    headers = {b"origin": origin.encode("latin-1")}
    for path in (paths.SIGN_IN, paths.SESSIONS, "/report/x"):
        assert pages.client.post(path, data={"email": INES}, headers=headers).status_code == 403, path


@pytest.mark.parametrize("page", [each for each in WITH_ID if each.acts], ids=lambda each: each.path)
def test_what_is_done_to_anothers_is_answered_as_what_never_was(sign_in: SignIn, page: Page) -> None:
    yuki = sign_in(YUKI)
    for act in page.acts:
        theirs, never = (yuki.act(path_of(page, never=each), act, because="x") for each in (False, True))
        assert theirs.status_code == never.status_code == 404, act
        assert theirs.text.replace(path_of(page), "") == never.text.replace(path_of(page, never=True), "")


@pytest.mark.parametrize("page", [each for each in PAGES if each.acts], ids=lambda each: each.path)
def test_no_act_of_any_page_is_taken_without_the_word_of_its_session_or_from_another_site(
    pages: Site, sign_in: SignIn, page: Page
) -> None:
    operator, other = sign_in(OPERATOR), sign_in(DEV)
    cookie = {"cookie": f"__Host-cadence={operator.signed_in.token}"}
    for act in page.acts:
        assert operator.act(path_of(page), act, csrf="").status_code == 403
        assert operator.act(path_of(page), act, csrf=other.signed_in.csrf).status_code == 403
        said = {"csrf": operator.signed_in.csrf, "act": act}
        for foreign in ({"origin": "https://evil.example"}, {"origin": URL, "sec-fetch-site": "cross-site"}):
            assert pages.client.post(path_of(page), data=said, headers={**cookie, **foreign}).status_code == 403


@pytest.mark.parametrize("page", PAGES, ids=lambda each: each.path)
def test_a_form_of_ten_megabytes_and_more_is_taken_by_no_page(sign_in: SignIn, page: Page) -> None:
    assert sign_in(INES).act(path_of(page), "x", text="x" * 11 * 1024 * 1024).status_code == 413
