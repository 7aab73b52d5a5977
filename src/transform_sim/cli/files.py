"""`transform-sim schema`, `export`, `show` and `report`: one file each, or text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from transform_sim.errors import FilesError
from transform_sim.pipeline import compose
from transform_sim.results import Results, open_results
from transform_sim.scenario import json_schema, load
from transform_sim.scenario.documentation import markdown as reference
from transform_sim.solvers.export import write_lp, write_mps

from .exits import OutputError, reason
from .output import save_text


def write_schema(out: Path | None, markdown: bool) -> str:
    """The schema or the reference, or where it was written; raises OutputError."""
    text = reference() if markdown else json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        return text.rstrip("\n")
    save_text(out, text)
    return f"Written to {out}"


def write_model(path: Path, variant: str | None, root: Path | None, to: Path) -> str:
    """Write the program of a scenario as MPS or LP, and tell its size; raises OutputError."""
    _, program = compose(load(path, variant, root))
    try:
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".writing-") as aside:
            part = Path(aside) / to.name
            (write_mps if to.suffix == ".mps" else write_lp)(program, part)
            part.replace(to)
    except OSError as error:
        raise OutputError(to, error) from error
    rows, columns = program.shape
    return f"Written to {to}: {rows:,} rows, {columns:,} columns, {program.matrix.nnz:,} non-zeros"


def saved_summary(path: Path) -> str:
    """The summary of results in a file or a run's folder; raises FilesError."""
    return repr(_saved(path))


def write_report(path: Path, to: Path, language: str) -> Path:
    """The report of results in a file or a run's folder; raises FilesError, OutputError."""
    from transform_sim.reports import report  # with matplotlib, which no other command here needs

    results = _saved(path)
    try:
        return report(results, to, language=language)
    except OSError as error:
        raise OutputError(to, error) from error


def _saved(path: Path) -> Results:
    try:
        return open_results(path)
    except OSError as error:
        raise FilesError(f"{path} cannot be read: {reason(error)}") from None
