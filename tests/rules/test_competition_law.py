"""Where competitors meet: which topics are permitted, and what goes to counsel first."""

from typing import Any

import pytest

from scheduler.domain.definition.competition_law import CompetitionTerms
from scheduler.domain.definition.vocabulary import Kind, Model, Role
from scheduler.rules.competition_law import Guard, guard_of, with_counsel
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, playbooks

GUARD = Guard("Beware.", ("Milestones", "Open KPIs"), ("price", "unit cost", "Löhne"), ("lea",))
LEA = {"name": "Léa Roux", "email": "lea.roux@chambers.example", "role": "counsel"}


@pytest.mark.parametrize(
    ("item", "topic"),
    [
        ("Milestones: the second press", "Milestones"),
        ("milestones : the second press", "Milestones"),
        ("Open KPIs", "Open KPIs"),
        ("The second press", None),
        ("Our milestones: x", None),
        ("Lunch: Milestones: x", None),
        (": x", None),
    ],
)
def test_an_item_names_its_topic_before_the_colon(item: str, topic: str | None) -> None:
    assert GUARD.topic_of(item) == topic


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("What is your PRICE?", "PRICE"),
        ("Unit cost of cells", "Unit cost"),
        ("die Löhne in Halden", "Löhne"),
        ("priceless", None),
        ("Milestones: the line runs", None),
    ],
)
def test_a_word_for_counsel_is_found_as_a_whole_word_in_any_case(text: str, word: str | None) -> None:
    assert GUARD.word_in(text) == word


def test_only_lines_that_are_new_are_for_counsel() -> None:
    before = "# Agenda\n- the price of tea\n"
    after = "# Agenda\n  - the price of tea\n- our price\n- KPIs\n"
    assert [*GUARD.lines_for_counsel(after, before)] == [("- our price", "price")]


def guarded(model: str, **more: Any) -> Guard | None:
    return guard_of(a_partnership(model=model, **more), playbooks(), Model(model))


def test_a_consortium_is_guarded_always_and_others_where_they_are_rivals() -> None:
    assert guarded("consortium") is not None
    assert guarded("contractual_alliance") is None
    rivals = guarded("contractual_alliance", competition_law={"rivals": True, "permitted": ["Test line"]})
    assert rivals is not None and rivals.topic_of("Test line: shifts") == "Test line"


def test_a_definition_that_says_nothing_of_it_means_what_it_meant() -> None:
    assert a_partnership().competition_law == CompetitionTerms()


@pytest.mark.parametrize("model", Model)
def test_counsel_is_invited_to_the_kinds_that_the_playbook_says_and_to_no_other(model: Model) -> None:
    partnership = a_partnership(model=model.value, layers={}, competition_law={"rivals": True})
    with_lea = a_partnership(
        model=model.value, layers={}, competition_law={"rivals": True}, people={**people(), "lea": LEA}
    )
    kinds = playbooks()[model].competition_law.counsel_at
    [scope] = scopes(with_lea, playbooks())
    for series in scope.series:
        named_by_the_file = series.key in with_lea.reviews and with_lea.reviews[series.key].attendees
        assert named_by_the_file or ("lea" in series.attendees) == (series.kind in kinds), series.key
    assert (Role.COUNSEL in scope.playbook.formal_review.attendees) == (Kind.FORMAL_REVIEW in kinds)
    [without] = scopes(partnership, playbooks())
    assert [each.attendees for each in without.series] == [
        tuple(key for key in each.attendees if key != "lea") for each in scope.series
    ]


def people() -> dict[str, Any]:
    found = a_partnership().people
    return {key: each.model_dump(mode="json", by_alias=True, exclude_unset=True) for key, each in found.items()}


def test_where_nobody_competes_a_counsel_is_invited_to_nothing() -> None:
    partnership = a_partnership(layers={}, people={**people(), "lea": LEA})
    book = playbooks()[partnership.model]
    assert with_counsel(book, partnership) is book
