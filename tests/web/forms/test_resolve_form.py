"""What the sides could not agree on since Saturday 21 November 2026 is with the alliance managers, Inès (Acme) and Dev
(Globex); after 15 working days it is with the sponsors."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from scheduler.render.signed_links import Holder, resolve_link
from scheduler.services.cases import deadlocks as cases
from scheduler.services.state import state_of
from scheduler.store import decisions, partnerships, secrets
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import CELLS, NOW, served
from tests.web.forms.test_code_step import SENDER, plain
from tests.web.forms.test_report_form import text
from tests.web.forms.test_vote_form import Ballot

ID, SAYS = f"{CELLS}/deadlock/1", "each side pays half"


class Stuck(Ballot):
    def link(self, person: str = "ines", deadlock: str = ID) -> str:
        with self.site.app.store.write() as db:
            key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
            assert row
            seal = state_of(self.site.app, db, row, NOW).seal(person)
        return resolve_link("", key, deadlock, Holder(person, seal), NOW + timedelta(days=60))

    @property
    def decided(self) -> str | None:
        with self.site.app.store.read() as db:
            found = decisions.find(db, f"{ID}!1")
        return found.says if found else None


@pytest.fixture
def stuck(app: Any) -> Iterator[Stuck]:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        address = {"sender": SENDER, "host": server.host, "port": server.port, "tls": "none"}
        its = under(app, app.settings.model_copy(update={"mail": app.settings.mail.model_copy(update=address)}))
        cases.record(its, CELLS, "who pays for the second line", None, "ines", NOW)
        for site in served(its):
            yield Stuck(site, mailbox)


def test_what_was_decided_is_recorded_with_the_code_alone_and_ends_it(stuck: Stuck) -> None:
    path = stuck.link()
    assert "who pays for the second line" in text(stuck.get(path))
    stuck.post(path, says=SAYS)
    assert stuck.decided is None
    assert f"that it was decided: “{SAYS}”" in " ".join(plain(stuck.mailbox.letters[-1]).split())
    assert stuck.post(path, says=SAYS, code=stuck.code).status_code == 303
    assert stuck.decided == SAYS
    assert stuck.post(path, says=SAYS).status_code == 303, "sent twice"
    told = stuck.post(path, says="something else")
    assert told.status_code == 409 and "What you sent now was not kept" in text(told), "the first word stands"
    shown = stuck.get(path)
    assert "This is on record since" in text(shown) and "Thank you" not in shown.text
    assert SAYS in text(shown) and "<form" not in shown.text and stuck.decided == SAYS
    assert stuck.get(stuck.link("dev")).status_code == 410


def test_a_code_for_other_words_is_none_for_these(stuck: Stuck) -> None:
    path = stuck.link()
    stuck.post(path, says=SAYS)
    assert stuck.post(path, says="Acme pays all", code=stuck.code).status_code == 422
    assert stuck.decided is None


def test_nothing_said_is_told_beside_it_and_sends_nothing(stuck: Stuck) -> None:
    told = stuck.post(stuck.link(), says=" ")
    assert told.status_code == 422 and 'id="says-error"' in told.text and not stuck.mailbox.taken


def test_whoever_has_nothing_to_do_with_it_opens_nothing(stuck: Stuck) -> None:
    for path in (stuck.link("tom"), stuck.link(deadlock=f"{CELLS}/deadlock/9"), stuck.link(deadlock="gone/deadlock/1")):
        assert stuck.get(path).status_code == stuck.post(path, says=SAYS).status_code == 410


def test_the_letter_brings_the_link_to_the_level_whose_it_is(stuck: Stuck) -> None:
    from scheduler.services.pipeline.digests import tell
    from scheduler.store import outbox

    stuck.site.clock.forward(days=2, hours=8)
    tell(stuck.site.app, stuck.site.clock.now)
    with stuck.site.app.store.read() as db:
        rows = [outbox.get(db, each.id or 0) for each in outbox.listing(db) if each.method == "NOTICE"]
    found = {row.email for row in rows if row and "/resolve/" in plain(row.content)}
    assert found == {"ines.falk@acme.example", "dev.patel@globex.example"}
