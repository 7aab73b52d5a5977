"""What the user sees: outcomes on the output stream, progress and problems on the error stream."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

WIDE = 200
"""Columns of a table that goes into a file or pipe, where nothing is gained by squeezing it."""


class Reporter:
    """Tells the steps of each job and takes their time; `quiet` tells nothing but problems.

    Steps are a spinner on a terminal and plain lines elsewhere.
    """

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, emoji=False)
        self._out = Console(markup=False, highlight=False, emoji=False)
        if not self._out.is_terminal:
            self._out.width = WIDE
        self._label = ""
        self.seconds: dict[str, float] = {}

    def begin(self, label: str) -> None:
        """Start a job; the steps that follow are its steps."""
        self._label, self.seconds = label, {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of the job, for example `solve`."""
        start = perf_counter()
        try:
            with self._shown(f"{self._label}: {name}"):
                yield
        finally:
            self.seconds[name] = perf_counter() - start

    def say(self, text: str) -> None:
        """A line worth keeping."""
        if not self.quiet:
            typer.echo(text, err=True)

    def show(self, outcome: str | Table) -> None:
        """Part of the outcome, for the output stream."""
        if not self.quiet:
            self._out.print(outcome, soft_wrap=isinstance(outcome, str))

    def problem(self, text: str) -> None:
        """A line that is told even when quiet."""
        typer.secho(text, err=True, fg=None if "NO_COLOR" in os.environ else typer.colors.RED)

    @contextmanager
    def _shown(self, text: str) -> Iterator[None]:
        if self.quiet or not self.console.is_terminal:
            self.say(text)
            yield
            return
        shown = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        with Progress(*shown, console=self.console, transient=True) as bar:
            bar.add_task(text)
            yield
