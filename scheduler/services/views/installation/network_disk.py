"""Whether a folder lies on another machine's disk. SQLite's log is shared memory, and its writers take turns by a lock:
neither reaches further than one machine."""

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
_OF_OTHERS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs", "ocfs2", "gfs2")
)
"""What Linux calls file systems that several machines can have mounted; those by way of FUSE begin with ``fuse.``."""
_BY_FUSE = ("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.mfs")


def network_warning(path: Path, mounts: Path = MOUNTS) -> str | None:
    """What to know about a database at `path`; None where it lies on a disk of this machine, or nobody can tell."""
    kind = _kind(path, mounts)
    if kind not in _OF_OTHERS and not kind.startswith(_BY_FUSE):
        return None
    return (
        f"it lies on a file system of another machine ({kind}), over which SQLite is not safe: lay it on a disk of "
        "this machine, or take PostgreSQL"
    )


def _kind(path: Path, mounts: Path) -> str:
    """The kind of the file system that was mounted last over the path; empty where it is not known."""
    try:
        lines, real = mounts.read_text(errors="replace").splitlines(), path.resolve()
    except OSError:
        return ""
    found, deepest = "", -1
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        mounted = Path(place.replace("\\040", " "))
        if real.is_relative_to(mounted) and len(mounted.parts) >= deepest:
            found, deepest = kind, len(mounted.parts)
    return found
