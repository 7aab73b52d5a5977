"""Declaring a program: the rule of dimensions, shapes, costs, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from transform_sim.errors import ModelError
from transform_sim.lp import SINGLE, Entities, Grid, LinearProgram, Periods, Term, period_total

STEPS = np.array([1000.0, 7760.0])
GRIDS = {
    "stock": Grid("stock", np.ones(1), np.zeros(2, dtype=np.int64), ("stock",), 0),
    "year": Grid("year", np.array([8760.0]), np.zeros(2, dtype=np.int64), ("year",), 1),
    "hour": Grid("hour", STEPS, np.arange(2), ("peak", "base"), 3),
}
LABELS = {"process": ("mill", "kiln"), "region": ("ruhr", "coast", "saar"), "commodity": ("steel",)}
PERIODS = Periods((2025, 2030), np.array([5.0, 4.0]))

BOTH = Entities.product(process=[0, 1], region=[0, 1, 2])


@pytest.fixture
def lp() -> LinearProgram:
    program = LinearProgram(LABELS, PERIODS, GRIDS, variables=["capacity", "sale"])
    program.add_columns("capacity", BOTH, "stock")
    program.add_columns("activity", BOTH, "hour")
    return program


def row(lp: LinearProgram, name: str) -> dict[str, float]:
    """Coefficients of a row by column name."""
    frozen = lp.freeze()
    at = next(i for i in range(frozen.shape[0]) if frozen.row_name(i) == name)
    found = frozen.matrix.tocsr()[[at], :].tocoo()
    return {frozen.column_name(int(j)): float(v) for j, v in zip(found.col, found.data, strict=True)}


def test_a_shared_dimension_pairs_and_a_missing_step_repeats(lp: LinearProgram) -> None:
    lp.add_rows("limit", BOTH, "hour", [(1, "activity"), (-0.5, "capacity")], upper=0)
    assert row(lp, "limit[kiln, coast, 2030, peak]") == {
        "activity[kiln, coast, 2030, peak]": 1.0, "capacity[kiln, coast, 2030]": -0.5
    }  # fmt: skip


def test_a_dimension_only_in_the_variable_is_summed(lp: LinearProgram) -> None:
    lp.add_rows("total", Entities.of(region=[1]), "stock", [(1, "capacity")], upper=9)
    assert row(lp, "total[coast, 2025]") == {"capacity[mill, coast, 2025]": 1.0, "capacity[kiln, coast, 2025]": 1.0}


def test_a_dimension_only_in_the_rows_repeats(lp: LinearProgram) -> None:
    lp.add_columns("price", Entities.of(process=[0]), "year")
    lp.add_rows("same", Entities.of(region=[0, 2]), "year", [(1, "price")], equals=1)
    assert row(lp, "same[saar, 2030]") == {"price[mill, 2030]": 1.0}


def test_a_fine_variable_enters_a_coarse_row_by_its_hours(lp: LinearProgram) -> None:
    lp.add_rows("mean", Entities.of(process=[0], region=[0]), "year", [(1, "activity")], upper=1)
    assert row(lp, "mean[mill, ruhr, 2025]") == {
        "activity[mill, ruhr, 2025, peak]": pytest.approx(1000 / 8760),
        "activity[mill, ruhr, 2025, base]": pytest.approx(7760 / 8760),
    }


def test_the_coefficients_table_relates_rows_and_variable(lp: LinearProgram) -> None:
    makes = Entities.of(commodity=[0], process=[1])
    lp.add_rows("made", Entities.of(commodity=[0], region=[0]), "hour", [Term(3, "activity", over=makes)], equals=0)
    assert row(lp, "made[steel, ruhr, 2025, base]") == {"activity[kiln, ruhr, 2025, base]": 3.0}


def test_one_row_over_all_periods(lp: LinearProgram) -> None:
    years = np.array([2.5, 7.5])[None, :, None]
    term = Term(years, "capacity", over=Entities.of(process=[0], region=[0]), period=period_total(2))
    lp.add_rows("budget", SINGLE, "stock", [term], upper=1, per_period=False)
    assert row(lp, "budget[]") == {"capacity[mill, ruhr, 2025]": 2.5, "capacity[mill, ruhr, 2030]": 7.5}


def test_a_variable_that_the_study_does_not_use_adds_nothing(lp: LinearProgram) -> None:
    lp.add_rows("limit", BOTH, "stock", [(1, "capacity"), (1, "sale")], upper=0)
    assert row(lp, "limit[mill, ruhr, 2025]") == {"capacity[mill, ruhr, 2025]": 1.0}


def test_a_misspelt_variable_or_grid_is_refused(lp: LinearProgram) -> None:
    with pytest.raises(ModelError, match=r"unknown variable 'capcity'\. Did you mean 'capacity'\?"):
        lp.add_rows("limit", BOTH, "stock", [(1, "capcity")], upper=0)
    with pytest.raises(ModelError, match=r"cost fee: unknown variable 'sail'\. Did you mean 'sale'\?"):
        lp.add_cost("fee", "sail", 1.0)
    with pytest.raises(ModelError, match="limit: unknown grid 'stcok'; known are"):
        lp.add_rows("limit", BOTH, "stcok", [(1, "capacity")], upper=0)


def test_zeros_make_no_entry_and_terms_on_one_place_add(lp: LinearProgram) -> None:
    zero_for_kiln = Term(np.array([1.0, 0.0])[:, None, None], "capacity", over=Entities.of(process=[0, 1]))
    lp.add_rows("sum", BOTH, "stock", [zero_for_kiln, (2, "capacity")], upper=0)
    assert row(lp, "sum[mill, saar, 2025]") == {"capacity[mill, saar, 2025]": 3.0}
    assert lp.freeze().matrix.nnz == 12
    lp.add_rows("nothing", BOTH, "stock", [(1, "capacity"), (-1, "capacity")], upper=0)
    assert row(lp, "nothing[mill, saar, 2025]") == {}


def test_an_empty_table_declares_nothing(lp: LinearProgram) -> None:
    none = Entities.records(("process",), [])
    lp.add_columns("charge", none, "hour")
    lp.add_rows("charge_limit", none, "hour", [(1, "charge")], upper=0)
    assert lp.columns("charge") == []
    assert lp.freeze().shape[0] == 0


def test_costs_are_weighed_with_hours_and_years(lp: LinearProgram) -> None:
    lp.add_cost("fuel", "activity", np.array([7.0, 9.0])[:, None, None], over=Entities.of(process=[0, 1]))
    # due in half of its own period and in all of the next
    lp.add_cost("investment", "capacity", 11.0, paid=np.array([[[0.5, 1.0], [0.0, 0.5]]]))
    lp.add_cost("tax", "activity", 100.0, kind="transfer", counts=False)
    program = lp.freeze()
    at = {program.column_name(j): float(c) for j, c in enumerate(program.cost)}
    assert at["activity[mill, ruhr, 2025, peak]"] == 7 * 1000 * 5
    assert at["activity[kiln, ruhr, 2030, base]"] == 9 * 7760 * 4
    assert at["capacity[mill, ruhr, 2025]"] == 11 * (0.5 * 5 + 4)
    assert at["capacity[mill, ruhr, 2030]"] == 11 * 0.5 * 4
    assert [c.name for c in program.costs] == ["fuel", "investment", "tax"]  # kept in the ledger all the same


def test_scales_turn_duals_and_reduced_costs_into_prices(lp: LinearProgram) -> None:
    lp.add_rows("limit", BOTH, "hour", [(1, "activity")], upper=0)
    lp.add_rows("budget", SINGLE, "year", [Term(1, "activity", period=period_total(2))], upper=0, per_period=False)
    program = lp.freeze()
    columns = {program.column_name(j): s for j, s in enumerate(program.column_scale)}
    assert columns["activity[kiln, saar, 2030, base]"] == 7760 * 4
    assert columns["capacity[kiln, saar, 2030]"] == 4
    rows = {program.row_name(i): s for i, s in enumerate(program.row_scale)}
    assert rows["limit[mill, ruhr, 2025, peak]"] == 1000 * 5
    assert rows["budget[]"] == 8760  # over all periods: no single one weighs it


def test_what_was_read_is_kept_by_part(lp: LinearProgram) -> None:
    lp.add_rows("limit", BOTH, "stock", [Term(1, "capacity", reads=("a.*",))], upper=1, reads=("b",))
    lp.add_cost("fuel", "activity", 1.0, reads=("c.d",))
    assert lp.freeze().reads() == {"costs": {"c.d"}, "bounds": {"b"}, "matrix": {"a.*"}}


def test_printing_says_the_size(lp: LinearProgram) -> None:
    lp.add_rows("limit", BOTH, "hour", [(1, "activity")], upper=0)
    program = lp.freeze()
    assert repr(program) == "<Program 24 rows × 36 columns, 24 non-zeros>"
    assert repr(program.columns[1]) == "<activity[process, region, period, hour] 6 × 2 × 2 = 24>"
    with pytest.raises(IndexError, match="no row or column at position 99"):
        program.column_name(99)


THREE_AXES = np.ones((2, 2, 1))


@pytest.mark.parametrize(
    ("terms", "sides", "message"),
    [
        ([Term(1, "capacity", over=Entities.of(commodity=[0]))], {}, "dimension 'commodity', which neither side has"),
        ([(np.ones(6), "capacity")], {}, "has 1 axes; give a scalar or the three axes"),
        ([(THREE_AXES, "capacity")], {}, r"has shape \(2, 2, 1\); it must broadcast to \(1, 2, 1\)"),
        ([(float("nan"), "capacity")], {}, "contains NaN; mask the entity instead"),
        ([(1, "capacity")], {"upper": np.full((6, 2, 1), np.nan)}, "upper side of limit contains NaN"),
        ([(1, "capacity")], {"upper": np.ones((5, 2, 1))}, "upper side of limit has shape"),
        ([(1, "capacity")], {"per_period": False}, "rows and variable differ in periods; give a period map"),
    ],
)
def test_terms_that_do_not_fit_are_refused(
    lp: LinearProgram, terms: list[Any], sides: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        lp.add_rows("limit", BOTH, "stock", terms, **sides)


def test_names_that_do_not_fit_are_refused(lp: LinearProgram) -> None:
    with pytest.raises(ModelError, match="unknown dimension 'colour'; known are process, region, commodity"):
        lp.add_columns("paint", Entities.of(colour=[0]), "hour")
    with pytest.raises(ModelError, match="'activity' is already declared on grid 'hour'"):
        lp.add_columns("activity", BOTH, "hour")
    lp.add_rows("limit", BOTH, "hour", [(1, "activity")], upper=0)
    with pytest.raises(ModelError, match="'limit' are already declared on grid 'hour'; choose another name"):
        lp.add_rows("limit", BOTH, "hour", [(1, "activity")], upper=0)
    with pytest.raises(ModelError, match="cost fuel: dimension 'commodity' is not one of activity"):
        lp.add_cost("fuel", "activity", 1.0, over=Entities.of(commodity=[0]))
