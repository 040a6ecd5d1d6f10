"""A form whose word wants a code: nothing is recorded until its reader types what was sent to them.

A form of the tests' own writes down what Inès says; a real mail server on loopback takes the letters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.confirmations import MOST_CODES, MOST_TRIES, Act
from scheduler.store import outbox
from scheduler.web.forms import lifecycle
from scheduler.web.forms.lifecycle import FormKind, Said, Wrong
from scheduler.web.unit_of_work import UnitOfWork
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import CELLS, INES, NOW, Clock, Heard
from tests.web.forms.test_report_form import FORM, text

SENDER = "cadence@alliances.example"
TEMPLATE = """{% extends "web/_page.html.j2" %}{% import "web/_form.html.j2" as parts %}
{% block main %}{{ parts.wrong(errors) }}<form method="post"><input type="text" name="says" value="{{ form.says }}">
{{ parts.confirmation(code, errors) }}{{ parts.confirm(code, "Record it") }}</form>{% endblock %}"""


class Shown(NamedTuple):
    says: str


@dataclass
class Words:
    """A form, what it took, and the letters that brought its codes."""

    app: App
    mailbox: Mailbox
    clock: Clock
    client: TestClient
    taken: list[str] = field(default_factory=list)
    fails: bool = False

    def post(self, **said: str) -> Any:
        return self.client.post("/words", content=urlencode({"says": "yes", **said}), headers=FORM)

    @property
    def codes(self) -> list[str]:
        found = (re.search(r"Your code: (\d{4}) (\d{4})", plain(each)) for each in self.mailbox.letters)
        return ["".join(each.groups()) for each in found if each]


def plain(letter: bytes) -> str:
    part = next(each for each in message_from_bytes(letter).walk() if each.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


@contextmanager
def opened(app: App, mailbox: Mailbox, **mail: Any) -> Iterator[Words]:
    with listening(mailbox) as server:
        address = {"host": server.host, "port": server.port, "tls": "none"}
        settings = app.settings.model_copy(
            update={"mail": app.settings.mail.model_copy(update={"sender": SENDER, **address, **mail})}
        )
        its, clock = under(app, settings), Clock()
        words = Words(its, mailbox, clock, TestClient(Starlette()))

        def taken(app: App, now: Any, token: str, said: Said) -> None:
            if words.fails:
                raise Wrong("", UserError("it was closed in between"))
            words.taken.append(said["says"])

        def act(app: App, db: Connection, now: Any, token: str, said: Said) -> Act | None:
            if not said["says"]:
                raise Wrong("says", InvalidValue("Say something"))
            partnership = app.in_force(lookup.partnership(db, CELLS))
            return None if said["says"] in words.taken else Act(partnership, "ines", "words", "your word on “cells”")

        kind = FormKind(
            "words.html.j2", lambda app, db, now, token, said: Shown((said or {}).get("says", "")), taken, act
        )
        unit_of_work = UnitOfWork(its, clock, lambda: None)

        async def answer(request: Request) -> Response:
            request.path_params["token"] = ""
            return await lifecycle.answer(kind, "words", unit_of_work, request)

        routes = [Route("/words", answer, methods=["GET", "POST"])]
        with TestClient(Starlette(routes=routes), "https://cadence.acme.example", follow_redirects=False) as client:
            words.client = client
            yield words


@pytest.fixture
def words(app: App) -> Iterator[Words]:
    folder = app.settings.templates / "web"
    folder.mkdir(parents=True)
    (folder / "words.html.j2").write_text(TEMPLATE, encoding="utf-8")
    with opened(app, Mailbox()) as made:
        yield made


def test_a_word_is_recorded_once_its_reader_has_typed_the_code(words: Words) -> None:
    assert words.client.get("/words").status_code == 200 and not words.mailbox.taken, "looking sends nothing"
    asked = words.post()
    assert asked.status_code == 200 and "A code has been sent" in text(asked) and 'value="yes"' in asked.text
    assert words.taken == [] and words.mailbox.recipients == [INES]
    [code] = words.codes
    assert words.post(code=f"{code[:4]} {code[4:]}").status_code == 303
    assert words.taken == ["yes"]


def test_the_letter_says_what_it_confirms_until_when_on_its_readers_clock_and_for_whom(words: Words) -> None:
    words.post()
    [letter] = words.mailbox.letters
    for said in ("your word on “cells” (Acme × Globex", "until 09:10 (UTC+1)", "Inès Falk"):
        assert said in " ".join(plain(letter).split())


def test_the_code_stands_in_no_outbox_no_folder_no_log_and_not_on_the_page(words: Words) -> None:
    shown = words.post()
    [code] = words.codes
    log: Heard = words.app.log  # type: ignore[assignment]
    spellings = (code, f"{code[:4]} {code[4:]}")
    with words.app.store.read() as db:
        assert not any(each.email == INES and "code" in each.title for each in outbox.listing(db))
    data: Path = words.app.settings.data
    kept = [each.read_bytes() for each in data.rglob("*") if each.is_file()]
    for each in spellings:
        assert each not in shown.text and each not in "\n".join(log.lines)
        assert not any(each.encode() in content for content in kept)
    assert any("confirmation.sent" in line for line in log.lines)


def test_a_code_is_good_once(words: Words) -> None:
    words.post()
    [code] = words.codes
    words.post(code=code)
    again = words.post(says="no", code=code)
    assert again.status_code == 422 and "no longer good" in text(again) and words.taken == ["yes"]


def test_what_changes_nothing_wants_no_code(words: Words) -> None:
    words.taken.append("yes")
    assert words.post().status_code == 303 and not words.mailbox.taken


def test_what_is_wrong_is_told_before_a_code_is_sent(words: Words) -> None:
    assert words.post(says="").status_code == 422 and not words.mailbox.taken


@pytest.mark.parametrize(("minutes", "seconds", "is_good"), [(9, 59, True), (10, 0, False), (-1, 0, False)])
def test_a_code_is_good_for_ten_minutes_and_not_before_it_was_asked_for(
    words: Words, minutes: int, seconds: int, is_good: bool
) -> None:
    """Also where the clock was set back since."""
    words.post()
    [code] = words.codes
    words.clock.forward(minutes=minutes, seconds=seconds)
    assert words.post(code=code).status_code == (303 if is_good else 422)


def test_the_code_of_the_last_letter_counts(words: Words) -> None:
    words.post()
    assert "A code has been sent" in text(words.post(code="", anew="yes"))
    first, second = words.codes
    if first != second:
        assert words.post(code=first).status_code == 422
    assert words.post(code=second).status_code == 303


def test_after_a_few_wrong_codes_the_right_one_is_good_no_more(words: Words) -> None:
    words.post()
    [code] = words.codes
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(MOST_TRIES):
        told = words.post(code=wrong)
        assert told.status_code == 422 and "not the code that was sent" in text(told) and 'id="code"' in told.text
    assert words.post(code=code).status_code == 422 and words.taken == []


def test_nobodys_mailbox_is_filled(words: Words) -> None:
    """The count is on record, so that it survives a restart."""
    for _ in range(MOST_CODES):
        assert words.post().status_code == 200
    refused = words.post()
    assert refused.status_code == 422 and "within an hour" in text(refused)
    assert len(words.mailbox.taken) == MOST_CODES
    words.clock.forward(hours=1)
    assert words.post().status_code == 200


def test_where_the_act_fails_its_code_is_as_good_as_before(words: Words) -> None:
    words.post()
    [code] = words.codes
    words.fails = True
    assert "closed in between" in text(words.post(code=code))
    words.fails = False
    assert words.post(code=code).status_code == 303


def test_a_letter_that_the_server_does_not_take_is_said_and_counts_for_nothing(words: Words) -> None:
    words.mailbox.at_rcpt[INES] = "550 no such user"
    for _ in range(MOST_CODES + 1):
        told = words.post()
        assert told.status_code == 422 and "did not take the letter" in text(told) and "550" not in text(told)
    words.mailbox.at_rcpt.clear()
    assert words.post().status_code == 200


def test_where_no_mail_server_is_set_the_page_says_so_and_nothing_is_taken(app: App, words: Words) -> None:
    with opened(app, Mailbox(), host=None) as silent:
        shown = silent.client.get("/words")
        assert "none can be sent from here" in text(shown) and "<button" not in shown.text
        refused = silent.post()
        assert refused.status_code == 422 and "no mail server is set" in text(refused)
        assert silent.post(code="12345678").status_code == 422 and silent.taken == []


def test_a_scratch_copy_sends_no_codes(words: Words) -> None:
    from dataclasses import replace

    from scheduler.services.cases.confirmations import are_possible

    assert are_possible(words.app) and not are_possible(replace(words.app, is_scratch=True))


def test_another_address_of_the_same_person_confirms_nothing_with_the_code_that_went_to_the_first(words: Words) -> None:
    """As with their links."""
    words.post()
    [code] = words.codes
    file = words.app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(file.read_text("utf-8").replace(INES, "ines@elsewhere.example"), encoding="utf-8")
    from scheduler.services.pipeline.cycle import run

    run(words.app, NOW + timedelta(minutes=1))
    words.clock.forward(minutes=2)
    assert words.post(code=code).status_code == 422
