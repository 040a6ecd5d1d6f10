"""Whose a link is: it closes when its holder leaves, changes sides or address, loses the duty, or when it is revoked.

Tom (Globex, Detroit) owns a KPI, judges a criterion and attends the operating review. It is Saturday 21 November 2026.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from scheduler.domain.record.review import Review
from scheduler.render.signed_links import (
    AGENDA,
    Holder,
    action_link,
    agenda_link,
    item_link,
    judge_link,
    objection_link,
    opened,
    report_link,
    signed,
    subscription_seal,
)
from scheduler.services.app import App
from scheduler.services.cases.reviews import hold
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import state_of
from scheduler.settings import Mail, Web
from scheduler.store import (
    link_revocations,
    outbox,
    partnerships,
    readings,
    reviews,
    secrets,
    subscriptions,
    verdicts,
)
from scheduler.store.tables import LetterRow
from scheduler.web.feeds import Feeds
from tests import builders
from tests.builders import written
from tests.render.bar import read
from tests.web.conftest import CELLS, DEV, NOW, TOM, AppOf, Site, change, served
from tests.web.forms.test_report_form import FORM, text

KPI, OPERATING, CHECKPOINT = f"{CELLS}/cells-delivered", f"{CELLS}/operating/2026-12", f"{CELLS}/checkpoint"
HELD = f"{CELLS}/operating/2026-10"
KINDS = ("report", "promise", "judge", "agenda", "item", "object", "action")
Edit = Callable[[dict[str, Any]], object]


def toms_definition() -> dict[str, Any]:
    criteria = [{"id": "cells", "says": "Cells arrive on time", "owner": "tom"}]
    attending = {"operating": {"attendees": ["ines", "dev", "tom"]}}
    return deepcopy(written(success_at_90_days={"criteria": criteria}, reviews=attending))


@pytest.fixture
def toms(made: AppOf) -> Iterator[Site]:
    app = made(acme_globex=yaml.safe_dump(toms_definition(), allow_unicode=True))
    yield from served(app)
    app.close()


def link(app: App, kind: str, person: str = "tom") -> str:
    """The path that a letter or an invitation of today leads to."""
    with app.store.write() as db:
        key = secrets.signing_key(db)
        row = partnerships.get(db, CELLS)
        assert row
        seal = state_of(app, db, row, NOW).seal(person)
    until, whose = NOW + timedelta(days=30), Holder(person, seal)
    if kind in ("object", "action"):
        hold(app, HELD, "## Actions\n- Tom: send the samples by 18 Dec\n", "ines", NOW)
        if kind == "object":
            return objection_link("", key, HELD, whose, until)
        return action_link("", key, f"{HELD}#1", ("tom", "2026-12-18"), whose, until)
    if kind == "item":
        return item_link("", key, OPERATING, whose)
    if kind == "judge":
        return judge_link("", key, CHECKPOINT, "cells", person, until, seal)
    if kind == "agenda":
        return agenda_link("", key, OPERATING, Holder(person, seal))
    return report_link("", key, KPI, "2026-10", person, until, seal)


def use(site: Site, kind: str, path: str) -> Any:
    """Do what the link is for."""
    said = {
        "report": {"value": "0.31"},
        "promise": {"until": "2026-11-30", "because": "the mill stands still"},
        "judge": {"verdict": "met"},
        "item": {"says": "A second press"},
        "object": {"whole": "yes", "says": "not so"},
        "action": {"act": "done"},
    }
    if kind == "agenda":
        return site.client.get(path)
    return site.client.post(path, content=urlencode(said[kind]), headers=FORM)


def is_open(site: Site, kind: str, path: str) -> bool:
    seen, used = site.client.get(path), use(site, kind, path)
    assert (seen.status_code, used.status_code) in ((200, 303), (200, 200), (410, 410))
    if seen.status_code == 410:
        for refused in (seen, used):
            assert "Cells delivered" not in text(refused) and "cadence " not in text(refused)
            assert "ask " in text(refused), "it says whom to ask"
    return bool(seen.status_code == 200)


def edit(app: App, change: Edit) -> None:
    """Edit the definition, and let a cycle take it up."""
    said = toms_definition()
    change(said)
    file = app.settings.definitions / "acme-globex.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    run(app, NOW)
    with app.store.read() as db:
        row = partnerships.get(db, CELLS)
        assert row and row.problem is None and app.in_force(row).people.keys() == said["people"].keys()


def tom(**changes: Any) -> Edit:
    return lambda said: said["people"]["tom"].update(changes)


def handed_over(said: dict[str, Any]) -> None:
    """Whatever names Tom names Dev."""
    said["kpis"]["cells-delivered"].update(owner="dev", deputy="june")
    said["success_at_90_days"]["criteria"][0]["owner"] = "dev"
    said["reviews"]["operating"]["attendees"] = ["ines", "dev"]


def removed(said: dict[str, Any]) -> None:
    handed_over(said)
    del said["people"]["tom"]


def under_another_key(said: dict[str, Any]) -> None:
    said["people"]["treyes"] = {**said["people"].pop("tom"), "renamed_from": "tom"}
    said["kpis"]["cells-delivered"]["owner"] = "treyes"
    said["success_at_90_days"]["criteria"][0]["owner"] = "treyes"
    said["reviews"]["operating"]["attendees"] = ["ines", "dev", "treyes"]


CLOSED: dict[str, Edit] = {
    "left": tom(leaves="2026-11-20", successor="dev"),
    "left today": tom(leaves="2026-11-21", successor="dev"),
    "changed organisation": tom(of="acme"),
    "removed from the file": removed,
    "address changed": tom(email="tom.reyes@globex-cells.example"),
    "no longer owner": handed_over,
    "key reused by somebody else": tom(name="Tom Jones", email="tom.jones@globex.example"),
}
STILL_OPEN: dict[str, Edit] = {
    "left in future": tom(leaves="2026-12-20", successor="dev"),
    "another key": under_another_key,
    "another name": tom(name="Tom Reyes-Okafor"),
    "the address spelled otherwise": tom(email="Tom.Reyes@Globex.example"),
}


STAYS = [("no longer owner", "object"), ("no longer owner", "action")]


def closings() -> list[tuple[str, str]]:
    """Whoever was to attend a review that was held, and whose the actions of its minutes are, no edit takes back."""
    return [(why, kind) for why in CLOSED for kind in KINDS if (why, kind) not in STAYS]


@pytest.mark.parametrize(("why", "kind"), closings())
def test_a_link_closes_with_what_made_it_its_holders(toms: Site, why: str, kind: str) -> None:
    path = link(toms.app, kind)
    assert toms.client.get(path).status_code == 200
    edit(toms.app, CLOSED[why])
    assert not is_open(toms, kind, path)
    with toms.app.store.read() as db:
        assert readings.history(db, KPI) == [] and verdicts.judgements(db, CELLS) == {}
        assert readings.excuses(db, CELLS) == {} or not any(readings.excuses(db, CELLS).values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("why", STILL_OPEN)
def test_what_leaves_the_holder_who_they_are_leaves_the_link_good(toms: Site, why: str, kind: str) -> None:
    path = link(toms.app, kind)
    edit(toms.app, STILL_OPEN[why])
    assert is_open(toms, kind, path)


def test_the_refusal_says_whom_to_ask(toms: Site) -> None:
    path = link(toms.app, "report")
    edit(toms.app, CLOSED["left"])
    assert "ask Dev Patel of Globex Cells Inc." in text(toms.client.get(path))


def test_who_comes_later_under_the_same_key_has_links_of_their_own(toms: Site) -> None:
    edit(toms.app, CLOSED["key reused by somebody else"])
    assert all(is_open(toms, kind, link(toms.app, kind)) for kind in ("promise", "judge", "agenda"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "whose", [{"email": TOM.upper()}, {"partnership": CELLS}, {"email": TOM, "partnership": CELLS}]
)
def test_a_revoked_link_is_closed_and_the_next_one_is_good(toms: Site, kind: str, whose: dict[str, str]) -> None:
    path = link(toms.app, kind)
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, **whose)
    assert not is_open(toms, kind, path)
    assert is_open(toms, kind, link(toms.app, kind))


def test_the_page_of_a_revoked_link_says_that_it_may_have_been_closed(toms: Site) -> None:
    path = link(toms.app, "report")
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, email=TOM)
    answer = toms.client.get(path)
    assert answer.status_code == 410 and "or it was closed before" in answer.text


def test_revoking_somebody_elses_links_closes_none_of_toms(toms: Site) -> None:
    path = link(toms.app, "report")
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, email=DEV)
        link_revocations.revoke(db, ["globex-initech"], NOW, partnership="globex-initech")
    assert is_open(toms, "report", path)


def unsealed(app: App, kind: str) -> str:
    """A link that an earlier program gave out: it says whose it is, and nothing of who they were."""
    with app.store.write() as db:
        key = secrets.signing_key(db)
    until = NOW + timedelta(days=30)
    if kind == "judge":
        return judge_link("", key, CHECKPOINT, "cells", "tom", until)
    return report_link("", key, KPI, "2026-10", "tom", until)


@pytest.mark.parametrize("kind", ("report", "judge"))
def test_a_link_of_an_earlier_program_stays_good_until_it_is_revoked(toms: Site, kind: str) -> None:
    path = unsealed(toms.app, kind)
    assert is_open(toms, kind, path)
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, email=TOM)
    assert not is_open(toms, kind, path)


@pytest.mark.parametrize("kind", ("report", "promise", "judge"))
@pytest.mark.parametrize("why", CLOSED)
def test_a_link_of_an_earlier_program_closes_with_its_holder_too(toms: Site, why: str, kind: str) -> None:
    path = unsealed(toms.app, kind)
    edit(toms.app, CLOSED[why])
    assert not is_open(toms, kind, path)


# Agendas ------------------------------------------------------------------------------------------------------------


def joint(app: App, organisation: str | None = None) -> str:
    """The link that an earlier program put into invitations and calendars: nobody's, and without an end."""
    with app.store.write() as db:
        key = secrets.signing_key(db)
    return f"/agendas/{signed(key, AGENDA, {'review': OPERATING, 'organisation': organisation}, None)}"


@pytest.mark.parametrize("of_today", [True, False])
def test_an_agenda_can_be_read_until_ninety_days_after_its_review(toms: Site, of_today: bool) -> None:
    path = link(toms.app, "agenda") if of_today else joint(toms.app)
    with toms.app.store.read() as db:
        record = reviews.find(db, OPERATING)
    assert record
    for seconds, status in ((-1, 200), (0, 410)):
        toms.clock.now = record.review.end + timedelta(days=90, seconds=seconds)
        assert toms.client.get(path).status_code == status
    change(toms.app, OPERATING, review=_a_day_later(record.review))
    assert toms.client.get(path).status_code == 200, "the review was moved, and so is the end"


def _a_day_later(review: Review) -> Review:
    return replace(review, start=review.start + timedelta(days=1), end=review.end + timedelta(days=1))


def test_a_joint_link_on_record_is_closed_by_revoking_the_partnerships(toms: Site) -> None:
    assert toms.client.get(joint(toms.app)).status_code == 200
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, email=TOM)
    assert toms.client.get(joint(toms.app)).status_code == 200
    with toms.app.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, partnership=CELLS)
    assert toms.client.get(joint(toms.app)).status_code == 410


@pytest.mark.parametrize("how", ["revoked", "rotated"])
@pytest.mark.parametrize("person", [None, "tom"])
def test_the_links_in_a_feed_end_with_it(toms: Site, person: str | None, how: str) -> None:
    token = subscriptions.new_token()
    with toms.app.store.write() as db:
        id = subscriptions.add(db, token, NOW, partnership=None if person else CELLS, email=TOM if person else None)
        key = secrets.signing_key(db)
        row = partnerships.get(db, CELLS)
        assert row
        seal = state_of(toms.app, db, row, NOW).seal(person) if person else None
    path = agenda_link("", key, OPERATING, Holder(person, seal, id, subscription_seal(subscriptions.hashed(token))))
    assert toms.client.get(path).status_code == 200
    with toms.app.store.write() as db:
        if how == "revoked":
            subscriptions.revoke(db, id, NOW)
        else:
            subscriptions.rotate(db, id, subscriptions.new_token())
    assert toms.client.get(path).status_code == 410


# Where the links stand ----------------------------------------------------------------------------------------------


@pytest.fixture
def public(made: AppOf) -> Iterator[App]:
    """An app that people reach under a name, and that invites them."""
    opened = made(
        web=Web(listen="127.0.0.1:0", public_url=PUBLIC),
        mail=Mail(sender="cadence@alliances.example"),
        acme_globex=yaml.safe_dump(toms_definition(), allow_unicode=True),
    )
    yield opened
    opened.close()


PUBLIC = "https://cadence.acme.example"


def agendas_in(ics: bytes) -> set[str]:
    return {each.the("URL").value for each in read(ics).named("VEVENT") if each.has("URL")}


def said_by(app: App, url: str) -> dict[str, str | None]:
    assert url.startswith(f"{PUBLIC}/agendas/")
    with app.store.read() as db:
        key = secrets.known_signing_key(db)
    return opened(key or "", AGENDA, url.rpartition("/")[2], NOW)


def invitations(app: App) -> list[LetterRow]:
    with app.store.read() as db:
        of_reviews = [each for each in outbox.listing(db) if each.method == "REQUEST" and each.subject == OPERATING]
        return [found for each in of_reviews if (found := outbox.get(db, each.id or 0))]


def test_an_invitation_carries_the_link_of_the_person_who_gets_it(public: App) -> None:
    sent = invitations(public)
    people = {each.email: said_by(public, _url(each.content))["person"] for each in sent}
    assert people == {builders.INES["email"]: "ines", DEV: "dev", TOM: "tom"}
    assert len({_url(each.content) for each in sent}) == 3


def _url(mail: bytes) -> str:
    parts = list(message_from_bytes(mail, policy=policy.SMTP).iter_attachments())
    ics = parts[-1].get_payload(decode=True)
    assert isinstance(ics, bytes)
    [url] = agendas_in(ics)
    assert url.encode() in ics.replace(b"\r\n ", b"").replace(b"\\n", b" ")
    return url


def test_a_link_is_no_news_a_new_one_brings_no_letter_and_raises_no_sequence(public: App) -> None:
    before = len(invitations(public))
    with public.store.read() as db:
        record = reviews.find(db, OPERATING)
    with public.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW, email=TOM)
        govern_in(public, db, CELLS, NOW)
    assert len(invitations(public)) == before == 3
    with public.store.read() as db:
        assert reviews.find(db, OPERATING) == record


def test_a_feed_carries_the_links_of_its_person_and_renews_them_when_they_are_revoked(public: App) -> None:
    token = subscriptions.new_token()
    with public.store.write() as db:
        id = subscriptions.add(db, token, NOW, email=TOM)
    feeds = Feeds(public)

    def shown() -> tuple[set[str], str]:
        wanted = feeds.wanted(subscriptions.hashed(token), NOW.date())
        assert wanted
        ics = feeds.build(wanted.subscription, NOW.date())[1]
        changed = max((each.the("LAST-MODIFIED").value for each in read(ics).named("VEVENT")), default="")
        return agendas_in(ics), changed

    before, at = shown()
    assert {(said["person"], said["subscription"]) for said in (said_by(public, url) for url in before)} == {
        ("tom", str(id))
    }
    assert shown() == (before, at), "the same links each time"
    with public.store.write() as db:
        link_revocations.revoke(db, [CELLS], NOW + timedelta(hours=1), email=TOM)
    after, later = shown()
    assert len(after) == len(before) and not after & before and later > at
    edit(public, CLOSED["left"])
    assert shown()[0] == set()


def test_a_calendar_of_nobody_in_particular_carries_links_of_its_subscription_or_none(public: App) -> None:
    token = subscriptions.new_token()
    with public.store.write() as db:
        id = subscriptions.add(db, token, NOW, partnership=CELLS)
        row = subscriptions.get(db, id)
    assert row
    found = [said_by(public, url) for url in agendas_in(Feeds(public).build(row, NOW.date())[1])]
    assert found and all(said["subscription"] == str(id) and "person" not in said for said in found)
    data = public.settings.data
    assert agendas_in((data / "calendars" / f"{CELLS}.ics").read_bytes()) == set()
    of_tom = agendas_in((data / "calendars" / "people" / f"{TOM}.ics").read_bytes())
    assert {said_by(public, url)["person"] for url in of_tom} == {"tom"}
