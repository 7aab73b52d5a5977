"""The plan of a sweep: which cases share a matrix, how each is assembled, and in which order they are solved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transform_sim import __version__
from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.model import Constraint
from transform_sim.scenario import Scenario
from transform_sim.solvers.case import Case

from .axes import AS_IS
from .describe import AxisReport, is_careful, report_axes, shown, shown_html
from .design import Cases
from .evaluate import Evaluator, Point, RefusedError
from .order import chunked, ordered
from .splitting import Part, divided, point_of
from .tables import UncoveredError
from .union import fingerprint, places

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """Cases that share one matrix; solved in one session, warm from case to case.

    `program` is built on the union of its cases: what a case does not have is a column fixed at 0 or a free row.
    Costs, bounds, `row_scale` and the cost ledger of `program` are those of the group's first program, not of every
    case: a case's own come with its `Case` (costs, bounds) or from `Plan.full` (ledger, period weights).

    Attributes:
        index: place in `Plan.groups`; −1 for a case whose matrix no group has.
        inputs: of the program that the union grew from.
    """

    index: int
    program: Program
    inputs: Inputs

    def columns_of(self, program: Program) -> Codes:
        """Position in this group's program of each column of a case's own full build (`Plan.full`), shape (n,)."""
        return places(program, self.program)[0]

    def rows_of(self, program: Program) -> Codes:
        """The same for rows, shape (m,)."""
        return places(program, self.program)[1]


@dataclass(frozen=True, eq=False)
class Plan:
    """How the cases of a sweep are assembled and solved. Printed, it says why.

    A plan travels to worker processes by pickle.

    Attributes:
        groups: one matrix each.
        group_of: group of each case, shape (N,); −1 where it is known only when the case is evaluated.
        order: case numbers so that neighbours differ little, shape (N,).
        chunks: `order` cut into pieces of fixed size, each solved by one worker from a cold start. A chunk may
            cross from one group to the next: start a new session when the group changes.
        axes: what each axis touches, and how its effect is put together.
        hash: of scenario, axes, cases, own constraints and version; 64 hexadecimal digits.
        built: full builds that planning took.
        name: of the sweep; the scenario's if empty.
    """

    scenario: Scenario
    cases: Cases
    groups: tuple[Group, ...]
    group_of: Codes
    order: Codes
    chunks: tuple[Codes, ...]
    axes: tuple[AxisReport, ...]
    hash: str
    built: int
    evaluator: Evaluator
    parts: tuple[Part, ...]
    part_of: Codes
    name: str = ""

    def case(self, i: int) -> tuple[Group, Case]:
        """The arrays of case i and the group whose program they belong to.

        Solve with `session.solve(case.cost, Bounds(case.lower, case.upper, case.row_lower, case.row_upper))`.
        Raises ScenarioError if the scenario with the values of this case is refused (then label the case).
        """
        part = self.parts[self.part_of[i]]
        if part.table is not None and part.frame is not None:
            try:
                return self.groups[part.group], part.frame.case(part.table.assemble(self.cases.codes[i]))
            except UncoveredError:
                pass  # its scenario was refused when planning, and says so again
        return self.direct(i)

    def direct(self, i: int) -> tuple[Group, Case]:
        """The same from a full build; on the group's union if it has this matrix."""
        inputs, program = self.full(i)
        part = self.parts[self.part_of[i]]
        case = Case.of(program)
        key = fingerprint(program)
        if part.frame is None or not part.frame.takes(key, program):
            return Group(-1, program, inputs), case
        return self.groups[part.group], part.frame.case(part.frame.flat(key, case))

    def changes(self, i: int) -> dict[str, Any]:
        """{dotted path: new value} of case i for `scenario.with_`."""
        return self.evaluator.changes(point_of(self.cases.codes[i]))

    def full(self, i: int) -> tuple[Inputs, Program]:
        """Inputs and program of case i built in full, for results; raises ScenarioError like `case`."""
        return self.evaluator.full(point_of(self.cases.codes[i]))

    def __repr__(self) -> str:
        return shown(self)

    def _repr_html_(self) -> str:
        return shown_html(self)


def plan(
    scenario: Scenario, cases: Cases, constraints: Sequence[Constraint] = (), *, check: Sequence[int] = ()
) -> Plan:
    """Plan a sweep: find out what each axis touches, and prove how its cases are put together.

    Args:
        constraints: of your own, as for `solve`; functions of a module if the plan is to travel to other processes.
        check: cases that are also built in full and compared; where one differs, its axes are treated as acting on
            each other.

    Raises ScenarioError if an axis names what the scenario does not have or a value that cannot be read, and ModelError
    for axes that contradict each other. A case whose values only do not go together is refused when its turn comes.
    """
    evaluator = Evaluator(scenario, cases.axes, tuple(constraints))
    base = _middle(cases.codes)
    try:
        program = evaluator.programs[evaluator.sheet(base).key][1]
    except RefusedError:
        program = evaluator.full(tuple(AS_IS for _ in base))[1]
    reads = program.reads()
    careful = frozenset(k for k, axis in enumerate(cases.axes) if is_careful(axis, reads))
    parts, part_of, work, split = divided(evaluator, cases, base, careful, check)
    groups: list[Group] = []
    for k, part in enumerate(parts):
        if part.frame is not None:
            groups.append(Group(len(groups), part.frame.program, part.frame.inputs))
            parts[k] = Part(len(groups) - 1, part.frame, part.table)
    group_of = np.array([-1 if p.table is None else p.group for p in parts], dtype=np.int64)[part_of]
    reports = report_axes(cases, reads, split, work, parts)
    order = ordered(cases, group_of, [k for k, r in enumerate(reports) if r.bounds and not r.costs])
    return Plan(
        scenario, cases, tuple(groups), group_of, order, chunked(order, program.shape[1]), reports,
        _hash(scenario, cases, constraints), evaluator.built, evaluator, tuple(parts), part_of,
    )  # fmt: skip


def _middle(codes: Codes) -> Point:
    """A point near most cases: what the scenario says where cases leave that, else the level in the middle."""
    out = []
    for column in codes.T:
        out.append(AS_IS if (column == AS_IS).any() else int(np.unique(column)[len(np.unique(column)) // 2]))
    return tuple(out)


def _hash(scenario: Scenario, cases: Cases, constraints: Sequence[Constraint]) -> str:
    axes = [[a.name, a.kind, a.paths, a.levels] for a in cases.axes]
    own = [f"{f.__module__}.{f.__qualname__}" for f in constraints]
    text = json.dumps([__version__, scenario.hash, axes, cases.design, own], sort_keys=True, default=str)
    return hashlib.sha256(text.encode() + np.ascontiguousarray(cases.codes, dtype="<i8").tobytes()).hexdigest()
