"""A machine to install packages on: this one, with whatever is written put aside (overlayfs); nothing of it stays."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ENTERED = """
set -e
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/overlay" "$1/machine"
mount -t proc proc "$1/machine/proc"
mount --bind /dev "$1/machine/dev"
mount -t tmpfs tmpfs "$1/machine/tmp"
mount -t tmpfs tmpfs "$1/machine/run"
[ -z "$2" ] || cp "$2" "$1/machine/tmp/"
root=$1/machine
shift 2
exec chroot "$root" "$@"
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Machine:
    """Each command sees what the ones before it have written, in a namespace that ends with it."""

    folder: Path

    def __post_init__(self) -> None:
        assert os.geteuid() == 0, "installing a package needs root: .ci/run has it"
        for each in ("written", "overlay", "machine"):
            (self.folder / each).mkdir()

    def tries(self, *words: str, bring: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as root; `bring` is a file of the real machine, which lies in /tmp for that command."""
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        call = [*enter, "sh", "-c", _ENTERED, "sh", str(self.folder), str(bring or ""), *words]
        said = {"PATH": PATH, "LC_ALL": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
        return subprocess.run(call, capture_output=True, text=True, env=said, stdin=subprocess.DEVNULL, check=False)

    def does(self, *words: str, bring: Path | None = None) -> str:
        """The same, where it has to succeed; what was said on both streams."""
        done = self.tries(*words, bring=bring)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def as_cadence(self, *words: str) -> str:
        return self.does("runuser", "-u", "cadence", "--", *words)
