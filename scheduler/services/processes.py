"""Processes that share a database, by names of which no two are the same, and which say whose they are.

A name holds the host, the process's number, when it was started, and in which kernel and namespace the number counts:
so whoever runs on the same machine can see whether that process still lives. Of one elsewhere nothing can be seen.
"""

import hashlib
import os
import secrets
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


def new_name() -> str:
    """A name for one who works in this process: ``alpha/4711/981233-5f1c02aa-9d3e1f70``."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}-{_kernel()}-{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Whether that process is known to live no more. What runs on another machine, or bears another kind of name, is
    not known of."""
    try:
        _host, number, which = name.rsplit("/", 2)
        started, kernel, _token = which.split("-")
        pid = int(number)
    except ValueError:
        return False
    return kernel == _kernel() and _started(pid) != started


@cache
def _kernel() -> str:
    """This start of the machine, and the namespace in which numbers of processes count here (pid_namespaces(7))."""
    told = socket.gethostname()
    with suppress(OSError):
        told = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii") + str(
            (_PROC / "self/ns/pid").readlink()
        )
    return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()


def _started(pid: int) -> str:
    """When a process was started, as the system counts; empty where there is none of that number.

    A number is used again, and then was started at another time (proc_pid_stat(5), field 22).
    """
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "alive" if not _PROC.joinpath("self").exists() and _answers(pid) else ""
    return stat.rpartition(")")[2].split()[19]


def _answers(pid: int) -> bool:
    """Where the system tells nothing of its processes, a signal that does nothing says whether there is one."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True
