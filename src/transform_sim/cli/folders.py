"""What one scenario leaves: results, tables, summary and report in a folder, and the command that makes them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transform_sim.errors import FilesError
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.sweeps.batch import Step, UnwrittenError
from transform_sim.sweeps.entries import Entry
from transform_sim.sweeps.together import finished

from . import output
from .exits import Code, OutputError, code_of, failure


@dataclass(frozen=True)
class Settings:
    """What holds for every scenario of a run.

    Attributes:
        options: of the solver, as `transform_sim.prepare` takes them.
        resume: whether finished results of an earlier run are kept.
        debug: whether unexpected errors come through with their traceback; not from other processes.
        scheduler: address of a Dask scheduler, in place of own workers.
    """

    out: Path
    root: Path | None = None
    solver: str = "highs"
    options: Mapping[str, Any] = field(default_factory=dict)
    figures: bool = True
    language: str = "en"
    resume: bool = False
    debug: bool = False
    workers: int = 1
    scheduler: str | None = None

    @property
    def alone(self) -> bool:
        """Whether everything is done in this process."""
        return self.workers == 1 and self.scheduler is None


@dataclass(frozen=True)
class Folders:
    """Keeps what is made of each scenario in a folder of its name, or of a single one in the folder of the run."""

    settings: Settings
    single: bool = False

    def of(self, name: str) -> Path:
        """The folder of a scenario."""
        return self.settings.out if self.single else self.settings.out / name

    def kept(self, name: str, scenario: Scenario) -> Results | None:
        """Results of just this scenario, by these versions, if an earlier run left them."""
        return finished(self.of(name) / output.RESULTS, scenario)

    def complete(self, name: str) -> bool:
        """Whether the report is there, if one is wanted; a run may have been stopped while it drew."""
        return not self.settings.figures or (self.of(name) / output.REPORT).is_file()

    def keep(self, entry: Entry, results: Results, fresh: bool, step: Step) -> None:
        """As `write`; raises UnwrittenError."""
        try:
            self.write(entry, results, fresh, step)
        except FilesError as error:
            raise UnwrittenError(str(error), isinstance(error, OutputError) and error.hopeless) from error

    def write(self, entry: Entry, results: Results, fresh: bool, step: Step) -> None:
        """Write results that are fresh, and draw what is not drawn; raises FilesError."""
        folder, command = self.of(entry.name), _command(entry, self.settings)
        if fresh:
            with step("write"):
                output.write(folder, results, command)
        if (fresh and self.settings.figures) or not self.complete(entry.name):
            with step("draw"):
                output.draw(folder, results, command, self.settings.language)

    def told(self, name: str, error: Exception) -> str:
        """What the user reads; the traceback of an unexpected error goes into the folder, or up with it to debug."""
        if isinstance(error, UnwrittenError):
            return str(error)
        if self.settings.debug and self.settings.alone and code_of(error) == Code.INTERNAL:
            raise error
        return failure(error, self.of(name)).text


def _command(entry: Entry, settings: Settings) -> tuple[str, ...]:
    """The command line that repeats one job."""
    given = {"variant": entry.variant or None, "root": settings.root, **settings.options, "out": settings.out}
    if settings.language != "en":
        given["language"] = settings.language
    if settings.solver != "highs":
        given["solver"] = settings.solver
    typed = [(f"--{name.replace('_', '-')}", str(value)) for name, value in given.items() if value is not None]
    return ("transform-sim", "run", entry.file, *(word for pair in typed for word in pair))
