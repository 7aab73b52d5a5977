"""What the paths on the command line mean: one job per scenario file and variant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from transform_sim.scenario.found import Found as Job
from transform_sim.scenario.found import Selection, find, meant_as

__all__ = ["Job", "find_jobs", "selection", "sweep_file"]


def selection(variants: Iterable[str] | None, all_variants: bool, root: Path | None) -> Selection:
    """From the options as typed; raises typer.BadParameter if they contradict each other."""
    if variants and all_variants:
        raise typer.BadParameter("--all-variants takes every variant already; leave out --variant")
    return Selection(tuple(dict.fromkeys(variants or ())), all_variants, root)


def find_jobs(paths: Iterable[Path], chosen: Selection, say: Callable[[str], None]) -> tuple[Job, ...]:
    """The jobs of files and folders in the order given, each once; `say` is told what is left out.

    Raises typer.BadParameter if there is none or one of the files is a sweep, OSError for a folder that cannot be read.
    """
    paths = tuple(paths)
    for path in paths:
        if not path.is_dir() and meant_as(path) == "sweep":
            raise typer.BadParameter(
                f"{path} is a sweep of a scenario. Solve its cases with: transform-sim sweep {path}"
            )
    jobs = find(paths, chosen, say)
    if not jobs:
        where = ", ".join(map(str, paths))
        raise typer.BadParameter(f"there is no scenario in {where}. Name a scenario file, or a folder with some")
    return jobs


def sweep_file(path: Path) -> Path:
    """The file of a sweep as typed; raises typer.BadParameter for a scenario."""
    if meant_as(path) == "scenario":
        raise typer.BadParameter(f"{path} is a scenario and no sweep of one. Solve it with: transform-sim run {path}")
    return path
