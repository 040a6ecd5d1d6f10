"""The form on which Inès (Acme) says how a formal review ends; it wants a code. The review was called on 5 October 2026
and held on the 19th; it is Saturday 21 November 2026."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from scheduler.domain.record.verdict import CourseDecision
from scheduler.render.signed_links import Holder, course_link
from scheduler.services.app import App
from scheduler.services.cases.formal_review import call
from scheduler.services.cases.reviews import hold, skip
from scheduler.services.pipeline.cycle import run
from scheduler.services.state import state_of
from scheduler.store import actions, decisions, exits, partnerships, secrets
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.builders import at
from tests.services.town import under
from tests.transports.smtpd import Mailbox, listening
from tests.web.conftest import CELLS, NOW, Clock, definition
from tests.web.forms.test_code_step import plain
from tests.web.forms.test_report_form import FORM, text


@dataclass
class Decided:
    """The partnership on battery cells, its formal review, the form, and the letters that bring codes."""

    app: App
    review: str
    mailbox: Mailbox
    clock: Clock
    client: TestClient

    def link(self, person: str = "ines") -> str:
        with self.app.store.write() as db:
            key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
            assert row
            seal = state_of(self.app, db, row, NOW).seal(person)
        return course_link("", key, self.review, Holder(person, seal), NOW + timedelta(days=400))

    def post(self, path: str, course: str = "cure", because: str = "repaired by March", **more: str) -> Any:
        said = {"course": course, "because": because, **more}
        return self.client.post(path, content=urlencode(said), headers=FORM)

    def confirmed(self, path: str, **said: str) -> Any:
        self.post(path, **said)
        return self.post(path, **said, code=self.code)

    @property
    def code(self) -> str:
        found = re.search(r"Your code: (\d{4}) (\d{4})", plain(self.mailbox.letters[-1]))
        assert found
        return "".join(found.groups())

    @property
    def taken(self) -> CourseDecision | None:
        with self.app.store.read() as db:
            return decisions.courses(db, CELLS).get(self.review)


@pytest.fixture
def held(app: App) -> Iterator[Decided]:
    (app.settings.definitions / f"{CELLS}.yaml").write_text(definition(), encoding="utf-8")
    run(app, at("2026-10-05 09:00"))
    review = call(app, CELLS, "the line stands still", "ines", at("2026-10-05 10:00")).record
    run(app, NOW)
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        mail = {"sender": "cadence@alliances.example", "host": server.host, "port": server.port, "tls": "none"}
        its = under(app, app.settings.model_copy(update={"mail": app.settings.mail.model_copy(update=mail)}))
        cache, unit = FeedCache(its, clock), UnitOfWork(its, clock, lambda: None)
        site = application(lambda: cache, lambda: unit, lambda: True)
        with TestClient(site, "https://cadence.acme.example", follow_redirects=False) as client:
            yield Decided(its, review.id, mailbox, clock, client)


def test_it_says_what_it_is_for_and_looking_changes_nothing(held: Decided) -> None:
    shown = text(held.client.get(held.link()))
    for words in ("what was decided", "Cure: an action plan", "Exit: the wind-down begins", "Inès Falk"):
        assert words in shown
    assert "Relaunch" not in shown and held.taken is None and not held.mailbox.letters


def test_nothing_is_recorded_until_the_code_that_was_sent_to_the_same_person_is_typed(held: Decided) -> None:
    path = held.link()
    assert held.post(path).status_code == 200 and held.taken is None
    assert held.confirmed(path, who="dev", until="2026-12-11").status_code == 303
    assert held.taken and (held.taken.decision, held.taken.by) == ("cure", "ines")
    with held.app.store.read() as db:
        [plan] = [each for each in actions.recorded(db, CELLS) if each.is_of_cure]
    assert (plan.owner, str(plan.due)) == ("dev", "2026-12-11")
    assert "due by Fri 11 Dec 2026, from Dev Patel" in text(held.client.get(path))


def test_said_twice_it_is_on_record_once_and_another_decision_is_not_taken_by_link(held: Decided) -> None:
    path = held.link()
    held.confirmed(path)
    sent = len(held.mailbox.letters)
    assert held.post(path).status_code == 303 and len(held.mailbox.letters) == sent
    other = held.post(path, course="exit")
    assert other.status_code == 409 and "What you sent now was not kept" in text(other)
    assert held.taken and held.taken.decision == "cure" and held.taken.replaces is None
    shown = text(held.client.get(path))
    assert "Cure: an action plan" in shown and "Record the decision" not in shown


@pytest.mark.parametrize(
    "other", [{"course": "exit"}, {"because": "Acme pays 4 million"}, {"who": "tom"}, {"until": "2027-11-30"}]
)
def test_a_code_confirms_the_words_that_were_sent_with_it_and_no_others(held: Decided, other: dict[str, str]) -> None:
    path, said = held.link(), {"who": "dev", "until": "2026-12-11"}
    held.post(path, **said)
    assert held.post(path, **said | other, code=held.code).status_code == 422 and held.taken is None


def test_it_asks_who_decided_and_when_and_the_days_of_what_follows_count_from_that_day(held: Decided) -> None:
    path = held.link()
    assert 'name="on" value="2026-10-19"' in held.client.get(path).text
    held.confirmed(path, course="exit", on="2026-10-20", taken_by="The steering committee")
    assert held.taken and (str(held.taken.on), held.taken.taken_by) == ("2026-10-20", "The steering committee")
    with held.app.store.read() as db:
        word = exits.words(db, CELLS)[CELLS]
        [entered] = [each for each in decisions.recorded(db, CELLS) if each.course]
    assert (str(word.wind_down.decided_on), str(entered.decided_on)) == ("2026-10-20", "2026-10-20")
    assert (entered.decided_by, entered.taken_by) == ("ines", "The steering committee")
    said = "Decided by The steering committee on Tue 20 Oct 2026; put on record by Inès Falk"
    assert said in text(held.client.get(path))


def test_what_is_missing_is_told_beside_it(held: Decided) -> None:
    path = held.link()
    for said, field in (
        ({"course": "relaunch"}, "course"), ({"because": " "}, "because"), ({"who": "olga"}, "who"),
        ({"until": "soon"}, "until"), ({"on": "soon"}, "on"),
    ):  # fmt: skip
        answer = held.post(path, **said)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert held.taken is None


def test_it_is_closed_for_whoever_has_no_duty_in_it_and_where_the_review_is_not_held(held: Decided) -> None:
    assert held.client.get(held.link("tom")).status_code == 410
    path = held.link()
    skip(held.app, held.review, "nobody came", None, NOW)
    assert held.client.get(path).status_code == 410


def test_the_letter_after_the_minutes_links_to_it(held: Decided) -> None:
    hold(held.app, held.review, "## Decisions\n- Cure\n", None, NOW)
    run(held.app, NOW + timedelta(days=2, hours=9))  # Monday in Detroit, where its agenda owner is
    with held.app.store.read() as db:
        found = db.exec_driver_sql("SELECT content FROM letter").all()
    assert any("/course/" in plain(bytes(each.content)) for each in found)
