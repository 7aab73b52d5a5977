"""`transform-sim sweep`: a sweep file to a folder of cases, or to its plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from transform_sim.errors import ModelError, ScenarioError, WorkersError
from transform_sim.sweeps.cluster import run_on
from transform_sim.sweeps.opened import Sweep, open_sweep
from transform_sim.sweeps.plan import Plan
from transform_sim.sweeps.progress import shown, silent
from transform_sim.sweeps.run import run
from transform_sim.sweeps.start import plan_file

from .exits import Code, OutputError
from .reporter import Reporter

MOST_TOLD = 5
"""Cases without an optimum that are told one by one."""


def show_plan(path: Path, reporter: Reporter) -> Code:
    """Print what a sweep would do."""
    reporter.begin(str(path))
    with reporter.step("plan"), _about(path):
        planned, _ = plan_file(path)
    reporter.show(repr(planned))
    return Code.FINE


def run_sweep(path: Path, out: Path, workers: int, scheduler: str | None, reporter: Reporter, quiet: bool) -> Code:
    """Solve the cases that the folder does not hold yet; raises OutputError, FilesError, WorkersError.

    With a scheduler, the workers are its own.

    Infeasible cases are an outcome, not a fault: the code tells of those that could not be solved or proved.
    """
    reporter.begin(str(path))
    with reporter.step("plan"), _about(path):
        planned, keep = plan_file(path)
    reporter.say(repr(planned))
    try:
        with _about(path), nullcontext(silent) if quiet else shown() as watch:
            if scheduler is None:
                run(planned, out, keep, workers=workers, watch=watch)
            else:
                run_on(scheduler, planned, out, keep, watch=watch)
    except OSError as error:
        raise OutputError(out, error) from error
    except WorkersError as error:
        raise WorkersError(f"{error} ({_kept(planned, out)})") from None
    except KeyboardInterrupt:
        reporter.problem(f"Interrupted; {_kept(planned, out)}. The same command goes on")
        return Code.INTERRUPTED
    sweep = open_sweep(out)
    reporter.show(repr(sweep))
    return _told(sweep, reporter)


def _kept(plan: Plan, out: Path) -> str:
    """How far it got."""
    return f"{len(list(out.glob('chunks/*.npz')))} of {len(plan.chunks)} chunks are kept"


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Axes and names that the scenario does not have are problems of the sweep file."""
    try:
        yield
    except ModelError as error:
        raise ScenarioError(f"{path}: {error}") from None


def _told(sweep: Sweep, reporter: Reporter) -> Code:
    """Tell which cases have no optimum."""
    failed = sweep.failed()
    axes = list(failed.columns[: len(sweep.manifest["axes"])])
    wrong = not failed["status"].isin(["infeasible", "unbounded"]).all()
    tell = reporter.problem if wrong else reporter.say
    for number, row in list(failed.iterrows())[:MOST_TOLD]:
        point = ", ".join(f"{axis} {row[axis]}" for axis in axes if str(row[axis]) != "nan")
        why = " ".join(str(row["message"]).split())
        tell(f"case {number} ({point}): {row['status']}. {why}")
    if len(failed) > MOST_TOLD:
        tell(f"and {len(failed) - MOST_TOLD:,} more: transform_sim.open_sweep('{sweep.folder}').failed()")
    return Code.PART_FAILED if wrong else Code.FINE
