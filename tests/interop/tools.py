"""Programs that are not Python packages of ours: where they are, or a sentence on how to get them.

A program that is missing fails the test that needs it: a matrix with holes would show nothing.
"""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.polling import HANG

HERE = Path(__file__).parent
DEBIANS_PYTHON = "/usr/bin/python3"
"""The one that Debian's packages of bindings are for."""


def javascript(question: Any, engine: str) -> Any:
    """What `read.mjs` answers."""
    _needs_node()
    return _answer("node", str(HERE / "read.mjs"), engine, question=question)


def libical(question: Any) -> Any:
    """What `read_with_libical.py` answers."""
    _needs_libical()
    return _answer(DEBIANS_PYTHON, str(HERE / "read_with_libical.py"), question=question)


def evolution(question: Any) -> Any:
    """What `read_with_evolution.py` answers."""
    _needs_evolution()
    return _answer(DEBIANS_PYTHON, str(HERE / "read_with_evolution.py"), question=question)


def sabre(question: Any) -> Any:
    """What `read_with_sabre.php` answers."""
    _needs_sabre()
    return _answer("php", str(HERE / "read_with_sabre.php"), question=question)


def beside_python(name: str) -> str:
    """A program that came with a Python package, beside the interpreter that runs the tests."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.fail(f"{name} is missing: `make test` installs it with the other packages for development")
    return str(path)


def run(*command: str, **more: Any) -> str:
    """What a program says; the test fails with all that it said where the program does."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False, **more)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def _answer(*command: str, question: Any) -> Any:
    return json.loads(run(*command, input=json.dumps(question)))


@cache
def _needs_node() -> None:
    if not shutil.which("node"):
        pytest.fail("node is missing: install Node.js 18 or later with npm (`apt-get install nodejs npm`)")
    if not (HERE / "node_modules").is_dir():
        pytest.fail("the JavaScript engines are missing: `npm ci --prefix tests/interop`")


@cache
def _needs_libical() -> None:
    if not _has_bindings("ICalGLib", "3.0"):
        pytest.fail("libical is missing: `apt-get install gir1.2-ical-3.0 python3-gi`")


@cache
def _needs_evolution() -> None:
    if not _has_bindings("ECal", "2.0"):
        pytest.fail("libecal is missing: `apt-get install gir1.2-ecal-2.0 python3-gi`")


@cache
def _needs_sabre() -> None:
    if not shutil.which("php") or not Path("/usr/share/php/Sabre/VObject/autoload.php").exists():
        pytest.fail("sabre/vobject is missing: `apt-get install php-cli php-sabre-vobject`")


def _has_bindings(name: str, version: str) -> bool:
    probe = f"import gi; gi.require_version('{name}', '{version}'); from gi.repository import {name}"
    command = [DEBIANS_PYTHON, "-c", probe]
    return Path(DEBIANS_PYTHON).exists() and not subprocess.run(command, capture_output=True, check=False).returncode
