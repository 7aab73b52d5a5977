"""`transform-sim check`: what can be seen of a scenario without solving it, and on request money pumps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from transform_sim.pipeline import compose
from transform_sim.plausibility import plausibility_findings
from transform_sim.scenario import Scenario, load

from .exits import Code, code_of, failure
from .jobs import Job
from .reporter import Reporter

if TYPE_CHECKING:
    from transform_sim.analysis.loops import MoneyPump


def check_jobs(
    jobs: tuple[Job, ...], root: Path | None, reporter: Reporter, debug: bool, private: bool = False
) -> Code:
    """Report on every scenario; the code of a single one, or whether all of several are fine.

    Args:
        private: also look for money pumps, which takes a solver.
    """
    codes = [_checked(job, root, reporter, debug, private) for job in jobs]
    if len(codes) == 1:
        return codes[0]
    wrong = sum(code != Code.FINE for code in codes)
    reporter.show(f"{len(codes)} scenarios checked, {wrong or 'none'} with problems")
    return Code.PART_FAILED if wrong else Code.FINE


def _checked(job: Job, root: Path | None, reporter: Reporter, debug: bool, private: bool) -> Code:
    try:
        return _check(job, root, reporter, private)
    except Exception as error:
        if debug and code_of(error) == Code.INTERNAL:
            raise
        why = failure(error)
        reporter.problem(job.told(why.text))
        return why.code


def _check(job: Job, root: Path | None, reporter: Reporter, private: bool) -> Code:
    reporter.begin(str(job))
    with reporter.step("load"):
        scenario = load(job.path, job.variant, root)
    with reporter.step("build"):
        data, program = compose(scenario)
    pumps, outside = _loops(scenario, reporter) if private else ([], [])
    rows, columns = program.shape
    lines = [
        f"{job}: {'money pump' if pumps else 'fine'}",
        f"  scenario  {scenario!r}",
        f"  program   {rows:,} rows, {columns:,} columns, {program.matrix.nnz:,} non-zeros",
        *(f"  note      {text}" for text in plausibility_findings(data)),
        *(f"  note      {_indented(loop)}" for loop in outside),
        *(["  private   no money pump"] if private and not pumps else ()),
    ]
    reporter.show("\n".join(lines))
    if not pumps:
        return Code.FINE
    listed = "\n".join(f"  {_indented(loop)}" for loop in pumps)
    reporter.problem(f"{job}: earns money while nothing is demanded\n{listed}")
    return Code.SCENARIO


def _loops(scenario: Scenario, reporter: Reporter) -> tuple[list[MoneyPump], list[MoneyPump]]:
    """Money pumps, and what is paid for from outside without being one."""
    from transform_sim.analysis import money_pumps

    with reporter.step("look for money pumps"):
        found = money_pumps(scenario)
    pumps = [loop for loop in found if loop.kind == "money pump"]
    return pumps, [loop for loop in found if loop.kind != "money pump"]


def _indented(loop: MoneyPump) -> str:
    return str(loop).replace("\n", "\n    ")
