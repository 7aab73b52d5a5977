"""The files of one run: written aside, then renamed into place, so that each is there whole or not at all."""

from __future__ import annotations

import json
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from transform_sim.errors import FilesError
from transform_sim.files import write_whole
from transform_sim.results import Results

from .exits import TRACE, OutputError

RESULTS = "results.nc"
REPORT = "report.html"
RUN = (RESULTS, REPORT, "summary.txt", "scenario.yaml")
BATCH = ("batch.csv", "comparison.csv")
LIST = "files.txt"
"""Names what a run wrote, so that the next run into the same folder replaces that and nothing else."""
ASIDE = ".writing-"
HEAD = "# Written by transform-sim. The next run into this folder replaces these files and no others."


def claim(folder: Path, names: Iterable[str]) -> None:
    """Make the folder and see that it can be written; raises FilesError if somebody else's file has such a name."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    listed = set(_listed(folder))
    for name in map(Path, names):
        if name not in listed and (folder / name).exists():
            raise FilesError(
                f"{folder / name} is there already, and {folder / LIST} does not name it as the file of an earlier "
                "run. Choose another folder, so that nothing of yours is lost"
            )


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


def draw(folder: Path, results: Results, command: Iterable[str], language: str) -> None:
    """Add the report and its figures; raises OutputError."""
    from transform_sim.reports import report  # matplotlib takes half a second, and --no-figures does not need it

    def fill(aside: Path) -> None:
        report(results, aside / REPORT, language=language, command=tuple(command), figures=aside / "figures")

    _replace(folder, fill)


def open_batch(folder: Path) -> None:
    """Take the folder for a batch; raises FilesError if that cannot be."""
    claim(folder, BATCH)
    with _writing(folder):
        _list(folder, {*_listed(folder), *map(Path, BATCH)})


def save_text(file: Path, text: str) -> None:
    """Write one file whole or not at all; raises FilesError for anything but a plain file in a folder, OutputError."""
    with _writing(file):
        write_whole(file, text.encode())


def summary(results: Results, command: Iterable[str]) -> str:
    """What a reader of the folder wants to know first: the outcome, its proof, and how to get it again."""
    attrs = results.data.attrs
    made_by = ", ".join(f"{name} {v}" for name, v in json.loads(attrs["versions"]).items())
    return (
        f"{results!r}\n\n"
        "Certificate (computed from the program alone, whoever solved it)\n"
        f"  {results.certificate['text']}\n"
        f"  objective {results.objective:.12g} {attrs['currency']}\n\n"
        "How to get this again\n"
        f"  {shlex.join(command)}\n"
        f"  with {made_by}\n"
        "  scenario.yaml holds the scenario with its variant and all that it extends; tables stay where they were\n"
        f"  SHA-256 of both: {attrs['scenario_hash']}\n"
    )


def listed(folder: Path) -> tuple[str, ...]:
    """What the last run wrote into the folder: files, and folders with the number of their files."""
    names = list(_listed(folder))
    inside = Counter(f"{name.parent}/" for name in names if name.parent != Path())
    files = [str(name) for name in names if name.parent == Path()]
    return (*files, *(f"{sub} ({count} files)" for sub, count in inside.items()))


def _replace(folder: Path, fill: Callable[[Path], object], fresh: bool = False) -> None:
    """Move what `fill` writes into the folder; `fresh` first takes away what the run before wrote."""
    claim(folder, ())
    for left in folder.glob(f"{ASIDE}*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with _writing(folder), tempfile.TemporaryDirectory(dir=folder, prefix=ASIDE) as aside:
        fill(Path(aside))
        old = list(_listed(folder))
        new = [p.relative_to(aside) for p in Path(aside).rglob("*") if p.is_file()]
        claim(folder, map(str, new))
        if fresh:
            _remove(folder, [Path(TRACE), *old])
        _list(folder, {*new, *(() if fresh else old)})
        for name in sorted(new, key=lambda n: n.name == RESULTS):  # last, because it stands for a finished run
            (folder / name).parent.mkdir(exist_ok=True)
            (Path(aside) / name).replace(folder / name)


def _remove(folder: Path, names: Sequence[Path]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    for sub in {(folder / name).parent for name in names} - {folder}:
        with suppress(OSError):  # not empty, or gone already
            sub.rmdir()


def _list(folder: Path, names: Iterable[Path]) -> None:
    lines = [HEAD, *(name.as_posix() for name in sorted(names))]
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _listed(folder: Path) -> Iterator[Path]:
    """What the run before wrote, without trusting the list with anything outside the folder."""
    try:
        lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines[1:] if lines[:1] == [HEAD] else ():
        if (folder / line).resolve().is_relative_to(folder.resolve()):
            yield Path(line)


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(place, error) from error
