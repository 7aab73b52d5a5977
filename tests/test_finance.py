"""Annuities and discount factors against published values, limits and each other."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transform_sim import finance
from transform_sim.finance import (
    annuity_factor,
    discount_factor,
    period_weights,
    survival,
    trapezoid_weights,
)

RATES = st.floats(0.0, 0.25)
LIVES = st.integers(1, 60)


@pytest.mark.parametrize(
    ("rate", "life", "expected"),
    [(0.05, 18, 0.085546), (0.08, 18, 0.106702), (0.08, 20, 0.101852), (0.08, 25, 0.093679), (0.07, 20, 0.094393)],
)
def test_known_capital_recovery_factors(rate: float, life: float, expected: float) -> None:
    assert annuity_factor(rate, life) == pytest.approx(expected, abs=5e-7)


def test_limits_of_the_annuity() -> None:
    assert annuity_factor(0.0, 25) == 1 / 25
    assert annuity_factor(0.05, math.inf) == 0.05
    assert annuity_factor(0.0, math.inf) == 0.0
    assert annuity_factor(1e-12, 25) == pytest.approx(1 / 25, rel=1e-10)


@pytest.mark.parametrize(
    ("rate", "life"), [(0.05, 0.0), (0.05, -1.0), (-1.0, 10.0), (math.nan, 10.0), (0.05, math.nan)]
)
def test_impossible_annuities_are_refused(rate: float, life: float) -> None:
    with pytest.raises(ValueError, match="must be above"):
        annuity_factor(rate, life)


@given(RATES, LIVES)
def test_an_annuity_repays_the_investment(rate: float, life: int) -> None:
    paid = annuity_factor(rate, life) * discount_factor(rate, np.arange(1, life + 1)).sum()
    assert paid == pytest.approx(1.0, rel=1e-9)


def test_period_weights_by_hand() -> None:
    years, lengths = np.array([2025.0, 2027.0]), np.array([2.0, 2.0])
    # 1 + 1/1.1 and 1/1.21 + 1/1.331
    assert period_weights(0.1, years, lengths, 2025) == pytest.approx([1 + 1 / 1.1, 1 / 1.21 + 1 / 1.331])
    middle = period_weights(0.1, years, lengths, 2025, timing=0.5)
    assert middle == pytest.approx(period_weights(0.1, years, lengths, 2025) / math.sqrt(1.1))
    assert period_weights(0.0, years, lengths, 2025) == pytest.approx([2.0, 2.0])


@given(RATES, st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_period_weights_add_to_the_annuity_of_the_horizon(rate: float, lengths: list[int]) -> None:
    starts = 2025.0 + np.concatenate(([0], np.cumsum(lengths)[:-1]))
    total = period_weights(rate, starts, np.array(lengths, dtype=float), 2025, timing=1.0).sum()
    assert total == pytest.approx(1 / annuity_factor(rate, sum(lengths)), rel=1e-9)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6))
def test_trapezoid_weights_add_to_the_horizon(lengths: list[int]) -> None:
    weights = trapezoid_weights(np.array(lengths, dtype=float))
    assert weights.sum() == pytest.approx(sum(lengths))
    assert (weights > 0).all()


def test_trapezoid_weights_by_hand() -> None:
    # 2025, 2030, 2035 to 2040: half of the first gap; half of both gaps; half of the second and the last five years
    assert trapezoid_weights(np.array([5.0, 5.0, 5.0])) == pytest.approx([2.5, 5.0, 7.5])


def test_survival_counts_shares_of_periods() -> None:
    years, lengths = np.array([2025.0, 2030.0, 2035.0]), np.array([5.0, 5.0, 5.0])
    assert survival(2025, 7, years, lengths) == pytest.approx([1.0, 0.4, 0.0])
    assert survival(2010, 18, years, lengths) == pytest.approx([0.6, 0.0, 0.0])
    assert survival(2032, math.inf, years, lengths) == pytest.approx([0.0, 0.6, 1.0])


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(finance).failed == 0
