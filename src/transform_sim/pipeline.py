"""The five hops: scenario → inputs → program → solution → results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from transform_sim.diagnosis import structural_findings
from transform_sim.errors import InfeasibleError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.lp import Program
from transform_sim.model import Constraint, build
from transform_sim.results import Results, make_results
from transform_sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pyomo.environ as pyo
    from numpy.typing import NDArray

    from transform_sim.solvers import Bounds, Session

SolverName = Literal["highs", "pyomo"]


@dataclass(frozen=True, eq=False)
class Study:
    """A scenario made ready to solve; it may be solved again with other costs or bounds.

    Printed, it shows the size of the program; `inputs` and `program` are plain values to look at.
    """

    inputs: Inputs
    program: Program
    session: Session

    def solve(self, cost: NDArray[Any] | None = None, bounds: Bounds | None = None) -> Results:
        """Solve, starting from the solution before; None keeps what the scenario says.

        Raises InfeasibleError (with the conflict in the scenario's words), UnboundedError, TimeLimitError and
        CertificateError.
        """
        try:
            solution = self.session.solve(cost, bounds)
        except InfeasibleError as error:
            raise explained(error, self.inputs, self.program) from None
        return make_results(self.inputs, self.program, solution)

    def __repr__(self) -> str:
        return f"<Study {self.inputs.scenario.name}: {self.program!r}>"


def prepare(
    scenario: Scenario | str | Path,
    *,
    constraints: Sequence[Constraint] = (),
    solver: SolverName = "highs",
    **options: Any,
) -> Study:
    """Build the program of a scenario and hand it to a solver.

    Args:
        scenario: a Scenario, or the path of its file.
        constraints: functions of (program, inputs) that add rows or costs of your own, as a file in `model/` does.
        options: of the solver: `method`, `time_limit` (s), `threads`, `log`.
    """
    data, program = compose(scenario, constraints)
    if solver == "pyomo":
        from transform_sim.solvers.pyomo_model import PyomoSession

        return Study(data, program, PyomoSession(program, **options))
    from transform_sim.solvers.highs import prepare as prepare_highs

    return Study(data, program, prepare_highs(program, **options))


def solve(
    scenario: Scenario | str | Path,
    *,
    constraints: Sequence[Constraint] = (),
    solver: SolverName = "highs",
    **options: Any,
) -> Results:
    """Solve a scenario and return its certified optimum; arguments as for `prepare`."""
    return prepare(scenario, constraints=constraints, solver=solver, **options).solve()


def compose(scenario: Scenario | str | Path, constraints: Sequence[Constraint] = ()) -> tuple[Inputs, Program]:
    """Inputs and frozen program of a scenario, without a solver."""
    data = make_inputs(scenario if isinstance(scenario, Scenario) else load(scenario))
    return data, build(data, constraints).freeze()


def to_pyomo(scenario: Scenario | str | Path, *, constraints: Sequence[Constraint] = ()) -> pyo.ConcreteModel:
    """The program as a Pyomo ConcreteModel with readable names, to add to and to solve with any Pyomo solver."""
    from transform_sim.solvers import pyomo_model

    _, program = compose(scenario, constraints)
    return pyomo_model.to_pyomo(program)


def explained(error: InfeasibleError, data: Inputs, program: Program) -> InfeasibleError:
    """The same error with its reasons: structural findings first, then how far which rows must give."""
    from transform_sim.solvers.explain import explain_infeasible

    explanation = explain_infeasible(program, structural=structural_findings(data))
    return InfeasibleError(f"{data.scenario.name} has no solution.\n{explanation}", explanation)
