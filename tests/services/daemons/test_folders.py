"""Where daemons have a folder of definitions each, nobody plans by a file that is not the same everywhere."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.errors import UserError
from scheduler.rules.access import OPERATOR
from scheduler.services.cases import corrections
from scheduler.services.cases import reviews as cases
from scheduler.services.views.installation.monitored import monitored
from scheduler.services.views.partnership import partnership as page
from scheduler.services.views.portfolio import DIFFERS, portfolio
from scheduler.store import file_states, partnerships
from tests.builders import at
from tests.services.daemons.conftest import Host, on_its_host
from tests.services.town import DAY_ONE

Start = Callable[..., Host]
MINUTE = timedelta(minutes=1)
GOAL = "5 GWh of cells a year for the Halden line from 2027."


def problems(host: Host) -> list[str]:
    with host.app.store.read() as db:
        return [each["what"] for each in file_states.problems(db)]


def goal(host: Host) -> str:
    with host.app.store.read() as db:
        [row] = partnerships.listing(db)
    return str(host.app.in_force(row).goal)


def pull(frm: Host, to: Host) -> None:
    """As Git does: the same bytes in a file of its own, with a time of its own."""
    for path in to.definitions.iterdir():
        path.unlink()
    for path in frm.definitions.iterdir():
        shutil.copyfile(path, to.definitions / path.name)


def two(host: Start) -> tuple[Host, Host]:
    """Two daemons with a checkout each of one definition, which was taken up."""
    alpha, beta = host("alpha", own=True), host("beta", own=True)
    alpha.define()
    pull(alpha, beta)
    assert [each.cycle().governed for each in (alpha, beta)] == [1, 0]
    return alpha, beta


def test_a_file_that_is_the_same_on_both_hosts_is_taken_up_once_and_read_by_each_once(host: Start) -> None:
    alpha, beta = two(host)
    for _ in range(2):
        assert [each.cycle().governed for each in (alpha, beta)] == [0, 0]
    assert len(alpha.log.of("definition.in_force")) == 1
    assert beta.log.of("definition.in_force") == []
    assert problems(alpha) == []


def test_other_times_of_a_file_are_no_other_file(host: Start) -> None:
    alpha, beta = two(host)
    os.utime(alpha.definitions / "acme-globex.yaml", ns=(1, 1))
    assert [each.cycle().governed for each in (alpha, beta, alpha)] == [0, 0, 0]
    assert problems(alpha) == []


@pytest.mark.parametrize("first", [0, 1], ids=["the edited one first", "the other one first"])
def test_where_contents_differ_the_file_is_neither_taken_up_nor_planned_until_they_agree(
    host: Start, first: int
) -> None:
    both = two(host)
    alpha, beta = both
    alpha.define(goal=GOAL)
    later = at("2026-10-02 09:00")
    order = both if first == 0 else (beta, alpha)
    alpha.cycle(later)
    for _ in range(2):
        assert [each.cycle(later).governed for each in order] == [0, 0]
    assert goal(alpha) != GOAL
    told = problems(alpha)
    assert told and all("alpha has " in each and "beta has " in each and " UTC" in each for each in told)
    assert len(alpha.log.of("definition.differs")) == 1, "the log says it once"
    pull(alpha, beta)
    assert sum(each.cycle(later).governed for each in (beta, alpha, beta, alpha)) == 1
    assert goal(beta) == GOAL and problems(beta) == []


def test_an_edit_that_is_taken_back_ends_it_too(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(goal=GOAL)
    for each in (alpha, beta, alpha):
        each.cycle()
    pull(beta, alpha)
    for each in (alpha, beta, alpha):
        each.cycle()
    assert problems(alpha) == [] and goal(alpha) != GOAL


def test_where_the_other_host_stops_what_this_one_sees_counts(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(goal=GOAL)
    for each in (alpha, beta):
        each.cycle()
    assert goal(alpha) != GOAL
    beta.stops()
    alpha.cycle()
    assert goal(alpha) == GOAL and problems(alpha) == []


def test_a_new_file_waits_for_the_other_host_and_other_partnerships_do_not(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(partnership="acme-umbra")
    later = at("2026-12-24 09:00")
    alpha.cycle(later)
    with alpha.app.store.read() as db:
        assert partnerships.ids(db) == ["acme-globex"]
        assert partnerships.due(db, later, alpha.app.environment) == [], "the one that agrees was planned"
    assert any("beta has none" in each for each in problems(alpha))
    pull(alpha, beta)
    for each in (beta, alpha):
        each.cycle(later)
    with alpha.app.store.read() as db:
        assert partnerships.ids(db) == ["acme-globex", "acme-umbra"]
    assert problems(alpha) == []


def test_a_file_that_has_vanished_from_one_host_has_not_vanished(host: Start) -> None:
    alpha, beta = two(host)
    (alpha.definitions / "acme-globex.yaml").unlink()
    for each in (alpha, beta, alpha):
        each.cycle()
    assert problems(alpha) and not any("vanished" in each for each in problems(alpha))
    (beta.definitions / "acme-globex.yaml").unlink()
    for each in (beta, alpha, beta, alpha):
        each.cycle()
    assert {*problems(alpha)} == {"the file has vanished; its reviews stay as they are"}


def test_a_daemon_that_has_not_looked_at_its_folder_yet_keeps_nobody_waiting(host: Start) -> None:
    alpha = host("alpha", own=True)
    alpha.define()
    host("beta", own=True)
    assert alpha.cycle().governed == 1


def test_a_daemon_that_does_not_plan_is_not_asked(host: Start) -> None:
    alpha = host("alpha", {"planner": "7"}, own=True)
    beta = host("beta", own=True)
    beta.cycle()
    alpha.define()
    assert alpha.cycle().governed == 1 and problems(alpha) == []


def test_a_shared_folder_differs_for_nobody(host: Start) -> None:
    alpha, beta = host("alpha"), host("beta")
    alpha.define()
    assert [each.cycle().governed for each in (alpha, beta)] == [1, 0]
    alpha.define(goal=GOAL)
    assert [each.cycle().governed for each in (beta, alpha, beta)] == [0, 1, 0], "the second one to look finds it right"
    assert problems(alpha) == [] and goal(beta) == GOAL


def test_what_somebody_does_while_contents_differ_is_on_record_and_planned_by_once_they_agree(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(goal=GOAL)
    for each in (alpha, beta):
        each.cycle()
    before = alpha.reviews()
    first = next(id for id, each in before.items() if each.review.start > DAY_ONE)
    now = DAY_ONE + MINUTE
    with on_its_host(alpha.app):
        cases.move(alpha.app, first, at("2026-10-20 10:00"), "the hall is taken", None, now)
    assert alpha.reviews()[first].moved_by_person
    assert alpha.cycle(now).governed == 0
    pull(alpha, beta)
    assert sum(each.cycle(now).governed for each in (beta, alpha)) >= 1
    assert alpha.reviews()[first].moved_by_person and goal(alpha) == GOAL


def test_it_is_shown_wherever_the_partnership_is(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(goal=GOAL)
    for each in (alpha, beta):
        each.cycle()
    with on_its_host(beta.app):
        [entry] = portfolio(beta.app, DAY_ONE, OPERATOR)
        found = page(beta.app, "acme-globex", DAY_ONE, OPERATOR)
        with beta.app.store.read() as db:
            figures = monitored(beta.app, db, DAY_ONE)
    assert entry.state == found.state == DIFFERS
    assert "different contents" in found.problems[0]["what"]
    assert figures.definitions_differing == 1 and figures.definition_problems >= 1
    pull(alpha, beta)
    for each in (beta, alpha):
        each.cycle()
    with on_its_host(beta.app):
        assert [each.state for each in portfolio(beta.app, DAY_ONE, OPERATOR)] == ["in force"]


def test_no_correction_is_declared_while_contents_differ(host: Start) -> None:
    alpha, beta = two(host)
    alpha.define(goal=GOAL)
    for each in (alpha, beta):
        each.cycle()
    with pytest.raises(UserError, match="different contents"), on_its_host(alpha.app):
        corrections.correction(alpha.app, "acme-globex", DAY_ONE.date(), None, DAY_ONE)


def test_each_host_names_its_own_file(host: Start) -> None:
    alpha, beta = two(host)
    for each in (alpha, beta):
        found = page(each.app, "acme-globex", DAY_ONE, OPERATOR)
        assert Path(found.file) == each.definitions / "acme-globex.yaml"
    alpha.stops()
    again = beta.starts_again()
    again.cycle()
    assert problems(beta) == []
    with beta.app.store.read() as db:
        [row] = partnerships.listing(db)
    assert Path(row.file) == beta.definitions / "acme-globex.yaml", "it is known by where it lies now"
