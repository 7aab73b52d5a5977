"""Green quotas by hand: what counts, when it changes the route, and what one unit more of green costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import load, objective, solve
from tests.model.test_duals import between_slopes
from transform_sim.errors import InfeasibleError
from transform_sim.lp import Program
from transform_sim.pipeline import compose

# hydrogen costs 60 grey and 1.5 · 50 = 75 green
BASE: dict[str, Any] = {
    "commodities": {"hydrogen": {"unit": "MWh"}, "power": {"unit": "MWh"}},
    "processes": {"electrolyser": {"unit": "MWh", "flows": {"hydrogen": 1, "power": -1.5}, "existing": 9}},
    "supply": {"power": {"price": 50}, "grey": {"commodity": "hydrogen", "price": 60}},
    "demand": {"hydrogen": {"amount": 100}},
}
FIVES = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05}
GREEN = {"commodity": "hydrogen", "processes": ["electrolyser"]}


def asked(share: Any, more: dict[str, Any] | None = None, **quota: Any) -> dict[str, Any]:
    """The sections with one quota, and what else is given."""
    return BASE | {"policies": {"quotas": {"green": GREEN | {"share": share} | quota}}} | (more or {})


def alike(one: Program, other: Program) -> bool:
    """Whether two programs are the same in every number."""
    arrays = ("cost", "lower", "upper", "row_lower", "row_upper")
    same = one.shape == other.shape and all(np.array_equal(getattr(one, n), getattr(other, n)) for n in arrays)
    return same and abs(one.matrix - other.matrix).nnz == 0


def test_a_quota_brings_the_dearer_green_route() -> None:
    assert objective(**BASE) == pytest.approx(6000)
    r = solve(**asked(0.42))
    assert r.objective == pytest.approx(0.58 * 100 * 60 + 0.42 * 100 * 75)
    assert float(r.quota_premium.squeeze()) == pytest.approx(15)
    assert float(r.quota_share.squeeze()) == pytest.approx(0.42)
    assert r.tables()["quota_premium"]["unit"].tolist() == ["EUR2020/MWh"]
    # the buyer of a unit more pays for its green part too
    assert float(r.shadow_price.sel(commodity="hydrogen").squeeze()) == pytest.approx(60 + 0.42 * 15)


def test_a_quota_that_is_kept_anyway_changes_nothing() -> None:
    cheap = {"supply": BASE["supply"] | {"power": {"price": 30}}}
    r = solve(**asked(0.42, cheap))
    assert r.objective == pytest.approx(4500) == pytest.approx(objective(**BASE | cheap))
    assert float(r.quota_premium.squeeze()) == pytest.approx(0)
    assert float(r.quota_share.squeeze()) == pytest.approx(1)


def test_a_quota_begins_with_its_first_year_and_goes_on_after_its_last() -> None:
    r = solve(**asked({2028: 0.2, 2032: 0.6}, {"horizon": FIVES}))
    assert r.quota_share.values[0] == pytest.approx([0, 0.4, 0.6])
    assert r.quota_premium.values[0] == pytest.approx([0, 15, 15])
    # the same in money of the year, whatever it is worth today
    years = r.data.period_weight.values
    assert r.objective == pytest.approx(years @ (6000 + 1500 * np.array([0, 0.4, 0.6])))


def test_green_purchases_count_by_step() -> None:
    ship = {"commodity": "hydrogen", "steps": [{"price": 65, "volume_max": 10}, {"price": 70}]}
    supply = {"supply": BASE["supply"] | {"ship": ship}}
    r = solve(**asked(0.3, supply, supply=["ship"]))
    assert r.objective == pytest.approx(70 * 60 + 10 * 65 + 20 * 70)
    assert float(r.quota_premium.squeeze()) == pytest.approx(10)
    # the same ship without its name in the quota is as grey as the rest
    assert objective(**asked(0.3, supply)) == pytest.approx(70 * 60 + 30 * 75)


def test_shares_are_of_the_sum_over_all_nodes() -> None:
    places = {
        "regions": {"ruhr": {}, "coast": {}},
        "processes": {"electrolyser": BASE["processes"]["electrolyser"] | {"regions": ["coast"], "existing": 9}},
        "demand": {"hydrogen": {"amount": {"ruhr": 60, "coast": 40}}},
    }
    # all of the coast's is green, 40 of 100
    assert objective(**asked(0.4, places)) == pytest.approx(60 * 60 + 40 * 75)
    with pytest.raises(InfeasibleError, match="quota"):
        solve(**asked(0.41, places))


def test_making_is_gross() -> None:
    """What a plant burns in another mode is neither taken off what it makes nor off what all make."""
    cell = {"unit": "MWh", "existing": 9, "modes": {"make": {"flows": {"hydrogen": 1, "power": -1.5}},
                                                    "burn": {"flows": {"hydrogen": -2, "light": 1}}}}  # fmt: skip
    more = {
        "commodities": BASE["commodities"] | {"light": {"unit": "MWh"}},
        "processes": {"cell": cell},
        "demand": BASE["demand"] | {"light": {"amount": 50}},
    }
    # 200 are made or bought, 100 of them for light
    r = solve(**asked(0.42, more, processes=["cell"]))
    assert r.objective == pytest.approx(200 * (0.58 * 60 + 0.42 * 75))
    assert float(r.quota_share.squeeze()) == pytest.approx(0.42)


def test_output_counts_over_the_year_whatever_its_grid() -> None:
    time = {"slices": {"low": {"share": 0.25}, "high": {"share": 0.75}}}
    halves = {"time": time, "profiles": {"spot": {"low": 0.4, "high": 1.2}}}
    hourly = {c: {"unit": "MWh", "balance": "hour"} for c in ("hydrogen", "power")}
    spot = {"power": {"price": 50, "price_profile": "spot"}, "grey": BASE["supply"]["grey"]}
    r = solve(**asked(0.42, halves | {"commodities": hourly, "supply": spot}))
    # a quarter of the year is cheaper green, at 30; the rest of the share costs 90
    assert r.objective == pytest.approx(25 * 30 + 17 * 90 + 58 * 60)
    assert float(r.quota_premium.squeeze()) == pytest.approx(30)


@pytest.mark.parametrize("share", [0.25, 0.3, 0.4])
def test_the_premium_is_what_a_unit_more_of_green_costs(share: float) -> None:
    """At 0.3 the first green step is used up: any price between both slopes is right."""
    ship = {"commodity": "hydrogen", "steps": [{"price": 65, "volume_max": 30}, {"price": 72}]}
    supply = {"supply": BASE["supply"] | {"ship": ship}}
    s = load(**asked({2025: 0, 2030: share, 2035: 0.1}, supply | {"horizon": FIVES}, supply=["ship"]))
    r = ts.solve(s)
    premium = float(r.quota_premium.sel(quota="green", period=2030))
    worth = premium * 100 * float(r.data.period_weight.sel(period=2030))
    between_slopes(s, "policies.quotas.green.share.2030", share, 0.01, worth)
    assert 5 <= premium <= 12.000001
    assert premium == pytest.approx(5 if share < 0.3 else 12) or share == 0.3


@pytest.mark.parametrize("view", ["private", "social"])
def test_a_quota_holds_in_both_views(view: str) -> None:
    assert objective(**asked(0.42, {"view": view})) == pytest.approx(6000 + 42 * 15)


def test_switched_off_it_is_as_if_it_were_not_there() -> None:
    off = load(**asked(0.42, active=False))
    assert alike(compose(off)[1], compose(load(**BASE))[1])
    assert "quota_premium" not in ts.solve(off).data


def test_the_share_is_swept(tmp_path: Path) -> None:
    scenario, path = load(**asked({2025: 0.2, 2035: 0.6}, {"horizon": FIVES})), "policies.quotas.green.share.2035"
    values = [0.0, 0.35, 0.8]
    axes = {path: values, "policies.quotas.green.active": [True, False]}
    sweep = ts.sweep(scenario, axes, out=tmp_path / "sweep", progress=False)
    cold = [
        [ts.solve(scenario.with_({path: value, "policies.quotas.green.active": on})).objective for on in (True, False)]
        for value in values
    ]
    assert sweep.objective.values == pytest.approx(np.array(cold), rel=1e-6)
    assert len({row[0] for row in cold}) == len(values)
