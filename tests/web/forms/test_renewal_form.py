"""The form on which Inès (Acme) says what was decided about the term, or that notice was sent; it wants a code.

It is Saturday 21 November 2026, and the agreement renews by itself on 30 September 2027.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from scheduler.domain.record.renewal import TermStanding
from scheduler.render.signed_links import Holder, renewal_link
from scheduler.services.app import App
from scheduler.services.cases.renewals import running_term, take_back
from scheduler.services.pipeline.cycle import run
from scheduler.services.state import state_of
from scheduler.store import partnerships, secrets
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import CELLS, NOW, Clock, definition
from tests.web.forms.test_code_step import plain
from tests.web.forms.test_report_form import FORM, text

ENDS = "2027-09-30"
RENEWAL = {"kind": "tacit", "for": "12 months", "notice": "90 days"}
EXPIRES = "2026-12-21"
NDA = {"kind": "nda", "signed": "2025-12-22", "expires": EXPIRES}


@dataclass
class Term:
    """The agreement on battery cells with a term, its form, and the letters that bring codes."""

    app: App
    mailbox: Mailbox
    clock: Clock
    client: TestClient

    def link(self, person: str = "ines", ends: str = ENDS, document: str | None = None) -> str:
        with self.app.store.write() as db:
            key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
            assert row
            seal = state_of(self.app, db, row, NOW).seal(person)
        return renewal_link("", key, CELLS, ends, Holder(person, seal), NOW + timedelta(days=400), document)

    def post(self, path: str, word: str = "notice-sent", on: str = "2026-11-20", **more: str) -> Any:
        return self.client.post(path, content=urlencode({"word": word, "on": on, **more}), headers=FORM)

    def confirmed(self, path: str, word: str = "notice-sent", on: str = "2026-11-20", **more: str) -> Any:
        self.post(path, word, on, **more)
        return self.post(path, word, on, code=self.code, **more)

    @property
    def code(self) -> str:
        found = re.search(r"Your code: (\d{4}) (\d{4})", plain(self.mailbox.letters[-1]))
        assert found
        return "".join(found.groups())

    @property
    def standing(self) -> TermStanding:
        with self.app.store.read() as db:
            return running_term(self.app, db, CELLS, self.clock()).standing

    @property
    def said(self) -> list[str]:
        """What is on record of the NDA and of what was signed."""
        with self.app.store.read() as db:
            row = partnerships.get(db, CELLS)
        assert row
        return [each.words for each in self.app.in_force(row).renewals]

    def define(self, **agreement: Any) -> None:
        file = self.app.settings.definitions / f"{CELLS}.yaml"
        file.write_text(definition(agreement={"ends": ENDS, **agreement}), encoding="utf-8")
        run(self.app, NOW)


@contextmanager
def opened(app: App) -> Iterator[Term]:
    file = app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(definition(agreement={"ends": ENDS, "renewal": RENEWAL}), encoding="utf-8")
    run(app, NOW)
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        mail = {"sender": "cadence@alliances.example", "host": server.host, "port": server.port, "tls": "none"}
        its = under(app, app.settings.model_copy(update={"mail": app.settings.mail.model_copy(update=mail)}))
        cache, unit = FeedCache(its, clock), UnitOfWork(its, clock, lambda: None)
        site = application(lambda: cache, lambda: unit, lambda: True)
        with TestClient(site, "https://cadence.acme.example", follow_redirects=False) as client:
            yield Term(its, mailbox, clock, client)


@pytest.fixture
def term(app: App) -> Iterator[Term]:
    with opened(app) as made:
        yield made


def test_it_says_what_it_is_for_and_looking_changes_nothing(term: Term) -> None:
    shown = text(term.client.get(term.link()))
    for words in ("The term until Thu 30 Sep 2027", "Fri 2 Jul 2027", "Notice was sent", "Inès Falk"):
        assert words in shown
    assert term.standing == TermStanding() and not term.mailbox.letters


def test_nothing_is_recorded_until_the_code_that_was_sent_to_the_same_person_is_typed(term: Term) -> None:
    path = term.link()
    assert term.post(path).status_code == 200 and term.standing.notice is None
    assert term.confirmed(path).status_code == 303
    notice = term.standing.notice
    assert notice and (notice.by, notice.on.isoformat()) == ("ines", "2026-11-20")


def test_a_code_confirms_the_words_that_were_sent_with_it_and_no_others(term: Term) -> None:
    path = term.link()
    term.post(path, because="the board has decided so")
    for other in ({"because": "Globex has broken it"}, {"on": "2026-11-19"}, {"word": "lapse"}):
        said = {"word": "notice-sent", "because": "the board has decided so", **other}
        assert term.post(path, **said, code=term.code).status_code == 422
    assert term.standing.notice is None and term.standing.decided is None


def test_said_twice_it_is_on_record_once_and_then_nothing_more_is_asked(term: Term) -> None:
    path = term.link()
    assert term.confirmed(path, "lapse").status_code == 303
    assert term.confirmed(path).status_code == 303
    sent = len(term.mailbox.letters)
    assert term.post(path).status_code == 303 and len(term.mailbox.letters) == sent
    other = term.post(path, "renew")
    assert other.status_code == 409 and "What you sent now was not kept" in text(other)
    shown = text(term.client.get(path))
    assert "This is on record since" in shown
    assert "Notice was sent, Fri 20 Nov 2026" in shown and "Record it" not in shown
    take_back(term.app, CELLS, "notice-sent", "a slip", "ines", NOW)
    assert "Record it" in text(term.client.get(path)), "it is asked for again"


def test_what_is_no_choice_or_a_day_to_come_is_told_beside_it(term: Term) -> None:
    path = term.link()
    for word, on, field in (("", "2026-11-20", "word"), ("renew", "soon", "on"), ("renew", "2026-11-22", "on")):
        answer = term.post(path, word, on)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert term.standing == TermStanding() and not term.mailbox.letters


def test_nobody_but_who_looks_after_the_partnership_opens_it_nor_for_a_term_that_does_not_run(term: Term) -> None:
    assert term.client.get(term.link("tom")).status_code == 410
    assert term.client.get(term.link(ends="2026-09-30")).status_code == 410
    partnership = term.app.settings.definitions / f"{CELLS}.yaml"
    assert partnership.exists() and term.client.get(term.link("june")).status_code == 200


# What was signed ---------------------------------------------------------------------------------------------------


@pytest.fixture
def expiring(term: Term) -> Term:
    """The same, with an NDA that runs out a month later, and a term that is not renewed."""
    term.define(documents=[NDA])
    return term


def nda(term: Term, person: str = "ines", expires: str = EXPIRES) -> str:
    return term.link(person, expires, "nda")


def test_what_was_signed_in_the_place_of_a_document_is_recorded_with_a_code(expiring: Term) -> None:
    path = nda(expiring)
    shown = text(expiring.client.get(path))
    for words in ("The NDA that expires on Mon 21 Dec 2026", "It was signed on Mon 22 Dec 2025", "let it lapse"):
        assert words in shown
    assert "Notice was sent" not in shown and "renew it" not in shown
    assert expiring.confirmed(path, "signed", until="2028-12-21").status_code == 303
    assert expiring.said == ["signed anew on 2026-11-20, until 2028-12-21"]
    again = text(expiring.client.get(path))
    assert "Another was signed, which ends on Thu 21 Dec 2028 (signed on Fri 20 Nov 2026)" in again
    assert "which ends on Thu 21 Dec 2028, on Fri 20 Nov 2026 (the NDA" in plain(expiring.mailbox.letters[-1])


def test_a_slip_is_mended_by_the_same_link_and_the_same_once_more_wants_no_code(expiring: Term) -> None:
    path = nda(expiring)
    expiring.confirmed(path, "signed", until="2028-12-21")
    sent = len(expiring.mailbox.letters)
    assert expiring.post(path, "signed", until="2028-12-21").status_code == 303
    assert len(expiring.mailbox.letters) == sent and len(expiring.said) == 1
    assert expiring.confirmed(path, "signed-for-good").status_code == 303
    assert expiring.said[-1] == "signed anew on 2026-11-20, without end"
    assert expiring.confirmed(path, "lapse").status_code == 303
    assert expiring.said[-1] == "decided on 2026-11-20 to let it end"


def seen(term: Term, path: str) -> str:
    """What the form of a link says that its reader has seen."""
    found = re.search(r'name="seen" value="(\d+)"', term.client.get(path).text)
    assert found
    return found[1]


def test_who_has_not_seen_what_another_said_of_a_document_overrides_it_not(expiring: Term) -> None:
    path, sent = nda(expiring), len(expiring.mailbox.letters)
    old = seen(expiring, path)
    assert expiring.confirmed(nda(expiring, "dev"), "signed", until="2028-12-21").status_code == 303
    unkept = expiring.post(path, "lapse", seen=old)
    assert unkept.status_code == 409 and len(expiring.mailbox.letters) == sent + 1, "no code is sent for it"
    shown = text(unkept)
    assert "What you sent now was not kept. What stands below was on record before." in shown
    assert "which ends on Thu 21 Dec 2028" in shown and "Record it" in shown
    assert expiring.said == ["signed anew on 2026-11-20, until 2028-12-21"]
    assert expiring.confirmed(path, "lapse", seen=seen(expiring, path)).status_code == 303, "by now she knows"
    assert expiring.said[-1] == "decided on 2026-11-20 to let it end"


def test_nor_where_it_was_said_while_the_code_was_on_its_way(expiring: Term) -> None:
    path = nda(expiring)
    said = {"word": "lapse", "seen": seen(expiring, path)}
    assert f'name="seen" value="{said["seen"]}"' in expiring.post(path, **said).text
    code = expiring.code
    expiring.confirmed(nda(expiring, "dev"), "signed", until="2028-12-21")
    assert expiring.post(path, **said, code=code).status_code == 409
    assert expiring.said == ["signed anew on 2026-11-20, until 2028-12-21"]


def test_a_decision_about_the_term_is_overridden_by_nobody_who_has_not_seen_it(term: Term) -> None:
    path = term.link()
    old = seen(term, path)
    term.confirmed(term.link("dev"), "renew")
    assert term.post(path, "lapse", seen=old).status_code == 409
    assert term.standing.decided and term.standing.decided.says == "renew"
    assert term.confirmed(path, "lapse", seen=seen(term, path)).status_code == 303


@pytest.mark.parametrize("said", ["", "-1", "٠", "9" * 5000, "²"])
def test_a_form_that_does_not_say_what_was_seen_has_seen_nothing(expiring: Term, said: str) -> None:
    expiring.confirmed(nda(expiring, "dev"), "signed", until="2028-12-21")
    assert expiring.post(nda(expiring), "lapse", seen=said).status_code == 409


def test_a_code_of_a_document_confirms_no_other_last_day(expiring: Term) -> None:
    path = nda(expiring)
    expiring.post(path, "signed", until="2028-12-21")
    for other in ({"until": "2029-12-21"}, {"word": "signed-for-good"}, {"word": "lapse"}):
        said = {"word": "signed", "until": "2028-12-21", **other}
        assert expiring.post(path, **said, code=expiring.code).status_code == 422
    assert expiring.said == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"word": "signed"}, "until"),
        ({"word": "signed", "until": "soon"}, "until"),
        ({"word": "signed", "until": EXPIRES}, "until"),
        ({"word": "signed", "until": "9999-12-31"}, "until"),
        ({"word": "signed", "until": "2028-12-21", "on": "2026-11-22"}, "on"),
        ({"word": "signed", "until": "2028-12-21", "on": "0001-01-01"}, "on"),
        ({"word": "notice-sent"}, "word"),
        ({"word": ""}, "word"),
    ],
)
def test_what_cannot_be_of_a_document_is_told_beside_it(expiring: Term, said: dict[str, str], field: str) -> None:
    answer = expiring.post(nda(expiring), **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert not expiring.mailbox.letters


def test_who_names_no_last_day_is_told_that_there_may_be_none(expiring: Term) -> None:
    answer = text(expiring.post(nda(expiring), "signed", until=""))
    assert "Name the last day: or choose that it has no end" in answer and "This is no date" not in answer


def test_a_link_of_a_document_opens_nothing_else(expiring: Term) -> None:
    for path in (
        nda(expiring, "tom"),
        nda(expiring, expires="2026-12-22"),
        expiring.link(ends=EXPIRES, document="mou"),
    ):
        assert expiring.client.get(path).status_code == 410
    path = nda(expiring)
    expiring.define()
    assert expiring.client.get(path).status_code == 410, "the definition has it no more"


def test_the_next_term_of_what_is_not_renewed_is_recorded_and_shown(expiring: Term) -> None:
    path = expiring.link()
    shown = text(expiring.client.get(path))
    assert "Another was signed" in shown and "Notice was sent" not in shown and "Renegotiate" not in shown
    assert expiring.confirmed(path, "signed", until="2029-09-30").status_code == 303
    again = text(expiring.client.get(path))
    assert "Another was signed, which ends on Sun 30 Sep 2029" in again and "Record it" not in again
    assert expiring.post(path, "signed", until="2029-09-30").status_code == 303
    assert expiring.post(path, "signed", until="2030-09-30").status_code == 409
    assert expiring.said == ["signed anew on 2026-11-20, until 2029-09-30"]


def test_the_letter_that_asks_about_a_document_brings_the_link_that_answers_it(expiring: Term) -> None:
    from scheduler.services.pipeline.digests import tell
    from scheduler.store import outbox

    expiring.clock.forward(days=2, hours=8)
    run(expiring.app, expiring.clock.now)
    tell(expiring.app, expiring.clock.now)
    with expiring.app.store.read() as db:
        rows = [outbox.get(db, each.id or 0) for each in outbox.listing(db) if each.method == "NOTICE"]
    letters = [plain(row.content) for row in rows if row and "the NDA expires" in plain(row.content)]
    assert letters and all("Say what was signed, or that it lapses" in each for each in letters)
    found = re.search(r"https?://\S+(/renewal/\S+)", letters[0])
    assert found and "The NDA that expires on" in text(expiring.client.get(found[1]))
