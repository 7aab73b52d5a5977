"""Money of a currency and year: EUR2020, kUSD2015, MEUR2025. Years are compared by the EU HICP."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

PREFIXES = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}
_BARE = re.compile(r"\b(k|M|bn)?EUR(?!\w)")


@cache
def indices() -> dict[int, dict[str, float]]:
    """Price index and exchange rates (units per EUR) by year, from the shipped table."""
    text = files("transform_sim").joinpath("data/price_indices.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {int(row.pop("year")): {k: float(v) for k, v in row.items() if v} for row in rows}


@cache
def values() -> dict[str, float]:
    """Value of each money unit in EUR of the last year: other currencies at that year's mean rate, then deflated."""
    table = indices()
    last = table[max(table)]["hicp_eu_index"]
    money: dict[str, float] = {}
    for year, row in table.items():
        rates = {"EUR": 1.0} | {k: v for k, v in row.items() if k != "hicp_eu_index"}
        for name, rate in rates.items():
            for prefix, size in PREFIXES.items():
                money[f"{prefix}{name}{year}"] = size * last / row["hicp_eu_index"] / rate
    return money


def known() -> str:
    """Which money can be written, in words."""
    years = sorted(indices())
    names = [k for k in indices()[2020] if k.isupper()]
    return f"EUR{years[0]} … EUR{years[-1]}, and {', '.join(names)} of years with an exchange rate"


def is_currency(name: str) -> bool:
    """Whether a scenario can count in this money: EUR of a year with a price index."""
    return re.fullmatch(r"EUR\d{4}", name) is not None and name in values()


def looks_like_money(name: str) -> bool:
    """Whether a name is built like money of a year, known or not, or is that of a known currency without a year."""
    match = re.fullmatch(r"(?:k|M|bn)?([A-Z]{3})(\d{4})?", name)
    return match is not None and (match[2] is not None or f"{match[1]}2020" in values())


def in_currency(unit: str, currency: str) -> str:
    """`unit` with a bare EUR, kEUR, MEUR or bnEUR replaced by that of the scenario's currency year."""
    return _BARE.sub(lambda m: (m[1] or "") + currency, unit)
