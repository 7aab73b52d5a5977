"""Writing a program for other solvers, and for eyes: LP and MPS text with readable names.

Names are those of `program.row_name` with round brackets and without blanks: `activity(electrolyser,coast,2030)`.
What the formats cannot take in a name becomes `_`; names that then coincide are told apart by `~2`, `~3` …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.lp import Program
from transform_sim.lp.blocks import Block

from .labels import member_keys

Floats = NDArray[np.float64]

WIDTH = 100
OBJECTIVE = "total_cost"
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_.(),]")
# Readers would take the beginning of such a name for a number, or the whole for a keyword
_LIKE_NUMBER = re.compile(
    r"[0-9.]|inf|nan|e[0-9]|(free|end|st|bounds?|gen|generals?|bin|binary|max|min|subject|such|sos\d?)$", re.IGNORECASE
)


def write_lp(program: Program, path: Path | str) -> None:
    """Write the program in CPLEX-LP text; rows and terms are sorted by name, so equal programs give equal files."""
    Path(path).write_text("\n".join(_lp_lines(program)) + "\n", encoding="ascii")


def write_mps(program: Program, path: Path | str) -> None:
    """Write the program as free-format MPS, in the order of its columns and rows."""
    Path(path).write_text("\n".join(_mps_lines(program)) + "\n", encoding="ascii")


def file_names(blocks: Sequence[Block], program: Program, taken: Iterable[str] = ()) -> list[str]:
    """A distinct name of each member that LP and MPS readers accept."""
    used = set(taken)
    return [_distinct(_clean(block.name, key), used) for block in blocks for key in member_keys(block, program)]


def _clean(name: str, key: tuple[str | int, ...]) -> str:
    # commas and brackets belong to the name as a whole, not to a label
    labels = [_NOT_ALLOWED.sub("_", str(part)) for part in (name, *key)]
    labels = [re.sub(r"[(),]", "_", label) for label in labels]
    full = f"{labels[0]}({','.join(labels[1:])})" if key else labels[0]
    return f"_{full}" if _LIKE_NUMBER.match(full) else full


def _distinct(name: str, used: set[str]) -> str:
    candidate, count = name, 1
    while candidate in used:
        count += 1
        candidate = f"{name}~{count}"
    used.add(candidate)
    return candidate


def _number(value: float) -> str:
    """Shortest text that reads back as the same number."""
    return repr(float(value) + 0.0).removesuffix(".0")  # + 0.0 turns -0.0 into 0.0


def _lp_lines(program: Program) -> Iterator[str]:
    columns = file_names(program.columns, program)
    rows = file_names(program.rows, program, taken=[OBJECTIVE])
    rank = np.argsort(np.array(columns, dtype=object), kind="stable") if columns else np.empty(0, np.int64)
    place = np.empty(len(columns), dtype=np.int64)
    place[rank] = np.arange(len(columns))
    n_rows, n_columns = program.shape
    yield f"\\ {n_rows} rows, {n_columns} columns, {program.matrix.nnz} non-zeros"
    yield "minimize"
    priced = [int(j) for j in rank if program.cost[j]]
    yield from _wrapped(OBJECTIVE, _terms(priced, program.cost[priced], columns), "")
    yield "subject to"
    matrix = sparse.csr_array(program.matrix)
    for i in sorted(range(n_rows), key=rows.__getitem__):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        order = np.argsort(place[matrix.indices[part]])
        terms = _terms(matrix.indices[part][order].tolist(), matrix.data[part][order], columns)
        yield from _lp_row(rows[i], terms, program.row_lower[i], program.row_upper[i])
    yield "bounds"
    used = np.zeros(n_columns, dtype=bool)
    used[matrix.indices] = True
    used |= program.cost != 0
    for j in rank:
        yield from _lp_bound(columns[j], program.lower[j], program.upper[j], bool(used[j]))
    yield "end"


def _terms(positions: Sequence[int], values: Floats, names: Sequence[str]) -> list[str]:
    if not len(positions):
        return [f"0 {names[0]}"] if names else []
    return [_term(float(v), names[j]) for j, v in zip(positions, values, strict=True)]


def _term(value: float, name: str) -> str:
    size = "" if abs(value) == 1 else f"{_number(abs(value))} "
    return f"{'-' if value < 0 else '+'} {size}{name}"


def _lp_row(name: str, terms: Sequence[str], lower: float, upper: float) -> Iterator[str]:
    if lower == upper:
        return _wrapped(name, terms, f"= {_number(lower)}")
    if np.isinf(lower) and np.isinf(upper):
        return _wrapped(name, terms, ">= -inf")
    if np.isinf(upper):
        return _wrapped(name, terms, f">= {_number(lower)}")
    if np.isinf(lower):
        return _wrapped(name, terms, f"<= {_number(upper)}")
    return _wrapped(f"{name}: {_number(lower)} <=", terms, f"<= {_number(upper)}", colon="")


def _wrapped(head: str, terms: Sequence[str], tail: str, colon: str = ":") -> Iterator[str]:
    line = f" {head}{colon}"
    for word in (*terms, *([tail] if tail else [])):
        if len(line) + len(word) + 1 > WIDTH:
            yield line
            line = "   "
        line += f" {word}"
    yield line


def _lp_bound(name: str, lower: float, upper: float, used: bool) -> Iterator[str]:
    if lower == upper:
        yield f" {name} = {_number(lower)}"
    elif np.isinf(lower) and np.isinf(upper):
        yield f" {name} free"
    elif np.isinf(upper):
        # 0 is the default; it is written where the name would otherwise not appear at all
        if lower != 0 or not used:
            yield f" {name} >= {_number(lower)}"
    else:
        yield f" {_number(lower)} <= {name} <= {_number(upper)}"


def _mps_lines(program: Program) -> Iterator[str]:
    columns = file_names(program.columns, program)
    rows = file_names(program.rows, program, taken=[OBJECTIVE])
    sides = [_mps_side(low, high) for low, high in zip(program.row_lower, program.row_upper, strict=True)]
    yield "NAME transform_sim"
    yield "ROWS"
    yield f" N {OBJECTIVE}"
    yield from (f" {kind} {name}" for (kind, _, _), name in zip(sides, rows, strict=True))
    yield "COLUMNS"
    yield from _mps_columns(program, columns, rows)
    yield "RHS"
    for (_, side, _), name in zip(sides, rows, strict=True):
        if side:
            yield f" RHS {name} {_number(side)}"
    yield "RANGES"
    for (_, _, width), name in zip(sides, rows, strict=True):
        if width:
            yield f" RANGE {name} {_number(width)}"
    yield "BOUNDS"
    for name, lower, upper in zip(columns, program.lower, program.upper, strict=True):
        yield from _mps_bounds(name, float(lower), float(upper))
    yield "ENDATA"


def _mps_side(lower: float, upper: float) -> tuple[str, float, float]:
    """Kind of row, right-hand side, and range above it."""
    if lower == upper:
        return "E", lower, 0.0
    if np.isinf(lower):
        return ("N", 0.0, 0.0) if np.isinf(upper) else ("L", upper, 0.0)
    return "G", lower, 0.0 if np.isinf(upper) else upper - lower


def _mps_columns(program: Program, columns: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    matrix = program.matrix
    for j, name in enumerate(columns):
        part = slice(matrix.indptr[j], matrix.indptr[j + 1])
        entries = sorted(zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True))
        if program.cost[j] or not entries:
            yield f" {name} {OBJECTIVE} {_number(program.cost[j])}"
        yield from (f" {name} {rows[i]} {_number(value)}" for i, value in entries)


def _mps_bounds(name: str, lower: float, upper: float) -> Iterator[str]:
    if lower == upper:
        yield f" FX BOUND {name} {_number(lower)}"
        return
    if np.isinf(lower) and np.isinf(upper):
        yield f" FR BOUND {name}"
        return
    if np.isinf(lower):
        yield f" MI BOUND {name}"
    elif lower != 0 or upper < 0:
        yield f" LO BOUND {name} {_number(lower)}"
    if np.isfinite(upper):
        yield f" UP BOUND {name} {_number(upper)}"
