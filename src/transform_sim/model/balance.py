"""Commodity balances."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, LinearProgram, Term
from transform_sim.names import (
    ACTIVITY,
    BALANCE,
    CHARGE,
    DISCHARGE,
    DISPOSAL,
    FORGONE_DEMAND,
    GRIDS,
    LINK_FLOW,
    PART_LOAD_USE,
    PURCHASE,
    SALE,
    SHED,
    SHIFT_DOWN,
    SHIFT_UP,
    UNSERVED,
    YEAR,
)

from .paths import DRAWN


def balance(lp: LinearProgram, data: Inputs) -> None:
    r"""What is made, bought, taken out and brought equals what is used, sold, stored, sent and demanded.

    Flexible loads stand with what they change of that use: more use $u^+$, less use $v$ and what is shed, $s$;
    processes at part load with what they use beside their flows, $g$.

    $$ \sum f_{q,m,c,y} \sum_h P_{g,h} \varphi_{p,g} a_{q,m,r,y,h} - \sum g + \sum b - \sum s - \sum d
    + \sum (s^- - s^+) + \sum (1-\lambda) f_{in} - \sum f_{out} + u + \sum (v - u^+ + \sum_k s_k)
    + \varphi^D_g \sum_k e_k = \varphi^D_g D_{c,n,y} $$
    """
    ends, arrives = data.links.ends
    for grid in GRIDS:
        nodes = _nodes(data, grid)
        rhs = _demand(data, nodes, grid)
        lp.add_rows(
            BALANCE, nodes, grid,
            terms=[
                *_activities(data, grid),
                Term(-1, PART_LOAD_USE, over=data.operation.part_load.at),
                Term(1, PURCHASE, over=data.supply.at),
                Term(-1, SALE, over=data.sales.at),
                (-1, DISPOSAL),
                Term(1, DISCHARGE, over=data.stores.at),
                Term(-1, CHARGE, over=data.stores.at),
                Term(arrives[:, None, None], LINK_FLOW, over=ends, reads=("links.*.loss",)),
                Term(1, UNSERVED, over=data.demands.table),
                Term(-1, SHIFT_UP, over=data.flexible_loads.at),
                Term(1, SHIFT_DOWN, over=data.flexible_loads.at),
                Term(1, SHED, over=data.flexible_loads.at),
                Term(data.demands.shape[grid], FORGONE_DEMAND, over=data.demands.table,
                     reads=("demand.*.profile", "profiles.*", "demand.*.elasticity", "demand.*.elastic_steps")),
            ],
            equals=rhs,
            reads=("demand.*.amount", "demand.*.profile", "demand.*.elastic*", "profiles.*"),
        )  # fmt: skip


def _activities(data: Inputs, grid: str) -> list[Term]:
    """Flows of processes; those with a draw profile follow it on grids finer than the year."""
    flows = data.activities.flows
    asset = flows.table["asset"]
    shaped = np.isin(asset, list(flows.profile)) & (grid != YEAR)
    terms = [Term(flows.values[~shaped][:, :, None], ACTIVITY, over=flows.table.take(~shaped), reads=DRAWN)]
    if shaped.any():
        shapes = np.array([data.frame.shape(flows.profile[int(a)], grid) for a in asset[shaped]])
        values = flows.values[shaped][:, :, None] * shapes[:, None, :]
        terms.append(Term(values, ACTIVITY, over=flows.table.take(shaped), reads=DRAWN))
    return terms


def _nodes(data: Inputs, grid: str) -> Entities:
    frame = data.frame
    rows = [
        (code, node)
        for code, (name, c) in enumerate(data.scenario.commodities.items())
        if c.kind != "emission" and frame.grid_of[name] == grid
        for node in frame.nodes(name)
    ]
    return Entities.records(("commodity", "node"), rows)


def _demand(data: Inputs, nodes: Entities, grid: str) -> np.ndarray:
    """Right-hand side over (commodity, node), period and step."""
    demands = data.demands
    at = {(int(c), int(n)): i for i, (c, n) in enumerate(zip(nodes["commodity"], nodes["node"], strict=True))}
    rhs = np.zeros((len(nodes), len(data.frame.years), len(data.frame.grids[grid])))
    for i, (c, n) in enumerate(zip(demands.table["commodity"], demands.table["node"], strict=True)):
        if (int(c), int(n)) in at:
            rhs[at[int(c), int(n)]] += demands.rate[i][:, None] * demands.shape[grid][i]
    return rhs
