"""Every scenario in `scenarios/mini` against values worked out by hand; the arithmetic stands beside them."""

from __future__ import annotations

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, mini
from transform_sim.timeseries import load_profile, structure

HOURS = 8760


def mini_variant(name: str, variant: str) -> ts.Results:
    return ts.solve(ts.load(ROOT / "scenarios" / "mini" / f"{name}.yaml", variant))


def test_there_are_enough_and_each_is_tested_here() -> None:
    names = {path.stem for path in MINIS}
    assert len(names) >= 8
    assert {f"test_{name}" for name in names} <= set(globals())


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_each_is_short_and_explains_itself(path: object) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()  # type: ignore[attr-defined]
    assert len(lines) <= 60
    assert lines[0].startswith("# ")


def test_two_routes() -> None:
    r = mini("two_routes")
    # at 40, 60, 80 EUR/t CO₂: furnace 200 + 1.7·(40, 60, 80) = 268, 302, 336; shaft 260 + 0.6·(…) = 284, 296, 308
    assert r.objective == pytest.approx(1e6 * 5 * (268 + 296 + 308), rel=1e-12)
    made = r.activity.sum(["mode", "region"])
    assert made.sel(process="furnace").values == pytest.approx([1e6, 0, 0])
    assert made.sel(process="shaft").values == pytest.approx([0, 1e6, 1e6])
    assert r.emissions.sum("node").sel(emission="co2").values == pytest.approx([1.7e6, 0.6e6, 0.6e6])


def test_whose_carbon() -> None:
    r = mini("whose_carbon")
    # limestone and waste 150, hydrogen 600, 6.6 t stored at 50, 0.7 t at 100
    assert r.objective == pytest.approx(150 + 600 + 6.6 * 50 + 70, rel=1e-9)
    assert float(r.emissions.sum()) == pytest.approx(0.7)
    taken = r.carbon_taken.sel(process="synthesis", commodity="captured_co2").squeeze()
    assert float(taken.sel(origin="biogenic")) == pytest.approx(1.5)
    assert float(r.embodied_carbon.sel(commodity="methanol", origin="biogenic").sum()) == pytest.approx(1.4)
    stored = r.carbon_disposed.sel(commodity="captured_co2").sum(["node", "period"])
    assert stored.sel(origin=["fossil", "process", "biogenic"]).values == pytest.approx([1.8, 4.5, 0.3])
    credited = mini_variant("whose_carbon", "credited")
    assert float(credited.emissions.sum()) == pytest.approx(0.4)
    assert credited.objective == pytest.approx(r.objective - 30, rel=1e-9)


def test_contract_for_steel() -> None:
    first = 5e6 * (462 + 1.93 * 60)  # until 2030 the furnace runs on, its capital is sunk
    r = mini("contract_for_steel")
    # shaft 709.8 + 711.4 + 713.8 + 714.6 less 74, 37 and −18.5 in the fifteen years of the contract
    assert r.objective - first == pytest.approx(5e6 * (2849.6 - 92.5), rel=1e-12)
    assert r.activity.sel(process="shaft").sum(["mode", "region"]).values == pytest.approx([0, 1e6, 1e6, 1e6, 1e6])
    paid = r.annual_cost.sel(component="carbon_contract").sum("owner")
    assert paid.values == pytest.approx([0, -74e6, -37e6, 18.5e6, 0])
    none, floor, small, dear = (
        mini_variant("contract_for_steel", v) for v in ("no_contract", "floor", "small_budget", "dear_hydrogen")
    )
    assert none.objective - first == pytest.approx(5e6 * 2816.5, rel=1e-12)
    assert float(none.activity.sel(process="shaft").sum()) == pytest.approx(0, abs=1e-6)
    assert floor.objective - first == pytest.approx(5e6 * (2849.6 - 74 - 37), rel=1e-12)
    # 37 million a year are half of 74 EUR/t: half is converted, half relined
    assert small.objective - first == pytest.approx(5e6 * (2757.1 + 2816.5) / 2, rel=1e-12)
    # hydrogen costs 1.73 · 20 = 34.6 EUR/t more in all four periods, the strike makes up for three of them
    assert dear.objective - first == pytest.approx(5e6 * (2757.1 + 34.6), rel=1e-12)


def test_allocation_and_route() -> None:
    made = {
        variant: result.activity.sum(["mode", "region"])
        for variant, result in (
            ("output", mini("allocation_and_route")),
            *((v, mini_variant("allocation_and_route", v)) for v in ("none", "furnace_only", "cheap_import")),
        )
    }
    for variant in ("output", "none", "cheap_import"):
        assert made[variant].sel(process="shaft").values == pytest.approx([0, 1e6, 1e6]), variant
    assert made["furnace_only"].sel(process="furnace").values == pytest.approx([1e6, 1e6, 1e6])
    costs = {
        "none": 680 + 713 + 714.6,
        "furnace_only": 555 + 568.6 + 582.2,
        "cheap_import": 555 + 563 + 539.6,
        "cheap_import_lump_sum": 3 * 650 - 125 - 150 - 175,
    }
    for variant, cost in costs.items():
        result = mini_variant("allocation_and_route", variant)
        assert result.objective == pytest.approx(5e6 * cost, rel=1e-12), variant
    lump_sum = mini_variant("allocation_and_route", "cheap_import_lump_sum")
    assert float(lump_sum.activity.sum()) == pytest.approx(0, abs=1e-6)
    assert float(lump_sum.purchase.sel(supply="import").sum()) == pytest.approx(3e6)


def test_network_charge() -> None:
    r = mini("network_charge")
    # 10 MW at 30 EUR/MWh in the windy half, 26,200 MWh at 90 in the calm one; a fifth of 5 EUR/MWh and 100,000 EUR/MW
    assert r.objective == pytest.approx(43800 * 30 + 26200 * 90 + 0.2 * (70000 * 5 + 10 * 1e5), rel=1e-12)
    assert float(r.peak_purchase.squeeze()) == pytest.approx(10)
    assert r.warnings == ()


def test_reline_or_convert() -> None:
    r = mini("reline_or_convert")
    # EUR/t without capital at 50, 100, 150: furnace 180 + 1.7·p = 265, 350, 435; shaft 230 + 0.6·p = 260, 290, 320.
    # 2025: 2 · 265. 2035: the older one converted, 500/20 + 290 = 315 (relined 10 + 350), the younger 350.
    # 2045: 25 + 320 = 345 for both. A shaft on a green field in 2035 would cost 50 + 290, then 50 + 320: 710 in two
    # decades, against 350 + 345 = 695 for waiting
    assert r.objective == pytest.approx(1e6 * 10 * (2 * 265 + (315 + 350) + 2 * 345), rel=1e-12)
    converted = r.end_conversion.sel(source="furnace", target="shaft").sum("region")
    assert converted.values == pytest.approx([0, 1e6, 1e6])
    # without a carbon price: 180 running, 10 for the reline
    relined = mini_variant("reline_or_convert", "no_carbon_price")
    assert relined.objective == pytest.approx(1e6 * 10 * (2 * 180 + (190 + 180) + 2 * 190), rel=1e-12)
    assert relined.end_conversion.sel(source="furnace", target="furnace").values.sum() == pytest.approx(2e6)


def test_retrofit_midway() -> None:
    r = mini("retrofit_midway")
    # EUR per t of furnace capacity at 30, 70, 110: furnace 105 + 75 + 1.7·p = 231, 299, 367.
    # Converted: 0.9·(105 + 75 + 1.4·50 + 0.3·p) + 0.1·420 = 0.9·271 + 42 = 285.9 in 2030, 0.9·283 + 42 = 296.7 in 2035.
    # In 2030 100 EUR are paid over the ten years left, 10 a year: 295.9 < 299 and 306.7 < 316.7 (20 a year from 2035)
    assert r.objective == pytest.approx(1e6 * 5 * (231 + 295.9 + 306.7), rel=1e-12)
    assert r.mid_conversion.sum("region").values.ravel() == pytest.approx([0, 1e6, 0])
    assert r.capacity.sel(process="furnace_ccs").sum("region").values == pytest.approx([0, 0.9e6, 0.9e6])
    assert r.disposal.sel(commodity="captured").sum("node").values == pytest.approx([0, 1.26e6, 1.26e6])
    assert r.emissions.sum(["emission", "node"]).values == pytest.approx([1.7e6, 0.27e6, 0.27e6])


def test_mothballing() -> None:
    r = mini("mothballing")
    # 2025: 1.5 · 80; 2030: 1.5 · 70 imported; 2035: 1 · 80 + 0.5 · 120
    assert r.objective == pytest.approx(1e6 * 5 * (120 + 105 + 140), rel=1e-12)
    assert r.capacity.sel(process="kiln").sum("region").values == pytest.approx([1.5e6, 0, 1e6])


def test_battery_day() -> None:
    r = mini("battery_day")
    scenario = ts.load(ROOT / "scenarios" / "mini" / "battery_day.yaml")
    time = structure(scenario.time, scenario.profiles)
    spot = load_profile("package:de_2025/price")
    # negative hours: the days are shifted to the year's mean, scaled to 80 and cut off at 0
    days = spot[time.source_hour].reshape(2, 24)
    weight = time.day_weight / HOURS
    shape = (days + spot.mean() - (weight * days.mean(axis=1)).sum()) / spot.mean()
    price = np.maximum(80 * shape, 0)
    # 2 MW in the twelve cheapest hours of each day
    cheapest = np.sort(price, axis=1)[:, :12].sum(axis=1)
    assert r.objective == pytest.approx(float(time.day_weight / 24 @ (2 * cheapest)), rel=1e-9)
    bought = r.purchase_hour.values.reshape(2, 24)
    assert np.sort(bought, axis=1) == pytest.approx(np.repeat([[0.0, 2.0]], 12, axis=1).repeat(2, axis=0), abs=1e-7)
    assert float(r.level_hour.max()) <= 20 + 1e-9


def test_load_shift() -> None:
    r, rigid = mini("load_shift"), mini_variant("load_shift", "rigid")
    scenario = ts.load(ROOT / "scenarios" / "mini" / "load_shift.yaml")
    days = structure(scenario.time, scenario.profiles).day_weight / 24
    price = rigid.shadow_price_hour.values.reshape(2, 24)
    assert rigid.objective == pytest.approx(float(days @ (100 * price).sum(axis=1)), rel=1e-9)
    saved = []
    for day in np.sort(price, axis=1):
        # 25 MW more per hour from the cheapest on, 25 MW less from the dearest on: pair them until it does not pay
        up, down, worth = np.full(24, 25.0), np.full(24, 25.0), 0.0
        cheap, dear = 0, 23
        while cheap < 24 and dear >= 0 and 0.95 * day[dear] > day[cheap] + 2:
            moved = min(up[cheap], down[dear] / 0.95)
            worth += moved * (0.95 * day[dear] - day[cheap] - 2)
            up[cheap], down[dear] = up[cheap] - moved, down[dear] - 0.95 * moved
            cheap, dear = cheap + (up[cheap] < 1e-9), dear - (down[dear] < 1e-9)
        saved.append(worth)
    assert r.objective == pytest.approx(rigid.objective - float(days @ saved), rel=1e-9)
    used, missed = (r.data[f"{name}_hour"].values.reshape(2, 24).sum(axis=1) for name in ("shift_up", "shift_down"))
    assert missed == pytest.approx(0.95 * used)
    assert float(r.shift_up_hour.max()) == pytest.approx(25)


def test_seasonal_cavern() -> None:
    r = mini("seasonal_cavern")
    # power at 10 in summer: 4380 MWh of hydrogen at once and 4380/0.8 = 5475 for winter, all at 10/0.5 = 20;
    # the cavern 5475 · 10/20
    assert r.objective == pytest.approx((4380 + 5475) * 20 + 5475 * 0.5, rel=1e-12)
    assert r.storage_capacity.values == pytest.approx(5475)


def test_two_nodes() -> None:
    r = mini("two_nodes")
    # 90 MW sent at 80 + 1, 30 MW of them new; 88.2 MW arrive, 11.8 MW are made at 110
    assert r.objective == pytest.approx(90 * HOURS * 81 + 30 * 6250 + 11.8 * HOURS * 110, rel=1e-12)
    assert r.link_new_capacity.values == pytest.approx(30)
    price = r.shadow_price.sel(commodity="hydrogen")
    assert price.sel(node="coast").values == pytest.approx(80)
    assert price.sel(node="ruhr").values == pytest.approx(110)


def test_elastic_demand() -> None:
    r = mini("elastic_demand")
    # 12 t forgone at (5 + 10)/2, 12 t at 11
    assert r.objective == pytest.approx(12 * 7.5 + 12 * 11, rel=1e-12)
    assert r.served_demand.values == pytest.approx(12)
    assert r.forgone_demand.values == pytest.approx(12)


def test_emission_budget() -> None:
    r = mini("emission_budget")
    # 300 for 10 t in 15 years; 5 · 10 · 40 in 2035 and 5 · 3 · 60 in 2030
    assert r.objective == pytest.approx(15 * 10 * 300 + 2000 + 900, rel=1e-12)
    assert r.emissions.values.ravel() == pytest.approx([10, 7, 0], abs=1e-9)
    # the marginal tonne costs 60 EUR in 2030; a tonne emitted all year counts 2.5/5 as much in 2025, 7.5/5 in 2035
    assert r.cap_price.values.ravel() == pytest.approx([30, 60, 90])


def test_supply_curve() -> None:
    r = mini("supply_curve")
    # 5 MW · 4380 h · 40 + 13,140 · 60 + (43,800 − 21,900 − 13,140) · 90 − 4 MW · 4380 h · 35
    assert r.objective == pytest.approx(876_000 + 788_400 + 788_400 - 613_200, rel=1e-12)
    assert r.purchase.values == pytest.approx(43_800)
    assert r.sale.values == pytest.approx(17_520)
    price = r.shadow_price_hour.sel(commodity="electricity").values.ravel()
    assert price == pytest.approx([0, 90])  # one MWh more: less curtailed when windy, the last step when calm


def test_generations() -> None:
    r = mini("generations")
    # 525,600 MWh a year: five years at 50 EUR, then ten at 40 with 80 MW new at 6,000 EUR a year
    assert r.objective == pytest.approx(5 * 525_600 * 50 + 10 * (525_600 * 40 + 80 * 6000), rel=1e-12)
    assert r.new_capacity.sel(process="electrolyser").values.ravel() == pytest.approx([0, 80, 0])
    assert r.flow.sel(commodity="electricity").values.ravel() == pytest.approx([-876_000, -700_800, -700_800])


def test_valley_of_death() -> None:
    r = mini("valley_of_death")
    # furnace 268, 293.5, 319, 344.5; electrolysis 327.5, 308.75, 290 from 2030 on
    assert r.objective == pytest.approx(1e6 * 5 * (268 + 293.5 + 308.75 + 290), rel=1e-12)
    made = r.activity.sum(["mode", "region"]).sel(process="electrolysis")
    assert made.values == pytest.approx([0, 0, 1e6, 1e6])
    mature = mini_variant("valley_of_death", "mature")
    assert mature.objective == pytest.approx(1e6 * 5 * (268 + 3 * 290), rel=1e-12)
    # one seed in 2030, then five more each: 4, 24, 44 %
    slow = mini_variant("valley_of_death", "from_seeds")
    assert slow.capacity.sel(process="electrolysis").values.ravel() == pytest.approx([0, 4e4, 24e4, 44e4])
    mixed = 268 + (96 * 293.5 + 4 * 327.5 + 76 * 319 + 24 * 308.75 + 56 * 344.5 + 44 * 290) / 100
    assert slow.objective == pytest.approx(1e6 * 5 * mixed, rel=1e-12)


def test_implied_store() -> None:
    r = mini("implied_store")
    # 35,040 MWh of power, all at night at 20; 2 MW needed, 4 made: 2 · 4380 h of surplus are 4380 h of the mean
    assert r.objective == pytest.approx(35_040 * 20, rel=1e-12)
    assert float(r.implied_buffer.max()) == pytest.approx(4380)
    assert any("hydrogen balance implies a store of 4380 h" in w for w in r.warnings)
    # run evenly: at the mean price
    earned = mini_variant("implied_store", "earned")
    assert earned.objective == pytest.approx(35_040 * 60, rel=1e-12)
    assert earned.warnings == ()


def test_mill_and_silo() -> None:
    r = mini("mill_and_silo")
    # the mill at 5/3 t/h by night, 1/3 by day; 8 t of silo, 2/3 of 365·0.05·(78 + 66) for holding
    power = 4380 * 0.1 * (5 / 3 * 20 + 1 / 3 * 80)
    assert r.objective == pytest.approx(5 / 3 * HOURS + power + 8 * 300 + 2 / 3 * 2628, rel=1e-9)
    assert r.capacity.sum() == pytest.approx(5 / 3 * HOURS)
    assert r.storage_capacity.values == pytest.approx(8)
    night, day = np.split(r.activity_hour.sel(process="mill").squeeze().values.reshape(2, 24), 2, axis=1)
    assert night == pytest.approx(np.full((2, 12), 5 / 3))
    assert day == pytest.approx(np.full((2, 12), 1 / 3))
    assert float(r.cost.sel(component="holding_cost").sum()) == pytest.approx(2 / 3 * 2628)
    flat = mini_variant("mill_and_silo", "dear_silo")
    assert flat.objective == pytest.approx(HOURS + HOURS * 0.1 * 50, rel=1e-9)
    assert flat.storage_capacity.values == pytest.approx(0)


def test_hybrid_boiler() -> None:
    r = mini("hybrid_boiler")
    # windy: 6 MW at 40, 4 MW at 55; calm: 10 MW at 55
    assert r.objective == pytest.approx(4380 * (6 * 40 + 4 * 55 + 10 * 55), rel=1e-12)
    made = r.activity_hour.squeeze()
    assert made.sel(process="electrode_boiler").values == pytest.approx([6, 0])
    assert made.sel(process="gas_boiler").values == pytest.approx([4, 10])
    # one MWh more costs 55 in either: gas is at the margin
    assert r.shadow_price_hour.sel(commodity="heat").values.ravel() == pytest.approx([55, 55])
    one = mini_variant("hybrid_boiler", "hybrid")
    assert one.objective == pytest.approx(r.objective, rel=1e-12)
    assert one.activity_hour.squeeze().sel(mode="power").values == pytest.approx([6, 0])
