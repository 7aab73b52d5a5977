"""The published formulations of load shifting as they are printed, over T hours that are not closed to a circle.

Written for scipy's solver with a column for everything, also for what the package substitutes; nothing is taken from
it. Each function returns the least change of cost for prices p, limits U (more) and D (less), all of shape (T,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]
INF = float("inf")


class Columns:
    """Rows gathered over named columns."""

    def __init__(self, sizes: dict[str, int]) -> None:
        ends = np.cumsum([0, *sizes.values()])
        self.at = {name: np.arange(a, b) for name, a, b in zip(sizes, ends, ends[1:], strict=False)}
        self.n = int(ends[-1])
        self.rows: dict[str, list[tuple[Floats, float]]] = {"equal": [], "most": []}

    def add(self, kind: str, terms: list[tuple[float, int]], value: float) -> None:
        row = np.zeros(self.n)
        for factor, column in terms:
            row[column] += factor
        self.rows[kind].append((row, value))

    def least(self, cost: dict[str, Floats], free: tuple[str, ...] = ()) -> float:
        c = np.zeros(self.n)
        for name, values in cost.items():
            c[self.at[name]] = values
        bounds = [(0.0, None)] * self.n
        for name in free:
            for column in self.at[name]:
                bounds[column] = (None, None)
        (most, most_side), (equal, equal_side) = (
            (np.array([row for row, _ in self.rows[k]]), np.array([v for _, v in self.rows[k]]))
            for k in ("most", "equal")
        )
        found = linprog(c, most, most_side, equal, equal_side, bounds=bounds, method="highs-ds")
        assert found.status == 0, found.message
        return float(found.fun)


def window(p: Floats, up: Floats, down: Floats, *, tau: int, eta: float = 1.0, paid: float = 0.0) -> float:
    """oemof: the sum of each block is nought; `paid` per unit more."""
    n = len(p)
    lp = Columns({"u": n, "v": n})
    for start in range(0, n, tau):
        block = range(start, min(start + tau, n))
        lp.add("equal", [(eta, lp.at["u"][t]) for t in block] + [(-1, lp.at["v"][t]) for t in block], 0)
    for t in range(n):
        lp.add("most", [(1, lp.at["u"][t])], up[t])
        lp.add("most", [(1, lp.at["v"][t])], down[t])
    return lp.least({"u": p + paid, "v": -p})


def zerrahn_schill(
    p: Floats, up: Floats, down: Floats, *, delay: int, joint: bool = True, eta: float = 1.0,
    paid: tuple[float, float] = (0.0, 0.0), recovery: int | None = None,
) -> float:  # fmt: skip
    """Equations (1)-(6): v[t, tt] is less use in hour tt that pays back more use in hour t, its own hour included."""
    n = len(p)
    lp = Columns({"u": n, "v": n * n})
    v = lp.at["v"].reshape(n, n)
    for t in range(n):
        near = [tt for tt in range(n) if abs(t - tt) <= delay]
        lp.add("equal", [(eta, lp.at["u"][t])] + [(-1, v[t, tt]) for tt in near], 0)
        for tt in set(range(n)) - set(near):
            lp.add("equal", [(1, v[t, tt])], 0)
        lp.add("most", [(1, lp.at["u"][t])], up[t])
        less = [(1.0, v[s, t]) for s in near]
        lp.add("most", less, down[t])
        if joint:
            lp.add("most", [(1, lp.at["u"][t]), *less], max(up[t], down[t]))
        if recovery:
            lp.add("most", [(1, lp.at["u"][s]) for s in range(t, min(t + recovery, n))], up[t] * delay)
    saved = np.tile(p - paid[1], n)  # v[t, tt] saves the price of tt
    return lp.least({"u": p + paid[0], "v": -saved})


def gils(
    p: Floats, up: Floats, down: Floats, *, delays: tuple[int, ...], eta: float = 1.0, duration: float = INF,
    joint: bool = True, paid: tuple[float, float] = (0.0, 0.0),
) -> float:  # fmt: skip
    """Equations (1)-(7), (9), with balancing of both directions and both levels as columns of their own."""
    n, m = len(p), len(delays)
    lp = Columns({"u": m * n, "v": m * n, "bu": m * n, "bd": m * n, "wu": n, "wv": n})
    u, v, bu, bd = (lp.at[name].reshape(m, n) for name in ("u", "v", "bu", "bd"))
    wu, wv = lp.at["wu"], lp.at["wv"]
    for i, h in enumerate(delays):
        for t in range(n):
            lp.add("equal", [(1, bd[i, t])] + ([(-1 / eta, v[i, t - h])] if t >= h else []), 0)
            lp.add("equal", [(1, bu[i, t])] + ([(-eta, u[i, t - h])] if t >= h else []), 0)
            if t >= n - h:
                lp.add("equal", [(1, v[i, t])], 0)
                lp.add("equal", [(1, u[i, t])], 0)
    for t in range(n):
        more = [(1.0, x[i, t]) for x in (u, bd) for i in range(m)]
        less = [(1.0, x[i, t]) for x in (v, bu) for i in range(m)]
        lp.add("most", more, up[t])
        lp.add("most", less, down[t])
        if joint:
            lp.add("most", more + less, max(up[t], down[t]))
        before = [(-1.0, wv[t - 1])] if t else []
        change = [(-1.0, v[i, t]) for i in range(m)] + [(eta, bd[i, t]) for i in range(m)]
        lp.add("equal", [(1.0, wv[t]), *before, *change], 0)
        before = [(-1.0, wu[t - 1])] if t else []
        change = [(-eta, u[i, t]) for i in range(m)] + [(1.0, bu[i, t]) for i in range(m)]
        lp.add("equal", [(1.0, wu[t]), *before, *change], 0)
        if duration < INF:
            lp.add("most", [(1, wv[t])], float(down.mean()) * duration)
            lp.add("most", [(1, wu[t])], float(up.mean()) * duration)
    more_cost, less_cost = np.tile(p + paid[0], m), np.tile(-p + paid[1], m)
    return lp.least({"u": more_cost, "bd": more_cost, "v": less_cost, "bu": less_cost})


def battery(
    p: Floats, up: Floats, down: Floats, *, energy: float = INF, eta: float = 1.0, loss: float = 0.0
) -> float:  # fmt: skip
    """A level in MWh that returns to where it began."""
    n = len(p)
    lp = Columns({"u": n, "v": n, "b": n})
    b = lp.at["b"]
    for t in range(n):
        lp.add("equal", [(1, b[t]), (-(1 - loss), b[t - 1]), (-eta, lp.at["u"][t]), (1, lp.at["v"][t])], 0)
        lp.add("most", [(1, lp.at["u"][t])], up[t])
        lp.add("most", [(1, lp.at["v"][t])], down[t])
        if energy < INF:
            lp.add("most", [(1, b[t])], energy)
    return lp.least({"u": p, "v": -p})
