"""Reviews of several partnerships at one time, for somebody who is in both: told to whom may see both."""

from scheduler.rules.access import OPERATOR, Audience
from scheduler.services.views.overlaps import overlaps
from scheduler.services.views.partnership import as_json as partnership_as_json
from scheduler.services.views.partnership import partnership
from scheduler.services.views.reviews import review, story_as_json
from scheduler.store import partnerships
from tests.builders import CELLS_DELIVERED, DEV, GLOBEX, INITECH, JUNE, TOM, Written, at
from tests.rules.reviews.test_planner import only
from tests.services.town import Town

NOW = at("2026-11-02 09:00")
WEEKLY = only(pipeline={"on": "tuesday", "at": "15:00"})
OURS, THEIRS = "acme-globex/pipeline/2026-W50", "initech-globex/pipeline/2026-W50"
NORA: Written = {"name": "Nora Kimura", "email": "nora@initech.example", "of": "initech", "role": "alliance_manager"}


def define(town: Town, theirs: Written = WEEKLY) -> None:
    town.define(reviews=WEEKLY)
    town.define(
        partnership="initech-globex",
        organisations={"initech": INITECH, "globex": GLOBEX},
        people={"nora": NORA, "dev": {**DEV, "email": "Dev.Patel@globex.example"}, "june": JUNE, "tom": TOM},
        success_at_90_days={
            "agenda_owner": "nora",
            "criteria": [{"id": "x", "says": "Both sides report from one dashboard", "owner": "dev"}],
        },
        kpis={"cells-delivered": {**CELLS_DELIVERED, "decides": "nora"}},
        reviews=theirs,
    )


def at_once(town: Town, audience: Audience = OPERATOR) -> dict[str, tuple[str, ...]]:
    with town.database() as db:
        return overlaps(town.app, db, [OURS, THEIRS], audience)


def test_a_review_of_another_partnership_is_found_by_peoples_addresses(town: Town) -> None:
    define(town)
    town.cycle(NOW)
    assert at_once(town) == {OURS: (THEIRS,), THEIRS: (OURS,)}


def test_who_is_no_partner_of_the_other_one_hears_nothing_of_it(town: Town) -> None:
    define(town)
    town.cycle(NOW)
    assert at_once(town, Audience("acme")) == {THEIRS: (OURS,)}
    assert at_once(town, Audience("globex")) == {OURS: (THEIRS,), THEIRS: (OURS,)}


def test_it_is_kept_as_hours_people_and_partnerships_change(town: Town) -> None:
    define(town)
    town.cycle(NOW)
    define(town, only(pipeline={"on": "tuesday", "at": "16:00"}))
    town.cycle(at("2026-11-03 09:00"))
    assert at_once(town) == {}
    define(town)
    town.cycle(at("2026-11-04 09:00"))
    assert at_once(town) != {}
    with town.app.store.write() as db:
        partnerships.end(db, "initech-globex", at("2026-11-05 09:00"))
        partnerships.wake(db, "initech-globex", at("2026-11-05 09:00"))
    town.cycle(at("2026-11-05 09:01"))
    assert at_once(town) == {}


def shown(town: Town, id: str, audience: Audience) -> tuple[list[str], list[list[str]]]:
    """The overlaps of a review as `review show --json` has them, and those of the next ones in `show --json`."""
    story = story_as_json(review(town.app, id, NOW, audience))
    standing = partnership_as_json(partnership(town.app, id.split("/")[0], NOW, audience))
    return [*story["overlaps"]], [[*each["overlaps"]] for each in standing["next_reviews"]]


def test_one_review_and_one_partnership_are_shown_with_them_too(town: Town) -> None:
    define(town)
    town.cycle(NOW)
    one, following = shown(town, OURS, OPERATOR)
    assert one == [THEIRS]
    assert len(following) == 5 and all(len(each) == 1 for each in following)
    assert shown(town, OURS, Audience("globex")) == (one, following)
    assert shown(town, OURS, Audience("acme")) == ([], [[]] * 5)
