"""Whether an installation is ready for production: each thing that `docs/ready.md` asks for, looked at on the machine.

A check looks and says; it changes nothing. Where one cannot be made, because what it needs is itself wrong, that one
says so, and the others go on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from scheduler.domain.errors import UserError
from scheduler.services.app import Silent, looking
from scheduler.services.failures import failure
from scheduler.settings import load

from . import machine, network, record, wiring
from .check import Check, Verdict, wrong

__all__ = ["Check", "Verdict", "examine"]


def examine(
    settings_file: Callable[[], Path], now: datetime, environ: Mapping[str, str], *, over_network: bool = False
) -> list[Check]:
    """Every check in the order of the page. `settings_file` finds the settings, or raises UserError; with
    `over_network` the mail server and the public address are called, too."""
    try:
        file = settings_file()
        settings = load(file)
    except UserError as fault:
        return [wrong("settings", fault.what, fault.hint)]
    looks: list[tuple[str, Callable[[], Iterable[Check]]]] = [
        ("settings", lambda: wiring.settings(file)),
        ("files", lambda: wiring.files(settings, file)),
        ("record", lambda: _of_record(file, now)),
        ("disk", lambda: record.disk(settings)),
        ("clock", machine.clock),
        ("zones", lambda: machine.zones(now)),
        ("locale", machine.locale),
        ("service", machine.service),
        ("wiring", lambda: wiring.of_settings(settings)),
    ]
    if over_network:
        looks.append(("network", lambda: network.reached(settings, environ, now)))
    return [each for name, look in looks for each in _contained(name, look)]


def _contained(name: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """What keeps a check from being made is what it finds."""
    try:
        yield from [*look()]
    except Exception as error:
        failed = failure(error, f"the check of {name}")
        yield wrong(name, failed.what, failed.hint)


def _of_record(file: Path, now: datetime) -> Iterator[Check]:
    try:
        app = looking(file, Silent())
    except UserError as fault:
        yield wrong("database", fault.what, fault.hint)
        return
    app.store.is_for_reading = True
    with app.store:
        yield from record.of_record(app, now)
