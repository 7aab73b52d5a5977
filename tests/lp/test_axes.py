"""Maps between periods and between steps of different grids."""

from __future__ import annotations

import numpy as np
import pytest

from transform_sim.errors import ModelError
from transform_sim.lp import (
    AxisMap,
    Grid,
    chain,
    period_previous,
    period_same,
    period_total,
    period_until,
    step_map,
)

# two days of weights 300 · 24 and 65 · 24 hours, each of two steps of 8 and 16 hours
MEMBER = np.array([0, 0, 1, 1])
HOUR = Grid("hour", np.array([2400.0, 4800.0, 520.0, 1040.0]), np.arange(4), ("a1", "a2", "b1", "b2"), 3)
DAY = Grid("day", np.array([7200.0, 1560.0]), MEMBER, ("a", "b"), 2)
YEAR = Grid("year", np.array([8760.0]), np.zeros(4, dtype=np.int64), ("year",), 1)
STOCK = Grid("stock", np.array([1.0]), np.zeros(4, dtype=np.int64), ("stock",), 0)
RUN = Grid("run", np.ones(3), np.zeros(0, dtype=np.int64), ("run 1", "run 2", "run 3"), 4)


def dense(axis: AxisMap, rows: int, cols: int) -> np.ndarray:
    out = np.zeros((rows, cols))
    np.add.at(out, (axis.rows, axis.cols), axis.values)
    return out


def test_fine_columns_enter_a_coarse_row_by_their_hours() -> None:
    assert dense(step_map(DAY, HOUR), 2, 4) == pytest.approx(np.array([[1 / 3, 2 / 3, 0, 0], [0, 0, 1 / 3, 2 / 3]]))
    assert dense(step_map(YEAR, HOUR), 1, 4) == pytest.approx(HOUR.weight[None, :] / 8760)


def test_coarse_columns_enter_each_fine_row_whole() -> None:
    assert dense(step_map(HOUR, DAY), 4, 2) == pytest.approx(np.array([[1, 0], [1, 0], [0, 1], [0, 1]]))
    assert dense(step_map(HOUR, YEAR), 4, 1) == pytest.approx(np.ones((4, 1)))
    assert dense(step_map(HOUR, STOCK), 4, 1) == pytest.approx(np.ones((4, 1)))
    assert dense(step_map(RUN, STOCK), 3, 1) == pytest.approx(np.ones((3, 1)))


@pytest.mark.parametrize("coarse", [DAY, YEAR])
@pytest.mark.parametrize("fine", [DAY, HOUR])
def test_a_coarse_rate_spread_over_fine_steps_keeps_its_mean(coarse: Grid, fine: Grid) -> None:
    down, up = step_map(fine, coarse), step_map(coarse, fine)
    n, m = len(coarse), len(fine)
    assert dense(up, n, m) @ dense(down, m, n) == pytest.approx(np.eye(n))
    # and amounts agree on both grids: Σ W_g (P a)_g = Σ W_h a_h
    rate = np.arange(1.0, m + 1)
    assert coarse.weight @ (dense(up, n, m) @ rate) == pytest.approx(fine.weight @ rate)


def test_grids_outside_the_nest_need_a_map_of_their_own() -> None:
    with pytest.raises(ModelError, match="'run' and 'hour' are not nested"):
        step_map(RUN, HOUR)


def test_maps_between_periods() -> None:
    assert dense(period_same(3), 3, 3) == pytest.approx(np.eye(3))
    assert dense(period_previous(3), 3, 3) == pytest.approx(np.eye(3, k=-1))
    assert dense(period_until(3), 3, 3) == pytest.approx(np.tril(np.ones((3, 3))))
    assert dense(period_total(3), 1, 3) == pytest.approx(np.ones((1, 3)))
    assert dense(period_previous(1), 1, 1) == pytest.approx(np.zeros((1, 1)))


def test_a_chain_takes_each_predecessor() -> None:
    assert dense(chain([2, 0, 1]), 3, 3) == pytest.approx(np.roll(np.eye(3), 1, axis=0))
