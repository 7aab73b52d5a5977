"""Why a program has no solution, in the names of its rows: what must give, by how much, and what conflicts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.errors import SolveError
from transform_sim.lp import Program
from transform_sim.lp.blocks import Block
from transform_sim.lp.frozen import label_of

from .case import Bounds, Case
from .elastic import Gives, contradict, relax
from .engine import Engine, Options

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SHOWN = 10
NEGLIGIBLE = 1e-9
"""Weighed violation below which a program counts as feasible."""
ELASTIC_SHARE = 0.6
"""Share of the time that the search for the least violation may take; the rest is for the smallest conflict."""


@dataclass(frozen=True)
class Give:
    """One row, or bound of a column, that must give; steps of one period are taken together.

    Attributes:
        largest: in the unit of the row, at the worst step.
        annual: over the year: Σ violation × hours of the step; for rows that hold amounts the same as `largest`.
        share: annual ÷ what the side itself asks for in the same steps; infinite for a side of 0.
    """

    name: str
    above: bool
    largest: float
    annual: float
    share: float
    steps: int

    def __str__(self) -> str:
        what = "exceeds its upper limit" if self.above else "falls short"
        annual = [f"{self.annual:.4g} a year"] if self.annual != self.largest else []
        share = [f"{self.share:.2g} of its side"] if np.isfinite(self.share) else []
        more = f" ({', '.join(annual + share)})" if annual or share else ""
        steps = f" in {self.steps} steps" if self.steps > 1 else ""
        return f"{self.name} {what} by {self.largest:.4g}{more}{steps}"


@dataclass(frozen=True)
class Explanation:
    """What makes a program infeasible. Print it.

    Attributes:
        gives: least change of sides and bounds that would allow a solution, largest share first.
        conflict: rows and bounds that cannot hold together; `smallest` if none of them can be left out.
        finished: False if a limit was reached before the least change was found.
    """

    gives: tuple[Give, ...]
    conflict: tuple[str, ...]
    smallest: bool
    finished: bool

    @property
    def text(self) -> str:
        lines = ["The program has no solution."]
        if self.gives:
            lines.append("It would have one if these gave (least change in all):")
            lines += [f"  {line}" for line in _some([str(give) for give in self.gives])]
        if self.conflict:
            kind = "Smallest conflicting set" if self.smallest else "Conflicting set (some may not be needed)"
            lines.append(f"{kind}: " + ", ".join(_some(self.conflict)) + ". Relax one of them.")
        if not self.finished:
            lines.append("A limit was reached before it was found what must give.")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text


def explain_infeasible(
    program: Program,
    *,
    bounds: Bounds | None = None,
    time_limit: float = 45.0,
) -> Explanation:
    """Say why a program has no solution.

    Args:
        bounds: what replaced the program's own bounds in the solve that failed.
        time_limit: seconds for all steps together.

    Raises SolveError if the program has a solution after all.
    """
    case, start = Case.of(program, bounds=bounds), time.perf_counter()
    explanation, relaxed = _least_change(program, case, {"time_limit": ELASTIC_SHARE * time_limit})
    if relaxed is None:
        return explanation
    left = time_limit - (time.perf_counter() - start)
    conflict, smallest = _conflict(program, case, *relaxed, left)
    return replace(explanation, conflict=conflict, smallest=smallest)


def what_must_give(program: Program, *, bounds: Bounds | None = None, iteration_limit: int) -> Explanation:
    """The least change that would allow a solution, without the search for the smallest conflict.

    It is limited by iterations on one thread and knows no clock: every machine says the same.

    Raises SolveError if the program has a solution after all.
    """
    limits = {"simplex_iteration_limit": iteration_limit, "threads": 1}
    return _least_change(program, Case.of(program, bounds=bounds), limits)[0]


def _least_change(program: Program, case: Case, limits: Options) -> tuple[Explanation, tuple[Gives, Gives] | None]:
    """What must give, and by how much each row and column does; None where that is not known or not the matter."""
    crossed = tuple(_crossed(program, case))
    if crossed:
        return Explanation((), crossed, smallest=True, finished=True), None
    relaxed = relax(program, case, limits)
    if relaxed is None:
        return Explanation((), (), smallest=False, finished=False), None
    rows, columns = relaxed
    if rows.cost.sum() + columns.cost.sum() <= NEGLIGIBLE:
        raise SolveError("The program has a solution; there is nothing to explain.")
    gives = [*_gives(program, program.rows, rows.amount, case.row_lower, case.row_upper)]
    gives += _gives(program, program.columns, columns.amount, case.lower, case.upper)
    gives.sort(key=lambda g: -min(g.share, 1e300))
    return Explanation(tuple(gives), (), smallest=False, finished=True), relaxed


def _crossed(program: Program, case: Case) -> Iterable[str]:
    """Rows and columns whose own two bounds exclude each other."""
    for name, low, high in (
        (program.row_name, case.row_lower, case.row_upper),
        (program.column_name, case.lower, case.upper),
    ):
        for k in np.flatnonzero(low > high):
            yield f"{name(int(k))} must be at least {low[k]:.6g} and at most {high[k]:.6g}"


def _gives(program: Program, blocks: Sequence[Block], gives: Floats, lower: Floats, upper: Floats) -> Iterable[Give]:
    """The members of each block that give, all steps of one period in one line."""
    for block in blocks:
        amount = gives[block.span].reshape(block.shape)
        hours = block.grid.weight
        for above, given, side in ((False, -amount, lower), (True, amount, upper)):
            # steps that give less than a billionth of the largest are rounding
            given = np.where(given > 1e-9 * np.max(given, initial=0.0), given, 0.0)
            sides = np.abs(side[block.span].reshape(block.shape))
            for e, y in np.argwhere(given.any(axis=2)):
                steps = given[e, y] > 0
                annual, asked = float(given[e, y] @ hours), float(sides[e, y, steps] @ hours[steps])
                yield Give(
                    name=_family(program, block, int(e), int(y)),
                    above=above,
                    largest=float(given[e, y].max()),
                    annual=annual,
                    share=annual / asked if asked else np.inf,
                    steps=int(steps.sum()),
                )


def _conflict(
    program: Program, case: Case, row_gives: Gives, column_gives: Gives, seconds: float
) -> tuple[tuple[str, ...], bool]:
    """Why the dearest of all gives must give: a contradiction, made as small as HiGHS can in the time, by name."""
    start = time.perf_counter()
    contradiction = contradict(program, case, row_gives, column_gives, seconds / 2)
    if contradiction is None:
        return (), False
    rows, columns = contradiction
    sub = sparse.csc_array(program.matrix[rows, :][:, columns])
    own = Case(
        np.zeros(len(columns)), case.lower[columns], case.upper[columns], case.row_lower[rows], case.row_upper[rows]
    )
    left = seconds - (time.perf_counter() - start)
    found = Engine(sub, own).conflict(left) if left > 0 else None
    if found is not None:
        rows, columns = rows[found.rows], columns[found.columns]
    # x ≥ 0 is no news: a column is named for a bound that somebody set
    set_by_somebody = np.isfinite(case.upper) | (np.isfinite(case.lower) & (case.lower != 0))
    sides = np.maximum(_size(case.row_lower), _size(case.row_upper))
    names = [
        *_named(program, program.rows, rows, row_gives.amount, sides),
        *_named(program, program.columns, columns[set_by_somebody[columns]], column_gives.amount, _size(case.upper)),
    ]
    return tuple(name for _, name in sorted(names, key=itemgetter(0))), found is not None and found.smallest


def _size(values: Floats) -> Floats:
    return np.where(np.isfinite(values), np.abs(values), 0.0)


def _named(
    program: Program, blocks: Sequence[Block], positions: Codes, gives: Floats, sides: Floats
) -> Iterable[tuple[int, str]]:
    """Names of these positions, steps of one period together, with a rank: what gives, numbers set, definitions."""
    for block in blocks:
        inside = positions[(positions >= block.offset) & (positions < block.offset + block.size)]
        group = (inside - block.offset) // len(block.grid)
        for pair in np.unique(group):
            members = inside[group == pair]
            e, y = divmod(int(pair), block.n_periods)
            steps = f" ({len(members)} steps)" if len(members) > 1 else ""
            rank = 0 if gives[members].any() else 1 if sides[members].any() else 2
            yield rank, _family(program, block, e, y) + steps


def _family(program: Program, block: Block, entity: int, period: int) -> str:
    """Name of a member without its step."""
    labels = list(label_of(block, entity, period, 0, program))
    return f"{block.name}[{', '.join(labels[:-1] if len(block.grid) > 1 else labels)}]"


def _some(lines: Sequence[str]) -> list[str]:
    """The first few."""
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
