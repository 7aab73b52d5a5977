"""`transform-sim check`: everything that can be seen of a scenario without a solver."""

from __future__ import annotations

from pathlib import Path

from transform_sim.pipeline import compose
from transform_sim.plausibility import plausibility_findings
from transform_sim.scenario import load

from .exits import Code, code_of, failure
from .jobs import Job
from .reporter import Reporter


def check_jobs(jobs: tuple[Job, ...], root: Path | None, reporter: Reporter, debug: bool) -> Code:
    """Report on every scenario; the code of a single one, or whether all of several are fine."""
    codes = [_checked(job, root, reporter, debug) for job in jobs]
    if len(codes) == 1:
        return codes[0]
    wrong = sum(code != Code.FINE for code in codes)
    reporter.show(f"{len(codes)} scenarios checked, {wrong or 'none'} with problems")
    return Code.PART_FAILED if wrong else Code.FINE


def _checked(job: Job, root: Path | None, reporter: Reporter, debug: bool) -> Code:
    try:
        return _check(job, root, reporter)
    except Exception as error:
        if debug and code_of(error) == Code.INTERNAL:
            raise
        why = failure(error)
        reporter.problem(job.told(why.text))
        return why.code


def _check(job: Job, root: Path | None, reporter: Reporter) -> Code:
    reporter.begin(str(job))
    with reporter.step("load"):
        scenario = load(job.path, job.variant, root)
    with reporter.step("build"):
        data, program = compose(scenario)
    rows, columns = program.shape
    lines = [
        f"{job}: fine",
        f"  scenario  {scenario!r}",
        f"  program   {rows:,} rows, {columns:,} columns, {program.matrix.nnz:,} non-zeros",
        *(f"  note      {text}" for text in plausibility_findings(data)),
    ]
    reporter.show("\n".join(lines))
    return Code.FINE
