"""The catalogue as tables: its entries, and every number of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from transform_sim.scenario.entries import entries as shipped_entries
from transform_sim.scenario.tree import Node

from .numbers import QUALITIES, numbers
from .sheet import Sheet, sheet

ENTRY_COLUMNS = ("title", "sector", "route", "unit", "numbers", *QUALITIES)
ROW_COLUMNS = (
    "section", "entry", "path", "year", "value", "low", "high", "unit", "quality", "source", "licence", "note"
)  # fmt: skip


def entries() -> pd.DataFrame:
    """Every entry by section and name: title, sector, route, unit, and how many of its numbers are of which quality.

    The unit is that of activity; for stores and links that of the commodity they keep or carry.
    """
    found = {(section, name): _described(node) for section, name, node in _all()}
    index = pd.MultiIndex.from_tuples(list(found), names=["section", "name"])
    return pd.DataFrame(list(found.values()), index=index, columns=list(ENTRY_COLUMNS))


def rows(name: str | None = None) -> pd.DataFrame:
    """Every number of an entry, or of all, one row for each year in which it is given.

    `value`, `low` and `high` are in `unit`; money is of the year that the unit names. `year` is empty for numbers that
    hold for all years, `low` and `high` where no range is known. Raises UnknownEntryError.
    """
    chosen: list[tuple[str, str, Node]] = list(_all())
    if name is not None:
        one = sheet(name)
        chosen = [(one.section, one.name, one.node)]
    table = [row for section, entry, node in chosen for row in _rows(section, entry, node)]
    return pd.DataFrame(table, columns=list(ROW_COLUMNS)).astype({"year": "Int64", "low": float, "high": float})


def show(name: str) -> Sheet:
    """An entry to read: what it is and where each of its numbers comes from. Raises UnknownEntryError."""
    return sheet(name)


def _all() -> Iterator[tuple[str, str, Node]]:
    for section, part in shipped_entries().items():
        for name, node in part.items():
            yield section, name, node


def _described(node: Node) -> tuple[Any, ...]:
    one = Sheet("", "", node)
    count = Counter(number.quality for number in numbers(node))
    texts = (one.title, one.text("sector"), one.text("route"), one.unit)
    return (*texts, count.total(), *(count[quality] for quality in QUALITIES))


def _rows(section: str, entry: str, node: Node) -> Iterator[tuple[Any, ...]]:
    for number in numbers(node):
        for year in number.years:
            told = (number.unit, number.quality, number.source, number.licence, number.note)
            yield (section, entry, number.path, year, *number.at(year), *told)
