"""Options, arguments and words of help that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH", show_default=False, help="Scenario files, or folders whose scenarios are all taken."
    ),
]
ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Scenario file.")]
ResultsPath = Annotated[
    Path, typer.Argument(metavar="RESULTS", show_default=False, help="results.nc, or the folder that holds it.")
]
Variants = Annotated[
    list[str] | None,
    typer.Option("--variant", metavar="NAME", show_default=False, help="Take this variant; give it again for more."),
]
Variant = Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="Take this variant.")]
AllVariants = Annotated[bool, typer.Option("--all-variants", help="Take each file as it stands and all its variants.")]
Root = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        show_default=False,
        help="Folder that scenarios may read bases and tables from. [default: the scenario's own folder]",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", show_default=False, help="Dask scheduler whose workers solve, such as tcp://host:8786."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing but problems.")]


def entry_names(incomplete: str) -> list[str]:
    """The catalogue's entries that begin like this, for completion in the shell."""
    from transform_sim.scenario.entries import entries

    return [name for part in entries().values() for name in part if name.startswith(incomplete)]


EntryName = Annotated[
    str | None,
    typer.Argument(
        metavar="ENTRY", show_default=False, autocompletion=entry_names, help="Entry to show, such as scrap_eaf."
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")]


def solver_name(value: str) -> str:
    """The solver as typed; raises typer.BadParameter for what `transform_sim.solve` does not take."""
    if value in ("highs", "pyomo") or (value.startswith("pyomo:") and value != "pyomo:"):
        return value
    raise typer.BadParameter(f"'{value}' is none of highs, pyomo, pyomo:NAME (a solver that Pyomo finds installed)")


Solver = Annotated[
    str, typer.Option(metavar="NAME", callback=solver_name, help="highs, pyomo, or pyomo: and the name of its solver.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option(metavar="S", min=0, show_default=False, help="Most seconds for each solve. [default: no limit]"),
]
Threads = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, show_default=False, help="Threads of the solver. [default: it chooses; 1 beside others]"
    ),
]


def examples(*lines: str) -> str:
    """The end of a command's help: command lines to copy, given without the name of the program."""
    return "\b\nExamples:\n" + "\n".join(f"  transform-sim {line}" for line in lines)


class Method(StrEnum):
    """Methods of HiGHS, as `transform_sim.solve` takes them."""

    AUTO = "auto"
    SIMPLEX = "simplex"
    HIPO = "hipo"
    IPX = "ipx"
    PDLP = "pdlp"


SolverMethod = Annotated[
    Method, typer.Option(help="How HiGHS solves; auto: simplex if small, interior point if large.")
]


class Language(StrEnum):
    """Languages of figures and report."""

    EN = "en"
    DE = "de"
