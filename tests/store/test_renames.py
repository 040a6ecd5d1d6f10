"""What is on record of a review series or a layer, under another key: names change, ids and UIDs stay."""

from dataclasses import replace
from datetime import date

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.invitation import Invited
from scheduler.domain.record.trigger_event import Cause, TriggerEvent
from scheduler.store import Store, decisions, invitations, partnerships, renames, reviews, trigger_events
from tests.builders import a_recorded, a_review, at
from tests.render.invited import a_pipeline
from tests.store.remembered import ACME_GLOBEX

PIPELINE, WEEKLY = "acme-globex/pipeline", "acme-globex/weekly"
NOW = at("2027-01-19 09:00")


def test_reviews_of_a_series_change_its_key_and_nothing_else(store: Store) -> None:
    review, other = a_review(), a_review(series="operating", period="2026-12")
    of_a_layer = replace(a_review(), id="acme-globex/asia/pipeline/2026-W50", layer="asia")
    with store.write() as db:
        reviews.save_many(db, [a_recorded(each) for each in (review, other, of_a_layer)])
        renames.series(db, ACME_GLOBEX, {PIPELINE: WEEKLY})
        found = {id: record.review for id, record in reviews.recorded(db, ACME_GLOBEX).items()}
    assert found == {
        review.id: replace(review, series="weekly"), other.id: other, of_a_layer.id: of_a_layer
    }  # fmt: skip
    assert found[review.id].uid == review.uid


def test_the_invitation_to_a_series_goes_on_and_that_to_a_review_stays(store: Store) -> None:
    series = a_pipeline()
    single = Invited("uid-of-week-50", ACME_GLOBEX, "acme-globex/pipeline/2026-W50", "5f0c" * 8)
    with store.write() as db:
        invitations.save(db, ACME_GLOBEX, [series, single])
        renames.series(db, ACME_GLOBEX, {PIPELINE: WEEKLY})
        whole, alone = invitations.find(db, series.uid), invitations.find(db, single.uid)
    assert alone == single and whole and series.recurring and whole.recurring
    assert (whole.subject, whole.recurring.first.series_id) == (WEEKLY, WEEKLY)
    assert whole.recurring.pattern == series.recurring.pattern


def test_a_layer_takes_along_its_checkpoint_and_what_fired_in_it(store: Store) -> None:
    id = "acme-globex/asia/checkpoint"
    checkpoint = replace(a_review(), id=id, layer="asia", series="checkpoint", kind=Kind.CHECKPOINT, period="90-days")
    invited = Invited(checkpoint.uid, ACME_GLOBEX, id, "5f0c" * 8)
    key = "vacant/sponsor/globex"
    cause = Cause(ACME_GLOBEX, "acme-globex/asia", key, "a seat", "is empty", (), None, date(2027, 1, 19))
    names = {"acme-globex/asia": "acme-globex/apac"}
    with store.write() as db:
        reviews.save_many(db, [a_recorded(checkpoint)])
        invitations.save(db, ACME_GLOBEX, [invited])
        trigger_events.add(db, [TriggerEvent(cause, None, NOW)])
        partnerships.remember_scopes(db, names, NOW)
        renames.layers(db, ACME_GLOBEX, names)
        renames.series(db, ACME_GLOBEX, {id: "acme-globex/apac/checkpoint"})
        assert reviews.find(db, id) == a_recorded(replace(checkpoint, layer="apac"))
        assert invitations.of(db, ACME_GLOBEX) == [invited]
        assert [each.cause for each in trigger_events.of_partnership(db, ACME_GLOBEX)] == [
            replace(cause, scope="acme-globex/apac")
        ]
        assert partnerships.seen_scopes(db, ACME_GLOBEX) == {"acme-globex/apac": NOW}


def test_decisions_say_the_layer_and_the_people_by_the_keys_that_they_bear_now_and_keep_their_ids(store: Store) -> None:
    taken = Decision(
        "acme-globex/asia/operating/2026-12!1", ACME_GLOBEX, "acme-globex/asia/operating/2026-12", "acme-globex/asia",
        "operating", "Two shifts", date(2026, 12, 8), NOW, decided_by="ines", carried_out_by="dev",
    )  # fmt: skip
    with store.write() as db:
        decisions.save(db, [taken])
        renames.layers(db, ACME_GLOBEX, {"acme-globex/asia": "acme-globex/apac"})
        renames.people(db, ACME_GLOBEX, {"ines": "falk", "dev": "patel"})
        assert decisions.recorded(db, ACME_GLOBEX) == [
            replace(taken, scope="acme-globex/apac", decided_by="falk", carried_out_by="patel")
        ]
