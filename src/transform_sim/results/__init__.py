"""Solution → Results: one xarray Dataset with units and provenance, and what a study asks of it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import FilesError, TransformSimError
from transform_sim.files import write_whole
from transform_sim.inputs import Inputs
from transform_sim.lp import Program

from . import (
    accounts,
    caps,
    carbon,
    changed,
    flexibility,
    labels,
    network,
    obligations,
    plants,
    spending,
    support,
    values,
)
from . import incidence as who
from .extract import Extractor
from .summary import html, text
from .tables import tables

if TYPE_CHECKING:
    import pandas as pd

    from transform_sim.solvers.case import Case
    from transform_sim.solvers.solution import Solution

__all__ = ["Results", "make_results", "open_results"]

FORMAT = "1"


@dataclass(frozen=True, eq=False)
class Results:
    """The optimum of one scenario.

    Every quantity is an attribute: `results.capacity`, `results.activity`, `results.activity_hour`,
    `results.shadow_price`, `results.cost`, `results.annual_cost`, `results.investment`, `results.emissions`, … with
    units in `attrs` or beside the names. All of them stand in `data`; there, those at steps have dimensions of their
    own, such as `activity_hour_process`.
    """

    data: xr.Dataset

    @property
    def name(self) -> str:
        return str(self.data.attrs["scenario"])

    @property
    def objective(self) -> float:
        """Present value of all cost that counts in the scenario's view, in its currency."""
        return float(self.data.attrs["objective"])

    @property
    def certificate(self) -> dict[str, Any]:
        """The independent proof of optimality: residuals, gap, worst row and column."""
        return dict(json.loads(self.data.attrs["certificate"]))

    @property
    def solver(self) -> dict[str, Any]:
        """Which solver and method, how many iterations, how long."""
        return dict(json.loads(self.data.attrs["solver"]))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What had to be assumed, and what a reader should know."""
        return tuple(json.loads(self.data.attrs["warnings"]))

    @property
    def incidence(self) -> pd.DataFrame:
        """Who pays whom each year: one row per payment and side of it, so that amounts of each component add to zero.

        Columns: actor and counterpart (industry, state, consumers, suppliers, investors, buyers, network operator …;
        `lost value` is what nobody receives); component and kind: `resource`, `transfer`, or `price`, which is no cost
        of its own but moved by shadow prices (`cap_scarcity`, `quota_premium`, `capacity_price`, `product_price`);
        counts, whether it is part of the objective; owner, owner_kind and sector, which causes it; period; amount,
        paid − and received +, undiscounted, in unit. Where the carbon price is paid for less than nothing (removals),
        industry receives it. Allowances under a cap are taken to belong to the state.
        """
        return who.incidence(self.data)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tidy tables by name: one row per value that is not zero, with its unit."""
        return tables(self.data)

    def save(self, path: str | Path) -> Path:
        """Write one netCDF file; `open_results` reads it back unchanged."""
        encoding = {str(n): {"zlib": True, "complevel": 4} for n, v in self.data.data_vars.items() if v.size > 10_000}
        # in memory first: on a full disk HDF5 would take the whole process down
        return write_whole(path, bytes(self.data.to_netcdf(None, engine="h5netcdf", encoding=encoding)))

    def __getattr__(self, name: str) -> xr.DataArray:
        if name.startswith("_") or name == "data":
            raise AttributeError(name)
        if name in self.data.data_vars:
            return labels.familiar(self.data[name])
        near = difflib.get_close_matches(name, [str(v) for v in self.data.data_vars], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" It has: {', '.join(map(str, self.data.data_vars))}."
        raise AttributeError(f"these results have no {name!r}.{hint}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(str(v) for v in self.data.data_vars)]

    def __repr__(self) -> str:
        return text(self.data)

    def _repr_html_(self) -> str:
        return html(self.data)


def make_results(data: Inputs, program: Program, solution: Solution, case: Case | None = None) -> Results:
    """Read a solution into results; raises TransformSimError if the cost split does not add to the objective.

    Args:
        case: the costs and bounds of this solve; None: those of the program.

    Without duals (a Pyomo solver may give none) there are no prices.
    """
    ex = network.settled(Extractor(program, data, solution.x, case or program))
    row_dual = np.full(program.shape[0], np.nan) if solution.row_dual is None else solution.row_dual
    named = {
        **plants.capacities(ex),
        **plants.operation(ex),
        **plants.flows(ex),
        **carbon.carbon(ex, row_dual),
        **caps.emissions(ex, row_dual),
        **accounts.prices(ex, row_dual),
        **obligations.obligations(ex, row_dual),
        **support.support(ex, row_dual),
        **spending.spending(ex),
        **spending.investment(ex),
        **values.values(ex, row_dual),
        **accounts.demands(ex),
        **network.network(ex),
        **flexibility.flexibility(ex),
        **accounts.implied_buffers(ex),
        **plants.dispatch(ex),
        **flexibility.flexible_dispatch(ex),
        "step_weight": accounts.step_weights(ex),
    }
    dataset = labels.dataset(ex, named).assign_coords(period_weight=("period", data.frame.weight))
    _agree(dataset["cost"].values[dataset["counts"].values], solution.objective)
    told = (
        *changed.warnings(ex), *flexibility.flexible_warnings(ex), *network.network_warnings(ex),
        *accounts.buffer_warnings(dataset),
    )  # fmt: skip
    warnings = [*data.warnings, *told, *_price_warnings(solution)]
    dataset.attrs = _provenance(data, program, solution, warnings)
    return Results(dataset)


def open_results(path: str | Path) -> Results:
    """Read results saved by `Results.save`; a folder stands for the results.nc in it."""
    path = Path(path)
    path = path / "results.nc" if path.is_dir() else path
    if not path.is_file():
        raise FilesError(f"there are no results at {path}. Name a results.nc, or a folder that holds one")
    try:
        with xr.open_dataset(path, engine="h5netcdf") as dataset:
            return Results(dataset.load())
    except (OSError, ValueError, KeyError) as error:
        raise FilesError(f"{path} holds no results of transform-sim, or they are damaged: {error}") from None


def _agree(parts: NDArray[np.float64], objective: float) -> None:
    split = float(parts.sum())
    # against the parts: costs and revenues may cancel, and what rounding leaves is of their size
    if abs(split - objective) > 1e-9 * max(abs(objective), float(np.abs(parts).sum())) + 1e-6:
        raise TransformSimError(
            f"the cost components add to {split:.12g}, but the objective is {objective:.12g}: "
            "a cost term is declared twice or not at all"
        )


def _provenance(data: Inputs, program: Program, solution: Solution, warnings: list[str]) -> dict[str, str | float]:
    scenario = data.scenario
    solver = {
        "solver": solution.solver, "method": solution.method, "iterations": solution.iterations,
        "seconds": round(solution.seconds, 3), "rows": program.shape[0], "columns": program.shape[1],
        "non_zeros": int(program.matrix.nnz),
    }  # fmt: skip
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "view": scenario.view,
        "currency": scenario.currency,
        "objective": solution.objective,
        "scenario_text": scenario.text,
        "scenario_hash": scenario.hash,
        "certificate": json.dumps(_certificate(solution)),
        "solver": json.dumps(solver),
        "warnings": json.dumps(warnings),
        "versions": json.dumps(_versions()),
    }


def _price_warnings(solution: Solution) -> list[str]:
    c = solution.certificate
    if c.shows_prices:
        return []
    if not c.complete:
        return ["feasible, not proved optimal: prices belong to the model that was solved, not to the scenario alone"]
    return [f"prices are sharp only to {c.profit_left:.2g} per unit; solve with method='simplex' to publish them"]


def _certificate(solution: Solution) -> dict[str, Any]:
    c = solution.certificate
    return {"ok": c.ok, "summary": c.summary(), "text": str(c), **asdict(c)}


@cache
def _versions() -> Mapping[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("transform-sim", "numpy", "scipy", "highspy", "xarray")}
