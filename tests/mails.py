"""Keeps the calendar of every mail that tests render: `pytest -p tests.mails --mails FOLDER`.

Whatever becomes an invitation by mail goes through one function. This plugin takes its place before any test, or the
rest of the program, has imported it; at the end each calendar that differs from the others lies in the folder.
"""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from scheduler.render import mime as module

_render, _kept = module.mail, set[bytes]()


def _rendered(envelope: Any, text: str, html: str, ics: bytes, *more: Any) -> bytes:
    content = _render(envelope, text, html, ics, *more)
    _kept.add(ics)
    return content


module.mail = _rendered  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mails", type=Path, required=True, help="where to lay the calendars of all mails")


def pytest_sessionfinish(session: pytest.Session) -> None:
    for ics in _kept:
        name = hashlib.sha256(ics).hexdigest()
        (session.config.getoption("mails") / f"{name}.ics").write_bytes(ics)
