"""What holds for every test: any `--now` works on the record that the test is given, in programs that it starts too
(only the tests of the scratch copy take this away again); and what is written lies in memory.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled_once import compile_once
from tests.in_memory import write_into_memory

os.environ["CADENCE_CLOCK"] = "free"
write_into_memory()
compile_once()

# A busy machine is slow, and that is no fault: no example has a deadline, and none is too slow to be drawn. The
# examples are the same each time, so that a verdict is about the change that it is given on.
settings.register_profile("cadence", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cadence")

# Others live its year too, so this cannot wait for the folder's own.
pytest.register_assert_rewrite("tests.simulation.chapters", "tests.simulation.people")
pytest_plugins = ["tests.golden", "tests.soak.reporting"]

LONGEST = (
    "soak/test_two_daemons.py",
    "soak/test_clocks.py",
    "soak/test_kills.py",
    "simulation/test_links_at_random.py",
    "simulation/test_a_year_of_a_review.py",
    "simulation/years/test_years.py",
    "fuzz/test_requests.py",
    "fuzz/test_files.py",
    "confidential/test_confidentiality.py",
    "system/test_serve.py",
    "system/test_secrets.py",
    "services/pipeline/test_digests.py",
    "system/test_outbox.py",
    "services/previews/test_simulation.py",
    "services/pipeline/test_pruning.py",
    "web/test_links.py",
    "services/pipeline/test_invitations.py",
    "services/pipeline/test_rsvp_intake.py",
    "cli/test_any_words.py",
    "cli/test_hostile_words.py",
)
"""The files that take a quarter of a minute and more: begun first, so that no core waits for the last of them."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All others stay in the order in which they were shuffled."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"The order of this run: --randomly-seed={seed}")
