"""The OpenAPI document of what programs read and report, made from the values that the pages themselves show: it cannot
say otherwise than what is answered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scheduler import __version__
from scheduler.web.pages import ALWAYS
from scheduler.web.unit_of_work import UnitOfWork

from . import paths, programs
from .page import Page, Shown
from .programs import is_for_programs

PATH = "/api/openapi.json"

_FAULT = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "hint": {"type": "string"}},
}
_ON = {
    "name": "on",
    "in": "query",
    "description": "As of this past day, where the page can be shown so.",
    "schema": {"type": "string", "format": "date"},
}
_READING = {
    "type": "object",
    "required": ["kpi", "value"],
    "additionalProperties": False,
    "properties": {
        "kpi": {"type": "string"},
        "value": {"type": ["number", "string", "boolean"]},
        "period": {"type": ["string", "null"]},
        "note": {"type": ["string", "null"]},
        "by": {"type": ["string", "null"]},
        "confirm": {"type": "boolean"},
    },
}
_RECORDED = {
    "type": "object",
    "required": ["recorded"],
    "properties": {
        "recorded": {"type": "array", "items": {"type": "object"}},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "faults": {"type": "array", "items": {"type": "object"}},
    },
}


async def answer(pages: Sequence[Page], work: UnitOfWork, request: Request) -> Response:
    """The document, to whoever bears a token that reads."""
    try:
        if await programs.token(work, request) is None:
            raise programs.NoEntry(401, "no token came with it", "send Authorization: Bearer TOKEN")
    except programs.NoEntry as refused:
        return JSONResponse({"error": refused.what, "hint": refused.hint}, refused.status, ALWAYS)
    return JSONResponse(document(pages), 200, ALWAYS)


def document(pages: Iterable[Page]) -> dict[str, Any]:
    """The document, as OpenAPI 3.1 has it: a path for each page that programs may read, and the one that they report
    by."""
    schemas: dict[str, Any] = {"Fault": _FAULT, "Reading": _READING, "Recorded": _RECORDED, "Problem": _PROBLEM}
    read = {_template(page): {"get": _get(page, schemas)} for page in pages if is_for_programs(page)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cadence",
            "version": __version__,
            "description": "What pages show, as JSON, for the audience of a token; and readings from programs.",
        },
        "security": [{"token": []}],
        "paths": {"/api/readings": {"post": _REPORT}, **dict(sorted(read.items()))},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(sorted(schemas.items())),
        },
    }


def facts_of(page: Page) -> Any:
    """The type of the value that a page shows, which is its JSON twin: what its `show` says that it returns."""
    returned = get_type_hints(page.show)["return"]
    shown = [each for each in (returned, *get_args(returned)) if get_origin(each) is Shown]
    return get_args(shown[0])[0]


def _get(page: Page, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = TypeAdapter(facts_of(page)).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    name = _name(page)
    schemas[name] = schema
    of_path = [
        {"name": each, "in": "path", "required": True, "schema": {"type": "string"}}
        for each in re.findall(r"{(\w+)", page.path)
    ]
    return {
        "operationId": name,
        "summary": (page.show.__doc__ or f"What the page {page.path} shows.").strip().partition("\n")[0],
        "parameters": [*of_path, _ON],
        "responses": {
            "200": _json("What the page shows.", name),
            **{status: _json(says, "Fault") for status, says in _REFUSED.items()},
        },
    }


_REFUSED: Mapping[str, str] = {
    "401": "No good token came with it.",
    "403": "The token may not read.",
    "404": "It is not there, or not this token's to see.",
    "422": "What is asked for cannot be shown.",
}


def _json(says: str, schema: str, kind: str = "application/json") -> dict[str, Any]:
    return {"description": says, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


_REPORT = {
    "operationId": "reportReadings",
    "summary": "Report readings, all of them or none: docs/api.md.",
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/Reading"},
                        {"type": "array", "items": {"$ref": "#/components/schemas/Reading"}, "maxItems": 1000},
                    ]
                }
            }
        },
    },
    "responses": {
        "200": _json("What is on record now.", "Recorded"),
        **{
            status: _json("Nothing was recorded.", "Problem", "application/problem+json")
            for status in ("400", "401", "403", "404", "409", "413", "415", "422", "503")
        },
    },
}


def _template(page: Page) -> str:
    """The path of a page's twin, as OpenAPI writes it."""
    return re.sub(r"{(\w+):\w+}", r"{\1}", paths.twin(page.path))


def _name(page: Page) -> str:
    """``/partnerships/{id}``: ``partnership``; ``/portfolio``: ``portfolio``."""
    words = [each for each in page.path.strip("/").split("/") if not each.startswith("{")]
    return "_".join(words).rstrip("s") if "{" in page.path else "_".join(words)
