"""Readable summaries of results, as text and as HTML."""

from __future__ import annotations

import json
from html import escape

import numpy as np
import xarray as xr

COUNTS = {"bn ": 1e9, "m ": 1e6, "k ": 1e3}
"""How large amounts of money are counted."""
WRITTEN_OUT = 1e4
"""Below this, money is written without a count."""


def lines(data: xr.Dataset) -> list[tuple[str, str]]:
    """What a reader wants to know first: label and text."""
    currency = data.attrs["currency"]
    certificate, solver = json.loads(data.attrs["certificate"]), json.loads(data.attrs["solver"])
    periods = data["period"].values
    rows = [
        ("Cost", f"{money(data.attrs['objective'], currency)}, present value, {data.attrs['view']} view"),
        ("Years", ", ".join(map(str, periods))),
    ]
    if "emissions" in data:
        total = data["emissions"].sum("node")
        for e in total["emission"].values:
            # less than a tonne is what rounding leaves of a balance
            amounts = (number(v / 1e6 if abs(v) >= 1 else 0.0) for v in total.sel(emission=e).values)
            rows.append((f"{e}", " → ".join(amounts) + " Mt/a"))
    if "new_capacity" in data:
        built = data["new_capacity"].sum(["region", "period"])
        units = data["process_capacity_unit"].values
        parts = [
            f"{p} {number(v)} {u}"
            for p, v, u in zip(built["process"].values, built.values, units, strict=True)
            if v > 1e-6
        ]
        rows.append(("Built", "; ".join(parts) or "nothing"))
    rows.append(("Proof", f"{certificate['summary']}"))
    rows.append(
        ("Solved", f"{solver['columns']:,} columns by {solver['solver']} {solver['method']} in {solver['seconds']} s")
    )
    rows += [("Note", w) for w in json.loads(data.attrs["warnings"])]
    return rows


def text(data: xr.Dataset) -> str:
    """Plain text for the console."""
    rows = lines(data)
    width = max(len(label) for label, _ in rows)
    title = data.attrs["title"] or data.attrs["scenario"]
    body = "\n".join(f"  {label:<{width}}  {value}" for label, value in rows)
    names = ", ".join(str(v) for v in data.data_vars if not str(v).endswith(("_hour", "_day", "_run")))
    return f"Results of {title}\n{body}\n  Quantities: {names}"


def html(data: xr.Dataset) -> str:
    """A small table for notebooks; all texts escaped."""
    title = escape(str(data.attrs["title"] or data.attrs["scenario"]))
    cells = "".join(
        f"<tr><th style='text-align:left'>{escape(label)}</th><td style='text-align:left'>{escape(value)}</td></tr>"
        for label, value in lines(data)
    )
    return f"<h4>Results of {title}</h4><table>{cells}</table>"


def counted(largest: float) -> tuple[float, str]:
    """What to divide money by, and how it is counted then: 4.4e9 → (1e9, 'bn '), 250,000 → (1e3, 'k ').

    All texts, tables and figures take their unit of money from here.
    """
    size = abs(largest)
    return next(((s, name) for name, s in COUNTS.items() if size >= max(s, WRITTEN_OUT)), (1.0, ""))


def money(value: float, currency: str) -> str:
    """An amount of money for the console: '4.36 bn EUR2020', '8.2 m EUR2020', '750 EUR2020'."""
    size, count = counted(value)
    return f"{number(value / size)} {count}{currency}"


def number(value: float) -> str:
    """Three significant digits, or all before the point; no exponent for ordinary sizes."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    return f"{round(value, digits):,.{min(digits, 6)}f}"
