"""Load shifting against the published formulations: known values, a second set of numbers, and what must hold of all.

The published programs run over 48 hours. The package closes the year to a circle, so limits that vanish after 48 hours
make it the same program.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.oracle.strategies import as_yaml

from . import published_shifting as published

HOURS = np.arange(48)
PRICE = 60 + 30 * np.cos(2 * np.pi * (HOURS - 19) / 24) + 10 * np.cos(2 * np.pi * (HOURS - 8) / 12)
LIMIT = np.full(48, 25.0)
ALL_YEAR = 100 * (PRICE.sum() + 60 * (8760 - 48))
UNBOUND = -22_787.262


@cache
def full_year() -> ts.Scenario:
    """100 MW all year; the prices of the published cases in the first 48 hours, 60 EUR/MWh afterwards."""
    price = np.concatenate([PRICE, np.full(8712, 60.0)])
    first = np.concatenate([np.ones(48), np.zeros(8712)])
    return ts.loads(
        as_yaml(
            {
                "name": "published",
                "horizon": {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0},
                "time": "full_year",
                "profiles": {"price": price.tolist(), "first": first.tolist()},
                "regions": {"ruhr": {}},
                "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
                "supply": {"power": {"price": float(price.mean()), "price_profile": "price"}},
                "demand": {"power": {"amount": 876_000}},
            }
        )
    )


def change(**load: Any) -> float:
    """What a flexible load of 100 MW, ±25 MW in the first 48 hours, changes in cost."""
    limits = {"up": 0.25, "down": 0.25, "up_profile": "first", "down_profile": "first"}
    given = {"commodity": "power", "load": {"ruhr": 100}} | limits | load
    if load["method"] == "none":
        del given["up"], given["up_profile"]
    return ts.solve(full_year().with_({"flexible_loads": {"works": given}})).objective - ALL_YEAR


CASES: list[tuple[float, dict[str, Any]]] = [
    (-6_793.473, {"method": "window", "window": 4}),
    (-8_861.879, {"method": "window", "window": 6}),
    (-12_625.682, {"method": "window", "window": 12}),
    (UNBOUND, {"method": "window", "window": 24}),
    (-3_287.047, {"method": "zerrahn_schill", "delay": 1}),
    (-6_793.473, {"method": "zerrahn_schill", "delay": 2}),
    (-13_920.466, {"method": "zerrahn_schill", "delay": 4}),
    (-6_185.714, {"method": "zerrahn_schill", "delay": 1, "joint_limit": False}),
    (-11_126.719, {"method": "zerrahn_schill", "delay": 2, "joint_limit": False}),
    (-17_415.561, {"method": "zerrahn_schill", "delay": 4, "joint_limit": False}),
    (-3_259.549, {"method": "battery", "energy": 1}),
    (-6_491.600, {"method": "battery", "energy": 2}),
    (-12_304.441, {"method": "battery", "energy": 4}),
    (UNBOUND, {"method": "battery"}),
]


def independent(load: dict[str, Any]) -> float:
    """The same by the published equations."""
    if load["method"] == "window":
        return published.window(PRICE, LIMIT, LIMIT, tau=load["window"])
    if load["method"] == "battery":
        return published.battery(PRICE, LIMIT, LIMIT, energy=25 * load.get("energy", np.inf))
    joint = load.get("joint_limit", True)
    return published.zerrahn_schill(PRICE, LIMIT, LIMIT, delay=load["delay"], joint=joint)


@pytest.mark.parametrize(
    ("value", "load"), CASES, ids=lambda v: " ".join(map(str, v.values())) if isinstance(v, dict) else ""
)
def test_known_values(value: float, load: dict[str, Any]) -> None:
    found = change(**load)
    assert found == pytest.approx(value, abs=5.01e-4)  # printed with three decimals
    assert found == pytest.approx(independent(load), rel=1e-6)


def test_shedding_is_worth_what_prices_exceed_its_cost() -> None:
    # 25 MW in the hours above 90 EUR/MWh
    found = change(method="none", sheds=[{"cost": 90, "share": 0.25}])
    assert found == pytest.approx(-1_312.841, abs=5.01e-4)
    assert found == pytest.approx(-25 * np.maximum(PRICE - 90, 0).sum(), rel=1e-6)


PAID = {"cost_up": 2, "cost_down": 1}
LOSSY = {"efficiency": 0.95, **PAID}


@pytest.mark.parametrize("joint", [True, False])
def test_delay_classes_with_losses_costs_and_binding_levels(joint: bool) -> None:
    given = {"method": "gils", "delays": [2, 6], "joint_limit": joint, **LOSSY}
    bound = published.gils(PRICE, LIMIT, LIMIT, delays=(2, 6), eta=0.95, duration=1.5, joint=joint, paid=(2, 1))
    free = published.gils(PRICE, LIMIT, LIMIT, delays=(2, 6), eta=0.95, joint=joint, paid=(2, 1))
    assert bound > free + 1000  # the levels bind
    assert change(**given, duration=1.5) == pytest.approx(bound, rel=1e-6)
    assert change(**given) == pytest.approx(free, rel=1e-6)


def test_pairs_with_losses_and_costs() -> None:
    found = change(method="zerrahn_schill", delay=3, **LOSSY)
    assert found == pytest.approx(
        published.zerrahn_schill(PRICE, LIMIT, LIMIT, delay=3, eta=0.95, paid=(2, 1)), rel=1e-6
    )


def test_pairs_that_must_recover() -> None:
    wanted = published.zerrahn_schill(PRICE, LIMIT, LIMIT, delay=2, recovery=7)
    assert wanted > published.zerrahn_schill(PRICE, LIMIT, LIMIT, delay=2) + 100
    assert change(method="zerrahn_schill", delay=2, recovery=7) == pytest.approx(wanted, rel=1e-6)


def test_a_level_that_leaks() -> None:
    wanted = published.battery(PRICE, LIMIT, LIMIT, energy=100, eta=0.9, loss=0.02)
    assert change(method="battery", energy=4, efficiency=0.9, loss=0.02) == pytest.approx(wanted, rel=1e-6)


# what must hold of all --------------------------------------------------------------------------------------------


@cache
def two_days() -> ts.Scenario:
    """100 MW on two representative days at the prices of 2025, never below nothing."""
    return ts.loads(
        as_yaml(
            {
                "name": "days",
                "horizon": {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0},
                "time": {"typical_days": {"count": 2}},
                "profiles": {"spot": "package:de_2025/price"},
                "regions": {"ruhr": {}},
                "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
                "supply": {"power": {"price": 80, "price_profile": "spot"}},
                "demand": {"power": {"amount": 876_000}},
            }
        )
    )


def cost(**load: Any) -> float:
    """Least cost on the two days with a flexible load of 100 MW."""
    return ts.solve(
        two_days().with_({"flexible_loads": {"works": {"commodity": "power", "load": 100, **load}}})
    ).objective


shares = st.sampled_from([0.05, 0.2, 0.5, 1.0])


@given(up=shares, down=shares, hours=st.integers(1, 11), eta=st.sampled_from([1.0, 0.97, 0.9]))
@settings(max_examples=8, deadline=None)
def test_more_room_never_costs_more(up: float, down: float, hours: int, eta: float) -> None:
    limits = {"up": up, "down": down, "efficiency": eta}
    pairs = {"method": "zerrahn_schill", **limits}
    best = cost(method="battery", up=up, down=down)
    tol = 1e-9 * best
    short, long = (cost(**pairs, delay=h) for h in (hours, hours + 1))
    apart = cost(**pairs, delay=hours, joint_limit=False)
    assert best - tol <= long <= short + tol  # longer delays
    assert best - tol <= apart <= short + tol  # the joint limit
    blocks = [cost(method="window", window=h, **limits) for h in (24, 12, 6, 3, 1)]
    assert blocks == sorted(blocks, key=lambda c: round(c, 3))  # blocks within blocks
    assert best - tol <= blocks[0]
    levels = [cost(method="battery", energy=e, **limits) for e in (hours, hours + 1, 24)]
    assert best - tol <= levels[2] <= levels[1] + tol <= levels[0] + 2 * tol  # a larger level
    assert cost(**{**pairs, "efficiency": 1.0}, delay=hours) <= short + tol  # losses never help
    classes = {"method": "gils", **limits}
    one, two = (cost(**classes, delays=d) for d in ([hours], [hours, hours + 1]))
    assert best - tol <= two <= one + tol
    assert two <= cost(**classes, delays=[hours, hours + 1], duration=1.0) + tol
    assert long <= two + tol  # what classes can do, pairs of hours can do too


@pytest.mark.parametrize("window", [5, 24])
@pytest.mark.parametrize("efficiency", [1.0, 0.9])
def test_energy_is_kept_within_each_block(window: int, efficiency: float) -> None:
    load = {"commodity": "power", "load": 100, "method": "window", "window": window, "up": 0.3, "down": 0.2}
    r = ts.solve(two_days().with_({"flexible_loads": {"works": {**load, "efficiency": efficiency}}}))
    up, down = (r.data[f"{v}_hour"].values.reshape(2, 24) for v in ("shift_up", "shift_down"))
    assert up.sum() > 100
    for start in range(0, 24, window):
        block = slice(start, start + window)
        assert down[:, block].sum(axis=1) == pytest.approx(efficiency * up[:, block].sum(axis=1))


def test_pairs_lie_within_their_delay_around_the_clock() -> None:
    load = {"commodity": "power", "load": 100, "method": "zerrahn_schill", "delay": 3, "up": 0.3, "down": 0.2}
    study = ts.prepare(two_days().with_({"flexible_loads": {"works": load}}))
    x, program = study.session.solve().x, study.program
    at = {b.name: b for b in program.columns}
    pair, down = (x[at[n].span].reshape(at[n].shape)[:, 0] for n in ("shift_pair", "shift_down"))
    offsets = [int(program.labels["offset"][k].split()[0]) for k in at["shift_pair"].entities["offset"]]
    assert sorted(offsets) == [-3, -2, -1, 1, 2, 3]
    met = np.zeros(48)
    for offset, row in zip(offsets, pair, strict=True):
        for t in range(48):
            met[t // 24 * 24 + (t % 24 + offset) % 24] += row[t]
    assert met == pytest.approx(down[0])
    assert down.sum() > 10


# negative prices --------------------------------------------------------------------------------------------------


def flat(price: float, **load: Any) -> tuple[float, ts.Results]:
    """What a load of 100 MW, half of it up or down, earns in an hour of a flat price; and the results."""
    scenario = two_days().with_({"supply.power": {"price": price}})
    full = {"commodity": "power", "load": 100, "up": 0.5, "down": 0.5, **load}
    r = ts.solve(scenario.with_({"flexible_loads": {"works": full}}))
    return 8760 * 100 * price - r.objective, r


METHODS: list[dict[str, Any]] = [
    {"method": "window", "window": 6}, {"method": "zerrahn_schill", "delay": 4}, {"method": "battery"},
    {"method": "gils", "delays": [2, 5]},
]  # fmt: skip


@pytest.mark.parametrize("load", METHODS, ids=lambda load: load["method"])
def test_negative_prices_are_no_money_pump_without_losses(load: dict[str, Any]) -> None:
    earned, r = flat(-10.0, **load)
    assert earned == pytest.approx(0, abs=1e-3)
    assert r.warnings == ()


@pytest.mark.parametrize("load", METHODS, ids=lambda load: load["method"])
def test_losses_earn_nothing_above_a_price_floor_of_nought(load: dict[str, Any]) -> None:
    scenario = two_days().with_({"supply.power.price_floor": 0})
    full = {"commodity": "power", "load": 100, "up": 0.5, "down": 0.5, **load}
    lossless, lossy = (
        ts.solve(scenario.with_({"flexible_loads": {"works": {**full, "efficiency": eta}}})).objective
        for eta in (1.0, 0.8)
    )
    assert lossless <= lossy + 1e-3


def test_what_losses_can_earn_at_negative_prices_is_what_a_joint_limit_leaves() -> None:
    # more and less use in one hour wastes (1 − η) of what goes up: at −10 EUR/MWh, with 50 MW either way and η = 0.8,
    # 100 EUR/h; within a joint limit of 50 MW up goes 50/1.8, as when up and down take turns from hour to hour
    wasted = 0.2 * 10 * 8760
    free, r = flat(-10.0, method="zerrahn_schill", delay=4, efficiency=0.8, joint_limit=False)
    assert free == pytest.approx(50 * wasted)
    assert any("uses more and less in the same hours" in w for w in r.warnings)
    joint, _ = flat(-10.0, method="zerrahn_schill", delay=4, efficiency=0.8)
    assert joint == pytest.approx(50 / 1.8 * wasted)
    window, _ = flat(-10.0, method="window", window=24, efficiency=0.8)
    assert window == pytest.approx(50 * wasted)
