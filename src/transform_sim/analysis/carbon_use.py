"""Of which origin the carbon is that a plant takes and makes, and what that is worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.inputs.carbon import shares
from transform_sim.results import Results
from transform_sim.scenario.carbon import ORIGINS

Floats = NDArray[np.float64]


def mixture(results: Results, data: Inputs, process: str, commodity: str, side: str) -> Floats:
    """Shares by origin of the carbon of a commodity that a process takes ('taken') or makes ('made'), shape (O, Y).

    In periods in which it does neither: those of all processes, and where there are none those of what is bought.
    """
    declared = data.scenario.commodities[commodity]
    out = shares(declared.origin, declared.biogenic_share, data.carbon.years)
    array = results.data.get(f"carbon_{side}")
    if array is None or commodity not in array["commodity"].values:
        return out
    here = array.sel(commodity=commodity).transpose("origin", "process", "period").reindex(origin=list(ORIGINS))
    own = here.sel(process=process).values if process in here["process"].values else np.zeros_like(out)
    for amount in (here.values.sum(axis=1), own):
        total = amount.sum(axis=0)
        out = np.where(total > 0, amount / np.where(total > 0, total, 1.0), out)
    return out


def premium(results: Results, data: Inputs, commodity: str, node: str) -> Floats:
    """What carbon of each origin costs above the price of the commodity, per t CO₂, shape (O, Y); 0 where unknown."""
    none = np.zeros((len(ORIGINS), len(data.carbon.years)))
    array = results.data.get("carbon_premium")
    if array is None or commodity not in array["commodity"].values or node not in array["node"].values:
        return none
    here = array.sel(commodity=commodity, node=node).transpose("origin", "period").reindex(origin=list(ORIGINS))
    return np.asarray(np.nan_to_num(here.values))
