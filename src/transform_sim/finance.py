"""Annuities and discount factors: pure functions, all rates per year, all times in years."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def annuity_factor(rate: float, lifetime: float) -> float:
    r"""Annual payment per unit of investment (capital recovery factor, CRF).

    $$ CRF(i, n) = \frac{i}{1 - (1+i)^{-n}} $$

    Rate 0 gives 1/n; an infinite lifetime gives i (a perpetuity).

    >>> round(annuity_factor(0.07, 20), 6)
    0.094393
    >>> annuity_factor(0.0, 25)
    0.04
    >>> annuity_factor(0.05, float("inf"))
    0.05

    Raises ValueError for a lifetime ≤ 0 or a rate ≤ −1.
    """
    if not lifetime > 0:
        raise ValueError(f"lifetime is {lifetime}; it must be above zero")
    if not rate > -1:
        raise ValueError(f"rate is {rate}; it must be above -1")
    if rate == 0:
        return 1 / lifetime
    # expm1/log1p keep full precision for rates as small as 1e-12
    return rate / -math.expm1(-lifetime * math.log1p(rate)) if math.isfinite(lifetime) else max(rate, 0.0)


def discount_factor(rate: float, years: Floats | float) -> Floats:
    r"""Present value of one unit paid after `years`: $(1+r)^{-t}$; rate 0 gives 1."""
    out: Floats = np.power(1.0 + rate, -np.asarray(years, dtype=float))
    return out


def period_weights(rate: float, years: Floats, lengths: Floats, start: float, timing: float = 0.0) -> Floats:
    r"""Present value at `start` of one unit paid every year of each period (the formulation's $N_y$).

    $$ N_y = \sum_{k=0}^{n_y-1} (1+r)^{-(y + k + \tau - start)} $$

    Args:
        years: first calendar year of each period, shape (Y,).
        lengths: whole years per period, shape (Y,).
        timing: when within each year the cost falls: 0 start, 0.5 middle, 1 end.
    """
    return np.array(
        [
            discount_factor(rate, y - start + timing + np.arange(round(n))).sum()
            for y, n in zip(years, lengths, strict=True)
        ]
    )


def trapezoid_weights(lengths: Floats) -> Floats:
    """Years that each milestone stands for when a quantity is linear between milestones, shape (Y,).

    The last period has no later milestone and keeps its value to its end; the weights add to the horizon.
    """
    lengths = np.asarray(lengths, dtype=float)
    half = np.concatenate(([0.0], lengths[:-1])) / 2
    own = np.append(lengths[:-1] / 2, lengths[-1])
    weights: Floats = half + own
    return weights


def survival(start: float, lifetime: float, years: Floats, lengths: Floats) -> Floats:
    """Share of each period during which a plant built at `start` exists, shape (Y,), between 0 and 1."""
    ends = years + lengths
    overlap = np.minimum(ends, start + lifetime) - np.maximum(years, start)
    share: Floats = np.clip(overlap, 0.0, None) / lengths
    return share
