"""Carbon contracts for difference by hand: what is paid, for how long, for how much, and what has to be paid back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ONE_YEAR, load, objective, solve
from tests.model.paid import between_slopes, dual, is_no_matter_of_society, swept_is_solved
from tests.model.paid import switched_off_is_absent as off_is_absent

FIVES = {"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.0}
FURNACE, SHAFT = 450.0, 635.0
"""Cost per t without carbon; with 1.93 and 0.08 t CO₂ they draw level at 100 EUR/t."""


def deal(price: Any = 60.0, *, contract: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """10 t of steel by a furnace that stands, or a shaft that is built for 35 EUR/t and year, under contract."""
    given = {"process": "shaft", "strike": 100, "reference_emission": 1.93, "emission": 0.08}
    return {
        "horizon": ONE_YEAR,
        "commodities": {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        "processes": {
            "furnace": {"unit": "t", "flows": {"steel": 1, "co2": 1.93}, "variable_opex": FURNACE, "existing": 1000,
                        "latest": 2000},
            "shaft": {"unit": "t", "flows": {"steel": 1, "co2": 0.08}, "variable_opex": SHAFT - 35, "capex": 35 * 20,
                      "lifetime": 20},
        },
        "policies": {"carbon_price": price, "carbon_contracts": {"round": given | (contract or {})}},
    } | sections  # fmt: skip


def made(r: ts.Results) -> float:
    return float(r.data.activity.sel(process="shaft").sum())


def paid(r: ts.Results, component: str = "carbon_contract") -> list[float]:
    """Present value by period of what the state pays."""
    return [-float(c) for c in r.data.cost.sel(component=component)]


@pytest.mark.parametrize("price", [0.0, 60.0, 99.0])
def test_it_decides_for_the_route_at_the_strike_at_which_they_draw_level(price: float) -> None:
    for strike, share in ((99.99, 0), (100.01, 10)):
        r = solve(**deal(price, contract={"strike": strike}))
        assert made(r) == pytest.approx(share, abs=1e-9)
        assert paid(r) == pytest.approx([share * 1.85 * (strike - price)])
    assert objective(**deal(price, contract={"active": False})) == pytest.approx(10 * (FURNACE + 1.93 * price))


def test_at_that_strike_both_cost_the_same() -> None:
    study = ts.prepare(load(**deal(60)))
    solution = study.session.solve()
    program, dual_of = study.program, solution.row_dual
    assert dual_of is not None
    profit = {program.column_name(i): v for i, v in enumerate(program.cost - program.matrix.T @ dual_of)}
    for column in ("activity[furnace", "activity[shaft", "contracted_output", "contracted_new", "new_capacity[shaft"):
        (reduced,) = [value for name, value in profit.items() if name.startswith(column)]
        assert reduced / 8760 == pytest.approx(0, abs=1e-6)
    assert solution.objective == pytest.approx(10 * (FURNACE + 1.93 * 60))


def test_nothing_idle_is_paid_and_the_volume_holds() -> None:
    # 350 EUR/t is more than all cost of it but 285: still 10 t are built, not more
    r = solve(**deal(0, contract={"strike": 350 / 1.85}))
    assert float(r.data.new_capacity.sel(process="shaft").sum()) == pytest.approx(10)
    assert r.objective == pytest.approx(10 * (SHAFT - 350))
    r = solve(**deal(0, contract={"strike": 350 / 1.85, "volume": 4}))
    assert r.objective == pytest.approx(4 * (SHAFT - 350) + 6 * FURNACE)
    assert objective(**deal(0, contract={"strike": 350 / 1.85}, demand={"steel": {"amount": 0}})) == pytest.approx(0)
    assert objective(**deal(0, contract={"volume": 0})) == pytest.approx(10 * FURNACE)


def test_two_rounds_do_not_pay_for_the_same_tonne() -> None:
    sections = deal(60, contract={"strike": 120, "volume": 6})
    first = sections["policies"]["carbon_contracts"]["round"]
    sections["policies"]["carbon_contracts"] = {"first": first, "second": first | {"strike": 110}}
    assert objective(**sections) == pytest.approx(10 * (SHAFT + 4.8) - 1.85 * (6 * 60 + 4 * 50))


def test_the_price_that_counts_is_that_after_free_allocation() -> None:
    # 60 · (1.85 − (1.2 − 0.5)) / 1.85 = 37.3 is what avoiding a tonne brings
    fa = {"reference_allocation": 1.2, "allocation": 0.5}
    r = solve(**deal(60, contract=fa))
    assert paid(r) == pytest.approx([10 * 1.85 * (100 - 60 * (1.85 - 0.7) / 1.85)])


def test_indexation_moves_the_strike_by_what_is_used_more() -> None:
    index = {"hydrogen": {"difference": 1.73, "price": {2025: 80, 2030: 110, 2040: 110}, "base": 80},
             "coal": {"difference": -5, "price": 12, "base": 10}}  # fmt: skip
    hydrogen = {c: {"unit": "MWh"} for c in index} | deal()["commodities"]
    sections = deal(
        60, contract={"indexation": index, "strike": 150, "signed_until": 2025}, horizon=FIVES, commodities=hydrogen
    )
    per_tonne = [1.85 * (150 - 60) + 1.73 * more - 5 * 2 for more in (0, 30, 30)]
    assert paid(solve(**sections)) == pytest.approx([50 * p for p in per_tonne] + [0])


def test_it_is_paid_from_the_start_of_the_plant_for_as_many_years() -> None:
    for duration, years in ((7, [5, 2, 0, 0]), (15, [5, 5, 5, 0]), (30, [5, 5, 5, 5]), (0.5, [0.5, 0, 0, 0])):
        given = {"strike": 200, "duration": duration, "signed_until": 2025}
        sections = deal(60, contract=given, horizon=FIVES)
        sections["processes"]["furnace"]["variable_opex"] = 5000
        assert paid(solve(**sections)) == pytest.approx([10 * n * 1.85 * 140 for n in years])


def test_only_plants_that_start_in_the_window_get_it() -> None:
    for window, start in (({"signed_from": 2028, "signed_until": 2032}, 1), ({"signed_until": 2029}, 0),
                          ({"signed_from": 2035}, 2), ({"signed_from": 2036, "signed_until": 2039}, None)):  # fmt: skip
        r = solve(**deal(60, contract=window | {"strike": 110}, horizon=FIVES))
        built = r.data.new_capacity.sel(process="shaft").sum("region").values
        assert built == pytest.approx([10.0 if i == start else 0.0 for i in range(4)])


RISING = {2025: 60, 2029: 60, 2030: 300}
"""Above the strike from the second period on."""


@pytest.mark.parametrize("two_sided", [True, False])
def test_who_is_under_contract_pays_back_even_if_it_would_rather_not(two_sided: bool) -> None:
    sections = deal(RISING, contract={"strike": 250, "two_sided": two_sided, "duration": 10}, horizon=FIVES)
    sections["processes"]["shaft"]["latest"] = 2025
    r = solve(**sections)
    back = -10 * 5 * 1.85 * 50 if two_sided else 0
    # five years at 190 · 1.85 a tonne are worth five at −50
    assert paid(r) == pytest.approx([10 * 5 * 1.85 * 190, back, 0, 0])


def test_plants_beside_it_that_are_under_no_contract_may_make_what_they_can() -> None:
    # 4 t stand already and run at 90 %: of the 10 t, 3.6 need not be made under contract when it costs to be
    sections = deal(RISING, contract={"strike": 250, "duration": 10, "signed_until": 2025}, horizon=FIVES)
    shaft = sections["processes"]["shaft"]
    sections["processes"]["shaft"] = shaft | {"existing": {2020: 4}, "lifetime": 40, "availability": 0.9, "capex": 1400}
    r = solve(**sections)
    assert paid(r)[1] == pytest.approx(-(10 - 3.6) * 5 * 1.85 * 50)


def test_existing_plants_and_relines_have_no_contract() -> None:
    sections = deal(0, contract={"strike": 400}, horizon=FIVES)
    sections["processes"]["shaft"] |= {"existing": {2015: 10}, "latest": 2000, "reinvest": {"capex": 1}}
    assert sum(paid(solve(**sections))) == pytest.approx(0)


@pytest.mark.parametrize("kind", ["end", "mid"])
def test_conversions_into_it_have_one_until_the_campaign_ends(kind: str) -> None:
    sections = deal(0, contract={"strike": 400, "duration": 12}, horizon=FIVES)
    # 20 t/a of furnace, whose campaign ends in 2030 or 2040, make 10 of shaft
    arc = {"capex": 40, "kind": kind, "ratio": 0.5, "lifetime": 15, "earliest": 2030}
    sections["processes"]["furnace"] |= {"existing": {2010 if kind == "end" else 2020: 20}, "lifetime": 20,
                                         "retrofits": {"shaft": arc}}  # fmt: skip
    sections["processes"]["shaft"] |= {"latest": 2000}
    sections["demand"] = {"steel": {"amount": 10, "shortfall_cost": 9000}}
    r = solve(**sections)
    years = [0, 5, 5, 2] if kind == "end" else [0, 5, 5, 0]  # converted midway it ends with the furnace it was
    assert paid(r) == pytest.approx([10 * n * 1.85 * 400 for n in years])


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_campaign_ends_with_a_period_and_its_contract_with_it(two_sided: bool) -> None:
    # twelve years are two periods of five; then a reline, which is no new plant
    sections = deal(0, contract={"strike": 400, "signed_until": 2025, "two_sided": two_sided}, horizon=FIVES)
    sections["processes"]["shaft"] |= {"lifetime": 12, "reinvest": {"capex": 1}}
    assert paid(solve(**sections)) == pytest.approx([10 * 5 * 1.85 * 400] * 2 + [0, 0])


def annuity(rate: float, years: int) -> float:
    return rate / (1 - (1 + rate) ** -years)


def test_cheaper_capital_by_hand() -> None:
    sections = deal(60, contract={"strike": 400, "wacc_reduction": 0.03}, horizon=ONE_YEAR | {"discount_rate": 0.02})
    sections["processes"]["shaft"]["wacc"] = 0.08
    saved = 700 * (annuity(0.08, 20) - annuity(0.05, 20))
    assert paid(solve(**sections), "contract_financing") == pytest.approx([10 * saved])
    # at a strike of the carbon price nothing else is paid; 4 t are under contract
    shaft = 600 + 700 * annuity(0.05, 20) + 0.08 * 300
    few = deal(300, contract={"strike": 300, "wacc_reduction": 0.03, "volume": 4}, horizon=sections["horizon"])
    few["processes"]["shaft"]["wacc"] = 0.08
    assert objective(**few) == pytest.approx(4 * shaft + 6 * (shaft + saved))


def test_a_contract_and_a_grant_do_not_lower_the_same_cost_twice() -> None:
    """A grant of 90 % leaves a tenth, whose cheaper capital the contract pays: building to stand idle never pays."""
    sections = deal(60, contract={"strike": 60, "wacc_reduction": 0.03}, horizon=ONE_YEAR | {"discount_rate": 0.02})
    sections["processes"]["shaft"]["wacc"] = 0.1
    sections["policies"]["grants"] = {"works": {"plants": ["shaft"], "share": 0.9}}
    del sections["processes"]["furnace"]
    r = solve(**sections)
    capital = 700 * (0.1 * annuity(0.1, 20) - 0.1 * (annuity(0.1, 20) - annuity(0.07, 20)))
    assert made(r) == pytest.approx(10)
    assert r.objective == pytest.approx(10 * (600 + capital + 0.08 * 60))
    assert objective(**(sections | {"demand": {"steel": {"amount": 0}}})) == pytest.approx(0, abs=1e-6)


def test_only_modes_that_are_named_are_paid() -> None:
    """A shaft runs on gas, which is cheaper, or on hydrogen, for which the contract pays 1.85 · 40 EUR/t."""
    modes = {"gas": {"flows": {"co2": 0.6}}, "hydrogen": {"flows": {"co2": 0.08}, "variable_opex": 660}}
    for named, strike, mode in ((None, 100, "gas"), (["hydrogen"], 100, "hydrogen"), (["hydrogen"], 75, "gas")):
        sections = deal(60, contract={"strike": strike} | ({"modes": named} if named else {}))
        del sections["processes"]["furnace"]
        sections["processes"]["shaft"] |= {"flows": {"steel": 1}, "modes": modes}
        r = solve(**sections)
        assert float(r.data.activity.sel(mode=mode).sum()) == pytest.approx(10)
        assert paid(r) == pytest.approx([10 * 1.85 * (strike - 60) * (named is None or mode == "hydrogen")])


def test_a_plant_is_paid_for_what_it_can_make_and_no_more() -> None:
    sections = deal(60, contract={"strike": 400, "volume": 10})
    sections["processes"]["shaft"]["availability"] = 0.5
    assert paid(solve(**sections)) == pytest.approx([5 * 1.85 * 340])


def test_cheaper_capital_of_a_conversion_by_hand() -> None:
    sections = deal(60, contract={"strike": 400, "wacc_reduction": 0.02}, horizon=FIVES)
    sections["processes"]["furnace"] |= {"existing": {2010: 10}, "lifetime": 20, "wacc": 0.07,
                                         "retrofits": {"shaft": {"capex": 400}}}  # fmt: skip
    sections["processes"]["shaft"] |= {"latest": 2000, "wacc": 0.3}
    saved = 400 * (annuity(0.07, 20) - annuity(0.05, 20))  # of a conversion counts the WACC of what is converted
    sections["demand"] = {"steel": {"amount": 10, "shortfall_cost": 9000}}
    assert paid(solve(**sections), "contract_financing") == pytest.approx([0, 10 * 15 * saved, 0, 0])


def test_switched_off_and_in_the_social_view() -> None:
    sections = deal(60, contract={"volume": 5, "wacc_reduction": 0.01}, horizon=FIVES)
    sections["processes"]["shaft"]["wacc"] = 0.05
    off_is_absent(sections, "carbon_contracts")
    is_no_matter_of_society(sections, "carbon_contracts")


def test_duals_lie_between_slopes() -> None:
    scenario = load(**deal(60, contract={"strike": 140, "volume": 4}))

    def cost(path: str, value: float) -> float:
        return ts.solve(scenario.with_({path: value})).objective

    # a tonne more under contract is worth 1.85 · (140 − 100)
    worth = dual(scenario, "contract_volume[round, 2025]") / 8760
    assert worth == pytest.approx(-1.85 * 40)
    between_slopes(lambda v: cost("policies.carbon_contracts.round.volume", v), 4, 0.5, worth)
    # without a limit, what is made limits what is paid
    scenario = load(**deal(60, contract={"strike": 140}))
    rows = ("contract_activity[shaft, ruhr, 2025]", "contracted_output_limit[round, ruhr, 2025]")
    assert sum(dual(scenario, row) for row in rows) / 8760 == pytest.approx(-1.85 * 80)


ROUND = "policies.carbon_contracts.round"


@pytest.mark.parametrize("axes", [
    {f"{ROUND}.strike": [80.0, 110.0, 150.0], "policies.carbon_price": [20.0, 70.0]},
    {f"{ROUND}.duration": [4.0, 7.0, 15.0], f"{ROUND}.volume": [2.0, 5.0]},
    {"processes.shaft.availability": [0.7, 0.9], f"{ROUND}.reference_emission": [1.7, 2.1]},
    {f"{ROUND}.wacc_reduction": [0.0, 0.02], "processes.shaft.wacc": [0.04, 0.06], f"{ROUND}.emission": [0.0, 0.1]},
])  # fmt: skip
def test_sweeps_give_what_single_solves_give(axes: dict[str, list[float]], tmp_path: Path) -> None:
    sections = deal({2025: 60, 2035: 160}, contract={"strike": 150, "volume": 6}, horizon=FIVES)
    sections["processes"]["shaft"] |= {"existing": 2, "wacc": 0.05, "availability": 0.95}
    swept_is_solved(sections, axes, tmp_path)
