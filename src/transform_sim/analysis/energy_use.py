"""Final energy and feedstock use: what plants take of each energy carrier, but for those that only convert energy."""

from __future__ import annotations

import pandas as pd

from transform_sim.results import Results
from transform_sim.scenario import units

FEED_SECTORS = ("ammonia", "methanol")
"""Sectors whose gas and hydrogen end up in the product."""
FEEDSTOCK = " feedstock"
"""How the column of what becomes part of a product is marked."""
NOT_FEED = {"electricity", "power", "heat", "steam"}


def final_use(results: Results) -> pd.DataFrame:
    """TWh per year by period (rows) and carrier (columns); what becomes part of a product is '<carrier> feedstock'.

    Counted are plants whose activity is no energy, and those that make useful heat, each with all that it takes.
    Combined heat and power counts with all its fuel, so that the power it makes counts once more where it is used.
    Left out are heat, which stands for the fuel behind it, and plants that make other carriers alone (electrolysers,
    power plants, import terminals). No columns if the results hold no energy that plants take.
    """
    if "flow" not in results.data or not {"process_unit", "commodity_unit"} <= set(results.data.coords):
        return pd.DataFrame(index=[int(y) for y in results.data["period"].values])
    named = _units(results, "commodity")
    fuels = [c for c in named if units.is_energy(named[c]) and not is_heat(c)]
    taken = (-results.data["flow"].sel(commodity=fuels, process=final_plants(results))).clip(min=0.0).sum("region")
    feeding = of_sectors(results, FEED_SECTORS)
    feeds = [str(p) in feeding for p in taken["process"].values]
    columns = {}
    for carrier in fuels:
        size = units.factor(named[carrier], "TWh")
        by_plant = taken.sel(commodity=carrier).transpose("period", "process").values * size
        material = not NOT_FEED & set(carrier.split("_"))
        columns[carrier] = by_plant[:, [not (f and material) for f in feeds]].sum(axis=1)
        columns[f"{carrier}{FEEDSTOCK}"] = by_plant[:, [f and material for f in feeds]].sum(axis=1)
    frame = pd.DataFrame(columns, index=[int(y) for y in taken["period"].values])
    ordered = [*fuels, *(f"{c}{FEEDSTOCK}" for c in fuels)]
    return frame[[c for c in ordered if (frame[c] > 0).any()]]


def final_plants(results: Results) -> list[str]:
    """Plants whose intake is final use: those that make no energy, and those that make useful heat in any period."""
    flow, named = results.data["flow"], _units(results, "commodity")
    warm = [c for c in named if units.is_energy(named[c]) and is_heat(c)]
    heating = (flow.sel(commodity=warm) > 0).any(["commodity", "region", "period"]).values
    kinds = _units(results, "process").items()
    return [p for (p, unit), heats in zip(kinds, heating, strict=True) if heats or not units.is_energy(unit)]


def cogenerates(results: Results) -> bool:
    """Whether a plant of final use, measured in energy, makes another carrier beside heat: combined heat and power."""
    flow, named, kinds = results.data["flow"], _units(results, "commodity"), _units(results, "process")
    other = [c for c in named if units.is_energy(named[c]) and not is_heat(c)]
    both = [p for p in final_plants(results) if units.is_energy(kinds[p])]
    return bool((flow.sel(commodity=other, process=both) > 0).any())


def is_heat(commodity: str) -> bool:
    """Whether a commodity is useful heat, by its name."""
    return bool({"heat", "steam"} & set(commodity.split("_")))


def of_sectors(results: Results, sectors: tuple[str, ...]) -> set[str]:
    """Processes of these sectors."""
    if "process_sector" not in results.data.coords:
        return set()
    pairs = zip(results.data["process"].values, results.data["process_sector"].values, strict=True)
    return {str(p) for p, sector in pairs if sector in sectors}


def _units(results: Results, dim: str) -> dict[str, str]:
    """Unit of each commodity that flows through plants, or of what each plant does."""
    known = results.data["flow"][dim].values, results.data["flow"][f"{dim}_unit"].values
    return {str(name): str(unit) for name, unit in zip(*known, strict=True)}
