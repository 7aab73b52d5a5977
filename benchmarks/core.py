"""Time and memory of each hop from file to results, for the steel study at four resolutions.

    python benchmarks/core.py                     # annual, 4 days, 8 days, full year (built, not solved)
    python benchmarks/core.py --solve-full-year   # also solves the full year (long)

Each resolution runs in a process of its own, so that peaks do not mix; nothing else should run meanwhile. Times are
wall clock in seconds, the median of `--repeat` runs; memory is the peak of what numpy allocates while building.
Ratios at the end compare with assembling the same CSC arrays by hand, and imports with plain xarray.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

STUDY = Path(__file__).resolve().parents[1] / "scenarios" / "nrw_steel.yaml"
RESOLUTIONS: dict[str, Any] = {
    "annual": "annual",
    "4 days": {"typical_days": {"count": 4}},
    "8 days": {"typical_days": {"count": 8}},
    "full year": "full_year",
}
HOPS = ("load", "inputs", "build", "freeze", "pass", "solve", "results")


def main() -> None:
    """Run all resolutions and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--solve-full-year", action="store_true")
    parser.add_argument("--one", choices=RESOLUTIONS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        solved = arguments.one != "full year" or arguments.solve_full_year
        print(json.dumps(measure(arguments.one, arguments.repeat, solved)))
        return
    rows = {}
    for name in RESOLUTIONS:
        extra = ["--solve-full-year"] if arguments.solve_full_year else []
        command = [sys.executable, __file__, "--one", name, "--repeat", str(arguments.repeat), *extra]
        rows[name] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    report(rows)
    imports()


def measure(name: str, repeat: int, solved: bool) -> dict[str, float]:
    """All hops of one resolution."""
    import transform_sim as ts
    from transform_sim.inputs import make_inputs
    from transform_sim.model import build

    times: dict[str, list[float]] = {hop: [] for hop in (*HOPS, "by hand")}

    def timed(hop: str, call: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        value = call(*arguments)
        times[hop].append(time.perf_counter() - start)
        return value

    for k in range(repeat if name != "full year" else 1):
        scenario = timed("load", ts.load, STUDY).with_({"time": RESOLUTIONS[name]})
        data = timed("inputs", make_inputs, scenario)
        lp = timed("build", build, data)
        program = timed("freeze", lp.freeze)
        timed("by hand", by_hand, program)
        if solved and k == 0:
            from transform_sim.results import make_results
            from transform_sim.solvers import prepare

            session = timed("pass", prepare, program)
            solution = timed("solve", session.solve)
            timed("results", make_results, data, program, solution)
    rows, columns = program.shape
    peak = peak_memory(lambda: build(data).freeze())
    return {
        **{hop: median(values) for hop, values in times.items() if values},
        "rows": rows, "columns": columns, "non-zeros": program.matrix.nnz,
        "bytes per non-zero": peak / program.matrix.nnz,
    }  # fmt: skip


def peak_memory(call: Callable[[], Any]) -> float:
    """Peak of allocations during a call, in bytes."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak)


def by_hand(program: Any) -> Any:
    """The same matrix as a modeller would write it in numpy: index arrays by broadcasting, concatenated, to CSC."""
    import numpy as np
    from scipy import sparse

    rows, cols, values = [], [], []
    for block in program.rows:
        _, n_y, n_t = block.shape
        for term in block.terms:
            _, m_y, m_t = term.columns.shape
            e, y, t = term.entity, term.period, term.step
            row = block.offset + (e.rows[:, None, None] * n_y + y.rows[None, :, None]) * n_t + t.rows
            col = term.columns.offset + (e.cols[:, None, None] * m_y + y.cols[None, :, None]) * m_t + t.cols
            rows.append(row.ravel())
            cols.append(col.ravel())
            values.append(np.broadcast_to(term.coefficient * y.values[:, None] * t.values, row.shape).ravel())
    index = (np.concatenate(rows), np.concatenate(cols))
    matrix = sparse.coo_array((np.concatenate(values), index), shape=program.shape).tocsc()
    matrix.eliminate_zeros()
    assert abs(matrix - program.matrix).max() == 0
    return matrix


def report(rows: dict[str, dict[str, float]]) -> None:
    """Print sizes, times and ratios side by side."""
    names = list(rows)
    print(f"{STUDY.name}: one column per resolution, times in seconds\n")
    print(f"{'':<28}" + "".join(f"{n:>14}" for n in names))
    for field in ("rows", "columns", "non-zeros"):
        print(f"{field:<28}" + "".join(f"{rows[n][field]:>14,.0f}" for n in names))
    for hop in HOPS:
        print(f"{hop:<28}" + "".join(f"{rows[n][hop]:>14.3f}" if hop in rows[n] else f"{'–':>14}" for n in names))
    ready = {n: sum(rows[n][h] for h in HOPS[:4]) for n in names}
    print(f"{'file to ready to solve':<28}" + "".join(f"{ready[n]:>14.3f}" for n in names))
    ratio = {n: (rows[n]["build"] + rows[n]["freeze"]) / rows[n]["by hand"] for n in names}
    print(f"{'build + freeze ÷ by hand':<28}" + "".join(f"{ratio[n]:>14.2f}" for n in names))
    print(f"{'peak bytes per non-zero':<28}" + "".join(f"{rows[n]['bytes per non-zero']:>14.1f}" for n in names))


def imports() -> None:
    """Import time of the package above that of xarray, and what it must not load."""
    code = "import time; t = time.perf_counter(); import {0}; print(time.perf_counter() - t)"
    seconds = {
        name: median(
            float(subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True, text=True).stdout)
            for _ in range(5)
        )
        for name in ("xarray", "transform_sim")
    }
    heavy = ["matplotlib", "pyomo", "numba", "tsam", "pydantic", "pint"]
    check = f"import sys, transform_sim; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True).stdout.strip()
    print("\n" + ", ".join(f"import {name} {took:.3f} s" for name, took in seconds.items()) + f"; loads {loaded}")


if __name__ == "__main__":
    main()
