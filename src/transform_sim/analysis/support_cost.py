"""What policies pay to a plant per unit of its activity, as parts of its levelised cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import annuity_factor
from transform_sim.inputs import Inputs, OutputPayments
from transform_sim.inputs.contracts import largest_grant, paid_per_unit, signing
from transform_sim.inputs.output_payments import allowances, tonnes_compensated
from transform_sim.inputs.values import INF, over_years, scalar
from transform_sim.results import Results
from transform_sim.scenario.support import CarbonContract

from .ways import Part, Way

Floats = NDArray[np.float64]
ALLOCATION, COMPENSATION, CONTRACT, GRANT, QUOTA = "allocation", "compensation", "contract", "grant", "quota"
SUPPORT = (ALLOCATION, COMPENSATION, CONTRACT, GRANT, QUOTA)


def support_parts(way: Way, data: Inputs, results: Results, investment: str, capital: Floats) -> Iterator[Part]:
    """Free allocation, compensation and quota of what is made; contract and grant of what is built new.

    `capital` is the annuity per unit of activity, shape (Y,). Output is taken to count: limits of activity levels,
    volumes and budgets are those of all plants together.
    """
    price = data.emissions.price
    for name, output in _earns(way, data.free_allocation):
        given = data.scenario.policies.free_allocation[name]
        yield Part(ALLOCATION, -output * allowances(given, data.frame.years), name, price=price)
    for name, output in _earns(way, data.power_compensation):
        before = over_years(data.scenario.policies.carbon_price, data.frame.years - 1, 0.0)
        tonnes = tonnes_compensated(data.scenario.policies.power_compensation[name], data.frame.years)
        yield Part(COMPENSATION, -output * tonnes, name, price=before)
    yield from _quota_parts(way, data, results)
    if investment == "new":
        yield from _contract_parts(way, data, capital)
        yield from _grant_parts(way, data, capital)


def _earns(way: Way, payments: OutputPayments) -> Iterator[tuple[str, Floats]]:
    """Names of payments that the output of a way earns, with the output per activity."""
    table, output = payments.made
    own = (table["asset"] == way.asset) & (table["mode"] == way.mode) & (table["region"] == way.region)
    by_output = payments.table[payments.dim][payments.by_output]
    for i in np.flatnonzero(own & np.isin(table[payments.dim], by_output)):
        yield payments.names[table[payments.dim][i]], output[i]


def _quota_parts(way: Way, data: Inputs, results: Results) -> Iterator[Part]:
    """Green output earns the premium, and each unit of output needs the share of it."""
    table, output = data.quotas.made
    own = (table["asset"] == way.asset) & (table["mode"] == way.mode) & (table["region"] == way.region)
    for i in np.flatnonzero(own) if "quota_premium" in results.data else ():
        k = int(table["quota"][i])
        name = data.quotas.names[k]
        premium = results.data["quota_premium"].sel(quota=name).values
        yield Part(QUOTA, output[i] * (data.quotas.share[k] - data.quotas.green_made[i]), name, price=premium)


def _contract_parts(way: Way, data: Inputs, capital: Floats) -> Iterator[Part]:
    """Payments under contract, spread over the life of the plant at its cost of capital, and what it saves of that.

    Of several contracts the best of each period of build counts, and none that costs more than it gives.
    """
    process = data.scenario.processes[data.assets.owner[way.asset]]
    years = data.frame.years
    found = []
    for name, contract in _contracts(way, data):
        wacc = scalar(process.wacc, data.frame.rate)
        life = scalar(process.economic_lifetime, scalar(process.lifetime, INF))
        rate = max(wacc - scalar(contract.wacc_reduction, 0.0), 0.0)
        left = 1.0 - largest_grant(data.assets.owner[way.asset], np.array([way.region]), data.frame)[0]
        saved = capital * left * (1.0 - annuity_factor(rate, life) / annuity_factor(wacc, life)) if rate < wacc else 0.0
        paid = _spread(contract, rate, life, data) @ paid_per_unit(contract, data.frame)
        found.append((name, signing(contract, years) * paid, signing(contract, years) * saved))
    best = np.max([np.zeros(len(years)), *(paid + saved for _, paid, saved in found)], axis=0)
    for name, paid, saved in found:
        taken = (best > 0) & (paid + saved == best)
        yield Part(CONTRACT, np.where(taken, -paid, 0.0), name)
        yield Part(CONTRACT, np.where(taken, -saved, 0.0), f"{name} (cost of capital)")


def _contracts(way: Way, data: Inputs) -> Iterator[tuple[str, CarbonContract]]:
    region, output = data.frame.places[way.region], data.contracts.output
    for name in (data.contracts.names[k] for k in np.unique(output["contract"])):
        contract = data.scenario.policies.carbon_contracts[name]
        counts = contract.modes is None or data.activities.modes[way.mode] in contract.modes
        here = counts and (contract.regions is None or region in contract.regions)
        if contract.process == data.assets.owner[way.asset] and here:
            yield name, contract


def _spread(contract: CarbonContract, rate: float, life: float, data: Inputs) -> Floats:
    """Weight of the payment of each period y in the level payment over the life of a plant built in v, (V, Y).

    $$ \\frac{\\sum_{t < T,\\ v+t \\in y} (1+i)^{-t-1}}{\\sum_{t < n} (1+i)^{-t-1}} $$

    Years beyond the horizon count as the last period.
    """
    years, n = data.frame.years, int(min(scalar(contract.duration, INF), life, 200))
    out = np.zeros((len(years), len(years)))
    factor = (1.0 + rate) ** -(np.arange(n) + 1.0)
    for v, start in enumerate(years):
        at = np.searchsorted(years, start + np.arange(n), side="right") - 1
        np.add.at(out[v], at, factor)
    return out * annuity_factor(rate, life)


def _grant_parts(way: Way, data: Inputs, capital: Floats) -> Iterator[Part]:
    """The share of the largest grant that the plant may get."""
    if data.grants.built:
        share = largest_grant(data.assets.owner[way.asset], np.array([way.region]), data.frame)[0]
        if share.any():
            yield Part(GRANT, -share * capital, "grant")
