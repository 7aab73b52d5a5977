"""What a plan says, what it costs, and that a wrong table is found and mended."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import ROOT
from tests.sweep.test_evaluate import few_melters, scale, set_, steel, wrong
from transform_sim.errors import ScenarioError
from transform_sim.scenario.sweepfile import load_sweep
from transform_sim.sweeps.design import Cases, cases, grid, sampled
from transform_sim.sweeps.follow import Follower
from transform_sim.sweeps.plan import Plan, plan
from transform_sim.sweeps.tables import Affine, Table
from transform_sim.sweeps.verify import agrees, sample, verify

GAS = set_("supply.gas.price", *range(20, 30))
CARBON = scale("policies.carbon_price", 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
DEMAND = set_("demand.steel.amount", *range(60, 100))


def test_the_shipped_sweep_needs_one_matrix() -> None:
    spec, scenario, rows = load_sweep(ROOT / "scenarios" / "sweeps" / "co2_h2_steel.yaml")
    found = plan(scenario, cases(scenario, spec.axes, spec.design, rows))
    assert "60 cases (grid), 1 matrix build (" in repr(found)
    assert all(r.costs and not r.bounds and not r.matrix and "matrix" not in r.declared for r in found.axes)
    assert all(agrees(found, i) for i in sample(found, 2))
    assert (found.group_of == 0).all()


def test_thousands_of_cases_take_a_few_builds() -> None:
    found = plan(steel(), grid((GAS, CARBON, DEMAND)))
    assert len(found.cases) == 2400
    assert found.built <= 18
    assert wrong(found, [0, 77, 1234, 2399]) == {}
    assert [r.way for r in found.axes] == ["linear"] * 3


def test_a_plan_says_why() -> None:
    life = set_("processes.shaft.lifetime", 10, 20)
    found = plan(steel(), grid((GAS, life, set_("horizon.discount_rate", 0.0, 0.1))))
    text = repr(found)
    assert "40 cases (grid), 2 matrix builds" in text
    assert "changes coefficients: a matrix for each level" in text
    assert "discount_rate" in text
    assert found._repr_html_().count("<tr>") == 4


def test_an_axis_that_moves_no_number_is_said_to_move_nothing() -> None:
    scenario = ts.load(ROOT / "scenarios" / "mini" / "two_routes.yaml")
    found = plan(scenario, grid((set_("policies.carbon_price.1875", 1, 2),)))
    assert [(r.costs, r.bounds, r.way) for r in found.axes] == [(0, 0, "moves nothing")]


def test_the_hash_names_what_is_planned() -> None:
    base, axes = steel(), (GAS, CARBON)
    first = plan(base, grid(axes)).hash
    assert first == plan(base, grid(axes)).hash
    others = [
        plan(base, grid((CARBON, GAS))).hash,
        plan(base.with_({"supply.gas.price": 31}), grid(axes)).hash,
        plan(base, grid((GAS, replace(CARBON, levels=CARBON.levels[:-1])))).hash,
        plan(base, grid(axes), [few_melters]).hash,
        plan(base, Cases(axes, grid(axes).codes[::-1], "grid")).hash,
    ]
    assert len({first, *others}) == 6


def test_a_plan_is_the_same_wherever_it_is_made() -> None:
    one, two = (plan(steel(), sampled((GAS, CARBON, DEMAND), "sobol", 256, 1)) for _ in range(2))
    assert (one.order == two.order).all()
    for i in (0, 100, 255):
        (_, a), (_, b), (_, c) = one.case(i), two.case(i), pickle.loads(pickle.dumps(one)).case(i)
        for side in ("cost", "lower", "upper", "row_lower", "row_upper"):
            assert np.array_equal(getattr(a, side), getattr(b, side))
            assert np.array_equal(getattr(a, side), getattr(c, side))


def test_bounds_run_fastest() -> None:
    found = plan(steel(), grid((DEMAND, CARBON)))
    first = found.cases.codes[found.order[:40]]
    assert len(set(first[:, 0])) == 40
    assert len(set(first[:, 1])) == 1


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        (set_("supply.gass.price", 1, 2), "gass"),
        (set_("supply.gas.prize", 1, 2), "prize"),
        (set_("supply.gas.price", "1 t", "2 t"), "unit t does not fit"),
    ],
)
def test_mistakes_in_axes_come_before_the_work(axis: object, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        plan(steel(), grid((axis, CARBON)))  # type: ignore[arg-type]


def broken(found: Plan) -> Plan:
    """The plan with a line that is a hundred-thousandth too steep."""
    part = found.parts[0]
    assert part.table is not None
    bent = tuple(replace(f, slope=f.slope * 1.00001) if isinstance(f, Affine) else f for f in part.table.factors)
    return replace(found, parts=(replace(part, table=Table(part.table.base, bent)),))


def test_a_wrong_table_is_found_and_mended() -> None:
    found = broken(plan(steel(), grid((GAS, CARBON, DEMAND))))
    chosen = sample(found, 5)
    assert chosen == sample(found, 5)
    assert not any(agrees(found, i) for i in chosen)
    mended = verify(found, 5)
    assert all(agrees(mended, i) for i in chosen)
    assert mended.hash == found.hash


def test_lines_that_are_none_are_learnt_from_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """A price that meets its floor between the levels that were looked at: a case that is wrong bends the axis."""
    time = {"slices": {"dear": {"share": 0.5}, "cheap": {"share": 0.5}}}
    price = {"dear": 1.5, "cheap": 0.5}
    supply = {"gas": {"price": 30, "price_profile": "price", "price_floor": 10.2}}
    scenario = steel(time=time, profiles={"price": price}, supply=supply, processes={"shaft": {
        "unit": "t", "flows": {"steel": 1, "gas": -3}, "capex": 7, "lifetime": 20}},
        commodities={"steel": {"unit": "t"}, "gas": {"unit": "MWh", "balance": "hour"}}, policies={})  # fmt: skip
    monkeypatch.setattr(Follower, "_followed", _two_ends(Follower._followed))
    axes = (set_("supply.gas.price", *range(20, 26)), set_("demand.steel.amount", 5, 10, 20))
    found = plan(scenario, grid(axes))
    if wrong(found):
        found = verify(found, 18)
    assert wrong(found) == {}
    assert found.axes[0].way == "tabulated"


def _two_ends(follow: object) -> object:
    """Follow an axis through its ends alone, as if the level between had not been looked at."""

    def followed(self: Follower, levels: np.ndarray, base: tuple[int, ...], axis: int, x: np.ndarray) -> object:
        low, high = (
            self.flat(tuple(k if a == axis else c for a, c in enumerate(base))) for k in (levels[0], levels[-1])
        )
        own = self.flat(base)
        at = np.flatnonzero((low != high) | (own != low))
        slope = (high[at] - low[at]) / (x[levels[-1]] - x[levels[0]])
        return Affine(axis, at, x, base[axis], own[at], low[at] - slope * x[levels[0]], slope)

    return followed


def test_ranges_of_a_study_are_cases_of_their_own() -> None:
    scenario = ts.load(ROOT / "scenarios" / "mini" / "two_routes.yaml")
    found = plan(scenario, cases(scenario, {}, "ranges"))
    assert wrong(found) == {}
