"""Members ask for a formal review, and enough of them call one: of Acme and Globex here both, as their trigger says."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.errors import UserError
from scheduler.render.signed_links import Holder, request_link
from scheduler.services.cases.review_requests import request, standing, withdraw
from scheduler.services.cases.reviews import skip
from scheduler.services.state import state_of
from scheduler.store import partnerships, secrets
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests.builders import DEV, JUNE, at
from tests.services.pipeline.test_digests import in_detroit, lived
from tests.services.town import Town

ID = "acme-globex"
NOW = at("2026-11-21 09:00")
BOTH = {"when": "requested", "members": 2}


def agreed(town: Town, trigger: dict[str, Any] | None = None) -> Town:
    town.define(triggers=[trigger or BOTH])
    town.cycle(at("2026-11-20 09:00"))
    return town


def formal(town: Town) -> list[str]:
    return [id for id, each in town.reviews().items() if each.review.kind is Kind.FORMAL_REVIEW]


def test_as_many_members_as_the_trigger_says_call_one_and_fewer_do_not(town: Town) -> None:
    first = request(agreed(town).app, ID, "the line stands still", "ines", NOW)
    assert (first.asking, first.needed, first.called) == (("Acme Motors SE",), 2, None) and not formal(town)
    second = request(town.app, ID, "so say we", "dev", NOW)
    assert second.called and formal(town) == [second.called.id]
    [fired] = town.rows("cause")
    assert fired["says"] == "Acme Motors SE, Globex Cells Inc ask for a formal review: the line stands still"


def test_a_member_counts_once_whoever_of_it_asks_and_however_often(town: Town) -> None:
    agreed(town)
    for person in ("ines", "marta", "ines"):
        assert request(town.app, ID, "the line stands still", person, NOW).asking == ("Acme Motors SE",)
    assert len(town.rows("partnership")[0]["requests"]) == 1


def test_a_share_of_the_members_is_rounded_up(town: Town) -> None:
    agreed(town, {"when": "requested"})
    assert request(town.app, ID, "the line stands still", "june", NOW).called


def test_who_withdraws_asks_no_more_and_what_was_asked_stays_on_record(town: Town) -> None:
    request(agreed(town).app, ID, "the line stands still", "ines", NOW)
    assert withdraw(town.app, ID, "marta", NOW).asking == ()
    assert not request(town.app, ID, "so say we", "dev", NOW).called
    assert [bool(each["withdrawn_at"]) for each in town.rows("partnership")[0]["requests"]] == [True, False]
    with pytest.raises(UserError, match="asks for no formal review"):
        withdraw(town.app, ID, "ines", NOW)


def test_what_was_called_is_called_once_and_stays_though_a_cycle_runs_again(town: Town) -> None:
    agreed(town, {"when": "requested", "members": 1})
    request(town.app, ID, "the line stands still", "ines", NOW)
    town.cycle(NOW)
    request(town.app, ID, "so say we", "dev", NOW)
    town.cycle(NOW)
    assert len(formal(town)) == 1
    skip(town.app, formal(town)[0], "solved on the telephone", "ines", NOW)
    town.cycle(NOW)
    assert len(formal(town)) == 1


def test_where_no_trigger_counts_requests_the_way_out_is_said(town: Town) -> None:
    town.define()
    town.cycle(at("2026-11-20 09:00"))
    with pytest.raises(UserError, match="no trigger of acme-globex") as refused:
        request(town.app, ID, "the line stands still", "ines", NOW)
    assert "cadence review call" in refused.value.hint
    with town.database() as db, pytest.raises(UserError):
        standing(town.app, db, ID, NOW)


# By letter and link --------------------------------------------------------------------------------------------------


def test_those_of_the_other_members_are_asked_once_and_answer_by_a_link(town: Town) -> None:
    agreed(town)
    request(town.app, ID, "the line stands still", "ines", NOW)
    told = lived(town, in_detroit("2026-11-23 09:00"), in_detroit("2026-11-24 12:00"))
    asked = [each for each in told if "Acme Motors SE asks for a formal review" in each.text]
    assert {each.to for each in asked} == {DEV["email"], JUNE["email"]} and len(asked) == 2
    for each in asked:
        assert "Inès Falk says why: the line stands still." in each.text
        assert "It is called once 1 more member asks for it." in each.text and "/request/" in each.text


def link(town: Town, person: str) -> str:
    with town.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, ID)
        assert row
        seal = state_of(town.app, db, row, NOW).seal(person)
    return request_link("", key, ID, Holder(person, seal), NOW + timedelta(days=30))


def test_the_form_asks_in_the_name_of_the_members_organisation_and_twice_is_once(town: Town) -> None:
    agreed(town)
    unit = UnitOfWork(town.app, lambda: NOW, lambda: None)
    cache = FeedCache(town.app, lambda: NOW)
    with TestClient(application(lambda: cache, lambda: unit, lambda: True), follow_redirects=False) as client:
        paths = {person: link(town, person) for person in ("ines", "dev", "tom")}
        assert "Why Globex Cells Inc asks" in client.get(paths["dev"]).text
        assert client.get(paths["tom"]).status_code == 410, "he looks after nothing"
        assert client.post(paths["ines"], data={"because": ""}).status_code == 422
        for _ in range(2):
            assert client.post(paths["ines"], data={"because": "the line stands still"}).status_code == 303
        other = client.post(paths["ines"], data={"because": "something else"})
        assert other.status_code == 409 and "What you sent now was not kept" in other.text
        assert not formal(town) and len(town.rows("partnership")[0]["requests"]) == 1
        assert client.post(paths["dev"], data={"because": "so say we"}).status_code == 303
        assert len(formal(town)) == 1 and "The review is called" in client.get(paths["dev"]).text
        assert client.post(paths["dev"], data={"withdraw": "yes"}).status_code == 409, "it is called"
