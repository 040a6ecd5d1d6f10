"""What a listing off the record has no use for, it does not load: a command is as quick as what it imports."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Cadence

HEAVY = (
    "alembic", "apscheduler", "holidays", "icalendar", "jinja2", "markdown_it", "pydantic", "sqlmodel", "starlette",
    "structlog", "uvicorn", "watchfiles", "scheduler.daemon", "scheduler.web", "scheduler.services.pipeline",
    "scheduler.definitions.loading",
)  # fmt: skip
PROGRAM = f"""
import sys; sys.path.insert(0, {str(REPOSITORY)!r})
from scheduler.cli import main
try:
    main()
finally:
    print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "call", [["list"], ["reviews", "--partnership", "acme-globex"], ["reviews", "--json"]], ids=str
)
def test_a_listing_off_the_record_loads_neither_planner_nor_daemon(
    installation: Cadence, home: Path, call: list[str]
) -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *call], cwd=home, capture_output=True, text=True, check=True)
    assert "acme-globex" in ran.stdout or "no such review" in ran.stdout
    assert ran.stderr.split() == []
