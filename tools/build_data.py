"""Writes the shipped series and clusterings of Germany 2025 to `src/transform_sim/data/`.

    pip install -e ".[days]"
    python tools/build_data.py --source FOLDER

FOLDER holds `timeseries_de_2025_smard.csv` (hourly, `time_utc` from 2024-12-31T23Z, the columns of `COLUMNS`).
Origin, licence and attribution of what is written stand in NOTICE; why the days are chosen in this way stands in
docs/decisions/ (representative days).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from transform_sim.timeseries.clustering import choose_days, extreme_days
from transform_sim.timeseries.days import daily_mean, peak_hour
from transform_sim.timeseries.grid import Floats, Ints
from transform_sim.timeseries.profiles import load_profile

SOURCE = "timeseries_de_2025_smard.csv"
TARGET = Path(__file__).parents[1] / "src" / "transform_sim" / "data"
# shipped column: (source column, decimals); capacity factors and prices as published, load to the MW
COLUMNS = {
    "wind_onshore": ("cf_wind_onshore", 5),
    "wind_offshore": ("cf_wind_offshore", 5),
    "solar_pv": ("cf_solar_pv", 5),
    "price": ("price_day_ahead_eur_mwh", 2),
    "load": ("load_mw", 0),
}
# MW by which the source divided generation to get its capacity factors
CAPACITY = {"wind_onshore": 63_403.0, "wind_offshore": 9_215.0, "solar_pv": 86_952.0}
COUNTS = (2, 3, 4, 6, 8, 12, 16, 24)
PRICE_WEIGHT = 1.5


def series_rows(source: Path) -> list[list[str]]:
    """The shipped table of hourly series, header first."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != 8760 or rows[0]["time_utc"] != "2024-12-31T23:00:00Z":
        raise SystemExit(f"{source}: expected the 8760 hours of 2025 in CET, from 2024-12-31T23:00:00Z")
    table = [["hour", *COLUMNS]]
    for hour, row in enumerate(rows):
        table.append([str(hour), *(_plain(float(row[name]), digits) for name, digits in COLUMNS.values())])
    return table


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shipped_extremes(series: dict[str, Floats]) -> list[int]:
    """Days of `peak_residual_load` (highest hour of load − wind − sun) and `low_wind_and_sun` (lowest daily mean)."""
    generation = sum((series[name] * mw for name, mw in CAPACITY.items()), np.zeros(8760))
    return extreme_days([peak_hour(series["load"] - generation), -daily_mean(generation)])


def clusterings(series: dict[str, Floats]) -> dict[str, Ints]:
    """For each count, without and with (`_keep`) the extremes, the day that stands for each day."""
    onshore, offshore = CAPACITY["wind_onshore"], CAPACITY["wind_offshore"]
    wind = (series["wind_onshore"] * onshore + series["wind_offshore"] * offshore) / (onshore + offshore)
    features = np.array([series["price"], wind, series["solar_pv"], series["load"]])
    weights = (PRICE_WEIGHT, 1.0, 1.0, 1.0)
    extremes = shipped_extremes(series)
    found = {}
    for count in COUNTS:
        found[f"{count}"] = choose_days(features, count, weights=weights)
        if count > len(extremes):
            found[f"{count}_keep"] = choose_days(features, count, extremes, weights)
    return found


def write(target: Path, rows: list[list[str]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the shipped series and clusterings of Germany 2025.")
    parser.add_argument("--source", type=Path, required=True, help=f"folder that holds {SOURCE}")
    source = parser.parse_args().source / SOURCE
    write(TARGET / "de_2025.csv", series_rows(source))
    # the days are chosen from what is shipped, so that anyone can choose them again
    found = clusterings({name: load_profile(f"package:de_2025/{name}") for name in COLUMNS})
    days = np.column_stack(list(found.values()))
    write(TARGET / "de_2025_days.csv", [list(found), *days.astype(str).tolist()])


if __name__ == "__main__":
    main()
