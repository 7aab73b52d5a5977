"""The commands around solving: what a scenario is written from, and what is read from results.

As in `commands`, what a command needs is imported when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .exits import guarded
from .options import Debug, EntryName, Language, ResultsPath, Root, ScenarioFile, Variant, examples

around = typer.Typer(rich_markup_mode=None)


@around.command(epilog=examples("schema --out scenario.schema.json", "schema --markdown --out scenario.md"))
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


@around.command(
    epilog=examples(
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


@around.command(epilog=examples("catalogue scrap_eaf", "catalogue --sector steel"))
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


@around.command(epilog=examples("new my_study"))
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


@around.command(epilog=examples("show out/results.nc", "show out"))
def show(
    path: ResultsPath,
    debug: Debug = False,
) -> None:
    """Print the summary of saved results."""
    with guarded(debug):
        from .files import saved_summary

        typer.echo(saved_summary(path))


@around.command(epilog=examples("report out", "report out --language de --to bericht.html"))
def report(
    path: ResultsPath,
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
