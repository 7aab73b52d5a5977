"""Obligations: green shares of what is made and bought, and firm capacity over the load of each step."""

from __future__ import annotations

from typing import Any

from .assets import Asset
from .processes import commodities_of, flow, grid_of, modes
from .program import Program, Term
from .study import HOURS, Study, at, limit_at


def obligations(study: Study, program: Program, assets: list[Asset], required: dict[Any, float]) -> None:
    """Quotas and capacity margins that are active; `required` is demand in full by balance."""
    policies = study.data.get("policies") or {}
    for quota in (policies.get("quotas") or {}).values():
        for y in study.periods:
            share = limit_at(quota["share"], y)
            if share is not None and quota.get("active", True):
                green_share(study, program, assets, quota, y, share)
    for margin in (policies.get("capacity_margins") or {}).values():
        if margin.get("active", True):
            for node in study.nodes(margin["commodity"]):
                for y in study.periods:
                    for g in study.steps(study.grid(margin["commodity"])):
                        firm(study, program, assets, margin, required, (node, y, g))


def green_share(
    study: Study, program: Program, assets: list[Asset], quota: dict[str, Any], y: int, share: float
) -> None:
    """share · all − green ≤ 0, per year."""
    c, row = quota["commodity"], []
    for asset in (a for a in assets if a.kind == "process"):
        green = 1.0 if asset.name in quota.get("processes", []) else 0.0
        for mode in modes(asset.section):
            output = max(0.0, flow(asset.section, asset.technique, mode, c, y))
            for place in asset.places if output else ():
                terms = program.amount["run", asset.key, mode, place, y]
                row += [((share - green) * output * hours / HOURS, x) for hours, x in terms]
    for name, supply in study.section("supply").items():
        if (supply.get("commodity") or name) == c:
            green = 1.0 if name in quota.get("supply", []) else 0.0
            for key, terms in list(program.amount.items()):
                if key[0] == "purchase" and key[1] == name and key[-1] == y:
                    row += [((share - green) * hours / HOURS, x) for hours, x in terms]
    program.at_most(row, 0.0)


def firm(
    study: Study, program: Program, assets: list[Asset], margin: dict[str, Any], required: dict[Any, float],
    where: tuple[str, int, int],
) -> None:  # fmt: skip
    """(1 + margin) · load − firm capacity ≤ imports, at one node, year and step."""
    c, (node, y, g) = margin["commodity"], where
    over = 1.0 + at(margin.get("margin", 0.0), y)
    imports = margin.get("imports", 0.0)
    if isinstance(imports, dict) and node not in imports and not all(isinstance(k, int) for k in imports):
        imports = 0.0
    row = [(over * a, x) for a, x in load(study, program, assets, c, where)]
    for asset in assets:
        credit = margin["credits"].get(asset.name)
        for place in asset.places if credit is not None else ():
            if place is not None and study.node(c, place) == node:
                row.append((-credit * at_full_load(asset, c, y), program.x["capacity", asset.key, place, y]))
    program.at_most(row, at(imports, y, node) - over * required.get((c, node, y, g), 0.0))


def at_full_load(asset: Asset, c: str, y: int) -> float:
    """What a unit of capacity gives per hour."""
    if asset.kind == "storage":
        return float(asset.section["discharge_rate"])
    return max(0.0, *(flow(asset.section, asset.technique, mode, c, y) for mode in modes(asset.section)))


def load(study: Study, program: Program, assets: list[Asset], c: str, where: tuple[str, int, int]) -> list[Term]:
    """What changes the load beside demand in full: use by processes, flexible loads, elastic demand forgone."""
    (node, y, g), grid, found = where, study.grid(c), []
    using = {a.key: a for a in assets if a.kind == "process" and c in commodities_of(a.section)}
    for key, x in program.x.items():
        if key[0] == "activity" and key[1] in using and key[4] == y and study.node(c, key[3]) == node:
            asset, own = using[key[1]], grid_of(study, using[key[1]].section)
            draw = study.shape(asset.section.get("draw_profile") if own == "year" != grid else None, grid)
            use = max(0.0, -flow(asset.section, asset.technique, key[2], c, y))
            found.append((use * draw[g] * study.weight(grid, g, own, key[5]), x))
        if key[0] == "part_load" and key[2] == c and key[4] == y and study.node(c, key[3]) == node:
            found.append((study.weight(grid, g, "hour", key[5]), x))
        if key[0] in ("up", "down") and key[2:] == (node, y, g) and shifted(study, key[1]) == c:
            found.append((1.0 if key[0] == "up" else -1.0, x))
        if key[0] == "shed" and key[3:] == (node, y, g) and shifted(study, key[1]) == c:
            found.append((-1.0, x))
        if key[0] == "forgone" and key[3:] == (node, y):
            demand = study.section("demand")[key[1]]
            if (demand.get("commodity") or key[1]) == c:
                found.append((-study.shape(demand.get("profile"), grid)[g], x))
    return [(a, x) for a, x in found if a]


def shifted(study: Study, name: str) -> str:
    """The commodity of a flexible load."""
    return str(study.section("flexible_loads")[name]["commodity"])
