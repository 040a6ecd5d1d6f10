"""What each side is shown of a health check in which Acme and Globex are far apart: in the view, in the agenda of the
audit that it feeds, in the standing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
import yaml

from scheduler.domain.record.standing import State
from scheduler.rules.access import JOINT, OPERATOR, Audience
from scheduler.services.app import App
from scheduler.services.cases import health_checks as cases
from scheduler.services.standing import standings_of
from scheduler.services.state import state_of
from scheduler.services.views import adherence
from scheduler.services.views.agenda import agenda
from scheduler.services.views.health import HealthChecks, health_checks_of
from scheduler.services.views.pack import pack
from scheduler.store import health_checks, partnerships
from tests import health
from tests.builders import at
from tests.health import ACME, CELLS, CLOSED, GLOBEX, OPENS, ROUND, HealthCheck
from tests.web.conftest import AppOf, made  # noqa: F401

AUDIT = f"{CELLS}/health-audit/2027-Q2"
MAY = at("2027-05-02 10:00")
OURS, THEIRS = "nobody calls back", "the weekly call"


@pytest.fixture
def check(made: AppOf) -> Iterator[HealthCheck]:  # noqa: F811
    app = made()
    yield health.opened(app)
    app.close()


def closed(check: HealthCheck) -> App:
    """Acme says 2, Globex 4, each with words of its own."""
    for person in ACME:
        check.answers(person, 2, OURS if person == "ines" else None)
    for person in GLOBEX:
        check.answers(person, 4, THEIRS if person == "dev" else None)
    check.cycle(CLOSED)
    return check.app


def seen(app: App, audience: Audience, now: object = MAY) -> HealthChecks:
    return health_checks_of(app, CELLS, now, audience)  # type: ignore[arg-type]


def test_while_it_is_open_a_side_learns_how_many_of_its_own_answered_and_nothing_else(check: HealthCheck) -> None:
    check.answers("ines", 2, OURS)
    check.answers("dev", 4)
    check.answers("tom", 4)
    acme = seen(check.app, Audience("acme"), OPENS).running
    assert acme and [(each.side, each.answered, each.asked) for each in acme.taking_part] == [("acme", 1, 3)]
    joint = seen(check.app, JOINT, OPENS).running
    assert joint and joint.taking_part == () and joint.areas == () and joint.words == ()
    operator = seen(check.app, OPERATOR, OPENS).running
    assert operator and [each.answered for each in operator.taking_part] == [1, 2]
    assert OURS not in repr(seen(check.app, Audience("acme"), OPENS))


def test_once_closed_all_see_the_means_and_each_side_its_own_words_alone(check: HealthCheck) -> None:
    app = closed(check)
    for audience in (Audience("acme"), Audience("globex"), JOINT, OPERATOR):
        latest = seen(app, audience).latest
        assert latest
        assert {(each.light, str(each.gap)) for each in latest.areas} == {("red", "2.00")}
        assert {each.says for each in latest.areas} == {
            "the sides are 2.00 apart: Globex Cells Inc says 4.00, Acme Motors SE 2.00"
        }
    assert OURS in repr(seen(app, Audience("acme"))) and THEIRS not in repr(seen(app, Audience("acme")))
    assert THEIRS in repr(seen(app, Audience("globex"))) and OURS not in repr(seen(app, Audience("globex")))
    for audience in (JOINT, OPERATOR):
        assert OURS not in repr(seen(app, audience)) and THEIRS not in repr(seen(app, audience))


def test_the_audit_that_it_feeds_shows_it_and_proposes_an_item_with_an_owner(check: HealthCheck) -> None:
    app = closed(check)
    check.cycle(MAY)
    text = agenda(app, AUDIT, None, MAY, html=False)
    assert "Health check 2027-H1, closed on Tue 20 Apr 2027" in text
    assert "| Trust and candour | 2.00 | 4.00 | 2.00 | **red** |" in text
    assert (
        "- Trust and candour: where do the sides see another partnership, and what does each change first? "
        "(out of the health check, owner: Dev Patel, Globex Cells Inc)\n"
    ) in text
    assert OURS not in text and THEIRS not in text
    acme, globex = (agenda(app, AUDIT, side, MAY, html=False) for side in ("acme", "globex"))
    assert OURS in acme and THEIRS not in acme
    assert THEIRS in globex and OURS not in globex


def test_what_an_earlier_program_kept_of_too_few_is_shown_neither_on_the_page_nor_in_an_agenda(
    check: HealthCheck,
) -> None:
    """It counted the answers by a link that was sent again as those of one person more."""
    app = closed(check)
    with app.store.write(CELLS) as db:
        health_checks.save(db, replace(check.rounds()[0], sent_again={"acme": 1}))
    check.cycle(MAY)
    assert OURS not in repr(seen(app, Audience("acme"))) and THEIRS in repr(seen(app, Audience("globex")))
    acme, globex = (agenda(app, AUDIT, side, MAY, html=False) for side in ("acme", "globex"))
    assert OURS not in acme and THEIRS in globex


def test_the_agenda_as_a_page_draws_what_each_side_said_and_how_it_is_shared_out(check: HealthCheck) -> None:
    app = closed(check)
    check.cycle(MAY)
    html = agenda(app, AUDIT, None, MAY, html=True)
    assert "The health check as a picture" in html
    assert "<title>Globex Cells Inc: 4</title>" in html
    assert 'aria-label="1: 0 %, 2: 100 %, 3: 0 %, 4: 0 %, 5: 0 %"' in html
    assert "The health check as a picture" not in agenda(app, f"{CELLS}/operating/2027-05", None, MAY, html=True)


def test_the_picture_of_an_agenda_in_another_language_names_the_areas_in_it(check: HealthCheck) -> None:
    app = closed(check)
    file = app.settings.definitions / f"{CELLS}.yaml"
    written = {**yaml.safe_load(file.read_text("utf-8")), "language": "de"}
    file.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    check.cycle(MAY)
    html = agenda(app, AUDIT, None, MAY, html=True)
    picture = html.partition('<figure class="health">')[2].partition("</figure>")[0]
    assert "Vertrauen" in picture and "Trust" not in picture


def test_where_too_few_answered_nothing_is_drawn(check: HealthCheck) -> None:
    check.answers("ines", 2)
    check.cycle(CLOSED)
    check.cycle(MAY)
    assert "as a picture" not in agenda(check.app, AUDIT, None, MAY, html=True)


def test_the_pack_has_the_checks_as_data_and_the_agenda_with_its_pictures(check: HealthCheck) -> None:
    app = closed(check)
    check.cycle(MAY)
    with app.store.read() as db:
        row = partnerships.get(db, CELLS)
        assert row
        made = ZipFile(BytesIO(pack(app, db, row, MAY, Audience("acme"))))
    data = json.loads(made.read(f"{CELLS}/health-checks.json"))
    assert data["rounds"][0]["areas"][0]["gap"] == "2.00"
    page = made.read(f"{CELLS}/agendas/health-audit/2027-Q2.html").decode()
    assert "The health check as a picture" in page
    everything = b"".join(made.read(each) for each in made.namelist()).decode()
    assert OURS in everything and THEIRS not in everything


def test_an_audit_before_it_is_closed_has_the_table_to_fill_in(check: HealthCheck) -> None:
    text = agenda(check.app, f"{CELLS}/health-audit/2027-Q1", None, OPENS, html=False)
    assert "| Culture and relationship |" in text
    assert "Health check 2027" not in text


def test_the_relationship_is_at_risk_where_an_area_is_red(check: HealthCheck) -> None:
    app = closed(check)
    with app.store.read() as db:
        row = partnerships.get(db, CELLS)
        assert row
        state = state_of(app, db, row, MAY)
    [standing] = standings_of(state, JOINT)
    [signal] = [each for each in standing.signals if each.kind == "relationship"]
    assert (signal.state, signal.cause, signal.facts["gap"]) == (State.AT_RISK, "health", "2.00")


def test_a_round_that_was_skipped_needs_attention_and_counts(check: HealthCheck) -> None:
    cases.skip(check.app, ROUND, "the merger", "ines", OPENS)
    with check.app.store.read() as db:
        row = partnerships.get(db, CELLS)
        assert row
        state = state_of(check.app, db, row, OPENS)
    [standing] = standings_of(state, JOINT)
    [signal] = [each for each in standing.signals if each.kind == "relationship"]
    assert (signal.state, signal.cause, signal.facts["because"]) == (State.ATTENTION, "health_skipped", "the merger")
    [whole] = adherence.of_state(state, None)
    assert [each.review for each in whole.reviews if each.outcome == "skipped"] == [ROUND]
    names = [each.name for each in adherence.of_state(state, "series")]
    assert "Health check" in names
