"""What is kept of each case: indicators read from the solution by sparse maps, or quantities of its full results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ModelError
from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.names import (
    ACTIVITY,
    NET_EMISSION,
    NEW_CAPACITY,
    PURCHASE,
)
from transform_sim.results import Results, labels, make_results
from transform_sim.results.caps import cap_price
from transform_sim.results.extract import Extractor
from transform_sim.results.labels import at_steps
from transform_sim.scenario.plants import Process
from transform_sim.solvers import Solution, Status, certify
from transform_sim.solvers.case import Case

from .maps import Linear, SectorCost, linear, sector_of
from .parts import Notes, Part
from .plan import Group, Plan

Floats = NDArray[np.float64]
Keep = str | tuple[str, ...]
INDICATORS, EVERYTHING = "indicators", "everything"
ANNUAL_COST, CAP_PRICE, NODE, PERIOD, SECTOR = "annual_cost", "cap_price", "node", "period", "sector"
SUMMED = {
    "emissions": ("node",),
    "purchase": ("node",),
    "activity": ("mode", "region"),
    "new_capacity": ("region", PERIOD),
}
"""Quantities of the results that are indicators, and the dimensions over which they are summed."""
TIMING = (
    "horizon", "time", "processes.*.lifetime", "processes.*.economic_lifetime", "storages.*.lifetime",
    "storages.*.economic_lifetime", "links.*.lifetime", "links.*.economic_lifetime", "processes.*.reinvest.lifetime",
    "processes.*.retrofits.*.lifetime", "processes.*.existing", "processes.*.earliest", "processes.*.latest",
)  # fmt: skip
"""What moves the years in which capital is paid, or what a year counts."""


def chosen(keep: str | Sequence[str], plan: Plan) -> Keep:
    """What to keep, checked against what the first case that can be built would have.

    Raises ModelError for a name that no results have.
    """
    if keep in (INDICATORS, EVERYTHING):
        return str(keep)
    names = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
    known = list(map(str, blank(*plan.full(int(plan.order[0]))).data.data_vars))
    wrong = [n for n in names if n not in known]
    if wrong or not names:
        what = f"there is nothing called {wrong[0]!r} to keep" if wrong else "keep names nothing"
        raise ModelError(f"{what}; give {INDICATORS}, {EVERYTHING}, or some of {', '.join(known)}")
    return names


class Reader:
    """Reads what is kept from the solutions of one group."""

    def __init__(self, plan: Plan, group: Group, keep: Keep) -> None:
        self._plan, self._group, self._keep = plan, group, keep
        moved = [path for axis in plan.cases.axes for path in axis.paths]
        grown = dict(group.program.labels) != dict(group.inputs.labels)
        self._by_maps = not grown and not any(touches(path) for path in moved)

    def read(self, i: int, case: Case, solution: Solution) -> dict[str, Part]:
        """What is kept of case i."""
        if self._keep == INDICATORS and self._by_maps and self._costs.fits(case):
            return self._quickly(case, solution)
        results = self._results(i, solution)
        if self._keep == INDICATORS:
            return indicators(results)
        names = self._keep
        if names == EVERYTHING:
            names = tuple(str(n) for n, a in results.data.data_vars.items() if not at_steps(a))
        return {n: Part.of(labels.familiar(results.data[n])) for n in names if n in results.data.data_vars}

    def _quickly(self, case: Case, solution: Solution) -> dict[str, Part]:
        """The indicators without the results in full: those are linear in the solution."""
        parts = {name: Part(m.of(solution.x), m.labels, *self._words[name]) for name, m in self._maps.items()}
        parts[ANNUAL_COST] = Part(self._costs.paid(case, solution.x), self._costs.labels, *self._words[ANNUAL_COST])
        assert solution.row_dual is not None
        nodes, price = cap_price(self._group.inputs, self._group.program, solution.row_dual)
        if len(nodes):
            names = tuple(self._group.program.labels[NODE][c] for c in nodes[NODE])
            shown = {NODE: names, PERIOD: self._costs.labels[PERIOD]}
            parts[CAP_PRICE] = Part(price, shown, *self._words[CAP_PRICE])
        return parts

    def _results(self, i: int, solution: Solution) -> Results:
        """Results of the case's own scenario, whose costs must add up to what was minimised."""
        data, program = self._plan.full(i)
        columns, rows = self._group.columns_of(program), self._group.rows_of(program)
        assert solution.row_dual is not None
        return make_results(data, program, replace(solution, x=solution.x[columns], row_dual=solution.row_dual[rows]))

    @cached_property
    def _costs(self) -> SectorCost:
        return SectorCost.of(self._group.inputs, self._group.program)

    @cached_property
    def _maps(self) -> dict[str, Linear]:
        return maps(self._group.inputs, self._group.program)

    @cached_property
    def _words(self) -> dict[str, tuple[Mapping[str, str], Notes]]:
        """Units and what stands beside labels, as the results have them."""
        like = indicators(blank(self._group.inputs, self._group.program))
        return {name: (part.attrs, part.notes) for name, part in like.items()}


def indicators(results: Results) -> dict[str, Part]:
    """The indicators of full results: sums over places and modes, cost by sector."""
    data = results.data
    out = {name: Part.of(data[name].sum(list(over), keep_attrs=True)) for name, over in SUMMED.items() if name in data}
    cost = data[ANNUAL_COST].isel(component=np.flatnonzero(data["counts"].values)).sum("component")
    sector = [sector_of(s, k) for s, k in zip(cost["owner_sector"].values, cost["owner_kind"].values, strict=True)]
    names = tuple(dict.fromkeys(sector))
    values = np.zeros((len(names), cost.sizes[PERIOD]))
    np.add.at(values, [names.index(s) for s in sector], cost.transpose("owner", PERIOD).values)
    shown = {SECTOR: names, PERIOD: tuple(cost[PERIOD].values.tolist())}
    attrs = {"long_name": "paid per year by sector, undiscounted", "units": str(data[ANNUAL_COST].attrs["units"])}
    out[ANNUAL_COST] = Part(values, shown, attrs)
    if CAP_PRICE in data:
        out[CAP_PRICE] = Part.of(data[CAP_PRICE].dropna(NODE, how="all").reset_coords(drop=True))
    return out


def maps(data: Inputs, program: Program) -> dict[str, Linear]:
    """The indicators that are linear in the columns alone."""
    ex = Extractor(program, data, np.zeros(program.shape[1]), program)
    hours = np.ones(len(data.assets.names))
    hours[data.assets.table["asset"]] = data.assets.hours
    process = ex.owner(kind=Process)
    found = {
        "emissions": linear(program, NET_EMISSION, ex.same("emission")),
        "purchase": linear(program, PURCHASE, ex.same("supply")),
        "activity": linear(program, ACTIVITY, process),
        "new_capacity": linear(program, NEW_CAPACITY, process, scale=hours, by_period=False),
    }
    return {name: one for name, one in found.items() if one is not None}


def blank(data: Inputs, program: Program) -> Results:
    """Results of doing nothing: their names, labels and units."""
    x, dual = np.zeros(program.shape[1]), np.zeros(program.shape[0])
    return make_results(
        data, program, Solution(x, dual, 0.0, Status.UNKNOWN, "none", "none", 0, 0.0, certify(program, x, dual))
    )


def touches(path: str) -> bool:
    """Whether a dotted path, something above it or below it moves the years in which capital is paid."""
    keys = path.split(".")
    return any(all(map(fnmatchcase, keys, pattern.split("."))) for pattern in TIMING)  # the shorter one decides
