"""`transform-sim run`: every scenario through load, build, solve, write, and a batch that outlives its failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from transform_sim.pipeline import SolverName, prepare
from transform_sim.results import Results
from transform_sim.scenario import Scenario, load

from . import batch, output
from .exits import Code, Failure, OutputError, code_of, failure
from .jobs import Job
from .progress import Steps


@dataclass(frozen=True)
class Settings:
    """What holds for every job of a run.

    Attributes:
        options: of the solver, as `transform_sim.prepare` takes them.
        arguments: the options as typed, for the line that repeats a run.
        single: results go into `out` itself instead of a folder per scenario.
    """

    out: Path
    single: bool
    root: Path | None = None
    solver: SolverName = "highs"
    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    figures: bool = True
    resume: bool = False
    debug: bool = False


def run_jobs(jobs: tuple[Job, ...], settings: Settings, steps: Steps) -> Code:
    """Run the jobs one after another, each written at once; raises OutputError if the folder cannot be written."""
    output.claim(settings.out)
    runs = [Run(job, settings, steps) for job in jobs]
    if settings.single:
        return runs[0].attempt().code
    folders: set[str] = set()
    ledger = 
