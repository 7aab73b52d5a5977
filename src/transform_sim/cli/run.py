"""`transform-sim run`: each scenario through load, build, solve, write; in a batch none stops the others."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transform_sim.pipeline import prepare
from transform_sim.results import Results
from transform_sim.scenario import Scenario, load

from . import output
from .batch import Ledger, Row
from .exits import Code, OutputError, code_of, failure
from .jobs import Job
from .reporter import Reporter


@dataclass(frozen=True)
class Settings:
    """What holds for every scenario of a run.

    Attributes:
        options: of the solver, as `transform_sim.prepare` takes them.
        resume: whether finished results of an earlier run are kept.
        debug: whether unexpected errors come through with their traceback.
    """

    out: Path
    root: Path | None = None
    solver: str = "highs"
    options: Mapping[str, Any] = field(default_factory=dict)
    figures: bool = True
    language: str = "en"
    resume: bool = False
    debug: bool = False


@dataclass(frozen=True)
class Done:
    """One finished scenario; `again` if an earlier run had finished it, `words` say how."""

    results: Results
    folder: Path
    again: bool
    words: str


def run_one(job: Job, settings: Settings, reporter: Reporter) -> Code:
    """Solve one scenario into the folder itself; lets every error through."""
    output.claim(settings.out, output.RUN)
    reporter.begin(str(job))
    done = _finish(job, settings, reporter, lambda _: settings.out)
    reporter.say(done.words)
    reporter.show(repr(done.results))
    reporter.show(f"{done.folder} holds {', '.join(output.listed(done.folder))}")
    return Code.FINE


def run_batch(jobs: tuple[Job, ...], settings: Settings, reporter: Reporter) -> Code:
    """Solve scenarios one after another, each into its own folder, written as soon as it is solved.

    Raises OutputError if the folder cannot be written; what is finished stays, and `--resume` goes on from there.
    """
    output.open_batch(settings.out)
    ledger = Ledger.of(jobs)
    try:
        for n, row in enumerate(ledger.rows, 1):
            reporter.begin(f"{n}/{len(jobs)} {row.job}")
            output.save_text(settings.out / "batch.csv", ledger.csv())
            _attempt(row, ledger, settings, reporter)
    except KeyboardInterrupt:
        with _undisturbed():
            reporter.problem(f"Interrupted; {_kept(ledger)}")
            _conclude(ledger, settings.out, reporter)
        return Code.INTERRUPTED
    except OutputError:
        with suppress(OutputError):
            output.save_text(settings.out / "batch.csv", ledger.csv())
        reporter.problem(f"Stopped; {_kept(ledger)}")
        raise
    _conclude(ledger, settings.out, reporter)
    return Code.FINE if ledger.solved == len(ledger.rows) else Code.PART_FAILED


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an impatient second Ctrl-C not undo the last words of the first."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _kept(ledger: Ledger) -> str:
    return f"{ledger.solved} of {len(ledger.rows)} are finished and kept. The same command with --resume goes on"


def _attempt(row: Row, ledger: Ledger, settings: Settings, reporter: Reporter) -> None:
    """Solve one scenario of a batch; what goes wrong with it goes into its row, unless it would hit all others too."""
    folder = settings.out

    def place(scenario: Scenario) -> Path:
        nonlocal folder
        row.name = ledger.distinct(scenario.name)
        folder = settings.out / row.name
        return folder

    row.start()
    try:
        done = _finish(row.job, settings, reporter, place)
        row.succeed(done.results, done.again)
    except (Exception, KeyboardInterrupt) as error:
        if settings.debug and code_of(error) == Code.INTERNAL:
            raise
        why = failure(error, folder)
        row.fail(why)
        if isinstance(error, KeyboardInterrupt) or (isinstance(error, OutputError) and error.hopeless):
            raise
        reporter.problem(row.job.told(why.text))
    else:
        reporter.say(done.words)


def _finish(job: Job, settings: Settings, reporter: Reporter, place: Callable[[Scenario], Path]) -> Done:
    """Load, build, solve, write, draw; `place` chooses the folder once the scenario is known."""
    with reporter.step("load"):
        scenario = load(job.path, job.variant, settings.root)
    folder = place(scenario)
    if settings.resume and (kept := output.finished(folder, scenario)) is not None:
        if settings.figures and not (folder / output.REPORT).is_file():  # stopped while it drew
            with reporter.step("draw"):
                output.draw(folder, kept, _command(job, settings), settings.language)
        return Done(kept, folder, again=True, words=f"{job}: {folder} holds its results already")
    with reporter.step("build"):
        study = prepare(scenario, solver=settings.solver, **settings.options)
    with reporter.step("solve"):
        results = study.solve()
    with reporter.step("write"):
        output.write(folder, results, _command(job, settings))
    if settings.figures:
        with reporter.step("draw"):
            output.draw(folder, results, _command(job, settings), settings.language)
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in reporter.seconds.items())
    words = f"{job}: solved in {sum(reporter.seconds.values()):.1f} s ({steps}), written to {folder}"
    return Done(results, folder, again=False, words=words)


def _command(job: Job, settings: Settings) -> tuple[str, ...]:
    """The command line that repeats one job."""
    given = {"variant": job.variant, "root": settings.root, **settings.options, "out": settings.out}
    if settings.language != "en":
        given["language"] = settings.language
    if settings.solver != "highs":
        given["solver"] = settings.solver
    typed = [(f"--{name.replace('_', '-')}", str(value)) for name, value in given.items() if value is not None]
    return ("transform-sim", "run", str(job.path), *(word for pair in typed for word in pair))


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
