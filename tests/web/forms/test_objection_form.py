"""The form behind a letter with minutes: Dev (Globex) objects to a decision, Inès (Acme) settles it.

It is Tuesday 24 November 2026, 09:00 in Berlin; the minutes of Monday's operating review are filed and sent then.
Globex is off on 26 and 27 November.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.filing import Objection
from scheduler.render.signed_links import Holder, objection_link
from scheduler.services.cases.reviews import hold
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.services.state import state_of
from scheduler.store import filings, outbox, partnerships, secrets
from tests.builders import at
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import FORM, text

TUESDAY = at("2026-11-24 09:00")
PAST = f"{CELLS}/operating/2026-11"
MINUTES = """## Decisions
- Three shifts
- A <b>second</b> press

## Actions
- Dev: send the samples by 18 Dec

## Internal: Acme Motors SE
- We would give a third
"""


@pytest.fixture
def sent(site: Site) -> Site:
    site.clock.now = TUESDAY
    hold(site.app, PAST, MINUTES, "ines", TUESDAY)
    deliver_by(Sender(site.app, "one", lambda: TUESDAY, lambda: 0.5), outbox.MAIL, {})
    run(site.app, TUESDAY)
    return site


def link(site: Site, person: str = "dev") -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return objection_link("", key, PAST, Holder(person, seal), NOW + timedelta(days=100))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def objections(site: Site) -> tuple[Objection, ...]:
    with site.app.store.read() as db:
        return filings.of_review(db, PAST).objections


def test_it_shows_what_the_minutes_hold_until_when_and_nothing_that_is_another_sides(sent: Site) -> None:
    shown = text(sent.client.get(link(sent)))
    for words in (
        "Minutes of Operating review 2026-11",
        "Three shifts",
        "A <b>second</b> press",
        "which is the end of",
    ):
        assert words in shown
    assert "send the samples (Dev Patel, by Fri 18 Dec 2026)" in shown
    assert "a third" not in shown
    assert "a third" in text(sent.client.get(link(sent, "ines")))
    assert objections(sent) == ()


def test_what_is_ticked_is_objected_to_once_with_the_words(sent: Site) -> None:
    path, said = link(sent), {"item!1": "yes", "item#1": "yes", "says": "two shifts were agreed"}
    for _ in range(2):
        assert post(sent, path, **said).status_code == 303
    found = objections(sent)
    assert [(each.item, each.says, each.by) for each in found] == [
        (f"{PAST}!1", "two shifts were agreed", "dev"),
        (f"{PAST}#1", "two shifts were agreed", "dev"),
    ]
    shown = text(sent.client.get(path))
    assert "two shifts were agreed" in shown and "(objected to)" in shown


@pytest.mark.parametrize(
    ("said", "field"), [({"says": "no"}, "items"), ({"whole": "yes"}, "says"), ({"item!1": "yes", "says": " "}, "says")]
)
def test_what_is_missing_is_told_beside_it_and_nothing_is_recorded(
    sent: Site, said: dict[str, str], field: str
) -> None:
    answer = post(sent, link(sent), **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert objections(sent) == ()


def test_an_item_that_is_not_there_is_refused(sent: Site) -> None:
    assert post(sent, link(sent), **{"item!9": "yes", "says": "no"}).status_code == 422
    assert objections(sent) == ()


def test_who_objected_withdraws_it_and_the_agenda_owner_says_how_it_was_settled(sent: Site) -> None:
    post(sent, link(sent), **{"item!1": "yes", "whole": "yes", "says": "not so"})
    first, whole = objections(sent)
    assert post(sent, link(sent, "ines"), settle=whole.id).status_code == 422, "not without a word"
    assert post(sent, link(sent, "ines"), settle=whole.id, because="agreed by phone").status_code == 303
    assert post(sent, link(sent), settle=first.id).status_code == 303
    assert [(each.settled_by, each.is_withdrawn) for each in objections(sent)] == [("dev", True), ("ines", False)]
    assert post(sent, link(sent), settle=first.id).status_code == 303, "sent twice"
    told = post(sent, link(sent, "ines"), settle=first.id, because="agreed by phone")
    assert told.status_code == 409 and "What you sent now was not kept" in text(told), "it came to its end before"


def test_it_closes_when_the_minutes_are_accepted_and_not_while_an_objection_stands(sent: Site) -> None:
    path = link(sent)
    post(sent, path, **{"item!1": "yes", "says": "not so"})
    [said] = objections(sent)
    sent.clock.now = at("2026-12-20 09:00")
    assert sent.client.get(path).status_code == 200
    assert post(sent, path, **{"item!2": "yes", "says": "late"}).status_code == 422
    assert post(sent, path, settle=said.id).status_code == 303
    assert sent.client.get(path).status_code == post(sent, path, whole="yes", says="no").status_code == 410


def test_it_opens_nothing_for_who_was_not_to_attend_and_after_the_end(sent: Site) -> None:
    path = link(sent, "tom")
    assert sent.client.get(path).status_code == post(sent, path, whole="yes", says="no").status_code == 410
    with sent.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert sent.client.get(link(sent)).status_code == 410
    assert objections(sent) == ()
