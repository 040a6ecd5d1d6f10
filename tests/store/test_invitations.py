"""What people are invited to, and what they were told, comes back as it was kept."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scheduler.domain.record.invitation import OFF, Invited, Told
from scheduler.store import Store, invitations
from tests.builders import at
from tests.render.invited import a_pipeline
from tests.store.remembered import ACME_GLOBEX

NOW = at("2026-12-01 09:00")
REVIEW = Invited("uid-of-week-50", ACME_GLOBEX, "acme-globex/pipeline/2026-W50", "5f0c" * 8)
SERIES = a_pipeline(place="Halden", ends=date(2027, 9, 30))
INES, DEV = "ines.falk@acme.example", "dev.patel@globex.example"


def told(instance: str = "", email: str = INES, **changes: Any) -> Told:
    return replace(Told(SERIES.uid, instance, email, 0, "a.b", NOW, "<1@alliances.example>"), **changes)


def test_a_series_comes_back_with_its_rule_its_zone_and_its_end(store: Store) -> None:
    with store.write() as db:
        invitations.save(db, ACME_GLOBEX, [REVIEW, SERIES])
        assert invitations.of(db, ACME_GLOBEX) == [SERIES, REVIEW]
        found = invitations.find(db, SERIES.uid)
        assert found == SERIES and found.recurring and SERIES.recurring
        assert found.recurring.pattern == SERIES.recurring.pattern
        assert invitations.find(db, "unknown") is None and invitations.of(db, "other") == []


def test_what_is_closed_stays_closed(store: Store) -> None:
    with store.write() as db:
        invitations.save(db, ACME_GLOBEX, [SERIES])
        invitations.save(db, ACME_GLOBEX, [replace(SERIES, closed=True)])
        assert [each.closed for each in invitations.of(db, ACME_GLOBEX)] == [True]


def test_what_somebody_is_told_takes_the_place_of_what_they_were_told_before(store: Store) -> None:
    later = told(sequence=1, digest=OFF, at=NOW + timedelta(seconds=1))
    with store.write() as db:
        invitations.tell(db, ACME_GLOBEX, [told(), told(email=DEV)])
        invitations.tell(db, ACME_GLOBEX, [later])
        found = {each.email: each for each in invitations.told(db, ACME_GLOBEX)}
    assert found == {INES: later, DEV: told(email=DEV)}
    assert not found[INES].expected and found[DEV].expected


def test_who_is_told_a_series_anew_forgets_its_instances_and_nothing_else(store: Store) -> None:
    other = told("20261208T140000Z", uid="other")
    with store.write() as db:
        instance = "20261208T140000Z"
        invitations.tell(db, ACME_GLOBEX, [told(), told(instance), told(instance, email=DEV), other])
        invitations.forget_instances(db, SERIES.uid, [INES])
        assert sorted((each.uid, each.instance, each.email) for each in invitations.told(db, ACME_GLOBEX)) == [
            (SERIES.uid, "", INES),
            (SERIES.uid, instance, DEV),
            ("other", instance, INES),
        ]
