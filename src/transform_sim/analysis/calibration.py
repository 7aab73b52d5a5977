"""Modelled against verified emissions, group by group of permits: what confirms a study, and what was fitted to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.errors import FilesError, TransformSimError
from transform_sim.results import Results

VALIDATION, FITTED, RESIDUAL, OUTSIDE = "validation", "fitted", "residual", "outside"
TOLERANCE = 10.0
"""Deviation in per cent beyond which a row needs an explanation."""
UNEXPLAINED = "unexplained"
BESIDES = "purchases and disposal"
TEXTS = ("sector", "product", "activity", "emitters", "independent", "fitted", "source", "boundary", "difference")
MEGA = 1e6
NOISE = 1e-9

Pairs = set[tuple[str, str]]


def calibration(results: Results, register: str | Path | pd.DataFrame, *, period: int | None = None) -> pd.DataFrame:
    """Emissions of a year as modelled beside those that were verified, one row per group of permits.

    Args:
        results: of a study that runs the existing plants at the activity of the year of the register.
        register: a table, or the path of a CSV file (lines with # are comments), with one row per group of permits:
            `sector`, `product`; `verified` (t CO₂e/a); `activity` and `emitters`, the processes whose activity is shown
            and whose emissions are counted, with blanks between them, `process@region` for a part of its plants;
            `independent` (yes, no): whether the activity was found without the register; `fitted`: what of the row was
            set so that the register comes out, `residual` for a data row that fills a gap, empty if nothing;
            `source` of the activity; `boundary`: what the permits hold; `difference`: what only one side holds.
        period: the first if absent.

    Returns `sector`, `product`, `activity` (modelled) with `unit` and `source`, `independent`, `fitted`, `boundary`,
    `modelled` and `verified` (Mt CO₂e/a), `deviation` (%), `kind`, `explanation`. Kind is `validation` only where
    nothing was fitted; `residual` fills a gap by definition; all others in the register are `fitted`. What emits and
    stands in no row follows as `outside`, so that `modelled` adds up to the net emission. A deviation beyond 10 % has
    the row's `difference` as explanation, or `unexplained`.

    Raises FilesError for a file that cannot be read, TransformSimError for a register that contradicts itself or names
    processes and regions that the results do not have, or one plant twice.
    """
    table = _read(register)
    year = int(results.data["period"].values[0]) if period is None else period
    emitted, run = _by_plant(results, "process_emission", year), _by_plant(results, "activity", year)
    rows, used = [], set[tuple[str, str]]()
    for line in table.to_dict("records"):
        own = _pairs(str(line["emitters"]), emitted, str(line["product"]))
        if both := used & own:
            raise _wrong(f"{sorted(both)[0]} stands in two rows, the second is {line['product']}")
        used |= own
        amount = emitted[[p in own for p in emitted.index]].sum()
        rows.append(_row({str(k): v for k, v in line.items()}, float(amount), run, results))
    rows += _outside(results, emitted[[p not in used for p in emitted.index]], year)
    return pd.DataFrame(rows)


def _read(register: str | Path | pd.DataFrame) -> pd.DataFrame:
    if isinstance(register, pd.DataFrame):
        table = register.copy()
    else:
        try:
            table = pd.read_csv(register, comment="#")
        except (OSError, ValueError) as error:
            raise FilesError(f"register '{register}' cannot be read — {error}") from error
    if lost := [c for c in (*TEXTS, "verified") if c not in table]:
        raise _wrong(f"column {lost[0]} is missing")
    table[list(TEXTS)] = table[list(TEXTS)].fillna("").astype(str)
    return table


def _wrong(what: str) -> TransformSimError:
    return TransformSimError(f"register of a calibration — {what} — correct the table")


def _by_plant(results: Results, name: str, year: int) -> pd.Series[float]:
    """Amounts of one year by (process, region); of emissions the first, that of plants."""
    if name not in results.data or "region" not in results.data[name].dims:
        raise TransformSimError(f"calibration of {results.name} — there is no '{name}' — solve a study that has it")
    if year not in results.data["period"].values:
        raise TransformSimError(f"calibration of {results.name} — there is no period {year} — choose one of the study")
    array = results.data[name].sel(period=year)
    if "emission" in array.dims:
        array = array.sel(emission=str(results.data["emissions"]["emission"].values[0]))
    summed = array.sum([d for d in array.dims if d not in ("process", "region")]).transpose("process", "region")
    index = pd.MultiIndex.from_product([[str(x) for x in summed[d].values] for d in ("process", "region")])
    return pd.Series(summed.values.reshape(-1), index=index, dtype=float)


def _pairs(text: str, known: pd.Series[float], product: str) -> Pairs:
    """The (process, region) pairs that a row names."""
    found: Pairs = set()
    for part in text.split():
        process, _, region = part.partition("@")
        own = {(p, r) for p, r in known.index if p == process and region in ("", r)}
        if not own:
            raise _wrong(f"'{part}' of {product} is nothing that the results have")
        found |= own
    return found


def _row(line: dict[str, object], emitted: float, run: pd.Series[float], results: Results) -> dict[str, object]:
    text = {name: str(line[name]) for name in TEXTS}
    verified = float(str(line["verified"]))
    deviation = 100.0 * (emitted / verified - 1.0) if verified > 0 else np.nan
    pairs = _pairs(text["activity"], run, text["product"])
    units = {str(results.data["process_unit"].sel(process=p).item()) for p, _ in pairs}
    far = abs(deviation) > TOLERANCE
    return {
        "sector": text["sector"], "product": text["product"],
        "activity": float(run[[p in pairs for p in run.index]].sum()) if pairs else np.nan,
        "unit": f"{units.pop()}/a" if len(units) == 1 else "", "source": text["source"],
        "independent": text["independent"] == "yes", "fitted": text["fitted"], "boundary": text["boundary"],
        "modelled": emitted / MEGA, "verified": verified / MEGA, "deviation": deviation, "kind": _kind(text),
        "explanation": (text["difference"] or UNEXPLAINED) if far else "",
    }  # fmt: skip


def _kind(text: dict[str, str]) -> str:
    if text["independent"] not in ("yes", "no"):
        raise _wrong(f"independent of {text['product']} is '{text['independent']}', not yes or no")
    if (text["independent"] == "yes") == ("activity" in text["fitted"] or text["fitted"] == RESIDUAL):
        raise _wrong(f"{text['product']}: the activity is either independent or fitted")
    if text["fitted"] == RESIDUAL:
        return RESIDUAL
    return FITTED if text["fitted"] else VALIDATION


def _outside(results: Results, left: pd.Series[float], year: int) -> Iterator[dict[str, object]]:
    """What emits and is in no row: plants by process, then what purchases and disposal release."""
    net: xr.DataArray = results.data["emissions"].isel(emission=0).sel(period=year)
    plants = float(_by_plant(results, "process_emission", year).sum())
    by_process = left.groupby(level=0, sort=False).sum()
    besides = float(net.sum()) - plants
    sectors = results.data["process_sector"] if "process_sector" in results.data.coords else None
    named = {str(p): str(sectors.sel(process=p).item()) if sectors is not None else "" for p in by_process.index}
    for product, amount in [*by_process.items(), (BESIDES, besides)]:
        if abs(amount) > NOISE * max(abs(plants), 1.0):
            yield {
                "sector": named.get(str(product), ""), "product": str(product), "activity": np.nan, "unit": "",
                "source": "", "independent": False, "fitted": "", "boundary": "not in the register",
                "modelled": amount / MEGA, "verified": np.nan, "deviation": np.nan, "kind": OUTSIDE, "explanation": "",
            }  # fmt: skip
