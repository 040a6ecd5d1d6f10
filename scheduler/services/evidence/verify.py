#!/usr/bin/env python3
"""Verify an evidence pack: python3 verify.py [PACK.zip] [--head HEAD]

Nothing has to be installed but Python 3.8 or later, and nothing is sent anywhere. Without a file the folder of this
script is verified, where the pack was unpacked. With --head the head of a chain, as a monthly statement told it, is
looked for in the chain of this pack.

What is looked at:
1. each file of the pack against its SHA-256 in manifest.json;
2. each seal (seals.jsonl): its head is the SHA-256 of what it says, and it names the head before;
3. each part of a seal that came with the pack against its digest in the seal;
4. each row (records.jsonl) and each long text in it against the last digest that was sealed of it;
5. that every row which was sealed, and is of the days of the pack, is in it;
6. that no review was sealed again without a line of its history (revision/...), where those lines are in the pack.

A value is digested as JSON in ASCII, its keys in order, no space between.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, Iterator, Mapping, NamedTuple, Sequence  # noqa: UP035  (Python 3.8)

MOST_BYTES = 1024 * 1024 * 1024
"""A file that is larger is not unpacked: those of a pack are far smaller."""
UNREADABLE = (
    OSError, EOFError, KeyError, IndexError, TypeError, ValueError, AttributeError, RuntimeError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip


class Verified(NamedTuple):
    """What is wrong with a pack, what is to be known of it, both in words; and its manifest, where it has one."""

    faults: list[str]
    notes: list[str]
    manifest: dict[str, Any] | None


class Pack:
    """The files of a pack, by name, out of a ZIP file or a folder."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        if not path.is_dir() and not path.is_file():
            raise ValueError("it is neither a file nor a folder")  # a device may have no end
        self.archive = None if path.is_dir() else zipfile.ZipFile(path)

    def names(self) -> list[str]:
        if self.archive:
            return sorted(self.archive.namelist())
        files = (each.relative_to(self.folder) for each in self.folder.rglob("*") if each.is_file())
        return sorted(each.as_posix() for each in files if "__pycache__" not in each.parts)

    def read(self, name: str) -> bytes:
        if not self.archive:
            return (self.folder / name).read_bytes()
        size = self.archive.getinfo(name).file_size
        if size > MOST_BYTES:
            raise ValueError(f"{name} is too large")
        with self.archive.open(name) as entry:
            content = entry.read(size + 1)  # what is stated may be a lie: no more than that is unpacked
        if len(content) != size:
            raise ValueError(f"{name} is not as large as it says")
        return content

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read(name).decode("utf-8").split("\n") if line]


def digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def verify(path: Path, head: str | None = None) -> Verified:
    try:
        pack = Pack(path)
        manifest = json.loads(pack.read("manifest.json").decode("utf-8"))
        chain, rows = pack.lines("seals.jsonl"), pack.lines("records.jsonl")
        sealed = last_entries(chain)
        faults = [
            *wrong_files(pack, manifest),
            *wrong_seals(chain, manifest),
            *wrong_rows(rows, sealed),
            *missing_rows(rows, sealed, manifest),
            *unexplained_reviews(chain, rows),
            *(wrong_head(chain, head) if head else ()),
        ]
        return Verified(faults, [*notes_of(chain, rows, sealed, head)], manifest)
    except UNREADABLE as error:
        return Verified([f"this is no evidence pack, or a damaged one: {error}"], [], None)


def wrong_files(pack: Pack, manifest: Mapping[str, Any]) -> Iterator[str]:
    known, there = manifest["files"], [name for name in pack.names() if name != "manifest.json"]
    yield from (f"{name} is not in the pack" for name in sorted(set(known) - set(there)))
    yield from (f"{name} is in the pack, and not in its manifest" for name in sorted(set(there) - set(known)))
    if len(there) != len(set(there)):
        yield "a file is in the pack twice"
    for name in sorted(set(known) & set(there)):
        if hashlib.sha256(pack.read(name)).hexdigest() != known[name]:
            yield f"{name} is not as the manifest has it"


def wrong_seals(chain: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any]) -> Iterator[str]:
    previous = ""
    for number, seal in enumerate(chain, 1):
        document = seal["document"]
        if document["partnership"] != manifest["partnership"]:
            yield f"seal {number} is another partnership's"
        if document["number"] != number or document["previous"] != previous:
            yield f"seal {number} does not follow the one before"
        if digest(document) != seal["head"]:
            yield f"seal {number} is not what its head says"
        for name, part in seal["parts"].items():
            if digest(part) != document["parts"].get(name):
                yield f"the part {name!r} of seal {number} is not what was sealed"
        previous = seal["head"]
    if (manifest["chain"]["head"] or "") != previous or manifest["chain"]["seals"] != len(chain):
        yield "the manifest names another head than the chain has"


Sealed = Mapping[str, "tuple[Mapping[str, Any], Mapping[str, Any]]"]
"""The last entry of each row, with what its seal says."""


def last_entries(chain: Sequence[Mapping[str, Any]]) -> Sealed:
    parts = ((seal["document"], part) for seal in chain for part in seal["parts"].values())
    return {entry["row"]: (entry, document) for document, part in parts for entry in part["entries"]}


def wrong_rows(rows: Sequence[Mapping[str, Any]], sealed: Sealed) -> Iterator[str]:
    seen = set()
    for row in rows:
        name = row["row"]
        if name in seen:
            yield f"{name} is in the pack twice"
        seen.add(name)
        for column, text in row.get("texts", {}).items():
            if hashlib.sha256(text.encode("utf-8")).hexdigest() != text_digest(row["says"], column):
                yield f"{name}: the text of {column} is not the one whose digest the row has"
        if name in sealed:
            entry, document = sealed[name]
            if digest({"row": name, "says": row["says"]}) != entry["digest"] or row["on"] != entry["on"]:
                when = document["sealed_at"][:10]
                yield f"{name}, of {entry['on']}, does not say what was sealed on {when} (seal {document['number']})"


def text_digest(says: Any, column: str) -> Any:
    for name in column.split("."):
        says = says[name]
    return says["sha256"]


def missing_rows(rows: Sequence[Mapping[str, Any]], sealed: Sealed, manifest: Mapping[str, Any]) -> Iterator[str]:
    there = {row["row"] for row in rows}
    for name, (entry, document) in sorted(sealed.items()):
        if manifest["from"] <= entry["on"] <= manifest["until"] and name not in there:
            yield f"{name}, of {entry['on']}, was sealed on {document['sealed_at'][:10]}, and is not in the pack"


def unexplained_reviews(chain: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A review changes with a line of its history alone, which is sealed with it."""
    review_of = {row["row"]: row["says"]["review"] for row in rows if row["row"].startswith("revision/")}
    for seal in chain:
        entries = [entry for part in seal["parts"].values() for entry in part["entries"]]
        lines = [entry["row"] for entry in entries if entry["row"].startswith("revision/")]
        again = [entry["row"] for entry in entries if entry.get("because") == "restated"]
        if all(line in review_of for line in lines):  # else a line is of other days than the pack
            revised = {f"review/{review_of[line]}" for line in lines}
            for name in (each for each in again if each.startswith("review/") and each not in revised):
                yield f"{name} was sealed again by seal {seal['document']['number']}, and its history does not say why"


def wrong_head(chain: Sequence[Mapping[str, Any]], head: str) -> Iterator[str]:
    named = head.strip().lower()
    if named not in [seal["head"] for seal in chain] and named not in [each["head"] for each in lost_seals(chain)]:
        yield f"the head {head.strip()[:80]} stands nowhere in this chain"


def lost_seals(chain: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The seals that a restore took away, as the next seal names them."""
    for seal in chain:
        yield from (seal["document"].get("note") or {}).get("lost", ())


LOST_HEAD = "the head that was named is of a seal that was lost"


def notes_of(
    chain: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], sealed: Sealed, head: str | None
) -> Iterator[str]:
    if head and head.strip().lower() in [each["head"] for each in lost_seals(chain)]:
        yield f"{LOST_HEAD} when the record was restored: of what stood under it alone, nothing vouches"
    loose = [row["row"] for row in rows if row["row"] not in sealed]
    if loose:
        some = ", ".join(loose[:5])
        yield f"{len(loose)} rows bear no seal that came with this pack, so nothing vouches for them: {some}"
    for seal in chain:
        note = seal["document"].get("note")
        if note:
            yield (
                f"before seal {seal['document']['number']} the record was restored from a backup, on "
                f"{note.get('restored_at')}; it reached to {note.get('reached')}: what was sealed since is not in it"
            )
            for each in note.get("lost", ()):
                yield f"lost with it: seal {each['number']} of {each['sealed_at']}, head {each['head']}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an evidence pack.")
    parser.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--head", help="the head of a chain, as a monthly statement told it")
    given = parser.parse_args(arguments)
    if given.head is not None and not given.head.strip():
        parser.error("--head is empty: name the head that the monthly statement told")
    found = verify(given.pack, given.head)
    for line in in_words(found, given.head):
        print(line)
    return 1 if found.faults else 0


def in_words(found: Verified, head: str | None = None) -> Iterator[str]:
    """What was found, a line each, without what in somebody's words would change a terminal."""
    lines = [f"WRONG  {each}" for each in found.faults] + [f"note   {each}" for each in found.notes]
    if found.manifest and not found.faults:
        says, chain = found.manifest, found.manifest["chain"]
        lines.append(f"Whole: {says['partnership']}, {says['from']} to {says['until']}.")
        lines.append(f"The chain has {chain['seals']} seals. Its head: {chain['head']}")
        if head:
            was_lost = any(each.startswith(LOST_HEAD) for each in found.notes)
            lines.append("It is not the head that was named." if was_lost else "The head that was named stands in it.")
        else:
            lines.append("Compare with a monthly statement that the other side kept: --head HEAD looks for one.")
    for line in lines:
        yield "".join(each if each.isprintable() else "?" for each in line)


if __name__ == "__main__":
    sys.exit(main())
