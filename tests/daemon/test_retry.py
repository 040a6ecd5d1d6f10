"""What failed is tried again after a second, then less and less often, and never later than the interval."""

from scheduler.daemon.retry import Retry


def test_each_failure_in_a_row_doubles_the_wait_up_to_the_longest() -> None:
    retry = Retry(longest=10)
    assert [retry.failed(100.0) for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_it_is_due_from_its_moment_on_and_not_before() -> None:
    retry = Retry(longest=900)
    assert not retry.is_due(100.0)
    retry.failed(100.0)
    assert [retry.is_due(at) for at in (100.9, 101.0, 101.1)] == [False, True, True]
    assert [retry.seconds_left(at) for at in (100.5, 102.0)] == [0.5, 0.0]


def test_after_what_went_well_it_begins_with_a_second_again() -> None:
    retry = Retry(longest=900)
    retry.failed(100.0)
    retry.failed(101.0)
    retry.went_well()
    assert retry.seconds_left(101.0) is None
    assert retry.failed(200.0) == 1


def test_after_a_long_failure_the_wait_is_the_longest_and_no_overflow() -> None:
    retry = Retry(longest=900)
    assert [retry.failed(0.0) for _ in range(5000)][-1] == 900
