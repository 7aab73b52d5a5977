"""Programs to test solvers with: any small one from dense arrays, and a transition study of any size."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from transform_sim.lp import (
    INF,
    SINGLE,
    AxisMap,
    Entities,
    Grid,
    LinearProgram,
    Periods,
    Program,
    Term,
    chain,
    period_until,
)

ONE_YEAR = Periods((2030,), np.ones(1))
ONE_STEP = {"year": Grid("year", np.ones(1), np.zeros(1, dtype=np.int64), ("all",))}


def dense(
    cost: ArrayLike,
    matrix: ArrayLike,
    row_lower: ArrayLike = -INF,
    row_upper: ArrayLike = INF,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = INF,
) -> Program:
    """The program of dense arrays; columns are `x[a0] …`, rows `row[b0] …`, all weights 1."""
    cost = np.asarray(cost, dtype=float)
    matrix = np.asarray(matrix, dtype=float)
    n_rows, n_columns = matrix.shape
    labels = {"column": [f"a{k}" for k in range(n_columns)], "row": [f"b{k}" for k in range(n_rows)]}
    lp = LinearProgram(labels, ONE_YEAR, ONE_STEP)

    def block(value: ArrayLike, n: int) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, dtype=float), n).reshape(n, 1, 1)

    columns, rows = Entities.of(column=np.arange(n_columns)), Entities.of(row=np.arange(n_rows))
    lp.add_columns("x", columns, "year", lower=block(lower, n_columns), upper=block(upper, n_columns))
    if n_rows:
        pairs = Entities.product(row=np.arange(n_rows), column=np.arange(n_columns))
        terms = [Term(matrix.reshape(-1, 1, 1), "x", pairs)]
        lp.add_rows("row", rows, "year", terms, lower=block(row_lower, n_rows), upper=block(row_upper, n_rows))
    lp.add_cost("cost", "x", block(cost, n_columns))
    return lp.freeze()


# name: (capex per unit/h, life, running cost per unit, hourly?, {commodity: + made, − used})
PROCESSES: dict[str, tuple[float, int, float, bool, dict[str, float]]] = {
    "wind": (1.3e6, 25, 0.0, True, {"power": 1.0}),
    "pv": (5.5e5, 25, 0.0, True, {"power": 1.0}),
    "gas_turbine": (5.0e5, 30, 3.0, True, {"power": 1.0, "gas": -1.8}),
    "electrolyser": (9.0e5, 15, 1.0, True, {"hydrogen": 0.68, "power": -1.0}),
    "arc_furnace": (2.6e6, 25, 40.0, True, {"steel": 1.0, "iron": -1.1, "power": -0.5}),
    "boiler_gas": (6.0e4, 20, 1.0, True, {"heat": 1.0, "gas": -1.1}),
    "boiler_electric": (1.2e5, 20, 0.5, True, {"heat": 1.0, "power": -1.02}),
    "heat_pump": (7.0e5, 20, 1.0, True, {"heat": 1.0, "power": -0.35}),
    "shaft_gas": (4.4e6, 25, 25.0, False, {"iron": 1.0, "gas": -2.9}),
    "shaft_hydrogen": (4.6e6, 25, 25.0, False, {"iron": 1.0, "hydrogen": -1.9}),
    "blast_furnace": (3.9e6, 20, 90.0, False, {"steel": 1.0, "coal": -5.1}),
    "kiln": (1.5e6, 30, 20.0, False, {"clinker": 1.0, "coal": -0.9}),
    "kiln_capture": (3.1e6, 25, 45.0, False, {"clinker": 1.0, "coal": -1.1, "power": -0.25}),
    "cracker": (9.0e6, 30, 60.0, False, {"chemicals": 1.0, "gas": -16.0}),
    "cracker_electric": (1.3e7, 30, 60.0, False, {"chemicals": 1.0, "gas": -11.0, "power": -4.5}),
}
EMISSION = {"gas": 0.2, "coal": 0.34}
"""t CO₂ per MWh bought."""
PRICES = {"power": 75.0, "gas": 32.0, "coal": 13.0, "hydrogen": 130.0}
DEMANDS = {"steel": 900.0, "clinker": 420.0, "chemicals": 310.0, "heat": 1500.0, "power": 60.0}
BALANCE = {"power": "hour", "heat": "hour", "hydrogen": "day", **dict.fromkeys(("steel", "iron", "clinker"), "year")}
STORES = {"power": (1.4e5, 0.95), "heat": (2.0e4, 0.98)}


def transition(regions: int = 2, periods: int = 3, days: int = 1, seed: int = 0) -> Program:
    """A transition study in natural units: t/h, MW, EUR, capex up to 1.3e7 EUR per t/h, an objective near 1e10 EUR.

    Hourly power and heat with stores, daily hydrogen, yearly materials, vintages, a falling emission cap.
    """
    rng = np.random.default_rng(seed)
    commodities = ["power", "heat", "hydrogen", "steel", "iron", "clinker", "chemicals", "gas", "coal"]
    labels = {
        "region": [f"r{k}" for k in range(regions)],
        "process": list(PROCESSES),
        "commodity": commodities,
    }
    years = Periods(tuple(range(2025, 2025 + 5 * periods, 5)), 4.7 * 0.86 ** np.arange(periods))
    lp = LinearProgram(labels, years, _grids(days))
    _capacities(lp, regions)
    _stores(lp, regions, commodities)
    _trade(lp, regions, commodities, rng)
    _operation(lp, regions, commodities, rng)
    _emissions(lp, regions, commodities)
    return lp.freeze()


def _grids(days: int) -> dict[str, Grid]:
    hours = np.arange(24 * days)
    per_day = 365.0 / days
    return {
        "hour": Grid(
            "hour", np.full(24 * days, per_day), hours, tuple(f"d{h // 24} {h % 24:02d}:00" for h in hours), 2
        ),
        "day": Grid("day", np.full(days, 24 * per_day), hours // 24, tuple(f"d{d}" for d in range(days)), 1),
        "year": Grid("year", np.array([8760.0]), 0 * hours, ("year",), 0),
        "stock": Grid("stock", np.ones(1), np.empty(0, dtype=np.int64), ("stock",)),
    }


def _balanced_on(grid: str, commodities: list[str], among: Iterable[str]) -> list[int]:
    return [k for k, c in enumerate(commodities) if BALANCE.get(c, "year") == grid and c in among]


def _on_all(grid: Grid) -> AxisMap:
    """Every step takes the one step of `stock`."""
    steps = np.arange(len(grid))
    return AxisMap(steps, 0 * steps, np.ones(len(grid)))


def _capacities(lp: LinearProgram, regions: int) -> None:
    """Vintages and existing stock."""
    n_years = len(lp.periods)
    over = Entities.product(process=np.arange(len(PROCESSES)), region=np.arange(regions))
    lp.add_columns("new_capacity", over, "stock", unit="unit/h")
    lp.add_columns("capacity", over, "stock", unit="unit/h")
    old = np.isin(over["process"], [list(PROCESSES).index(p) for p in ("blast_furnace", "kiln", "cracker")])
    existing = np.where(old, 950.0 / regions, 0.0).reshape(-1, 1, 1) * np.linspace(1.0, 0.2, n_years).reshape(1, -1, 1)
    terms = [Term(1.0, "capacity"), Term(-1.0, "new_capacity", period=period_until(n_years))]
    lp.add_rows("stock", over, "stock", terms, upper=existing)
    capex = np.array([list(PROCESSES.values())[k][0] for k in over["process"]]).reshape(-1, 1, 1)
    lp.add_cost("investment", "new_capacity", 0.08 * capex, paid=np.triu(np.ones((n_years, n_years)))[None])
    lp.add_cost("upkeep", "capacity", 0.03 * capex)


def _operation(lp: LinearProgram, regions: int, commodities: list[str], rng: np.random.Generator) -> None:
    """Activities within capacity and the balances."""
    hours = np.arange(len(lp.grids["hour"]))
    shape = np.full((len(PROCESSES), len(hours)), 0.95)
    shape[0] = np.clip(0.3 + 0.25 * rng.standard_normal(len(hours)), 0.0, 1.0)
    shape[1] = np.round(np.clip(np.sin((hours % 24 - 6) / 12 * np.pi), 0.0, 1.0) * rng.uniform(0.3, 1.0), 4)
    running = np.array([p[2] for p in PROCESSES.values()])
    for grid, hourly in (("hour", True), ("year", False)):
        which = [k for k, p in enumerate(PROCESSES.values()) if p[3] is hourly]
        over = Entities.product(process=which, region=np.arange(regions))
        lp.add_columns("activity", over, grid, unit="unit/h")
        share = shape[which][:, None, :] if hourly else np.full((len(which), 1, 1), 0.95)
        limit = Term(-share, "capacity", Entities.of(process=which), step=_on_all(lp.grids[grid]))
        lp.add_rows("activity_limit", over, grid, [Term(1.0, "activity"), limit], upper=0.0)
    lp.add_cost("operation", "activity", running.reshape(-1, 1, 1), over=Entities.of(process=np.arange(len(running))))
    flows = [(k, commodities.index(c), rate) for k, p in enumerate(PROCESSES.values()) for c, rate in p[4].items()]
    made = Term(
        np.array([f[2] for f in flows]).reshape(-1, 1, 1),
        "activity",
        Entities.records(("process", "commodity"), [f[:2] for f in flows]),
    )
    others = [(1.0, "purchase"), (1.0, "power_purchase"), (1.0, "discharge"), (-1.0, "charge"), (-1.0, "disposal")]
    for grid in ("hour", "day", "year"):
        over = Entities.product(commodity=_balanced_on(grid, commodities, commodities), region=np.arange(regions))
        demand = np.array([DEMANDS.get(commodities[k], 0.0) for k in over["commodity"]]) / regions
        lp.add_rows("balance", over, grid, [made, *others], equals=demand.reshape(-1, 1, 1))


def _trade(lp: LinearProgram, regions: int, commodities: list[str], rng: np.random.Generator) -> None:
    """Purchases and disposal; power by the hour at a moving price."""
    place = np.arange(regions)
    years = np.linspace(1.0, 0.8, len(lp.periods)).reshape(1, -1, 1)
    price = np.clip(PRICES["power"] * (1 + 0.5 * rng.standard_normal(len(lp.grids["hour"]))), 0.0, None)
    power = Entities.product(commodity=[commodities.index("power")], region=place)
    lp.add_columns("power_purchase", power, "hour", upper=4000.0 / regions, unit="MW")
    lp.add_cost("purchase", "power_purchase", price.reshape(1, 1, -1) * years)
    for grid in ("hour", "day", "year"):
        bought = Entities.product(commodity=_balanced_on(grid, commodities, PRICES.keys() - {"power"}), region=place)
        lp.add_columns("purchase", bought, grid, unit="unit/h")
        lp.add_columns(
            "disposal", Entities.product(commodity=_balanced_on(grid, commodities, commodities), region=place), grid
        )
    kinds = Entities.of(commodity=[commodities.index(c) for c in PRICES])
    lp.add_cost("purchase", "purchase", np.array(list(PRICES.values())).reshape(-1, 1, 1) * years, over=kinds)


def _stores(lp: LinearProgram, regions: int, commodities: list[str]) -> None:
    """Daily cyclic stores of power and heat."""
    kinds = Entities.of(commodity=[commodities.index(c) for c in STORES])
    over = Entities.product(commodity=kinds["commodity"], region=np.arange(regions))
    for name in ("level", "charge", "discharge"):
        lp.add_columns(name, over, "hour")
    lp.add_columns("store_size", over, "stock", unit="unit")
    capex, efficiency = (np.array([v[k] for v in STORES.values()]).reshape(-1, 1, 1) for k in (0, 1))
    lp.add_cost("stores", "store_size", 0.1 * capex, over=kinds)
    hours = np.arange(len(lp.grids["hour"]))
    terms = [
        Term(1.0, "level"),
        Term(-0.999, "level", step=chain((hours - 1) % 24 + hours // 24 * 24)),
        Term(-efficiency, "charge", kinds),
        Term(1 / efficiency, "discharge", kinds),
    ]
    lp.add_rows("level_balance", over, "hour", terms, equals=0.0)
    for name, share in (("level", 1.0), ("charge", 0.5), ("discharge", 0.5)):
        size = Term(-share, "store_size", step=_on_all(lp.grids["hour"]))
        lp.add_rows(f"{name}_limit", over, "hour", [Term(1.0, name), size], upper=0.0)


def _emissions(lp: LinearProgram, regions: int, commodities: list[str]) -> None:
    """Emissions of what is bought, their price and their cap in t/a."""
    over = Entities.product(region=np.arange(regions))
    n_years = len(lp.periods)
    lp.add_columns("net_emission", over, "year", lower=-INF, unit="t/h")
    factors = Entities.of(commodity=[commodities.index(c) for c in EMISSION])
    factor = Term(-np.array(list(EMISSION.values())).reshape(-1, 1, 1), "purchase", factors)
    lp.add_rows("emissions", over, "year", [Term(1.0, "net_emission"), factor], equals=0.0)
    lp.add_cost("carbon_price", "net_emission", np.linspace(75.0, 200.0, n_years).reshape(1, -1, 1), kind="transfer")
    cap = np.linspace(2.6e7, 1.0e7, n_years).reshape(1, -1, 1)
    total = Term(8760.0, "net_emission", step=_on_all(lp.grids["stock"]))
    lp.add_rows("emission_cap", SINGLE, "stock", [total], upper=cap)
