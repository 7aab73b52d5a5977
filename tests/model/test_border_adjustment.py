"""Border adjustment by hand: certificates on what is bought, less what makers at home are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load, objective, solve
from tests.model.paid import between_slopes, is_no_matter_of_society, program, swept_is_solved, switched_off_is_absent

FIVES = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
IRON = {"commodity": "steel", "benchmark": 1.25, "activity_level": 1000, "active": False}


def imports(price: Any = 100.0, *, border: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """10 t of steel made at 700 EUR/t with 0.1 t CO₂, or bought at 600 with 1.9 t embodied."""
    given = {"commodity": "steel", "embodied": 1.9} | (border or {})
    return {
        "commodities": {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        "processes": {"mill": {"unit": "t", "flows": {"steel": 1, "co2": 0.1}, "variable_opex": 700, "existing": 1000,
                               "latest": 2000}},
        "supply": {"import": {"commodity": "steel", "price": 600}},
        "policies": {"carbon_price": price, "free_allocation": {"iron": IRON}, "border_adjustment": {"iron": given}},
    } | sections  # fmt: skip


def abroad(sections: dict[str, Any]) -> dict[str, Any]:
    """The same with a mill that is too dear to run."""
    sections["processes"]["mill"]["variable_opex"] = 5000
    return sections


def bought(sections: dict[str, Any]) -> float:
    return 10 - float(solve(**sections).data.activity.sum())


def test_it_decides_between_making_and_buying() -> None:
    # made 700 + 0.1 P, bought 600 + 1.9 P: level at 100/1.8
    for price, amount in ((100 / 1.8 - 0.01, 10), (100 / 1.8 + 0.01, 0)):
        assert bought(imports(price)) == pytest.approx(amount, abs=1e-9)
    assert bought(imports(100, border={"active": False})) == pytest.approx(10)


@pytest.mark.parametrize(
    ("border", "unit"),
    [
        ({}, 1.9 * 100),
        ({"allocation": "iron"}, (1.9 - 1.25) * 100),  # of an allocation that is switched off too
        ({"foreign_price": 30}, 1.9 * 70),
        ({"foreign_price": 120}, 0.0),  # who paid more gets nothing back
        ({"embodied": 1.0, "allocation": "iron"}, 0.0),
        ({"embodied": 1.5, "allocation": "iron", "foreign_price": 60}, 0.25 * 40),
        ({"supply": ["import"]}, 190.0),
    ],
)
def test_unit_cost(border: dict[str, Any], unit: float) -> None:
    assert objective(**abroad(imports(border=border))) == pytest.approx(10 * (600 + unit))


def test_only_the_named_purchases_need_certificates() -> None:
    supply = {"import": {"commodity": "steel", "price": 600}, "neighbour": {"commodity": "steel", "price": 650}}
    assert objective(**imports(supply=supply)) == pytest.approx(7100)
    assert objective(**imports(supply=supply, border={"supply": ["import"]})) == pytest.approx(6500)


def test_the_share_kept_falls_by_year() -> None:
    iron = IRON | {"factor": {2025: 1.0, 2030: 0.2}}
    sections = abroad(imports(border={"allocation": "iron"}, horizon=FIVES))
    sections["policies"]["free_allocation"] = {"iron": iron}
    r = solve(**sections)
    assert r.data.cost.sel(component="border_adjustment").values == pytest.approx([50 * 65, 50 * 165])


def test_what_is_switched_off_or_without_view_is_absent_and_there_are_no_columns() -> None:
    switched_off_is_absent(imports(), "border_adjustment")
    is_no_matter_of_society(imports(), "border_adjustment")
    off = imports(border={"active": False})
    assert program(imports()).shape == program(off).shape


def test_the_price_of_steel_carries_it() -> None:
    # the balance of steel is priced by the import as long as it is bought: between left and right slope of demand
    scenario = load(**imports(50))
    price = float(ts.solve(scenario).shadow_price.sel(commodity="steel", period=2025).squeeze())
    assert price == pytest.approx(600 + 95)
    between_slopes(lambda t: ts.solve(scenario.with_({"demand.steel.amount": t})).objective, 10, 1, price)


def test_sweeps_give_what_single_solves_give(tmp_path: Path) -> None:
    border = "policies.border_adjustment.iron"
    axes = {f"{border}.embodied": [0.5, 1.9], f"{border}.foreign_price": [0.0, 40.0],
            "policies.free_allocation.iron.benchmark": [0.3, 1.25],
            "policies.carbon_price": [30.0, 55.0, 90.0]}  # fmt: skip
    sections = imports(border={"allocation": "iron"})
    sections["processes"]["mill"]["variable_opex"] = 685
    swept_is_solved(sections, axes, tmp_path)
