"""No verdict depends on how busy the machine is: what tests wait for is waited for until it must be a hang."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.conftest import LONGEST
from tests.daemon.polling import until

TESTS = Path(__file__).parent
LIMIT_OF_ITS_OWN = re.compile(r"\btimeout=\d|\b(?:settimeout|join|wait|communicate)\([\d.]+\)|\btime\.sleep\(")
KEPT = {
    "daemon/polling.py": "waits for everybody",
    "transports/test_webhook.py": "a server that dribbles",
    "soak/receivers.py": "servers that think for a while",
    "soak/test_broken_database.py": "a database is held for so long",
    "soak/test_kills.py": "lives end at random moments",
    "soak/test_two_daemons.py": "something breaks at random moments, and comes to rest",
    "soak/test_two_writers.py": "two write for so long",
}


def test_what_tests_wait_for_has_no_limit_but_the_one_of_a_hang() -> None:
    """Use `until` and `HANG` of tests/daemon/polling.py."""
    sources = {str(path.relative_to(TESTS)): path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts}
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, path in sources.items()
        if name not in KEPT and path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if LIMIT_OF_ITS_OWN.search(line) and "busy_timeout" not in line
    ]
    assert found == []


def test_the_files_that_are_begun_first_are_there() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


def test_no_example_of_a_property_has_a_deadline() -> None:
    assert settings().deadline is None and HealthCheck.too_slow in settings().suppress_health_check


def test_waiting_ends_at_once_where_nothing_can_come_any_more() -> None:
    with pytest.raises(AssertionError, match="for the letter"):
        until(lambda: None, "the letter", goes_on=lambda: False)


def test_what_came_with_the_last_breath_is_found() -> None:
    came: list[str] = []

    def ends() -> bool:
        came.append("READY=1")
        return False

    assert until(lambda: came, "the last word", goes_on=ends) == ["READY=1"]
