"""What is packed is built once for all tests of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from release import ROOT

UV = ROOT / ".tools" / "bin" / "uv"
DATED = 1_790_000_000


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("dist")
    call = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)]
    said = {**os.environ, "SOURCE_DATE_EPOCH": str(DATED)}
    subprocess.run(call, cwd=ROOT, env=said, check=True, capture_output=True)
    (made,) = into.iterdir()
    return made
