"""What a request's headers ask for, word by word."""

from datetime import UTC, datetime

import pytest

from scheduler.web.conditional import is_unchanged, takes_gzip

SINCE = datetime(2026, 11, 21, 8, tzinfo=UTC)
TAG = '"958e18c841a36fe3"'


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (None, False),
        ("", False),
        ("*", False),
        ("br, gzip", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip ; q = 0.0", False),
        ("GZip", True),
        ("not-gzip", False),
        (";;,,=", False),
    ],
)
def test_gzip_is_taken_where_it_is_named_and_not_refused(header: str | None, taken: bool) -> None:
    assert takes_gzip(header) is taken


@pytest.mark.parametrize(
    ("header", "unchanged"),
    [(TAG, True), (f"W/{TAG}", True), (f'"a,b", {TAG}', True), ("*", True), (TAG.strip('"'), False), ('"a"', False)],
)
def test_tags_are_compared_weakly_one_by_one(header: str, unchanged: bool) -> None:
    assert is_unchanged(TAG, SINCE, header, None) is unchanged


@pytest.mark.parametrize(
    ("header", "unchanged"),
    [
        ("Sat, 21 Nov 2026 07:59:59 GMT", False),
        ("Sat, 21 Nov 2026 08:00:00 GMT", True),
        ("Sat, 21 Nov 2026 09:00:00 +0100", True),
        ("Saturday, 21-Nov-26 08:00:00 GMT", True),
        ("Sat Nov 21 08:00:00 2026", True),
        ("soon", False),
        (None, False),
    ],
)
def test_a_date_counts_to_the_second_in_every_form_that_http_knows(header: str | None, unchanged: bool) -> None:
    assert is_unchanged(TAG, SINCE, None, header) is unchanged
