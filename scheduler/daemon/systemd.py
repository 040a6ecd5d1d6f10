"""Telling systemd how the service is (sd_notify(3)): ready, alive, reloading, stopping. Outside systemd it tells
nobody."""

import contextlib
import os
import socket
from collections.abc import Mapping

ALIVE = "WATCHDOG=1"
PATIENCE = 5.0
"""Seconds to wait for a service manager that is too busy to read what it was told before."""


def notify(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send one state such as ``READY=1`` to the socket of `Type=notify`; a service manager that is gone is no error.

    A sign of life is not waited for: the next one follows soon, and the work must not stand still for it.
    """
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # A name that starts with @ is an abstract socket, whose real name starts with NUL (unix(7)).
    address = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.settimeout(0 if state == ALIVE else PATIENCE)
        channel.sendto(state.encode(), address)


def watchdog_seconds(environ: Mapping[str, str] = os.environ) -> float | None:
    """How often systemd wants to hear from this process, in seconds; None where it does not watch."""
    if environ.get("WATCHDOG_PID") not in (None, str(os.getpid())):
        return None
    usec = environ.get("WATCHDOG_USEC", "")
    return int(usec) / 1_000_000 if usec.isdigit() and int(usec) else None
