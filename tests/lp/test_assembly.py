"""The frozen matrix against plain loops over everything that could meet."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transform_sim.lp import Entities, Grid, LinearProgram, Periods, Term, period_same, period_until, step_map

SIZES = {"p": 3, "r": 2, "m": 2}
GRIDS = {
    "stock": Grid("stock", np.ones(1), np.zeros(3, dtype=np.int64), ("stock",), 0),
    "year": Grid("year", np.array([8760.0]), np.zeros(3, dtype=np.int64), ("year",), 1),
    "day": Grid("day", np.array([5000.0, 3760.0]), np.array([0, 0, 1]), ("d1", "d2"), 2),
    "hour": Grid("hour", np.array([2000.0, 3000.0, 3760.0]), np.arange(3), ("h1", "h2", "h3"), 3),
}
PERIODS = Periods((2025, 2030), np.ones(2))


@st.composite
def tables(draw: st.DrawFn) -> Entities:
    dims = draw(st.lists(st.sampled_from(sorted(SIZES)), min_size=1, max_size=3, unique=True))
    everything = list(itertools.product(*(range(SIZES[d]) for d in dims)))
    return Entities.records(dims, draw(st.lists(st.sampled_from(everything), min_size=1, max_size=6, unique=True)))


@given(st.data())
def test_terms_are_the_sum_over_all_that_agrees(data: st.DataObject) -> None:
    rows, columns = data.draw(tables()), data.draw(tables())
    over = data.draw(tables())
    known = set(rows.dims) | set(columns.dims)
    over = Entities({d: over[d] for d in over.dims if d in known}) if known & set(over.dims) else rows
    row_grid, column_grid = (GRIDS[data.draw(st.sampled_from(sorted(set(GRIDS) - {skip})))] for skip in ("", "x"))
    if row_grid.name == "stock":
        column_grid = GRIDS["stock"]
    period = data.draw(st.sampled_from([period_same(2), period_until(2)]))
    seed = data.draw(st.integers(0, 99))
    step = step_map(row_grid, column_grid)
    coefficient = np.random.default_rng(seed).integers(-3, 4, (len(over), len(period.rows), len(step.rows)))
    lp = LinearProgram({d: [f"{d}{k}" for k in range(n)] for d, n in SIZES.items()}, PERIODS, GRIDS)
    lp.add_columns("x", columns, column_grid.name)
    lp.add_rows("row", rows, row_grid.name, [Term(coefficient, "x", over=over, period=period)], upper=0)

    expected = np.zeros((len(rows), 2, len(row_grid), len(columns), 2, len(column_grid)))
    for i, k, j in itertools.product(range(len(rows)), range(len(over)), range(len(columns))):
        if not (agree(rows, i, over, k) and agree(rows, i, columns, j) and agree(over, k, columns, j)):
            continue
        for a, b in itertools.product(range(len(period.rows)), range(len(step.rows))):
            value = coefficient[k, a, b] * period.values[a] * step.values[b]
            expected[i, period.rows[a], step.rows[b], j, period.cols[a], step.cols[b]] += value
    dense = lp.freeze().matrix.toarray()
    np.testing.assert_allclose(dense, expected.reshape(dense.shape), atol=1e-12)


def agree(left: Entities, i: int, right: Entities, j: int) -> bool:
    return all(left[d][i] == right[d][j] for d in left.dims if d in right.dims)
