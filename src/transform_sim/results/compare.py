"""Several results side by side: indicators on common axes, with differences to the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from . import Results

BY_ITEM = {"activity": "process", "purchase": "supply", "served_demand": "demand"}
WHOLE = "all"
"""Period of what is counted over the whole horizon."""
KINDS = {
    "commodity": "disposal", "network_charge": "network charges", "free_allocation": "policy",
    "power_compensation": "policy", "carbon_contract": "policy",
}  # fmt: skip
"""Kinds of owner that bear another name where they stand beside sectors."""


def compare(results: Sequence[Results]) -> pd.DataFrame:
    """One row per indicator, one column per result, and the difference of each to the first.

    Indicators over the horizon: `cost` (present value), `investment` by sector and `new_capacity` by process. By
    period: `emissions`, `sector_emissions` (of processes), `annual_cost` by sector (what counts in the view),
    `activity` by process, `purchase` by supply and `served_demand` by demand. What is no process stands beside the
    sectors under its kind: storage, link, supply, sales, demand, disposal, network charges, policy.

    The index holds indicator, item, period and unit. What a result does not have is 0, and NaN in a year that it does
    not have. Where horizons differ, the table begins with them (`horizon`: first year, last year, periods), and what
    is counted over the whole horizon has no difference (NaN): a study that ends later costs more for that alone.
    Compare the years that they share instead, or solve all over one horizon.

    Raises ValueError if there are no results, or if their money is of different years.
    """
    if not results:
        raise ValueError("compare needs at least one result")
    currencies = sorted({str(r.data.attrs["currency"]) for r in results})
    if len(currencies) > 1:
        raise ValueError(f"results are in {' and '.join(currencies)}; give the scenarios one currency")
    names = _distinct([r.name for r in results])
    columns = [indicators(r) for r in results]
    if len({tuple(_periods(r)) for r in results}) > 1:
        columns = [pd.concat([_horizon(r), column]) for r, column in zip(results, columns, strict=True)]
    table = _grouped(pd.concat(columns, axis=1, keys=names))
    for name, result in zip(names, results, strict=True):
        known = table.index.get_level_values("period").isin([WHOLE, *_periods(result)])
        table[name] = table[name].where(table[name].notna() | ~known, 0.0)
    first = tuple(_periods(results[0]))
    for name, result in zip(names[1:], results[1:], strict=True):
        change = table[name] - table[names[0]]
        same = tuple(_periods(result)) == first
        table[f"{name} − {names[0]}"] = change.where(same | (table.index.get_level_values("period") != WHOLE))
    return table


def indicators(result: Results) -> pd.Series[float]:
    """The numbers by which one result is compared, indexed by (indicator, item, period, unit)."""
    currency = str(result.data.attrs["currency"])
    rows: dict[tuple[str, str, str, str], float] = {("cost", "present value", WHOLE, currency): result.objective}
    for name, table in _tables(result):
        sums = table.groupby(["item", "at", "unit"], sort=False)["value"].sum().reset_index()
        for item, at, unit, value in sums.itertuples(index=False, name=None):
            rows[name, str(item), str(at), str(unit)] = float(value)
    series = pd.Series(rows)
    series.index.names = ["indicator", "item", "period", "unit"]
    return series


def _horizon(result: Results) -> pd.Series[float]:
    """Between which years a result stands, and in how many periods, indexed as indicators are."""
    years = [float(y) for y in _periods(result)]
    rows = {("first year", "a"): years[0], ("last year", "a"): years[-1], ("periods", "1"): float(len(years))}
    series = pd.Series({("horizon", item, WHOLE, unit): value for (item, unit), value in rows.items()})
    series.index.names = ["indicator", "item", "period", "unit"]
    return series


def _tables(result: Results) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each indicator as tidy values with `item` and `at`, to be added up; empty ones and absent ones are left out."""
    tables = {name: t.assign(at=t["period"].astype(str)) for name, t in result.tables().items() if len(t)}
    if "emissions" in tables:
        yield "emissions", tables["emissions"].assign(item=lambda t: t["emission"])
    if "process_emission" in tables and "process_sector" in result.data.coords:
        sector = _beside(result, "process", "process_sector")
        released = tables["process_emission"]
        yield "sector_emissions", released.assign(item=released["process"].map(sector) + ", " + released["emission"])
    if "investment" in tables:
        yield "investment", tables["investment"].assign(item=lambda t: t["owner"].map(_sectors(result)), at=WHOLE)
    if "annual_cost" in tables:
        counts = _beside(result, "component", "counts")
        paid = tables["annual_cost"].loc[lambda t: t["component"].map(counts)]
        yield "annual_cost", paid.assign(item=lambda t: t["owner"].map(_sectors(result)))
    if "new_capacity" in tables:
        yield "new_capacity", tables["new_capacity"].assign(item=lambda t: t["process"], at=WHOLE)
    for name, dim in BY_ITEM.items():
        if name in tables:
            yield name, tables[name].assign(item=tables[name][dim])


def _beside(result: Results, dim: str, coordinate: str) -> dict[object, object]:
    """What stands beside each label of a dimension."""
    return dict(zip(result.data[dim].values.tolist(), result.data[coordinate].values.tolist(), strict=True))


def _sectors(result: Results) -> dict[object, object]:
    """Sector of each owner that is a process; the kind of every other."""
    sectors, kinds = _beside(result, "owner", "owner_sector"), _beside(result, "owner", "owner_kind")
    return {o: sectors[o] if kind == "process" else KINDS.get(str(kind), kind) for o, kind in kinds.items()}


def _periods(result: Results) -> list[str]:
    return [str(y) for y in result.data["period"].values]


def _grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of one indicator and item together, in order of first appearance, years rising."""
    rank = [pd.factorize(table.index.get_level_values(level))[0] for level in ("indicator", "item", "unit")]
    years = table.index.get_level_values("period").astype(str)
    return table.iloc[np.lexsort((years, rank[2], rank[1], rank[0]))]


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
