"""The JSON Schema of the settings file, for editors: from the classes that read it, and the comments of the shipped
file, which explains every setting."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.domain.draft7 import schema_of
from scheduler.domain.json_schema import JsonSchema

from .whole import Settings, shipped

_KEY = re.compile(r"(?P<indent> *)(?P<key>[a-z_]+):(?:[^#]*?)(?:# *(?P<remark>.*))?")
Path = tuple[str, ...]


def settings_schema() -> JsonSchema:
    """What may stand in cadence.yaml. Each value is read as text, whatever YAML takes it for, and a key without a value
    leaves its default in force."""
    schema: JsonSchema = _as_read(schema_of(Settings, "The settings of cadence"))
    remarks = dict(_remarks(shipped("cadence.yaml").read_text(encoding="utf-8")))
    _explain(schema, (), schema["definitions"], remarks)
    return schema


def _as_read(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_as_read(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _as_read(each) for key, each in schema.items()}
    if inner.get("type") == "string" and not {"const", "enum", "pattern"} & inner.keys():
        inner["type"] = ["string", "number", "boolean"]
    return inner


def _explain(noun: JsonSchema, path: Path, definitions: JsonSchema, remarks: Mapping[Path, str]) -> None:
    """Say of each key of a block what the shipped file says of it, else what the block is; and let it be empty."""
    for key, each in noun.get("properties", {}).items():
        for name in _nouns_in(each):
            _explain(definitions[name], (*path, key), definitions, remarks)
        if "anyOf" not in each or {"type": "null"} not in each["anyOf"]:
            each = {"anyOf": [each, {"type": "null"}]}
        noun["properties"][key] = {**each, "description": remarks.get((*path, key)) or noun["description"]}


def _nouns_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(name := schema.get("$ref"), str):
            yield name.removeprefix("#/definitions/")
        schema = [*schema.values()]
    for each in schema if isinstance(schema, list) else ():
        yield from _nouns_in(each)


def _remarks(text: str) -> Iterator[tuple[Path, str]]:
    """What the comments above and behind each key of a commented file say, by its path."""
    above: list[str] = []
    path: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            said = line.strip().removeprefix("#")
            above += [] if said.startswith("  ") else [said.strip()]  # further in stands an example
            continue
        if found := _KEY.fullmatch(line):
            path[len(found["indent"]) // 2 :] = [found["key"]]
            if said := " ".join((*above, *([found["remark"]] if found["remark"] else []))):
                yield tuple(path), said
        above = []
