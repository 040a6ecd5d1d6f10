"""JSON Schemas of definitions and playbooks, for editors: from the same nouns that read them, and with what the checks
say of one file's own shape.

What a schema cannot say stays with `cadence check`: names that refer to another place, sums and orders of dates, what
the planned cadence shows (`docs/editors.md`, `tests/definitions/test_json_schema.py`).
"""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from scheduler.definitions.checks.models import REQUIRED
from scheduler.definitions.key_help import help_for
from scheduler.definitions.keys import noun_at
from scheduler.domain.base import Noun
from scheduler.domain.countries import countries
from scheduler.domain.definition.partnership import RESERVED, Partnership
from scheduler.domain.definition.people import sole_zone, zones_of
from scheduler.domain.definition.playbook import Clocks, Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.draft7 import schema_of
from scheduler.domain.json_schema import JsonSchema, has, is_one_of, when


def partnership_schema() -> JsonSchema:
    """Of the definition of a partnership."""
    schema = schema_of(Partnership, "A partnership, as cadence governs it")
    definitions, properties = schema["definitions"], schema["properties"]
    properties["organisations"]["minProperties"] = 2
    properties["kpis"]["minProperties"] = properties["triggers"]["minItems"] = 1
    for reviews in (properties["reviews"], definitions["Layer"]["properties"]["reviews"]):
        reviews["propertyNames"] = {"allOf": [reviews["propertyNames"], {"not": {"enum": list(RESERVED)}}]}
    three = {"properties": {"organisations": {"minProperties": 3}}}
    schema["allOf"] = [when(is_one_of("model", Model.CONSORTIUM), three)]
    for model, (key, _, _) in REQUIRED.items():
        of_model = is_one_of("model", model)
        schema["allOf"].append(when(of_model, {"properties": {"agreement": has(key)}}))
        definitions["Layer"].setdefault("allOf", []).append(when(of_model, has(key)))
        amended = {"properties": {"amendments": {"items": when(of_model, has(key))}}}
        definitions["Agreement"].setdefault("allOf", []).append({"anyOf": [has(key), amended]})
    _add_checks(definitions)
    return _helped(schema, "Partnership")


def _add_checks(definitions: JsonSchema) -> None:
    """What the checks say of a single noun."""
    several = [country for country in sorted(countries()) if zones_of(country) and sole_zone(country) is None]
    definitions["Organisation"]["allOf"] = [when(is_one_of("country", *several), has("timezone"))]
    definitions["Rung"]["anyOf"] = [{"required": ["tell"], "properties": {"tell": {"minItems": 1}}}, has("agenda")]
    _narrow(definitions["Layer"], {"anyOf": [{"type": "null"}, {"minItems": 2}]}, "organisations")
    _narrow(definitions["Equity"], {"not": {"enum": [0, "0", "0%"]}}, "percent")
    in_days = {"anyOf": [{"type": "null"}, {"pattern": "[dD][aA][yY]"}]}
    _narrow(definitions["Clocks"], in_days, *Clocks.model_fields)
    _narrow(definitions["Kpi"], in_days, "due")
    _narrow(definitions["Kpi"], {"pattern": "[wW][oO][rR][kK][iI][nN][gG]"}, "grace")
    _narrow(definitions["Renewal"], {"not": {"pattern": "[mM][iI][nN]|[hH][oO][uU][rR]"}}, "for", "notice", "buffer")


def _narrow(noun: JsonSchema, narrower: JsonSchema, *keys: str) -> None:
    for key in keys:
        noun["properties"][key] = {"allOf": [noun["properties"][key], narrower]}


def playbook_schema() -> JsonSchema:
    """Of a structural model's playbook. What an operator's own lacks the shipped one says (`playbook_defaults`), so
    that no key but the model's has to be there, except in the entries of lists."""
    schema = schema_of(Playbook, "A governance playbook of cadence")
    schema["required"] = ["model"]
    for noun in _filled_in(Playbook):
        schema["definitions"].get(noun.__name__, {}).pop("required", None)
    schema["properties"]["series"]["minProperties"] = 1
    return _helped(schema, "Playbook")


def _filled_in(noun: type[Noun]) -> Iterator[type[Noun]]:
    """The nouns beneath one whose missing keys the shipped playbook says."""
    for field in noun.model_fields.values():
        kind: Any = field.annotation
        below = noun_at((), {}, get_args(kind)[1] if get_origin(kind) is dict else kind)
        if below is not None:
            yield below
            yield from _filled_in(below)


def _helped(schema: JsonSchema, root: str) -> JsonSchema:
    """The schema with what each key is for; where nothing more is to be said of one, with what its noun is."""
    for name, noun in {root: schema, **schema["definitions"]}.items():
        for key, each in noun.get("properties", {}).items():
            said = each.get("description") or help_for(name, key) or noun.get("description")
            if said and "$ref" in each:
                noun["properties"][key] = {"allOf": [each], "description": said}
            elif said:
                each["description"] = said
    return schema
