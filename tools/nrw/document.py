"""Puts the totals into scenarios/data/README.md, between its markers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from .heat import Account

BASE_YEAR, BALANCE, END = "<!-- base year -->", "<!-- balance -->", "<!-- end -->"


def update(
    readme: Path, base: Sequence[Mapping[str, object]], books: Sequence[Account], demand: Sequence[Mapping[str, object]]
) -> None:
    """Rewrites the two tables of totals. Raises ValueError where a marker is missing."""
    text = readme.read_text(encoding="utf-8")
    text = _between(text, BASE_YEAR, _base_table(base))
    text = _between(text, BALANCE, _balance_table(books) + "\n" + _demand_table(demand))
    readme.write_text(text, encoding="utf-8")


def _between(text: str, marker: str, table: str) -> str:
    if text.count(marker) != 1:
        raise ValueError(f"the marker {marker} must stand once")
    text = re.sub(f"{marker}.*?{END}\n", f"{marker}\n", text, flags=re.DOTALL)
    return text.replace(f"{marker}\n", f"{marker}\n\n{table}\n{END}\n")


def _base_table(base: Sequence[Mapping[str, object]]) -> str:
    names = ("process", "product", "Mt/a", "still running", "Mt CO₂e by factor", "in the register", "from")
    return f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n" + "".join(
        f"| {r['process']} | {r['product']} "
        + "".join(f"| {_mega(r[key])} " for key in ("production", "running", "emissions", "register_2018"))
        + f"| {r['source']} |\n"
        for r in base
    )


def _balance_table(books: Sequence[Account]) -> str:
    head = "| carriers | balance | named | rest |\n|---|---|---|---|\n"
    return head + "".join(f"| {a.group} | {a.balance:.2f} | {a.named:.2f} | {a.rest:.2f} |\n" for a in books)


def _demand_table(demand: Sequence[Mapping[str, object]]) -> str:
    regions = list(dict.fromkeys(str(d["region"]) for d in demand))
    values = {(d["demand"], d["region"]): float(str(d["value"])) for d in demand}
    text = f"| TWh/a | {' | '.join(regions)} | state |\n|---|{'---|' * len(regions)}---|\n"
    for name in dict.fromkeys(d["demand"] for d in demand):
        row = [values[name, region] for region in regions]
        text += f"| {name} | {' | '.join(f'{v:.2f}' for v in row)} | {sum(row):.2f} |\n"
    return text


def _mega(value: object) -> str:
    return f"{float(str(value)) / 1e6:.3f}" if value else "–"
