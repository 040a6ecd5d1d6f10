"""One's own page: Tom says how he is told and when he is away, reads what is held of him, and asks to be erased."""

import pytest

from scheduler.services.cases.own_settings import how_told
from scheduler.store import absences, faults
from tests.web.conftest import DEV, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, SignIn, words_of

PAGE = "/me"


def test_ones_own_word_counts_and_is_shown_where_it_applies(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    assert "digest" in tom.done(PAGE, "tell", tell="digest")
    with pages.app.store.read() as db:
        assert [(each.file, each.counts) for each in how_told(pages.app, db, TOM).partnerships] == [("mail", "digest")]
    assert "as each partnership says" in tom.done(PAGE, "tell", tell="as defined")


def test_a_channel_that_one_does_not_have_is_refused(pages: Site, sign_in: SignIn) -> None:
    answer = sign_in(TOM).act(PAGE, "tell", tell="chat")
    assert answer.status_code == 422
    assert "choose one of: mail, digest" in words_of(answer.text)


def test_when_one_is_away_is_said_and_taken_back(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    assert "You are away" in tom.done(PAGE, "away", first="2026-12-21", last="2026-12-23")
    with pages.app.store.read() as db:
        [said] = absences.of_person(db, TOM)
    assert (str(said.days), said.by) == ("2026-12-21/2026-12-23", TOM)
    assert "You are not away" in tom.done(PAGE, "back", first="2026-12-21")
    with pages.app.store.read() as db:
        assert absences.of_person(db, TOM) == []


@pytest.mark.parametrize(("first", "last"), [("2026-12-23", "2026-12-21"), ("2026-11-01", "2026-11-02"), ("x", "y")])
def test_days_that_are_none_are_refused_beside_their_field(pages: Site, sign_in: SignIn, first: str, last: str) -> None:
    answer = sign_in(TOM).act(PAGE, "away", first=first, last=last)
    assert answer.status_code == 422
    assert "Nothing was recorded" in words_of(answer.text)


def test_what_is_held_of_one_is_a_file_and_nobody_elses(pages: Site, sign_in: SignIn) -> None:
    answer = sign_in(TOM).get("/me/data")
    assert answer.headers["content-disposition"].startswith("attachment")
    said = answer.json()
    assert said["email"] == TOM
    assert said["known_in"][0]["names"] == ["Tom Reyes"]
    assert DEV not in answer.text
    assert UWE not in answer.text


def test_who_asks_to_be_erased_is_seen_by_operators_and_is_told_so(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    assert "You have asked to be erased" in tom.done(PAGE, "ask_erasure")
    with pages.app.store.read() as db:
        assert any(TOM in each.what and "person erase" in each.hint for each in faults.listing(db))


def test_whom_to_ask_is_an_operator_where_the_settings_name_nobody(pages: Site, sign_in: SignIn) -> None:
    assert OPERATOR in sign_in(TOM).text(PAGE)


def test_an_operator_of_no_partnership_has_nothing_to_set(pages: Site, sign_in: SignIn) -> None:
    assert "nothing is told to you" in sign_in(OPERATOR).text(PAGE)


def test_the_language_that_one_chooses_is_that_of_the_answer_and_of_every_page_from_then_on(
    pages: Site, sign_in: SignIn
) -> None:
    tom = sign_in(TOM)
    assert "Ihre Einstellungen" in tom.done(PAGE, "write", language="de", numbers="", dates="2026-12-31")
    assert '<html lang="ar" dir="rtl">' not in tom.get("/").text and '<html lang="de">' in tom.get("/").text
    assert "تُكتب رسائلكم وصفحاتكم هكذا" in tom.done(PAGE, "write", language="ar", numbers="", dates="")
    assert '<html lang="ar" dir="rtl">' in tom.get("/").text
    assert "You are told as each partnership says" in sign_in(DEV).done(PAGE, "tell", tell="as defined")
    assert "Your settings" in tom.done(PAGE, "write", language="", numbers="", dates="")


@pytest.mark.parametrize("part", ["language", "numbers", "dates"])
def test_a_language_that_there_is_not_is_refused_beside_its_field(pages: Site, sign_in: SignIn, part: str) -> None:
    answer = sign_in(TOM).act(PAGE, "write", **{"language": "de", part: "<klingon>"})
    assert answer.status_code == 422
    assert f'id="{part}-error"' in answer.text and "<klingon>" not in answer.text


def test_an_operator_of_no_partnership_chooses_a_language_too(pages: Site, sign_in: SignIn) -> None:
    root = sign_in(OPERATOR)
    assert "Sus ajustes" in root.done(PAGE, "write", language="es")
    assert '<html lang="es">' in root.get("/status").text
