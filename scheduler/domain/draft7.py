"""JSON Schema, draft 7, of nouns and settings: the same classes that read a file say what may stand in it.

Draft 7 is what editors' YAML servers know best. pydantic writes a later draft: in draft 7 nothing else may stand beside
a `$ref` (its section 8.3), and definitions lie under another name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from scheduler.domain.countries import countries
from scheduler.domain.definition.people import zone_names

from .json_schema import COUNTRY, ZONE, JsonSchema

DRAFT = "http://json-schema.org/draft-07/schema#"
_YES, _NO = ("yes", "Yes", "YES", "on", "true", "y", "1"), ("no", "No", "NO", "off", "false", "n", "0")
NAME_LISTS: Mapping[str, Callable[[], list[str]]] = {
    ZONE: lambda: sorted(zone_names()),
    COUNTRY: lambda: sorted(countries()),
}
"""Long lists of names, which stand in a schema once, under the format of what they are the names of."""


def schema_of(noun: type[BaseModel], title: str) -> JsonSchema:
    """The schema of files that say such a noun."""
    found = noun.model_json_schema(by_alias=True, ref_template="#/definitions/{model}", schema_generator=_Draft7)
    definitions = found.pop("$defs", {})
    written = {"$schema": DRAFT, "title": title, **found, "definitions": definitions}
    named = set[str]()
    whole: JsonSchema = _as_draft7(written, named)
    whole["definitions"].update({name: {"type": "string", "enum": NAME_LISTS[name]()} for name in sorted(named)})
    return whole


class _Draft7(GenerateJsonSchema):
    schema_dialect = DRAFT

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchema:
        """With the first paragraph of what its class says of itself."""
        made = super().model_schema(schema)
        made.pop("title", None)
        if said := made.get("description"):
            made["description"] = " ".join(said.partition("\n\n")[0].split())
        return made

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchema:
        made = super().enum_schema(schema)
        made.pop("title", None)
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchema:
        keys = self.generate_inner(schema.get("keys_schema", core_schema.str_schema()))
        values = self.generate_inner(schema.get("values_schema", core_schema.any_schema()))
        return {"type": "object", "propertyNames": keys, "additionalProperties": values}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchema:
        """By what the tag says, so that an editor tells what is wrong with the one that is meant."""
        tag = schema["discriminator"]
        if not isinstance(tag, str):
            return super().tagged_union_schema(schema)
        choices = {str(key): self.generate_inner(choice) for key, choice in schema["choices"].items()}
        meant = [
            {"if": {"required": [tag], "properties": {tag: {"const": key}}}, "then": choice}
            for key, choice in choices.items()
        ]
        return {"type": "object", "required": [tag], "properties": {tag: {"enum": list(choices)}}, "allOf": meant}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchema:
        """Digits in quotes are a number too."""
        return {"anyOf": [super().int_schema(schema), {"type": "string", "pattern": "^[+-]?[0-9]+$"}]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchema:
        return {"enum": [True, False, *_YES, *_NO]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        made = super().default_schema(schema)
        if isinstance(made.get("default"), dict | list) or made.get("default") is None:
            made.pop("default", None)
        return made


def _as_draft7(schema: Any, named: set[str]) -> Any:
    """The schema with what stands beside a `$ref` put around it, since a reader of draft 7 would overlook it; and with
    a reference in the place of each text whose names are listed, which `named` gathers."""
    if isinstance(schema, list):
        return [_as_draft7(each, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _as_draft7(each, named) for key, each in schema.items()}
    name = inner.get("format")
    if isinstance(name, str) and name in NAME_LISTS:
        named.add(name)
        inner = {key: each for key, each in inner.items() if key not in ("type", "format")}
        inner["$ref"] = f"#/definitions/{name}"
    if isinstance(inner.get("$ref"), str) and len(inner) > 1:
        return {"allOf": [{"$ref": inner.pop("$ref")}], **inner}
    return inner
