"""What the transition costs, by kind of cost or by sector, in the years in which it is paid."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .colours import by_sector
from .language import say, word
from .words import capital, percent, quantity, sector, sized

FIGURE = "cost"
NAMES = {
    "investment": "new plants",
    "reinvestment": "relines and conversions",
    "financing": "cost of capital above discount rate",
    "fixed_opex": "fixed operation",
    "variable_opex": "variable operation",
    "supply_price": "purchases of energy and materials",
    "sale_price": "sales",
    "levy": "levies",
    "network_charge_energy": "network charges on energy",
    "network_charge_capacity": "network charges on peaks",
    "carbon_price": "carbon price",
    "free_allocation": "free allocation",
    "power_compensation": "electricity price compensation",
    "border_adjustment": "border adjustment",
    "carbon_contract": "carbon contracts",
    "contract_financing": "cheaper capital by contracts",
    "grant": "investment grants",
    "grant_financing": "capital saved by grants",
    "cap_scarcity": "scarcity under the cap",
    "quota_premium": "green premium",
    "capacity_price": "firm capacity",
    "disposal": "disposal, CO₂ storage",
    "tariff": "transport tariffs",
    "shortfall": "demand not met",
    "forgone_demand": "demand forgone",
    "load_shift": "load shifting",
    "load_shed": "load given up",
    "networks": "storage and networks",
    "network_charges": "network charges",
    "flexible_loads": "flexible loads",
}
KINDS = {
    "supply": "supply_price", "sales": "sale_price", "demand": "shortfall", "commodity": "disposal",
    "storage": "networks", "link": "networks", "network_charge": "network_charges",
    "load": "flexible_loads", "policy": "policy", "free_allocation": "policy", "power_compensation": "policy",
    "carbon_contract": "policy",
}  # fmt: skip
"""What stands beside the sectors: cost that no process causes, by the kind of its owner."""


def cost(results: Results, *, ax: Axes | None = None) -> Axes:
    """Cost that counts in the scenario's view, by component, as paid per year of each period; income below zero.

    Plants are paid by annuities over their years. Bars times `period_weight` add to the objective.
    """
    frame = components(results)
    return _figure(results, frame, finding(results, frame), "", ax)


def cost_by_sector(results: Results, *, ax: Axes | None = None) -> Axes:
    """The same cost by the sector whose plants cause it, beside what is bought and sold, stored and transported.

    Raises NotApplicableError if the scenario names no sectors.
    """
    frame = sectors(results)
    note = " " + say("Plants count with investment, operation and carbon price; what they buy stands apart.")
    return _figure(results, frame, finding_of_sectors(results, frame), note, ax)


def _figure(results: Results, frame: pd.DataFrame, title: str, also: str, ax: Axes | None) -> Axes:
    factor, unit = sized(float(frame.clip(lower=0).sum(axis=1).max()), f"{results.data.attrs['currency']}/a")
    kept = reading.largest(frame, reading.SECTORS) / factor
    with style.sheet(ax) as ax:
        stack.chart(ax, kept, say("Cost, {unit}", unit=unit), name=named)
        note = say("As paid in each year, undiscounted: plants by annuities over their economic lifetime.")
        style.finish(ax, results, title, note=note + also)
    return ax


def named(component: str) -> str:
    """A kind of cost as people call it."""
    return word(NAMES[component]) if component in NAMES else sector(component)


def _counted(results: Results) -> xr.DataArray:
    array = reading.take(results, "annual_cost", FIGURE)
    return array.isel(component=np.flatnonzero(array["counts"].values))


def components(results: Results) -> pd.DataFrame:
    """Components that count, in money paid per year of the period."""
    frame = reading.by(_counted(results), "component")
    return frame[sorted(frame.columns, key=lambda c: list(NAMES).index(c) if c in NAMES else len(NAMES))]


def sectors(results: Results) -> pd.DataFrame:
    """The same money by sector."""
    array = _counted(results)
    owners = zip(*(reading.labelled(results, c, FIGURE) for c in ("owner_kind", "owner_sector")), strict=True)
    names = [str(KINDS.get(kind, sector)) for kind, sector in owners]
    if "process_sector" not in results.data.coords or set(results.data["process_sector"].values) <= {"other"}:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — its processes name no sectors — give them `sector:`"
        )
    frame = reading.add_up(reading.by(array, "owner"), names)
    return frame[by_sector(list(frame.columns))]


def finding_of_sectors(results: Results, frame: pd.DataFrame) -> str:
    """The sector whose plants cost most; without any, the largest part of all that is paid."""
    plants = frame.drop(columns=[c for c in frame.columns if c in KINDS.values()])
    values = _largest(results, plants)
    if not values:
        return finding(results, frame)
    return say("{what}: {share} of the {paid} that plants cost from {first} to {last} (present value)", **values)


def _largest(results: Results, frame: pd.DataFrame) -> dict[str, object]:
    """The largest column as present value, its share of all that is paid, and the years; empty if nothing is."""
    present = frame.mul(results.data["period_weight"].values, axis=0).sum()
    paid = float(present.clip(lower=0).sum())
    if paid <= 0:
        return {}
    most = str(present.idxmax())
    factor, unit = sized(paid, str(results.data.attrs["currency"]))
    return {
        "what": capital(named(most)), "share": percent(float(present[most]), paid), "first": frame.index[0],
        "last": frame.index[-1], "paid": quantity(paid / factor, unit),
    }  # fmt: skip


def finding(results: Results, frame: pd.DataFrame) -> str:
    """The largest part of all that is paid."""
    values = _largest(results, frame)
    if not values:
        return say("Nothing is paid")
    if len(frame) == 1:
        return say("{what}: {share} of the {paid} paid in {first} (present value)", **values)
    return say("{what}: {share} of the {paid} paid from {first} to {last} (present value)", **values)
