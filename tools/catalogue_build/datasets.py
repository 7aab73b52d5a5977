"""Numbers drawn from the open CSV files: which row is meant, its unit, its source, its licence."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from transform_sim.scenario.problems import did_you_mean

from .drawn import DrawError, Drawn, Points, scaled
from .origins import LICENCES, ORIGINS, most_demanding, of_repository
from .units import ours

Row = dict[str, str]


@dataclass(frozen=True)
class Data:
    """The folder of open CSV files."""

    folder: Path

    def draw(self, wish: Mapping[str, Any]) -> Drawn:
        """The numbers that a `data:` mapping asks for, in its `unit` and times its `factor`; raises DrawError."""
        drawers: dict[str, Callable[[Mapping[str, Any]], Drawn]] = {
            "technology_costs": self._technology_costs,
            "industry_routes_summary": self._routes_summary,
            "process_parameters": self._process_parameters,
            "emission_factors": self._emission_factors,
            "price_trajectories": self._price_trajectories,
        }
        return scaled(drawers[wish["data"]](wish), wish)

    def rows(self, name: str) -> list[Row]:
        """All rows of one of the CSV files."""
        return _rows(self.folder / f"{name}.csv")

    def _picked(self, name: str, **wanted: Any) -> list[Row]:
        rows = self.rows(name)
        for column, text in wanted.items():
            if text is None:
                continue
            kept = [row for row in rows if row[column] == str(text)]
            if not kept:
                known = did_you_mean(text, {row[column] for row in rows})
                raise DrawError(f"{name} has no row with {column} '{text}'{known}")
            rows = kept
        return rows

    def _technology_costs(self, wish: Mapping[str, Any]) -> Drawn:
        rows = self._picked("technology_costs", technology=wish["technology"], parameter=wish["parameter"])
        return _by_year(rows, wish, lambda row: _via(row["source"], "technology-data"), "technology-data")

    def _price_trajectories(self, wish: Mapping[str, Any]) -> Drawn:
        wanted = {key: wish.get(key) for key in ("scenario", "carrier", "kind")}
        rows = self._picked("price_trajectories", **wanted)
        money = {re.search(r"EUR\d{4}", row["price_basis"].split("(")[0]) for row in rows}
        years = {match[0] for match in money if match}
        if len(years) != 1 or None in money:
            raise DrawError("the rows do not state one price year; quote the number with its year instead")
        origin = of_repository(rows[0]["origin"])
        if origin is None:
            raise DrawError(f"unknown origin '{rows[0]['origin']}'")
        return _by_year(rows, wish, lambda row: _via(row["source"], origin), origin, years.pop())

    def _routes_summary(self, wish: Mapping[str, Any]) -> Drawn:
        wanted = {key: wish.get(key) for key in ("sector", "route", "parameter", "item")}
        row = _one(self._picked("industry_routes_summary", **wanted), wish)
        if row["parameter"] not in ("input", "output", "emission"):
            raise DrawError(f"parameter '{row['parameter']}' is no flow")
        sign = -1 if row["parameter"] == "input" else 1
        low, value, high = sorted(sign * float(row[key]) for key in ("low", "central", "high"))
        cited = list(dict.fromkeys(self._cited(ref) for ref in re.split(r"\s*;\s*|\+", row["refs"])))
        origins = frozenset(origin for _, origin in cited)
        chosen = row["central_rule"] in row["refs"].split(" ; ") or row["n_values"] == "1"
        rule = "" if chosen else f"; {row['central_rule']} of {row['n_values']} values"
        return Drawn(
            {None: value},
            _unit(row["unit"]),
            "; ".join(source for source, _ in cited) + rule,
            most_demanding([ORIGINS[origin].licence for origin in origins]),
            "opened" if chosen and not re.search(r"[+*]|1/", row["refs"]) else "computed",
            low if low < high else None,
            high if low < high else None,
            row["note"],
            origins,
        )

    def _cited(self, ref: str) -> tuple[str, str]:
        """(source, dataset) of one reference of the summary."""
        ref = re.sub(r"\*[\d.-]+$", "", ref.strip()).removeprefix("1/")
        if ref.startswith("tc:"):
            technology, parameter = ref[3:].split("|")
            rows = self._picked("technology_costs", technology=technology, parameter=parameter, year=2030)
            return _via(rows[0]["source"], "technology-data"), "technology-data"
        row = self._picked("process_parameters", id=ref)[0]
        return _named(row), row["dataset"]

    def _process_parameters(self, wish: Mapping[str, Any]) -> Drawn:
        row = _one(self._picked("process_parameters", id=wish["id"]), wish)
        standard = bool(row["value_std"])
        number, unit = (row["value_std"], row["unit_std"]) if standard else (row["value"], row["unit"])
        origin = ORIGINS[row["dataset"]]
        note = f"as reported: {row['as_reported']}" if standard and row["as_reported"] else ""
        source = _named(row)
        return Drawn(
            {None: float(number)}, _unit(unit), source, origin.licence, note=note, origins=frozenset({row["dataset"]})
        )

    def _emission_factors(self, wish: Mapping[str, Any]) -> Drawn:
        rows = self._picked("emission_factors", carrier=wish["carrier"])
        rows = [row for row in rows if str(wish.get("source_contains", "")) in row["source"]]
        row = _one(rows, wish)
        licence = row["licence"].split(" (")[0] if row["licence"] in LICENCES else "quoted"
        origin = of_repository(row["origin"])
        source = _via(row["source"], origin) if origin else row["source"]
        return Drawn(
            {None: float(row["value"])}, _unit(row["unit"]), source, licence, note=row["comment"],
            origins=frozenset({origin} if origin else ()),
        )  # fmt: skip


KEYS = {
    "technology_costs": ("technology", "parameter", "years", "year"),
    "industry_routes_summary": ("sector", "route", "parameter", "item"),
    "process_parameters": ("id",),
    "emission_factors": ("carrier", "source_contains"),
    "price_trajectories": ("scenario", "carrier", "kind", "years", "year"),
}
"""What a `data:` mapping may say beside unit and factor, by file."""


def check_wish(wish: Mapping[str, Any]) -> None:
    """What can be said of a `data:` mapping without the data; raises DrawError."""
    if wish["data"] not in KEYS:
        raise DrawError(f"unknown data '{wish['data']}'{did_you_mean(wish['data'], KEYS)}")
    allowed = {"data", "unit", "factor", *KEYS[wish["data"]]}
    wrong = [key for key in wish if key not in allowed]
    if wrong:
        raise DrawError(f"key '{wrong[0]}' does not belong to {wish['data']}{did_you_mean(wrong[0], allowed)}")


@cache
def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _one(rows: list[Row], wish: Mapping[str, Any]) -> Row:
    if len(rows) != 1:
        raise DrawError(f"{len(rows)} rows of {wish['data']} answer; name one")
    return rows[0]


def _by_year(
    rows: list[Row], wish: Mapping[str, Any], source: Callable[[Row], str], origin: str, money: str | None = None
) -> Drawn:
    years = [wish["year"]] if "year" in wish else list(wish.get("years") or ())
    if not years:
        raise DrawError("name the years, such as years: [2030, 2040, 2050]")
    found = {int(row["year"]): row for row in rows if row["year"]}
    missing = [str(year) for year in years if year not in found]
    if missing:
        raise DrawError(f"{wish['data']} has no such row for {', '.join(missing)}; there are {sorted(found)}")
    if len(rows) != len(found):
        raise DrawError("more than one row answers for a year; name one")
    picked = [found[year] for year in years]
    units = {row["unit"] for row in picked}
    if len(units) != 1:
        raise DrawError(f"the rows have several units: {', '.join(sorted(units))}")
    points: Points = {year: float(found[year]["value"]) for year in years}
    if len(set(points.values())) == 1:
        points = {None: points[years[0]]}
    sources = "; ".join(dict.fromkeys(source(row) for row in picked))
    unit = _unit(units.pop(), money)
    return Drawn(points, unit, sources, ORIGINS[origin].licence, origins=frozenset({origin}))


def _unit(written: str, money: str | None = None) -> str:
    unit = ours(written, money)
    if unit is None:
        raise DrawError(f"unit '{written}' of the row is not in the table of units")
    return unit


def _via(source: str, dataset: str) -> str:
    """The publication a row names, and the dataset it was read in."""
    source = " ".join(source.split()).strip(" ,;.")
    name = ORIGINS[dataset].name
    return f"{source}, in {name}" if source and source != name else name


def _named(row: Row) -> str:
    """The publication of a row of process_parameters; where a row holds a sentence, the works and addresses in it."""
    source = row["source"]
    if row["dataset"] == "PyPSA-Eur config":
        works = re.findall(r"[A-Z][\w.-]+(?: et al| and [A-Z][\w-]+)?\.? \(\d{4}\)|https?://[^\s)]+", source)
        source = ", ".join([*works, row["comment"]])
    return _via(source, row["dataset"])
