"""A spreadsheet of readings: all of it is recorded or none, and what is wrong is told by its line."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from scheduler.cli.kpi_import import _completed
from scheduler.cli.spreadsheet import rows
from scheduler.domain.errors import BatchRefused, UserError
from scheduler.services.cases.kpi_import import import_all
from tests.builders import at, written
from tests.services.town import Town

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_town import KeptTown, record
from ..subject import Subject

NOW = at("2026-12-20 09:00")
KPIS = ("acme-globex/cells-delivered", "acme-globex/landed-cost")
PERIODS = ("2026-10", "2026-11", "", "2026-12", "2026-09", "2025-01", "Oct 2026", "October 2026", "2026-Q4", "10/2026")
VALUES = ("0.31", "0,31", "91.5", "1.234,5", "91 EUR", "0.3 GWh", "n/a", "-", "1e3", "=SUM(A1)", "91.000")
PEOPLE = ("tom", "uwe", "ines", "", "dev.patel@globex.example", "nobody", "Tom Reyes")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1252")
TELLS_ENCODING = b"\x00encoding "


class Spreadsheets(Subject):
    """An input is a file; its first line may be a mark and the name of the encoding that a person says it is in."""

    name = "spreadsheets"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._file = folder / "in.csv"
        self._town = KeptTown(folder, _lived)

    def make(self, rng: random.Random) -> bytes:
        text = self._sheet(rng)
        encoding = rng.choice(ENCODINGS) if rng.random() < 0.2 else "utf-8"
        content = text.encode(encoding, "replace") if encoding != "utf-8" else encoded(text)
        if rng.random() < 0.5:
            content = damaged(content, rng)
        if rng.random() < 0.1:
            name = rng.choice(
                (
                    "windows-1252",
                    "utf-16-le",
                    "cp437",
                    "rot13",
                    "idna",
                    "hex",
                    "zlib",
                    "punycode",
                    "x" * 300,
                    "\u0130",
                    "utf-7",
                    "mbcs",
                    "undefined",
                )
            )
            return TELLS_ENCODING + name.encode() + b"\n" + content
        return content

    def _sheet(self, rng: random.Random) -> str:
        columns = ["kpi", "value", *rng.sample(["period", "note", "by"], rng.randint(0, 3))]
        rng.shuffle(columns)
        if rng.random() < 0.1:
            columns.append(rng.choice((*columns, "Kpi ", "", "unit", *odd_words.ALL)))
        mark = rng.choice(",;\t") if rng.random() < 0.95 else rng.choice("|: '\"")
        count = rng.choice((0, 1, 1, 2, 3, 8)) if rng.random() < 0.99 else 10_001
        lines = [mark.join(columns)] + [
            mark.join(self._cell(column, mark, rng) for column in columns) for _ in range(count)
        ]
        if rng.random() < 0.1:
            lines.insert(0, f"sep={mark}")
        return rng.choice(("\n", "\r\n", "\r")).join(lines) + rng.choice(("", "\n", "\n,,,\n"))

    def _cell(self, column: str, mark: str, rng: random.Random) -> str:
        known: dict[str, Sequence[str]] = {"kpi": KPIS, "period": PERIODS, "value": VALUES, "by": PEOPLE}
        if rng.random() < 0.12:
            cell = odd_words.like("1" if column == "value" else "x", rng)
        else:
            cell = rng.choice(known.get(column, ("two lines", "", "=1+1", "Hälfte")))
        is_quoted = mark in cell or '"' in cell or "\n" in cell or rng.random() < 0.1
        return '"' + cell.replace('"', '""') + '"' if is_quoted and rng.random() < 0.9 else cell

    def try_one(self, content: bytes) -> str:
        encoding = None
        if content.startswith(TELLS_ENCODING):
            name, _, content = content.removeprefix(TELLS_ENCODING).partition(b"\n")
            encoding = name.decode()
        self._file.write_bytes(content)
        with self._town() as town:
            before = record(town)
            try:
                with self.timed():
                    found = rows(self._file, encoding)
                    entries = [_completed(each.entry, None, None, None) for each in found]
                    done = import_all(town.app, entries, NOW)
            except BatchRefused as refused:
                assert all(0 <= index < len(entries) and fault.what for index, fault in refused.faults)
                assert record(town) == before, "it was refused, and something is on record"
                return "refused"
            except UserError as fault:
                assert fault.what and fault.hint
                assert record(town) == before, "it was refused, and something is on record"
                return "unreadable"
            new = sum(each.is_new for each in done.done.values())
            assert len(record(town)["reading"]) - len(before["reading"]) == new, "readings are lost or doubled"
            again = import_all(town.app, entries, NOW + timedelta(minutes=1))
            assert not any(each.is_new for each in again.done.values()), "the same file once more records something"
            return "recorded" if new else "recorded before"

    def close(self) -> None:
        self._town.close()


def _lived(town: Town) -> None:
    town.define(written())
    for day in ("2026-10-01 09:00", "2026-11-20 09:00", "2026-12-19 09:00"):
        town.cycle(at(day))
