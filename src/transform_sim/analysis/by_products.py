"""By-products that stay in the sector that makes them: a constraint of a study, and which commodities it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.lp import SINGLE, Entities, LinearProgram, Term
from transform_sim.model import Constraint
from transform_sim.names import (
    ACTIVITY,
    CHARGE,
    DISCHARGE,
    DISPOSAL,
    FORGONE_DEMAND,
    LINK_FLOW,
    PART_LOAD_USE,
    SALE,
    UNSERVED,
    YEAR,
)
from transform_sim.results.owners import NO_SECTOR

from .exchange import main_products

Mask = NDArray[np.bool_]


def exchanged_in(data: Inputs) -> list[str]:
    goods = (c for c, own in data.scenario.commodities.items() if own.kind != "emission")
    return [c for c in goods if crosses(data, c, by_product(data, c))]


def crosses(data: Inputs, commodity: str, makers: Mask) -> bool:
    """Whether some of these makers and a user that does not only pass it on are of different sectors."""
    sector = _sector(data)
    users = _used(data, commodity) & ~_passed_on(data, commodity)
    return len({*sector[makers], *sector[users]}) > 1 and bool(makers.any() and users.any())


def at_home(commodities: Sequence[str]) -> Constraint:
    """A constraint for `solve`: what a sector makes of these as by-product stays in the sector, or leaves the study."""

    def stays(lp: LinearProgram, data: Inputs) -> None:
        for commodity in commodities:
            _stays(lp, data, commodity)

    return stays


def _stays(lp: LinearProgram, data: Inputs, commodity: str) -> None:
    r"""By-product B and use U of sector s, what leaves the study x, over the year at each node:

    $$ B_s - U_s \le x_s, \qquad \sum_s x_s \le sales + disposal + demand + stored $$

    Where links carry the commodity, over all nodes together, for then a sector may use it elsewhere.
    """
    code, frame = data.frame.commodities.index(commodity), data.frame
    made, sector = by_product(data, commodity), _sector(data)
    made = made if made.any() else made_in(data, commodity)
    used, passed = _used(data, commodity), _passed_on(data, commodity)
    places = _places(data, code)
    leaving = []
    for k, name in enumerate(np.unique(sector[made])):
        beside, rows = f"leaves_{commodity}_{k}", (made | used & ~passed) & (sector == name)
        lp.add_columns(beside, places, YEAR)
        leaving.append(Term(1, beside))
        lp.add_rows(
            f"{commodity}_stays_{k}", places, YEAR, upper=0,
            terms=[
                _flow(data, rows, places),
                Term(-1, PART_LOAD_USE, over=_over(_part_load(data, code, str(name)), places)), Term(-1, beside),
            ],
        )  # fmt: skip
    own = data.demands.table["commodity"] == code
    demands, rate = data.demands.table.take(own), data.demands.rate[own]
    demanded = np.zeros((len(places), len(frame.years)))
    for i, node in enumerate(demands["node"]):
        demanded[np.flatnonzero(places["node"] == node) if places.dims else [0]] += rate[i]
    lp.add_rows(
        f"{commodity}_leaves", places, YEAR, upper=demanded[:, :, None],
        terms=[
            *leaving, _flow(data, passed, places), *_out(data, code, places),
            Term(1, UNSERVED, over=_over(demands, places)), Term(1, FORGONE_DEMAND, over=_over(demands, places)),
        ],
    )  # fmt: skip


def _out(data: Inputs, code: int, places: Entities) -> Iterator[Term]:
    """Sales, disposal, what stores keep of a commodity, and what links lose of it."""
    for sign, variable, at in ((-1, SALE, data.sales.at), (-1, CHARGE, data.stores.at), (1, DISCHARGE, data.stores.at)):
        yield Term(sign, variable, over=_over(at.take(at["commodity"] == code), places))
    yield Term(-1, DISPOSAL, over=Entities.of(commodity=[code]))
    ends, arrives = data.links.ends
    own = ends["commodity"] == code  # what arrives less what is sent, as both ends lie in the one place there is then
    yield Term(arrives[own][:, None, None], LINK_FLOW, over=_over(ends.take(own), places))


def _places(data: Inputs, code: int) -> Entities:
    """Nodes of a commodity; the single table where links carry it."""
    if (data.links.ends[0]["commodity"] == code).any():
        return SINGLE
    return Entities.of(node=data.frame.nodes(data.frame.commodities[code]))


def _flow(data: Inputs, rows: Mask, places: Entities) -> Term:
    """Flows in some rows of the table, at the places where they balance."""
    flows = data.activities.flows
    return Term(flows.values[rows][:, :, None], ACTIVITY, over=_over(flows.table.take(rows), places))


def _over(table: Entities, places: Entities) -> Entities:
    """Entities of one commodity as rows at its places meet them."""
    table = table.without("commodity")
    return table if places.dims else table.without("node")


def _part_load(data: Inputs, code: int, sector: str) -> Entities:
    """Where plants of a sector use the commodity besides their flows."""
    at = data.operation.part_load.at
    own = np.array([_sector_of(data, a) == sector for a in at["asset"].tolist()], dtype=bool)
    return at.take((at["commodity"] == code) & own)


def _sector(data: Inputs) -> NDArray[np.str_]:
    """Sector of the plant in each row of flows."""
    return np.array([_sector_of(data, a) for a in data.activities.flows.table["asset"].tolist()], dtype=str)


def _sector_of(data: Inputs, asset: int) -> str:
    plant = data.scenario.processes.get(data.assets.owner[asset])
    return (plant.sector if plant else "") or NO_SECTOR


def made_in(data: Inputs, commodity: str) -> Mask:
    """Rows of flows in which the commodity is made in some period."""
    flows = data.activities.flows
    own = flows.table["commodity"] == data.frame.commodities.index(commodity)
    return np.asarray(own & (flows.values > 0).any(axis=1))


def _used(data: Inputs, commodity: str) -> Mask:
    """Rows of flows in which the commodity is used in some period."""
    flows = data.activities.flows
    own = flows.table["commodity"] == data.frame.commodities.index(commodity)
    return np.asarray(own & (flows.values < 0).any(axis=1))


def by_product(data: Inputs, commodity: str) -> Mask:
    """Rows of flows in which the commodity is made by what is run for something else."""
    out = made_in(data, commodity)
    units = {c: own.unit for c, own in data.scenario.commodities.items()}
    for i in np.flatnonzero(out):
        made, asset = _recipe(data, int(i)), int(data.activities.flows.table["asset"][i])
        unit = data.scenario.processes[data.assets.owner[asset]].unit
        out[i] = commodity not in main_products(made, unit, units)
    return out


def _recipe(data: Inputs, row: int) -> dict[str, float]:
    """What the plant of a row makes in the row's mode and region, per unit of activity, at most over the periods."""
    table, values = data.activities.flows.table, data.activities.flows.values
    same = np.all([table[d] == table[d][row] for d in ("asset", "mode", "region")], axis=0)
    made = {data.frame.commodities[table["commodity"][k]]: float(values[k].max()) for k in np.flatnonzero(same)}
    return {c: v for c, v in made.items() if v > 0}


def _passed_on(data: Inputs, commodity: str) -> Mask:
    """Rows in which CO₂ is used by what makes nothing but CO₂: transport and storage."""
    gases = {c for c, own in data.scenario.commodities.items() if own.carbon_dioxide}
    used = _used(data, commodity)
    if commodity not in gases:
        return np.zeros(len(used), dtype=bool)
    return np.array([bool(u) and set(_recipe(data, i)) <= gases for i, u in enumerate(used)], dtype=bool)
