"""Signing in by a letter: in the browser that asked, by its button or its code, once, within ten minutes."""

import re

import pytest

from scheduler.services.app import App
from scheduler.services.cases import credentials
from scheduler.services.cases.sign_in import by_mail
from scheduler.services.cases.sign_in.by_mail import MOST_LETTERS, MOST_TRIES
from scheduler.store import members, outbox, sign_ins
from tests.web.conftest import CELLS, DEV, INES
from tests.web.site.conftest import OPERATOR, words_of
from tests.web.site.sign_in.conftest import Door, Guest, code_in, link_in, opened

SENT = "If a partnership knows the address, a letter is on its way there"


def asked(door: Door, email: str = INES, next: str = "/") -> Guest:
    browser = door.browser()
    answer = browser.post("/sign-in", email=email, next=next)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    return browser


def test_the_button_of_the_letters_link_signs_in_and_leads_to_the_page_that_was_asked_for(door: Door) -> None:
    ines = asked(door, next="/portfolio?sort=name")
    [letter] = door.letters(1)
    assert door.mailbox.recipients == [INES]
    answer = ines.post(link_in(letter))
    assert (answer.status_code, answer.headers["location"]) == (303, "/portfolio?sort=name")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-cadence="))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert ines.reader() == "Inès Falk"


def test_opening_the_link_signs_nobody_in_since_scanners_open_every_link(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    for browser in (ines, door.browser()):
        assert browser.get(link_in(letter)).status_code == 200 and browser.reader() is None
    assert "asked for in another browser" in door.browser().words(link_in(letter))
    assert ines.post(link_in(letter)).status_code == 303, "it was not used up"


def test_the_link_signs_in_no_other_browser_than_the_one_that_asked(door: Door) -> None:
    asked(door)
    [letter] = door.letters(1)
    other = asked(door, DEV)
    assert other.post(link_in(letter)).status_code == 403 and other.reader() is None
    assert door.browser().post(link_in(letter)).status_code == 403


def test_the_code_signs_in_the_browser_that_asked_wherever_the_letter_is_read(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    stranger = asked(door, DEV)
    assert stranger.post("/sign-in/code", code=code_in(letter)).status_code == 422
    assert ines.post("/sign-in/code", code=code_in(letter)).status_code == 303
    assert ines.reader() == "Inès Falk" and stranger.reader() is None


def test_a_code_that_is_under_way_outlives_a_change_of_the_key(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    credentials.rotate_signing_key(door.app, door.clock.now)
    assert ines.post("/sign-in/code", code=code_in(letter)).status_code == 303 and ines.reader() == "Inès Falk"


def test_a_link_and_its_code_are_good_once_between_them(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    ines.post("/sign-in/code", code=code_in(letter))
    assert ines.post("/sign-in/code", code=code_in(letter)).status_code in (403, 422)
    assert ines.post(link_in(letter)).status_code == 403


def test_whoever_is_signed_in_and_opens_the_link_once_more_comes_to_their_pages(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    ines.post(link_in(letter))
    again = ines.get(link_in(letter))
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert "no longer good" in door.browser().words(link_in(letter))


@pytest.mark.parametrize(("minutes", "is_good"), [(9.9, True), (10, False), (-1, False)])
def test_both_are_good_for_ten_minutes_and_not_before_they_were_made(door: Door, minutes: float, is_good: bool) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    door.clock.forward(minutes=minutes)
    assert (ines.post(link_in(letter)).status_code == 303) is is_good


def test_an_address_that_nobody_has_is_answered_alike_and_no_letter_leaves(door: Door) -> None:
    answers = []
    for email in ("nobody@evil.example", INES):
        browser = door.browser()
        answer = browser.post("/sign-in", email=email)
        page = browser.get("/sign-in/code")
        wrong = [browser.post("/sign-in/code", code="0000 0000").text for _ in range(MOST_TRIES + 1)]
        answers.append((answer.status_code, answer.text, page.status_code, page.text, wrong))
    assert SENT in words_of(answers[0][3])
    assert answers[0] == answers[1]
    door.letters(1)
    assert door.mailbox.recipients == [INES]


def test_no_more_than_five_codes_can_be_tried(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    for _ in range(MOST_TRIES):
        assert "This is not the code" in ines.post("/sign-in/code", code="12345678").text
    assert "no longer good" in ines.post("/sign-in/code", code=code_in(letter)).text
    assert ines.reader() is None


def test_five_letters_an_hour_go_to_an_address_also_after_a_restart(door: Door, app: App) -> None:
    for _ in range(MOST_LETTERS + 2):
        asked(door)
    assert len(door.letters(MOST_LETTERS)) == MOST_LETTERS
    with opened(app) as restarted:
        asked(restarted)
        asked(restarted, DEV)
        restarted.letters(1)
        assert restarted.mailbox.recipients == [DEV]
        restarted.clock.forward(hours=1)
        asked(restarted)
        restarted.letters(2)
        assert restarted.mailbox.recipients == [DEV, INES]


def test_a_stranger_who_asks_without_end_keeps_nobody_out_of_a_browser_that_they_had_signed_in_with(
    door: Door,
) -> None:
    ines = asked(door)
    assert ines.post("/sign-in/code", code=code_in(door.letters(1)[-1])).status_code == 303
    door.clock.forward(hours=13)
    assert ines.reader() is None, "that session has ended"
    for _ in range(MOST_LETTERS + 1):
        asked(door)
    so_far = len(door.letters(1 + MOST_LETTERS))
    assert so_far == 1 + MOST_LETTERS
    for _ in range(MOST_LETTERS):
        ines.post("/sign-in", email=INES)
        so_far += 1
        last = door.letters(so_far)[-1]
    assert ines.post("/sign-in/code", code=code_in(last)).status_code == 303
    assert ines.reader() == "Inès Falk"
    ines.post("/sign-in", email=INES)
    asked(door, DEV)
    door.letters(so_far + 1)
    assert door.mailbox.recipients[so_far:] == [DEV], "its own have an end, too"


def test_a_thousand_tries_a_minute_fill_no_mailbox_and_keep_nobody_else_out(door: Door) -> None:
    stranger = door.browser()
    for n in range(1000):
        stranger.post("/sign-in", email=INES if n % 2 else f"nobody-{n}@evil.example")
    dev = asked(door, DEV)
    letters = door.letters(MOST_LETTERS + 1)
    assert sorted(door.mailbox.recipients) == sorted([DEV, *[INES] * MOST_LETTERS])
    assert dev.post("/sign-in/code", code=code_in(letters[-1])).status_code == 303
    door.clock.forward(minutes=11)
    asked(door, DEV)
    with door.app.store.read() as db:
        assert sign_ins.under_way(db, door.clock.now) == 1
        left = db.exec_driver_sql("SELECT count(*) FROM sign_in WHERE code_hash IS NULL").scalar()
    assert left is not None and left <= 1, "what leads nowhere is let go of"


def test_when_too_many_sign_ins_are_under_way_people_are_asked_to_wait(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.services.cases.sign_in.entry.MOST_UNDER_WAY", 2)
    asked(door, "a@evil.example")
    asked(door, "b@evil.example")
    assert door.browser().post("/sign-in", email=INES).status_code == 429
    door.clock.forward(minutes=10)
    asked(door)


def test_the_secrets_stand_in_no_outbox_no_folder_no_record_and_no_log(door: Door) -> None:
    asked(door)
    [letter] = door.letters(1)
    secrets = (link_in(letter).rpartition("/")[2], code_in(letter), code_in(letter).replace(" ", ""))
    with door.app.store.read() as db:
        assert outbox.listing(db) == []
        kept = " ".join(str(each) for each in db.exec_driver_sql("SELECT * FROM sign_in").all())
    files = [path.read_bytes() for path in (door.app.settings.data / "outbox").rglob("*") if path.is_file()]
    for secret in secrets:
        assert secret not in kept and not any(secret in line for line in door.log)
        assert not any(secret.encode() in each for each in files)


def test_the_letter_leads_to_the_public_address_whatever_host_was_named(door: Door) -> None:
    answer = door.browser().client.post("/sign-in", data={"email": INES}, headers={"host": "evil.example"})
    assert answer.status_code == 404
    asked(door)
    assert "https://cadence.acme.example/sign-in/mail/" in door.letters(1)[0]


def test_the_letter_says_for_whom_it_is_and_until_when_on_their_clock(door: Door) -> None:
    asked(door)
    said = " ".join(door.letters(1)[0].split())
    assert "for Inès Falk alone" in said and "until 09:10 (UTC+1), and once" in said


def test_an_address_from_which_somebody_only_answers_does_not_sign_in(door: Door) -> None:
    asked(door, "ines@private.example")
    asked(door, OPERATOR)
    door.letters(1)
    assert door.mailbox.recipients == [OPERATOR]


def test_somebody_who_leaves_between_the_letter_and_its_code_stays_out(door: Door) -> None:
    ines = asked(door)
    [letter] = door.letters(1)
    with door.app.store.write() as db:
        [member] = members.memberships(db, INES)
        members.save(db, CELLS, [member._replace(leaves_at=door.clock.now)])
    assert ines.post(link_in(letter)).status_code == 403 and ines.reader() is None


def test_signing_in_anew_ends_the_session_that_the_browser_had(door: Door) -> None:
    ines = asked(door)
    ines.post(link_in(door.letters(1)[0]))
    before = ines.client.cookies["__Host-cadence"]
    ines.post("/sign-in", email=DEV)
    ines.post("/sign-in/code", code=code_in(door.letters(2)[1]))
    assert ines.reader() == "Dev Patel"
    thief = door.browser()
    thief.client.cookies.set("__Host-cadence", before)
    assert thief.reader() is None


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""])
def test_nobody_is_led_to_another_site(door: Door, wanted: str) -> None:
    ines = asked(door, next=wanted)
    assert ines.post(link_in(door.letters(1)[0])).headers["location"] == "/"


def test_what_is_no_address_is_told_beside_its_field_with_what_was_typed(door: Door) -> None:
    answer = door.browser().post("/sign-in", email="ines falk")
    assert answer.status_code == 422 and "This is no mail address" in answer.text and "ines falk" in answer.text


def test_a_form_of_another_site_is_not_taken(door: Door) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = door.browser().client.post("/sign-in", data={"email": INES}, headers=headers)
        assert answer.status_code == 403


def test_a_long_form_is_not_read(door: Door) -> None:
    assert door.browser().post("/sign-in", email="a" * 10_000_000).status_code == 413


def test_without_a_mail_server_or_without_tls_no_letter_is_offered(app: App) -> None:
    with opened(app, public_url="http://cadence.acme.example") as door:
        assert not by_mail.is_possible(door.app)
        page = door.browser().get("/sign-in").text
        assert "Send me a letter" not in page and "No way to sign in is set up here" in page
        assert door.browser().client.post("/sign-in", data={"email": INES}).status_code == 403
    with opened(app) as door:
        assert "Send me a letter" in door.browser().get("/sign-in").text


def test_a_letter_that_the_server_does_not_take_is_in_the_log_and_not_in_the_answer(app: App) -> None:
    with opened(app) as door:
        door.app.settings.mail.__dict__["port"] = 9
        asked(door)
        for _ in range(1000):
            if any("sign_in.letter_not_sent" in line for line in door.log):
                break
            door.browser().get("/sign-in")
        assert any("sign_in.letter_not_sent" in line for line in door.log)


def test_each_page_of_signing_in_runs_nothing_and_is_kept_nowhere(door: Door) -> None:
    ines = asked(door)
    for path in ("/sign-in", "/sign-in/code", link_in(door.letters(1)[0])):
        answer = ines.get(path)
        assert (
            answer.headers["cache-control"] == "no-store" and "unsafe" not in answer.headers["content-security-policy"]
        )
        assert "<script" not in answer.text and not re.search(r"style=", answer.text)
