"""The files of one run: written aside, then renamed into place, so that each is there whole or not at all."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from transform_sim.errors import TransformSimError
from transform_sim.results import Results, open_results
from transform_sim.scenario import Scenario

from .exits import TRACE, OutputError

RESULTS = "results.nc"
LIST = "files.txt"
"""Names what a run wrote, so that the next run into the same folder removes exactly that."""


def claim(folder: Path) -> None:
    """Make the folder and see that it can be written; raises OutputError."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def finished(folder: Path, scenario: Scenario) -> Results | None:
    """Results of just this scenario, by these versions of the packages, if an earlier run left them in the folder."""
    try:
        results = open_results(folder / RESULTS)
        made_by = json.loads(results.data.attrs["versions"])
        same = results.data.attrs["scenario_hash"] == scenario.hash
        return results if same and all(version(name) == v for name, v in made_by.items()) else None
    except (TransformSimError, PackageNotFoundError, OSError, KeyError, ValueError):
        return None  # nothing there, or nothing that can be read: it is made anew


def write(folder: Path, results: Results, command: Iterable[str]) -> None:
    """Write results, tables, summary and scenario text, in place of what an earlier run left; raises OutputError."""

    def fill(aside: Path) -> None:
        (aside / "tables").mkdir()
        for name, table in results.tables().items():
            table.to_csv(aside / "tables" / f"{name}.csv", index=False)
        (aside / "scenario.yaml").write_text(str(results.data.attrs["scenario_text"]), encoding="utf-8")
        (aside / "summary.txt").write_text(summary(results, command), encoding="utf-8")
        results.save(aside / RESULTS)

    _replace(folder, fill, fresh=True)


def draw(folder: Path, results: Results) -> None:
    """Add the figures; raises OutputError."""
    from transform_sim import plots  # matplotlib takes half a second, and --no-figures does not need it

    _replace(folder, lambda aside: plots.save_all(results, aside / "figures"))


def save_text(file: Path, text: str) -> None:
    """Write one file whole or not at all; raises OutputError."""
    with _writing(file), tempfile.TemporaryDirectory(dir=file.parent, prefix=".writing-") as aside:
        part = Path(aside) / file.name
        part.write_text(text, encoding="utf-8")
        part.replace(file)


def summary(results: Results, command: Iterable[str]) -> str:
    """What a reader of the folder wants to know first: the outcome, its proof, and how to get it again."""
    attrs = results.data.attrs
    made_by = ", ".join(f"{name} {v}" for name, v in json.loads(attrs["versions"]).items())
    proof = "\n".join(f"  {name}: {value}" for name, value in results.certificate.items())
    return (
        f"{results!r}\n\nCertificate (checked from the program alone, whoever solved it)\n{proof}\n\n"
        f"How to get this again\n  {shlex.join(command)}\n  with {made_by}\n"
        f"  Scenario: scenario.yaml, all that it extends and its variant merged in, SHA-256 {attrs['scenario_hash']};\n"
        "  its tables are looked up in the folder of the original file.\n"
    )


def _replace(folder: Path, fill: Callable[[Path], object], fresh: bool = False) -> None:
    """Move what `fill` writes into the folder; `fresh` first takes away what the run before wrote."""
    claim(folder)
    with _writing(folder), tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as aside:
        fill(Path(aside))
        old = [Path(TRACE), *_listed(folder)]
        new = [p.relative_to(aside) for p in Path(aside).rglob("*") if p.is_file()]
        for name in old if fresh else ():
            (folder / name).unlink(missing_ok=True)
        listed = sorted({*new, *(() if fresh else old)})
        (folder / LIST).write_text("".join(f"{name.as_posix()}\n" for name in listed), encoding="utf-8")
        for name in sorted(new, key=lambda n: n.name == RESULTS):  # last, because it stands for a finished run
            (folder / name).parent.mkdir(exist_ok=True)
            (Path(aside) / name).replace(folder / name)


def _listed(folder: Path) -> Iterator[Path]:
    """What the run before wrote, without trusting the list with anything outside the folder."""
    try:
        lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in filter(None, lines):
        if (folder / line).resolve().is_relative_to(folder.resolve()):
            yield Path(line)


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(place, error) from error
