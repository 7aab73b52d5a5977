"""`transform-sim new`: a study folder to start from."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import typer

from .exits import OutputError


def start_study(folder: Path) -> str:
    """Copy the template into a new or empty folder and say what comes next.

    Raises typer.BadParameter if something is there already, OutputError if the folder cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise typer.BadParameter(f"'{folder}' is there already and not empty. Name a new folder")
        with as_file(files("transform_sim.cli") / "template") as template:
            shutil.copytree(template, folder, dirs_exist_ok=True)
    except OSError as error:
        raise OutputError(folder, error) from error
    scenario = folder / "scenario.yaml"
    return (
        f"Started a study in {folder}. Next:\n"
        f"  transform-sim check {scenario}\n"
        f"  transform-sim run {scenario} --out {folder / 'out'}\n"
        f"{folder / 'README.md'} goes on from there."
    )
