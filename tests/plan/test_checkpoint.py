"""The 90-day checkpoint: when it is held, who is there, and the launch track that leads up to it."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.review import Review
from scheduler.domain.terms import Kind, Model
from scheduler.plan.cadence import scopes
from scheduler.plan.checkpoint import checkpoint
from tests.builders import ACME, GLOBEX, a_partnership, playbooks


def held(effective: str = "2026-10-01", scope: int = 0, **written: Any) -> Review:
    review = checkpoint(scopes(a_partnership(effective, **written), playbooks())[scope])
    assert review is not None
    return review


@pytest.mark.parametrize(
    ("effective", "start", "because"),
    [
        ("2026-09-10", "2026-12-09T14:00:00+01:00", None),
        ("2026-09-13", "2026-12-11T14:00:00+01:00", "moved from Sat 12 Dec 2026: weekend (DE, US)"),
        ("2026-09-14", "2026-12-11T14:00:00+01:00", "moved from Sun 13 Dec 2026: weekend (DE, US)"),
        ("2026-10-08", "2027-01-05T14:00:00+01:00", "moved from Wed 6 Jan 2027: Epiphany (DE)"),
        ("2027-01-15", "2027-04-15T14:00:00+02:00", None),
    ],
)
def test_it_is_90_days_after_the_effective_date_or_on_the_working_day_before(
    effective: str, start: str, because: str | None
) -> None:
    review = held(effective)
    assert (review.start.isoformat(), review.moved_because) == (start, because)
    assert (review.nominal_date - date.fromisoformat(effective)).days == 90


def test_a_run_of_days_off_is_crossed_and_the_nominal_dates_reason_given() -> None:
    """30 December 2026 lies in Acme's closure, which the holidays before it prolong back to the 24th."""
    closed = {**ACME, "closed": ["2026-12-28/2026-12-31"]}
    review = held(organisations={"acme": closed, "globex": GLOBEX})
    assert review.start.date() == date(2026, 12, 23)
    assert review.moved_because == "moved from Wed 30 Dec 2026: closed (Acme Motors SE)"


def test_it_has_an_id_of_its_own_and_the_people_of_the_steering() -> None:
    review = held()
    assert (review.id, review.series, review.period) == ("acme-globex/checkpoint", "checkpoint", "90-days")
    assert (review.kind, review.model) == (Kind.CHECKPOINT, Model.CONTRACTUAL_ALLIANCE)
    assert (review.agenda_owner, review.chair) == ("ines", "marta")
    assert review.attendees == ("ines", "marta", "dev", "june")


def test_a_definition_may_say_its_time_where_the_playbooks_is_night_on_the_other_side() -> None:
    criteria = [{"id": "cells", "says": "Cells arrive", "owner": "tom"}]
    evening = held(success_at_90_days={"at": "17:30", "criteria": criteria})
    assert (evening.start.isoformat(), evening.title) == ("2026-12-30T17:30:00+01:00", held().title)


def test_the_launch_track_stands_among_its_clocks() -> None:
    """Milestones count calendar days from the effective date, the other clocks from the day on which it is held."""
    clocks = {name: str(day) for name, day in held("2026-09-13").clocks}
    assert clocks == {
        "kick-off": "2026-09-13",
        "owners-confirmed": "2026-09-27",
        "first-steering": "2026-10-13",
        "midpoint": "2026-10-28",
        "evidence-call": "2026-11-28",
        "pre-read": "2026-12-05",
        "notice_by": "2026-11-27",
        "agenda_by": "2026-12-04",
        "items_until": "2026-12-08",
        "minutes_by": "2026-12-18",
    }


def test_a_layer_has_one_only_where_it_wrote_a_success_of_its_own() -> None:
    licence = {"name": "Licence", "model": "contractual_alliance", "effective": "2027-01-15"}
    success = {"agenda_owner": "tom", "criteria": [{"id": "first", "says": "First royalties", "owner": "tom"}]}
    layers = {"without": licence, "with": {**licence, "success_at_90_days": success}}
    assert checkpoint(scopes(a_partnership(layers=layers), playbooks())[1]) is None
    own = held(scope=2, layers=layers)
    assert (own.id, own.agenda_owner) == ("acme-globex/with/checkpoint", "tom")
    assert "tom" in own.attendees


def test_an_agreement_of_less_than_90_days_has_none() -> None:
    """From 1 October 2026, day 90 is 30 December."""
    ends_on_it = a_partnership(agreement={"ends": "2026-12-30"})
    ends_before = a_partnership(agreement={"ends": "2026-12-29"})
    assert checkpoint(scopes(ends_on_it, playbooks())[0]) is not None
    assert checkpoint(scopes(ends_before, playbooks())[0]) is None


def test_the_model_that_governs_on_the_day_is_the_one_it_bears() -> None:
    amendments = [{"effective": "2026-12-01", "model": "joint_venture", "entity": "Halden Cells GmbH"}]
    assert held(agreement={"amendments": amendments}).model is Model.JOINT_VENTURE
