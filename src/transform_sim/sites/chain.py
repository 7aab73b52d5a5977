r"""The best use of one store without losses against given prices, exactly and in one pass over the year.

$$ \min \sum_k c_k x_k, \qquad L_h - L_{h-1} = b_h + \sum_{k \in h} w_k x_k, $$
$$ l_h \le L_h \le u_h, \qquad 0 \le x_k \le 1 $$

Let $V_h(L)$ be the least cost up to hour h that leaves the level L. It is convex and piecewise linear: one more hour
sorts the slopes $c_k / w_k$ of that hour in among those before and cuts off what lies outside the bounds of the level.
The value λ of what is stored then follows backwards: $\lambda_h = \lambda_{h+1}$, clipped to the slopes of $V_h$ at
the two bounds (N. Johnson used the same recursion for the fused lasso, doi:10.1080/10618600.2012.681238). It changes
only in hours in which the store is full or empty. Units cheaper than λ run, dearer ones stand; those at λ fill what is
left.

The level returns after the year: several years are passed in a row, and the middle of them taken. Two do for a store
that is full and empty some times a year; the longer it takes, the more are needed.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
CLOSE = 1e-9


@njit(cache=True)
def values(
    start: Codes, slope: Floats, width: Floats, least: Floats, low: Floats, high: Floats, years: int
) -> Floats:  # pragma: no cover
    """Value λ of what is stored in each hour of a year that repeats; empty if no level is possible.

    Args:
        start: first unit of each hour, shape (H + 1,); slope, width: of each unit, sorted by hour.
        least: change of the level in each hour if no unit is used; low, high: bounds of the level at its end.
        years: passed in a row, the middle of which is taken.
    """
    hours = len(least)
    steps, size = years * hours, years * len(slope) + 2
    # slopes rising, between the places `first` and `last` of arrays that have room on both sides
    s, w = np.empty(2 * size), np.empty(2 * size)
    first, last = size, size + 1
    left, right = low[hours - 1], high[hours - 1]
    s[first], w[first] = 0.0, right - left
    down, up = np.full(steps, -np.inf), np.full(steps, np.inf)
    for step in range(steps):
        h = step % hours
        left += least[h]
        right += least[h]
        for k in range(start[h], start[h + 1]):
            first, last = _sort_in(s, w, first, last, slope[k], width[k])
            right += width[k]
        if left > high[h] + CLOSE or right < low[h] - CLOSE:
            return np.empty(0)
        if left <= low[h]:
            while first < last and left + w[first] <= low[h]:
                left += w[first]
                first += 1
            if first < last:
                w[first] -= low[h] - left
                down[step] = s[first]
            left = low[h]
        if right >= high[h]:
            while first < last and right - w[last - 1] >= high[h]:
                right -= w[last - 1]
                last -= 1
            if first < last:
                w[last - 1] -= right - high[h]
                up[step] = s[last - 1]
            right = high[h]
    at = s[(first + last) // 2] if first < last else 0.0
    return _clipped_back(down, up, at, hours)


@njit(cache=True)
def _sort_in(
    s: Floats, w: Floats, first: int, last: int, slope: float, width: float
) -> tuple[int, int]:  # pragma: no cover
    """Put one unit among the rising slopes, moving the shorter side; where they begin and end then."""
    lo, hi = first, last
    while lo < hi:
        mid = (lo + hi) // 2
        if s[mid] < slope:
            lo = mid + 1
        else:
            hi = mid
    if lo - first < last - lo and first > 0:
        for i in range(first - 1, lo - 1):
            s[i], w[i] = s[i + 1], w[i + 1]
        first -= 1
        lo -= 1
    else:
        for i in range(last, lo, -1):
            s[i], w[i] = s[i - 1], w[i - 1]
        last += 1
    s[lo], w[lo] = slope, width
    return first, last


@njit(cache=True)
def _clipped_back(down: Floats, up: Floats, at: float, hours: int) -> Floats:  # pragma: no cover
    """λ of each hour of the middle year, from its value after the last step back through the slopes at the bounds."""
    steps = len(down)
    middle = (steps - hours) // 2
    out = np.empty(hours)
    for step in range(steps - 1, middle - 1, -1):
        at = min(max(at, down[step]), up[step])
        if step < middle + hours:
            out[step % hours] = at
    return out


@njit(cache=True)
def shares(
    start: Codes, slope: Floats, width: Floats, least: Floats, low: Floats, high: Floats, value: Floats
) -> tuple[Floats, Floats]:  # pragma: no cover
    """Use of each unit (0 … 1) and level at the end of each hour; empty if these values of the store do not fit.

    Where λ changes, the level is known. Where it never does (one price all year, or a store too large to matter), a
    level is tried that suits the hours as they are.
    """
    hours = len(least)
    for h in range(hours):
        after = value[(h + 1) % hours]
        if value[h] != after:
            known = low[h] if value[h] > after else high[h]
            found: tuple[Floats, Floats] = _path(start, slope, width, least, low, high, value, h, known)
            return found
    deepest, at = 0.0, 0.0
    for h in range(1, hours):
        at += least[h]
        for k in range(start[h], start[h + 1]):
            if slope[k] < value[h]:
                at += width[k]
        deepest = min(deepest, at)
    for known in (low[0], min(max(low[0] - deepest, low[0]), high[0]), (low[0] + high[0]) / 2, high[0]):
        use, level = _path(start, slope, width, least, low, high, value, 0, known)
        if len(use):
            break
    return use, level


@njit(cache=True)
def _path(
    start: Codes, slope: Floats, width: Floats, least: Floats, low: Floats, high: Floats, value: Floats, begin: int,
    known: float,
) -> tuple[Floats, Floats]:  # pragma: no cover  # fmt: skip
    """`shares` from an hour at whose end the level is known: what stays possible through the year, then a way back."""
    hours = len(least)
    use, level = np.zeros(len(slope)), np.zeros(hours)
    free, sure = np.zeros(hours), np.zeros(hours)
    bottom, top = np.zeros(hours), np.zeros(hours)
    lowest, highest = known, known
    for step in range(1, hours + 1):
        h = (begin + step) % hours
        sure[h] = least[h]
        for k in range(start[h], start[h + 1]):
            if slope[k] < value[h]:
                sure[h] += width[k]
                use[k] = 1.0
            elif slope[k] == value[h]:
                free[h] += width[k]
        after = value[(h + 1) % hours]
        lowest = max(low[h], lowest + sure[h])
        highest = min(high[h], highest + sure[h] + free[h])
        if value[h] > after:
            highest = min(highest, low[h])
        elif value[h] < after:
            lowest = max(lowest, high[h])
        if step == hours:
            lowest, highest = max(lowest, known), min(highest, known)
        if lowest > highest + CLOSE * (1.0 + abs(high[h])):
            return use[:0], level
        lowest = min(lowest, highest)
        bottom[h], top[h] = lowest, highest
    at = known
    for step in range(hours, 0, -1):
        h = (begin + step) % hours
        level[h] = at
        prior = (h - 1) % hours
        before = min(max(bottom[prior], at - sure[h] - free[h]), top[prior]) if step > 1 else known
        fill = at - before - sure[h]
        for k in range(start[h], start[h + 1]):
            if slope[k] == value[h]:
                take = min(max(fill, 0.0), width[k])
                use[k] = take / width[k]
                fill -= take
        at = before
    return use, level
