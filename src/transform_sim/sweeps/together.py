"""`ts.batch`: many scenarios solved side by side, each with its full results in a folder, all of them in one store."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from transform_sim.errors import TransformSimError
from transform_sim.model import Constraint
from transform_sim.results import Results, open_results
from transform_sim.scenario import Scenario

from .batch import OWN, Batch, Step, UnwrittenError, own_constraints
from .cluster import connected
from .entries import BATCH, Entry, gathered
from .opened import Sweep, open_sweep
from .pools import Lost
from .progress import Watcher, scenarios, shown, silent
from .record import Done
from .renew import renew
from .run import perform

RESULTS = "results.nc"
HOPELESS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Errors after which nothing else can be written there either."""


def batch(
    given: Scenario | str | Path | Iterable[Scenario | str | Path],
    *,
    out: str | Path,
    workers: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    all_variants: bool = False,
    root: str | Path | None = None,
    constraints: Sequence[Constraint] = (),
    resume: bool = True,
    progress: bool = True,
    solver: str = "highs",
    **options: Any,
) -> Sweep:
    """Solve many scenarios; keep the full results of each, and what compares them side by side.

        studies = ts.batch(["scenarios/mini", "mine.yaml"], out="out", workers=2)
        studies.emissions.sel(scenario="two-routes")
        ts.open_results("out/two-routes")
        studies.failed()

    The full results go into out/<name>/results.nc, the indicators and proofs of all into out/batch, which
    `ts.open_sweep("out")` opens again: quantities have the dimension `scenario`, with the coordinates `file` and
    `variant`. A scenario that cannot be read has the status `refused`, one without solution `infeasible` or
    `unbounded`, each with its message; none stops the others. Of scenarios with the same name the second is called
    name-2, and so on.

    The same call goes on where an earlier one was stopped, also if scenarios were changed, added or taken away: what
    the same scenario gave with the same versions and constraints is kept, however it was solved. Limits of time, errors
    and files that could not be written are tried again.

    Args:
        given: scenarios, files, and folders whose scenarios are all taken, each file once.
        out: folder for the outcome.
        workers: processes at once, each with one solver thread unless `threads` is given; a script that takes several
            needs `if __name__ == "__main__":`.
        executor: of processes, in place of own ones.
        scheduler: address of a Dask scheduler (extra `cluster`), whose workers must find `out` in the same place.
        all_variants: whether to take each file as it stands and all its variants.
        root: folder that the files may read from; each file's own if absent.
        constraints: of your own, as for `solve`; functions of a module if there are several workers.
        resume: False solves everything anew.
        progress: whether to show on the error stream how far it is.
        solver, options: as for `solve`.

    Raises TransformSimError if there is no scenario, or the disk is full; TypeError for what can be none; StoreError if
    out/batch holds something else.
    """
    if executor is not None and scheduler is not None:
        raise TypeError("batch takes an executor or a scheduler, not both")
    several = given if isinstance(given, Iterable) and not isinstance(given, Scenario | str | Path) else (given,)
    entries = gathered(several, all_variants, None if root is None else Path(root))
    folder, own = Path(out), tuple(constraints)
    keeper = Folders(folder.absolute(), own_constraints(own))
    work = Batch(entries, keeper, resume, own, solver, options)
    with shown(words=scenarios) if progress else nullcontext(silent) as watch:
        carry_out(work, folder, workers=workers, executor=executor, scheduler=scheduler, watch=watch)
    return open_sweep(folder / BATCH)


def carry_out(
    batch: Batch,
    out: Path,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    watch: Watcher = silent,
    begin: Callable[[set[int]], object] = lambda _: None,
    each: Callable[[Done | Lost], object] = lambda _: None,
) -> None:
    """Solve what an earlier run has not left finished; arguments and errors as for `perform`.

    Args:
        begin: is told which scenarios are finished already.
    """
    if (workers > 1 or executor or scheduler) and batch.backend == "highs":
        batch = replace(batch, options={"threads": 1, **batch.options})
    begin(renew(out / BATCH, batch))
    with ExitStack() as stack:
        if scheduler is not None:  # workers may join later, so it has everything at once
            executor, workers = stack.enter_context(connected(scheduler)), len(batch.entries)
        perform(batch, out / BATCH, workers=workers, executor=executor, watch=watch, each=each)


def finished(file: Path, scenario: Scenario, own: str = "") -> Results | None:
    """Results of just this scenario, by these versions of the packages, if an earlier run left them in the file.

    Args:
        own: what `own_constraints` says of constraints that the scenario does not name.
    """
    try:
        results = open_results(file)
        attrs = results.data.attrs
        same = attrs["scenario_hash"] == scenario.hash and attrs.get(OWN, "") == own
        made_by = json.loads(attrs["versions"])
        return results if same and all(version(name) == v for name, v in made_by.items()) else None
    except (TransformSimError, PackageNotFoundError, OSError, KeyError, ValueError):
        return None  # nothing there, or nothing that can be read: it is made anew


@dataclass(frozen=True)
class Folders:
    """Keeps the results of each scenario in a folder of its name."""

    out: Path
    own: str = ""

    def kept(self, name: str, scenario: Scenario) -> Results | None:
        return finished(self.out / name / RESULTS, scenario, self.own)

    def complete(self, name: str) -> bool:
        return True

    def keep(self, entry: Entry, results: Results, fresh: bool, step: Step) -> None:
        if not fresh:
            return
        folder = self.out / entry.name
        try:
            with step("write"):
                folder.mkdir(parents=True, exist_ok=True)
                results.save(folder / RESULTS)
        except OSError as error:
            raise UnwrittenError(f"{folder} cannot be written: {error}", error.errno in HOPELESS) from error

    def told(self, name: str, error: Exception) -> str:
        return str(error) if isinstance(error, TransformSimError) else f"{type(error).__name__}: {error}"
