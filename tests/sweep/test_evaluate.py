"""An assembled case is its own full build: in costs, bounds and every coefficient, compared by name."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transform_sim as ts
from tests.micro import SYSTEMS, load
from tests.model.test_reads import nearby, numbers
from tests.oracle.reader import read_file
from tests.oracle.strategies import as_yaml, systems
from transform_sim.errors import ScenarioError
from transform_sim.lp import SINGLE, LinearProgram, Program, Term
from transform_sim.pipeline import compose
from transform_sim.solvers.case import Case
from transform_sim.sweeps import follow, tabulate
from transform_sim.sweeps.axes import Axis
from transform_sim.sweeps.design import Cases, grid, one_at_a_time, sampled
from transform_sim.sweeps.order import chunked
from transform_sim.sweeps.plan import Plan, plan

PATHS = {path.stem: path for path in SYSTEMS}
CLOSE = 1e-9


def names(program: Program) -> tuple[list[str], list[str]]:
    """Readable names of all columns and rows; each with its grid, as a variable may live on several."""
    rows, columns = program.shape

    def grids(blocks: Sequence[Any]) -> Iterator[str]:
        for block in blocks:
            yield from [block.grid.name] * block.size

    return (
        [f"{program.column_name(k)} {g}" for k, g in zip(range(columns), grids(program.columns), strict=True)],
        [f"{program.row_name(k)} {g}" for k, g in zip(range(rows), grids(program.rows), strict=True)],
    )


def same(union: Program, case: Case, own: Program) -> str:
    """What differs between a case on the union and its own program; what it lacks must be fixed at 0, or free."""
    (columns, rows), (own_columns, own_rows) = names(union), names(own)
    at_column, at_row = ({n: k for k, n in enumerate(all_)} for all_ in (columns, rows))
    assert len(at_column) == len(columns)
    assert len(at_row) == len(rows)
    col, row = [at_column[n] for n in own_columns], [at_row[n] for n in own_rows]
    for side, at in (("cost", col), ("lower", col), ("upper", col), ("row_lower", row), ("row_upper", row)):
        have, want = getattr(case, side)[at], getattr(own, side)
        wrong = ~np.isclose(have, want, rtol=CLOSE, atol=0.0)
        if wrong.any():
            k = int(np.argmax(wrong))
            return f"{side} of {(own_rows if side.startswith('row') else own_columns)[k]}: {have[k]} for {want[k]}"
    lost_col, lost_row = np.setdiff1d(np.arange(len(columns)), col), np.setdiff1d(np.arange(len(rows)), row)
    assert not case.lower[lost_col].any()
    assert not case.upper[lost_col].any()
    assert np.isneginf(case.row_lower[lost_row]).all()
    assert np.isposinf(case.row_upper[lost_row]).all()
    if len(lost_col):
        assert np.isfinite(case.cost[lost_col]).all()
    difference = abs(union.matrix[:, col][row, :] - own.matrix)
    return "matrix" if difference.nnz and difference.max() > 0 else ""


def wrong(planned: Plan, chosen: Sequence[int] | None = None) -> dict[int, str]:
    """Cases that differ from `scenario.with_(changes)` built in full, with what differs."""
    out = {}
    for i in range(len(planned.cases)) if chosen is None else chosen:
        try:
            own = compose(planned.scenario.with_(planned.changes(i)), planned.evaluator.constraints)[1]
        except ScenarioError:
            with pytest.raises(ScenarioError):
                planned.case(i)
            continue
        group, case = planned.case(i)
        told = same(group.program, case, own)
        if told:
            out[i] = told
    return out


def set_(path: str, *values: Any) -> Axis:
    return Axis(path, "set", (path,), tuple((v,) for v in values))


def scale(path: str, *factors: float) -> Axis:
    return Axis(f"{path} ×", "scale", (path,), tuple((v,) for v in factors))


@pytest.fixture(autouse=True)
def no_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small sweeps are put together as large ones are, and whatever it takes."""
    monkeypatch.setattr(tabulate, "SMALL", 0)
    monkeypatch.setattr(follow, "FREE", 10_000)


def planned(scenario: ts.Scenario, *axes: Axis, groups: int = 1) -> Plan:
    """The plan of the grid of the axes, after comparing all its cases."""
    found = plan(scenario, grid(axes))
    assert wrong(found) == {}
    assert len(found.groups) == groups, found
    return found


STEEL: dict[str, Any] = {
    "horizon": {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05},
    "commodities": {
        "steel": {"unit": "t"}, "gas": {"unit": "MWh", "carbon_content": 0.2}, "power": {"unit": "MWh"},
        "co2": {"unit": "t", "kind": "emission"},
    },
    "processes": {
        "shaft": {"unit": "t", "flows": {"steel": 1, "gas": -3}, "capex": 700, "wacc": 0.08, "lifetime": 20,
                  "existing": {"ruhr": 60}, "fixed_opex_share": 0.02},
        "melter": {"unit": "t", "flows": {"steel": 1, "power": -4}, "capex": 400, "lifetime": 25},
    },
    "supply": {
        "gas": {"price": 30, "volume_max": 900},
        "power": {"steps": [{"price": 50, "volume_max": 80}, {"price": 90}]},
    },
    "demand": {"steel": {"amount": 100, "shortfall_cost": 5000}},
    "policies": {"carbon_price": {2025: 60, 2035: 120}},
}  # fmt: skip


def steel(**sections: Any) -> ts.Scenario:
    return load(**(STEEL | sections))


def test_limits_that_only_some_cases_have() -> None:
    planned(
        steel(), set_("processes.melter.capacity_max", None, 0, 40), set_("supply.gas.volume_max", None, 500, 900),
        set_("policies.emission_cap", None, 30, {2030: 20}), set_("policies.emission_budget", 400, None),
    )  # fmt: skip


def test_a_row_and_a_column_that_only_some_cases_have_meet_in_a_coefficient() -> None:
    """The limit on purchases is there or not, and so is the second step of what is purchased."""
    steps = [{"price": 50, "volume_max": 80}], [{"price": 50, "volume_max": 80}, {"price": 90}]
    resource = {"unit": "ha", "limit": 70, "purchases": {"power": 1.0}}
    found = planned(
        steel(), set_("supply.power.steps", *steps), set_("resources.land", None, resource),
        set_("demand.steel.amount", 90, 100),
    )  # fmt: skip
    rows, columns = names(found.groups[0].program)[::-1]
    where = [k for k, n in enumerate(columns) if n.startswith("purchase") and "step 2" in n and "power" in n]
    land = [k for k, n in enumerate(rows) if "land" in n]
    assert len(where) == 3
    assert found.groups[0].program.matrix[land, :][:, where].nnz == 3


def test_demand_may_be_nothing() -> None:
    found = planned(steel(), set_("demand.steel.amount", 0, 50, 100, {2025: 80, 2035: 0}),
                    set_("supply.gas.price", 10, 20, 30, 40, 50, 60))  # fmt: skip
    assert not found.axes[0].costs
    assert not found.axes[1].bounds


def test_the_discount_rate_moves_all_costs_with_every_other_axis() -> None:
    found = planned(
        steel(), set_("horizon.discount_rate", 0.0, 0.03, 0.1), set_("supply.gas.price", 10, 20, 30, 40, 50, 65),
        scale("policies.carbon_price", 0.5, 1.0, 2.0), set_("demand.steel.amount", 80, 100),
        set_("processes.melter.capex", 300, 400, 700),
    )  # fmt: skip
    assert found.built < 3 * (6 + 3 + 2 + 3) + 30, "the rate is the hub: the others are not multiplied with each other"


def test_capex_wacc_and_lifetimes_act_on_each_other() -> None:
    path = "processes.shaft"
    planned(
        steel(), set_(f"{path}.capex", 500, 700, 900, 1000, 1300), set_(f"{path}.wacc", 0.04, 0.08, 0.12),
        set_(f"{path}.economic_lifetime", 10, 15, 20),
    )  # fmt: skip
    found = planned(steel(), set_(f"{path}.lifetime", 5, 10, 20), set_(f"{path}.capex", 500, 900),
                    set_(f"{path}.wacc", 0.04, 0.12), groups=3)  # fmt: skip
    assert [r.matrix for r in found.axes] == [True, False, False]


def test_a_factor_multiplies_what_another_axis_sets() -> None:
    found = planned(
        steel(), scale("supply.gas.price", 0.5, 1.0, 3.0), set_("supply.gas.price", 10, {2025: 20, 2035: 70}),
        scale("policies.carbon_price", 0.5, 1.0, 2.0),
    )  # fmt: skip
    assert found.changes(0)["supply.gas.price"] == 5.0
    assert found.changes(5)["supply.gas.price"] == {2025: 10.0, 2035: 35.0}


def test_a_curve_scaled_year_by_year() -> None:
    found = planned(
        steel(), scale("policies.carbon_price", 0.5, 1.0, 2.0), scale("policies.carbon_price.2035", 1.0, 3.0)
    )
    assert found.changes(5)["policies.carbon_price"] == {2025: 120.0, 2035: 720.0}


def test_elasticity_brings_columns_of_its_own() -> None:
    demand = {"steel": {"amount": 100, "reference_price": 400, "elasticity": -0.3, "shortfall_cost": 5000}}
    planned(
        steel(demand=demand), set_("demand.steel.amount", 0, 80, 120), set_("demand.steel.elasticity", -0.5, 0, -0.3),
        set_("demand.steel.reference_price", 300, 400),
    )  # fmt: skip


def test_existing_plants_move_bounds_alone_with_campaigns_too() -> None:
    found = planned(
        ts.load(PATHS["steel_campaigns"]), scale("processes.furnace.existing", 0.5, 1.0, 1.7),
        set_("processes.eaf.existing", None, {"ruhr": 2e6}), set_("supply.hydrogen.price", 60, 140),
    )  # fmt: skip
    assert found.axes[0].bounds
    assert not found.axes[0].matrix
    assert not found.axes[0].costs
    assert "matrix" in found.axes[0].declared, "declared for all processes, not found for these amounts"


def test_sampled_stock_is_followed_and_sampled_lives_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are declared to enter coefficients; amounts of stock do not, and lives bring matrices of their own."""
    monkeypatch.setattr(follow, "FREE", 16)
    stock = Axis("stock", "scale", ("processes.furnace.existing",), low=0.5, high=1.5)
    life = Axis("life", "set", ("processes.eaf.lifetime",), low=12, high=40)
    gas = Axis("gas", "scale", ("supply.gas.price",), low=0.5, high=2.0)
    scenario = ts.load(PATHS["steel_campaigns"])
    found = plan(scenario, sampled((stock, gas), "sobol", 64, 1))
    assert wrong(found, range(0, 64, 9)) == {}
    assert [r.way for r in found.axes] == ["linear", "linear"]
    assert found.built <= 16
    found = plan(scenario, sampled((stock, life), "sobol", 32, 1))
    assert wrong(found, range(0, 32, 5)) == {}
    assert [r.matrix for r in found.axes] == [False, True]


def test_growth_needs_a_matrix_for_each_rate() -> None:
    found = planned(
        ts.load(PATHS["steel_campaigns"]), set_("processes.dri.growth_max", 0.1, 0.15, 0.3),
        set_("processes.dri.seed_capacity", 1e5, 2e5, 3e5), set_("demand.crude_steel.shortfall_cost", 800, 900),
        groups=3,
    )  # fmt: skip
    assert [r.matrix for r in found.axes] == [True, False, False]
    assert sorted(set(found.group_of)) == [0, 1, 2]


def test_profiles_of_prices_move_costs_and_profiles_of_elastic_demand_the_matrix() -> None:
    scenario = ts.load(PATHS["markets_only"])
    flat, steep = ({"dear": d, "cheap": c, "usual": 1.0} for d, c in ((1.0, 1.0), (3.0, -1.0)))
    found = planned(
        scenario, set_("profiles.price", flat, steep), set_("supply.spot.price", 50, {"one": 40, "two": 90}),
        set_("supply.spot.price_floor", -200, -30, 0),
    )  # fmt: skip
    assert found.axes[0].costs
    planned(scenario, set_("profiles.load", flat, {"dear": 3, "cheap": 1, "usual": 2}),
            set_("demand.town.amount", 1e5, 2e5), groups=2)  # fmt: skip


def test_a_floor_that_cuts_in_is_no_line() -> None:
    """Sampled prices run into the floor of a shaped price, which no line through three points shows."""
    path = "supply.spot.price"
    axes = (
        Axis("price", "set", (path,), low=1, high=90),
        Axis("carbon", "scale", ("policies.carbon_price",), low=0, high=2),
    )
    found = plan(ts.load(PATHS["markets_only"]), sampled(axes, "sobol", 32, seed=3))
    assert wrong(found) == {}
    assert found.axes[1].way == "moves nothing"
    assert found.axes[0].way == "tabulated"


def test_years_lay_out_another_program() -> None:
    planned(steel(), set_("horizon.end", 2030, 2035), set_("supply.gas.price", 10, 20, 30), groups=2)


def test_what_opens_later_moves_bounds() -> None:
    planned(
        steel(), set_("processes.melter.earliest", 2025, 2028, 2033), set_("supply.gas.available_from", None, 2030),
        set_("processes.melter.new_capacity_max", None, 10),
    )  # fmt: skip


def few_melters(lp: LinearProgram, data: Any) -> None:
    """A constraint of the user's own whose side follows a number of the scenario."""
    amount = data.scenario.demand["steel"].amount.scalar
    lp.add_rows("few_melters", SINGLE, "stock", [Term(1, "capacity")], upper=amount / 2)


def test_own_constraints_are_part_of_every_case() -> None:
    cases = grid((set_("demand.steel.amount", 80, 100), set_("supply.gas.price", 10, 20)))
    found = plan(steel(), cases, [few_melters])
    assert wrong(found) == {}
    uppers = {
        case.row_upper[group.program.blocks("rows", "few_melters")[0].offset]
        for group, case in map(found.case, range(4))
    }
    assert uppers == {40.0, 50.0}


def test_a_demand_that_nothing_meets_is_refused_when_its_turn_comes() -> None:
    commodities = {"steel": {"unit": "t"}}
    scenario = load(commodities=commodities, supply={"steel": {"price": 5}}, demand={"steel": {"amount": 10}})
    found = plan(scenario, grid((set_("supply.steel.volume_max", 20, 0), set_("supply.steel.price", 5, 6, 7))))
    assert wrong(found) == {}


def test_a_plan_travels() -> None:
    found = planned(steel(), set_("policies.emission_cap", None, 30), set_("horizon.discount_rate", 0.0, 0.1))
    again = pickle.loads(pickle.dumps(found))
    for i in range(4):
        (_, a), (_, b) = found.case(i), again.case(i)
        assert np.array_equal(a.cost, b.cost)
        assert np.array_equal(a.row_upper, b.row_upper)
        own = again.full(i)[1]
        columns = again.case(i)[0].columns_of(own)
        assert np.array_equal(b.upper[columns], own.upper)


def test_cases_without_a_table_find_their_group() -> None:
    """Where a table would not pay, a case is built when its turn comes, on the union if it has this matrix."""
    axes = (set_("supply.gas.price", *range(20, 29)), set_("processes.shaft.lifetime", 20, 5))
    follow.FREE = 0
    found = plan(steel(), one_at_a_time(axes))
    assert (found.group_of < 0).all()
    assert wrong(found) == {}
    taken = [found.case(i)[0].index for i in range(len(found.cases))]
    assert set(taken[:10]) == {0}
    assert taken[-1] == -1


def axes_of(sections: dict[str, Any], scenario: ts.Scenario, draw: random.Random, n: int) -> list[Axis]:
    """n axes over numbers of a scenario that may be changed, each with two to six levels."""
    leaves = list(numbers(sections))
    draw.shuffle(leaves)
    out: list[Axis] = []
    for leaf, value in leaves:
        if leaf.startswith(("horizon.start", "horizon.end", "horizon.step", "time")):
            continue
        if any(leaf.startswith(a.paths[0]) or a.paths[0].startswith(leaf) for a in out):
            continue
        levels = [value, nearby(value)]
        for _ in range(draw.choice([0, 0, 4])):
            levels.append(levels[-1] * 0.9 if not isinstance(value, int) or value < 2 else levels[-1] + 1)
        try:
            for level in levels[1:]:
                scenario.with_({leaf: level})
        except ScenarioError:
            continue
        out.append(set_(leaf, *dict.fromkeys(levels)))
        if len(out) == n:
            break
    return out


@pytest.mark.parametrize("name", sorted(PATHS))
@pytest.mark.parametrize("seed", range(2))
def test_any_numbers_of_rich_systems_together(name: str, seed: int) -> None:
    scenario = ts.load(PATHS[name])
    draw = random.Random(f"{name} {seed}")
    axes = axes_of(read_file(PATHS[name]), scenario, draw, 3)
    found = plan(scenario, grid(tuple(axes)))
    assert wrong(found, draw.sample(range(len(found.cases)), min(len(found.cases), 6))) == {}


@given(systems(), st.integers(0, 99))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_numbers_of_random_systems_together(sections: dict[str, Any], seed: int) -> None:
    scenario, draw = ts.loads(as_yaml(sections)), random.Random(seed)
    axes = axes_of(sections, scenario, draw, 3)
    if len(axes) == 3:
        found = plan(scenario, grid(tuple(axes)))
        assert wrong(found, draw.sample(range(len(found.cases)), min(len(found.cases), 12))) == {}


def test_no_case_is_lost_on_the_way() -> None:
    axes = (set_("supply.gas.price", *range(20, 30)), set_("demand.steel.amount", *range(80, 100)))
    found = plan(steel(), Cases(axes, grid(axes).codes, "grid"))
    assert sorted(np.concatenate(found.chunks)) == list(range(200))
    moved = [int((found.cases.codes[a] != found.cases.codes[b]).sum()) for a, b in pairwise(found.order)]
    assert set(moved) == {1}, "in a snake, one axis moves from case to case"
    assert chunked(found.order, 100_000)[0].size == 8
