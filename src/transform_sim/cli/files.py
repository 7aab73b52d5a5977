"""`transform-sim schema` and `export`: one file each, or text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from transform_sim.pipeline import compose
from transform_sim.scenario import json_schema, load
from transform_sim.scenario.documentation import markdown as reference
from transform_sim.solvers.export import write_lp, write_mps

from .exits import OutputError
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
