"""The price cases of a site as a task: chunks, each solved in any process, each case with its proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import SolveError
from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.pipeline import compose
from transform_sim.scenario import Scenario
from transform_sim.solvers import Session, Solution, Status
from transform_sim.solvers.case import Case
from transform_sim.solvers.certificate import certify_case
from transform_sim.solvers.kkt import Ruler
from transform_sim.solvers.methods import VERTEX_TOLERANCE
from transform_sim.sweeps.parcels import Solver
from transform_sim.sweeps.record import Done, Ended, Record, arranged
from transform_sim.sweeps.run import PACKAGES
from transform_sim.sweeps.store import FORMAT
from transform_sim.sweeps.work import WARM, deviates, ending, first_lines, fresh, is_checked

from .costs import CostMap, cost_map
from .derive import kept_whole
from .direct import Direct, direct
from .kept import Reader
from .market import Traded
from .prices import Cases, Codes, Floats
from .reduce import reduce
from .steps import Reduction

CHUNK = 100
"""Cases in a chunk; with hours kept a tenth of them."""
NEAR = 0.05
"""Mean change of the costs, as share of their mean size, up to which a warm start is faster than a cold one. On the
sites of benchmarks/site.py (seconds of the processor): cold 0.4 to 0.7, warm after a noise of 5 EUR/MWh 0.1 to 0.3,
after the prices of another year 1.0 to 1.7."""
DIRECT = "direct: "
"""How the method of a case begins that needed no simplex."""


@dataclass(frozen=True)
class Plant:
    """What the program of a site is built from; equal plants have equal hashes."""

    scenario: Scenario
    trades: tuple[Traded, ...]

    @property
    def key(self) -> str:
        """Hash of all that decides the program."""
        return hashlib.sha256(repr((self.scenario.hash, self.trades)).encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plant) and self.key == other.key


@dataclass(frozen=True, eq=False)
class Prepared:
    """A site's program with what can be said of it for all prices."""

    data: Inputs
    program: Program
    costs: CostMap
    ruler: Ruler
    reduction: Reduction
    way: Direct | None


@lru_cache(maxsize=2)
def prepared(plant: Plant) -> Prepared:
    """Built once in each process."""
    data, program = compose(plant.scenario, [kept_whole])
    costs = cost_map(plant.scenario, program, plant.trades)
    reduction = reduce(program, costs.priced)
    return Prepared(data, program, costs, Ruler.of(program), reduction, direct(reduction.core))


@dataclass(frozen=True, eq=False)
class Running:
    """Price cases of a plant: a task for `sweeps.run.perform`.

    Attributes:
        numbers: of the cases that are here, all or those of one chunk; `total` is how many there are in all.
    """

    plant: Plant
    cases: Cases
    keep: str
    name: str
    hash: str
    total: int
    numbers: Codes

    @classmethod
    def of(cls, plant: Plant, cases: Cases, keep: str, name: str) -> Running:
        """All cases."""
        digest = hashlib.sha256(f"{plant.key}{keep}{json.dumps([FORMAT, CHUNK, _versions()])}".encode())
        for commodity, prices in sorted(cases.prices.items()):
            digest.update(commodity.encode())
            for case in range(len(cases)):
                digest.update(np.asarray(prices.of(case)).tobytes())
        digest.update(json.dumps([list(map(list, cases.axes.values())), cases.codes.tolist()], default=str).encode())
        return cls(plant, cases, keep, name, digest.hexdigest(), len(cases), np.arange(len(cases)))

    @property
    def chunks(self) -> Sequence[NDArray[np.int64]]:
        size = CHUNK if self.keep == "annual" else CHUNK // 10
        return [np.arange(k, min(k + size, self.total)) for k in range(0, self.total, size)]

    def manifest(self) -> dict[str, Any]:
        scenario = self.plant.scenario
        axes = {
            name: {"kind": "price", "paths": [], "labels": list(labels), "levels": list(labels), "units": "",
                   "long_name": name.replace("_", " ")}
            for name, labels in self.cases.axes.items()
        }  # fmt: skip
        return {
            "format": FORMAT, "name": self.name, "hash": self.hash, "scenario_hash": scenario.hash, "keep": self.keep,
            "design": "price cases of one plant", "grid": self.cases.is_grid, "axes": axes, "versions": _versions(),
            "currency": scenario.currency, "cases": self.cases.codes.tolist(),
            "chunks": [c.tolist() for c in self.chunks], "plan": f"{self.total:,} price cases of {self.name}",
            "scenario": scenario.text,
        }  # fmt: skip

    def part(self, number: int) -> Running:
        """One chunk with its own prices, as those of all cases are large."""
        chunk = self.chunks[number]
        return replace(self, cases=self.cases.part(chunk), numbers=chunk)

    def solver(self) -> Solver:
        return _Worker(self).solve


class _Worker:
    """Solves chunks; what it keeps between them changes no digit."""

    def __init__(self, task: Running) -> None:
        self._task, self._site = task, prepared(task.plant)
        self._reader = Reader(self._site.data, self._site.program, task.plant.trades, task.keep)

    def solve(self, number: int) -> Done:
        """All cases of a chunk, in its order."""
        start, simplex = perf_counter(), _Simplex(self._site.program)
        records = [self._record(int(i), simplex) for i in self._task.chunks[number]]
        return Done(number, arranged(records), perf_counter() - start)

    def _record(self, i: int, simplex: _Simplex) -> Record:
        site = self._site
        here = int(np.searchsorted(self._task.numbers, i))
        cost = site.costs.cost(self._task.cases.of(here))
        found = self._directly(cost)
        handed_over = site.way is not None and found is None
        try:
            solution = simplex.solve(cost) if found is None else found
        except SolveError as error:
            return Record(i, ending(error), handed_over=handed_over, message=first_lines(str(error)))
        checked = solution.method.startswith((DIRECT, WARM)) and is_checked(self._task.hash, i)
        deviation = deviates(site.program, cost, None, solution.objective) if checked else np.nan
        parts = self._reader.read(solution.x, cost)
        return Record(i, Ended.OPTIMAL, solution, handed_over, deviation, "", parts)

    def _directly(self, cost: Floats) -> Solution | None:
        """The optimum without a simplex, if the program has a way and its outcome is proved."""
        site, start = self._site, perf_counter()
        core = None if site.way is None else site.way.solve(site.reduction.forward(cost))
        if core is None or site.way is None:
            return None
        x, dual = site.reduction.back(*core)
        proof = certify_case(site.ruler, Case.of(site.program, cost), x, dual, VERTEX_TOLERANCE)
        if not proof.ok:
            return None
        took = perf_counter() - start
        return Solution(
            x, dual, float(cost @ x), Status.OPTIMAL, "transform-sim", DIRECT + site.way.name, 0, took, proof
        )


class _Simplex:
    """HiGHS over the cases of a chunk: from the last vertex where the prices are close, else from a cold start."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._session: Session | None = None
        self._cost = np.zeros(0)

    def solve(self, cost: Floats) -> Solution:
        near = len(self._cost) and np.abs(cost - self._cost).mean() <= NEAR * np.abs(cost).mean()
        warm = self._session is not None and near
        if self._session is None or not warm:
            self._session = fresh(self._program)
        self._cost = cost
        try:
            return self._session.solve(cost)
        except SolveError:
            self._session = None
            if warm:
                return self.solve(cost)
            raise


def _versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}
