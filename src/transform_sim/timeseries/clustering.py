"""Choosing representative days of hourly series (tsam, behind the extra `days`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transform_sim.errors import MissingExtraError

from .grid import CALENDAR_YEAR, HOURS_PER_DAY, Floats, Ints


def extreme_days(scores: Sequence[Floats]) -> list[int]:
    """The day with the highest score of each list (365,); a day that is taken already gives way to the next."""
    days: list[int] = []
    for score in scores:
        order = np.argsort(-score, kind="stable")
        days.append(next(int(day) for day in order if day not in days))
    return days


def choose_days(series: Floats, count: int, keep: Sequence[int] = (), weights: Sequence[float] | None = None) -> Ints:
    """The day that stands for each of the 365 days, `count` different ones, those in `keep` among them.

    Hierarchical clustering (Ward) of all days but those kept picks the medoids; then every day goes to the
    medoid or kept day that is nearest. An extreme so stands for the days it resembles: neither for one day
    only, which leaves too few days for the rest of the year, nor for more than that.

    Args:
        series: (n, 8760) profiles; each counts by its standard deviation, times its weight (default 1).

    Same input, same days: there is no random start. Raises ValueError where no profile varies, and
    MissingExtraError without tsam.
    """
    varying = np.ptp(series, axis=1) > 0
    if not varying.any():
        raise ValueError("time.typical_days.profiles — none of the profiles varies — there are no days to tell apart")
    scale = np.ones(len(series)) if weights is None else np.asarray(weights, dtype=float)
    scaled = series[varying] / series[varying].std(axis=1, keepdims=True) * scale[varying, None]
    days = np.hstack([row.reshape(-1, HOURS_PER_DAY) for row in scaled])
    rest = np.setdiff1d(np.arange(len(days)), keep)
    medoids = np.sort(np.r_[rest[_medoids(scaled, rest, count - len(keep))], np.array(keep, dtype=np.intp)])
    distance = np.array([((days - days[medoid]) ** 2).sum(axis=1) for medoid in medoids])
    chosen = medoids[distance.argmin(axis=0)]
    chosen[medoids] = medoids  # of two equal medoids each keeps at least itself
    return np.asarray(chosen)


def _medoids(scaled: Floats, rest: Ints, count: int) -> Ints:
    """Positions in `rest` of the medoids of its days."""
    try:
        import pandas as pd
        import tsam
    except ImportError:
        raise MissingExtraError(
            "time.typical_days.profiles — clustering own profiles needs tsam, which is not installed — "
            'pip install "transform-sim[days]"'
        ) from None
    values = scaled.reshape(len(scaled), -1, HOURS_PER_DAY)[:, rest].reshape(len(scaled), -1)
    # tsam wants a regular index; the days left out close up, as their order does not matter here
    index = pd.date_range(f"{CALENDAR_YEAR}-01-01", periods=values.shape[1], freq="h")
    names = [f"p{i}" for i in range(len(values))]
    span = np.ptp(values, axis=1)
    span[span == 0] = 1.0  # varies on the kept days only; tsam takes no weight of zero
    result = tsam.aggregate(
        pd.DataFrame(values.T, columns=names, index=index),
        count,
        cluster=tsam.ClusterConfig(method="hierarchical", representation="medoid"),
        weights=dict(zip(names, span.tolist(), strict=True)),  # undoes tsam's scaling of each column to 0…1
        preserve_column_means=False,
    )
    return np.asarray(result.clustering.cluster_centers, dtype=np.intp)
