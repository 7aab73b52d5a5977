"""What the figures read from results: quantities as frames of period × name, ready to draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.analysis.energy_use import is_heat
from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario.units import UnitError, factor, is_energy

from .colours import OTHER, by_sector
from .words import PURCHASED, SHORTFALL

MOST = 12
"""Names in one figure; the smallest beyond them are drawn together."""
SECTORS = 17
"""The same where sectors are stacked: all that there are."""
NOTHING = 1e-9
"""Share of the largest value below which a value is noise of the solver."""


class NotApplicableError(TransformSimError):
    """These results do not hold what a figure shows; `save_all` leaves such a figure out."""


@contextmanager
def applicable(results: Results, figure: str) -> Iterator[None]:
    """What an analysis does not find in these results is why the figure cannot be drawn."""
    try:
        yield
    except TransformSimError as error:
        why = str(error).split(" — ", 1)[-1]  # it names the results too
        raise NotApplicableError(f"figure {figure} of {results.name} — {why}") from None


def take(results: Results, name: str, figure: str) -> xr.DataArray:
    """A quantity of the results; raises NotApplicableError if they have none."""
    if name in results.data.data_vars:
        array: xr.DataArray = getattr(results, name)
        return array
    raise NotApplicableError(
        f"figure {figure} of {results.name} — these results have no '{name}' — draw it from a scenario that has it"
    )


def labelled(results: Results, coordinate: str, figure: str) -> np.ndarray:
    """Texts beside the names of a dimension, such as the commodity of each supply."""
    if coordinate in results.data.coords:
        return results.data[coordinate].values.astype(str)
    raise NotApplicableError(
        f"figure {figure} of {results.name} — these results do not say '{coordinate}' — solve the scenario again"
    )


def chosen(results: Results, commodity: str | None, figure: str) -> str:
    """The commodity asked for, else the first that is demanded."""
    known = [str(c) for c in results.data["commodity"].values] if "commodity" in results.data.dims else []
    if commodity is None:
        take(results, "served_demand", figure)
        return str(labelled(results, "demand_commodity", figure)[0])
    if commodity not in known:
        raise NotApplicableError(
            f"figure {figure} of {results.name} — there is no commodity '{commodity}' — "
            f"choose from {', '.join(known) or 'nothing'}"
        )
    return commodity


def unit_of(results: Results, dim: str, name: str, coordinate: str = "unit") -> str:
    """The unit that stands beside a name: its unit of amount, `capacity_unit` or `price_unit`."""
    return str(results.data[f"{dim}_{coordinate}"].sel({dim: name}).item())


def by(array: xr.DataArray, dim: str) -> pd.DataFrame:
    """Values by period (rows) and by the names of a dimension (columns), summed over everything else."""
    rest = [d for d in array.dims if d not in ("period", dim)]
    plain = array.sum(rest).reset_coords(drop=True).transpose("period", dim)
    return pd.DataFrame(plain.values, index=_text(plain, "period", int), columns=_text(plain, dim, str))


def _text(array: xr.DataArray, dim: str, kind: type) -> list[object]:
    return [kind(x) for x in array[dim].values]


def of_commodity(results: Results, variable: str, dim: str, commodity: str, figure: str) -> xr.DataArray | None:
    """The part of a quantity (bought, sold, stored) that concerns a commodity; None if there is none."""
    if variable not in results.data:
        return None
    labelled(results, f"{dim}_commodity", figure)
    array = results.data[variable]
    own = np.flatnonzero(array[f"{dim}_commodity"].values.astype(str) == commodity)
    return array.isel({dim: own}) if own.size else None


def trade_name(variable: str, name: str, commodity: str) -> str:
    """How a trade is called in figures: a supply that only has the name of what it supplies is its purchases."""
    if variable == "unserved":
        return f"{name}{SHORTFALL}"
    return f"{PURCHASED}{name}" if name == commodity else name


def routes(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of processes added up to routes, where the scenario names routes."""
    if "process_route" not in results.data.coords:
        return frame
    names = dict(zip(results.data["process"].values, results.data["process_route"].values, strict=True))
    return add_up(frame, [str(names.get(p) or p) for p in frame.columns])


def sectors(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of processes added up to sectors, in the order in which sectors are stacked; other columns stay."""
    names = dict(zip(results.data["process"].values, results.data["process_sector"].values, strict=True))
    both = add_up(frame, [str(names.get(p) or p) for p in frame.columns])
    return both[by_sector(list(both.columns))]


def grouped(results: Results, frame: pd.DataFrame, most: int = MOST) -> tuple[pd.DataFrame, bool]:
    """Columns of processes by route, or by sector where routes are more than `most`; and whether they are sectors."""
    own = routes(results, frame)
    if len(largest(own, len(own.columns)).columns) <= most or "process_sector" not in results.data.coords:
        return own, False
    return sectors(results, frame), True


def demanded(results: Results) -> list[str]:
    """Products for which the study names a demand, in its order."""
    if "served_demand" not in results.data:
        return []
    return list(dict.fromkeys(str(c) for c in labelled(results, "demand_commodity", "production")))


def flexible(results: Results) -> list[str]:
    """Commodities that flexible loads use, in the order of the study."""
    if "flexible_use" not in results.data:
        return []
    return list(dict.fromkeys(str(c) for c in results.data["flexible_use"]["load_commodity"].values))


def carriers(results: Results) -> list[str]:
    """Carriers of energy that plants make and other plants use; heat only if no one demands it."""
    flow = results.data.get("flow")
    if flow is None or "commodity_unit" not in results.data.coords:
        return []
    total = flow.sum([d for d in flow.dims if d not in ("commodity", "process")])
    passed = ((total > 0).any("process") & (total < 0).any("process")).values
    names = [str(c) for c in flow["commodity"].values[passed]]
    own = [c for c in names if is_energy(unit_of(results, "commodity", c))]
    return [c for c in own if c not in demanded(results) or not is_heat(c)]


def made_for_itself(results: Results, commodity: str) -> bool:
    """Whether plants measured in the kind of unit of a commodity make it, and not only others beside their product."""
    flow = results.data["flow"].sel(commodity=commodity)
    makers = flow["process"].values[(flow > 0).any([d for d in flow.dims if d != "process"]).values]
    unit = unit_of(results, "commodity", commodity)
    return any(converted(unit_of(results, "process", str(p)), unit) is not None for p in makers)


def has_campaigns(results: Results, commodity: str) -> bool:
    """Whether plants with campaigns (reline, conversion) make a commodity."""
    if "cohort_capacity" not in results.data or "flow" not in results.data:
        return False
    stock = results.data["cohort_capacity"]
    renewed = (stock > 0).any([d for d in stock.dims if d != "process"])
    made = results.data["flow"].sel(commodity=commodity)
    making = (made > 0).any([d for d in made.dims if d != "process"])
    return bool((renewed & making).any())


def add_up(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Columns with the same new name added, in the order of first appearance."""
    out = frame.T.groupby(np.array(names, dtype=object), sort=False).sum().T
    out.columns = [str(c) for c in out.columns]
    return out


def largest(frame: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """Columns that are more than noise; beyond `most` the smallest are added to 'other'."""
    peak = frame.abs().max()
    noise = NOTHING * max(float(peak.max()), 0.0) if len(peak) else 0.0
    names = [str(c) for c in frame.columns if peak[c] > noise]
    kept = frame[names].where(frame[names].abs() > noise, 0.0)
    if len(names) <= most:
        return kept
    big = set(peak[names].sort_values(ascending=False, kind="stable").index[: most - 1])
    named = add_up(kept, [c if c in big else OTHER for c in names])
    return named[[*(c for c in named.columns if c != OTHER), OTHER]]


def converted(unit: str, other: str) -> float | None:
    """What one `unit` is in `other`; None if they measure different things."""
    try:
        return 1.0 if unit == other else factor(unit, other)
    except UnitError:
        return None
