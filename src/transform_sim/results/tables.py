"""Tidy tables: one row per value, with its unit, for spreadsheets and pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

FINE = ("hour", "day", "run")
PRICES = ("shadow_price", "quota_premium", "capacity_price")
CAPACITY_LIKE = ("capacity", "conversion", "peak")
OWNERS = ("emission", "commodity", "process", "link", "storage", "source", "supply", "sales", "demand", "load",
          "network_charge", "quota", "capacity_margin", "contract", "allocation", "compensation")  # fmt: skip
"""Dimensions whose names have a unit; where an array has several, the first one's counts."""


def tables(data: xr.Dataset) -> dict[str, pd.DataFrame]:
    """All quantities by period (not by step) as tidy frames by name; zero and missing values are left out."""
    return {
        str(name): tidy(array)
        for name, array in data.data_vars.items()
        if "period" in array.dims and not set(FINE) & set(map(str, array.dims))
    }


def tidy(array: xr.DataArray) -> pd.DataFrame:
    """One labelled array as rows of its dimensions, value and unit."""
    values = array.values
    at = np.nonzero(~np.isnan(values) & (values != 0))
    columns = {str(dim): array[dim].values[i] for dim, i in zip(array.dims, at, strict=True)}
    return pd.DataFrame({**columns, "value": values[at], "unit": _units(array, at)})


def _units(array: xr.DataArray, at: tuple[NDArray[np.int64], ...]) -> NDArray[np.object_] | str:
    """Unit of the values at these places: one for all, or that of the plant, the commodity or the trade."""
    units = str(array.attrs.get("units", ""))
    if not units.startswith("see coordinate"):
        return units
    price = str(array.name).startswith(PRICES)
    capacity = not price and any(word in str(array.name) for word in CAPACITY_LIKE)
    kind = "capacity_unit" if capacity else "price_unit" if price else "unit"
    for dim in OWNERS:
        name = f"{dim}_{kind}" if f"{dim}_{kind}" in array.coords else f"{dim}_unit"
        if dim in array.dims and name in array.coords:
            texts = [u if capacity or price else f"{u}/a" for u in map(str, array[name].values)]
            return np.array(texts, dtype=object)[at[array.dims.index(dim)]]
    return units
