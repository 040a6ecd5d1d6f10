"""What nouns say of themselves to editors, in the words of JSON Schema (draft 7): patterns, and rules across keys.

Each rule stands beside the validator that says the same, and `tests/definitions/test_json_schema.py` compares them.
"""

import re
from typing import Any

JsonSchema = dict[str, Any]
ZONE, COUNTRY = "iana-time-zone", "iso-3166-country"
"""Formats of texts whose names the schema lists."""

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\(\?P<\w+>|.")


def for_editors(pattern: str) -> str:
    """A pattern of Python's that is held against a whole text in small letters, whatever the text's own letters, blanks
    around it and between its words: the same for ECMA 262, which knows no flag within a pattern."""
    return rf"^\s*(?:{''.join(map(_as_ecma, _TOKEN.findall(pattern)))})\s*$"


def _as_ecma(part: str) -> str:
    if part.startswith("(?P<"):
        return "(?:"
    if part.isalpha():
        return f"[{part.lower()}{part.upper()}]"
    return {" ": r"\s+", r"\d": "[0-9]"}.get(part, part)


def has(*keys: str) -> JsonSchema:
    """That each of these keys says something: a key without a value says nothing."""
    return {"required": list(keys), "properties": {key: {"not": {"type": "null"}} for key in keys}}


def is_one_of(key: str, *values: str) -> JsonSchema:
    """That a key has one of these values."""
    return {"required": [key], "properties": {key: {"enum": list(values)}}}


def when(this: JsonSchema, then: JsonSchema, otherwise: JsonSchema | None = None) -> JsonSchema:
    """That where `this` holds, `then` does, and elsewhere `otherwise`."""
    return {"if": this, "then": then, **({"else": otherwise} if otherwise is not None else {})}


def lacks(*keys: str) -> JsonSchema:
    """That none of these keys says anything."""
    return {"not": {"anyOf": [has(key) for key in keys]}}
