"""How processes run: their grid, their flows and what carbon is in them, activity within available capacity."""

from __future__ import annotations

from typing import Any

from .assets import Asset
from .program import Program, Term
from .study import HOURS, RANK, Study, at


def modes(process: dict[str, Any]) -> list[str | None]:
    return list(process.get("modes") or {}) or [None]


def mode_of(process: dict[str, Any], mode: str | None) -> dict[str, Any]:
    return {} if mode is None else (process["modes"][mode] or {})


def flow(process: dict[str, Any], technique: int | None, mode: str | None, commodity: str, year: int) -> float:
    """What one unit of activity makes (+) or uses (−): the process's flows and those of mode and technique."""
    tables = [process.get("flows") or {}, mode_of(process, mode).get("flows") or {}]
    if technique is not None:
        own = process["techniques"][technique] or {}
        if any(c in table for table in tables for c in own):
            raise ValueError("whether a technique's flow adds to the process's or replaces it is not defined")
        tables.append(own)
    return sum(at(table[commodity], year) for table in tables if commodity in table)


def commodities_of(process: dict[str, Any]) -> list[str]:
    """Every commodity of any mode or technique."""
    tables = [process.get("flows") or {}]
    tables += [mode_of(process, mode).get("flows") or {} for mode in modes(process)]
    tables += [table or {} for table in (process.get("techniques") or {}).values()]
    return list(dict.fromkeys(commodity for table in tables for commodity in table))


def grid_of(study: Study, process: dict[str, Any]) -> str:
    """Grid of a process: `year` for baseload, otherwise the finest of its commodities' grids."""
    balanced = [c for c in commodities_of(process) if not study.is_emission(c)]
    finest = max((study.grid(c) for c in balanced), key=lambda grid: RANK[grid], default="year")
    earned = all(
        study.grid(c) == finest or study.section("commodities")[c].get("implied_store", False)
        for c in balanced
        if any(
            flow(process, technique, mode, c, y) > 0
            for technique in process.get("techniques") or [None]
            for mode in modes(process)
            for y in study.periods
        )
    )
    operation = process.get("operation") or ("flexible" if earned else "baseload")
    if operation == "flexible" and not earned:
        raise ValueError("flexible, but an output is balanced on a coarser grid without implied store")
    return "year" if operation == "baseload" else finest


def available(study: Study, process: dict[str, Any], grid: str, place: str, y: int) -> list[float]:
    """Share of its capacity that a process can run at each step."""
    profile = process.get("availability_profile")
    shape = study.profile(profile.get(place) if isinstance(profile, dict) else profile, grid)
    return [at(process.get("availability", 1.0), y, place) * shape[h] for h in study.steps(grid)]


def operate(study: Study, program: Program, asset: Asset) -> None:
    """Activity within available capacity, its flows into the balances, its running cost."""
    process, grid = asset.section, grid_of(study, asset.section)
    for place in asset.places:
        for y in study.periods:
            share = available(study, process, grid, place, y)
            for h in study.steps(grid):
                row: list[Term] = [(-share[h], program.x["capacity", asset.key, place, y])]
                for mode in modes(process):
                    column = program.new("activity", asset.key, mode, place, y, h)
                    row.append((1.0, column))
                    run(study, program, asset, mode, place, y, grid, h, column)
                program.at_most(row, 0.0)


def run(
    study: Study, program: Program, asset: Asset, mode: str | None, place: str, y: int, grid: str, h: int, column: Any
) -> None:
    """One column of activity: what it makes and uses, emits and costs."""
    process, hours = asset.section, study.W[grid][h]
    for c in commodities_of(process):
        if study.is_emission(c):
            continue
        row_grid = study.grid(c)
        coarse = RANK[grid] < RANK[row_grid]
        draw = study.shape(process.get("draw_profile") if coarse else None, row_grid)
        for g in study.steps(row_grid):
            amount = flow(process, asset.technique, mode, c, y) * study.weight(row_grid, g, grid, h) * draw[g]
            if amount:
                program.balance[c, study.node(c, place), y, g].append((amount, column))
    for e, amount in stated_emissions(study, process, asset.technique, mode, y).items():
        program.emission[e, study.node(e, place), y].append((amount * hours / HOURS, column))
    price = mode_of(process, mode).get("variable_opex")
    price = process.get("variable_opex", 0.0) if price is None else price
    program.pay("variable_opex", at(price, y) * hours * study.N[y], column)
    program.amount["process", asset.name, place, y].append((hours, column))
    program.amount["run", asset.key, mode, place, y].append((hours, column))


def first_fossil(study: Study) -> str | None:
    """The emission that takes carbon when nothing else is said: the first fossil one of scope 1."""
    for name, commodity in study.section("commodities").items():
        fossil = commodity.get("origin", "fossil") == "fossil" and commodity.get("scope", 1) == 1
        if study.is_emission(name) and fossil:
            return name
    return None


def target_of(study: Study, process: dict[str, Any]) -> str | None:
    """The emission that takes the carbon of a process's stack."""
    return process.get("emission") or first_fossil(study)


def carbon_recipe(
    study: Study, process: dict[str, Any], technique: int | None, mode: str | None, year: int
) -> tuple[dict[str, float], dict[str, float], float]:
    """Carbon in what a unit of activity takes and makes, by commodity, and beside the flows (auxiliary)."""
    takes, gives = {}, {}
    for c in commodities_of(process):
        carbon = study.section("commodities")[c].get("carbon_content") or 0.0
        amount = carbon * flow(process, technique, mode, c, year)
        if amount < 0:
            takes[c] = -amount
        if amount > 0:
            gives[c] = amount
    own = mode_of(process, mode).get("auxiliary_carbon")
    return takes, gives, process.get("auxiliary_carbon", 0.0) if own is None else own


def carries_carbon(study: Study, process: dict[str, Any]) -> bool:
    """Whether any way to run it has carbon in its flows or beside them: its emission is then derived."""
    beside = [process, *(mode_of(process, mode) for mode in modes(process))]
    commodities = study.section("commodities")
    return any(commodities[c].get("carbon_content") is not None for c in commodities_of(process)) or any(
        part.get("auxiliary_carbon") for part in beside
    )


def stated_emissions(
    study: Study, process: dict[str, Any], technique: int | None, mode: str | None, year: int
) -> dict[str, float]:
    """Emission per unit of activity as stated; where it is derived, what is stated is a check."""
    derived = target_of(study, process) if carries_carbon(study, process) else None
    return {
        c: flow(process, technique, mode, c, year)
        for c in commodities_of(process)
        if study.is_emission(c) and c != derived
    }
