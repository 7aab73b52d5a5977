"""What one unit of activity of a plant costs, part by part, as arrays over periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import annuity_factor
from transform_sim.inputs import Inputs
from transform_sim.inputs.capital import converting, overnight
from transform_sim.inputs.values import INF, scalar
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.results import Results
from transform_sim.scenario.carbon import ORIGINS
from transform_sim.scenario.plants import Process, Reinvest
from transform_sim.scenario.units import is_energy

from .carbon_use import mixture, premium
from .prices import Prices
from .running import best_hours, chooses_hours, hourly_price
from .support_cost import support_parts
from .ways import Part, Way

Floats = NDArray[np.float64]
CAPITAL, FIXED, VARIABLE, ENERGY, MATERIAL, BY_PRODUCT, CARBON, STORAGE = (
    "capital", "fixed", "variable", "energy", "material", "by-product", "co2", "storage",
)  # fmt: skip
TAKEN, MADE = "taken", "made"


def parts(way: Way, data: Inputs, results: Results, prices: Prices, carbon: Floats) -> dict[str, list[Part]]:
    """Parts of the cost of a new plant, and of a renewed one where the process can renew itself.

    `carbon` is the price per t CO₂e at each node of emissions, shape (node, Y).
    """
    name = data.assets.names[way.asset].partition("@")[0]
    inputs = list(_inputs(way, data, results, prices))
    released = [*_emissions(way, data, carbon), *_of_pools(way, data, results, carbon)]
    variable, fixed = _variable(way, data), data.assets.fixed_opex[asset_row(way, data)]
    picks = chooses_hours(results, data, name, data.frame.commodities[way.commodity])
    out = {}
    for investment, annuity in annuities(data.scenario.processes[name], way, data).items():
        hours, own = _hours(way, data), inputs
        if picks:
            hours, own = _picked(annuity + fixed, variable, inputs, hours, results)
        capital, standing = Part(CAPITAL, annuity / hours), Part(FIXED, fixed / hours)
        support = support_parts(way, data, results, investment, capital.amount)
        out[investment] = [capital, standing, Part(VARIABLE, variable), *own, *released, *support]
    return out


def asset_row(way: Way, data: Inputs) -> int:
    """Row of the plant among the assets."""
    table = data.assets.table
    return int(np.flatnonzero((table["asset"] == way.asset) & (table["region"] == way.region))[0])


def _picked(
    standing: Floats, variable: Floats, inputs: list[Part], hours: Floats, results: Results
) -> tuple[Floats, list[Part]]:
    """Hours a year in which a plant that picks them runs, and its inputs at the prices of those hours."""
    weight = results.data["step_weight"].values
    steps = hours[:, None] * weight / weight.sum()
    prices = [hourly_price(results, part.item, part.node) if part.price is not None else None for part in inputs]
    running = variable[:, None] + np.zeros_like(steps)
    for part, price in zip(inputs, prices, strict=True):
        running += part.cost[:, None] if price is None else part.amount[:, None] * price
    run = best_hours(standing, running, steps)
    own = [
        part if price is None else replace(part, price=(run * price).sum(axis=1) / run.sum(axis=1))
        for part, price in zip(inputs, prices, strict=True)
    ]
    return run.sum(axis=1), own


def _hours(way: Way, data: Inputs) -> Floats:
    """Hours a year at full load: 8,760 h times the mean availability, shape (Y,)."""
    for grid, table in data.activities.limit.items():
        own = np.flatnonzero((table["asset"] == way.asset) & (table["region"] == way.region))
        if own.size:
            share, weight = data.activities.availability[grid][own[0]], data.frame.grids[grid].weight
            return np.asarray(np.broadcast_to(share, (len(data.frame.years), len(weight))) @ weight)
    return np.full(len(data.frame.years), HOURS_PER_YEAR)


def annuities(process: Process, way: Way, data: Inputs) -> dict[str, Floats]:
    """Annuity of one unit/h of capacity, new and, where the process has renewals, renewed, shape (Y,) each."""
    hours = float(data.assets.hours[asset_row(way, data)])
    own = scalar(process.lifetime, INF)
    out = {"new": overnight(process, data.frame) * _factor(data, process, scalar(process.economic_lifetime, own))}
    if process.reinvest:
        capex = converting(process, process.reinvest, data.frame)
        paid_by = process.reinvest if process.reinvest.wacc is not None else process
        out["renewed"] = capex * _factor(data, paid_by, scalar(process.reinvest.lifetime, own))
    return {name: annuity * hours for name, annuity in out.items()}


def _factor(data: Inputs, paid_by: Process | Reinvest, life: float) -> float:
    """Annuity per unit of investment: at the cost of capital, in the social view at the discount rate."""
    rate = data.frame.rate
    return annuity_factor(scalar(paid_by.wacc, rate) if data.scenario.view == "private" else rate, life)


def _variable(way: Way, data: Inputs) -> Floats:
    table, values = data.activities.variable_opex
    return np.asarray(values[np.flatnonzero((table["asset"] == way.asset) & (table["mode"] == way.mode))[0]])


def _inputs(way: Way, data: Inputs, results: Results, prices: Prices) -> Iterator[Part]:
    """Everything used, and as negative amounts everything made beside the product.

    A commodity with carbon of several origins costs what the mixture does that the plant takes or makes.
    """
    process = data.assets.owner[way.asset]
    table, values = data.activities.flows.table, data.activities.flows.values
    own = (table["asset"] == way.asset) & (table["mode"] == way.mode) & (table["region"] == way.region)
    for i in np.flatnonzero(own & (table["commodity"] != way.commodity)):
        code, node = int(table["commodity"][i]), int(table["node"][i])
        item, place = data.frame.commodities[code], data.frame.places[node]
        used = ENERGY if is_energy(data.scenario.commodities[item].unit) else MATERIAL
        kind = BY_PRODUCT if values[i].max() > 0 else used
        price = prices.value[code, node]
        if item in data.carbon.pools:
            mixed = mixture(results, data, process, item, MADE if kind == BY_PRODUCT else TAKEN)
            price = price + data.carbon.content[item] * (mixed * premium(results, data, item, place)).sum(axis=0)
        yield Part(kind, -values[i], item, place, price, prices.basis[code, node])


def _emissions(way: Way, data: Inputs, carbon: Floats) -> Iterator[Part]:
    table, values = data.activities.emissions.table, data.activities.emissions.values
    own = (table["asset"] == way.asset) & (table["mode"] == way.mode) & (table["region"] == way.region)
    counted = dict(zip(data.emissions.counted["emission"].tolist(), data.emissions.potential.tolist(), strict=True))
    for i in np.flatnonzero(own):
        code = int(table["emission"][i])
        if code in counted:
            price = carbon[table["place"][i]] * counted[code]
            yield Part(CARBON, values[i], data.frame.commodities[code], price=price)


def _of_pools(way: Way, data: Inputs, results: Results, carbon: Floats) -> Iterator[Part]:
    """What counts as emitted of carbon whose origin depends on who takes which."""
    _, recipe = data.activities.recipes.get((way.asset, way.mode), ((), None))
    if recipe is None or recipe.emission is None:
        return
    counted = dict(zip(data.emissions.counted["emission"].tolist(), data.emissions.potential.tolist(), strict=True))
    code = data.frame.commodities.index(recipe.emission)
    for feed in recipe.feeds if code in counted else ():
        mixed = mixture(results, data, data.assets.owner[way.asset], feed.commodity, TAKEN)
        drawn = recipe.taken[feed.commodity] * mixed[ORIGINS.index(feed.origin)]
        released = drawn * feed.share * (recipe.weight(feed.becomes) + feed.charged)
        if released.any():
            price = carbon[data.frame.node_of[code, way.region]] * counted[code]
            yield Part(CARBON, released, recipe.emission, price=price)
