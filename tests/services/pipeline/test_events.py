"""What programs are told by webhooks: once, in the form of Standard Webhooks, and nothing that is not theirs.

Acme × Globex is governed from 1 October 2026. Tom of Globex owes cells-delivered, which all share; Uwe owes
landed-cost, which is internal to Acme.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.record.event import Event
from scheduler.services.cases import formal_review, kpis, reviews
from scheduler.services.pipeline.cycle import Stopped
from scheduler.services.pipeline.events import tell_programs
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import events, outbox
from tests.builders import at
from tests.services.pipeline.test_delivery import Clock
from tests.services.town import DAY_ONE, Town
from tests.transports.hooks import Receiver, receiving

Build = Callable[..., Town]
KEY = "whsec_" + base64.b64encode(b"a key of the receiver").decode()
LATE = at("2026-11-17 12:00")
"""October's figures are overdue."""


def a_hook(**more: Any) -> dict[str, Any]:
    return {"url": "https://erp.example/hook", "secret_file": "erp.key", **more}


def governed(build: Build, **webhooks: dict[str, Any]) -> Town:
    town = build(webhooks=webhooks)
    town.define()
    town.cycle(DAY_ONE)
    return town


def told(town: Town, name: str = "erp") -> list[dict[str, Any]]:
    """What lies in the outbox for a webhook, in the order in which it leaves."""
    with town.database() as db:
        found = [each for each in outbox.listing(db) if each.channel == f"webhook:{name}"]
        bodies = [outbox.get(db, each.id or 0) for each in found]
    return [json.loads(each.content) for each in bodies if each]


def of_type(town: Town, type: str, name: str = "erp") -> list[dict[str, Any]]:
    return [each["data"] for each in told(town, name) if each["type"] == type]


def test_a_first_plan_tells_nobody_of_what_is_planned(build: Build) -> None:
    assert not [each for each in told(governed(build, erp=a_hook())) if each["type"].startswith("review.")]


def test_a_kpi_that_falls_overdue_is_told_once(build: Build) -> None:
    town = governed(build, erp=a_hook(organisation="globex"))
    town.cycle(LATE)
    town.cycle(LATE)
    (first, *others) = of_type(town, "kpi.overdue")
    assert not others
    assert first == {
        "partnership": "acme-globex",
        "kpi": "acme-globex/cells-delivered",
        "name": "Cells delivered",
        "period": "2026-10",
        "owner": "tom",
        "due": first["due"],
        "overdue_since": first["overdue_since"],
    }


def test_what_is_internal_reaches_its_own_organisation_and_who_is_told_so_alone(build: Build) -> None:
    """Landed cost is Acme's own. A webhook of no organisation hears what all partners may."""
    town = governed(
        build, acme=a_hook(organisation="acme"), globex=a_hook(organisation="globex"), all=a_hook(),
        own=a_hook(actor_level="yes"), others=a_hook(organisation="initech"),
    )  # fmt: skip
    town.cycle(LATE)
    hears = {name: {each["kpi"] for each in of_type(town, "kpi.overdue", name)} for name in town.app.settings.webhooks}
    shared, internal = "acme-globex/cells-delivered", "acme-globex/landed-cost"
    assert hears == {
        "acme": {shared, internal}, "globex": {shared}, "all": {shared}, "own": {shared, internal}, "others": set()
    }  # fmt: skip


def test_a_webhook_hears_of_the_events_and_the_partnership_that_it_names(build: Build) -> None:
    town = governed(
        build, erp=a_hook(events=["kpi.settled"]), elsewhere=a_hook(partnership="globex-initech"),
        here=a_hook(partnership="acme-globex"),
    )  # fmt: skip
    town.cycle(LATE)
    assert told(town) == told(town, "elsewhere") == [] and told(town, "here")


def test_a_reading_is_told_exactly_and_settles_what_was_overdue(build: Build) -> None:
    town = governed(build, erp=a_hook())
    town.cycle(LATE)
    kpis.report(town.app, "acme-globex/cells-delivered", None, "0.310", None, "tom", LATE + timedelta(minutes=1))
    town.cycle(LATE + timedelta(minutes=2))
    (reported,) = of_type(town, "kpi.reported")
    assert (reported["value"], reported["period"], reported["by"]) == ("0.310", "2026-10", "tom")
    (settled,) = of_type(town, "kpi.settled")
    assert (settled["kpi"], settled["because"]) == ("acme-globex/cells-delivered", "reported")


def test_a_formal_review_that_is_called_a_move_and_a_skip_are_told_with_the_review_as_it_stands(build: Build) -> None:
    town = governed(build, erp=a_hook())
    called = formal_review.call(town.app, "acme-globex", "the plant burned down", "ines", LATE)
    town.cycle(LATE)
    (first,) = of_type(town, "review.called")
    assert first["review"]["id"] == called.record.id and first["review"]["kind"] == "formal-review"
    before = called.record.review.start
    reviews.move(town.app, called.record.id, before + timedelta(days=1), "a fair", "ines", LATE)
    town.cycle(LATE)
    (moved,) = of_type(town, "review.moved")
    assert moved["from"] == before.isoformat() and moved["review"]["because"] == "a fair"
    reviews.skip(town.app, called.record.id, "it was put out", "ines", LATE)
    town.cycle(LATE)
    assert [each["review"]["status"] for each in of_type(town, "review.skipped")] == ["skipped"]


def test_decisions_of_minutes_are_told_and_corrected_minutes_tell_of_new_ones_alone(build: Build) -> None:
    town = governed(build, erp=a_hook())
    (review, *_others) = [each for each in town.reviews().values() if each.review.end < LATE]
    reviews.hold(town.app, review.id, "## Decisions\n- Decided: ship by rail\n", "ines", LATE)
    town.cycle(LATE)
    assert [each["decision"]["says"] for each in of_type(town, "decision.recorded")] == ["ship by rail"]
    reviews.hold(town.app, review.id, "## Decisions\n- Decided: ship by rail\n- Decided: sell\n", "ines", LATE)
    town.cycle(LATE)
    assert [each["decision"]["says"] for each in of_type(town, "decision.recorded")] == ["ship by rail", "sell"]
    assert len(of_type(town, "review.held")) == 1


def test_what_is_rolled_back_is_told_to_nobody(build: Build) -> None:
    town = governed(build, erp=a_hook())
    with pytest.raises(Stopped), town.app.store.write() as db:
        events.add(db, [Event("review.called", "acme-globex", "acme-globex/formal-review/2026-10-01", DAY_ONE, {})])
        raise Stopped
    town.cycle(DAY_ONE)
    assert not of_type(town, "review.called")


def test_a_cycle_that_ends_between_leaves_the_events_to_the_next_one(build: Build) -> None:
    town = governed(build, erp=a_hook())
    formal_review.call(town.app, "acme-globex", "the plant burned down", "ines", LATE)
    with town.database() as db:
        assert events.are_waiting(db)
    town.cycle(LATE)
    with town.database() as db:
        assert not events.are_waiting(db)
    assert len(of_type(town, "review.called")) == 1


def test_without_a_webhook_events_go_and_nothing_is_written(build: Build) -> None:
    town = governed(build)
    formal_review.call(town.app, "acme-globex", "the plant burned down", "ines", LATE)
    assert tell_programs(town.app, lambda: None) == 0
    with town.database() as db:
        assert not events.are_waiting(db) and not [each for each in outbox.listing(db) if each.method == "EVENT"]


def test_a_post_is_signed_over_its_id_moment_and_body_and_comes_again_under_the_same_id(
    build: Build, tmp_path: Path
) -> None:
    """The receiver fails once; a later round sends the same bytes by the same id, signed anew."""
    receiver, clock, file = Receiver(status=500), Clock(LATE), tmp_path / "erp.key"
    file.write_text(f"{KEY}\nan old key\n", encoding="utf-8")
    with receiving(receiver) as url:
        town = governed(build, erp=a_hook(url=url, internal="yes", events=["review.called"], secret_file=file))
        formal_review.call(town.app, "acme-globex", "the plant burned down", "ines", LATE)
        town.cycle(LATE)
        for status in (500, 200):
            receiver.status = status
            deliver_by(Sender(town.app, "one", clock, lambda: 0.5), "webhook:erp")
            clock.now += timedelta(hours=7)
    first, second = receiver.heads
    assert first["webhook-id"] == second["webhook-id"] and first["webhook-id"].startswith("evt_")
    assert receiver.posts[0] == receiver.posts[1]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    said = f"{first['webhook-id']}.{first['webhook-timestamp']}.".encode() + receiver.posts[0]
    macs = [hmac.new(each, said, hashlib.sha256).digest() for each in (b"a key of the receiver", b"an old key")]
    assert first["webhook-signature"] == " ".join(f"v1,{base64.b64encode(each).decode()}" for each in macs)
    with town.database() as db:
        assert [each.state for each in outbox.listing(db) if each.method == "EVENT"] == ["sent"]
