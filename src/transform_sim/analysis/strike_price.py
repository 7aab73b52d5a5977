r"""Strike price of a carbon contract at which what is built under it breaks even.

$$ \sum_{t \in T} d_t\,\big(\Delta E\,(K^* - p^{eff}_t) + \iota_t\big) = a_v \sum_{t \in P} N_t
+ \sum_{t \in L} d_t\,(c_t - v_t) $$

with $d_t$ the present value of the activity of a period, $T$ the term of the contract, $P$ the years in which the
capital $a_v$ is paid, $L$ the life of the plant within the horizon, $c_t$ what an activity costs to run, $v_t$ what it
makes is worth, and $\iota_t$ what indexation adds to the payment. A floor never pays less than nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import ScenarioError, TransformSimError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.inputs.contracts import largest_grant, paid_per_unit, signing
from transform_sim.inputs.values import over_years, scalar
from transform_sim.results import Results
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.support import CarbonContract

from .levelised_cost import carbon_prices, levelised_cost
from .plant_cost import CAPITAL, parts
from .prices import prices_of
from .support_cost import CONTRACT, GRANT
from .ways import Way, product, ways
from .written import text_of

Floats = NDArray[np.float64]
OF_BUILDING = (CAPITAL, CONTRACT, GRANT)
"""Kinds of cost that belong to building, not to running."""
COLUMNS = ["contract", "process", "region", "investment", "start", "strike", "offered", "gap", "against", "unit"]


class _Built(NamedTuple):
    """An investment under the contract: what it is, yearly capital per unit of capacity, (V,); shares (V, Y)."""

    name: str
    capital: Floats
    paid: Floats
    stands: Floats
    makes: Floats


def strike_price(
    results: Results, contract: str, *, against: str | None = None, scenario: Scenario | None = None
) -> pd.DataFrame:
    """The strike at which a plant under a contract breaks even, by region, investment and year of start: tidy rows.

    Columns: contract, process, region, investment ('new', or 'from' what is converted), start, strike (break-even, per
    t CO₂ avoided), offered (what the scenario gives, of that year), gap (cost of a unit less its worth over the plant's
    life within the horizon, before the contract), against, unit.

    Args:
        contract: of the scenario; it may be switched off. Free allocation, compensation, the largest grant and the
            lower cost of capital under the contract count; other contracts do not, and no renewal after the campaign.
        against: a process whose levelised cost is what the product is worth (where it does not stand, the cheapest
            anywhere); its shadow price if absent.
        scenario: the one that was solved, if it reads tables; the results' own text if absent.

    Running costs are those of `levelised_cost`: the plant runs whenever it is available. Against a process, waiting
    (renewing what stands and changing later) is not weighed; against the shadow price it is, where the study could
    wait. Where no strike is needed, that of a floor is the one at which it begins to pay.

    Raises TransformSimError for a name that the scenario does not have, and for what is never built under the contract.
    """
    known = scenario if scenario is not None else _whole(results)
    given = known.policies.carbon_contracts.get(contract)
    if given is None:
        names = ", ".join(known.policies.carbon_contracts) or "none"
        raise TransformSimError(f"strike price of {results.name} — no contract '{contract}' — it has: {names}")
    on = known.with_({f"policies.carbon_contracts.{contract}.active": True})
    data = make_inputs(on)
    made = product(data, given.process)
    worth = {} if made is None else _worth(results, data, made, on, against)
    found = [
        (contract, given.process, region, *row, against or "shadow price", f"{known.currency}/t")
        for way, cost in (_ways(results, data, given, made) if made else ())
        for region in [data.frame.places[way.region]]
        for built in _investments(data, contract, given, way)
        for row in _strikes(built, way, cost, worth[region], data, given)
    ]
    if not found:
        raise TransformSimError(
            f"strike price of {results.name} — nothing of '{given.process}' can be built under '{contract}' — give it "
            "years, regions and a plant that can start there"
        )
    out = pd.DataFrame(found, columns=COLUMNS).sort_values("strike", kind="stable")
    return out.drop_duplicates(["region", "investment", "start"]).sort_index(ignore_index=True)


def _whole(results: Results) -> Scenario:
    """The scenario of the results; one that reads tables must be given."""
    try:
        return loads(text_of(results))
    except ScenarioError as error:
        raise TransformSimError(
            f"strike price of {results.name} — the text alone is not the whole scenario — give the scenario: {error}"
        ) from None


def _worth(
    results: Results, data: Inputs, made: str, scenario: Scenario, against: str | None
) -> dict[str, Floats]:  # fmt: skip
    """What a unit of the product is worth in each region, shape (Y,)."""
    frame, code = data.frame, data.frame.commodities.index(made)
    if against is None:
        price = results.data["shadow_price"].sel(commodity=made)
        at = {region: frame.places[frame.node_of[code, k]] for k, region in enumerate(frame.regions)}
        return {region: price.sel(node=node).values for region, node in at.items()}
    rows = levelised_cost(results, made, scenario=scenario)
    own = rows[rows["process"] == against]
    if own.empty:
        names = ", ".join(dict.fromkeys(rows["process"]))
        raise TransformSimError(f"strike price of {results.name} — no '{against}' makes {made} — choose of: {names}")
    keys = ["region", "mode", "technique", "investment", "period"]
    totals = own.groupby(keys, sort=False)["value"].sum().groupby(["region", "period"]).min().unstack("period")
    totals = totals.reindex(columns=[int(y) for y in frame.years])
    anywhere = totals.min(axis=0)
    return {r: (totals.loc[r] if r in totals.index else anywhere).to_numpy(dtype=float) for r in frame.regions}


def _ways(results: Results, data: Inputs, contract: CarbonContract, made: str) -> Iterator[tuple[Way, Floats]]:
    """Each way in which a plant under contract makes the product, and what an activity costs to run, shape (Y,)."""
    valued, carbon = prices_of(results, data, "shadow"), carbon_prices(results, data, cap_price=True)
    for way in ways(data, made):
        here = data.frame.places[way.region] in (contract.regions or data.frame.regions)
        counts = contract.modes is None or data.activities.modes[way.mode] in contract.modes
        if data.assets.owner[way.asset] == contract.process and here and counts:
            own = parts(way, data, results, valued, carbon)["new"]
            yield way, np.sum([p.cost for p in own if p.kind not in OF_BUILDING], axis=0)


def _investments(data: Inputs, name: str, contract: CarbonContract, way: Way) -> Iterator[_Built]:
    """What can be built or converted under the contract into the plant of a way."""
    code = data.contracts.names.index(name)
    left = 1.0 - largest_grant(contract.process, np.array([way.region]), data.frame)[0]
    for kind, s in data.contracts.built.items():
        table, can = s.table, s.investments
        for i in np.flatnonzero((table["contract"] == code) & (can.asset == way.asset)):
            if table["region"][i] != way.region:
                continue
            yearly = (can.capital.annuity[i] + can.capital.financing[i]) * left - s.financing[i]
            of = "new" if kind == "new" else f"from {data.assets.owner[int(table['source'][i])]}"
            ratio = can.ratio[i]
            yield _Built(of, yearly / ratio, can.capital.paid[i], can.stands[i], data.contracts.makes[kind][i] / ratio)


def _strikes(
    built: _Built, way: Way, cost: Floats, worth: Floats, data: Inputs, contract: CarbonContract
) -> Iterator[tuple[str, int, float, float, float]]:
    """(investment, start, strike, offered, gap) of each period in which a plant can start under the contract."""
    frame, weight = data.frame, data.frame.weight
    places, share = data.contracts.available
    here = (places["asset"] == way.asset) & (places["region"] == way.region)
    hours = 8760.0 * np.broadcast_to(share[np.flatnonzero(here)[0]], frame.years.shape)
    avoided = scalar(contract.reference_emission, 0.0) - scalar(contract.emission, 0.0)
    # −ΔE·p_eff and indexation
    moving = paid_per_unit(contract.model_copy(update={"strike": Quantity.of(0.0), "two_sided": True}), frame)
    offered = over_years(contract.strike, frame.years, 0.0)
    for v in np.flatnonzero(signing(contract, frame.years) & _can_start(built, data, way)):
        runs = built.stands[v] * weight * hours
        lost = float(built.capital[v] * (built.paid[v] @ weight) + runs @ (cost - worth * way.made))
        under = built.makes[v] * weight * 8760.0
        strike = (lost - float(under @ moving)) / (avoided * float(under.sum()))
        if not contract.two_sided:
            strike = _floor(lost, under * avoided, -moving / avoided)
        yield built.name, int(frame.years[v]), strike, float(offered[v]), lost / float(runs @ way.made)


def _can_start(built: _Built, data: Inputs, way: Way) -> NDArray[np.bool_]:
    """Periods in which such an investment can be made, shape (V,)."""
    row = np.flatnonzero((data.assets.table["asset"] == way.asset) & (data.assets.table["region"] == way.region))[0]
    if built.name != "new":
        return np.asarray(built.makes.any(axis=1) & (np.arange(len(built.makes)) > 0))
    plants, limit = data.assets.new_capacity_max
    plant = list(data.assets.plants).index(data.assets.owner[way.asset])
    own = np.flatnonzero((plants["plant"] == plant) & (plants["region"] == way.region))
    most = limit[own[0]] if own.size else np.inf
    return np.asarray((data.assets.new_max[row] > 0) & (most > 0) & built.makes.any(axis=1))


def _floor(lost: float, weight: Floats, start: Floats) -> float:
    """K at which Σ weight · max(0, K − start) = lost; where nothing is lost, the K at which payment begins."""
    paying = weight > 0
    order = np.argsort(start[paying])
    first, mass = start[paying][order], weight[paying][order]
    if lost <= 0:
        return float(first[0])
    candidates = (lost + np.cumsum(mass * first)) / np.cumsum(mass)
    within = candidates <= np.append(first[1:], np.inf)
    return float(candidates[int(np.argmax(within))])
