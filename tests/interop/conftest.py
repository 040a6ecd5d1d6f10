"""The tests that send mails run once more beside these, and what they send is kept for libical."""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.daemon.polling import HANG

TESTS = Path(__file__).parents[1]
SENDERS = (
    "render/invitations/test_decide_letters.py",
    "render/invitations/test_decide_series.py",
    "render/invitations/test_itip.py",
    "render/ics/test_series_rule.py",
    "services/pipeline/test_invitations.py",
    "services/pipeline/test_delivery.py",
    "services/pipeline/test_rsvp_intake.py",
    "daemon/test_delivery_worker.py",
    "cli/test_outbox.py",
    "cli/test_replies.py",
)
"""The tests in which invitations become mails; in those of the mail's own shape, a few lines stand for a calendar."""


@dataclass
class Sending:
    """A run of tests under way, and where it lays the calendars of its mails."""

    process: subprocess.Popen[str]
    folder: Path

    def mails(self) -> list[bytes]:
        """The calendars of all mails, once all are sent; each that differs once. Whether those tests pass is for
        `make test` to say."""
        told, _ = self.process.communicate(timeout=HANG)
        assert self.process.returncode in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED), told
        return [path.read_bytes() for path in sorted(self.folder.glob("*.ics"))]


SENDING = pytest.StashKey[Sending]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where a test asks for the mails, they are begun before all others: they take a minute."""
    if any("sending" in getattr(item, "fixturenames", ()) for item in session.items):
        session.config.stash[SENDING] = _begun(Path(tempfile.mkdtemp(prefix="cadence-mails-")))


def _begun(folder: Path) -> Sending:
    senders = [str(TESTS / name) for name in SENDERS]
    plugins = ["-p", "no:cacheprovider", "-p", "tests.mails", "--mails", str(folder)]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *senders]  # a file that is not there ends it with 4
    pipe, home = subprocess.PIPE, TESTS.parent
    return Sending(subprocess.Popen(command, cwd=home, text=True, stdout=pipe, stderr=subprocess.STDOUT), folder)


@pytest.fixture
def sending(request: pytest.FixtureRequest) -> Sending:
    return request.config.stash[SENDING]


def pytest_sessionfinish(session: pytest.Session) -> None:
    sending = session.config.stash.get(SENDING, None)
    if sending:
        sending.process.kill()
        sending.process.communicate()
        shutil.rmtree(sending.folder)
