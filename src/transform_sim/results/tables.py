"""Tidy tables: one row per value, with its unit, for spreadsheets and pandas."""

from __future__ import annotations

import pandas as pd
import xarray as xr

FINE = ("hour", "day", "run")
CAPACITY_LIKE = ("capacity", "conversion")
OWNERS = ("emission", "commodity", "process", "link", "storage", "source", "supply", "sales", "demand")
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
    units = _units(array)
    plain = array.reset_coords(drop=True).rename("value")
    frame = plain.to_dataframe().reset_index()
    frame["unit"] = (
        units.reindex_like(plain).to_series().to_numpy() if units is not None else array.attrs.get("units", "")
    )
    return frame[frame["value"].notna() & (frame["value"] != 0)].reset_index(drop=True)


def _units(array: xr.DataArray) -> xr.DataArray | None:
    """Unit of each value where it differs along a dimension: of the plant, the commodity or the trade."""
    if not str(array.attrs.get("units", "")).startswith("see coordinate"):
        return None
    capacity = any(word in str(array.name) for word in CAPACITY_LIKE)
    price = str(array.name).startswith("shadow_price")
    kind = "capacity_unit" if capacity else "price_unit" if price else "unit"
    for dim in OWNERS:
        name = f"{dim}_{kind}" if f"{dim}_{kind}" in array.coords else f"{dim}_unit"
        if dim in array.dims and name in array.coords:
            unit = array[name].astype(str).reset_coords(drop=True)
            texts = [u if capacity or price else f"{u}/a" for u in unit.values]
            text = xr.DataArray(texts, dims=[dim], coords={dim: array[dim]})
            return text.reset_coords(drop=True).broadcast_like(array.reset_coords(drop=True))
    return None
