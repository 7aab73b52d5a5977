"""What a report tells beside its figures: key numbers, tables, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from transform_sim.analysis.assumptions import UNSTATED, Assumption, listed, titles
from transform_sim.analysis.indicators import indicators
from transform_sim.analysis.reliance import reliance
from transform_sim.plots.language import say, word
from transform_sim.plots.words import amount, amounts, capital, emitted, label, percent, sized
from transform_sim.results import Results

SECTIONS = {
    "horizon": "Years and discounting", "commodities": "Commodities", "processes": "Plants", "storages": "Stores",
    "links": "Networks", "supply": "Purchases", "sales": "Sales", "demand": "Demand", "policies": "Policies",
    "resources": "Limits", "regions": "Regions", "profiles": "Profiles", "time": "Time",
}  # fmt: skip
NOTHING = "–"


@dataclass(frozen=True)
class Tile:
    """One number of the summary: what it is, its value with unit, and what to set it against."""

    title: str
    value: str
    note: str = ""


Row = tuple[tuple[str, ...], Assumption]
"""A number under its path within the thing, in pieces between which a line may end."""


@dataclass(frozen=True)
class Thing:
    """Assumptions on one plant, commodity or policy; `name` is how the scenario calls it.

    `rows` say how they are known. `bare` ones do not, have no range and no note: they share a line, by `source` of the
    thing (empty if it names none).
    """

    title: str
    name: str
    rows: tuple[Row, ...]
    bare: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclass(frozen=True)
class Group:
    """Assumptions of one part of the scenario, thing by thing."""

    title: str
    things: tuple[Thing, ...]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return sum(len(thing.rows) for thing in self.things) + self.bare

    @property
    def bare(self) -> int:
        """How many of them do not say how they are known, and nothing else about them."""
        return sum(len(rows) for thing in self.things for _, rows in thing.bare)


def tiles(results: Results) -> list[Tile]:
    """The numbers that a reader looks for first."""
    table = indicators(results)
    first, last = str(table.columns[0]), str(table.columns[-1])
    named = titles(results)
    out = []
    for (group, item, unit), values in _rows(table):
        if group in ("emissions", "policy") and item != "emission cap":
            then = say("in {year}; {then} in {first}", year=last, then=_told(values[0]), first=first)
            note = then if len(values) > 1 else say("in {year}", year=last)
            out.append(Tile(_title(group, item, named), f"{_told(values[-1])} {unit}", note))
    money = str(results.data.attrs["currency"])
    total = say("present value {first}–{last}", first=first, last=last)
    out.append(Tile(capital(word("cost")), _money(results.objective, money), total))
    if "investment" in results.data:
        spent = float(results.data["investment"].sum())
        out.append(Tile(capital(word("investment")), _money(spent, money), say("over all periods, not discounted")))
    return out


def indicator_rows(results: Results) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """The table of indicators by group: item, unit, values as text."""
    named = titles(results)
    rows = []
    for (group, item, unit), values in _rows(indicators(results)):
        factor, shown = sized(max(values), unit) if group == "delivered" else (1.0, _unit(unit))
        rows.append((group, (_title(group, item, named), shown, _listed([v / factor for v in values]))))
    return [(capital(word(group)), [row for _, row in own]) for group, own in groupby(rows, key=lambda r: r[0])]


def _rows(table: pd.DataFrame) -> list[tuple[tuple[str, str, str], list[float]]]:
    keys = [(str(group), str(item), str(unit)) for group, item, unit in table.index.to_list()]
    return list(zip(keys, table.to_numpy(dtype=float).tolist(), strict=True))


def _title(group: str, item: str, named: dict[str, str]) -> str:
    """What an indicator is called: emissions as the scenario titles them."""
    if group != "emissions" or item == "emission cap":
        return capital(label(item))
    title = named.get(f"commodities.{item}")
    return capital(word(title) if title else emitted(item))


def reliance_rows(results: Results) -> list[tuple[str, str, str]]:
    """How well the numbers behind cost and emissions are known: quality, share of cost, share of emissions."""
    frame = reliance(results)
    return [
        (str(quality), percent(float(cost), 1.0), percent(float(emissions), 1.0))
        for quality, cost, emissions in zip(frame.index, frame["cost"], frame["emissions"], strict=True)
    ]


def assumption_groups(results: Results) -> list[Group]:
    """All numbers that the scenario gives, by part of the scenario and thing."""
    named = titles(results)
    sections = groupby(listed(results), key=lambda a: a.path.split(".")[0])
    return [Group(word(SECTIONS.get(section, section)), tuple(_things(list(own), named))) for section, own in sections]


def _things(rows: Sequence[Assumption], named: dict[str, str]) -> list[Thing]:
    """What stands two levels deep is a thing; numbers on the first level stand without one."""
    out = []
    for thing, own in groupby(rows, key=lambda a: ".".join(a.path.split(".")[:2]) if a.path.count(".") > 1 else ""):
        cut = len(thing) + 1 if thing else len(rows[0].path.split(".")[0]) + 1
        name = thing.partition(".")[2]
        found = [(_parts(a.path[cut:]), a) for a in own]
        bare = [row for row in found if _is_bare(row[1])]
        by_source = {a.source: tuple(row for row in bare if row[1].source == a.source) for _, a in bare}
        told = tuple(row for row in found if not _is_bare(row[1]))
        out.append(Thing(_named(thing, named), name, told, tuple(by_source.items())))
    return out


def _named(thing: str, named: dict[str, str]) -> str:
    """The scenario's title of a thing, else its name as people write it."""
    return named.get(thing) or capital(label(thing.partition(".")[2])) if thing else ""


def _is_bare(number: Assumption) -> bool:
    return number.quality == UNSTATED and not (number.low or number.high or number.note or number.licence)


def _parts(path: str) -> tuple[str, ...]:
    """A path in pieces between which a line may end."""
    return tuple(re.findall(r"[^._]*[._]?", path)[:-1])


def _told(value: float) -> str:
    return NOTHING if not np.isfinite(value) else amount(value)


def _listed(values: Sequence[float]) -> list[str]:
    """A row of numbers with the same decimals; what is not known is a dash."""
    known = iter(amounts(v for v in values if np.isfinite(v)))
    return [next(known) if np.isfinite(v) else NOTHING for v in values]


def _unit(unit: str) -> str:
    """The unit with what it counts ('bn') in the language of the report."""
    head, space, rest = unit.partition(" ")
    return f"{word(head + space)}{rest}" if space else unit


def _money(value: float, currency: str) -> str:
    factor, unit = sized(value, currency)
    return f"{amount(value / factor)} {unit}"
