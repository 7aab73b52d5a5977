"""Under which regulation a network charge is cheapest, and what each costs in flexibility."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from transform_sim.errors import InfeasibleError
from transform_sim.pipeline import solve
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.scenario.network import discounts

CHEAPEST, INFEASIBLE = "cheapest", "infeasible"
CHARGES = ("network_charge_energy", "network_charge_capacity")
FREE = {"energy": 0.0, "capacity": 0.0, "regulation": "general"}
"""The charge without a price: what the study would do if it followed prices alone."""


def cheapest_regulation(
    scenario: Scenario, charge: str, options: Sequence[str] | None = None, **solver: Any
) -> pd.DataFrame:
    """The least cost of a study under each regulation of one of its network charges.

    Hours of use are annual purchase ÷ annual peak, so a discount that asks for many of them is not convex in itself.
    Each regulation is: the study is solved under each of them, and the cheapest is what a buyer would choose.

    Args:
        scenario: in the private view, where charges count.
        charge: name of a network charge; its other fields, such as prices and high-load window, hold in all options.
        options: `general`, `atypical`, `baseload <hours of use>`. None: general, atypical if the charge has a
            high-load window, and baseload with the hours from which StromNEV § 19 (2) grants a discount.
        solver: options of `ts.solve`, such as method="simplex" for one plant over a full year.

    Returns one row per option: `option`; `status` ('cheapest', 'infeasible' or ''); money per year as mean of the
    horizon, weighted as in the objective: `cost` (all of it), `network_charge` (this charge), `flexibility_lost`, by
    how much all else costs more than it would without this charge; `hours_of_use` (of all nodes and years together,
    purchase ÷ peak); `unit` of the money. Infeasible options have NaN.

    Raises KeyError for an unknown charge, ValueError for an unknown option or the social view, ScenarioError for
    atypical use without a window.
    """
    if charge not in scenario.network_charges:
        raise KeyError(f"no network charge {charge!r}; there are {', '.join(scenario.network_charges) or 'none'}")
    if scenario.view == "social":
        raise ValueError("network charges do not count in the social view; write view: private")
    chosen = _default(scenario, charge) if options is None else tuple(options)
    branches = {option: _branch(scenario, charge, option) for option in chosen}
    alone = solve(scenario.with_(_changes(charge, {**dict.fromkeys(_own(scenario, charge)), **FREE})), **solver)
    least = _per_year(alone, alone.objective)
    rows = [_row(option, _solved(branch, solver), charge, least) for option, branch in branches.items()]
    table = pd.DataFrame(rows)
    if table["cost"].notna().any():
        table.loc[table["cost"].idxmin(), "status"] = CHEAPEST
    return table.assign(unit=f"{scenario.currency}/a")


def _default(scenario: Scenario, charge: str) -> tuple[str, ...]:
    window = ("atypical",) if scenario.network_charges[charge].high_load_window else ()
    return ("general", *window, *(f"baseload {step.hours:g}" for step in discounts()))


def _branch(scenario: Scenario, charge: str, option: str) -> Scenario:
    """The scenario under one regulation; keys of another regulation are taken out."""
    given, (regulation, *hours) = scenario.network_charges[charge], option.split() or [""]
    new: dict[str, Any] = dict.fromkeys(_own(scenario, charge)) | {"regulation": regulation}
    if regulation == "baseload" and len(hours) == 1 and hours[0].replace(".", "", 1).isdigit():
        new["hours"] = float(hours[0])
        if given.share is not None and new["hours"] == given.hours.scalar:
            new["share"] = given.share.scalar
    elif regulation == "atypical" and not hours:
        new["least_share"] = given.least_share.scalar
    elif regulation != "general" or hours:
        raise ValueError(f"unknown option {option!r}; there are general, atypical and baseload <hours of use>")
    return scenario.with_(_changes(charge, new))


def _own(scenario: Scenario, charge: str) -> Iterator[str]:
    """Keys that the charge has for its own regulation."""
    return (k for k in ("least_share", "hours", "share") if k in scenario.network_charges[charge].model_fields_set)


def _changes(charge: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {f"network_charges.{charge}.{key}": value for key, value in fields.items()}


def _solved(scenario: Scenario, solver: Mapping[str, Any]) -> Results | None:
    try:
        return solve(scenario, **solver)
    except InfeasibleError:
        return None


def _per_year(results: Results, present: float) -> float:
    """Money per year of a present value, every year weighted alike."""
    return present / float(results.data["period_weight"].sum())


def _row(option: str, results: Results | None, charge: str, least: float) -> dict[str, Any]:
    if results is None:
        none = dict.fromkeys(("cost", "network_charge", "flexibility_lost", "hours_of_use"), np.nan)
        return {"option": option, "status": INFEASIBLE, **none}
    cost = _per_year(results, results.objective)
    paid = _paid(results, charge)
    peak = float(results.peak_purchase.sel(network_charge=charge).sum())
    used = float(results.charged_purchase.sel(network_charge=charge).sum())
    return {
        "option": option, "status": "", "cost": cost, "network_charge": paid,
        "flexibility_lost": cost - paid - least, "hours_of_use": used / peak if peak > 0 else np.nan,
    }  # fmt: skip


def _paid(results: Results, charge: str) -> float:
    """What this charge alone costs per year."""
    own = (results.data["owner_kind"] == "network_charge") & (results.data["owner_name"] == charge)
    parts = results.annual_cost.sel(component=results.data["component"].isin(CHARGES), owner=own)
    yearly = parts.sum(["component", "owner"])
    return _per_year(results, float((yearly * results.data["period_weight"]).sum()))
