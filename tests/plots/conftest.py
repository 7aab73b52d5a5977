"""Results of a made-up steel region, with numbers of the size of a real one; no solver is needed to draw them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
import xarray as xr

from transform_sim.results import Results

PERIODS = (2025, 2030, 2035, 2040, 2045, 2050)
DAYS = {"2025-01-22": 71, "2025-05-11": 120, "2025-07-03": 109, "2025-11-08": 65}
UNITS = {
    "crude_steel": "t", "coal": "MWh", "natural_gas": "MWh", "electricity": "MWh", "hydrogen": "MWh", "scrap": "t",
    "hbi": "t", "pellets": "t",
}  # fmt: skip
SECTORS = {"electrolysis": "hydrogen", "onshore_wind": "power", "solar_pv": "power"}
"""All others make steel."""
ROUTES = {
    "bf_bof": "BF-BOF", "bf_bof_ccs": "BF-BOF+CCS", "dri_eaf": "DRI-EAF", "scrap_eaf": "Scrap-EAF",
    "hbi_eaf": "HBI-EAF", "electrolysis": "Electrolysis", "onshore_wind": "Wind", "solar_pv": "Solar",
}  # fmt: skip
SUPPLY = {
    "grid_power": "electricity", "natural_gas": "natural_gas", "coal": "coal", "scrap": "scrap", "hbi": "hbi",
    "hydrogen_import": "hydrogen", "pellets": "pellets",
}  # fmt: skip
# Mt/a by route
STEEL = {
    "bf_bof": [15.4, 9.4, 3.3, 0.0, 0.0, 0.0],
    "bf_bof_ccs": [0.0, 1.0, 1.0, 1.0, 0.0, 0.0],
    "dri_eaf": [0.0, 2.25, 6.75, 8.02, 8.74, 7.53],
    "scrap_eaf": [0.0, 2.0, 2.38, 2.75, 2.73, 2.73],
    "hbi_eaf": [0.0, 0.45, 1.36, 2.73, 2.73, 3.64],
}
# per t of steel
USE = {
    "bf_bof": {"coal": 5.45, "natural_gas": 0.217, "electricity": 0.10, "scrap": 0.15, "pellets": 0.32},
    "bf_bof_ccs": {"coal": 5.45, "natural_gas": 1.41, "scrap": 0.15, "pellets": 0.32},
    "dri_eaf": {"electricity": 1.10, "pellets": 1.5},
    "scrap_eaf": {"electricity": 0.55, "scrap": 1.1},
    "hbi_eaf": {"electricity": 0.75, "hbi": 1.1},
}
HYDROGEN = [0.0, 0.1, 0.2, 0.6, 0.98, 1.0]  # share of hydrogen in direct reduction
CO2 = {"bf_bof": 1.93, "bf_bof_ccs": 0.765, "scrap_eaf": 0.06, "hbi_eaf": 0.04}
COST = {  # bn EUR2020 a year; payer, receiver, kind, counts
    "investment": ([0.0, 1.9, 1.6, 1.3, 0.9, 0.5], "resource", True),
    "reinvestment": ([0.0, 1.2, 0.4, 0.2, 0.3, 0.1], "resource", True),
    "financing": ([0.0, 0.8, 0.5, 0.4, 0.3, 0.1], "transfer", True),
    "fixed_opex": ([1.9, 1.7, 1.5, 1.4, 1.3, 1.3], "resource", True),
    "variable_opex": ([0.31, 0.3, 0.3, 0.29, 0.28, 0.28], "resource", True),
    "supply_price": ([4.2, 4.9, 5.0, 5.3, 5.4, 5.2], "resource", True),
    "sale_price": ([0.0, -0.1, -0.2, -0.2, -0.15, -0.1], "resource", True),
    "carbon_price": ([1.8, 2.3, 1.4, 0.9, 0.1, 0.1], "transfer", True),
    "levy": ([0.01, 0.02, 0.03, 0.03, 0.03, 0.03], "transfer", False),
}


def array(values: object, **coords: Sequence[object]) -> xr.DataArray:
    return xr.DataArray(np.array(values, dtype=float), coords=dict(coords), dims=list(coords))


def by_period(table: Mapping[str, Sequence[float]], dim: str, periods: Sequence[int], **one: str) -> xr.DataArray:
    """A table name → values by period, with further dimensions of a single label."""
    values = np.array([list(v) for v in table.values()]).reshape(len(table), len(periods))
    flat = xr.DataArray(values, coords={dim: list(table), "period": list(periods)}, dims=[dim, "period"])
    return flat.expand_dims({k: [v] for k, v in one.items()})


def flows() -> dict[tuple[str, str], np.ndarray]:
    """Made (+) and used (−) by commodity and process."""
    out: dict[tuple[str, str], np.ndarray] = {}
    share = np.array(HYDROGEN)
    for process, made in STEEL.items():
        steel = np.array(made) * 1e6
        out["crude_steel", process] = steel
        for commodity, per in USE[process].items():
            out[commodity, process] = -per * steel
    shaft = np.array(STEEL["dri_eaf"]) * 1e6
    out["hydrogen", "dri_eaf"] = -1.733 * share * shaft
    out["natural_gas", "dri_eaf"] = -(2.9 - 2.85 * share) * shaft
    out["electricity", "electrolysis"] = -np.array([0, 0.6, 1.5, 3.0, 5.0, 5.5]) * 1e6
    out["hydrogen", "electrolysis"] = -0.65 * out["electricity", "electrolysis"]
    out["electricity", "onshore_wind"] = np.array([0, 4.56, 4.56, 4.56, 4.56, 4.56]) * 1e6
    out["electricity", "solar_pv"] = np.array([0, 2.82, 2.82, 2.82, 2.82, 2.82]) * 1e6
    return out


def annual(periods: Sequence[int]) -> dict[str, xr.DataArray]:
    """Everything that an annual study has."""
    y = [PERIODS.index(p) for p in periods]
    values = np.zeros((len(UNITS), len(ROUTES), 1, len(periods)))
    for (commodity, process), path in flows().items():
        values[list(UNITS).index(commodity), list(ROUTES).index(process), 0] = path[y]
    flow = array(values, commodity=list(UNITS), process=list(ROUTES), region=["ruhr"], period=list(periods))
    missing = (-flow.sum(["process", "region"])).clip(min=0.0)
    bought = {s: missing.sel(commodity=c).values for s, c in SUPPLY.items()}
    emitted = {p: np.array(STEEL[p])[y] * 1e6 * per for p, per in CO2.items()}
    emitted["dri_eaf"] = np.array(STEEL["dri_eaf"])[y] * 1e6 * (0.6 - 0.57 * np.array(HYDROGEN)[y])
    process_emission = by_period(emitted, "process", periods, emission="co2", region="ruhr")
    demand = flow.sel(commodity="crude_steel").sum(["process", "region"]).values
    counts = {k: [v[i] for i in y] for k, (v, *_) in COST.items()}
    weight = xr.DataArray(4.6 * 0.86 ** np.arange(len(periods)), coords={"period": list(periods)}, dims=["period"])
    cost = by_period(counts, "component", periods) * 1e9 * weight
    notes = {"kind": [k for _, k, _ in COST.values()], "counts": [c for *_, c in COST.values()]}
    capacity = {p: np.array(v)[y] * 1e6 / 0.9 for p, v in STEEL.items()}
    capacity |= {"electrolysis": np.array([0, 100, 300, 700, 1200, 1300.0])[y], "onshore_wind": np.full(len(y), 2700.0)}
    capacity |= {"solar_pv": np.full(len(y), 3300.0)}
    return {
        "flow": flow,
        "purchase": by_period(bought, "supply", periods, node="nrw"),
        "served_demand": by_period({"crude_steel": demand}, "demand", periods, node="nrw"),
        "process_emission": process_emission,
        "emissions": process_emission.sum(["process", "region"]).expand_dims(node=["ruhr"]),
        "carbon_price": array(np.array([60, 113, 130, 147, 158, 168.0])[y], period=list(periods)),
        "cap_price": array(np.array([[0, 0, 0, 14.0, 96.0, 71.0]])[:, y], node=["ruhr"], period=list(periods)),
        "cost": cost.assign_coords({k: ("component", v) for k, v in notes.items()}),
        "annual_cost": annual_cost(cost / weight),
        "shadow_price": prices(y, periods),
        "capacity": by_period(capacity, "process", periods, region="ruhr"),
        **campaigns(y, periods),
    }


def annual_cost(yearly: xr.DataArray) -> xr.DataArray:
    """What is paid per year: purchases by the coal supply, sales by the power sold, all else by furnaces."""
    causes = {"coal": ["supply_price"], "surplus_power": ["sale_price"]}
    causes["bf_bof"] = [c for c in COST if c not in ("supply_price", "sale_price")]
    parts = [yearly.where(yearly["component"].isin(named), 0.0).expand_dims(owner=[o]) for o, named in causes.items()]
    whole = xr.concat(parts, "owner").transpose("component", "owner", "period")
    kinds = {"owner_kind": ["supply", "sales", "process"], "owner_sector": ["coal", "electricity", "steel"]}
    return whole.assign_coords({k: ("owner", v) for k, v in kinds.items()})


def prices(y: list[int], periods: Sequence[int]) -> xr.DataArray:
    table = {
        "crude_steel": ([505, 560, 590, 618, 655, 640], 0), "coal": ([20, 20, 20, 19, 18, 18], 0),
        "natural_gas": ([35, 35, 33, 32, 30, 30], 0), "electricity": ([75, 71, 68, 64, 59, 58], 0),
        "hydrogen": ([np.nan, 131, 121, 111, 101, 96], 4), "scrap": ([290, 350, 370, 372, 351, 350], 0),
        "hbi": ([440, 440, 425, 405, 395, 385], 0), "pellets": ([130] * 6, 0),
    }  # fmt: skip
    values = np.array([[np.array(v, dtype=float)[y], np.array(v)[y] + d] for v, d in table.values()])
    return array(values, commodity=list(table), node=["ruhr", "rest_nrw"], period=list(periods))


def campaigns(y: list[int], periods: Sequence[int]) -> dict[str, xr.DataArray]:
    """Three campaigns of the old furnaces and what becomes of them; capture is added to one of them in 2030."""
    cohorts = {
        ("bf_bof", "2007-2030"): [5.54, 0, 0, 0, 0, 0], ("bf_bof", "2014-2035"): [6.8, 6.0, 0, 0, 0, 0],
        ("bf_bof", "2021-2040"): [4.77, 3.66, 2.66, 0, 0, 0], ("bf_bof", "2030-2050"): [0, 1, 1, 0, 0, 0],
        ("bf_bof_ccs", "2021-2040"): [0, 1.11, 1.11, 0, 0, 0],
        ("bf_bof_ccs", "2040-2060"): [0, 0, 0, 1.11, 0, 0],
        ("dri_eaf", "2030-2050"): [0, 2.5, 2.5, 2.5, 2.5, 0], ("dri_eaf", "2035-2055"): [0, 0, 5, 5, 5, 5],
        ("dri_eaf", "2040-2060"): [0, 0, 0, 1.41, 2.2, 3.4],
    }  # fmt: skip
    names = list(dict.fromkeys(j for _, j in cohorts))
    values = np.zeros((3, 1, len(names), len(y)))
    processes = ["bf_bof", "bf_bof_ccs", "dri_eaf"]
    for (process, cohort), path in cohorts.items():
        values[processes.index(process), 0, names.index(cohort)] = np.array(path)[y]
    arcs = np.zeros((3, 3, 1, len(y)))
    for source, target, path in (
        ("bf_bof", "bf_bof", [0, 1.0, 0, 0, 0, 0]), ("bf_bof", "dri_eaf", [0, 2.5, 5.0, 1.0, 0, 0]),
        ("dri_eaf", "dri_eaf", [0, 0, 0, 0, 0, 2.2]), ("bf_bof_ccs", "bf_bof_ccs", [0, 0, 0, 1.11, 0, 0]),
    ):  # fmt: skip
        arcs[processes.index(source), processes.index(target), 0] = np.array(path)[y]
    mid = np.zeros((1, 1, 1, len(y)))
    mid[0, 0, 0] = np.array([0, 1.11, 0, 0, 0, 0])[y]
    ends = {"source": processes, "target": processes, "region": ["ruhr"], "period": list(periods)}
    return {
        "cohort_capacity": array(
            values * 1e6, process=processes, region=["ruhr"], cohort=names, period=list(periods)
        ),
        "end_conversion": array(arcs * 1e6, **ends),
        "mid_conversion": array(
            mid * 1e6, source=["bf_bof"], target=["bf_bof_ccs"], region=["ruhr"], period=list(periods)
        ),
    }  # fmt: skip


def hourly(base: Mapping[str, xr.DataArray], periods: Sequence[int]) -> dict[str, xr.DataArray]:
    """The same year by the hours of four days: wind, sun and electrolysis move, the grid closes the balance."""
    hour = np.arange(24)
    labels = [f"{day} {h:02d}:00" for day in DAYS for h in hour]
    weight = np.repeat(list(DAYS.values()), 24).astype(float)
    sun = np.concatenate([s * np.maximum(np.sin((hour - 6) / 12 * np.pi), 0) for s in (0.25, 0.9, 1.0, 0.3)])
    wind = np.concatenate([w * (1 + 0.3 * np.sin(hour / 24 * 2 * np.pi + w)) for w in (0.7, 0.25, 0.1, 0.5)])
    price = 62 + 25 * np.tile(np.cos((hour - 19) / 12 * np.pi), 4) - 55 * sun - 25 * wind
    run = (price < np.quantile(price, 0.45)).astype(float)
    shapes = {"electrolysis": run, "onshore_wind": wind, "solar_pv": sun}
    rates = {}
    for process, shape in shapes.items():
        flow = abs(base["flow"].sel(commodity="electricity", process=process).sum("region")).values
        rates[process] = flow[:, None] * shape / (shape @ weight)
    steady = -base["flow"].sel(commodity="electricity").sum("region").sel(process=list(USE)).sum("process").values
    grid = steady[:, None] / 8760 + rates["electrolysis"] - rates["onshore_wind"] - rates["solar_pv"]
    activity = np.array(list(rates.values()))[:, None, None]
    coords = {"period": list(periods), "hour": labels}
    bought = grid.clip(min=0.0)
    return {
        "step_weight": array(weight, hour=labels),
        "activity_hour": array(activity, process=list(rates), mode=["run"], region=["ruhr"], **coords),
        "purchase_hour": array(bought[None, None], supply=["grid_power"], node=["nrw"], **coords),
        "sale_hour": array((bought - grid)[None, None], sales=["surplus_power"], node=["nrw"], **coords),
        "sale": array(((bought - grid) @ weight)[None, None], sales=["surplus_power"], node=["nrw"],
                      period=list(periods)),
        "purchase": _with_grid(base["purchase"], bought @ weight),
        "shadow_price_hour": array(np.broadcast_to(price, (1, 1, len(periods), 96)), commodity=["electricity"],
                                   node=["nrw"], **coords),
    }  # fmt: skip


def _with_grid(purchase: xr.DataArray, bought: np.ndarray) -> xr.DataArray:
    out = purchase.copy()
    out.loc[{"supply": "grid_power"}] = bought[None, :]
    return out


def steel_results(
    periods: Sequence[int] = PERIODS, *, hours: bool = True, drop: Sequence[str] = (), title: str = "Steel in a region"
) -> Results:
    """Results of the made-up region, for some of its periods, with or without hours, without some variables."""
    named = annual(periods)
    named["step_weight"] = array([8760.0], hour=["year"])
    if hours:
        named |= hourly(named, periods)
    data = xr.Dataset({k: v for k, v in named.items() if k not in drop})
    data = data.assign_coords(period_weight=("period", 4.6 * 0.86 ** np.arange(len(periods))))
    data = with_names(data)
    data.attrs = {
        "scenario": "made-up-steel", "title": title, "view": "private", "currency": "EUR2020", "objective": 0.0,
        "warnings": "[]", "certificate": json.dumps({"summary": "made up"}),
        "solver": json.dumps({"solver": "none", "method": "none", "columns": 0, "seconds": 0}),
    }  # fmt: skip
    return Results(data)


def with_names(data: xr.Dataset) -> xr.Dataset:
    """The coordinates beside names that results carry: units, commodities, routes."""
    steel = {p: "t" if p in STEEL else "MWh" for p in ROUTES}
    known = {
        "commodity_unit": UNITS, "commodity_price_unit": {c: f"EUR2020/{u}" for c, u in UNITS.items()},
        "process_unit": steel, "process_route": ROUTES, "emission_unit": {"co2": "t"}, "supply_commodity": SUPPLY,
        "process_capacity_unit": {p: "t/a" if u == "t" else "MW" for p, u in steel.items()},
        "demand_commodity": {"crude_steel": "crude_steel"}, "sales_commodity": {"surplus_power": "electricity"},
        "process_sector": {p: SECTORS.get(p, "steel") for p in ROUTES},
    }  # fmt: skip
    for name, values in known.items():
        dim = name.split("_")[0]
        if dim in data.dims:
            data = data.assign_coords({name: (dim, [values[str(x)] for x in data[dim].values])})
    return data


@pytest.fixture
def steel() -> Results:
    return steel_results()


@pytest.fixture(autouse=True)
def no_figure_stays_open() -> Iterator[None]:
    """Close what a test opened through pyplot; a warning anywhere is an error."""
    from matplotlib import pyplot

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    pyplot.close("all")
