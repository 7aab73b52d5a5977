"""What the paths on the command line mean: one job per scenario file and variant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from transform_sim.scenario.found import Found as Job
from transform_sim.scenario.found import Selection, find

__all__ = ["Job", "find_jobs", "selection"]


def selection(variants: Iterable[str] | None, all_variants: bool, root: Path | None) -> Selection:
    """From the options as typed; raises typer.BadParameter if they contradict each other."""
    if variants and all_variants:
        raise typer.BadParameter("--all-variants takes every variant already; leave out --variant")
    return Selection(tuple(dict.fromkeys(variants or ())), all_variants, root)


def find_jobs(paths: Iterable[Path], chosen: Selection, say: Callable[[str], None]) -> tuple[Job, ...]:
    """The jobs of files and folders in the order given, each once; `say` is told what is left out.

    Raises typer.BadParameter if there is none, OSError for a folder that cannot be read.
    """
    paths = tuple(paths)
    jobs = find(paths, chosen, say)
    if not jobs:
        where = ", ".join(map(str, paths))
        raise typer.BadParameter(f"there is no scenario in {where}. Name a scenario file, or a folder with some")
    return jobs
