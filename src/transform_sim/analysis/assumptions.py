"""The numbers that a study rests on, with their sources, read from the scenario text in its results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from transform_sim.results import Results
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Node

QUALITIES = ("opened", "computed", "recalled")
UNSTATED = "unstated"
COLUMNS = ("path", "value", "low", "high", "quality", "source", "licence", "note")


@dataclass(frozen=True)
class Assumption:
    """One number, or path over years or places, with its origin; `quality` is 'unstated' where none is given."""

    path: str
    value: str
    low: str = ""
    high: str = ""
    quality: str = UNSTATED
    source: str = ""
    licence: str = ""
    note: str = ""


def assumptions(results: Results) -> pd.DataFrame:
    """All sourced numbers of a study in the order of the scenario: path, value, low, high, quality, source, …"""
    return pd.DataFrame([vars(a) for a in listed(results)], columns=list(COLUMNS))


def listed(results: Results) -> list[Assumption]:
    """The same as a list; numbers without a source are left out, `quality` is then the text's own."""
    node = _text(str(results.data.attrs.get("scenario_text", "")))
    return [] if node is None else list(_sourced(node, ()))


def titles(results: Results) -> dict[str, str]:
    """What the scenario's text calls its things: 'processes.bf_bof' → 'Blast furnace and converter'."""
    node = _text(str(results.data.attrs.get("scenario_text", "")))
    sections = {} if node is None else node.mapping
    return {
        f"{section}.{name}": str(entry.mapping["title"].value)
        for section, entries in sections.items()
        for name, entry in entries.mapping.items()
        if "title" in entry.mapping
    }


@lru_cache(maxsize=2)
def _text(text: str) -> Node | None:
    """Kept, as a report asks for assumptions, titles and reliance: reading a long text takes a second or two."""
    return read(text, "scenario")[0] if text else None


def _sourced(node: Node, path: tuple[str, ...]) -> Iterator[Assumption]:
    entries = node.mapping
    if "value" in entries:
        texts = {key: shown(child) for key, child in entries.items()}
        texts["quality"] = texts.get("quality") or UNSTATED
        yield Assumption(".".join(path), **{c: texts.get(c, "") for c in COLUMNS[1:]})
        return
    children = entries.items() if entries else enumerate(node.value) if isinstance(node.value, tuple) else ()
    for key, child in children:
        yield from _sourced(child, (*path, str(key)))


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
