"""The numbers that a study rests on, with their sources, read from the scenario text in its results.

Which keys of that text hold a number is what the schema of a scenario says: names, first years and counts are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from transform_sim.results import Results
from transform_sim.scenario.jsonschema import json_schema
from transform_sim.scenario.tree import Node

from .written import nodes, text_of

QUALITIES = ("opened", "computed", "recalled")
UNSTATED = "unstated"
COLUMNS = ("path", "value", "low", "high", "quality", "source", "licence", "note")
RECIPES = ("flows", "techniques", "activity", "capacity", "purchases", "ratio")
"""Where 1 is no assumption: what an activity makes or uses of its own unit, and ratios of one."""
ONE = re.compile(r"[+-]?1(\.0*)?(\s+\S+)?")

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Assumption:
    """One number, or path over years or places, as written in the scenario, with its origin.

    `quality` is 'unstated' where the scenario does not say how a number is known. Of a number without a source of its
    own, `source` is that of the plant or trade around it; empty if that has none either.
    """

    path: str
    value: str
    low: str = ""
    high: str = ""
    quality: str = UNSTATED
    source: str = ""
    licence: str = ""
    note: str = ""


def assumptions(results: Results) -> pd.DataFrame:
    """All numbers of a study in the order of the scenario: path, value, low, high, quality, source, licence, note."""
    return pd.DataFrame([vars(a) for a in listed(results)], columns=list(COLUMNS))


def listed(results: Results) -> list[Assumption]:
    """The numbers that the scenario gives, one `Assumption` each, whether it names a source for them or not.

    Left out are defaults, profiles, and a 1 that only says in what a recipe counts (`flows: {steel: 1}`). Empty for
    results that hold no scenario text.
    """
    node, _ = nodes(text_of(results))
    return [] if node is None else list(_numbers(node, (_schema()["else"],), ()))


def titles(results: Results) -> dict[str, str]:
    """What the scenario's text calls its things: 'processes.bf_bof' → 'Blast furnace and converter'."""
    node, _ = nodes(text_of(results))
    sections = {} if node is None else node.mapping
    return {
        f"{section}.{name}": str(entry.mapping["title"].value)
        for section, entries in sections.items()
        for name, entry in entries.mapping.items()
        if "title" in entry.mapping
    }


def followed(results: Results) -> dict[str, str]:
    """The supply whose price a sale takes, by sale; sales with prices of their own are left out."""
    node, _ = nodes(text_of(results))
    sales = node.mapping["sales"].mapping if node is not None and "sales" in node.mapping else {}
    return {str(name): shown(sale.mapping["follows"]) for name, sale in sales.items() if "follows" in sale.mapping}


def _numbers(node: Node, schemas: tuple[Schema, ...], path: tuple[str, ...], source: str = "") -> Iterator[Assumption]:
    """The numbers at or below a node; `schemas` say what may stand there, `source` is that of what is around it."""
    known = [part for schema in schemas for part in _choices(schema)]
    if QUANTITY in known:
        yield from _number(node, path, source)
        return
    entries = node.mapping
    if "source" in entries:
        source = shown(entries["source"])
    children = entries.items() if entries else enumerate(node.value) if isinstance(node.value, tuple) else ()
    for key, child in children:
        below = tuple(schema for part in known for schema in _below(part, key))
        if below:
            yield from _numbers(child, below, (*path, str(key)), source)


def _number(node: Node, path: tuple[str, ...], source: str) -> Iterator[Assumption]:
    if "value" in node.mapping:
        texts = {key: shown(child) for key, child in node.mapping.items()}
        texts["quality"], texts["source"] = texts.get("quality") or UNSTATED, texts.get("source") or source
        yield Assumption(".".join(path), **{c: texts.get(c, "") for c in COLUMNS[1:]})
    elif not (ONE.fullmatch(shown(node)) and set(RECIPES) & set(path[2:])):
        yield Assumption(".".join(path), shown(node), source=source)


QUANTITY: Schema = {"$ref": "#/$defs/Quantity"}


@cache
def _schema() -> Schema:
    return json_schema()


def _choices(schema: Schema) -> Iterator[Schema]:
    """What a schema allows, one by one; a number as `QUANTITY`."""
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    if name == "Quantity":
        yield QUANTITY
        return
    inner = (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *([schema["else"]] if "else" in schema else ()))
    for part in (*inner, *([_schema()["$defs"][name]] if name else ())):
        yield from _choices(part)
    yield schema


def _below(schema: Schema, key: str | int) -> Iterator[Schema]:
    """What may stand under a key of a mapping, or at a place of a list."""
    if key in schema.get("properties", {}):
        yield schema["properties"][key]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]
    if isinstance(schema.get("items"), dict) and isinstance(key, int):
        yield schema["items"]


def shown(node: Node) -> str:
    """A value as a reader wants it: '700 EUR2020/(t/a)', '2030: 70, 2045: 50', 'table data/prices.csv'."""
    entries = node.mapping
    if "table" in entries:
        column = f", column {shown(entries['column'])}" if "column" in entries else ""
        return f"table {shown(entries['table'])}{column}"
    if entries:
        return ", ".join(f"{key}: {_nested(child)}" for key, child in entries.items())
    return _plain(node.value)


def _nested(node: Node) -> str:
    return f"({shown(node)})" if node.mapping else shown(node)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else str(value)
