"""What an export says of itself: a text to read, and a JSON Schema of each table."""

from collections.abc import Mapping
from typing import Any

from scheduler.store import plain_rows

_NULL = {"type": "null"}
_SHAPES: Mapping[str, dict[str, Any]] = {
    "moment": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "text": {"type": "string"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "yes or no": {"type": "boolean"},
    "value": {},
    "bytes": {
        "type": "object",
        "properties": {"text": {"type": "string"}, "base64": {"type": "string", "contentEncoding": "base64"}},
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    },
}


def schemas(names: list[str]) -> dict[str, Any]:
    """A JSON Schema (draft 7) of the lines of each table, with what the table is."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The lines of tables/NAME.jsonl of an export of cadence, by NAME",
        "definitions": {name: _of_table(name) for name in names},
    }


def _of_table(name: str) -> dict[str, Any]:
    kept = plain_rows.TABLES[name]
    kinds = plain_rows.columns(name)
    return {
        "description": plain_rows.described(name),
        "type": "object",
        "properties": {
            column.name: {"anyOf": [_SHAPES[kinds[column.name]], _NULL]}
            if column.nullable
            else _SHAPES[kinds[column.name]]
            for column in kept.columns
        },
        "required": [*kinds],
        "additionalProperties": False,
    }


def text(manifest: Mapping[str, Any]) -> str:
    """What stands in README.txt."""
    keys = _WITH_KEYS if manifest["with_keys"] else _WITHOUT_KEYS
    rows = "\n".join(f"  {name:<24} {each['rows']}" for name, each in manifest["tables"].items())
    reaches = manifest["reaches"] or "nothing"
    return _TEXT.format(program=manifest["program"], schema=manifest["schema"], reaches=reaches, keys=keys, rows=rows)


_TEXT = """\
All that an installation of cadence {program} knew. The newest moment in it: {reaches}.
It is one state of the record: nothing was half done when it was read.

Going on with it in another installation:   cadence import FILE.zip   (docs/export.md)
Nothing of cadence is needed to read it: it is a ZIP file of text files, JSON and tars.

manifest.json     format, program, schema of the record ({schema}), on what its plans rest, the columns of each table,
                  and each file of this ZIP with its size in bytes and its SHA-256
schema.json       a JSON Schema (draft 7) of each table, with what the table is
tables/*.jsonl    the record: a file a table, a row a line, in the order of its key
definitions/      the definition files as they lie in the folder
playbooks/        the operator's own playbooks, templates/ the operator's own templates
versions.tar      each version of a definition that was in force: PARTNERSHIP/NUMBER-DAY.yaml, the day it was taken up
minutes.tar       the minutes of each review as they stand: REVIEW.md
agendas.tar       the agendas as they lie in the folder, with what people wrote into them; what is one side's own
                  bears its name: REVIEW.SIDE.md
calendars.tar     the calendars as they lie in the folder; only where the keys came along, since links are in them
settings.yaml     the settings, without passwords, addresses that are secrets, and paths

In a row a moment is written as ISO 8601 has it, in UTC; a day as 2026-12-24; a decimal as text, so that nothing of it
is lost; bytes as {{"text": …}} where they are UTF-8, and else as {{"base64": …}}. The id of whatever belongs to a
partnership begins with the partnership's: acme-globex/pipeline/2026-W46 is a review.

{keys}

It holds what every side said, in confidence too, and personal data: keep it where only those read it who may see all.
What was erased or let go of is not in it; of letters, files and minutes that were let go of there is the SHA-256. What
was answered in health checks is here as on record: without person, moment and order.

Rows by table:
{rows}
"""
_WITH_KEYS = """\
The keys came along (--with-keys). Whoever has this file can open every form, calendar and answer of everybody: it is
as secret as the record itself. Only one installation may go on with it."""
_WITHOUT_KEYS = """\
No keys came along. Nothing in it opens anything (but invitations are answered to the same addresses as before, which
all who are invited know): the keys that sign links, the hashes of calendars' and programs'
addresses and the bytes of letters (whose links work) are left out; of each letter there is its SHA-256. An installation
that goes on with it makes keys of its own: links in letters of before open nothing there, programs get new tokens,
people new addresses for their calendars (cadence calendar rotate NUMBER)."""
