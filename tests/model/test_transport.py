"""Links between nodes by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import HALVES, objective, solve

COAST = {"coast": {}, "ruhr": {}}
HYDROGEN = {"hydrogen": {"unit": "MWh"}}


def pipe(**fields: Any) -> dict[str, Any]:
    return {"pipe": {"commodity": "hydrogen", "from": "coast", "to": "ruhr", **fields}}


def test_losses_and_tariff_make_the_price_at_the_far_end() -> None:
    r = solve(regions=COAST, commodities=HYDROGEN, links=pipe(loss=0.1, tariff=5, existing=2),
              supply={"hydrogen": {"price": 40, "regions": ["coast"]}},
              demand={"hydrogen": {"amount": {"ruhr": 8760}}})  # fmt: skip
    # 1 MW arrives of 1/0.9 sent, at 40 + 5
    assert r.objective == pytest.approx(8760 / 0.9 * 45, rel=1e-12)
    assert r.shadow_price.squeeze().sel(node="ruhr").values == pytest.approx(45 / 0.9)
    assert r.link_flow.values == pytest.approx(8760 / 0.9)


def test_both_directions_share_the_capacity() -> None:
    sections = {
        "regions": COAST, "commodities": {"power": {"unit": "MWh", "balance": "hour"}}, "time": HALVES,
        "profiles": {"wind": {"summer": 0, "winter": 1}, "sun": {"summer": 1, "winter": 0}},
        "processes": {
            "wind": {"unit": "MWh", "flows": {"power": 1}, "existing": 9, "latest": 2000, "regions": ["coast"],
                     "availability_profile": "wind"},
            "sun": {"unit": "MWh", "flows": {"power": 1}, "existing": 9, "latest": 2000, "regions": ["ruhr"],
                    "availability_profile": "sun"},
        },
        "demand": {"power": {"amount": {"coast": 8760, "ruhr": 8760}, "shortfall_cost": 10}},
    }  # fmt: skip
    line = {"line": {"commodity": "power", "from": "coast", "to": "ruhr", "existing": 0.75, "latest": 2000}}
    # one way: the ruhr has 0.75 MW in winter and misses 0.25, the coast misses 1 MW in summer
    assert objective(links=line, **sections) == pytest.approx(4380 * (0.25 + 1) * 10, rel=1e-12)
    line["line"]["bidirectional"] = True
    assert objective(links=line, **sections) == pytest.approx(4380 * (0.25 + 0.25) * 10, rel=1e-12)


def test_a_link_is_widened_until_its_cost_equals_the_difference_in_price() -> None:
    sections = {"regions": COAST, "commodities": HYDROGEN, "supply": {"hydrogen": {"price": {"coast": 40, "ruhr": 60}}},
                "demand": {"hydrogen": {"amount": {"ruhr": 8760}}}}  # fmt: skip
    # 20 EUR/MWh in 8760 h are worth 175,200 EUR per MW and year
    dear = solve(links=pipe(capex=175_201, lifetime=1), **sections)
    assert dear.link_capacity.values == pytest.approx(0)
    assert dear.objective == pytest.approx(60 * 8760)
    cheap = solve(links=pipe(capex=175_199, lifetime=1), **sections)
    assert cheap.link_capacity.values == pytest.approx(1)
    assert cheap.objective == pytest.approx(40 * 8760 + 175_199)


def test_links_join_areas_as_well_as_regions() -> None:
    commodities = {"hydrogen": {"unit": "MWh", "area": {"coast": "north", "heath": "north", "ruhr": "west"}}}
    links = {"pipe": {"commodity": "hydrogen", "from": "north", "to": "west", "existing": 2}}
    cost = objective(regions={"coast": {}, "heath": {}, "ruhr": {}}, commodities=commodities, links=links,
                     supply={"hydrogen": {"price": 1, "regions": ["heath"]}},
                     demand={"hydrogen": {"amount": {"coast": 10, "ruhr": 20}}})  # fmt: skip
    assert cost == pytest.approx(30)
