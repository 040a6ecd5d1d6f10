"""Each kind of trigger is a file with its rules, and what is true of a kind is said once, in its noun."""

import pytest

from scheduler.domain.definition.trigger import TRIGGERS, OfKpi, Watch
from scheduler.domain.record.trigger_event import COUNTED
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.kinds import KINDS
from tests.builders import at
from tests.rules.triggers.situated import a_situation


def test_every_kind_of_the_language_has_its_rules_and_no_other_has() -> None:
    assert KINDS.keys() == set(TRIGGERS.values())


def test_what_counts_over_periods_or_reviews_is_said_by_the_kinds() -> None:
    """These begin the keys of causes on record, so none may ever change."""
    assert COUNTED == (
        "missed/",
        "off_target/",
        "unreported/",
        "skipped/",
        "quorum_missed/",
        "not_closed/",
        "adherence/",
        "late_actions/",
        "requested/",
    )
    assert [when for when, kind in TRIGGERS.items() if issubclass(kind, OfKpi)] == [
        "missed",
        "off_target",
        "unreported",
    ]
    assert [when for when, kind in TRIGGERS.items() if kind.is_of_the_umbrella] == [
        "late_actions",
        "requested",
        "vacant",
        "health",
        "expired",
        "on",
    ]
    assert [when for when, kind in TRIGGERS.items() if not kind.is_dated] == ["vacant"]


@pytest.mark.parametrize("kind", TRIGGERS.values())
def test_every_key_that_a_kind_needs_says_what_it_is_for_and_a_line_to_paste(kind: type[Watch]) -> None:
    needed = {name: field for name, field in kind.model_fields.items() if field.is_required() and name != "when"}
    assert all(field.description and "; " in field.description for field in needed.values())


def test_the_key_of_an_occurrence_begins_with_the_word_of_its_kind() -> None:
    date = {"when": "on", "date": "2027-01-15"}
    (found,) = causes(a_situation(date, now=at("2027-01-19 09:00")))
    assert found.key == "on/2027-01-15"
