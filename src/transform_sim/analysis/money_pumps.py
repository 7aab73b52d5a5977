r"""What earns money although nobody wants anything: loops that rules of payment leave open.

Private agents take prices as given, so a payment per unit is safe only if no loop of plants collects it for nothing.
With all demand at zero, doing nothing must be the best that can be done. Whatever is forced, such as a cap below zero,
may then be left undone, and what is paid whatever happens does not count. So zero is a solution, and it is the best if
cost falls in no direction from it:

$$ \min \{ c\,r : A r \text{ and } r \text{ within the sides that zero touches},\ |r| \le 1 \} \ge 0 $$

Income that is not from a loop is closed: sales to the outside, prices below zero, and the carbon price where emissions
are below zero in all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.inputs import Inputs
from transform_sim.lp import Program, join
from transform_sim.model import Constraint
from transform_sim.names import (
    ACTIVITY,
    CHARGE,
    DISCHARGE,
    DISPOSAL,
    LINK_FLOW,
    NET_EMISSION,
    PURCHASE,
    SALE,
)
from transform_sim.pipeline import compose
from transform_sim.scenario import Quantity, Scenario
from transform_sim.scenario.base import FrozenDict
from transform_sim.solvers.case import Case

from .loops import Kind, MoneyPump, described

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
MOST = 10
"""Loops of each kind that are looked for; who finds so many has more to mend than to read."""
NOISE = 1e-7
"""Share of the money that changes hands in a loop which is taken for rounding."""
LEAST = 1e-3
"""Money per year below which a loop is rounding too."""
PLANTS = (ACTIVITY, CHARGE, DISCHARGE, LINK_FLOW, DISPOSAL)


def money_pumps(scenario: Scenario, *, constraints: Sequence[Constraint] = ()) -> tuple[MoneyPump, ...]:
    """Loops that earn money in the private view while all demand is zero; empty if there are none.

    The kind of each says whether it is a fault:

    - `money pump`: nothing leaves the study, and still it pays. Also what is bought and sold in the same hour at the
      same node. Mend the payment.
    - `removal`: paid by the carbon price alone, for carbon that is taken out of the air and stored. No fault: at this
      price removal is worth its cost.
    - `negative price`: paid for taking something in hours, or at a plain price, below zero.

    Each loop is the best that is left when the main income of those before it is taken away, so that others which live
    on the same income are not listed; of removals only the best is. Demand, and what is given as flexible load, is
    zero; sales are closed, for they earn real money; all other rules stay.

    Args:
        scenario: in either view; it is looked at in the private one.
        constraints: of your own, as for `ts.solve`.
    """
    data, program = compose(_idle(scenario), constraints)
    search = _Search(data, program)
    return (*search.plants(), *search.trades(), *search.outside())


def _idle(scenario: Scenario) -> Scenario:
    """The private view of the scenario with nothing to be delivered."""
    demand = {n: d.model_copy(update={"amount": _none(d.amount)}) for n, d in scenario.demand.items()}
    loads = {n: f.model_copy(update={"load": f.load and _none(f.load)}) for n, f in scenario.flexible_loads.items()}
    changed = {"view": "private", "demand": FrozenDict(demand), "flexible_loads": FrozenDict(loads)}
    return scenario.model_copy(update=changed)


def _none(amount: Quantity) -> Quantity:
    return replace(amount, points={place: dict.fromkeys(years, 0.0) for place, years in amount.points.items()})


class _Search:
    """The program around zero, and the income that earlier loops lived on, which no longer counts."""

    def __init__(self, data: Inputs, program: Program) -> None:
        self.data, self.program = data, program
        total = _total_emission(data, program)
        self.matrix = sparse.csc_array(sparse.vstack([program.matrix, total], format="csc"))
        self.spent = np.zeros(program.shape[1], dtype=bool)
        self.told: list[Mask] = []
        self.bought, self.sold = _columns(program, PURCHASE), _columns(program, SALE)
        fixed = program.lower == program.upper  # paid or done whatever happens
        years = np.zeros(total.shape[0])
        self.case = Case(
            np.where(self.bought, np.maximum(program.cost, 0.0), program.cost),
            np.where(fixed, 0.0, np.minimum(program.lower, 0.0)),
            np.where(fixed | self.sold, 0.0, np.maximum(program.upper, 0.0)),
            np.append(np.minimum(program.row_lower, 0.0), years),
            np.append(np.maximum(program.row_upper, 0.0), years + np.inf),
        )

    def plants(self) -> Iterator[MoneyPump]:
        """What plants earn by running for each other."""
        for case, direction in self._loops(self.case):
            yield from self._told("money pump", case, direction)

    def trades(self) -> Iterator[MoneyPump]:
        """What is earned by buying only to sell."""
        closed = np.where(_columns(self.program, *PLANTS), 0.0, self.case.upper)
        upper = np.where(self.sold, np.maximum(self.program.upper, 0.0), closed)
        for case, direction in self._loops(replace(self.case, upper=upper)):
            yield from self._told("money pump", case, direction)

    def outside(self) -> Iterator[MoneyPump]:
        """What is paid for removals, and for taking things at prices below zero."""
        row_lower = self.case.row_lower.copy()
        row_lower[self.program.shape[0] :] = -np.inf
        cost = np.where(self.bought, self.program.cost, self.case.cost)
        for case, direction in self._loops(replace(self.case, cost=cost, row_lower=row_lower)):
            kind: Kind = "removal" if _falls(self.case.cost * direction) else "negative price"
            yield from self._told(kind, case, direction)

    def _loops(self, case: Case) -> Iterator[tuple[Case, Floats]]:
        """Directions that earn money, each in the case without the main income of those before."""
        from transform_sim.solvers.directions import Open, cheapest_direction

        for _ in range(MOST):
            case = replace(
                case,
                cost=np.where(self.spent, np.maximum(case.cost, 0.0), case.cost),
                lower=np.where(self.spent, 0.0, case.lower),
            )
            direction = cheapest_direction(self.matrix, case.cost, Open.at_zero(case))
            if direction is None or not _falls(case.cost * direction):
                return
            yield case, direction
            self.spent |= _main_income(self.program, case.cost * direction)

    def _told(self, kind: Kind, case: Case, direction: Floats) -> Iterator[MoneyPump]:
        """The most that the members of a loop earn in all periods and steps; as it is if nothing ends it."""
        from transform_sim.solvers.engine import Engine
        from transform_sim.solvers.methods import METHODS
        from transform_sim.solvers.solution import Status

        of = _whole(self.program, direction != 0)
        if any(not np.any(of & ~before) for before in self.told):
            return  # it lives on a second income too
        self.told.append(of)
        part = Case(case.cost[of], case.lower[of], case.upper[of], case.row_lower, case.row_upper)
        outcome = Engine(sparse.csc_array(self.matrix[:, np.flatnonzero(of)]), part).run(METHODS["simplex"])
        if outcome.status is not Status.OPTIMAL or outcome.x is None:
            yield described(kind, self.data, self.program, direction, endless=True)
            return
        x = np.zeros(len(case.cost))
        x[of] = outcome.x
        if case.cost @ x < -LEAST:
            yield described(kind, self.data, self.program, x, endless=False)


def _falls(money: Floats) -> bool:
    """Whether a loop earns more than rounding."""
    return bool(money.sum() < -NOISE * np.abs(money).sum())


def _columns(program: Program, *names: str) -> Mask:
    out = np.zeros(program.shape[1], dtype=bool)
    for block in program.columns:
        out[block.span] = block.name in names
    return out


def _whole(program: Program, some: Mask) -> Mask:
    """All periods and steps of the entities of which a member is among some columns."""
    out = np.zeros(program.shape[1], dtype=bool)
    for block in program.columns:
        members = some[block.span].reshape(block.shape)
        out[block.span].reshape(block.shape)[...] = np.any(members, axis=(1, 2), keepdims=True)
    return out


def _main_income(program: Program, money: Floats) -> Mask:
    """The columns of the entity that earns most; the net emission of all places is one."""
    least, earner = 0.0, np.zeros(program.shape[1], dtype=bool)
    for block in program.columns:
        whole = block.name == NET_EMISSION
        earned = money[block.span].reshape(1 if whole else len(block.entities), -1).sum(axis=1)
        if earned.min() < least:
            least, earner = float(earned.min()), np.zeros(program.shape[1], dtype=bool)
            earner[block.span].reshape(len(earned), -1)[int(np.argmin(earned))] = True
    return earner


def _total_emission(data: Inputs, program: Program) -> sparse.csr_array:
    """Emissions under the carbon price as rows over the columns, one for each period."""
    e, n_periods = data.emissions, len(program.periods)
    rows, cols, values = [], [], []
    for block in (b for b in program.columns if b.name == NET_EMISSION):
        pairs = join(block.entities, e.counted)
        for y in range(n_periods):
            rows.append(np.full(len(pairs.left), y))
            cols.append(block.offset + pairs.left * n_periods + y)
            values.append(e.potential[pairs.right])
    at = (np.concatenate(rows), np.concatenate(cols)) if rows else (np.zeros(0, int), np.zeros(0, int))
    return sparse.csr_array(
        (np.concatenate(values) if values else np.zeros(0), at), shape=(n_periods, program.shape[1])
    )
