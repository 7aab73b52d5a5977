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
    # an empty entry, as in `coast:`, is a region with all defaults
    regions = schema["properties"]["regions"]
    regions["additionalProperties"] = {"anyOf": [regions["additionalProperties"], {"type": "null"}]}
    definitions |= {f"{name}Changes": _changes(name, definitions) for name in CHANGED}
    for section, name in TAKEN.items():
        schema["properties"][section]["additionalProperties"] = _or_taken(section, name)
    definitions |= {"Quantity": _quantity(), "Table": _table(), "Scenario": schema}
    return {
        "$schema": DRAFT,
        "title": "transform-sim scenario",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"properties": {"extends": _EXTENDS, "variants": _VARIANTS}},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": _referring(definitions),
    }


TAKEN = {
    "commodities": "Commodity", "processes": "Process", "storages": "Storage", "links": "Link",
    "flexible_loads": "FlexibleLoad",
}  # fmt: skip
"""Sections that take entries of the catalogue, and what one of each is."""

CHANGED = (*TAKEN.values(), "Mode", "Reinvest", "Retrofit", "Disposal", "Shed")
"""What an entry of the catalogue is made of, and can be changed in part."""

_ENTRY = {"type": "string", "description": "Name of the catalogue's entry, if it is not the plant's own."}
_FROM = {"const": "catalogue", "description": "Take an entry of the catalogue; the keys beside it change it."}


def _or_taken(section: str, name: str) -> dict[str, Any]:
    """An entry in full, or changes to one of the catalogue; links say `entry`, since their `from` is a place."""
    mark = "entry" if section == "links" else "from"
    changes, full = {"$ref": f"#/$defs/{name}Changes"}, {"$ref": f"#/$defs/{name}"}
    return {"if": {"required": [mark]}, "then": changes, "else": full}


def _changes(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """The section with no key needed, and with empty values, which take keys out."""
    definition = definitions[name]
    properties = {key: _optional(field) for key, field in definition["properties"].items()}
    if name in TAKEN.values():
        properties |= {"entry": _ENTRY} | ({} if name == "Link" else {"from": _FROM})
    return {key: value for key, value in definition.items() if key != "required"} | {"properties": properties}


def _optional(field: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in field.items() if key in ("title", "description")}
    return told | {"anyOf": [_in_part(field), {"type": "null"}]}


def _in_part(schema: Any) -> Any:
    """A part of a section that may itself be given in part; what it holds by name may be empty."""
    if not isinstance(schema, dict):
        return schema
    section = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    inner = {key: [_in_part(s) for s in value] if key == "anyOf" else value for key, value in schema.items()}
    inner |= {"$ref": f"#/$defs/{section}Changes"} if section in CHANGED else {}
    by_name = schema.get("additionalProperties")
    return inner | ({"additionalProperties": _optional(by_name)} if isinstance(by_name, dict) else {})


_EXTENDS = {
    "description": "File of the same study that this one changes, relative to this file, or several: later ones change "
    "earlier ones.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}],
}
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
    properties |= {key: {"anyOf": [_VALUE, _YEARS]} for key in ("low", "high")}
    properties["quality"] = {"enum": ["opened", "computed", "recalled"]}
    properties |= {key: {"type": "string"} for key in ("source", "licence", "note")}
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
