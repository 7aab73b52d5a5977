"""`transform-sim run`: each scenario through load, build, solve, write; in a batch none stops the others."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from transform_sim.errors import FilesError, WorkersError
from transform_sim.pipeline import prepare
from transform_sim.scenario import load
from transform_sim.sweeps.batch import Batch, quietly
from transform_sim.sweeps.entries import BATCH, Entry, named
from transform_sim.sweeps.pools import HopelessError
from transform_sim.sweeps.progress import scenarios, shown, silent
from transform_sim.sweeps.together import carry_out

from . import output
from .batch import MOST_BESIDE, Ledger
from .exits import Code, Failure, OutputError, code_of, failure
from .folders import Folders, Settings
from .jobs import Job
from .outcome import Teller, kept, solved
from .reporter import Reporter


def run_one(job: Job, settings: Settings, reporter: Reporter) -> Code:
    """Solve one scenario into the folder itself; lets every error through."""
    output.claim(settings.out, output.RUN)
    reporter.begin(str(job))
    folders = Folders(settings, single=True)
    with reporter.step("load"):
        scenario = load(job.path, job.variant, settings.root)
    results = folders.kept(scenario.name, scenario) if settings.resume else None
    fresh = results is None
    if results is None:
        with reporter.step("build"):
            study = prepare(scenario, solver=settings.solver, **settings.options)
        with reporter.step("solve"):
            results = study.solve()
    folders.write(Entry.of(job, scenario), results, fresh, reporter.step)
    reporter.say(solved(job, settings.out, reporter.seconds) if fresh else kept(job, settings.out))
    reporter.show(repr(results))
    reporter.show(f"{settings.out} holds {', '.join(output.listed(settings.out))}")
    return Code.FINE


def run_batch(jobs: tuple[Job, ...], settings: Settings, reporter: Reporter) -> Code:
    """Solve scenarios, each into its own folder, written as soon as it is solved.

    Raises OutputError if the folder cannot be written; what is finished stays, and `--resume` goes on from there.
    FilesError if another process writes there or it holds something else, WorkersError if there are no workers.
    """
    output.open_batch(settings.out)
    ledger = Ledger.of(jobs)
    try:
        entries = _read(ledger, settings, reporter)
        _solve(entries, ledger, settings, reporter)
    except KeyboardInterrupt:
        with _undisturbed():
            ledger.interrupt()
            reporter.problem(f"Interrupted; {_finished(ledger)}")
            _conclude(ledger, settings.out, reporter)
        return Code.INTERRUPTED
    except (HopelessError, OSError, OutputError, WorkersError) as error:
        if isinstance(error, HopelessError):
            ledger.rows[error.number].fail(Failure(Code.FILES, str(error)))
        ledger.interrupt()
        with suppress(OutputError):
            output.save_text(settings.out / "batch.csv", ledger.csv())
        reporter.problem(f"Stopped; {_finished(ledger)}")
        if isinstance(error, OSError):
            raise OutputError(settings.out / BATCH, error) from error
        if isinstance(error, HopelessError):
            raise FilesError(str(error)) from error
        raise
    _conclude(ledger, settings.out, reporter)
    return Code.FINE if ledger.solved == len(ledger.rows) else Code.PART_FAILED


def _read(ledger: Ledger, settings: Settings, reporter: Reporter) -> tuple[Entry, ...]:
    """Load all scenarios, telling what is wrong with any of them; from here on each row has its name."""
    entries = []
    for n, row in enumerate(ledger.rows, 1):
        reporter.begin(f"{n}/{len(ledger.rows)} {row.job}")
        try:
            with reporter.step("load"):
                entry = Entry.of(row.job, load(row.job.path, row.job.variant, settings.root))
        except Exception as error:
            if settings.debug and code_of(error) == Code.INTERNAL:
                raise
            why = failure(error, settings.out)
            row.fail(why)
            row.seconds = reporter.seconds["load"]
            reporter.problem(row.job.told(why.text))
            entry = Entry.of(row.job, None, why.text)
        row.steps = dict(reporter.seconds)
        entries.append(entry)
    for row, entry in zip(ledger.rows, apart := named(entries), strict=True):
        row.name = entry.name
    return apart


def _solve(entries: tuple[Entry, ...], ledger: Ledger, settings: Settings, reporter: Reporter) -> None:
    """Solve what is not finished, and enter into the ledger what becomes of each."""
    few = len(entries) <= MOST_BESIDE and settings.alone
    if settings.scheduler is not None:  # its workers may stand in other folders
        settings = replace(settings, out=settings.out.absolute())
    folders = Folders(settings)
    teller = Teller(entries, ledger, folders, reporter)
    batch = Batch(
        entries, folders, settings.resume, (), settings.solver, settings.options, teller.step if few else quietly
    )
    with nullcontext(silent) if few or reporter.quiet else shown(reporter.console, scenarios) as watch:
        carry_out(
            batch, settings.out, workers=settings.workers, scheduler=settings.scheduler,
            watch=watch, begin=teller.begin, each=teller.each,
        )  # fmt: skip


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an impatient second Ctrl-C not undo the last words of the first."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _finished(ledger: Ledger) -> str:
    return f"{ledger.solved} of {len(ledger.rows)} are finished and kept. The same command with --resume goes on"


def _conclude(ledger: Ledger, out: Path, reporter: Reporter) -> None:
    """Write ledger and comparison, and show them."""
    output.save_text(out / "batch.csv", ledger.csv())
    written, comparison = ["batch.csv"], out / "comparison.csv"
    comparison.unlink(missing_ok=True)
    try:
        if ledger.solved:
            output.save_text(comparison, ledger.comparison().to_csv())
            written += ["comparison.csv", "a folder for each solved scenario"]
    except ValueError as error:
        reporter.problem(f"There is no comparison: {error}")
        written.append("a folder for each solved scenario")
    comparable = comparison.name in written
    reporter.show(ledger.table(comparable))
    if comparable and (sectors := ledger.sectors()) is not None:
        reporter.show(sectors)
    reporter.show(f"{out} holds {', '.join(written)}")
