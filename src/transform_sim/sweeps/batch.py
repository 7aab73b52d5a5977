"""A batch: whole scenarios as cases of a sweep. Each is a chunk, and its full results go into a folder of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import MissingExtraError, ScenarioError, SolveError, TimeLimitError, TransformSimError
from transform_sim.model import Constraint
from transform_sim.pipeline import prepare
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.solvers import Certificate, Solution, Status

from .entries import BATCH, Entry
from .outputs import INDICATORS, indicators
from .parcels import Solver
from .pools import HopelessError
from .record import Done, Ended, Record, arranged
from .run import PACKAGES
from .store import FORMAT
from .work import ending

OWN = "own_constraints"
"""Attribute of results that were made with constraints which the scenario does not name."""
Step = Callable[[str], AbstractContextManager[None]]
"""Takes the time of a step by its name, such as `solve`."""


class UnwrittenError(TransformSimError):
    """A scenario was solved, but its results could not be written; `hopeless` if no other's can be either."""

    def __init__(self, text: str, hopeless: bool = False) -> None:
        super().__init__(text)
        self.hopeless = hopeless


class Keeper(Protocol):
    """Where the full results of each scenario go; travels to other processes by pickle."""

    def kept(self, name: str, scenario: Scenario) -> Results | None:
        """Results of just this scenario that an earlier run left whole."""

    def complete(self, name: str) -> bool:
        """Whether nothing is missing beside those results, such as figures."""

    def keep(self, entry: Entry, results: Results, fresh: bool, step: Step) -> None:
        """Write what is missing, or everything if the results are fresh; raises UnwrittenError."""

    def told(self, name: str, error: Exception) -> str:
        """Why there are no results, in words for the user."""


def quietly(_: int, __: str) -> AbstractContextManager[None]:
    """Shows no step."""
    return nullcontext()


@dataclass(frozen=True)
class Batch:
    """Scenarios to solve, how, and who keeps what comes out; see `run.Task`.

    Attributes:
        resume: whether results that an earlier run left whole are taken.
        backend, options: of the solver, as `prepare` takes them.
        step: shows what is going on, by the number of the scenario and the name of the step.
        first: number of the first entry.
    """

    entries: tuple[Entry, ...]
    keeper: Keeper
    resume: bool = True
    constraints: tuple[Constraint, ...] = ()
    backend: str = "highs"
    options: Mapping[str, Any] = field(default_factory=dict)
    step: Callable[[int, str], AbstractContextManager[None]] = quietly
    first: int = 0

    @property
    def chunks(self) -> Sequence[NDArray[np.int64]]:
        return [np.array([number], dtype=np.int64) for number in range(len(self.entries))]

    def part(self, number: int) -> Batch:
        """One scenario travels without the others."""
        return replace(self, entries=(self.entries[number - self.first],), first=number)

    def solver(self) -> Solver:
        return self._solve

    def manifest(self) -> dict[str, Any]:
        names = [entry.name for entry in self.entries]
        versions = {name: version(name) for name in PACKAGES}
        own = own_constraints(self.constraints)
        keys = [_key(entry, versions, own) for entry in self.entries]
        money = dict.fromkeys(e.scenario.currency for e in self.entries if e.scenario is not None)
        cases = [[number] for number in range(len(names))]
        axis = {"kind": "set", "paths": ["name"], "labels": names, "levels": [], "units": "", "long_name": "scenario"}
        return {
            "format": FORMAT,
            "name": BATCH,
            "hash": _digest(FORMAT, keys),
            "scenario_hash": _digest([e.scenario.hash for e in self.entries if e.scenario is not None]),
            "keep": INDICATORS,
            "design": BATCH,
            "grid": True,
            "axes": {"scenario": axis},
            "beside": {"file": [e.file for e in self.entries], "variant": [e.variant for e in self.entries]},
            "keys": keys,
            "versions": versions,
            "currency": " and ".join(money),
            "cases": cases,
            "chunks": cases,
            "plan": f"{len(names)} scenarios, each built and solved on its own",
            "scenario": "",
        }

    def _solve(self, number: int) -> Done:
        start, seconds = perf_counter(), dict[str, float]()
        entry = self.entries[number - self.first]

        @contextmanager
        def step(name: str) -> Iterator[None]:
            begun = perf_counter()
            try:
                with self.step(number, name):
                    yield
            finally:
                seconds[name] = perf_counter() - begun

        record = self._record(number, entry, step)
        return Done(number, arranged([record]), perf_counter() - start, seconds)

    def _record(self, number: int, entry: Entry, step: Step) -> Record:
        if entry.scenario is None:
            return Record(number, Ended.REFUSED, message=entry.problem)
        try:
            results = self._results(entry, entry.scenario, step)
            return Record(number, Ended.OPTIMAL, _solution(results), parts=indicators(results))
        except Exception as error:  # one scenario must not end the others
            if isinstance(error, UnwrittenError) and error.hopeless:
                raise HopelessError(str(error), number) from error
            return Record(number, _ended(error), message=self.keeper.told(entry.name, error))

    def _results(self, entry: Entry, scenario: Scenario, step: Step) -> Results:
        """The results as they stand in their folder in the end."""
        results = self.keeper.kept(entry.name, scenario) if self.resume else None
        fresh = results is None
        if results is None:
            with step("build"):
                study = prepare(scenario, constraints=self.constraints, solver=self.backend, **self.options)
            with step("solve"):
                results = study.solve()
            if own := own_constraints(self.constraints):
                results = Results(results.data.assign_attrs({OWN: own}))
        self.keeper.keep(entry, results, fresh, step)
        return results


def own_constraints(constraints: Sequence[Constraint]) -> str:
    """Constraints that a scenario does not name, told apart by where they are defined; empty for none."""
    return ", ".join(f"{f.__module__}.{f.__qualname__}" for f in constraints)


def _key(entry: Entry, versions: Mapping[str, str], own: str) -> str:
    """Stands for all that decides how a scenario ends."""
    return _digest(entry.name, entry.problem if entry.scenario is None else entry.scenario.hash, versions, own)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _ended(error: Exception) -> Ended:
    if isinstance(error, UnwrittenError):
        return Ended.UNWRITTEN
    if isinstance(error, ScenarioError | MissingExtraError):
        return Ended.REFUSED
    if isinstance(error, TimeLimitError):
        return Ended.TIME
    return ending(error) if isinstance(error, SolveError) else Ended.FAILED


def _solution(results: Results) -> Solution:
    """What results say of their solution, the same for those that were saved: no columns, but run and proof."""
    run, proof = results.solver, results.certificate
    numbers = {name: proof[name] for name in Certificate.__dataclass_fields__ if not name.startswith("worst_")}
    certificate = Certificate(**numbers, worst_row=None, worst_column=None)
    none = np.empty(0)
    return Solution(
        none, None, results.objective, Status.OPTIMAL, run["solver"], run["method"], run["iterations"], run["seconds"],
        certificate,
    )  # fmt: skip
