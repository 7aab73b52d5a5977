"""Stores that coarse balances imply, in hours of mean throughput."""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import HALVES, mini, solve

NIGHT_AND_DAY = [10.0] * 12 + [50.0] * 12


def electrolysis(balance: str, hours: list[float], **sections: Any) -> ts.Results:
    """1 MW of hydrogen at all times from 2 MW of electrolysis, which follows the hours of every day."""
    base: dict[str, Any] = {
        "time": {"typical_days": {"count": 2, "keep": []}},
        "profiles": {"spot": hours * 365},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"},
                        "hydrogen": {"unit": "MWh", "balance": balance, "implied_store": True}},
        "processes": {"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, "existing": 2,
                                       "latest": 2000}},
        "supply": {"power": {"price": sum(hours) / 24, "price_profile": "spot"}},
        "demand": {"hydrogen": {"amount": 8760}},
    }  # fmt: skip
    return solve(**base | sections)


def test_half_a_day_by_hand() -> None:
    r = electrolysis("day", NIGHT_AND_DAY)
    # 2 MW for twelve hours, of which 1 MW is kept: 12 MWh at 1 MW
    assert float(r.implied_buffer.max()) == pytest.approx(12)
    assert r.warnings == ()


def test_a_year_by_hand_and_a_warning() -> None:
    r = electrolysis("day", [1.0], time=HALVES, profiles={"spot": {"summer": 1, "winter": 3}})
    # slices are days of their own: nothing moves between them
    assert "implied_buffer" not in r.data
    r = electrolysis("year", [1.0], time=HALVES, profiles={"spot": {"summer": 1, "winter": 3}})
    assert float(r.implied_buffer.max()) == pytest.approx(4380)
    assert any("the hydrogen balance implies a store of 4380 h" in w for w in r.warnings)


def test_users_that_vary_imply_a_store_as_well() -> None:
    steam = {
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}, "steam": {"unit": "MWh", "balance": "hour"},
                        "hydrogen": {"unit": "MWh", "balance": "day", "implied_store": True}},
        "processes": {
            "electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, "existing": 1, "latest": 2000},
            "boiler": {"unit": "MWh", "flows": {"hydrogen": -1, "steam": 1}, "existing": 9, "latest": 2000},
        },
        "profiles": {"spot": [10.0] * 8760, "load": ([1.0] * 6 + [3.0] * 18) * 365},
        "demand": {"steam": {"amount": 8760, "profile": "load"}},
    }  # fmt: skip
    r = electrolysis("day", [10.0] * 24, **steam)
    # 1 MW of electrolysis must run all the time; steam takes 0.4 MW for six hours, then 1.2 MW: 6 · 0.6 MWh wait
    assert float(r.implied_buffer.max()) == pytest.approx(3.6)


def test_no_declaration_no_entry() -> None:
    assert "implied_buffer" not in mini("two_routes").data
