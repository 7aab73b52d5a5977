"""One entry of the catalogue, to read in a terminal or a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from transform_sim.errors import TransformSimError
from transform_sim.scenario.entries import SECTIONS, entries
from transform_sim.scenario.markets import Commodity
from transform_sim.scenario.problems import did_you_mean
from transform_sim.scenario.tree import Node, plain

from .numbers import Number, Points, numbers

HEADINGS = ("number", "value", "low", "high", "unit", "quality", "source", "note")
IN_HEADING = ("title", "unit", "sector", "route")
LEFT = " style='text-align:left'"


class UnknownEntryError(TransformSimError):
    """The catalogue has no entry of that name; the text says which was meant."""


@dataclass(frozen=True)
class Sheet:
    """One entry: `print` it, or let a notebook show it. `section` is where studies take it in, `node` its data."""

    section: str
    name: str
    node: Node

    @property
    def title(self) -> str:
        """Name for people."""
        return self.text("title")

    @property
    def unit(self) -> str:
        """Unit of activity; of a store or link that of its commodity."""
        carried = entries()["commodities"].get(self.text("commodity"))
        return self.text("unit") or (Sheet("commodities", "", carried).text("unit") if carried else "")

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Its numbers in the order of the file."""
        return tuple(numbers(self.node))

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """One line for each number, under HEADINGS."""
        return [
            (n.path, _shown(n.points), _shown(n.low), _shown(n.high), n.unit, n.quality, _source(n), n.note)
            for n in self.numbers
        ]

    def text(self, key: str) -> str:
        """A text of the entry, empty if it has none."""
        node = self.node.mapping.get(key)
        return "" if node is None else str(node.value)

    @property
    def facts(self) -> dict[str, str]:
        """What it says beside title and numbers, such as the grid on which a commodity is balanced."""
        given = {str(key): _in_text(plain(node)) for key, node in self.node.mapping.items() if not _has_numbers(node)}
        usual = {}
        if self.section == "commodities" and given.get("kind") != "emission":
            usual = {key: str(Commodity.model_fields[key].default) for key in ("kind", "balance")}
            usual |= {} if "carbon_content" in self.node.mapping else {"carbon_content": "not tracked"}
        return {key: text for key, text in (usual | given).items() if key not in IN_HEADING}

    @property
    def about(self) -> str:
        """Its facts in a line, and whether that is all; empty if it has numbers only."""
        facts = ", ".join(f"{key}: {text}" for key, text in self.facts.items())
        return facts if self.numbers else f"{facts or 'nothing further is said'}. It has no numbers"

    @property
    def heading(self) -> str:
        """Name, title, sector, route and unit in a line."""
        of = [SECTIONS[self.section], *(f"{key} {self.text(key)}" for key in ("sector", "route") if self.text(key))]
        return f"{self.name}: {self.title} ({', '.join(of)}, per {self.unit})"

    def __repr__(self) -> str:
        about = [f"  {self.about}"] if self.about else []
        return "\n".join([self.heading, *about, *(line for number in self.numbers for line in _in_words(number))])

    def _repr_html_(self) -> str:
        head = "".join(f"<th{LEFT}>{heading}</th>" for heading in HEADINGS)
        rows = ("".join(f"<td{LEFT}>{html.escape(cell)}</td>" for cell in line) for line in self.lines)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        caption = f"<caption><b>{html.escape(self.heading)}</b><br>{html.escape(self.about)}</caption>"
        if not self.numbers:
            return f"<table>{caption}</table>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def sheet(name: str) -> Sheet:
    """The entry of that name; raises UnknownEntryError with a suggestion."""
    for section, part in entries().items():
        if name in part:
            return Sheet(section, name, part[name])
    known = {known for part in entries().values() for known in part}
    raise UnknownEntryError(f"the catalogue has no entry '{name}'{did_you_mean(name, known)}")


def _has_numbers(node: Node) -> bool:
    """Whether numbers with a source stand below, key by key or one after the other."""
    return bool(node.mapping) or (isinstance(node.value, tuple) and any(item.mapping for item in node.value))


def _in_text(value: Any) -> str:
    """A text, number, list or switch as it is written in a scenario."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _in_words(number: Number) -> list[str]:
    unit = "" if number.unit == "1" else f" {number.unit}"
    span = f" [{_shown(number.low) or '?'} … {_shown(number.high) or '?'}]" if number.low or number.high else ""
    lines = [f"  {number.path} {_shown(number.points)}{unit}{span}, {number.quality}: {_source(number)}"]
    return [*lines, f"      {number.note}"] if number.note else lines


def _shown(points: Points) -> str:
    """1500 in 2025, 1350 in 2050; one number without a year for all years."""
    return ", ".join(f"{value:.6g}" + (f" in {year}" if year else "") for year, value in points.items())


def _source(number: Number) -> str:
    return number.source if number.licence in ("quoted", "") else f"{number.source} ({number.licence})"
