"""The NRW study with the policies of today: each pays what its formula says, and moves what theory says it moves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import transform_sim as ts
from transform_sim.finance import annuity_factor
from transform_sim.scenario import load_variants

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STUDY, REFERENCE = SCENARIOS / "nrw_policies.yaml", SCENARIOS / "nrw_reference.yaml"
OWN = sorted(set(load_variants(STUDY)) - set(load_variants(REFERENCE)))
TRANSFERS = {
    "free_allocation",
    "power_compensation",
    "border_adjustment",
    "carbon_contract",
    "grant",
    "grant_financing",
}
FURNACES = ["bf_bof", "bf_bof_ccs", "bf_bof_top_gas_ccs"]
PRIMARY = [*FURNACES, "dri_eaf", "dri_eaf_ccs", "dri_smelter_bof"]
GREEN = ["dri_eaf", "dri_eaf_ccs", "dri_smelter_bof", "scrap_eaf", "hbi_eaf", "electrowinning"]
YEARS = 5
"""In a period."""

Solved = Callable[..., ts.Results]


@pytest.fixture(scope="module")
def solved() -> Solved:
    """The study without hours, as shipped or in a variant, solved once."""

    @cache
    def of(variant: str | None = None) -> ts.Results:
        return ts.solve(ts.load(STUDY, variant).with_({"time": "annual"}))

    return of


def made(results: ts.Results, processes: list[str], year: int) -> float:
    return float(results.activity.sel(process=processes, period=year).sum())


def paid(results: ts.Results, component: str, year: int, owner: str = "") -> float:
    """Yearly cost of a component, of owners whose name begins so."""
    cost = results.annual_cost.sel(component=component, period=year)
    return float(cost.sel(owner=[o for o in cost["owner"].values if str(o).startswith(owner)]).sum())


def test_every_number_has_a_source_and_says_how_sure_it_is() -> None:
    seen = set()
    for variant in (None, *OWN):
        scenario = ts.load(STUDY, variant)
        for given in scenario.quantities():
            if given.path.startswith("policies.") and STUDY.name in str(scenario.where(given.path)):
                told = given.quantity.provenance
                assert told is not None, given.path
                assert told.source, given.path
                assert told.quality, given.path
                seen.add(given.path)
    assert len(seen) > 60


def test_the_levies_of_the_reference_have_given_way_to_the_border_adjustment() -> None:
    before, now = ts.load(REFERENCE), ts.load(STUDY)
    levied = {name for name, supply in before.supply.items() if supply.levy.points != now.supply[name].levy.points}
    adjusted = {name for border in now.policies.border_adjustment.values() for name in border.supply or ()}
    assert levied == {"hbi_gas", "slab_furnace", "ammonia_fossil"}
    assert adjusted - levied == {"slab_green"}


@pytest.mark.parametrize("variant", OWN)
def test_each_variant_solves(solved: Solved, variant: str) -> None:
    assert solved(variant).certificate["ok"]


def test_free_allocation_is_benchmark_times_share_kept_times_price_times_output(solved: Solved) -> None:
    results = solved()
    iron = made(results, PRIMARY, 2030)
    assert 1e6 < iron < 15.4e6
    assert paid(results, "free_allocation", 2030, "hot_metal") == pytest.approx(-1.148 * 0.515 * 113.4 * iron)
    # as much as was made in the base year counts, not more
    assert paid(results, "free_allocation", 2025, "crackers") == pytest.approx(-0.681 * 60 * made(
        results, ["steam_cracker", "steam_cracker_ccs", "electric_cracker"], 2025
    ))  # fmt: skip
    assert paid(results, "free_allocation", 2035, "hot_metal") == 0


def test_certificates_cost_what_is_embodied_less_what_makers_are_given(solved: Solved) -> None:
    results = solved("lump_sum_allocation")
    slabs = float(results.purchase.sel(supply="slab_furnace", period=2030).sum())
    assert slabs > 0.5e6
    owed = (1.93 - 1.148 * 0.515) * 113.4 * slabs
    assert paid(results, "border_adjustment", 2030, "slab_furnace") == pytest.approx(owed)


def test_compensation_is_aid_times_factor_times_the_price_of_the_year_before(solved: Solved) -> None:
    results = solved()
    chlorine = float(results.compensated_output.sel(compensation="chlorine", period=2030).sum())
    before = 60 + (113.4 - 60) * 4 / 5
    assert chlorine == pytest.approx(1.69e6)
    assert paid(results, "power_compensation", 2030, "chlorine") == pytest.approx(
        -0.75 * 0.72 * before * 1.85 * chlorine
    )
    assert paid(results, "power_compensation", 2035) == 0


def test_the_contract_pays_the_strike_less_the_effective_price(solved: Solved) -> None:
    results = solved("steel_contract")
    output = results.contracted_output.sel(contract="direct_reduction")
    avoided = 1.93 - 0.60
    in_2030 = 150 * avoided - 113.4 * (avoided - (0.66 - 0.59))
    gas = 35 - 5 * 5 / 15
    in_2035 = 150 * avoided + 2.683 * (gas - 35) - 130.2 * avoided
    for year, payment in ((2030, in_2030), (2035, in_2035)):
        assert float(output.sel(period=year)) > 0
        assert paid(results, "carbon_contract", year) == pytest.approx(-payment * float(output.sel(period=year)))
    assert paid(results, "carbon_contract", 2040) > 0  # the price is above the strike: the plant pays back
    assert paid(results, "carbon_contract", 2045) == 0  # fifteen years are over


def test_public_money_is_not_overspent(solved: Solved) -> None:
    limit = float(ts.load(STUDY, "steel_contract").policies.budgets["climate_fund"].limit.points[None][None])
    assert limit < 145e6  # EUR2023 in EUR2020
    assert -paid(solved("steel_contract"), "carbon_contract", 2030) <= limit * (1 + 1e-9)
    # all of 110 million EUR2023 a year is granted in 2030, and comes back in twenty annuities
    granted = limit * 110 / 145 * YEARS
    assert -paid(solved("grants"), "grant", 2030) == pytest.approx(granted * annuity_factor(0.03, 20))


def test_grants_pay_for_what_is_built_without_them(solved: Solved) -> None:
    """Direct reduction is held by its pace, not by its cost: the money changes hands and no plant."""
    with_, without = solved("grants"), solved()
    assert made(with_, ["dri_eaf", "dri_smelter_bof"], 2030) == pytest.approx(
        made(without, ["dri_eaf", "dri_smelter_bof"], 2030)
    )
    assert with_.objective < without.objective


def test_a_lump_sum_changes_nothing_but_who_is_richer(solved: Solved) -> None:
    none, lump = solved("no_free_allocation"), solved("lump_sum_allocation")
    given = float(lump.cost.sel(component="free_allocation").sum())
    assert given < 0
    assert lump.objective == pytest.approx(none.objective + given, rel=1e-9)


def test_allocation_for_output_keeps_production_at_home(solved: Solved) -> None:
    """Without it a part of the steel of 2030 comes from furnaces abroad; the pace of direct reduction is the same."""
    given, none = solved(), solved("no_free_allocation")
    abroad = [float(r.purchase.sel(supply="slab_furnace", period=2030).sum()) for r in (given, none)]
    assert abroad[0] < abroad[1]
    assert made(given, FURNACES, 2030) > made(none, FURNACES, 2030)
    assert made(given, ["dri_eaf"], 2030) == pytest.approx(made(none, ["dri_eaf"], 2030))


def test_allocation_tied_to_furnaces_keeps_them_where_the_product_would_not(solved: Solved) -> None:
    """The same allowances for good: for any iron, direct reduction makes it; for blast furnaces alone, they do."""
    product, route = solved("allocation_kept"), solved("furnace_allocation_kept")
    reduced = ["dri_eaf", "dri_eaf_ccs", "dri_smelter_bof"]
    assert made(product, reduced, 2050) > 10e6
    assert made(product, FURNACES, 2050) == pytest.approx(0, abs=1)
    assert made(route, reduced, 2050) == pytest.approx(0, abs=1)
    assert made(route, FURNACES, 2050) > 10e6
    co2 = [float(r.emissions.sel(emission="co2", period=2050).sum()) for r in (product, route)]
    assert co2[1] - co2[0] > 10e6


def test_allocation_for_iron_alone_takes_the_place_of_scrap(solved: Solved) -> None:
    assert made(solved("allocation_kept"), ["scrap_eaf"], 2050) < 0.5 * made(solved(), ["scrap_eaf"], 2050)


def test_without_the_border_adjustment_carbon_comes_in(solved: Solved) -> None:
    dirty = ["slab_furnace", "hbi_gas", "ammonia_fossil"]
    bought = [
        float(solved(v).purchase.sel(supply=dirty, period=[2035, 2040]).sum()) for v in (None, "no_border_adjustment")
    ]
    assert bought[1] > 2 * bought[0]


def test_land_by_sub_region_holds_wind_back(solved: Solved) -> None:
    wind = [solved(v).capacity.sel(process="wind", period=2050) for v in (None, "land")]
    assert float(wind[1].sel(region="rheinisches_revier")) <= 2100 * (1 + 1e-9)
    assert float(wind[1].sum()) == pytest.approx(8200)
    assert float(wind[0].sum()) == pytest.approx(10000)


def test_the_quota_binds_and_has_a_price(solved: Solved) -> None:
    results = solved("green_steel_quota")
    bought = results.purchase.sel(period=2030).sum([d for d in results.purchase.dims if d not in ("supply", "period")])
    green = made(results, GREEN, 2030) + float(bought.sel(supply="slab_green"))
    steel = made(results, [*PRIMARY, "scrap_eaf", "hbi_eaf"], 2030) + float(
        bought.sel(supply=["slab_green", "slab_furnace"]).sum()
    )
    assert green == pytest.approx(0.42 * steel)
    assert solved("green_steel_quota").objective > solved().objective
    assert float(results.quota_premium.sel(quota="green_steel", period=2030).sum()) > 0


def test_banking_uses_later_what_is_left_before_and_is_cheaper(solved: Solved) -> None:
    caps = {2030: 45e6, 2035: 24e6, 2040: 8e6, 2045: 0, 2050: 0}
    emitted = solved("banking").emissions.sel(emission="co2").sum("node")
    bank = 0.0
    for year, cap in caps.items():
        bank += YEARS * (cap - float(emitted.sel(period=year)))
        assert bank >= -1.0, year
    assert float(emitted.sel(period=2040)) > caps[2040]
    assert solved("banking").objective < solved("cap").objective


def test_the_social_view_knows_no_transfers(solved: Solved) -> None:
    components = set(solved("social").annual_cost["component"].values)
    assert not TRANSFERS & components
    assert {"free_allocation", "power_compensation", "border_adjustment"} <= set(
        solved().annual_cost["component"].values
    )
