"""How large a program becomes: coarse things stay coarse whatever `time:` says."""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import HALVES, load
from transform_sim.names import ACTIVITY
from transform_sim.pipeline import compose

TIMES: dict[str, tuple[Any, int, int]] = {
    "annual": ("annual", 1, 1),
    "slices": (HALVES, 2, 2),
    "four_days": ({"typical_days": {"count": 4}}, 4, 96),
    "full_year": ("full_year", 365, 8760),
}
"""Choice of time, its days and its hours."""


def sections(time: Any) -> dict[str, Any]:
    """Three periods, two regions; a kiln with two modes by the year, electrolysis by the day, wind by the hour."""
    return {
        "horizon": {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0},
        "regions": {"ruhr": {}, "saar": {}},
        "time": time,
        "commodities": {"clinker": {"unit": "t"}, "coal": {"unit": "MWh"}, "power": {"unit": "MWh", "balance": "hour"},
                        "waste": {"unit": "MWh"}, "hydrogen": {"unit": "MWh", "balance": "day"}},
        "processes": {
            "kiln": {"unit": "t", "flows": {"clinker": 1, "power": -0.1},
                     "modes": {"coal": {"flows": {"coal": -1}}, "waste": {"flows": {"waste": -1.2}}}},
            "reformer": {"unit": "MWh", "flows": {"hydrogen": 1, "coal": -2}},
            "wind": {"unit": "MWh", "flows": {"power": 1}},
        },
        "supply": {"coal": {"price": 1}, "waste": {"price": 1}, "power": {"price": 1}},
        "demand": {"clinker": {"amount": 10}},
    }  # fmt: skip


def columns(scenario: ts.Scenario) -> dict[str, int]:
    """Number of activity columns of each process."""
    data, program = compose(scenario)
    found = dict.fromkeys(data.assets.names, 0)
    for block in program.columns:
        if block.name == ACTIVITY:
            for code in block.entities["asset"]:
                found[data.assets.names[code]] += block.n_periods * len(block.grid)
    return found


@pytest.mark.parametrize("name", list(TIMES))
def test_a_process_has_one_column_per_mode_region_period_and_step_of_its_own_grid(name: str) -> None:
    time, days, hours = TIMES[name]
    found = columns(load(**sections(time)))
    assert found == {"kiln": 2 * 2 * 3, "reformer": 2 * 3 * days, "wind": 2 * 3 * hours}


@pytest.mark.parametrize("name", list(TIMES))
def test_one_more_yearly_process_adds_one_column_per_mode_region_and_period(name: str) -> None:
    plain = sections(TIMES[name][0])
    more = sections(TIMES[name][0])
    more["processes"]["second"] = dict(more["processes"]["kiln"], regions=["saar"])
    before, after = (compose(load(**s))[1] for s in (plain, more))
    # activity: 2 modes · 1 region · 3 periods; capacity and new capacity: 3 each
    assert after.shape[1] - before.shape[1] == 6 + 6
    # rows: what is available and the stock
    assert after.shape[0] - before.shape[0] == 3 + 3


def test_balances_live_on_the_grid_of_their_commodity() -> None:
    _, program = compose(load(**sections({"typical_days": {"count": 4}})))
    rows = {b.grid.name: b.size for b in program.rows if b.name == "balance"}
    assert rows == {"year": 3 * 2 * 3, "day": 2 * 3 * 4, "hour": 2 * 3 * 96}
