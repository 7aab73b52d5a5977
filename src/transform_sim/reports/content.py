"""What a report tells beside its figures: key numbers, tables, sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from transform_sim.analysis.assumptions import Assumption, listed
from transform_sim.analysis.indicators import indicators
from transform_sim.analysis.reliance import reliance
from transform_sim.plots.language import digits, say, word
from transform_sim.plots.words import amount, capital, label
from transform_sim.results import Results

SECTIONS = {
    "horizon": "Years and discounting", "commodities": "Commodities", "processes": "Plants", "storages": "Stores",
    "links": "Networks", "supply": "Purchases", "sales": "Sales", "demand": "Demand", "policies": "Policies",
    "resources": "Limits", "regions": "Regions",
}  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """One number of the summary: what it is, its value with unit, and what to set it against."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Assumptions of one part of the scenario."""

    title: str
    rows: tuple[Assumption, ...]


def tiles(results: Results) -> list[Tile]:
    """The numbers that a reader looks for first."""
    table = indicators(results)
    first, last = str(table.columns[0]), str(table.columns[-1])
    out = []
    for (group, item, unit), row in table.iterrows():
        if group in ("emissions", "policy") and item != "emission cap":
            now, then = _told(row.iloc[-1]), _told(row.iloc[0])
            out.append(
                Tile(
                    capital(label(item)),
                    f"{now} {unit}",
                    say("in {year}; {then} in {first}", year=last, then=then, first=first),
                )
            )
    money = str(results.data.attrs["currency"])
    total = say("present value {first}–{last}", first=first, last=last)
    out.append(Tile(capital(word("cost")), f"{_told(results.objective / 1e9)} bn {money}", total))
    if "investment" in results.data:
        spent = float(results.data["investment"].sum()) / 1e9
        out.append(
            Tile(capital(word("investment")), f"{_told(spent)} bn {money}", say("over all periods, not discounted"))
        )
    return out


def indicator_rows(results: Results) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """The table of indicators by group: item, unit, values as text."""
    table = indicators(results)
    rows = [
        (str(group), (capital(label(str(item))), str(unit), [_told(float(v)) for v in row]))
        for (group, item, unit), row in table.iterrows()
    ]
    return [(capital(word(group)), [row for _, row in own]) for group, own in groupby(rows, key=lambda r: r[0])]


def reliance_rows(results: Results) -> list[tuple[str, str, str]]:
    """How well the numbers behind cost and emissions are known: quality, share of cost, share of emissions."""
    frame = reliance(results)
    return [(str(q), _share(row["cost"]), _share(row["emissions"])) for q, row in frame.iterrows()]


def assumption_groups(results: Results) -> list[Group]:
    """All sourced numbers by part of the scenario."""
    rows: Iterable[Any] = groupby(listed(results), key=lambda a: a.path.split(".")[0])
    return [Group(word(SECTIONS.get(section, section)), tuple(own)) for section, own in rows]


def _told(value: float) -> str:
    return "–" if pd.isna(value) or not np.isfinite(value) else digits(amount(value))


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"
