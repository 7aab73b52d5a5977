"""The studies of all sectors: small, whole, net zero where they say so, and clear about what stops them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from transform_sim.errors import ScenarioError
from transform_sim.pipeline import compose
from transform_sim.solvers.explain import explain_infeasible

SCENARIOS = Path(__file__).parents[1] / "scenarios"
REFERENCE, NEUTRAL = SCENARIOS / "nrw_reference.yaml", SCENARIOS / "nrw_climate_neutral.yaml"
SECTORS = {
    "steel", "cement", "lime", "chemicals", "ammonia", "methanol", "chlorine", "aluminium", "glass", "paper",
    "refining", "process_heat", "small_enterprises", "power", "hydrogen", "co2",
}  # fmt: skip
LARGEST = 120_000


@pytest.fixture(scope="module")
def neutral() -> ts.Results:
    return ts.solve(ts.load(NEUTRAL, variant="annual"))


def test_the_study_stays_small() -> None:
    _, program = compose(ts.load(REFERENCE))
    assert program.shape[1] <= LARGEST


def test_every_sector_stands_with_an_incumbent_and_another_route() -> None:
    scenario = ts.load(REFERENCE)
    routes: dict[str, set[str]] = {}
    for name, process in scenario.processes.items():
        routes.setdefault(process.sector, set()).add(process.route or name)
    assert set(routes) == SECTORS
    single = {sector for sector, found in routes.items() if len(found) == 1}
    assert not single


def test_sites_stay_visible_and_add_up_to_regions() -> None:
    scenario = ts.load(REFERENCE)
    sites = pd.DataFrame([vars(site) for site in scenario.sites])
    assert len(sites) > 300
    sums = sites.groupby(["process", "region"])["capacity"].sum()
    for (process, region), total in sums.items():
        given = scenario.processes[str(process)].existing
        assert given is not None
        assert sum(float(v) for v in given.points[str(region)].values()) == pytest.approx(total)


def test_all_demand_is_served_and_the_cap_holds(neutral: ts.Results) -> None:
    served = neutral.served_demand.sum(["node"])
    scenario = ts.load(NEUTRAL)
    for name in ("crude_steel", "cement", "hvc", "paper"):
        amounts = scenario.demand[name].amount
        assert float(served.sel(demand=name, period=2025)) == pytest.approx(float(next(iter(amounts.items()))[2]))
    net = neutral.emissions.sel(emission="co2").sum("node")
    assert float(net.sel(period=2045)) <= 1.0
    assert float(net.sel(period=2025)) > 50e6


def test_the_base_year_runs_what_stands(neutral: ts.Results) -> None:
    """Activities of 2025 are those of the register's plants, within what new plants are allowed to add."""
    table = pd.read_csv(SCENARIOS / "data" / "nrw_base_year.csv", comment="#").set_index("process")["running"]
    activity = neutral.activity.sum(["mode", "region"]).sel(period=2025)
    for process in (
        "bf_bof",
        "scrap_eaf",
        "clinker_kiln",
        "cement_mill",
        "ammonia_reforming",
        "glass_gas",
        "paper_mill",
    ):
        assert float(activity.sel(process=process)) == pytest.approx(float(table[process]), rel=0.01), process


@pytest.mark.parametrize("path", [REFERENCE, NEUTRAL], ids=["reference", "neutral"])
def test_without_hours_the_study_costs_almost_the_same_and_a_little_more(path: Path) -> None:
    """Boilers that choose their hours pay less than the mean price, which is all that the annual study knows."""
    hourly, annual = ts.solve(ts.load(path)), ts.solve(ts.load(path, variant="annual"))
    assert 1.0 < annual.objective / hourly.objective < 1.15
    assert hourly.certificate["ok"]
    assert annual.certificate["ok"]


@pytest.mark.parametrize("product", ["paper", "chlorine", "hvc"])
def test_a_product_that_nothing_makes_is_named_with_place_and_year(product: str) -> None:
    scenario = ts.load(NEUTRAL)
    makers = [n for n, p in scenario.processes.items() if product in p.flows]
    gone = [f"processes.{name}" for name in makers]
    gone += [f"flexible_loads.{name}" for name, load in scenario.flexible_loads.items() if load.process in makers]
    start = time.perf_counter()
    with pytest.raises(ScenarioError, match=rf"demand\.{product}: {product} is demanded in nrw in 2025"):
        scenario.with_(dict.fromkeys([*gone, "resources.recycled_plastics"]))
    assert time.perf_counter() - start < 60


def test_too_little_of_a_product_is_explained_by_name() -> None:
    limited = {
        f"processes.{name}.capacity_max": "50 MW"
        for name in ("sme_gas_boiler", "sme_electrode_boiler", "sme_heat_pump", "sme_hydrogen_boiler")
    }
    _, program = compose(ts.load(NEUTRAL).with_(limited))
    start = time.process_time()  # work: how long it takes depends on what else the machine does
    explanation = explain_infeasible(program, time_limit=600)
    assert time.process_time() - start < 45  # seconds that a solve without a solution has for this
    assert any(give.name.startswith("balance[sme_heat, ruhr, 20") for give in explanation.gives)
    assert explanation.smallest
    assert any(name.startswith("capacity_max[sme_") for name in explanation.conflict)


def test_co2_leaves_the_state_over_borders_and_no_store_takes_more_than_it_can(neutral: ts.Results) -> None:
    scenario = ts.load(NEUTRAL)
    stored = neutral.activity.sel(process=["co2_store_netherlands", "co2_store_denmark", "co2_store_norway"])
    stored = stored.sum(["mode", "region"])
    way_out = scenario.commodities["stored_co2"].disposal
    assert way_out is not None
    assert way_out.volume_max is not None
    for name in stored["process"].values:
        (place,) = scenario.processes[str(name)].regions or ()
        for year, most in way_out.volume_max.points[place].items():
            assert float(stored.sel(process=name, period=year)) <= float(most) * (1 + 1e-6)
        arriving = [n for n, link in scenario.links.items() if link.to == place and link.commodity == "captured_co2"]
        leaving = [n for n, link in scenario.links.items() if link.from_ == place and link.commodity == "captured_co2"]
        flow = neutral.link_flow.sum("direction")
        net = flow.sel(link=arriving).sum("link") - flow.sel(link=leaving).sum("link")
        assert np.allclose(net, stored.sel(process=name), atol=1.0)
    assert float(stored.sum("process").sel(period=2045)) > 1e6


def test_new_hydrogen_pipelines_stand_beside_each_one_that_is_converted() -> None:
    links = ts.load(REFERENCE).links
    converted = [name for name in links if f"{name}_new" in links]
    assert len(converted) == 7
    for name in converted:
        old, new = links[name], links[f"{name}_new"]
        assert (old.from_, old.to) == (new.from_, new.to)
        assert old.capacity_max is not None
        assert new.capacity_max is None


def test_the_same_good_is_imported_with_carbon_of_different_origin() -> None:
    scenario = ts.load(REFERENCE)
    for good, origins in {"methanol": {"fossil", "biogenic", "air"}, "naphtha": {"fossil", "biogenic", "air"}}.items():
        own = scenario.commodities[good].origin
        bought = {s.origin or own for n, s in scenario.supply.items() if (s.commodity or n) == good}
        assert bought == origins


def test_old_scrap_is_melted_only_with_room_for_its_copper(neutral: ts.Results) -> None:
    room = neutral.flow.sel(commodity="copper_room").sum("region")
    taken, made = -room.where(room < 0, 0).sum("process"), room.where(room > 0, 0).sum("process")
    assert (taken <= made * (1 + 1e-6)).all()
    assert float(neutral.purchase.sel(supply="scrap_old", period=2045).sum()) > 0


def test_regions_are_whole(neutral: ts.Results) -> None:
    """Heat is made where it is used: no region's balance leans on another."""
    made = neutral.flow.sel(commodity="heat_200").sum("process")
    demand = neutral.served_demand.sel(demand="heat_200")
    for region in made["region"].values:
        assert np.allclose(made.sel(region=region), demand.sel(node=region), rtol=1e-6)
