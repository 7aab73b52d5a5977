"""What avoiding emissions costs the whole system: the study solved under ever tighter caps of one year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from transform_sim.errors import InfeasibleError, SolveError, TransformSimError
from transform_sim.inputs.values import INF, over_years
from transform_sim.names import EMISSION_CAP, HOURS_PER_YEAR, UNSERVED
from transform_sim.pipeline import Study, prepare
from transform_sim.scenario import Scenario
from transform_sim.solvers import Bounds, Solution

Floats = NDArray[np.float64]
WHAT = "abatement cost curve"
LOOSE = 1e15
"""t/a: a cap that binds nothing, so that the year has a row for it."""
COLUMNS = ["period", "cap", "emissions", "avoided", "dual", "carbon_price", "marginal", "cost"]


def abatement_cost_curve(
    scenario: Scenario,
    caps: Sequence[float] | None = None,
    *,
    period: int | None = None,
    n: int = 10,
    progress: bool = True,
    **options: Any,
) -> pd.DataFrame:
    """Marginal abatement cost of the whole study in one year: it is solved once for each cap, the loosest first.

    Columns: period; `cap`, `emissions` and `avoided`, against the year without a cap, t CO₂e/a; `dual`, what one tonne
    less under the cap of the year would save, on top of `carbon_price`, what is paid anyway (zero where it does not
    count in the objective), and `marginal`, both together, in `unit`; `cost`, what the cap adds to the objective, as a
    constant amount a year over the years of the period, in `cost_unit`. The first row is the year without a cap (`cap`
    NaN). A cap that no solution meets has NaN. Between two caps the cost rises by the tonnes times a price between the
    two duals. Without a carbon price in the scenario the curve begins where nothing is paid for.

    Args:
        scenario: policies of other years stay as they are. Banking is switched off in all cases, also in the year
            without a cap: caps of other years then hold each by itself. With a bank the year would have no cap of its
            own, and emissions would move to other years in place of being avoided.
        caps: t CO₂e/a. None: `n` even steps from the emissions without a cap to the least that can be reached without
            more unmet demand.
        period: the last if absent.
        progress: whether a bar on the error stream shows how far it is.
        options: of the solver, as for `transform_sim.prepare`.

    One prepared program is solved from vertex to vertex. Raises TransformSimError for an unknown period, caps by
    region, a scenario without emissions, or if n is below 1; and what `solve` raises for the year without a cap.
    """
    year = _year(scenario, period)
    if n < 1:
        raise TransformSimError(f"{WHAT} of {scenario.name} — n is {n} — give 1 or more")
    case = _Case.of(prepare(_capped(scenario, year), **options), year)
    first = case.study.solve(bounds=case.bounds(np.inf))
    free = case.solve(np.inf)
    steps = _even(case, free, n) if caps is None else sorted((float(c) for c in caps), reverse=True)
    paid = float(first.carbon_price.sel(period=year))
    weight = float(first.data["period_weight"].sel(period=year))
    rows: list[tuple[float, ...]] = [(year, *case.row_of(np.nan, free, free), paid, paid, 0.0)]
    bar = Console(stderr=True, emoji=False)
    for cap in track(steps, "Abatement cost", console=bar, disable=not progress, transient=True):
        *own, dual, cost = case.tightened(cap, free)
        rows.append((year, *own, dual, paid, paid + dual, cost / weight))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(unit=f"{scenario.currency}/t", cost_unit=f"{scenario.currency}/a")


@dataclass(frozen=True, eq=False)
class _Case:
    """A prepared study whose cap of one year, at position `row`, is what changes."""

    study: Study
    row: int

    @classmethod
    def of(cls, study: Study, year: int) -> _Case:
        block = next((b for b in study.program.blocks("rows", EMISSION_CAP)), None)
        if block is None:
            raise TransformSimError(f"{WHAT} of {study.inputs.scenario.name} — nothing emits — give it emissions")
        return cls(study, block.offset + study.program.periods.labels.index(year))

    @cached_property
    def emission(self) -> Floats:
        """Emission of the year per unit of each column, t CO₂e/h."""
        own = self.study.program.matrix[[self.row], :].toarray()
        return np.asarray(own).ravel()

    def bounds(self, cap: float, upper: Floats | None = None) -> Bounds:
        """With this cap, t CO₂e/a, and none where the scenario has none."""
        sides = self.study.program.row_upper
        sides = np.where(sides >= 0.99 * LOOSE / HOURS_PER_YEAR, np.inf, sides)
        sides[self.row] = cap / HOURS_PER_YEAR
        return Bounds(upper=upper, row_upper=sides)

    def solve(self, cap: float) -> Solution:
        return self.study.session.solve(None, self.bounds(cap))

    def emitted(self, x: Floats) -> float:
        """t CO₂e/a."""
        return float(self.emission @ x) * HOURS_PER_YEAR

    def tightened(self, cap: float, free: Solution) -> tuple[float, ...]:
        """What `row_of` has of a cap, and what it adds to the objective; NaN if no solution meets it."""
        try:
            found = self.solve(cap)
        except InfeasibleError:
            return cap, *[np.nan] * 4
        return *self.row_of(cap, found, free), found.objective - free.objective

    def row_of(self, cap: float, found: Solution, free: Solution) -> tuple[float, float, float, float]:
        """Cap, emissions, what is avoided, and the dual as real money per t."""
        emitted = self.emitted(found.x)
        dual = np.nan if found.row_dual is None else -float(found.row_dual[self.row])
        price = dual / float(self.study.program.row_scale[self.row])
        return cap, emitted, self.emitted(free.x) - emitted, price + 0.0

    def least(self, free: Solution) -> float:
        """Least emissions of the year that can be reached while no more demand is unmet, t CO₂e/a."""
        upper = self.study.program.upper.copy()
        for block in self.study.program.blocks("columns", UNSERVED):
            upper[block.span] = np.maximum(free.x[block.span], 0.0)
        name = self.study.inputs.scenario.name
        try:
            return self.emitted(self.study.session.solve(self.emission, self.bounds(np.inf, upper)).x)
        except SolveError as error:
            raise TransformSimError(f"{WHAT} of {name} — no least emission is found — give caps: {error}") from None


def _even(case: _Case, free: Solution, n: int) -> list[float]:
    """Caps between the emissions without a cap and the least that can be reached."""
    return [float(c) for c in np.linspace(case.emitted(free.x), case.least(free), n + 2)[1:-1]]


def _year(scenario: Scenario, period: int | None) -> int:
    """The period asked for, else the last."""
    horizon = scenario.horizon
    known = list(range(horizon.start, horizon.end + 1, horizon.step))
    if period is not None and period not in known:
        listed = ", ".join(map(str, known))
        raise TransformSimError(f"{WHAT} of {scenario.name} — there is no period {period} — choose from {listed}")
    return known[-1] if period is None else period


def _capped(scenario: Scenario, year: int) -> Scenario:
    """The scenario with a cap in the year, one that does not bind, and without banking."""
    given = scenario.policies.emission_cap
    if given is not None and given.regions:
        raise TransformSimError(f"{WHAT} of {scenario.name} — its caps are by region — give it one cap of all")
    horizon = scenario.horizon
    years = np.arange(horizon.start, horizon.end + 1, horizon.step, dtype=float)
    caps = over_years(given, years, INF, "limit")
    caps[years == year] = LOOSE
    own = {int(y): float(c) for y, c in zip(years, caps, strict=True) if np.isfinite(c)}
    changes: dict[str, Any] = {"policies.emission_cap": own}
    if scenario.policies.banking is not None:
        changes["policies.banking"] = None
    return scenario.with_(changes)
