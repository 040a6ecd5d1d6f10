"""A relaunch through cycles: recorded in one transaction, planned by every later one, told to those who are invited.

Acme × Globex takes effect on 1 October 2026; Inès of Acme records the decision on the day of the checkpoint.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.verdict import Judgement
from scheduler.rules.reviews.checkpoint import decides_from
from scheduler.rules.reviews.transitions import held
from scheduler.services.cases import checkpoint
from scheduler.services.cases import course as cases
from scheduler.store import partnerships, reviews, verdicts
from tests.builders import at, written
from tests.services.cases.conftest import BreaksOff
from tests.services.town import DAY_ONE, Town

ID = "acme-globex/checkpoint"
SECOND = f"{ID}-2"
AUDIT = "acme-globex/health-audit/2026-Q4"
CALL = at("2026-12-16 09:00")
DAY = at("2026-12-30 16:00")


@pytest.fixture
def town(town: Town) -> Town:
    """The town after its first cycle."""
    town.define()
    town.cycle(DAY_ONE)
    return town


def decide(
    town: Town,
    course: str = "relaunch",
    because: str = "the line started late",
    by: str = "ines",
    *,
    id: str = ID,
    now: datetime = DAY,
    replace: bool = False,
) -> None:
    cases.decide(town.app, id, cases.CourseWord(course, because, by), now, replace=replace)


def judge(town: Town, **changes: object) -> Judgement:
    said = {"criterion": "dashboards", "verdict": "met", "evidence": "one board", "by": "dev", "now": CALL, **changes}
    return checkpoint.judge(town.app, ID, **said).judgement  # type: ignore[arg-type]


def test_the_second_checkpoint_is_scheduled_in_the_transaction_of_the_decision(
    town: Town, breaks_off: BreaksOff
) -> None:
    with breaks_off(town):
        cases.decide(town.app, ID, cases.CourseWord("relaunch", "the line started late", "ines"), DAY)
    assert SECOND not in town.reviews()
    decide(town)
    second = town.reviews()[SECOND]
    assert (second.status, second.sequence, str(second.review.start.date())) == (Status.PLANNED, 0, "2027-03-30")


def test_later_cycles_leave_it_as_it_is(town: Town) -> None:
    decide(town)
    before = town.reviews()[SECOND]
    for days in (0, 1, 30, 89, 90, 200):
        town.cycle(DAY + timedelta(days=days))
        assert town.reviews()[SECOND] == before


def test_it_survives_edits_of_the_definition_and_a_new_start_of_the_program(town: Town) -> None:
    decide(town)
    town.define(reviews={"operating": {"at": "10:00"}})
    town.cycle(DAY + timedelta(days=1))
    again = town.reopened()
    again.cycle(DAY + timedelta(days=2))
    assert again.reviews()[SECOND].status is Status.PLANNED


def test_the_first_checkpoint_is_not_touched(town: Town) -> None:
    before = town.reviews()[ID]
    decide(town)
    town.cycle(DAY + timedelta(days=1))
    assert town.reviews()[ID] == before


def test_where_a_layers_success_goes_from_the_definition_its_second_checkpoint_is_called_off(town: Town) -> None:
    layer = {"name": "Licence", "model": "contractual_alliance", "form": "licensing", "effective": "2026-10-01"}
    own = {"success_at_90_days": {"criteria": [{"id": "first", "says": "First royalties", "owner": "tom"}]}}
    kpi = {**written()["kpis"]["cells-delivered"], "name": "Royalties"}
    series = ("pipeline", "operating", "health-audit", "sponsors", "strategy")
    silent = {"reviews": {key: {"off": True} for key in series}}
    town.define(layers={"apac": {**layer, **own, **silent, "kpis": {"royalties": kpi}}})
    town.cycle(CALL)
    decide(town, id="acme-globex/apac/checkpoint")
    second = "acme-globex/apac/checkpoint-2"
    assert town.reviews()[second].status is Status.PLANNED
    town.define(layers={"apac": {**layer, **silent, "kpis": {"royalties": kpi}}})
    town.cycle(DAY + timedelta(days=1))
    assert town.reviews()[second].status is Status.CANCELLED


def test_a_judgement_and_a_decision_wake_publishing(town: Town) -> None:
    judge(town)
    with town.database() as db:
        assert partnerships.unpublished(db) == ["acme-globex"]
    town.cycle(CALL + timedelta(minutes=1))
    agenda = next(path for path in town.files() if path.endswith("checkpoint.md"))
    assert "judged by Dev Patel, Wed 16 Dec 2026" in town.read(agenda)


# What is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"verdict": "splendid"}, '"splendid" is no verdict'),
        ({"verdict": "to be judged"}, '"to be judged" is no verdict'),
        ({"by": "olga"}, 'there is no person "olga" in acme-globex'),
        ({"criterion": "dashbord"}, 'acme-globex/checkpoint has no criterion "dashbord"'),
        ({"evidence": "x" * 2001}, "that is 2,001 characters, and 2,000 are the most"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_way_out(town: Town, changes: dict[str, object], what: str) -> None:
    with pytest.raises(UserError) as refused:
        judge(town, **changes)
    assert refused.value.what == what
    assert refused.value.hint
    with town.database() as db:
        assert verdicts.judgements(db, "acme-globex") == {}


def test_blank_evidence_is_none_and_as_much_as_fits_is_kept(town: Town) -> None:
    assert judge(town, evidence="  \n").evidence is None
    assert judge(town, evidence="x" * 2000).evidence == "x" * 2000


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"course": "celebrate"}, '"celebrate" is no decision of a checkpoint'),
        ({"because": "  "}, "the decision has no reason"),
        ({"by": "olga"}, 'there is no person "olga" in acme-globex'),
        ({"id": AUDIT}, f'there is no checkpoint "{AUDIT}"'),
        ({"id": "nobody/checkpoint"}, 'there is no partnership "nobody"'),
    ],
)
def test_what_cannot_be_decided_is_refused(town: Town, changes: dict[str, object], what: str) -> None:
    with pytest.raises(UserError) as refused:
        decide(town, **{"course": "continue", **changes})  # type: ignore[arg-type]
    assert refused.value.what == what


def test_a_checkpoint_that_was_called_off_is_neither_judged_nor_decided(town: Town) -> None:
    decide(town)
    decide(town, "continue", replace=True)
    with pytest.raises(UserError, match="was cancelled"):
        decide(town, "exit", id=SECOND, now=at("2027-03-30 16:00"))


def test_a_decision_stands_once_the_checkpoint_it_led_to_was_held(town: Town) -> None:
    decide(town)
    evening = at("2027-03-30 16:00")
    with town.app.store.write() as db:
        reviews.save_many(db, [held(town.reviews()[SECOND], None, evening)])
    with pytest.raises(UserError, match="led to acme-globex/checkpoint-2, which is held"):
        decide(town, "continue", now=evening, replace=True)


def test_the_first_day_for_a_decision_is_the_evidence_calls_else_the_notices(town: Town) -> None:
    review = town.reviews()[ID].review
    assert str(decides_from(review)) == "2026-12-16"
    clocks = tuple((name, day) for name, day in review.clocks if name != "evidence-call")
    assert decides_from(replace(review, clocks=clocks)) == dict(clocks)["notice_by"]
    assert decides_from(replace(review, clocks=())) == review.start.date()
