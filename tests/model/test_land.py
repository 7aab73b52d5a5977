"""Land by sub-region: a resource that plants use by capacity, in ha, decides between wind, solar power and imports."""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load, solve
from tests.model.test_duals import between_slopes

# per MW on the mean: wind 200 EUR/a on 8 ha, solar power 300 on 4 ha, imports 438
WIND = {"unit": "MWh", "flows": {"power": 1}, "availability": 0.5, "capex": 100, "lifetime": 1}
SOLAR = {"unit": "MWh", "flows": {"power": 1}, "availability": 0.25, "capex": 75, "lifetime": 1}
USES = {"wind": "4 ha/MW", "solar": "1 ha/MW"}


def sections(north: Any, south: Any, **more: Any) -> dict[str, Any]:
    """1 MW wanted on the mean in a common area; land by sub-region."""
    return {
        "regions": {"north": {}, "south": {}},
        "commodities": {"power": {"unit": "MWh", "area": "market"}},
        "processes": {"wind": WIND, "solar": SOLAR},
        "supply": {"power": {"price": 0.05}},
        "demand": {"power": {"amount": 8760}},
        "resources": {"land": {"unit": "ha", "limit": {"north": north, "south": south}, "capacity": USES}},
    } | more


@pytest.mark.parametrize(
    ("north", "south", "cost"),
    [
        ("0.1 km2", "10 ha", 200.0),  # enough: wind alone, as without a limit
        ("4 ha", "4 ha", 200.0),  # just enough
        ("4 ha", "2 ha", 250.0),  # half of the wind gives way to solar power
        ("2 ha", "1 ha", 0.75 * 300 + 0.25 * 438),  # solar power on all of it, imports for the rest
        ("0 ha", "0 ha", 438.0),
    ],
)
def test_land_decides_the_route(north: str, south: str, cost: float) -> None:
    r = solve(**sections(north, south))
    assert r.objective == pytest.approx(cost)
    per_region = sum(ha * r.capacity.sel(process=p) for p, ha in (("wind", 4), ("solar", 1)))
    limits = [float(t.split()[0]) * (100 if "km2" in t else 1) for t in (north, south)]
    assert (per_region.squeeze().values <= [v + 1e-6 for v in limits]).all()


def test_land_of_one_region_is_of_no_use_to_another() -> None:
    only_north = {"wind": WIND | {"regions": ["north"]}, "solar": SOLAR | {"regions": ["north"]}}
    r = solve(**sections(4, 100, processes=only_north))
    assert r.objective == pytest.approx(300)
    # regions that are not named are not limited
    free = sections(4, 100)
    free["resources"] = {"land": {"unit": "ha", "limit": {"north": 4}, "capacity": USES}}
    assert solve(**free).objective == pytest.approx(200)


def test_land_grows_scarce_with_the_years() -> None:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
    # 8 ha, then 6; plants last a period
    plants = {n: p | {"lifetime": 5, "capex": 5 * p["capex"]} for n, p in (("wind", WIND), ("solar", SOLAR))}
    r = solve(**sections({2025: 4, 2030: 3}, {2025: 4, 2030: 3}, horizon=horizon, processes=plants))
    assert r.objective == pytest.approx(5 * (200 + 250))


@pytest.mark.parametrize("year", [2025, 2030])
@pytest.mark.parametrize(("at", "scarce"), [(2.0, True), (3.0, True), (9.0, False)])
def test_a_hectare_is_worth_what_it_saves(at: float, scarce: bool, year: int) -> None:
    """One ha more in the north: imports give way to solar power, (438 − 300) / 4, or that to wind, (300 − 200) / 4."""
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.04}
    plants = {n: p | {"lifetime": 5, "capex": 5 * p["capex"]} for n, p in (("wind", WIND), ("solar", SOLAR))}
    limit = {2025: at, 2030: at}
    s = load(**sections(limit, 1.5, horizon=horizon, processes=plants))
    study = ts.prepare(s)
    dual = study.session.solve().row_dual
    names = [study.program.row_name(i) for i in range(study.program.shape[0])]
    price = float(dual[names.index(f"regional_resource_limit[land, north, {year}]")])
    between_slopes(s, f"resources.land.limit.north.{year}", at, 0.01, price)
    assert (price < 0) is scarce
