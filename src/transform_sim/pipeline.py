"""The five hops: scenario → inputs → program → solution → results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transform_sim.errors import InfeasibleError, ModelError, SolveError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.lp import Program
from transform_sim.model import Constraint, build
from transform_sim.results import Results, make_results
from transform_sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pyomo.environ as pyo
    from numpy.typing import NDArray

    from transform_sim.solvers import Bounds, Session, Solution


@dataclass(frozen=True, eq=False)
class Study:
    """A scenario made ready to solve; it may be solved again with other costs or bounds.

    Printed, it shows the size of the program; `inputs` and `program` are plain values to look at.
    """

    inputs: Inputs
    program: Program
    session: Session | PyomoSession

    def solve(self, cost: NDArray[Any] | None = None, bounds: Bounds | None = None) -> Results:
        """Solve, starting from the solution before; None keeps what the scenario says.

        What other costs add stands in the results as cost component `changed_cost`; a warning names what was replaced.

        Raises InfeasibleError (with the conflict in the scenario's words), UnboundedError, TimeLimitError and
        CertificateError.
        """
        from transform_sim.solvers.case import Case

        try:
            solution = self.session.solve(cost, bounds)
        except InfeasibleError as error:
            raise explained(error, self.inputs, self.program, bounds) from None
        return make_results(self.inputs, self.program, solution, Case.of(self.program, cost, bounds))

    def __repr__(self) -> str:
        return f"<Study {self.inputs.scenario.name}: {self.program!r}>"


@dataclass(frozen=True)
class PyomoSession:
    """Solves a program through Pyomo; it keeps nothing between solves."""

    program: Program
    backend: str
    options: Mapping[str, Any]

    def solve(self, cost: NDArray[Any] | None = None, bounds: Bounds | None = None) -> Solution:
        """The program's optimum; raises ModelError for other costs or bounds, which only HiGHS takes."""
        from transform_sim.solvers import solve_pyomo

        if cost is not None or bounds is not None:
            raise ModelError("Pyomo solves a scenario as it is. For other costs and bounds, prepare it with 'highs'.")
        return solve_pyomo(self.program, self.backend, **self.options)


def prepare(
    scenario: Scenario | str | Path,
    *,
    constraints: Sequence[Constraint] = (),
    solver: str = "highs",
    **options: Any,
) -> Study:
    """Build the program of a scenario and hand it to a solver.

    Args:
        scenario: a Scenario, or the path of its file.
        constraints: functions of (program, inputs) that add rows or costs of your own, as a file in `model/` does.
        solver: `highs`, `pyomo`, or `pyomo:` with the name of any solver that Pyomo finds installed.
        options: of the solver. HiGHS: `method`, `time_limit` (s), `threads`, `log`; Pyomo: `time_limit` and what its
            solver takes.
    """
    from transform_sim import solvers

    data, program = compose(scenario, constraints)
    name, _, backend = solver.partition(":")
    if name == "pyomo":
        return Study(data, program, PyomoSession(program, backend or "appsi_highs", options))
    if solver != "highs":
        raise ModelError(f"solver {solver!r} is unknown; give highs, pyomo, or pyomo:<name of its solver>")
    return Study(data, program, solvers.prepare(program, **options))


def solve(
    scenario: Scenario | str | Path,
    *,
    constraints: Sequence[Constraint] = (),
    solver: str = "highs",
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
    from transform_sim import solvers

    return solvers.to_pyomo(compose(scenario, constraints)[1])


def from_pyomo(
    scenario: Scenario | str | Path, model: pyo.ConcreteModel, *, constraints: Sequence[Constraint] = ()
) -> Results:
    """Results of a model from `to_pyomo` that was solved, perhaps with components of your own.

    With such components the certificate proves feasibility of the scenario's own rows, not optimality.
    """
    from transform_sim import solvers

    data, program = compose(scenario, constraints)
    return make_results(data, program, solvers.solution_from_pyomo(program, model))


def explained(error: InfeasibleError, data: Inputs, program: Program, bounds: Bounds | None) -> InfeasibleError:
    """The same error with its reasons: how far which rows must give, and the smallest conflict.

    Demand that nothing can meet whatever is built was refused when the scenario was loaded.
    """
    from transform_sim.solvers import explain_infeasible

    try:
        explanation = explain_infeasible(program, bounds=bounds)
    except SolveError:  # it misses a solution by less than what counts as a violation
        hint = "Something is met exactly or not at all, such as capacity and demand: give it a little room"
        return InfeasibleError(f"{data.scenario.name} has no solution, by next to nothing. {hint}")
    reasons = str(explanation).removeprefix("The program has no solution.").lstrip()
    return InfeasibleError(f"{data.scenario.name} has no solution.\n{reasons}", explanation)
