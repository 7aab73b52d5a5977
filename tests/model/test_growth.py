"""Growth of immature processes by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import solve

FIVES = {"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.0}
SHORT = {"steel": {"amount": 1000, "shortfall_cost": 1}}


def capacity(horizon: dict[str, Any] = FIVES, demand: dict[str, Any] = SHORT, **fields: Any) -> list[float]:
    mill = {"unit": "t", "flows": {"steel": 1}, **fields}
    r = solve(horizon=horizon, processes={"mill": mill}, demand=demand)
    return r.capacity.sum(["process", "region"]).values.tolist()


def test_growth_compounds_on_a_seed() -> None:
    # in the first period one year's seed; from then on 1.2⁵ = 2.48832 of what stood and five seeds with their growth,
    # 10 · (2.48832 − 1)/0.2 = 74.416
    second = 24.8832 + 74.416
    third = 2.48832 * second + 74.416
    found = capacity(growth_max=0.2, seed_capacity=10)
    assert found == pytest.approx([10, second, third, 2.48832 * third + 74.416])


def test_without_growth_seeds_add_up() -> None:
    assert capacity(growth_max=0, seed_capacity=10) == pytest.approx([10, 60, 110, 160])


def test_nothing_before_the_earliest_year_and_seeds_only_since() -> None:
    # 2028 to 2030: three years of seeds, 1 + 1.5 + 2.25 = 4.75
    assert capacity(growth_max=0.5, seed_capacity=4, earliest=2028)[:3] == pytest.approx(
        [0, 4 * 4.75, 1.5**5 * 19 + 4 * (1.5**5 - 1) / 0.5]
    )


def test_what_stands_grows_by_one_year_in_the_first_period() -> None:
    # existing capacity without a year: 100 · 1.1 + 5
    assert capacity(growth_max=0.1, seed_capacity=5, existing=100)[0] == pytest.approx(115)


def test_regions_and_conversions_count_together() -> None:
    processes = {
        "old": {"unit": "t", "flows": {"steel": 1, "coal": -1}, "existing": {"ruhr": {2005: 60}, "saar": {2005: 60}},
                "lifetime": 25, "latest": 2000, "retrofits": {"new": {"capex": 0}}},
        "new": {"unit": "t", "flows": {"steel": 1}, "lifetime": 30, "growth_max": 0, "seed_capacity": 10},
    }  # fmt: skip
    r = solve(horizon=FIVES, processes=processes, demand=SHORT, regions={"ruhr": {}, "saar": {}},
              commodities={"steel": {"unit": "t", "area": "germany"}, "coal": {"unit": "t"}},
              supply={"coal": {"price": 0.1}})  # fmt: skip
    # 120 of the old could be converted in 2030, but new capacity of any origin may only be 10 + 50
    total = r.capacity.sum("region")
    assert total.sel(process="new").values == pytest.approx([10, 60, 110, 160])
    assert total.sel(process="old").values == pytest.approx([120, 0, 0, 0])
    assert float(r.end_conversion.sum()) <= 50 + 1e-9
