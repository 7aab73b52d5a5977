"""Capital: what building costs overnight, the annuity that pays for it, and the years in which it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.finance import annuity_factor, survival
from transform_sim.scenario import Quantity
from transform_sim.scenario.plants import Link, Process, Reinvest, Storage

from .frame import Frame
from .values import INF, over_years, scalar

Floats = NDArray[np.float64]
Plant = Process | Storage | Link
BY_PERIOD = ("overnight", "annuity", "financing", "life", "wacc")
"""Fields of Capital with one number for each period of build, in its order."""


@dataclass(frozen=True, eq=False)
class Capital:
    """Capital per unit built or converted in each period v.

    Attributes:
        overnight: investment, shape (..., V).
        annuity, financing: payment per year at the discount rate, and what the WACC adds to it, shape (..., V).
        life, wacc: years over which it is paid, and cost of capital, shape (..., V).
        paid: share of each period y in which the payment is due, shape (..., V, Y).
    """

    overnight: Floats
    annuity: Floats
    financing: Floats
    life: Floats
    wacc: Floats
    paid: Floats

    @classmethod
    def of(cls, overnight: Floats, ends: ArrayLike, wacc: Quantity | None, frame: Frame) -> Capital:
        """Of one thing: `overnight` (V,) is paid evenly from each period's start to `ends` (V,).

        What would end before it starts cannot be built and pays nothing.
        """
        lives = np.broadcast_to(ends, frame.years.shape) - frame.years
        rate, n = scalar(wacc, frame.rate), len(lives)
        base, extra, paid = np.zeros(n), np.zeros(n), np.zeros((n, n))
        for v in np.flatnonzero(lives > 0):
            base[v] = annuity_factor(frame.rate, lives[v])
            extra[v] = annuity_factor(rate, lives[v]) - base[v]
            paid[v] = survival(frame.years[v], lives[v], frame.years, frame.lengths)
        return cls(overnight, overnight * base, overnight * extra, lives, np.full(n, rate), paid)

    @classmethod
    def stacked(cls, parts: Sequence[Capital], frame: Frame) -> Capital:
        """Of several things, one row each; none gives arrays without rows."""
        n = len(frame.years)
        by_period = {field: np.array([getattr(p, field) for p in parts]).reshape(-1, n) for field in BY_PERIOD}
        return cls(**by_period, paid=np.array([p.paid for p in parts]).reshape(-1, n, n))

    def take(self, rows: ArrayLike) -> Capital:
        """Of the things at these positions or where this mask holds."""
        at = np.asarray(rows)
        return Capital(**{field: getattr(self, field)[at] for field in (*BY_PERIOD, "paid")})

    def cheaper(self, less: float) -> Floats:
        """What a cost of capital lower by so much takes off the yearly payment, shape (..., V)."""
        at = self.life > 0
        out = np.zeros_like(self.overnight)
        for index in zip(*np.nonzero(at), strict=True):
            rate, life = self.wacc[index], self.life[index]
            out[index] = annuity_factor(rate, life) - annuity_factor(max(rate - less, 0.0), life)
        return np.asarray(out * self.overnight)


def overnight(plant: Plant, frame: Frame) -> Floats:
    """Investment per unit of scenario capacity by year of build, shape (V,), as the first of its kind if it is one."""
    return mature(plant, frame) * premium(plant, frame)


def mature(plant: Plant, frame: Frame) -> Floats:
    """The same once it is no longer the first of its kind."""
    capex = over_years(plant.capex, frame.years, 0.0)
    if isinstance(plant, Link):
        return capex * scalar(plant.length, 1.0)
    if isinstance(plant, Storage):
        rate = scalar(plant.discharge_rate, INF)
        return capex + (over_years(plant.capex_power, frame.years, 0.0) * rate if np.isfinite(rate) else 0.0)
    return capex


def converting(into: Plant, arc: Reinvest, frame: Frame) -> Floats:
    """Investment of a renewal or conversion per unit of scenario capacity of what is converted, shape (V,).

    The premium is that of what it becomes: its technology is the young one.
    """
    return over_years(arc.capex, frame.years, 0.0) * premium(into, frame)


def premium(plant: Plant, frame: Frame) -> Floats:
    """Cost of building in a year relative to that of a mature plant, shape (V,)."""
    return 1.0 + over_years(plant.first_of_a_kind, frame.years, 0.0)


def plain_capital(plant: Plant, frame: Frame, hours: float) -> Capital:
    """Capital of a plant without campaigns, per unit/h, paid over its economic life."""
    life = scalar(plant.economic_lifetime, scalar(plant.lifetime, INF))
    return Capital.of(overnight(plant, frame) * hours, frame.years + life, plant.wacc, frame)
