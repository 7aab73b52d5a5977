"""Several results side by side: indicators on common axes, with differences to the first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from . import Results

BY_PERIOD = {"emissions": "emission", "activity": "process", "purchase": "supply", "served_demand": "demand"}


def compare(results: Sequence[Results]) -> pd.DataFrame:
    """One row per indicator, one column per result, and the difference of each to the first.

    Indicators: `cost` (present value), by period `emissions`, `activity` by process, `purchase` by supply and
    `served_demand` by demand, and over the horizon `new_capacity` by process. Money must be of one currency year.
    The index holds indicator, item, period and unit.
    """
    if not results:
        raise ValueError("compare needs at least one result")
    currencies = sorted({str(r.data.attrs["currency"]) for r in results})
    if len(currencies) > 1:
        raise ValueError(f"results are in {' and '.join(currencies)}; give the scenarios one currency")
    names = _distinct([r.name for r in results])
    table = pd.concat([indicators(r) for r in results], axis=1, keys=names).fillna(0.0)
    for name in names[1:]:
        table[f"{name} − {names[0]}"] = table[name] - table[names[0]]
    return table


def indicators(result: Results) -> pd.Series[float]:
    """The numbers by which one result is compared, indexed by (indicator, item, period, unit)."""
    rows: dict[tuple[str, str, str, str], float] = {
        ("cost", "present value", "all", str(result.data.attrs["currency"])): result.objective
    }
    tables = result.tables()
    for name, dim in BY_PERIOD.items():
        if name in tables:
            rows |= _sums(name, tables[name].assign(item=tables[name][dim], at=tables[name]["period"].astype(str)))
    if "new_capacity" in tables:
        rows |= _sums("new_capacity", tables["new_capacity"].assign(item=lambda t: t["process"], at="all"))
    series = pd.Series(rows)
    series.index.names = ["indicator", "item", "period", "unit"]
    return series


def _sums(name: str, table: pd.DataFrame) -> dict[tuple[str, str, str, str], float]:
    sums = table.groupby(["item", "at", "unit"], sort=False)["value"].sum().reset_index()
    return {
        (name, str(item), str(at), str(unit)): float(value)
        for item, at, unit, value in sums.itertuples(index=False, name=None)
    }


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
