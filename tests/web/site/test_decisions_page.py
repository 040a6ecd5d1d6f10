"""The register: what Acme × Globex decided and left to do in its pipeline reviews of 11 and 18 November, found, ticked,
handed on and superseded; and the same as one file, in which nothing internal to Acme is Globex's."""

import pytest

from scheduler.domain.record.minutes import Action
from scheduler.services.cases.reviews import hold
from scheduler.store import actions, decisions, reviews
from tests.builders import at
from tests.web.conftest import CELLS, DEV, INES, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, SignIn, words_of

PAGE = "/decisions"
NOW = at("2026-11-21 09:00")
FIRST = """## Decisions
- Two shifts from December
- The café moves

## Actions
- Tom: book the crane by 2026-12-04
- Dev: send the samples

## Internal: Acme
- We would take three
"""
SECOND = "## Decisions\n- Three shifts from January\n"


@pytest.fixture
def decided(pages: Site) -> Site:
    with pages.app.store.read() as db:
        known = reviews.recorded(db, CELLS)
    first, second = [id for id, each in known.items() if "/pipeline/" in id and each.review.end < NOW][-2:]
    hold(pages.app, first, FIRST, "ines", NOW)
    hold(pages.app, second, SECOND, "ines", NOW)
    return pages


def ids(pages: Site) -> tuple[list[str], list[str]]:
    with pages.app.store.read() as db:
        return [each.id for each in decisions.recorded(db, CELLS)], [each.id for each in actions.recorded(db, CELLS)]


def test_decisions_stand_with_body_day_and_state_the_last_ones_first(decided: Site, sign_in: SignIn) -> None:
    shown = sign_in(DEV).text(PAGE)
    assert shown.index("Three shifts") < shown.index("Two shifts")
    assert "Pipeline review" in shown
    assert "draft" in shown
    assert f'href="{PAGE}" aria-current="page"' in sign_in(DEV).get(PAGE).text


def test_words_are_found_whatever_accents_they_have(decided: Site, sign_in: SignIn) -> None:
    shown = sign_in(DEV).text(f"{PAGE}?q=CAFE")
    assert "The café moves" in shown
    assert "shifts" not in shown


def test_decided_last_time_are_those_of_the_last_review_of_a_series(decided: Site, sign_in: SignIn) -> None:
    shown = sign_in(DEV).text(f"{PAGE}?state=last+time")
    assert "Three shifts" in shown
    assert "Two shifts" not in shown


def test_a_decision_is_superseded_carried_out_and_assigned_where_it_stands(decided: Site, sign_in: SignIn) -> None:
    dev, (known, _) = sign_in(DEV), ids(decided)
    assert "takes the place" in dev.done(PAGE, "supersede", subject=known[0], other=known[-1])
    assert "Tom Reyes carries it out" in dev.done(PAGE, "assign", subject=known[1], to="tom")
    assert "Carried out" in sign_in(TOM).done(PAGE, "carry_out", subject=known[1], because="it has moved")
    wrong = dev.act(PAGE, "supersede", subject=known[1], other="nothing!1")
    assert wrong.status_code == 422


def test_who_may_not_is_told_who_may(decided: Site, sign_in: SignIn) -> None:
    known, left = ids(decided)
    refused = sign_in(UWE).act(PAGE, "supersede", subject=known[0], other=known[-1])
    assert refused.status_code == 403
    assert "Dev Patel" in words_of(refused.text)
    assert sign_in(UWE).act(PAGE, "finish", subject=left[0]).status_code == 403


def test_an_action_is_done_handed_on_and_given_a_date_by_its_owner(decided: Site, sign_in: SignIn) -> None:
    tom, (_, left) = sign_in(TOM), ids(decided)
    path = f"{PAGE}?shows=actions"
    assert "book the crane" in tom.text(path)
    assert "has its date" in tom.done(path, "give_date", subject=left[0], due="2026-12-11")
    assert "Handed on" in tom.done(path, "hand_on", subject=left[0], to="dev", because="you have the number")
    assert "Done:" in sign_in(DEV).done(path, "finish", subject=left[0], because="booked")
    assert "book the crane" not in tom.text(path)
    assert "booked" in tom.text(f"{path}&state=done")


def test_mine_alone_are_those_of_the_reader(decided: Site, sign_in: SignIn) -> None:
    path = f"{PAGE}?shows=actions&mine=yes"
    assert "book the crane" in sign_in(TOM).text(path)
    assert "send the samples" not in sign_in(TOM).text(path)


def test_the_twin_says_the_same(decided: Site, sign_in: SignIn) -> None:
    said = sign_in(DEV).get(f"{PAGE}.json?q=three").json()
    assert [each["says"] for each in said["decisions"]] == ["Three shifts from January"]
    assert said["decisions"][0]["partnership_name"]


def test_nobody_of_another_partnership_finds_any_of_it(decided: Site, sign_in: SignIn) -> None:
    yuki = sign_in("yuki.mori@initech.example")
    assert "shifts" not in yuki.text(PAGE)
    assert yuki.get(f"{PAGE}?partnership={CELLS}").status_code == 404
    known, _ = ids(decided)
    assert yuki.act(PAGE, "carry_out", subject=known[0]).status_code == 404
    assert yuki.get(f"/decisions/minutes.md?from=2026-11-01&until=2026-11-30&partnership={CELLS}").status_code == 404


def test_an_operator_finds_all_of_it(decided: Site, sign_in: SignIn) -> None:
    assert "Three shifts" in sign_in(OPERATOR).text(PAGE)


def test_minutes_and_decisions_of_a_span_are_one_file_as_its_reader_may_see_them(
    decided: Site, sign_in: SignIn
) -> None:
    path = "/decisions/minutes.md?from=2026-11-01&until=2026-11-30"
    ours, theirs = sign_in(INES).get(path), sign_in(DEV).get(path)
    assert ours.headers["content-disposition"].startswith("attachment")
    assert "Three shifts from January" in theirs.text
    assert "We would take three" in ours.text
    assert "We would take three" not in theirs.text
    assert sign_in(INES).get("/decisions/minutes.md?from=2026-01-01&until=2026-01-31").text.count("Nothing of these")


def test_a_span_that_is_none_is_told_in_words(decided: Site, sign_in: SignIn) -> None:
    answer = sign_in(INES).get("/decisions/minutes.md?from=2026-11-30&until=2026-11-01")
    assert answer.status_code == 422
    assert "lies before" in words_of(answer.text)


def test_a_milestone_of_a_paper_leads_to_no_review(decided: Site, sign_in: SignIn) -> None:
    paper = f"{CELLS}/mou"
    with decided.app.store.write() as db:
        task = Action(f"{paper}#M-terms", CELLS, paper, paper, "agree the terms", "dev", None, NOW)
        actions.save(db, [task])
    page = sign_in(DEV).get(f"{PAGE}?shows=actions").text
    assert "agree the terms" in page and f"{paper}#M-terms" in page and f"/reviews/{paper}" not in page
