"""Marta (Acme) votes by link on what Inès proposed on Saturday 21 November 2026, and types the code that is sent to
her; a real mail server on loopback takes the letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from scheduler.render.signed_links import Holder, vote_link
from scheduler.rules.decisions.voting import closes_at
from scheduler.services.cases import proposals as cases
from scheduler.services.pipeline.cycle import run
from scheduler.services.state import state_of
from scheduler.store import partnerships, proposals, secrets
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import CELLS, NOW, Site, served
from tests.web.forms.test_code_step import SENDER, plain
from tests.web.forms.test_report_form import FORM, text

ID, SAYS = f"{CELLS}/proposal/1", "the second line is bought"


@dataclass
class Ballot:
    site: Site
    mailbox: Mailbox

    def link(self, person: str = "marta", proposal: str = ID) -> str:
        with self.site.app.store.write() as db:
            key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
            assert row
            seal = state_of(self.site.app, db, row, NOW).seal(person)
        return vote_link("", key, proposal, Holder(person, seal), NOW + timedelta(days=60))

    def get(self, path: str) -> Any:
        return self.site.client.get(path)

    def post(self, path: str, **said: str) -> Any:
        return self.site.client.post(path, content=urlencode(said), headers=FORM)

    @property
    def code(self) -> str:
        found = re.search(r"Your code: (\d{4}) (\d{4})", plain(self.mailbox.letters[-1]))
        assert found
        return "".join(found.groups())

    def vote(self, path: str, **said: str) -> Any:
        asked = self.post(path, **said)
        assert asked.status_code == 200, asked.text
        return self.post(path, code=self.code, **said)

    @property
    def cast(self) -> list[tuple[str, str, str]]:
        with self.site.app.store.read() as db:
            [found] = proposals.recorded(db, CELLS)
        return [(each.party, each.person, each.says) for each in found.votes]


@pytest.fixture
def ballot(app: Any) -> Iterator[Ballot]:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        mail = app.settings.mail.model_copy(
            update={"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"}
        )
        its = under(app, app.settings.model_copy(update={"mail": mail}))
        cases.propose(its, CELLS, SAYS, None, None, "ines", NOW)
        for site in served(its):
            yield Ballot(site, mailbox)


def test_it_says_what_is_proposed_for_whom_the_reader_speaks_and_until_when(ballot: Ballot) -> None:
    shown = text(ballot.get(ballot.link()))
    for words in (
        SAYS,
        "Inès Falk",
        "Acme Motors SE",
        "the end of Tue 1 Dec 2026 (Europe/Berlin)",
        "no party may be against it",
    ):
        assert words in shown
    assert ballot.cast == [] and not ballot.mailbox.taken


def test_a_vote_is_recorded_with_the_code_alone_and_the_letter_says_which(ballot: Ballot) -> None:
    path = ballot.link()
    ballot.post(path, choice="yes", because="we need it")
    assert ballot.cast == []
    assert f"the vote yes of Acme Motors SE on “{SAYS}”" in " ".join(plain(ballot.mailbox.letters[-1]).split())
    assert ballot.post(path, choice="yes", because="we need it", code=ballot.code).status_code == 303
    assert ballot.cast == [("acme", "marta", "yes")]
    shown = text(ballot.get(f"{path}?recorded"))
    assert "Thank you, Marta Bauer" in shown and "we need it" in shown


def test_a_code_for_yes_is_none_for_no_nor_for_a_reason_that_was_not_confirmed(ballot: Ballot) -> None:
    path = ballot.link()
    ballot.post(path, choice="yes")
    assert ballot.post(path, choice="no", code=ballot.code).status_code == 422
    assert ballot.post(path, choice="yes", because="Acme pays all", code=ballot.code).status_code == 422
    assert ballot.cast == []


def test_until_the_end_it_can_be_changed_and_the_same_once_more_wants_no_code(ballot: Ballot) -> None:
    path = ballot.link()
    ballot.vote(path, choice="no")
    letters = len(ballot.mailbox.taken)
    assert ballot.post(path, choice="no").status_code == 303 and len(ballot.mailbox.taken) == letters
    ballot.vote(path, choice="yes")
    assert [says for _, _, says in ballot.cast] == ["no", "yes"]
    assert "before: no" in text(ballot.get(path))


@pytest.mark.parametrize("choice", ["", "veto", "perhaps"])
def test_what_is_no_choice_is_told_beside_it_and_sends_nothing(ballot: Ballot, choice: str) -> None:
    told = ballot.post(ballot.link(), choice=choice, because="as typed")
    assert told.status_code == 422 and 'id="choice-error"' in told.text and "as typed</textarea>" in told.text
    assert not ballot.mailbox.taken


def test_whoever_has_no_vote_opens_nothing(ballot: Ballot) -> None:
    for path in (
        ballot.link("tom"),
        ballot.link(proposal=f"{CELLS}/proposal/9"),
        ballot.link(proposal="gone/proposal/1"),
    ):
        assert ballot.get(path).status_code == ballot.post(path, choice="yes").status_code == 410


def test_whoever_has_left_or_handed_over_opens_nothing(ballot: Ballot) -> None:
    """Marta leaves, and Inès has her seat from then on."""
    path, file = ballot.link(), ballot.site.app.settings.definitions / f"{CELLS}.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    written["people"]["marta"] |= {"leaves": "2026-11-22", "successor": "ines"}
    file.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    run(ballot.site.app, NOW + timedelta(minutes=1))
    assert ballot.get(path).status_code == 200, "until the day"
    ballot.post(path, choice="yes")
    ballot.site.clock.forward(days=1)
    assert ballot.get(path).status_code == ballot.post(path, choice="yes", code=ballot.code).status_code == 410
    assert ballot.cast == []


def test_once_it_is_decided_or_withdrawn_the_link_is_closed(ballot: Ballot) -> None:
    path = ballot.link()
    ballot.site.clock.forward(days=10, hours=15)
    assert ballot.get(path).status_code == ballot.post(path, choice="yes").status_code == 410, "its last day is over"
    ballot.site.clock.now = NOW
    assert ballot.get(path).status_code == 200
    cases.withdraw(ballot.site.app, ID, "we meet", "ines", NOW)
    assert ballot.get(path).status_code == 410


def test_a_code_that_comes_after_the_end_records_nothing(ballot: Ballot) -> None:
    path = ballot.link()
    ballot.site.clock.now = closes_at(_proposal(ballot)) - timedelta(minutes=5)
    ballot.post(path, choice="yes")
    ballot.site.clock.forward(minutes=5)
    assert ballot.post(path, choice="yes", code=ballot.code).status_code == 410
    assert ballot.cast == []


def _proposal(ballot: Ballot) -> Any:
    with ballot.site.app.store.read() as db:
        [found] = proposals.recorded(db, CELLS)
    assert found.closes_on == date(2026, 12, 1)
    return found


def test_what_was_adopted_is_vetoed_by_link_with_a_reason_and_a_code(ballot: Ballot) -> None:
    _adopt(ballot)
    path = ballot.link("june")
    shown = text(ballot.get(path))
    assert (
        "adopted: 2 for it" in shown and "the end of Thu 17 Dec 2026" in shown and "yes" not in shown.split("Why")[-1]
    )
    assert 'id="because-error"' in ballot.post(path).text
    assert ballot.vote(path, because="it stops our own line").status_code == 303
    assert ballot.cast[-1] == ("globex", "june", "veto")
    after = ballot.get(path)
    assert after.status_code == 200 and "<form" not in after.text and "it stops our own line" in text(after)
    assert ballot.post(path, because="it stops our own line").status_code == 303, "sent twice"
    told = ballot.post(path, because="again")
    assert told.status_code == 409 and "What you sent now was not kept" in text(told) and len(ballot.cast) == 3
    assert "This is on record since" in text(after) and "Thank you" not in after.text
    assert ballot.get(ballot.link("marta")).status_code == 410


def _adopt(ballot: Ballot) -> None:
    """As it would be where a veto is possible for 15 days."""
    app, clock = ballot.site.app, ballot.site.clock
    for person in ("marta", "june"):
        cases.vote(app, ID, "yes", person, NOW)
    with app.store.write() as db:
        db.exec_driver_sql("UPDATE proposal SET terms = json_set(terms, '$.veto', 15)")
    clock.forward(days=10, hours=23)
    run(app, clock.now)


def test_a_letter_brings_the_link_to_whoever_votes(ballot: Ballot) -> None:
    from scheduler.services.pipeline.digests import tell
    from scheduler.store import outbox

    ballot.site.clock.forward(days=2, hours=8)
    tell(ballot.site.app, ballot.site.clock.now)
    with ballot.site.app.store.read() as db:
        rows = [outbox.get(db, each.id or 0) for each in outbox.listing(db) if each.method == "NOTICE"]
    letters = {row.email: row.content for row in rows if row}
    found = {email for email, content in letters.items() if "/vote/" in plain(content)}
    assert found == {"marta.bauer@acme.example", "june.okafor@globex.example"}
    for email in found:
        [path] = re.findall(r"(/vote/\S+)", plain(letters[email]))
        assert ballot.get(path).status_code == 200
