"""The commands: their arguments, their help, and which function does the work.

What a command needs is imported when it runs, so that `--help` and completion answer at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import transform_sim

from .exits import MEANING, guarded
from .options import (
    AllVariants,
    Debug,
    EntryName,
    Language,
    Method,
    Paths,
    Quiet,
    Root,
    ScenarioFile,
    Variant,
    Variants,
    solver_name,
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


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  transform-sim {line}" for line in lines)


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
    epilog=_examples(
        "run study.yaml --out out",
        "run study.yaml --out out --all-variants",
        "run study.yaml --out out --variant annual --variant no_ccs",
        "run scenarios/mini --out out --resume",
        "run a.yaml b.yaml --out out --time-limit 600 --no-figures",
    )
    + f"\n\n{EXIT_CODES}"
)
def run(
    paths: Paths,
    out: Annotated[Path, typer.Option(metavar="FOLDER", show_default=False, help="Folder for the results.")],
    variant: Variants = None,
    all_variants: AllVariants = False,
    solver: Annotated[
        str,
        typer.Option(metavar="NAME", callback=solver_name, help="highs, pyomo, or pyomo: and the name of its solver."),
    ] = "highs",
    method: Annotated[
        Method, typer.Option(help="How HiGHS solves; auto: simplex if small, interior point if large.")
    ] = Method.AUTO,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="S", min=0, show_default=False, help="Most seconds for each solve. [default: no limit]"),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, show_default=False, help="Threads of the solver. [default: it chooses]"),
    ] = None,
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
    FOLDER/batch.csv (how each one ended) and FOLDER/comparison.csv. One that fails does not stop the others.

    What an earlier run wrote into the same folder is replaced; files of your own stay.
    """
    if solver != "highs" and method != Method.AUTO:
        raise typer.BadParameter(f"--method {method} is one of HiGHS; leave it out with --solver {solver}")
    with guarded(debug, out):
        from .jobs import Selection, find_jobs
        from .reporter import Reporter
        from .run import Settings, run_batch, run_one

        reporter = Reporter(quiet)
        jobs = find_jobs(paths, Selection.of(variant, all_variants, root), reporter.say)
        options = {"method": method.value, "time_limit": time_limit, "threads": threads}
        given = {name: value for name, value in options.items() if value not in (None, "auto")}
        settings = Settings(out, root, solver, given, figures, language.value, resume, debug)
        single = len(paths) == len(jobs) == 1 and not all_variants and not paths[0].is_dir()
        raise typer.Exit(run_one(jobs[0], settings, reporter) if single else run_batch(jobs, settings, reporter))


@app.command(
    epilog=_examples("sweep scenarios/sweeps/co2_h2_steel.yaml --plan", "sweep sweep.yaml --out out --workers 4")
    + f"\n\n{EXIT_CODES}"
)
def sweep(
    path: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Sweep file.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", show_default=False, help="Folder for the cases. [default: NAME]")
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes at once.")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", show_default=False, help="Dask scheduler whose workers solve, such as tcp://host:8786."
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Print the plan and stop.")] = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Solve many cases of one scenario.

    The sweep file names the scenario, what is varied and what is kept. FOLDER (if not given, one called like the file)
    holds what is finished; the same command goes on where an earlier one was stopped.
    """
    with guarded(debug, out):
        from .reporter import Reporter
        from .sweep import run_sweep, show_plan

        reporter = Reporter(quiet)
        folder = out or Path(path.stem)
        if plan:
            raise typer.Exit(show_plan(path, reporter))
        raise typer.Exit(run_sweep(path, folder, workers, scheduler, reporter, quiet))


@app.command(
    epilog=_examples("check study.yaml", "check scenarios --all-variants", "check study.yaml --variant net_zero")
    + f"\n\n{EXIT_CODES}"
)
def check(
    paths: Paths,
    variant: Variants = None,
    all_variants: AllVariants = False,
    root: Root = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Validate scenarios without solving them.

    Tells every problem with its file and line, demand that nothing can meet, a base year that does not add up, and the
    size of the program.
    """
    with guarded(debug):
        from .check import check_jobs
        from .jobs import Selection, find_jobs
        from .reporter import Reporter

        reporter = Reporter(quiet)
        jobs = find_jobs(paths, Selection.of(variant, all_variants, root), reporter.say)
        raise typer.Exit(check_jobs(jobs, root, reporter, debug))


@app.command(epilog=_examples("schema --out scenario.schema.json", "schema --markdown --out scenario.md"))
def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="File to write. [default: the terminal]")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="A reference to read instead of JSON Schema.")] = False,
    debug: Debug = False,
) -> None:
    """Print what a scenario file may hold.

    Editors complete and check scenario files with the JSON Schema. Put this line at the top of the file:

    \b
      # yaml-language-server: $schema=scenario.schema.json
    """
    with guarded(debug):
        from .files import write_schema

        typer.echo(write_schema(out, markdown))


@app.command(
    epilog=_examples(
        "export study.yaml --to study.mps",
        "export study.yaml --variant annual --to annual.lp",
    )
)
def export(
    path: ScenarioFile,
    to: Annotated[Path, typer.Option(metavar="MODEL", show_default=False, help="File to write, *.mps or *.lp.")],
    variant: Variant = None,
    root: Root = None,
    debug: Debug = False,
) -> None:
    """Write the linear program for other solvers.

    Rows and columns have readable names.
    """
    if to.suffix not in (".mps", ".lp"):
        raise typer.BadParameter(f"'{to}' ends neither in .mps nor in .lp", param_hint="--to")
    with guarded(debug):
        from .files import write_model

        typer.echo(write_model(path, variant, root, to))


@app.command(epilog=_examples("catalogue scrap_eaf", "catalogue --sector steel"))
def catalogue(
    name: EntryName = None,
    sector: Annotated[
        str | None, typer.Option(metavar="NAME", show_default=False, help="List the entries of this sector.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Look up plants and commodities to use in scenarios.

    Without ENTRY it lists them and tells how well their numbers are known; with it, each number with its range, its
    source and what else must be known.
    """
    if name is not None and sector is not None:
        raise typer.BadParameter("give either an entry or --sector")
    with guarded(debug):
        from .catalogue import list_entries, show_entry
        from .reporter import Reporter

        reporter = Reporter()
        list_entries(sector, reporter) if name is None else show_entry(name, reporter)


@app.command(epilog=_examples("new my_study"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False, help="Folder to make.")],
    debug: Debug = False,
) -> None:
    """Start a study in a new folder.

    It holds a small commented scenario that solves in a second, the table it reads, and a README with the next steps.
    """
    with guarded(debug):
        from .study import start_study

        typer.echo(start_study(folder))


@app.command(epilog=_examples("show out/results.nc", "show out"))
def show(
    path: Annotated[
        Path, typer.Argument(metavar="RESULTS", show_default=False, help="results.nc, or the folder that holds it.")
    ],
    debug: Debug = False,
) -> None:
    """Print the summary of saved results."""
    with guarded(debug):
        from .files import saved_summary

        typer.echo(saved_summary(path))


@app.command(epilog=_examples("report out", "report out --language de --to bericht.html"))
def report(
    path: Annotated[
        Path, typer.Argument(metavar="RESULTS", show_default=False, help="results.nc, or the folder that holds it.")
    ],
    to: Annotated[Path, typer.Option(metavar="FILE", help="The page to write.")] = Path("report.html"),
    language: Annotated[Language, typer.Option(help="Language of figures and text.")] = Language.EN,
    debug: Debug = False,
) -> None:
    """Write the report of saved results.

    One page that opens offline and prints well: summary, figures, assumptions with their sources, proof.
    """
    with guarded(debug, to):
        from .files import write_report

        typer.echo(f"{write_report(path, to, language.value)} is written")
