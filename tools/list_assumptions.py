"""Writes the numbers without a source in the NRW studies into `scenarios/README.md`, between its two marks.

    python tools/list_assumptions.py

A number is listed if its source begins with "Assumption", or calls a part of it an assumption. Those that the catalogue
brings are counted only: `transform-sim catalogue <entry>` and the report show them.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import transform_sim as ts
from transform_sim.analysis.assumptions import shown
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Node

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "scenarios" / "README.md"
STUDIES = tuple(ROOT / "scenarios" / f"{name}.yaml" for name in ("nrw_climate_neutral", "nrw_policies"))
"""Later ones add what stands in no earlier one."""
MARKS = "<!-- assumptions -->\n", "<!-- end -->\n"
GROUPS = {
    "policies": "Policy and discounting", "horizon": "Policy and discounting", "demand": "Demand",
    "supply": "What is bought and sold", "sales": "What is bought and sold", "resources": "Pace and potential",
    "processes": "Plants and CO₂ corridors", "commodities": "CO₂ storage and slag", "links": "Transport",
    "flexible_loads": "Flexible loads",
}  # fmt: skip


def listing() -> str:
    """The text between the marks: a line of counts, then one table for each group."""
    own: dict[str, tuple[str, str]] = {}
    catalogue: dict[str, bool] = {}
    for study in STUDIES:
        scenario = ts.load(study)
        node, _ = read(scenario.text, "scenario")
        assert node is not None
        for given in scenario.quantities():
            source = _source(given.quantity)
            if "catalogue" in str(scenario.where(given.path)):
                catalogue[given.path] = source.lower().startswith("assumption")
            elif "assumption" in source.lower() and given.path not in own:
                own[given.path] = GROUPS[given.path.split(".")[0]], _row(given.path, given.quantity, given.unit, node)
    brought, assumed = len(catalogue), sum(catalogue.values())
    head = (
        f"{len(own)} numbers or paths over the years. Besides, {assumed} of the {brought} numbers that the "
        "catalogue brings\nare assumptions; each says so in `transform-sim catalogue <entry>` and in the report.\n"
    )
    order = list(dict.fromkeys(GROUPS.values()))
    tables = [
        f"\n**{group}**\n\n| number | value | range | why |\n|---|---|---|---|\n" + "".join(row for _, row in rows)
        for group, rows in groupby(
            sorted(own.values(), key=lambda pair: order.index(pair[0])), key=lambda pair: pair[0]
        )
    ]
    return head + "".join(tables)


def _source(quantity: Quantity) -> str:
    return quantity.provenance.source if quantity.provenance else ""


def _row(path: str, quantity: Quantity, unit: str, root: Node) -> str:
    """One line of a table, with the value as it is written in the file."""
    node = root
    for key in path.split("."):
        node = node.value[int(key)] if isinstance(node.value, tuple) else node.mapping[key]
    written = {key: shown(child) for key, child in node.mapping.items()}
    said = {key: _with_unit(written[key], unit) for key in ("value", "low", "high") if key in written}
    span = f"{said['low'].removesuffix(said['high'].lstrip('-0123456789.'))} – {said['high']}" if "low" in said else "–"
    why = _source(quantity).removeprefix("Assumption").lstrip(":; ") or "–"
    return f"| `{path}` | {said['value']} | {span} | {why} |\n"


def _with_unit(text: str, unit: str) -> str:
    bare = not any(c.isalpha() or c == "%" for c in text)
    return f"{text} {unit}" if bare and unit != "1" else text


def page(text: str) -> str:
    """The page with the list written anew."""
    before, rest = text.split(MARKS[0])
    return before + MARKS[0] + listing() + MARKS[1] + rest.split(MARKS[1], 1)[1]


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
