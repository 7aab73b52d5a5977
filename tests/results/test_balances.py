"""Energy, mass and carbon balances closed from the results alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import transform_sim as ts
from tests.micro import MINIS, SYSTEMS
from transform_sim.scenario import Scenario
from transform_sim.scenario.carbon import CHARGED, DRAWN_DOWN

CASES = [*MINIS, *SYSTEMS]


def by_commodity(r: ts.Results, quantity: str, dim: str, commodity: str) -> xr.DataArray | float:
    """Annual amount of a quantity that moves a commodity, over all places, by period."""
    if quantity not in r.data:
        return 0.0
    array = r.data[quantity]
    mine = array.coords[f"{dim}_commodity"] == commodity
    return array.where(mine, 0.0).sum([d for d in array.dims if d != "period"])


def turnover(r: ts.Results, commodity: str) -> dict[str, xr.DataArray | float]:
    """What comes (+) and goes (−) of a commodity per year, by period."""

    def of(quantity: str, dim: str) -> xr.DataArray | float:
        return by_commodity(r, quantity, dim, commodity)

    scenario: Scenario = ts.loads(r.data.attrs["scenario_text"], root=MINIS[0].parent)
    lost: xr.DataArray | float = 0.0
    for name, link in scenario.links.items():
        if link.commodity == commodity:
            lost = lost + r.link_flow.sel(link=name).sum("direction") * link.loss.scalar
    flow = r.data.get("flow")
    made = 0.0 if flow is None or commodity not in flow.commodity else flow.sel(commodity=commodity)
    disposed = r.data.get("disposal")
    gone = 0.0 if disposed is None or commodity not in disposed.commodity else disposed.sel(commodity=commodity)
    return {
        "made": made if isinstance(made, float) else made.clip(min=0).sum(["process", "region"]),
        "used": made if isinstance(made, float) else made.clip(max=0).sum(["process", "region"]),
        "bought": of("purchase", "supply"),
        "sold": -of("sale", "sales"),
        "stored": of("discharge", "storage") - of("charge", "storage"),
        "lost": -lost,
        "disposed": gone if isinstance(gone, float) else -gone.sum("node"),
        "delivered": -of("served_demand", "demand"),
        "shifted": of("shift_down", "load") - of("shift_up", "load"),
        "given up": of("shed", "load"),
    }  # fmt: skip


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_energy_and_mass(path: Path) -> None:
    r = ts.solve(path)
    scenario = ts.load(path)
    for name, commodity in scenario.commodities.items():
        if commodity.kind != "emission":
            parts = turnover(r, name)
            total = sum(parts.values())
            through = sum(abs(p) for p in parts.values())
            assert (np.abs(total) <= 1e-6 * (1 + through)).all(), name


def test_by_node_from_results_and_prices_of_links() -> None:
    r = ts.solve(next(p for p in MINIS if p.stem == "two_nodes"))
    arrived = float(r.link_flow.sum()) * 0.98
    bought = r.purchase.squeeze().to_series()
    assert bought["coast"] == pytest.approx(float(r.link_flow.sum()))
    assert bought["ruhr"] + arrived == pytest.approx(876_000)


def auxiliary(r: ts.Results, scenario: Scenario) -> xr.DataArray | float:
    """Carbon that enters beside the flows, by period."""
    total: xr.DataArray | float = 0.0
    for name, process in scenario.processes.items():
        for mode in process.modes or ("run",):
            own = process.modes[mode].auxiliary_carbon if process.modes else None
            share = (own if own is not None else process.auxiliary_carbon).scalar
            total = total + share * r.activity.sel(process=name, mode=mode).sum("region")
    return total


TRACKED = (
    "two_routes", "reline_or_convert", "retrofit_midway", "steel_campaigns", "carbon_chain", "elastic_budget",
    "whose_carbon",
)  # fmt: skip
CARBON = [path for path in CASES if path.stem in TRACKED]


@pytest.mark.parametrize("path", CARBON, ids=lambda path: path.stem)
def test_carbon(path: Path) -> None:
    """From stacks: what carbon was bought or comes beside, less what is sold, delivered, disposed of, lost."""
    r, scenario = ts.solve(path), ts.load(path)
    expected = auxiliary(r, scenario)
    for name, commodity in scenario.commodities.items():
        if commodity.carbon_content is not None:
            parts = turnover(r, name)
            kept = ["bought", "sold", "stored", "lost", "delivered", "disposed"]
            expected = expected + commodity.carbon_content.scalar * sum(parts[k] for k in kept)
    released = all_of(r, "carbon_released").sum("origin")
    np.testing.assert_allclose(released.values, expected.values, rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("path", CARBON, ids=lambda path: path.stem)
def test_what_counts_as_emitted(path: Path) -> None:
    """Fossil and process carbon from stacks and disposal, CO₂ in use, less what the air gave and a store keeps."""
    r, scenario = ts.solve(path), ts.load(path)
    emission = next(n for n, c in scenario.commodities.items() if c.kind == "emission" and c.origin == "fossil")
    expected = all_of(r, "carbon_released").sel(origin=list(CHARGED)).sum("origin")
    made, taken = all_of(r, "carbon_made"), all_of(r, "carbon_taken")
    used = all_of(r, "carbon_released") + made - taken
    expected = expected + used.sel(origin="counted")
    for name, commodity in scenario.commodities.items():
        if commodity.disposal and "carbon_disposed" in r.data and name in r.carbon_disposed["commodity"].values:
            out = r.carbon_disposed.sel(commodity=name).sum("node")
            forever = commodity.disposal.permanent
            counts = (-1, DRAWN_DOWN) if forever else (1, CHARGED)
            if not forever or scenario.policies.credit_removals:
                expected = expected + counts[0] * out.sel(origin=list(counts[1])).sum("origin")
    for name, supply in scenario.supply.items():
        if emission in supply.emissions:
            expected = expected + supply.emissions[emission].scalar * r.purchase.sel(supply=name).sum("node")
    found = r.emissions.sel(emission=emission).sum("node")
    np.testing.assert_allclose(found.values, expected.values, rtol=1e-6, atol=1e-3)


def all_of(r: ts.Results, name: str) -> xr.DataArray:
    """Carbon of a kind by origin and period; t a year."""
    array = r.data.get(name, 0.0 * r.carbon_released)
    return array.sum([d for d in array.dims if d not in ("origin", "period")])
