"""JSON Schema of a scenario file, for editors and other tools (draft 2020-12)."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from .quantity import META_KEYS, TABLE_KEYS, Quantity
from .schema import Scenario

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_VALUE = {"type": ["number", "string"]}
_YEARS = {
    "type": "object",
    "patternProperties": {r"^\d{4}$": _VALUE},
    "additionalProperties": False,
    "minProperties": 1,
}


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file; a file that extends another is only checked to be a mapping."""
    schema = Scenario.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = schema.pop("$defs")
    schema["properties"] |= {"variants": _VARIANTS}
    # an empty entry, as in `ruhr:`, is a region with all defaults
    regions = schema["properties"]["regions"]
    regions["additionalProperties"] = {"anyOf": [regions["additionalProperties"], {"type": "null"}]}
    definitions |= {"Quantity": _quantity(), "Table": _table(), "Scenario": schema}
    return {
        "$schema": DRAFT,
        "title": "transform-sim scenario",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"properties": {"extends": {"type": "string", "description": _EXTENDS}, "variants": _VARIANTS}},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": _referring(definitions),
    }


_EXTENDS = "File of the same study that this one changes, relative to this file."
_VARIANTS = {
    "type": "object",
    "description": "Changes by name; `load(path, variant=name)` merges them in.",
    "additionalProperties": {"type": "object"},
}


class _Generator(GenerateJsonSchema):
    """pydantic's generator, with defaults of quantities as they are written in a file."""

    def encode_default(self, dft: Any) -> Any:
        return written(dft) if isinstance(dft, Quantity) else super().encode_default(dft)


def written(quantity: Quantity) -> Any:
    """A default as a file would say it."""
    return quantity.points[None][None]


def _referring(schema: Any) -> Any:
    """The marker that a quantity leaves becomes a reference to its definition."""
    if isinstance(schema, dict):
        inner = {key: _referring(value) for key, value in schema.items() if key != "x-quantity"}
        return inner | ({"$ref": "#/$defs/Quantity"} if "x-quantity" in schema else {})
    return [_referring(item) for item in schema] if isinstance(schema, list) else schema


def _quantity() -> dict[str, Any]:
    reserved = {"propertyNames": {"not": {"enum": ["value", "table"]}}, "minProperties": 1}
    by_region = {"type": "object", "additionalProperties": {"anyOf": [_VALUE, _YEARS]}, **reserved}
    properties: dict[str, Any] = dict.fromkeys(META_KEYS, _VALUE)
    properties["value"] = {"$ref": "#/$defs/Quantity"}
    properties["quality"] = {"enum": ["opened", "computed", "recalled"]}
    properties |= {key: {"type": "string"} for key in ("source", "note")}
    sourced = {"type": "object", "properties": properties, "required": ["value"], "additionalProperties": False}
    return {
        "title": "Quantity",
        "description": "A number in the default unit, a text 'number unit', a mapping over years or regions, "
        "{table: file.csv}, or {value: …} with its source and range.",
        "anyOf": [_VALUE, _YEARS, by_region, sourced, {"$ref": "#/$defs/Table"}],
    }


def _table() -> dict[str, Any]:
    properties: dict[str, Any] = {key: {"type": "string"} for key in TABLE_KEYS}
    properties["where"] = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
    return {"type": "object", "properties": properties, "required": ["table"], "additionalProperties": False}
