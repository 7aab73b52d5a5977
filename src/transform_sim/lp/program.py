"""Declaring a program: columns, rows from terms, and costs. Knows blocks and one rule, nothing of industry."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from transform_sim.errors import ModelError

from .axes import AxisMap, Grid, Periods, period_same, step_map
from .blocks import BoundTerm, Columns, Cost, Declared, Kind, Rows, Term, shaped
from .entities import Codes, Entities, join
from .frozen import Floats, Program, freeze

INF = float("inf")


class LinearProgram:
    """A linear program in the making.

    The rule for terms: a dimension in rows and variable pairs up, a dimension only in the variable is summed, one
    only in the rows repeats, and a coefficient with any other dimension raises.
    """

    def __init__(
        self,
        labels: Mapping[str, Sequence[str]],
        periods: Periods,
        grids: Mapping[str, Grid],
        variables: Collection[str] = (),
    ) -> None:
        """Args: `variables` are names that terms may use although a study declares no such column."""
        self.labels = {name: tuple(values) for name, values in labels.items()}
        self._variables = frozenset(variables)
        self.periods = periods
        self.grids = dict(grids)
        self._declared = Declared()
        self._size = {"columns": 0, "rows": 0}

    def columns(self, name: str) -> list[Columns]:
        """The blocks of a variable, one per grid on which it exists; empty if it was not declared."""
        return [b for b in self._declared.columns if b.name == name]

    def add_columns(
        self,
        name: str,
        over: Entities,
        grid: str,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = INF,
        unit: str = "",
        reads: tuple[str, ...] = (),
    ) -> None:
        """Declare a variable on one grid; an empty entity table declares nothing.

        Args:
            lower, upper: bounds that broadcast to (entity, period, step).
            reads: scenario paths the bounds come from.
        """
        self._check_dims(over, name)
        if any(b.grid.name == grid for b in self.columns(name)):
            raise ModelError(f"variable {name!r} is already declared on grid {grid!r}")
        self._variables |= {name}
        if not len(over):
            return
        shape = (len(over), len(self.periods), len(self._grid(grid, name)))
        low, high = (
            shaped(lower, shape, f"lower bound of {name}"),
            shaped(upper, shape, f"upper bound of {name}"),
        )
        block = Columns(name, self.grids[grid], over, shape[1], self._size["columns"], low, high, reads, unit)
        self._size["columns"] += block.size
        self._declared.columns.append(block)

    def add_rows(
        self,
        name: str,
        over: Entities,
        grid: str,
        terms: Sequence[Term | tuple[ArrayLike, str]],
        *,
        lower: ArrayLike = -INF,
        upper: ArrayLike = INF,
        equals: ArrayLike | None = None,
        per_period: bool = True,
        reads: tuple[str, ...] = (),
    ) -> None:
        """Declare one row per entity, period and step: lower ≤ Σ coefficient · variable ≤ upper.

        A term whose variable this study does not use adds nothing, so that a family need not ask whether another
        is in use. `per_period=False` makes a single row over all periods (its terms then need a period map).
        """
        self._check_dims(over, name)
        if any(b.name == name and b.grid.name == grid for b in self._declared.rows):
            raise ModelError(f"rows {name!r} are already declared on grid {grid!r}; choose another name")
        if not len(over):
            return
        shape = (len(over), len(self.periods) if per_period else 1, len(self._grid(grid, name)))
        low, high = (lower, upper) if equals is None else (equals, equals)
        bound = [
            tied
            for term in (t if isinstance(t, Term) else Term(*t) for t in terms)
            for tied in self._tie(name, over, self.grids[grid], shape[1], term)
        ]
        block = Rows(
            name,
            self.grids[grid],
            over,
            shape[1],
            self._size["rows"],
            shaped(low, shape, f"lower side of {name}"),
            shaped(high, shape, f"upper side of {name}"),
            reads,
            tuple(bound),
        )
        self._size["rows"] += block.size
        self._declared.rows.append(block)

    def add_cost(
        self,
        name: str,
        variable: str,
        unit_cost: ArrayLike,
        *,
        over: Entities | None = None,
        payer: str = "industry",
        receiver: str = "suppliers",
        kind: Kind = "resource",
        paid: ArrayLike | None = None,
        counts: bool = True,
        reads: tuple[str, ...] = (),
    ) -> None:
        """Declare a cost per unit of a variable.

        Args:
            unit_cost: money per unit and, for rates, hour; broadcasts to (entity of `over`, period, step of the
                variable's grid). It is weighed with hours and $N_y$.
            over: entity table of the cost, matched to the variable's entities; None: the variable's own table.
            paid: for what is paid in other periods than its own, such as annuities: share of each period y in which
                the cost of a column of period v is due every year, broadcasts to (entity of `over`, v, y).
            counts: False keeps the term in the ledger but out of the objective (a view that leaves it out).
        """
        for columns in self._known(variable, f"cost {name}"):
            cost = self._over_block(f"cost {name}", columns, unit_cost, over, len(columns.grid))
            if cost is None:
                continue
            n = len(self.periods)
            due = None if paid is None else self._over_block(f"cost {name}, paid", columns, paid, over, n)
            weight = self.periods.weight[None, :] if due is None else due @ self.periods.weight
            cost = cost * weight[:, :, None] * columns.grid.weight[None, None, :]
            if np.any(cost):
                self._declared.costs.append(Cost(name, columns, cost, payer, receiver, kind, counts, reads, due))

    def freeze(self) -> Program:
        """The finished program as CSC arrays with labels."""
        return freeze(self._declared, self.labels, self.periods, self._size["rows"], self._size["columns"])

    def _over_block(
        self, what: str, columns: Columns, value: ArrayLike, over: Entities | None, last: int
    ) -> Floats | None:
        """`value` of each entity of `over` (entity, period, `last`) on the block's entities; None if none is meant."""
        if over is None:
            return shaped(value, (*columns.shape[:2], last), what)
        unknown = [d for d in over.dims if d not in columns.entities.codes]
        if unknown:
            raise ModelError(f"{what}: dimension {unknown[0]!r} is not one of {columns.name}")
        pairs = join(columns.entities, over)
        if not len(pairs.left):
            return None
        given = shaped(value, (len(over), columns.n_periods, last), what)
        full = np.zeros((len(columns.entities), *given.shape[1:]))
        np.add.at(full, pairs.left, given[pairs.right if given.shape[0] > 1 else np.zeros_like(pairs.right)])
        return full

    def _tie(self, name: str, over: Entities, grid: Grid, n_periods: int, term: Term) -> Iterator[BoundTerm]:
        """The term on each block of its variable that it meets."""
        blocks = self._known(term.variable, f"rows {name}")
        if not blocks or not len(term.over):
            return
        where = f"{name}, term in {term.variable}"
        related = {*over.dims, *blocks[0].entities.dims}
        stray = [d for d in term.over.dims if d not in related]
        if stray:
            raise ModelError(f"{where}: the coefficient has dimension {stray[0]!r}, which neither side has")
        rows, source, middle = np.arange(len(over)), np.zeros(len(over), dtype=np.int64), over
        if term.over.dims:
            rows, source = join(over, term.over)
            middle = Entities({**term.over.take(source).codes, **over.take(rows).codes})
        for columns in blocks:
            at, cols = join(middle, columns.entities)
            if len(at):
                entity = AxisMap(rows[at], cols, np.ones(len(at)))
                yield self._on_block(where, grid, n_periods, term, columns, entity, source[at])

    def _on_block(
        self, where: str, grid: Grid, n_periods: int, term: Term, columns: Columns, entity: AxisMap, source: Codes
    ) -> BoundTerm:
        period = term.period
        if period is None:
            if n_periods != columns.n_periods:
                raise ModelError(f"{where}: rows and variable differ in periods; give a period map")
            period = period_same(n_periods)
        step = step_map(grid, columns.grid) if term.step is None else term.step
        values = shaped(term.coefficient, (len(term.over), len(period.rows), len(step.rows)), where)
        if values.shape[0] > 1:
            values = values[source]
        return BoundTerm(columns, entity, period, step, values, term.reads)

    def _known(self, variable: str, where: str) -> list[Columns]:
        """The blocks of a variable; raises ModelError for a name that nothing declares."""
        blocks = self.columns(variable)
        if not blocks and variable not in self._variables:
            known = sorted({*self._variables, *(b.name for b in self._declared.columns)})
            near = difflib.get_close_matches(variable, known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known)}."
            raise ModelError(f"{where}: unknown variable {variable!r}. {hint}")
        return blocks

    def _grid(self, name: str, where: str) -> Grid:
        if name not in self.grids:
            raise ModelError(f"{where}: unknown grid {name!r}; known are {', '.join(self.grids)}")
        return self.grids[name]

    def _check_dims(self, table: Entities, name: str) -> None:
        unknown = [d for d in table.dims if d not in self.labels]
        if unknown:
            raise ModelError(f"{name}: unknown dimension {unknown[0]!r}; known are {', '.join(self.labels)}")
