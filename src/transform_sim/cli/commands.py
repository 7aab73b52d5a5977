"""The program, and its commands on whole studies: their arguments, their help, and which function does the work.

The smaller commands are in `around`. What a command needs is imported when it runs, so that `--help` and completion
answer at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import transform_sim

from .around import around
from .exits import MEANING, guarded
from .options import (
    AllVariants,
    Debug,
    Language,
    Method,
    Paths,
    Quiet,
    Root,
    Scheduler,
    Solver,
    SolverMethod,
    Threads,
    TimeLimit,
    Variants,
    examples,
)

EXIT_CODES = "\b\nExit codes:\n" + "\n".join(f"  {code.value:>3}  {text}" for code, text in MEANING.items())

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"\b\nExamples:\n  transform-sim new my_study\n  transform-sim check my_study\n"
    f"  transform-sim run my_study/scenario.yaml --out out\n\n{EXIT_CODES}\n\n"
    "Each command has its own help: transform-sim run --help",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"transform-sim {transform_sim.__version__}")
        raise typer.Exit


@app.callback()
def transform_sim_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Scenario simulation of the transition to climate-neutral industry."""


@app.command(
    epilog=examples(
        "run study.yaml --out out",
        "run study.yaml --out out --all-variants",
        "run study.yaml --out out --variant annual --variant no_ccs",
        "run scenarios/mini --out out --workers 4 --resume",
        "run a.yaml b.yaml --out out --time-limit 600 --no-figures",
    )
    + f"\n\n{EXIT_CODES}"
)
def run(
    paths: Paths,
    out: Annotated[Path, typer.Option(metavar="FOLDER", show_default=False, help="Folder for the results.")],
    variant: Variants = None,
    all_variants: AllVariants = False,
    solver: Solver = "highs",
    method: SolverMethod = Method.AUTO,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Scenarios at once, each in a process.")] = 1,
    scheduler: Scheduler = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures and write report.html.")] = True,
    language: Annotated[Language, typer.Option(help="Language of figures and report.")] = Language.EN,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep results of the same scenario, by the same versions, in FOLDER.")
    ] = False,
    root: Root = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Solve scenarios and write the results.

    One scenario writes report.html, results.nc, tables/*.csv, figures/ (PNG and SVG), summary.txt with the
    certificate, and scenario.yaml, everything merged, into FOLDER.

    Several, or a folder of them, write the same into FOLDER/<name of the scenario>/, each as soon as it is solved, and
    FOLDER/batch.csv (how each one ended) and FOLDER/comparison.csv. One that fails does not stop the others. In Python,
    transform_sim.open_sweep("FOLDER") has all of them side by side.

    What an earlier run wrote into the same folder is replaced; files of your own stay.
    """
    if solver != "highs" and method != Method.AUTO:
        raise typer.BadParameter(f"--method {method} is one of HiGHS; leave it out with --solver {solver}")
    with guarded(debug, out):
        from .folders import Settings
        from .jobs import find_jobs, selection
        from .reporter import Reporter
        from .run import run_batch, run_one

        reporter = Reporter(quiet)
        jobs = find_jobs(paths, selection(variant, all_variants, root), reporter.say)
        options = {"method": method.value, "time_limit": time_limit, "threads": threads}
        given = {name: value for name, value in options.items() if value not in (None, "auto")}
        settings = Settings(out, root, solver, given, figures, language.value, resume, debug, workers, scheduler)
        single = len(paths) == len(jobs) == 1 and not all_variants and not paths[0].is_dir()
        raise typer.Exit(run_one(jobs[0], settings, reporter) if single else run_batch(jobs, settings, reporter))


@app.command(
    epilog=examples("sweep scenarios/sweeps/co2_h2_steel.yaml --plan", "sweep sweep.yaml --out out --workers 4")
    + f"\n\n{EXIT_CODES}"
)
def sweep(
    path: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Sweep file.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", show_default=False, help="Folder for the cases. [default: NAME]")
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes at once.")] = 1,
    scheduler: Scheduler = None,
    plan: Annotated[bool, typer.Option("--plan", help="Print the plan and stop.")] = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Solve many cases of one scenario.

    The sweep file names the scenario, what is varied and what is kept. FOLDER (if not given, one called like the file)
    holds what is finished; the same command goes on where an earlier one was stopped.
    """
    with guarded(debug, out):
        from .jobs import sweep_file
        from .reporter import Reporter
        from .sweep import run_sweep, show_plan

        reporter = Reporter(quiet)
        path, folder = sweep_file(path), out or Path(path.stem)
        if plan:
            raise typer.Exit(show_plan(path, reporter))
        raise typer.Exit(run_sweep(path, folder, workers, scheduler, reporter, quiet))


@app.command(
    epilog=examples(
        "check study.yaml",
        "check scenarios --all-variants",
        "check study.yaml --variant net_zero",
        "check study.yaml --variant annual --private",
    )
    + f"\n\n{EXIT_CODES}"
)
def check(
    paths: Paths,
    variant: Variants = None,
    all_variants: AllVariants = False,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Also look for loops that earn money while nothing is demanded; takes a solver."
        ),
    ] = False,
    root: Root = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Validate scenarios without solving them.

    Tells every problem with its file and line, demand that nothing can meet, a base year that does not add up, and the
    size of the program.

    With --private, the scenario is looked at in the private view with all demand at zero. What then earns money is a
    money pump, such as a free allocation that is paid in a circle: its loops are told by name, and the exit code is 3.
    Carbon removals that the carbon price pays for, and prices below zero, are told as notes.
    """
    with guarded(debug):
        from .check import check_jobs
        from .jobs import find_jobs, selection
        from .reporter import Reporter

        reporter = Reporter(quiet)
        jobs = find_jobs(paths, selection(variant, all_variants, root), reporter.say)
        raise typer.Exit(check_jobs(jobs, root, reporter, debug, private))


app.add_typer(around)  # without a name of its own: its commands follow those above
