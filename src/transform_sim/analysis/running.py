"""When a plant runs: whenever it is available, or in the hours that make its product cheapest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.names import HOUR
from transform_sim.results import Results

Floats = NDArray[np.float64]


def chooses_hours(results: Results, data: Inputs, process: str, commodity: str) -> bool:
    """Whether a plant may pick its hours: it runs by the hour, its product keeps longer, prices are known by the hour.

    One with an availability profile takes what the hours bring.
    """
    plant = data.scenario.processes[process]
    return (
        "shadow_price_hour" in results.data
        and plant.availability_profile is None
        and data.frame.process_grid(plant) == HOUR
        and data.frame.grid_of[commodity] != HOUR
    )


def hourly_price(results: Results, commodity: str, node: str) -> Floats | None:
    """Shadow price by period and hour, shape (Y, T); None if the commodity does not balance by the hour there."""
    prices = results.shadow_price_hour
    if commodity not in prices["commodity"].values or node not in prices["node"].values:
        return None
    values = prices.sel(commodity=commodity, node=node).transpose("period", "hour").values
    return None if np.isnan(values).any() else np.asarray(values)


def best_hours(standing: Floats, running: Floats, hours: Floats) -> Floats:
    """Hours a year that one unit/h of capacity runs in each step to make its product at least cost, shape (Y, T).

    From the cheapest step on, as long as another one lowers the mean. `standing` is the cost of the capacity per year,
    shape (Y,), `running` that per unit and `hours` what each step offers, shape (Y, T).
    """
    out = np.zeros(hours.shape)
    for y in range(len(standing)):
        order = np.argsort(running[y], kind="stable")
        total = np.cumsum(hours[y][order])
        mean = (standing[y] + np.cumsum(running[y][order] * hours[y][order])) / total
        chosen = order[: int(np.argmin(mean)) + 1]
        out[y, chosen] = hours[y, chosen]
    return out
