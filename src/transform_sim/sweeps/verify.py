"""Cases of a plan compared with their full build."""

from __future__ import annotations

import numpy as np

from transform_sim.errors import ScenarioError

from .plan import Plan, plan
from .tables import differing


def sample(planned: Plan, n: int) -> list[int]:
    """n case numbers (all, if fewer), chosen by the plan's hash."""
    draw = np.random.default_rng(int(planned.hash[:16], 16))
    return sorted(draw.choice(len(planned.cases), min(n, len(planned.cases)), replace=False).tolist())


def agrees(planned: Plan, i: int) -> bool:
    """Whether case i as assembled is its full build, to 1e-9, in costs, bounds and matrix."""
    try:
        group, case = planned.case(i)
        own, full = planned.direct(i)
    except ScenarioError:
        return True  # refused either way, and labelled when its turn comes
    if own.program is not group.program:
        return group.index == own.index == -1
    return all(
        not len(differing(getattr(case, side), getattr(full, side)))
        for side in ("cost", "lower", "upper", "row_lower", "row_upper")
    )


def verify(planned: Plan, n: int = 5) -> Plan:
    """The plan after n of its cases agreed with their full build; where one does not, a plan that gives it right.

    Axes that a wrong case moves are bound to each other, or all cases built in full: never a wrong case.
    """
    chosen = sample(planned, n)
    wrong: list[int] = []
    while more := [i for i in chosen if i not in wrong and not agrees(planned, i)]:
        wrong += more
        planned = plan(planned.scenario, planned.cases, planned.evaluator.constraints, check=wrong)
    return planned
