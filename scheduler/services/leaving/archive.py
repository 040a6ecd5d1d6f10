"""The file of an export: a ZIP whose manifest names each file in it, with its size and SHA-256. What is many files is a
tar within it, so that the memory it takes does not grow with their number.

The same content makes the same bytes.
"""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from scheduler.domain.errors import UserError

MANIFEST = "manifest.json"
_DATE = (2000, 1, 1, 0, 0, 0)
_PIECE = 1024 * 1024
_MOST_OF_A_MANIFEST = 64 * 1024 * 1024
_MOST_OF_A_LINE = 256 * 1024 * 1024
_TIGHTEST = 500
"""No export unpacks to so many times its size; a file that does is made to fill the disk."""
TAKE_ANOTHER = "take a file that cadence export --all made, and copy it anew where it was cut off on its way"
_UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass
class ExportWriter:
    """A ZIP that is being written; `files` are those in it so far, as the manifest names them."""

    zip: ZipFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file of pieces, one after the other."""

        def write(into: IO[bytes]) -> None:
            for piece in pieces:
                into.write(piece)

        self._write(name, write)

    def add_tar(self, name: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Write a tar of these files, by path and content."""

        def write(into: IO[bytes]) -> None:
            with tarfile.open(fileobj=into, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                for path, content in files:
                    entry = tarfile.TarInfo(path)
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
                    _forget_members(tar)

        self._write(name, write)

    def close_with(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, to which the names and digests of all files are added."""
        said = json.dumps({**manifest, "files": dict(sorted(self.files.items()))}, indent=2, ensure_ascii=False) + "\n"
        self.add(MANIFEST, [said.encode()])

    def _write(self, name: str, write: Callable[[IO[bytes]], None]) -> None:
        entry = ZipInfo(name, _DATE)
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        with self.zip.open(entry, "w", force_zip64=True) as into:
            counted = _Counted(into)
            write(counted)  # type: ignore[arg-type]  # a tar and a line ask for `write` alone
        self.files[name] = {"bytes": counted.size, "sha256": counted.digest.hexdigest()}


def _forget_members(tar: tarfile.TarFile) -> None:
    """A tar keeps in memory whatever has gone through it."""
    vars(tar)["members"] = []


class _Counted:
    """What is written, counted and digested on its way."""

    def __init__(self, into: IO[bytes]) -> None:
        self.size, self.digest, self._into = 0, hashlib.sha256(), into

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        self.digest.update(piece)
        return self._into.write(piece)


@dataclass(frozen=True)
class ExportReader:
    """An export whose files are all as its manifest says; `digest` is the manifest's SHA-256."""

    path: Path
    zip: ZipFile
    manifest: Mapping[str, Any]
    digest: str

    def names(self, folder: str) -> list[str]:
        """The files below a folder, by their paths in it."""
        beginning = f"{folder}/"
        return sorted(name.removeprefix(beginning) for name in self.manifest["files"] if name.startswith(beginning))

    def read(self, name: str, most: int) -> bytes:
        """A whole file. Raises UserError, before it is unpacked, for one of more than `most` bytes."""
        self._hold(name, self.zip.getinfo(name).file_size, most)
        return _read(self.zip, name)

    def lines(self, name: str) -> Iterator[Any]:
        """The values of a file of JSON, a line each. Raises UserError for what is none."""
        with self.zip.open(name) as stream:
            number = 0
            while line := stream.readline(_MOST_OF_A_LINE):
                number += 1
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    raise UserError(f"{self.path}: line {number} of {name} is no JSON", TAKE_ANOTHER) from None

    def in_tar(self, name: str, most: int) -> Iterator[tuple[str, bytes]]:
        """The files of a tar, by path and content. Raises UserError for one that holds anything else, or a file of more
        than `most` bytes."""
        if name not in self.manifest["files"]:
            return
        try:
            with self.zip.open(name) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
                while entry := tar.next():
                    self._hold(entry.name, entry.size, most)
                    content = tar.extractfile(entry) if entry.isreg() else None
                    if content is None:
                        raise UserError(f"{self.path}: {name} holds more than plain files", TAKE_ANOTHER)
                    yield entry.name, content.read()
                    _forget_members(tar)
        except tarfile.TarError as error:
            raise UserError(f"{self.path}: {name} cannot be read ({error})", TAKE_ANOTHER) from None

    def _hold(self, name: str, size: int, most: int) -> None:
        if size > most:
            what = (
                f"{self.path}: {name[:100]!a} is of {size:,} bytes, and no file of an export is of more than {most:,}"
            )
            raise UserError(what, TAKE_ANOTHER)


def read(path: Path, zip: ZipFile) -> ExportReader:
    """Hold an export against its manifest: every file is there, none besides, and each is as it was written. Raises
    UserError."""
    try:
        said = _manifest(zip)
        manifest = json.loads(said)
        files = _files(manifest)
        _hold_sizes(path, zip, files)
        for name, known in sorted(files.items()):
            if _digest(zip, name) != known["sha256"]:
                raise UserError(f"{path} is damaged or was altered: {name} is not as it was written", TAKE_ANOTHER)
    except KeyError:
        raise UserError(f"{path} is no export of cadence: it has no {MANIFEST}", TAKE_ANOTHER) from None
    except (*_UNREADABLE, RecursionError, OSError) as error:
        raise UserError(f"{path} cannot be read as an export: {str(error)[:200]}", TAKE_ANOTHER) from None
    return ExportReader(path, zip, manifest, hashlib.sha256(said).hexdigest())


def _manifest(zip: ZipFile) -> bytes:
    if zip.getinfo(MANIFEST).file_size > _MOST_OF_A_MANIFEST:
        raise ValueError(f"{MANIFEST} is too large")
    return _read(zip, MANIFEST)


def _read(zip: ZipFile, name: str) -> bytes:
    """A file as far as it says that it goes: `ZipFile.read` would unpack all there is, and cut it off only then."""
    with zip.open(name) as stream:
        return stream.read(zip.getinfo(name).file_size)


def _files(manifest: Any) -> Mapping[str, Mapping[str, Any]]:
    """The files that a manifest names. Raises ValueError where it is none of ours."""
    if not isinstance(manifest, dict) or manifest.get("export") != "cadence instance":
        raise ValueError(f"its {MANIFEST} is another program's")
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(
        isinstance(each, dict) and isinstance(each.get("bytes"), int) and isinstance(each.get("sha256"), str)
        for each in files.values()
    ):
        raise ValueError(f"its {MANIFEST} names no files")
    return files


def _hold_sizes(path: Path, zip: ZipFile, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Before anything is unpacked."""
    there = [each.filename for each in zip.infolist()]
    if len(set(there)) < len(there):
        raise ValueError("it has two files of one name")
    if strange := sorted({*there} ^ {*files, MANIFEST}):
        raise ValueError(f"{strange[0]!a} is in it or in its {MANIFEST}, and not in both")
    if wrong := [each.filename for each in zip.infolist() if _size(files, each) != each.file_size]:
        raise ValueError(f"{wrong[0]} is not as long as it was written")
    if packed := [each.filename for each in zip.infolist() if each.compress_type not in (ZIP_DEFLATED, ZIP_STORED)]:
        raise ValueError(f"{packed[0]} is packed by a way that no export is")
    if sum(each.file_size for each in zip.infolist()) > _TIGHTEST * max(path.stat().st_size, 1):
        raise ValueError(f"it would unpack to more than {_TIGHTEST} times its size")


def _size(files: Mapping[str, Mapping[str, Any]], entry: ZipInfo) -> int:
    return entry.file_size if entry.filename == MANIFEST else int(files[entry.filename]["bytes"])


def _digest(zip: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with zip.open(name) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
