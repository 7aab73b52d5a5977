"""What results tell of flexible loads that take off more than there is to take off."""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load

SHED = {"commodity": "electricity", "method": "none", "sheds": [{"share": 1, "cost": 50}]}


def plant(loads: dict[str, Any], demanded: float = 0.0, **sections: Any) -> ts.Results:
    """Power at 100 EUR/MWh for a pump that takes 1 MW all year; shedding at 50 EUR/MWh pays in every hour."""
    own: dict[str, Any] = {
        "time": {"typical_days": {"count": 2, "keep": []}},
        "commodities": {"electricity": {"unit": "MWh", "kind": "energy", "balance": "hour"}, "water": {"unit": "t"}},
        "processes": {
            "pump": {"unit": "t", "flows": {"electricity": -1, "water": 1}, "existing": 8760, "operation": "baseload"}
        },
        "supply": {"electricity": {"price": 100}},
        "sales": {"electricity": {"price": 60}},
        "demand": {"water": {"amount": 8760}, "electricity": {"amount": demanded * 8760}},
        "flexible_loads": loads,
    }
    return ts.solve(load(**own | sections))


def nowhere(results: ts.Results) -> list[str]:
    return [w for w in results.warnings if "from nowhere" in w]


def test_a_given_load_beside_a_small_plant_is_told_as_supply_from_nowhere() -> None:
    # 1,000 MW are shed, of which the pump uses 1: 999 MW are sold at 60 though nobody gave them up
    told = nowhere(plant({"works": SHED | {"load": 1000}}))
    assert told == [
        "up to 999 MWh more of electricity are shifted away and shed in an hour of 2025 at ruhr than are demanded and "
        "used there: supply from nowhere. Lower the load of works"
    ]


def test_loads_of_one_node_are_told_together() -> None:
    told = nowhere(plant({"works": SHED | {"load": 8}, "mills": SHED | {"load": 4}}, demanded=5.0))
    assert [w.split(" more ")[0] for w in told] == ["up to 6 MWh"]  # 12 MW shed of 5 demanded and 1 used
    assert told[0].endswith("Lower the load of works, mills")


@pytest.mark.parametrize("demanded", [4.0, 9.0])
def test_what_is_demanded_and_used_may_be_shed(demanded: float) -> None:
    results = plant({"works": SHED | {"load": demanded + 1}}, demanded)
    assert results.shed.sum().item() == pytest.approx((demanded + 1) * 8760)
    assert nowhere(results) == []


def test_loads_of_processes_are_bound_by_what_these_use() -> None:
    results = plant({"pumps": SHED | {"process": "pump"}})
    assert results.shed.sum().item() == pytest.approx(8760)
    assert nowhere(results) == []


def test_what_is_shifted_away_counts_in_its_hour() -> None:
    # half the hours are dear: there 10 MW are shifted away from 1 MW of use, and sold
    price = [100.0 if h % 24 < 12 else 20.0 for h in range(8760)]
    shift = {"commodity": "electricity", "load": 10, "method": "window", "window": 24, "up": 1, "down": 1}
    results = plant(
        {"works": shift}, profiles={"price": price},
        supply={"electricity": {"price": 60, "price_profile": "price"}},
        sales={"electricity": {"price": 50, "price_profile": "price"}},
    )  # fmt: skip
    assert [w.split(" more ")[0] for w in nowhere(results)] == ["up to 9 MWh"]
