r"""Strike price of a carbon contract at which what is built under it breaks even.

$$ K^* \sum_{t \in T} d_t\,\Delta E = \sum_{t \in L} d_t\,(c_t - v_t)
+ \sum_{t \in T} d_t\,(\Delta E\,p^{eff}_t - \iota_t) $$

with $d_t$ the present value of the output of a period, $L$ the life of the plant within the horizon, $T$ the term of
the contract, $c_t$ the cost of a unit, $v_t$ what it is worth, and $\iota_t$ what indexation adds to the payment.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.finance import survival
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.inputs.contracts import paid_per_unit
from transform_sim.inputs.values import INF, over_years, scalar
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.scenario.plants import Process
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.support import CarbonContract

from .levelised_cost import carbon_prices, levelised_cost
from .plant_cost import CAPITAL, asset_row, parts
from .prices import prices_of
from .support_cost import CONTRACT, GRANT
from .technology import plants_of
from .ways import Part, Way, ways

Floats = NDArray[np.float64]
AT_START = (CAPITAL, CONTRACT, GRANT)
"""Kinds of cost that stay as they are when the plant is built; contract: its lower cost of capital."""
COLUMNS = ["contract", "process", "region", "start", "strike", "offered", "gap", "against", "unit"]


def strike_price(
    results: Results, contract: str, *, against: str | None = None, scenario: Scenario | None = None
) -> pd.DataFrame:
    """The strike at which a new plant under a contract breaks even, by region and year of start: tidy rows.

    Columns: contract, process, region, start, strike (break-even, per t CO₂ avoided), offered (what the scenario
    gives, of that year), gap (cost of a unit less its worth over the plant's life within the horizon, before the
    contract), against, unit.

    Args:
        contract: of the scenario; it may be switched off. Free allocation, compensation, grants and the lower cost of
            capital under the contract count as they do in the levelised cost.
        against: a process whose levelised cost is what the product is worth; its shadow price if absent.
        scenario: the one that was solved, if its plants read tables; the results' own text if absent.

    Costs are those of `levelised_cost`: the plant runs whenever it is available. Against a process, waiting (renewing
    what stands and changing later) is not weighed; against the shadow price it is, where the study could wait.

    Raises TransformSimError for a name that the scenario does not have.
    """
    known = scenario if scenario is not None else plants_of(results)
    given = known.policies.carbon_contracts.get(contract)
    if given is None:
        names = ", ".join(known.policies.carbon_contracts) or "none"
        raise TransformSimError(f"strike price of {results.name} — no contract '{contract}' — it has: {names}")
    process = known.processes[given.process]
    product = _product(process, given.process, results.name)
    on = known.with_({f"policies.carbon_contracts.{contract}.active": True})
    data = make_inputs(on)
    worth = _worth(results, data, product, on, against)
    found = [
        (contract, given.process, region, *row, against or "shadow price", f"{known.currency}/t")
        for region, own in _ways(results, data, given, product)
        if region in worth
        for row in _strikes(own, worth[region], data, contract, given)
    ]
    out = pd.DataFrame(found, columns=COLUMNS)
    return out.sort_values("strike", kind="stable").drop_duplicates(["region", "start"]).sort_index(ignore_index=True)


def _product(process: Process, name: str, study: str) -> str:
    """What a process is run for: the first commodity that it makes."""
    flows = {**process.flows, **{c: q for m in process.modes.values() for c, q in m.flows.items()}}
    made = [c for c, q in flows.items() if any(isinstance(v, float) and v > 0 for *_, v in q.items())]
    if not made:
        raise TransformSimError(f"strike price of {study} — '{name}' makes nothing — choose another contract")
    return made[0]


def _worth(results: Results, data: Inputs, product: str, scenario: Scenario, against: str | None) -> dict[str, Floats]:
    """What a unit is worth in each region, shape (Y,)."""
    frame, code = data.frame, data.frame.commodities.index(product)
    if against is None:
        price = results.data["shadow_price"].sel(commodity=product)
        at = {r: frame.places[frame.node_of[code, k]] for k, r in enumerate(frame.regions)}
        return {r: price.sel(node=node).values for r, node in at.items() if node in price["node"].values}
    rows = levelised_cost(results, product, scenario=scenario)
    own = rows[rows["process"] == against]
    if own.empty:
        names = ", ".join(dict.fromkeys(rows["process"]))
        raise TransformSimError(f"strike price of {results.name} — no '{against}' makes {product} — choose of: {names}")
    keys = ["region", "mode", "technique", "investment", "period"]
    totals = own.groupby(keys, sort=False)["value"].sum().groupby(["region", "period"]).min().unstack("period")
    totals = totals.reindex(columns=[int(y) for y in frame.years])
    return {str(r): totals.loc[r].to_numpy(dtype=float) for r in totals.index}


def _ways(
    results: Results, data: Inputs, contract: CarbonContract, product: str
) -> Iterator[tuple[str, tuple[Way, list[Part]]]]:
    """Region, and a way in which a new plant under contract makes the product, with the parts of its cost."""
    valued, carbon = prices_of(results, data, "shadow"), carbon_prices(results, data, cap_price=True)
    for way in ways(data, product):
        region = data.frame.places[way.region]
        here = region in (contract.regions or data.frame.regions)
        counts = contract.modes is None or data.activities.modes[way.mode] in contract.modes
        if data.assets.owner[way.asset] == contract.process and here and counts:
            yield region, (way, parts(way, data, results, valued, carbon)["new"])


def _strikes(
    way: tuple[Way, list[Part]], worth: Floats, data: Inputs, name: str, contract: CarbonContract
) -> Iterator[tuple[int, float, float, float]]:
    """(start, strike, offered, gap) of each period in which a plant can start under the contract."""
    frame, (made, own) = data.frame, way
    avoided = scalar(contract.reference_emission, 0.0) - scalar(contract.emission, 0.0)
    # −ΔE·p_eff and indexation; what the contract pays itself is what is asked for
    moving = paid_per_unit(contract.model_copy(update={"strike": Quantity.of(0.0), "two_sided": True}), frame)
    own = [p for p in own if not (p.kind == CONTRACT and p.item == name)]
    once = np.sum([p.cost / made.made for p in own if p.kind in AT_START], axis=0)
    running = np.sum([p.cost / made.made for p in own if p.kind not in AT_START], axis=0)
    strike = over_years(contract.strike, frame.years, 0.0)
    life = scalar(data.scenario.processes[contract.process].lifetime, INF)
    open_ = data.assets.new_max[asset_row(made, data)] > 0
    for k, start in enumerate(frame.years):
        if not open_[k] or not (contract.signed_from or 0) <= start <= (contract.signed_until or 9999):
            continue
        stands = survival(start, life, frame.years, frame.lengths)
        term = np.minimum(survival(start, scalar(contract.duration, INF), frame.years, frame.lengths), stands)
        gap = float((stands * frame.weight) @ (once[k] + running - worth))
        at = (gap - float((term * frame.weight) @ moving)) / (avoided * float(term @ frame.weight))
        yield int(start), at, float(strike[k]), gap / float(stands @ frame.weight)
