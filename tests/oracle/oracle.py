"""The oracle: a scenario in, the least cost out; plain loops and Pyomo, nothing of the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import assets as built
from . import carbon, cohorts, flexible, markets, network, obligations, operation, processes, stores, support, transfers
from .program import Program, value
from .reader import read_file
from .study import HOURS, Study


@dataclass(frozen=True)
class OracleResult:
    """Least cost and a few totals: cost by term, plants by capacity, activity, trade and emission per year."""

    objective: float
    cost: dict[str, float]
    capacity: dict[tuple[str, str | None, int], float]
    activity: dict[tuple[str, str, int], float]
    traded: dict[tuple[str, str, str, int], float]
    emission: dict[tuple[str, str, int], float]


def solve_file(path: Path) -> OracleResult:
    """The least cost of a scenario file written in the reader's part of YAML."""
    return solve(read_file(path))


def solve(data: dict[str, Any]) -> OracleResult:
    """The least cost of a scenario given as plain data, all numbers in default units."""
    study, program = Study(data), Program()
    assets = built.assets(study)
    campaigning = cohorts.with_cohorts(study)
    for asset in assets:
        built.build(study, program, asset)
        if asset.kind == "process":
            processes.operate(study, program, asset)
            operation.limit(study, program, asset)
        if asset.kind == "storage":
            stores.store(study, program, asset)
        if asset.kind == "link":
            stores.transport(study, program, asset)
        if asset.name not in campaigning:
            built.stock(study, program, asset)
    cohorts.campaigns(study, program, {a.name: a for a in assets if a.name in campaigning})
    for kind, name in dict.fromkeys((asset.kind, asset.name) for asset in assets):
        group = [asset for asset in assets if (asset.kind, asset.name) == (kind, name)]
        built.capacity_limits(study, program, group)
        built.growth(study, program, group, name in campaigning)
    required: dict[Any, float] = {}
    markets.trades(study, program)
    network.network(study, program)
    markets.demands(study, program, required)
    markets.disposals(study, program)
    flexible.flexible_loads(study, program, assets)
    carbon.follow_carbon(study, program, assets)
    markets.balances(study, program, required)
    markets.policies(study, program)
    markets.resources(study, program, assets)
    obligations.obligations(study, program, assets, required)
    transfers.transfers(study, program, assets)
    support.support(study, program, assets)
    return result(program, assets, program.solve())


def result(program: Program, assets: list[built.Asset], objective: float) -> OracleResult:
    """The totals, read off the solution."""
    capacity: dict[tuple[str, str | None, int], float] = {}
    activity: dict[tuple[str, str, int], float] = {}
    traded: dict[tuple[str, str, str, int], float] = {}
    emission: dict[tuple[str, str, int], float] = {}
    hours = {asset.key: asset.hours for asset in assets}
    for key, column in program.x.items():
        if key[0] == "capacity":
            where = (key[1][1], key[2], key[3])
            capacity[where] = capacity.get(where, 0.0) + value([(hours[key[1]], column)])
        if key[0] == "emission":
            emission[key[1:]] = value([(HOURS, column)])
    for amount, terms in program.amount.items():
        if amount[0] == "process":
            activity[amount[1:]] = value(terms)
        if amount[0] in ("purchase", "sale"):
            sold = (amount[0], amount[1], amount[3], amount[4])
            traded[sold] = traded.get(sold, 0.0) + value(terms)
    cost = {name: value(terms) for name, terms in program.cost.items()}
    return OracleResult(objective, cost, capacity, activity, traded, emission)
