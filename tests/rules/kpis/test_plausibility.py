"""A value ten times or a tenth of everything it can be held against is more likely a slip than a fact."""

from decimal import Decimal

import pytest

from scheduler.domain.definition.target import Target
from scheduler.rules.kpis.plausibility import factor, is_far_off


def far(value: str, target: str, *others: str) -> bool:
    return is_far_off(Decimal(value), Target.read(target), map(Decimal, others))


@pytest.mark.parametrize(
    ("value", "target", "others"),
    [
        ("100.25", ">= 100000", ()),
        ("1000000", ">= 100000", ("99000",)),
        ("9900", ">= 100000", ("99000", "106000")),
        ("-2.5", "<= 92", ()),
        ("600", "3..5", ()),
    ],
)
def test_ten_times_or_a_tenth_of_target_and_history_is_far(value: str, target: str, others: tuple[str, ...]) -> None:
    assert far(value, target, *others)


@pytest.mark.parametrize(
    ("value", "target", "others"),
    [
        ("999999", ">= 100000", ()),
        ("10001", ">= 100000", ()),
        ("1000", ">= 100000", ("1200", "90000")),
        ("0", ">= 100000", ("99000",)),
        ("500", "<= 0", ("0", "0")),
        ("30", "1..1000", ()),
        ("1", "yes", ("0",)),
    ],
)
def test_one_value_of_its_size_vouches_for_it_and_nought_says_nothing(
    value: str, target: str, others: tuple[str, ...]
) -> None:
    assert not far(value, target, *others)


@pytest.mark.parametrize(
    ("value", "target", "times"),
    [
        ("42", ">= 0.3", "140.000"),
        ("0.002", "= 0.3", "0.007"),
        ("600", "3..5", "120.000"),
        ("0.03", "3..5", "0.010"),
        ("0", ">= 0.3", None),
        ("-50", "<= 4", None),
        ("1", "yes", None),
        ("500", "<= 0", None),
        ("2.9", ">= 0.3", None),
    ],
)
def test_how_many_times_the_nearest_bound_of_its_target_a_value_is(value: str, target: str, times: str | None) -> None:
    found = factor(Decimal(value), Target.read(target))
    assert (None if found is None else f"{found:.3f}") == times
