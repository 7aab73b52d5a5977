"""What one sees of a sweep while it runs: how far it is, what was proved, how fast it goes, how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from .record import Tally

SECONDS = 10.0
"""Least time between two lines where nothing can be drawn over."""


Words = Callable[[int, int, Tally, float], str]
"""What a watcher is told, as one line."""


class Watcher(Protocol):
    """Is told how the sweep stands: all cases, those of earlier runs, the tally so far, seconds of this run."""

    def __call__(self, total: int, before: int, tally: Tally, seconds: float) -> None: ...


def described(total: int, before: int, tally: Tally, seconds: float) -> str:
    """One line: `1,200 of 10,000 cases, 1,199 certified, 3 handed over, 1 failed, 640/min, 14 min left`."""
    parts = [f"{tally.cases:,} of {total:,} cases", f"{tally.certified:,} certified"]
    parts += [f"{tally.handed_over:,} handed over", f"{tally.failed:,} failed"]
    return ", ".join([*parts, *_pace(total, before, tally, seconds)])


def scenarios(total: int, before: int, tally: Tally, seconds: float) -> str:
    """The same for a batch: `30 of 120 scenarios, 28 solved, 2 failed, 12/min, 8 min left`."""
    parts = [f"{tally.cases:,} of {total:,} scenarios", f"{tally.certified:,} solved", f"{tally.failed:,} failed"]
    return ", ".join([*parts, *_pace(total, before, tally, seconds)])


def _pace(total: int, before: int, tally: Tally, seconds: float) -> list[str]:
    made = tally.cases - before
    if not made or seconds <= 0:
        return []
    left = (total - tally.cases) * seconds / made
    return [f"{60 * made / seconds:,.0f}/min", f"{_time(left)} left" if tally.cases < total else _time(seconds)]


@contextmanager
def shown(console: Console | None = None, words: Words = described) -> Iterator[Watcher]:
    """A bar on a terminal, a line now and then elsewhere; on the error stream if no console is given."""
    console = console or Console(stderr=True, emoji=False)
    if not console.is_terminal:
        yield _Lines(console, words)
        return
    columns = SpinnerColumn(), BarColumn(bar_width=20), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("")

        def watch(total: int, before: int, tally: Tally, seconds: float) -> None:
            text = words(total, before, tally, seconds)
            bar.update(task, total=total, completed=tally.cases, description=text)

        yield watch


class _Lines:
    """Prints the first and last line, and one in between when enough time has passed."""

    def __init__(self, console: Console, words: Words) -> None:
        self._console, self._words, self._next = console, words, 0.0

    def __call__(self, total: int, before: int, tally: Tally, seconds: float) -> None:
        if tally.cases >= total or perf_counter() >= self._next:
            self._next = perf_counter() + SECONDS
            text = self._words(total, before, tally, seconds)
            self._console.print(text, soft_wrap=True, markup=False, highlight=False)


def silent(total: int, before: int, tally: Tally, seconds: float) -> None:
    """Shows nothing."""


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
